"""The policy a preset suggests beside its régua: values, and the same in words for whoever decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commons.money import brl


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One part of the policy in Portuguese: what it is about, what is suggested, and why."""

    title: str
    suggestion: str
    why: str


@dataclass(frozen=True, slots=True)
class SuggestedPolicy:
    """What the organisation may want to set beside the régua; starting from a preset sets nothing of it.

    `negotiation` reads as `Organisation.negotiation_policy`. `why` has a sentence for each of its parts and for
    `late_charges` (percentages: the fine once, the interest a month).
    """

    negotiation: Mapping[str, Mapping[str, int | str]]
    fine_percent: Decimal
    interest_percent_month: Decimal
    why: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, Any]]) -> SuggestedPolicy:
        """From the parsed YAML. Raises KeyError for what is missing."""
        charges = data["late_charges"]
        return cls(
            negotiation={
                part: {name: value for name, value in values.items() if name != "why"}
                for part, values in data.items()
                if part != "late_charges"
            },
            fine_percent=Decimal(charges["fine_percent"]),
            interest_percent_month=Decimal(charges["interest_percent_month"]),
            why={part: values["why"] for part, values in data.items()},
        )

    @property
    def parts(self) -> list[PolicyPart]:
        """As people read it."""
        parcels, promise, pause = (self.negotiation[part] for part in ("installments", "promise", "pause"))
        said = {
            "installments": (
                "Parcelamento",
                f"até {parcels['max']} parcelas de {brl(Decimal(parcels['min_amount']))} ou mais,"
                f" a primeira em até {parcels['first_within_days']} dias",
            ),
            "promise": (
                "Promessa",
                f"até {promise['max_days_ahead']} dias à frente; promessas quebradas aceitas: {promise['max_broken']}",
            ),
            "pause": (
                "Pausa",
                f"de {pause['min_days']} a {pause['max_days']} dias; faturas em aberto, no máximo:"
                f" {pause['max_open_invoices']}"
                if pause["max_open_invoices"]
                else "não se oferece",
            ),
            "late_charges": (
                "Multa e juros",
                f"multa de {_percent(self.fine_percent)} e juros de {_percent(self.interest_percent_month)} ao mês",
            ),
        }
        return [PolicyPart(title, words, self.why[part]) for part, (title, words) in said.items()]


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}%".replace(".", ",")
