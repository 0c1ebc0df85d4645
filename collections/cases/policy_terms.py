"""What the terms of a policy may be: typed, inside the law, and said in sentences when they are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from billing.charges import CONSUMER_INTEREST_LIMIT, InvalidTerms, LateChargeTerms
from cases.enums import PolicyKind
from cases.policy import NegotiationPolicy
from commons.models import Organisation
from commons.money import brl


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a policy: where it stands in the terms, its question, its bounds, what it says when live."""

    section: str
    name: str
    title: str
    least: int
    most: int
    help: str = ""
    is_money: bool = False

    @property
    def key(self) -> str:
        return f"{self.section}_{self.name}" if self.section else self.name


NEGOTIATION = (
    Term("installments", "max", "Parcelas, no máximo", 1, 24, "1 para não parcelar."),
    Term("installments", "min_amount", "Menor parcela (R$)", 1, 100_000, is_money=True),
    Term("installments", "first_within_days", "Dias até a primeira parcela", 0, 30),
    Term("promise", "max_days_ahead", "Dias à frente de uma promessa", 1, 60),
    Term("promise", "max_broken", "Promessas quebradas antes de ir para uma pessoa", 1, 10),
    Term("pause", "min_days", "Pausa: dias, no mínimo", 1, 365),
    Term("pause", "max_days", "Pausa: dias, no máximo", 1, 365),
    Term("pause", "max_open_invoices", "Pausa: faturas em aberto, no máximo", 0, 24),
    Term("identity", "tries", "Tentativas para confirmar quem é", 1, 5),
)
LATE_CHARGES = (
    Term(
        "",
        "fine_percent",
        "Multa, uma vez (%)",
        0,
        2,
        "A lei permite até 2% (CDC, art. 52, § 1º).",
        is_money=True,
    ),
    Term(
        "",
        "interest_percent_month",
        "Juros simples ao mês (%)",
        0,
        1,
        "Até 1% ao mês de trinta dias é aceito sem discussão.",
        is_money=True,
    ),
    Term("", "interest_days", "Dias do mês de juros", 28, 31, "30 é o mês comercial."),
)
TERMS: Mapping[PolicyKind, tuple[Term, ...]] = {
    PolicyKind.NEGOTIATION: NEGOTIATION,
    PolicyKind.LATE_CHARGES: LATE_CHARGES,
}


def in_force(kind: PolicyKind, organisation: Organisation) -> dict[str, Any]:
    """The terms as the engines read them now, whole: what nobody ever set stands there with its default."""
    if kind == PolicyKind.LATE_CHARGES:
        return {
            "fine_percent": str(organisation.fine_percent),
            "interest_percent_month": str(organisation.interest_percent_month),
            "interest_days": organisation.interest_days,
        }
    found = NegotiationPolicy.of(organisation)
    kept: dict[str, Any] = dict(organisation.negotiation_policy)
    known: dict[str, dict[str, Any]] = {
        "installments": {
            "max": found.installments_max,
            "min_amount": str(found.installment_min),
            "first_within_days": found.first_within_days,
        },
        "promise": {"max_days_ahead": found.promise_max_days, "max_broken": found.promise_max_broken},
        "pause": {
            "min_days": found.pause_min_days,
            "max_days": found.pause_max_days,
            "max_open_invoices": found.pause_max_open_invoices,
        },
        "identity": {"tries": found.identity_tries},
    }
    return kept | {section: {**kept.get(section, {}), **values} for section, values in known.items()}


def flat(kind: PolicyKind, terms: Mapping[str, Any]) -> dict[str, Decimal]:
    """Each number of the terms by its key."""
    return {
        term.key: Decimal(str((terms[term.section] if term.section else terms)[term.name]))
        for term in TERMS[kind]
    }


def merged(kind: PolicyKind, terms: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The terms with these numbers (by key) in the place of their own; what has no number stays."""
    found: dict[str, Any] = {
        name: dict(value) if isinstance(value, dict) else value for name, value in terms.items()
    }
    for term in TERMS[kind]:
        if term.key in values:
            number = Decimal(str(values[term.key]))
            written = str(number.quantize(Decimal("0.01"))) if term.is_money else int(number)
            if term.section:
                found.setdefault(term.section, {})[term.name] = written
            else:
                found[term.name] = written
    return found


def problems(kind: PolicyKind, terms: Mapping[str, Any]) -> list[str]:
    """What keeps these terms from being used, in sentences; the law is a ceiling."""
    try:
        numbers = flat(kind, terms)
    except (KeyError, TypeError, InvalidOperation):
        return ["Falta um número desta política."]
    found = [
        f"{term.title}: fica entre {_bound(term, term.least)} e {_bound(term, term.most)}."
        for term in TERMS[kind]
        if not term.least <= numbers[term.key] <= term.most and term.key not in _SAID_BY_LAW
    ]
    if kind == PolicyKind.NEGOTIATION:
        if numbers["pause_min_days"] > numbers["pause_max_days"]:
            found.append("A pausa mínima é maior que a máxima.")
        return found
    try:
        late_charge_terms(terms)
    except InvalidTerms as wrong:
        found.append(str(wrong))
    else:
        if numbers["interest_percent_month"] > CONSUMER_INTEREST_LIMIT:
            found.append("Os juros de um contrato de consumo não podem passar de 1% ao mês.")
    return found


# The engine has a sentence of its own for these.
_SAID_BY_LAW = {"fine_percent", "interest_percent_month"}


def late_charge_terms(terms: Mapping[str, Any]) -> LateChargeTerms:
    """Raises InvalidTerms with a sentence."""
    return LateChargeTerms(
        fine_percent=Decimal(str(terms["fine_percent"])),
        interest_percent_month=Decimal(str(terms["interest_percent_month"])),
        interest_days=int(terms["interest_days"]),
    )


def apply(
    kind: PolicyKind, terms: Mapping[str, Any], *, number: int, organisation: Organisation
) -> list[str]:
    """Writes the terms where the engines read them; the names of the fields that changed. Saves nothing."""
    if kind == PolicyKind.NEGOTIATION:
        organisation.negotiation_policy = dict(terms)
        organisation.policy_version = number
        return ["negotiation_policy", "policy_version"]
    charges = late_charge_terms(terms)
    organisation.fine_percent = charges.fine_percent
    organisation.interest_percent_month = charges.interest_percent_month
    organisation.interest_days = charges.interest_days
    return ["fine_percent", "interest_percent_month", "interest_days"]


def _bound(term: Term, value: int) -> str:
    return brl(Decimal(value)) if term.section and term.is_money else str(value)
