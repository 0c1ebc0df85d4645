"""The stages of a member's journey that have a text of their own, and what each text has to keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Stage(TextChoices):
    """In the order of the journey."""

    IDENTIFY = "identify", "Confirmar quem é"
    CONTACT_CHECK = "contact_check", "Conferir o contato"
    WELCOME = "welcome", "Boas-vindas"
    AWAY = "away", "Fora do horário"
    PRE_DUE = "pre_due", "Antes do vencimento"
    DUE_DAY = "due_day", "No dia do vencimento"
    LATE_1_7 = "late_1_7", "1 a 7 dias de atraso"
    LATE_8_30 = "late_8_30", "8 a 30 dias de atraso"
    NEGOTIATION = "negotiation", "Negociação"
    SUSPENSION_NOTICE = "suspension_notice", "Aviso de suspensão"
    LATE_31_60 = "late_31_60", "31 a 60 dias: carta formal"
    LATE_OVER_60 = "late_over_60", "Mais de 60 dias: último contato"
    READ_NO_REPLY = "read_no_reply", "Leu e não respondeu"
    CODE_EXPIRED = "code_expired", "Código de pagamento vencido"
    AGREEMENT_CONFIRMED = "agreement_confirmed", "Acordo confirmado"
    INSTALLMENT_EVE = "installment_eve", "Véspera da parcela"
    INSTALLMENT_DAY = "installment_day", "Dia da parcela"
    PROMISE_EVE = "promise_eve", "Véspera da promessa"
    RECEIPT = "receipt", "Recibo e agradecimento"


class Variant(TextChoices):
    """For whom a text of a stage is."""

    ANY = "", "Qualquer atraso"
    FIRST = "first", "Primeiro atraso"
    REPEAT = "repeat", "Atraso repetido"


@dataclass(frozen=True, slots=True)
class StageRules:
    """What the texts of one stage keep to.

    `neutral`: goes to people who have not said who they are, so it names no debt. `proactive`: we write first,
    so it offers the ways out. `opening`: may be the first a member ever hears of us, so it says that a machine
    writes. `in_chat`: said only while a conversation is open, so WhatsApp need not approve it. `needs`:
    variables without which the text would leave out what it is for. `announces_suspension`: the one stage that
    may say that a service can be suspended, with the date of the notice.
    """

    neutral: bool = False
    proactive: bool = True
    opening: bool = True
    in_chat: bool = False
    needs: tuple[str, ...] = ()
    announces_suspension: bool = False


RULES: Mapping[str, StageRules] = {
    Stage.IDENTIFY: StageRules(neutral=True, needs=("nome",)),
    Stage.CONTACT_CHECK: StageRules(neutral=True, needs=("nome",)),
    Stage.WELCOME: StageRules(neutral=True),
    Stage.AWAY: StageRules(neutral=True, proactive=False, in_chat=True, needs=("data",)),
    Stage.PRE_DUE: StageRules(needs=("vencimento", "valor")),
    Stage.DUE_DAY: StageRules(needs=("valor",)),
    Stage.LATE_1_7: StageRules(needs=("valor", "composicao", "cnpj")),
    Stage.LATE_8_30: StageRules(needs=("valor", "composicao")),
    Stage.NEGOTIATION: StageRules(needs=("valor", "composicao")),
    Stage.SUSPENSION_NOTICE: StageRules(
        needs=("valor", "composicao", "data_suspensao"), announces_suspension=True
    ),
    Stage.LATE_31_60: StageRules(needs=("valor", "composicao", "cnpj", "assinatura")),
    Stage.LATE_OVER_60: StageRules(needs=("valor", "composicao", "cnpj", "assinatura", "data_limite")),
    Stage.READ_NO_REPLY: StageRules(neutral=True, opening=False),
    Stage.CODE_EXPIRED: StageRules(opening=False, needs=("valor", "composicao")),
    Stage.AGREEMENT_CONFIRMED: StageRules(proactive=False, opening=False, needs=("acordo",)),
    Stage.INSTALLMENT_EVE: StageRules(opening=False, needs=("parcela", "data", "valor")),
    Stage.INSTALLMENT_DAY: StageRules(opening=False, needs=("parcela", "data", "valor")),
    Stage.PROMISE_EVE: StageRules(opening=False, needs=("data", "valor")),
    Stage.RECEIPT: StageRules(proactive=False, opening=False, needs=("valor", "situacao")),
}

# A text that belongs to no stage of ours keeps to all that any text keeps to.
_OTHER = StageRules()


def rules_of(stage: str) -> StageRules:
    """The rules of a stage; those of an ordinary contact for a stage we do not know."""
    return RULES.get(stage, _OTHER)


def stage_title(stage: str) -> str:
    """As people read it; the key itself for a stage we do not know."""
    return Stage(stage).label if stage in Stage.values else stage
