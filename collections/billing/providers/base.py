"""The port that every payment provider implements, and the plain values that cross it.

Nothing downstream sees a provider's JSON. Failures are `commons.http.ProviderError`; what a provider cannot
do at all is `Unsupported`, one of those, and is announced by its `capabilities`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from commons.http import ProviderError


class Capability(StrEnum):
    """What a provider can do beyond making a charge."""

    STATUS = "status"  # say what became of a charge, or of a payment
    CLOSE = "close"  # stop a charge from being paid
    LIST = "list"  # list what was received
    WEBHOOK = "webhook"  # call us when something was received
    REFUND = "refund"


class ChargeStatus(StrEnum):
    """Where a charge stands at the provider. Overdue and expired are dates, not states.

    `UNKNOWN` is a state that the provider invented after this was written: do nothing about it.
    """

    ACTIVE = "active"
    PAID = "paid"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class RefundStatus(StrEnum):
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes, as the provider wants to know it: a name and a CPF or CNPJ without punctuation."""

    name: str = field(repr=False)
    document: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTerms:
    """A due date after which the provider itself adds fine and interest (percent, percent a month).

    `valid_days`: calendar days after the due date in which the charge can still be paid.
    """

    due_on: date
    valid_days: int
    fine_percent: Decimal
    interest_percent_month: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """A charge to be made. `reference` is ours and unique: asked twice, the provider makes one charge.

    Without `due` the amount is fixed and can be paid for `valid_for`; with it the provider recomputes the
    amount on the day of payment, and needs a `payer`. `prompt` is shown to the payer (140 characters).
    """

    reference: str
    amount: Decimal
    valid_for: timedelta | None = None
    due: DueTerms | None = None
    payer: Payer | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """What a received amount is made of: original + fine + interest - rebate - discount."""

    original: Decimal
    fine: Decimal
    interest: Decimal
    rebate: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRefund:
    """Money given back out of a payment. `forced`: taken by the payment system (MED), not given by us."""

    refund_id: str
    amount: Decimal
    status: RefundStatus
    forced: bool
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPayment:
    """Money that arrived. `payment_id` names it for ever (Pix: the end-to-end id).

    `charge_id` is None when the payer used the bare key. The payer is often not the one who owes.
    """

    payment_id: str
    charge_id: str | None
    amount: Decimal
    paid_at: datetime
    components: Components | None = None
    payer: Payer | None = None
    payer_message: str = field(default="", repr=False)
    refunds: tuple[ProviderRefund, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCharge:
    """A charge as the provider keeps it.

    `pix_code` is the copy-and-paste text, `boleto_line` the digits to type, `url` a page of the provider;
    empty where the charge has none. `expires_at` is None for charges that do not expire by the clock.
    """

    charge_id: str
    status: ChargeStatus
    amount: Decimal
    pix_code: str = ""
    boleto_line: str = ""
    url: str = ""
    expires_at: datetime | None = None
    due_on: date | None = None
    payments: tuple[ReceivedPayment, ...] = ()


class Unsupported(ProviderError):
    """The provider has no such operation. Permanent."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True, code="unsupported")


class PaymentProvider(Protocol):
    """One account at one payment provider. Every call may raise `ProviderError`."""

    @property
    def name(self) -> str:
        """The provider's name in the database: part of the unique key of payments and events."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What may be asked; anything else raises `Unsupported`."""

    def create_charge(self, request: ChargeRequest) -> ProviderCharge:
        """Makes the charge, or returns the one already made with this reference.

        After an ambiguous error the charge may exist: ask again with the same request.
        """

    def get_charge(self, charge_id: str) -> ProviderCharge:
        """The charge with the payments that reached it. A permanent error when there is none."""

    def close_charge(self, charge_id: str) -> ProviderCharge:
        """Asks the provider to take no money for the charge any more; returns it as it then is.

        A payment may have been faster: the status says so. Closing twice does no harm.
        """

    def get_payment(self, payment_id: str) -> ReceivedPayment:
        """One payment with its refunds; what a webhook says is believed only after this."""

    def list_received(self, *, since: datetime, until: datetime) -> Iterator[ReceivedPayment]:
        """Payments received in the interval, charges or not, page after page."""

    def parse_webhook(self, body: bytes) -> list[ReceivedPayment]:
        """The payments that a webhook call speaks of; unknown events give an empty list.

        Raises a permanent `ProviderError` when the body is not the provider's at all.
        """

    def refund(self, *, payment_id: str, refund_id: str, amount: Decimal, reason: str) -> ProviderRefund:
        """Gives back part or all of a payment. `refund_id` is ours: asked twice, money goes back once."""
