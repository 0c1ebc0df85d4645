"""Who a step is for: conditions on the traits of a case, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cadence.engine.traits import Traits


class Kind(StrEnum):
    """How a field is compared."""

    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"
    TAGS = "tags"


# Field → how it is compared. The names are those of `Traits`.
FIELDS: Mapping[str, Kind] = {
    "amount": Kind.MONEY,
    "aging": Kind.NUMBER,
    "invoices": Kind.NUMBER,
    "history": Kind.CHOICE,
    "response": Kind.CHOICE,
    "kind": Kind.CHOICE,
    "tenure_months": Kind.NUMBER,
    "product": Kind.CHOICE,
    "method": Kind.CHOICE,
    "tags": Kind.TAGS,
    "uf": Kind.CHOICE,
    "city": Kind.CHOICE,
    "risk": Kind.CHOICE,
    "state": Kind.CHOICE,
    "broken_promises": Kind.NUMBER,
}
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.MONEY: ("min", "max"),
    Kind.NUMBER: ("min", "max"),
    Kind.CHOICE: ("in", "not_in"),
    Kind.TAGS: ("any", "none"),
}


class BadCondition(ValueError):
    """A condition nobody can answer; the message says which, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one trait. Bounds are inclusive."""

    field: str
    operator: str
    value: Decimal | int | frozenset[str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Condition:
        """From JSON (`{"field", "operator", "value"}`). Raises BadCondition."""
        name, operator, raw = str(data.get("field")), str(data.get("operator")), data.get("value")
        kind = FIELDS.get(name)
        if kind is None or operator not in OPERATORS[kind]:
            raise BadCondition(f"Não existe a condição “{name} {operator}”.")
        return cls(name, operator, _value(kind, raw, name=name))

    def holds(self, traits: Traits) -> bool:
        found: Any = getattr(traits, self.field)
        value: Any = self.value
        match self.operator:
            case "min":
                return bool(found >= value)
            case "max":
                return bool(found <= value)
            case "in":
                return str(found) in value
            case "not_in":
                return str(found) not in value
            case "any":
                return bool(found & value)
            case _:
                return not found & value

    def to_json(self) -> dict[str, Any]:
        value = sorted(self.value) if isinstance(self.value, frozenset) else str(self.value)
        return {"field": self.field, "operator": self.operator, "value": value}


@dataclass(frozen=True, slots=True)
class Rule:
    """All of these must hold; none at all is everybody."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, data: Sequence[Mapping[str, Any]]) -> Rule:
        """Raises BadCondition, also for bounds that nothing lies between."""
        rule = cls(tuple(Condition.of(each) for each in data))
        for name, kind in FIELDS.items():
            if kind not in {Kind.MONEY, Kind.NUMBER}:
                continue
            # The narrowest of each, where somebody gave a bound twice.
            low = max(rule._bounds(name, "min"), default=None)
            high = min(rule._bounds(name, "max"), default=None)
            if low is not None and high is not None and low > high:
                raise BadCondition(f"Nada fica entre {low} e {high}.")
        return rule

    def holds(self, traits: Traits) -> bool:
        return all(condition.holds(traits) for condition in self.conditions)

    def to_json(self) -> list[dict[str, Any]]:
        return [condition.to_json() for condition in self.conditions]

    def _bounds(self, name: str, operator: str) -> list[Any]:
        return [each.value for each in self.conditions if (each.field, each.operator) == (name, operator)]


def _value(kind: Kind, raw: Any, *, name: str) -> Decimal | int | frozenset[str]:
    readers: Mapping[Kind, Callable[[Any], Decimal | int | frozenset[str]]] = {
        Kind.MONEY: _money,
        Kind.NUMBER: _number,
        Kind.CHOICE: _words,
        Kind.TAGS: _words,
    }
    try:
        return readers[kind](raw)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise BadCondition(f"O valor de “{name}” não serve: {raw!r}.") from error


def _money(raw: Any) -> Decimal:
    found = Decimal(str(raw))
    if not found.is_finite() or found < 0:
        raise ValueError(raw)
    return found


def _number(raw: Any) -> int:
    found = int(str(raw))
    if found < 0:
        raise ValueError(raw)
    return found


def _words(raw: Any) -> frozenset[str]:
    found = raw if isinstance(raw, list | tuple | set | frozenset) else [raw]
    words = frozenset("" if each is None else str(each) for each in found)
    if not words or "" in words:
        raise ValueError(raw)
    return words
