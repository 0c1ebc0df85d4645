"""What a step says to this member: the template and the values that fill it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from billing.owed import Balance
from cadence.engine.traits import History
from commons import clock
from commons.models import Organisation
from commons.money import brl
from commons.text import written_cnpj
from compliance.content.facts import ChargeFact, Consequence, ConsequenceKind, FactSet
from compliance.packs.loader import load_pack
from conversations import discretion, templates, ways_in
from conversations.agent.facts import base_book
from conversations.channels.base import Content
from conversations.models import MessageTemplate
from conversations.stages import Stage
from members.enums import ContactPointState
from members.models import ContactPoint

# To a contact point that never confirmed who it is: no word about money.
NEUTRAL_STAGE = "identify"
# How many invoices a message names; the rest are counted.
NAMED_INVOICES = 3
# How long the last contact waits for an answer.
ANSWER_WITHIN = timedelta(days=10)
# Stages whose words the rules of a place may mind.
STATED_BY_PLACE = frozenset({Stage.SUSPENSION_NOTICE.value, Stage.LATE_OVER_60.value})


class NoText(Exception):
    """Nothing can be said; the message says which template is missing."""


class LacksData(NoText):
    """The template asks for something the member's record does not have; the message says what."""


@dataclass(frozen=True)
class Wanted:
    """Which text a step asks for. `history` chooses between the words for a first delay and a repeated one."""

    stage: str
    language: str
    history: History
    signer: str = ""

    @property
    def variant(self) -> str:
        return "repeat" if self.history == History.RECURRENT else "first"


@dataclass(frozen=True)
class StepText:
    template: MessageTemplate
    content: Content
    text: str
    facts: FactSet


def text_for(*, wanted: Wanted, point: ContactPoint, balance: Balance, now: datetime) -> StepText:
    """The step's text; a neutral greeting instead while the contact point is not confirmed.

    Raises NoText when no approved template exists for the stage, LacksData when the one there asks for more
    than is known.
    """
    neutral = point.state != ContactPointState.CONFIRMED
    stage = NEUTRAL_STAGE if neutral else wanted.stage
    template = templates.sendable(
        stage=stage,
        neutral=neutral,
        language=templates.template_language(wanted.language),
        variant=wanted.variant,
    )
    if template is None:
        raise NoText(f"não há modelo aprovado para “{stage}”")
    values = values_of(point=point, balance=balance, wanted=wanted, now=now)
    try:
        content, text = templates.render_for(
            point.channel,
            template,
            values,
            organisation=Organisation.current(),
            unsubscribe=ways_in.stop_link(point, now=now) if point.pk else "",
        )
    except templates.MissingVariable as missing:
        raise LacksData(f"o modelo pede o que não sabemos ({missing})") from missing
    except templates.NoWords as silent:
        raise NoText(str(silent)) from silent
    if why := discretion.indiscretion(content, channel=point.channel, full_name=point.member.name):
        raise NoText(why)
    facts = _facts(balance, wanted=wanted, neutral=neutral, now=now)
    return StepText(template=template, content=content, text=text, facts=_with_ways_in(facts, values))


def values_of(*, point: ContactPoint, balance: Balance, wanted: Wanted, now: datetime) -> dict[str, str]:
    """Every variable a text of the régua may name; empty where nothing is known."""
    organisation = Organisation.current()
    language = templates.template_language(wanted.language)
    words = _WORDS[language]
    lines = balance.lines
    oldest = min((line.invoice.due_date for line in lines), default=None)
    days_late = max((line.days_late for line in lines), default=0)
    values = {
        "nome": point.member.first_name,
        "organizacao": organisation.trade_name,
        "cnpj": written_cnpj(organisation.cnpj),
        "fatura": lines[0].invoice.description if len(lines) == 1 else words.invoices.format(len(lines)),
        "faturas": listing(balance, language=language),
        "vencimento": "" if oldest is None else f"{oldest:%d/%m/%Y}",
        "valor": brl(balance.total),
        "composicao": composition(balance, language=language),
        "dias_atraso": _days(days_late, words),
        "assinatura": wanted.signer,
        **_ways_in(point, now=now),
    }
    for name, day in days_said(wanted, now=now).items():
        values[name] = f"{day:%d/%m/%Y}"
    return values


def _ways_in(point: ContactPoint, *, now: datetime) -> dict[str, str]:
    """Where to find a person, and the way into WhatsApp from elsewhere."""
    number = ways_in.our_number()
    if number is None:
        return {}
    return {"canal_pessoa": number.written, "link_conversa": ways_in.talk_link(point, now=now)}


def _with_ways_in(facts: FactSet, values: Mapping[str, str]) -> FactSet:
    """Our own number and link are ours to say."""
    return replace(
        facts,
        verbatim=facts.verbatim | {values[name] for name in ("canal_pessoa",) if values.get(name)},
        links=facts.links | {values[name] for name in ("link_conversa",) if values.get(name)},
    )


def _days(number: int, words: _Words) -> str:
    if not number:
        return ""
    return words.one_day if number == 1 else words.days.format(number)


