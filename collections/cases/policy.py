"""What may be offered: the organisation's negotiation policy as typed values.

One engine for the agent, the operators and (later) the member's page: they all ask these functions, so the
same wish gets the same answer wherever it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from commons.models import Organisation


@dataclass(frozen=True)
class NegotiationPolicy:
    """Limits of the organisation; the defaults are those of a cautious creditor."""

    version: int = 1
    installments_max: int = 3
    installment_min: Decimal = Decimal("40.00")
    first_within_days: int = 5
    promise_max_days: int = 10
    promise_max_broken: int = 2
    pause_min_days: int = 30
    pause_max_days: int = 60
    pause_max_open_invoices: int = 2
    offer_hours: int = 48
    identity_tries: int = 3

    @classmethod
    def current(cls) -> NegotiationPolicy:
        return cls.of(Organisation.current())

    @classmethod
    def of(cls, organisation: Organisation) -> NegotiationPolicy:
        """Reads the organisation's JSON; what it does not name keeps the default."""
        data = organisation.negotiation_policy
        installments = data.get("installments", {})
        promise = data.get("promise", {})
        pause = data.get("pause", {})
        return cls(
            version=organisation.policy_version,
            installments_max=int(installments.get("max", cls.installments_max)),
            installment_min=Decimal(str(installments.get("min_amount", cls.installment_min))),
            first_within_days=int(installments.get("first_within_days", cls.first_within_days)),
            promise_max_days=int(promise.get("max_days_ahead", cls.promise_max_days)),
            promise_max_broken=int(promise.get("max_broken", cls.promise_max_broken)),
            pause_min_days=int(pause.get("min_days", cls.pause_min_days)),
            pause_max_days=int(pause.get("max_days", cls.pause_max_days)),
            pause_max_open_invoices=int(pause.get("max_open_invoices", cls.pause_max_open_invoices)),
            identity_tries=int(data.get("identity", {}).get("tries", cls.identity_tries)),
        )

    def last_promise_date(self, today: date) -> date:
        return today + timedelta(days=self.promise_max_days)

    def last_first_installment(self, today: date) -> date:
        return today + timedelta(days=self.first_within_days)

    def most_installments(self, total: Decimal) -> int:
        """How many parts `total` may be paid in without a part below the minimum; 1 means none."""
        return max(1, min(self.installments_max, int(total // self.installment_min)))


class BeyondPolicy(Exception):
    """What was asked lies outside the policy. `code` is stable, the message says why in Portuguese.

    `limits` are the figures a reply may name (dates ISO, amounts as text).
    """

    def __init__(self, code: str, message: str, **limits: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.limits = limits
