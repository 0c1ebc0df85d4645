"""The projection against what a scenario expects, and the typed facts that had to be said, or never."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lab.evaluation import mentions
from lab.evaluation.edges import Received
from lab.evaluation.mentions import fold

SETS = frozenset({"hold_reasons", "delay_reasons"})
_AMOUNTS = frozenset({"amount", "total", "discount"})
_PROPOSED = "proposed"


def differences(expected: Mapping[str, Any], projection: Mapping[str, Any]) -> list[str]:
    """One sentence for every key that does not hold; keys that are not given are not looked at."""
    found = []
    for key, wanted in expected.items():
        if key not in projection:
            found.append(f"{key}: the projection does not have it")
        elif not _holds(key, wanted, projection[key]):
            found.append(f"{key}: expected {_shown(wanted)}, found {_shown(projection[key])}")
    return found


def alternatives(blocks: Sequence[Mapping[str, Any]], projection: Mapping[str, Any]) -> list[str]:
    """Nothing when there is no choice or one of the blocks holds, else what keeps each from holding."""
    failed = [differences(block, projection) for block in blocks]
    if not blocks or not all(failed):
        return []
    return [f"any_of: none holds ({' | '.join('; '.join(each) for each in failed)})"]


def unsaid(
    facts: Sequence[Mapping[str, Any]], received: Sequence[Received], details: Mapping[str, Any]
) -> list[str]:
    """The `must_say` facts that no message carries."""
    return [
        f"must_say: {_shown(fact)} was not said" for fact in facts if not is_said(fact, received, details)
    ]


def said(
    facts: Sequence[Mapping[str, Any]], received: Sequence[Received], details: Mapping[str, Any]
) -> list[str]:
    """The `never` facts that a message carries."""
    return [f"never: {_shown(fact)} was said" for fact in facts if is_said(fact, received, details)]


def is_said(fact: Mapping[str, Any], received: Sequence[Received], details: Mapping[str, Any]) -> bool:
    """Whether a typed fact is anywhere in what the member received. Raises ValueError for an unknown kind."""
    ((kind, value),) = fact.items()
    if kind == "any":
        return any(fold(str(piece)) in fold(message.whole) for piece in value for message in received)
    if kind == "payment_code":
        return any(code in message.whole for code in _codes(value, details) for message in received)
    read = [mentions.read(message.whole) for message in received]
    if kind == "money":
        return any(Decimal(str(value)) in each.money for each in read)
    if kind == "installments":
        return any(int(value) in each.installments for each in read)
    if kind == "date":
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return any(mention.fits(day) for each in read for mention in each.dates)
    raise ValueError(f"{kind} is no kind of fact")


def _codes(method: str, details: Mapping[str, Any]) -> list[str]:
    """The complete codes and links of the active means of that method."""
    active = [m for m in details.get("means", []) if m["method"] == method and m["status"] == "active"]
    return [means[name] for means in active for name in ("code", "link") if means.get(name)]


def _holds(key: str, wanted: Any, found: Any) -> bool:
    if key in SETS:
        return set(wanted) == set(found)
    if isinstance(wanted, list):
        return _same_records(key, wanted, found)
    if isinstance(wanted, str) and (least := re.fullmatch(r">=(\d+)", wanted)):
        return int(found) >= int(least[1])
    return bool(wanted == found)


def _same_records(key: str, wanted: list[Any], found: list[Any]) -> bool:
    """Each expected record has one of its own among the found ones, and none is left over."""
    if key == "agreements" and not any(record.get("status") == _PROPOSED for record in wanted):
        found = [record for record in found if record.get("status") != _PROPOSED]
    return len(wanted) == len(found) and _paired(wanted, found)


def _paired(wanted: list[Any], found: list[Any]) -> bool:
    if not wanted:
        return True
    first, rest = wanted[0], wanted[1:]
    return any(
        _fits(first, record) and _paired(rest, found[:at] + found[at + 1 :])
        for at, record in enumerate(found)
    )


def _fits(wanted: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return all(_plain(name, value) == _plain(name, record.get(name)) for name, value in wanted.items())


def _plain(name: str, value: Any) -> Any:
    """Amounts as Decimal and days as ISO text, however they were written."""
    if value is None:
        return None
    if name in _AMOUNTS:
        return Decimal(str(value))
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{name}: {_shown(item)}" for name, item in value.items() if item is not None)
            + "}"
        )
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)