def lacking(names: Collection[str], *, wanted: Wanted, is_late: bool, has_number: bool) -> set[str]:
    """Which of these variables would stay empty, for any member alike; what `values_of` fills is not among them.

    `has_number`: there is a number of ours that people may write to (`ways_in.our_number`).
    """
    known = {"nome", "organizacao", "cnpj", "fatura", "faturas", "vencimento", "valor", "composicao"}
    known |= {"assinatura"} if wanted.signer else set()
    known |= {"canal_pessoa", "link_conversa"} if has_number else set()
    known |= {"dias_atraso"} if is_late else set()
    known |= _dated(wanted)
    return set(names) - known


def days_said(wanted: Wanted, *, now: datetime) -> dict[str, date]:
    """Dates that the text itself sets: from when a suspension is possible, until when an answer is waited for."""
    organisation = Organisation.current()
    today = clock.local(now, organisation.zone).date()
    dated = _dated(wanted)
    found = {}
    if "data_suspensao" in dated:
        notice = load_pack(organisation.country).consequences.service_suspension_notice_days
        assert notice is not None  # else _dated leaves it out
        # Counted from the delivery, which may be tomorrow.
        found["data_suspensao"] = today + timedelta(days=notice + 1)
    if "data_limite" in dated:
        found["data_limite"] = today + ANSWER_WITHIN
    return found


def _dated(wanted: Wanted) -> set[str]:
    match wanted.stage:
        case Stage.SUSPENSION_NOTICE:
            pack = load_pack(Organisation.current().country)
            return (
                {"data_suspensao"} if pack.consequences.service_suspension_notice_days is not None else set()
            )
        case Stage.LATE_OVER_60:
            return {"data_limite"}
        case _:
            return set()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that stand between figures, in the language of the text around them."""

    one_more: str
    more: str
    invoices: str
    due: str
    conjunction: str
    charges: str
    one_day: str
    days: str


_WORDS = {
    "pt_BR": _Words(
        one_more="mais 1 fatura",
        more="mais {} faturas",
        invoices="{} faturas",
        due="vencimento",
        conjunction=" e ",
        charges="{}, mais {} de multa e {} de juros",
        one_day="1 dia",
        days="{} dias",
    ),
    "es": _Words(
        one_more="1 factura más",
        more="{} facturas más",
        invoices="{} facturas",
        due="vencimiento",
        conjunction=" y ",
        charges="{}, más {} de multa y {} de intereses",
        one_day="1 día",
        days="{} días",
    ),
}


def listing(balance: Balance, *, language: str = templates.DEFAULT_LANGUAGE) -> str:
    """`Mensalidade 10/2026 (vencimento 05/10/2026) e mais 2 faturas`: the oldest by name, on one line; empty for none.

    A template's variable takes no line breaks. No amounts: one that has grown is only shown with its parts, and
    those of the total stand beside it.
    """
    words = _WORDS[language]
    named = [
        f"{line.invoice.description} ({words.due} {line.invoice.due_date:%d/%m/%Y})"
        for line in balance.lines[:NAMED_INVOICES]
    ]
    more = len(balance.lines) - len(named)
    if more:
        named.append(words.one_more if more == 1 else words.more.format(more))
    return words.conjunction.join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)


def composition(balance: Balance, *, language: str = templates.DEFAULT_LANGUAGE) -> str:
    """`R$ 239,80, mais R$ 4,78 de multa e R$ 2,74 de juros`; the amount alone where nothing was added."""
    if not balance.fine and not balance.interest:
        return brl(balance.principal)
    parts = (brl(balance.principal), brl(balance.fine), brl(balance.interest))
    return _WORDS[language].charges.format(*parts)


def _facts(balance: Balance, *, wanted: Wanted, neutral: bool, now: datetime) -> FactSet:
    book = base_book(now=now)
    if neutral:
        return book.fact_set()
    book.amounts |= {balance.total, balance.principal, balance.fine, balance.interest}
    book.counts.add(len(balance.lines))
    if len(balance.lines) > NAMED_INVOICES:
        book.counts.add(len(balance.lines) - NAMED_INVOICES)
    for line in balance.lines:
        book.amounts.add(line.total)
        book.dates.add(line.invoice.due_date)
        book.verbatim.add(line.invoice.description)
        book.charges[line.invoice.pk] = ChargeFact(
            invoice_id=line.invoice.pk,
            original=line.principal,
            fine=line.fine,
            interest=line.interest,
            total=line.total,
        )
    return _with_dates(book.fact_set(), wanted=wanted, now=now)


def _with_dates(facts: FactSet, *, wanted: Wanted, now: datetime) -> FactSet:
    """The dates that the text itself sets: its own deadline, and what its own notice makes possible."""
    said = days_said(wanted, now=now)
    if "data_limite" in said:
        facts = replace(facts, deadlines=facts.deadlines | {said["data_limite"]})
    if "data_suspensao" in said:
        assert facts.today is not None
        notice = Consequence(ConsequenceKind.SERVICE_SUSPENSION, facts.today, said["data_suspensao"])
        facts = replace(facts, consequences=(*facts.consequences, notice))
    return facts
