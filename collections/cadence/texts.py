"""What a step says to this member: the template and the values that fill it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.owed import Balance
from commons.models import Organisation
from commons.money import brl
from compliance.content.facts import ChargeFact, FactSet
from conversations import templates
from conversations.agent.facts import base_book
from conversations.channels.base import Template
from conversations.models import MessageTemplate
from members.enums import ContactPointState
from members.models import ContactPoint

# To a contact point that never confirmed who it is: no word about money.
NEUTRAL_STAGE = "identify"


class NoText(Exception):
    """Nothing can be said; the message says which template is missing, or what in it."""


@dataclass(frozen=True)
class StepText:
    template: MessageTemplate
    content: Template
    text: str
    facts: FactSet


def text_for(*, stage: str, point: ContactPoint, balance: Balance, now: datetime) -> StepText:
    """The step's text; a neutral greeting instead while the contact point is not confirmed.

    Raises NoText when no approved template exists for the stage or the one there asks for more than is known.
    """
    neutral = point.state != ContactPointState.CONFIRMED
    wanted = NEUTRAL_STAGE if neutral else stage
    template = templates.sendable(stage=wanted, neutral=neutral)
    if template is None:
        raise NoText(f"não há modelo aprovado para “{wanted}”")
    try:
        content, text = templates.render(template, _values(point=point, balance=balance))
    except templates.MissingVariable as missing:
        raise NoText(f"o modelo pede o que não sabemos ({missing})") from missing
    return StepText(
        template=template, content=content, text=text, facts=_facts(balance, neutral=neutral, now=now)
    )


def _values(*, point: ContactPoint, balance: Balance) -> dict[str, str]:
    organisation = Organisation.current()
    lines = balance.lines
    what = lines[0].invoice.description if len(lines) == 1 else f"{len(lines)} faturas"
    return {
        "nome": point.member.first_name,
        "organizacao": organisation.trade_name,
        "fatura": what,
        "vencimento": f"{min(line.invoice.due_date for line in lines):%d/%m/%Y}",
        "valor": brl(balance.total),
        "composicao": composition(balance),
    }


def composition(balance: Balance) -> str:
    """`R$ 239,80, mais R$ 4,78 de multa e R$ 2,74 de juros`; the amount alone where nothing was added."""
    if not balance.fine and not balance.interest:
        return brl(balance.principal)
    return f"{brl(balance.principal)}, mais {brl(balance.fine)} de multa e {brl(balance.interest)} de juros"


def _facts(balance: Balance, *, neutral: bool, now: datetime) -> FactSet:
    book = base_book(now=now)
    if neutral:
        return book.fact_set()
    book.amounts |= {balance.total, balance.principal, balance.fine, balance.interest}
    book.counts.add(len(balance.lines))
    for line in balance.lines:
        book.dates.add(line.invoice.due_date)
        book.verbatim.add(line.invoice.description)
        book.charges[line.invoice.pk] = ChargeFact(
            invoice_id=line.invoice.pk,
            original=line.principal,
            fine=line.fine,
            interest=line.interest,
            total=line.total,
        )
    return book.fact_set()
