"""Writing down what a member said by telephone, at the counter or by letter; and telling beforehand what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.enums import Direction, MessageState
from conversations.models import Message
from members import selectors, services
from members.enums import Channel, MarkKind
from members.models import ContactPoint, Member
from members.services.quarantine import FIRST_REVIEW
from office.contacts.book import CONSENT


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said: of which kind, about which channel (empty: all) or contact point, how, when, in which words."""

    kind: str
    channel: str
    point: ContactPoint | None
    source: str
    said_at: datetime
    words: str
    evidence: str

    @classmethod
    def of(cls, cleaned: dict[str, Any]) -> Entry:
        return cls(**{name: cleaned[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry does, before it is made: the sentences, and the words of the button."""

    button: str
    sentences: tuple[str, ...]
    # Nothing would change: it was written down before.
    already: bool = False


def effect_of(entry: Entry, *, member: Member, now: datetime) -> Effect:
    """What stops or begins, from when, and what stays as it is."""
    if entry.kind == CONSENT:
        return _effect_of_consent(entry, member=member)
    if entry.kind == MarkKind.WRONG_NUMBER:
        return _effect_of_wrong_number(entry, now=now)
    return _effect_of_opt_out(entry, member=member)


def record(entry: Entry, *, member: Member, actor: str, now: datetime) -> str:
    """Makes the entry; what to tell the person who made it. Raises NotAnOptIn when the book changed meanwhile."""
    if entry.kind == CONSENT:
        return _record_consent(entry, member=member, actor=actor, now=now)
    said: dict[str, Any] = {
        "source": entry.source,
        "words": entry.words,
        "evidence": entry.evidence,
        "said_at": entry.said_at,
        "actor": actor,
        "now": now,
    }
    if entry.kind == MarkKind.WRONG_NUMBER:
        assert entry.point is not None  # the form asked
        if services.mark_wrong_number(point=entry.point, **said):
            return f"{entry.point.masked} está em quarentena: ninguém escreve mais para lá."
        return "Este contato já estava em quarentena."
    if services.opt_out(member=member, channel=entry.channel, **said):
        return f"{member.first_name} não recebe mais mensagens por {_where(entry.channel)}."
    return "O opt-out já estava registrado e continua valendo."


def _record_consent(entry: Entry, *, member: Member, actor: str, now: datetime) -> str:
    said: dict[str, Any] = {
        "member": member,
        "channel": entry.channel,
        "source": entry.source,
        "text_version": entry.words,
        "evidence": entry.evidence,
        "actor": actor,
        "now": now,
    }
    if selectors.is_opted_out(member, channel=entry.channel):
        services.opt_in_again(said_at=entry.said_at, **said)
        return f"O opt-out foi levantado: {member.first_name} voltou a aceitar {_where(entry.channel)}."
    services.grant_consent(granted_at=entry.said_at, **said)
    return f"O consentimento de {member.first_name} para {_where(entry.channel)} foi registrado."


def _effect_of_opt_out(entry: Entry, *, member: Member) -> Effect:
    where = _where(entry.channel)
    planned = Message.objects.filter(
        conversation__member=member, direction=Direction.OUT, state=MessageState.PLANNED
    ).exclude(contact_kind="reply")
    if entry.channel:
        planned = planned.filter(conversation__sender__channel=entry.channel)
    return Effect(
        button=f"Parar mensagens por {where}",
        already=bool({"", entry.channel} & selectors.opted_out_channels(member)),
        sentences=(
            f"Assim que você confirmar, nada mais sai por {where if entry.channel else 'canal nenhum'} por"
            " nossa iniciativa: nem régua, nem robô,"
            " nem pessoas.",
            _cancelled(planned.count()),
            "Se o membro escrever, ainda respondemos ao que ele perguntar, e só a isso.",
            "Avisos exigidos por lei seguem por e-mail ou carta, conferidos por uma pessoa.",
            "O que está em aberto não muda. Uma nova importação não desfaz o opt-out.",
            "Só um novo pedido do membro, mais recente e com prova, levanta o opt-out.",
        ),
    )


def _effect_of_consent(entry: Entry, *, member: Member) -> Effect:
    where = _where(entry.channel)
    standing = (
        selectors.active_opt_outs(member).filter(channel__in=["", entry.channel]).order_by("-at").first()
    )
    limits = f"Contatos por {where} passam a poder sair, dentro dos horários e dos limites de sempre."
    if standing is None:
        return Effect(button=f"Registrar consentimento para {where}", sentences=(limits,))
    others = () if standing.channel else ("O opt-out dos outros canais continua valendo.",)
    return Effect(
        button=f"Levantar o opt-out de {where}",
        sentences=(
            f"Levanta o opt-out de {standing.at:%d/%m/%Y}: este pedido é mais recente e tem prova.",
            limits,
            *others,
            "Os dois registros ficam no livro.",
        ),
    )


def _effect_of_wrong_number(entry: Entry, *, now: datetime) -> Effect:
    point = entry.point
    assert point is not None  # the form asked
    planned = Message.objects.filter(
        conversation__contact_point=point, direction=Direction.OUT, state=MessageState.PLANNED
    ).exclude(author="system")
    return Effect(
        button=f"Pôr {point.masked} em quarentena",
        already=point.state == "wrong",
        sentences=(
            f"Assim que você confirmar, ninguém escreve mais para {point.masked}: vale para todos os cadastros,"
            " agora e em qualquer importação.",
            _cancelled(planned.count()),
            "Os outros contatos do membro continuam em uso.",
            f"A equipe revê o número em {now + FIRST_REVIEW:%d/%m/%Y}. Ele só volta se o membro confirmar por"
            " outro canal.",
        ),
    )


def _cancelled(planned: int) -> str:
    if planned == 0:
        return "Não há mensagem na fila."
    if planned == 1:
        return "A mensagem que está na fila é cancelada."
    return f"As {planned} mensagens que estão na fila são canceladas."


def _where(channel: str) -> str:
    return str(Channel(channel).label) if channel else "todos os canais"
