"""What an import would do, as values: nothing here reads a file or touches the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from billing.enums import Method
from members.phones import Phone
from office.imports.enums import Field, FileStatus, Outcome, RowReason, WarningCode


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """The one answer for the whole file: how, when and with which text these people agreed to WhatsApp.

    `on` is None when a column of the file says when, member by member.
    """

    how: str
    text: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class MemberConsent:
    """One member's consent as the file and the terms give it."""

    on: date
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class ExistingMember:
    """A member of the book as the planner sees it. Addresses are canonical: E.164, lower-case e-mail."""

    pk: int
    external_id: str = ""
    name: str = ""
    document: str = ""
    city: str = ""
    uf: str = ""
    birth_date: date | None = None
    product: str = ""
    tags: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    has_consent: bool = False


@dataclass(frozen=True, slots=True)
class ExistingInvoice:
    """An invoice of the book. `paid` is the money it has received: charges included, reversals taken off."""

    pk: int
    number: str
    member_id: int
    description: str
    product: str
    original_due_date: date
    due_date: date
    amount: Decimal
    paid: Decimal
    is_open: bool


class ExistingBook(Protocol):
    """What the planner asks about what is already there."""

    def member_by_external_id(self, external_id: str) -> ExistingMember | None: ...

    def member_by_document(self, document: str) -> ExistingMember | None:
        """The oldest member with that document."""

    def owner_of_phone(self, e164: str) -> int | None:
        """The member who owns the number, with or without its ninth digit."""

    def invoice_by_number(self, number: str) -> ExistingInvoice | None: ...


@dataclass(frozen=True, slots=True)
class EmptyBook:
    """A book with nothing in it."""

    def member_by_external_id(self, external_id: str) -> ExistingMember | None:
        return None

    def member_by_document(self, document: str) -> ExistingMember | None:
        return None

    def owner_of_phone(self, e164: str) -> int | None:
        return None

    def invoice_by_number(self, number: str) -> ExistingInvoice | None:
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of something that exists: what the book has and what the file says, as people read them."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """A member as the file describes it. Empty values say nothing and erase nothing."""

    key: str
    line: int
    outcome: Outcome
    name: str
    external_id: str = ""
    document: str = ""
    phones: tuple[Phone, ...] = ()
    email: str = ""
    city: str = ""
    uf: str = ""
    birth_date: date | None = None
    product: str = ""
    tags: tuple[str, ...] = ()
    consent: MemberConsent | None = None
    existing: ExistingMember | None = None
    changes: tuple[Change, ...] = ()
    has_consent: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What a row says about its invoice. `paid_amount` and `paid_on` go together, or neither is there."""

    member_key: str
    number: str
    due_date: date
    amount: Decimal
    status: FileStatus
    paid_on: date | None = None
    paid_amount: Decimal | None = None
    method: Method | None = None
    description: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """An invoice to create or change, or one that is as the file says."""

    line: int
    outcome: Outcome
    facts: InvoiceFacts
    existing: ExistingInvoice | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row nothing is taken from, with its cells as they were."""

    line: int
    reason: RowReason
    cells: tuple[str, ...]
    detail: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.reason.label}{f' ({self.detail})' if self.detail else ''}."


@dataclass(frozen=True, slots=True)
class RowWarning:
    line: int
    code: WarningCode
    member_key: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The file in figures, counted over the accepted rows."""

    members: int
    invoices: int
    open_invoices: int
    overdue_invoices: int
    paid_invoices: int
    cancelled_invoices: int
    open_total: Decimal
    identical_duplicates: int
    members_without_consent: int
    rejected_rows: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything an import would do. Rows are in the order of the file."""

    members: tuple[PlannedMember, ...]
    invoices: tuple[PlannedInvoice, ...]
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[RowWarning, ...]
    duplicate_lines: tuple[int, ...]
    totals: Totals

    def member_counts(self) -> Counter[Outcome]:
        return Counter(member.outcome for member in self.members)

    def invoice_counts(self) -> Counter[Outcome]:
        return Counter(invoice.outcome for invoice in self.invoices)

    @property
    def changes_nothing(self) -> bool:
        return set(self.member_counts()) | set(self.invoice_counts()) <= {Outcome.UNCHANGED}
