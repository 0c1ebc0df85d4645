"""What is true of a case on a day, as segments ask about it. Derived, never stored by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from commons.money import ZERO

if TYPE_CHECKING:
    from cadence.engine.view import InvoiceView


class History(TextChoices):
    """How the member has paid so far."""

    NEW = "new", "Novo: menos de duas faturas pagas"
    PUNCTUAL = "punctual", "Pontual: nunca atrasou"
    FIRST_DELAY = "first_delay", "Primeiro atraso"
    RECURRENT = "recurrent", "Já atrasou antes"


class Response(TextChoices):
    """What became of our contacts in the last 90 days."""

    NONE = "none", "Ainda sem contato"
    NOT_REACHED = "not_reached", "Nada chegou"
    UNREAD = "unread", "Recebeu e não leu"
    READ = "read", "Leu e não respondeu"
    REPLIED = "replied", "Respondeu"


class Risk(TextChoices):
    LOW = "low", "Baixo"
    MEDIUM = "medium", "Médio"
    HIGH = "high", "Alto"


# How far back an answer, or silence, says something.
ANSWERS = timedelta(days=90)
# Past invoices below which a member counts as new.
FEW_PAID = 2
# Points of risk: each names what it stands for; the bands below are read off their sum.
LATE_DAYS = ((30, 1), (60, 2))
OFTEN_LATE = 3
MANY_TIMES_USUAL = 3
MEDIUM_FROM = 2
HIGH_FROM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The last day on which a message left, arrived, was read and one came back; None for never."""

    sent_on: date | None = None
    arrived_on: date | None = None
    read_on: date | None = None
    replied_on: date | None = None

    def response(self, on: date) -> Response:
        """What became of our contacts, as far back as it says something on that day."""
        since = on - ANSWERS
        for day, response in (
            (self.replied_on, Response.REPLIED),
            (self.read_on, Response.READ),
            (self.arrived_on, Response.UNREAD),
            (self.sent_on, Response.NOT_REACHED),
        ):
            if day is not None and day >= since:
                return response
        return Response.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The member and how they paid in the twelve months before the case opened."""

    kind: str = "person"
    uf: str = ""
    city: str = ""
    product: str = ""
    tags: frozenset[str] = frozenset()
    member_since: date = date(2000, 1, 1)
    paid_before: int = 0
    late_before: int = 0
    broken_promises: int = 0
    usual_amount: Decimal = ZERO
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One case on one day. `amount` is open principal, `aging` days since the oldest late due date."""

    amount: Decimal
    aging: int
    invoices: int
    history: History
    response: Response
    kind: str
    tenure_months: int
    product: str
    method: str
    tags: frozenset[str]
    uf: str
    city: str
    risk: Risk
    state: str
    broken_promises: int


def traits_of(past: Past, *, heard: Heard, invoices: Sequence[InvoiceView], state: str, on: date) -> Traits:
    late = [invoice for invoice in invoices if invoice.is_late(on)]
    amount = sum((invoice.principal for invoice in invoices), ZERO)
    aging = (on - min(invoice.original_due_on for invoice in late)).days if late else 0
    return Traits(
        amount=amount,
        aging=aging,
        invoices=len(invoices),
        history=history_of(past, is_late=bool(late)),
        response=heard.response(on),
        kind=past.kind,
        tenure_months=tenure_months(past.member_since, on),
        product=past.product,
        method=past.method,
        tags=past.tags,
        uf=past.uf,
        city=past.city,
        risk=risk_of(past, amount=amount, aging=aging),
        state=state,
        broken_promises=past.broken_promises,
    )


def history_of(past: Past, *, is_late: bool) -> History:
    if past.late_before:
        return History.RECURRENT
    if is_late:
        return History.FIRST_DELAY
    return History.NEW if past.paid_before < FEW_PAID else History.PUNCTUAL


def risk_of(past: Past, *, amount: Decimal, aging: int) -> Risk:
    """A count of plain reasons, the same for everybody, no prediction.

    Late before: 1, three times or more: 2. A broken promise: 2. Late for more than 30 days: 1, for more than
    60: 2. Owing more than three times the usual invoice: 1. From 2 points medium, from 4 high.
    """
    points = min(2, (past.late_before > 0) + (past.late_before >= 3))
    points += 2 if past.broken_promises else 0
    points += max((more for days, more in LATE_DAYS if aging > days), default=0)
    points += bool(past.usual_amount) and amount > MANY_TIMES_USUAL * past.usual_amount
    if points >= HIGH_FROM:
        return Risk.HIGH
    return Risk.MEDIUM if points >= MEDIUM_FROM else Risk.LOW


def tenure_months(since: date, on: date) -> int:
    """Whole months from `since` to `on`, never negative."""
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    return max(0, months)
