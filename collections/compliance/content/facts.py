"""What a text may state. Whatever it says in figures must be found here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ConsequenceKind(StrEnum):
    """What may follow when a debt stays unpaid, each only with a record behind it."""

    SERVICE_SUSPENSION = "service_suspension"
    SERVICE_TERMINATION = "service_termination"
    NEGATIVE_LISTING = "negative_listing"
    PROTEST = "protest"
    LEGAL_ACTION = "legal_action"


@dataclass(frozen=True, slots=True)
class Consequence:
    """An enabled consequence, announced by a notice delivered on `notice_on`, starting on `from_on`."""

    kind: ConsequenceKind
    notice_on: date
    from_on: date


@dataclass(frozen=True, slots=True)
class ChargeFact:
    """One invoice's amount today by component, in the country's currency; `collection_fee` must stay zero."""

    invoice_id: int
    original: Decimal
    fine: Decimal
    interest: Decimal
    total: Decimal
    collection_fee: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


_NO_AMOUNTS: frozenset[Decimal] = frozenset()
_NO_DATES: frozenset[date] = frozenset()
_NO_COUNTS: frozenset[int] = frozenset()
_NO_TEXTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSet:
    """Everything true that one text may mention.

    `amounts`, `percents`, `dates` and `counts` (numbers of installments or of invoices) are single values;
    the components of `charges` and the dates of `consequences` are among them without being named again.
    `deadlines` are days on which something of ours really ends (an offer, an agreement's first payment).
    `links` are whole addresses of ours; `verbatim` are strings that may appear as they are, figures included:
    payment codes, our address, CNPJ, phone and hours, an invoice's description. `today` is the member's date.
    """

    today: date | None = None
    amounts: frozenset[Decimal] = _NO_AMOUNTS
    percents: frozenset[Decimal] = _NO_AMOUNTS
    dates: frozenset[date] = _NO_DATES
    deadlines: frozenset[date] = _NO_DATES
    counts: frozenset[int] = _NO_COUNTS
    links: frozenset[str] = _NO_TEXTS
    verbatim: frozenset[str] = _NO_TEXTS
    charges: tuple[ChargeFact, ...] = ()
    consequences: tuple[Consequence, ...] = ()

    @property
    def all_amounts(self) -> frozenset[Decimal]:
        parts = {
            amount
            for charge in self.charges
            for amount in (charge.original, charge.fine, charge.interest, charge.total, charge.discount)
        }
        return self.amounts | parts

    @property
    def all_dates(self) -> frozenset[date]:
        told = {day for entry in self.consequences for day in (entry.notice_on, entry.from_on)}
        today = frozenset() if self.today is None else frozenset({self.today})
        return self.dates | self.deadlines | told | today

    def consequence(self, *kinds: ConsequenceKind) -> Consequence | None:
        """The first record of one of `kinds`, or None."""
        return next((entry for entry in self.consequences if entry.kind in kinds), None)
