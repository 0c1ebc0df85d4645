"""Reading JSON that may have any shape: every reader answers with the wanted type or with nothing."""

from __future__ import annotations

import hashlib
import json
import math
import re
import reprlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

Object = Mapping[str, Any]

_EMPTY: Final[Object] = {}

# Epoch seconds of the years 2001 to 2100; anything above is milliseconds.
_EARLIEST: Final = 978_307_200
_LATEST: Final = 4_102_444_800

_DEEPEST: Final = 100
_LONGEST_NUMBER: Final = 30

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# Only an escape can bring a NUL or half a surrogate pair into a decoded body.
_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def decode(raw: bytes) -> Any:
    """The JSON in `raw`, safe for PostgreSQL: no NUL, no half surrogate pair, no endless or infinite number.

    Raises ValueError when it is not JSON.
    """
    # A raw control character inside a string breaks strict JSON, but costs nothing to accept.
    text = raw.decode("utf-8-sig", errors="replace")
    try:
        decoded = json.loads(
            text, strict=False, parse_constant=_no_constant, parse_float=_float, parse_int=_int
        )
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    return cleaned(decoded) if _SUSPECT.search(raw) or b"\x00" in raw else decoded


def cleaned(value: Any, *, depth: int = 0) -> Any:
    """`value` with NULs dropped and half surrogate pairs replaced, in every string and key.

    What lies deeper than a hundred levels is no message of Meta's and becomes None.
    """
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [cleaned(item, depth=depth + 1) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): cleaned(item, depth=depth + 1) for key, item in value.items()}
    return value


def obj(value: object) -> Object:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else _EMPTY


def objects(value: object) -> Iterator[Object]:
    """The objects in a JSON array; other elements are passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def elements(value: object) -> list[Any]:
    """The JSON array, or an empty one. Something else where an array belongs counts as its one element."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def text(value: object) -> str:
    """The string; a whole number as one (ids are sent either way); empty for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


def number(value: object) -> float | None:
    """The finite number, also when sent as text; None for anything else. Never for money."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def instant(value: object) -> datetime | None:
    """The aware instant behind epoch seconds or milliseconds, as text or number; None when it is neither."""
    written = text(value)
    if not written.isascii() or not written.isdigit() or len(written) > 16:
        return None
    seconds = int(written)
    if seconds > _LATEST:
        seconds //= 1000
    if not _EARLIEST <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def digest(*parts: Any) -> str:
    """A key for something that has no id of its own: the same parts give the same key."""
    try:
        written = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str, separators=(",", ":"))
    except RecursionError:
        written = reprlib.repr(parts)
    return hashlib.sha256(written.encode()).hexdigest()[:40]


def _clean_text(value: str) -> str:
    return _SURROGATE.sub("\ufffd", value.replace("\x00", ""))


def _no_constant(_name: str) -> None:
    """NaN and the infinities are not JSON and no column takes them."""


def _float(written: str) -> float | None:
    found = float(written)
    return found if math.isfinite(found) else None


def _int(written: str) -> int | None:
    return int(written) if len(written) <= _LONGEST_NUMBER else None
