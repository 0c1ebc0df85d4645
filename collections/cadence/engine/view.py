"""The facts of one case that planning needs, read once by `cadence.loading`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from cadence.engine.traits import Past, Traits, traits_of
from cadence.enums import StopWhen, Trigger
from cases.services.opening import HORIZON
from commons.bank_days import next_business_day


@lru_cache(maxsize=8192)
def late_from(due_on: date) -> date:
    """The first day on which an invoice due on that day is late: due days roll to a bank business day."""
    return next_business_day(due_on) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An open invoice; `principal` is what is owed of it without late charges.

    `words` is its description without figures: what is left of it that rules about words could mind.
    """

    id: int
    due_on: date
    original_due_on: date
    principal: Decimal
    joined: bool = True
    words: str = ""

    def is_late(self, on: date) -> bool:
        return on >= late_from(self.due_on)

    def is_in_case(self, on: date) -> bool:
        return self.joined or self.due_on <= on + HORIZON


@dataclass(frozen=True, slots=True)
class PointView:
    """Where the member is written to on one channel."""

    id: int
    channel: str
    state: str


_NOBODY: Mapping[str, PointView] = {}
_NOTHING: Mapping[Trigger, datetime] = {}


@dataclass(slots=True)
class CaseView:
    """One case as the planner sees it. `done` and `state` change as steps are done, the rest stays.

    `signals`: the newest instant of each thing the member did. `read_steps`: when the message of a step was
    read, by step key. `stopped` holds what was true when it was read.
    """

    case_id: int
    member_id: int
    state: str
    past: Past
    invoices: tuple[InvoiceView, ...]
    done: set[tuple[str, date]] = field(default_factory=set)
    points: Mapping[str, PointView] = field(default_factory=lambda: _NOBODY)
    language: str = "pt-BR"
    preferred_channel: str = ""
    paydays: tuple[int, ...] = ()
    best_hour: time | None = None
    last_inbound_at: datetime | None = None
    last_payment_at: datetime | None = None
    has_open_offer: bool = False
    signals: Mapping[Trigger, datetime] = field(default_factory=lambda: _NOTHING)
    read_steps: Mapping[str, datetime] = field(default_factory=dict)

    def in_case(self, on: date) -> list[InvoiceView]:
        return [invoice for invoice in self.invoices if invoice.is_in_case(on)]

    def late(self, on: date) -> list[InvoiceView]:
        return [invoice for invoice in self.invoices if invoice.is_late(on)]

    def traits(self, on: date) -> Traits:
        """What segments ask about, on that day."""
        return traits_of(self.past, invoices=self.in_case(on), state=self.state, on=on)

    def is_stopped(self, reasons: frozenset[StopWhen], *, since: datetime) -> bool:
        """Whether one of `reasons` holds; `since` is the first instant of the cycle."""
        for reason in reasons:
            match reason:
                case StopWhen.REPLIED if self.last_inbound_at is not None and self.last_inbound_at >= since:
                    return True
                case StopWhen.PARTLY_PAID if (
                    self.last_payment_at is not None and self.last_payment_at >= since
                ):
                    return True
                case StopWhen.OPEN_OFFER if self.has_open_offer:
                    return True
        return False
