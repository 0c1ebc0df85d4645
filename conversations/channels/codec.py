"""Contents to JSON and back, for the outbox.

The JSON is versioned and says its own type: `{"v": 1, "type": "text", "body": "…"}`. Amounts and instants
are text, bytes are base64. Fields left at their default are not written, so a field may be added without a
new version; one that is renamed or changes meaning needs a new version and a reader for the old.
"""

from __future__ import annotations

import base64
import binascii
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast

from conversations.channels import content as c
from conversations.channels.content import Content

VERSION: Final = 1

_NAMES: Final[dict[type, str]] = {
    c.Text: "text",
    c.Buttons: "buttons",
    c.ListMenu: "list",
    c.LinkButton: "link_button",
    c.ContactInfoRequest: "contact_info_request",
    c.Mail: "mail",
    c.Image: "image",
    c.Document: "document",
    c.Audio: "audio",
    c.Template: "template",
    c.PixOrder: "pix_order",
    c.OrderUpdate: "order_update",
    c.Reaction: "reaction",
    c.Button: "button",
    c.ListRow: "row",
    c.ListSection: "section",
    c.PixCode: "pix_code",
    c.OrderItem: "item",
    c.OrderCharge: "charge",
    c.HeaderText: "header_text",
    c.QuickReplyParam: "quick_reply",
    c.UrlParam: "url",
    c.CopyCodeParam: "copy_code",
    c.PaymentParam: "payment",
    c.OrderParam: "order",
}
_TYPES: Final[dict[str, type]] = {name: cls for cls, name in _NAMES.items()}
_CONTENTS: Final = frozenset(typing.get_args(Content))


def to_payload(content: Content) -> dict[str, Any]:
    """`content` as plain JSON values. NUL characters are dropped: PostgreSQL stores none."""
    return {"v": VERSION, **_encode_object(content)}


def from_payload(payload: Mapping[str, Any]) -> Content:
    """The content `to_payload` wrote. Raises ValueError for another version, type or shape."""
    if payload.get("v") != VERSION:
        raise ValueError(f"outbound content of version {payload.get('v')!r}, this code reads {VERSION}")
    cls = _TYPES.get(str(payload.get("type")))
    if cls not in _CONTENTS:
        raise ValueError(f"not an outbound content: {payload.get('type')!r}")
    return cast("Content", _decode_object({k: v for k, v in payload.items() if k != "v"}))


def _encode_object(value: Any) -> dict[str, Any]:
    written: dict[str, Any] = {"type": _NAMES[type(value)]}
    for field in fields(value):
        current = getattr(value, field.name)
        if field.default is MISSING or current != field.default:
            written[field.name] = _encode(current)
    return written


def _encode(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case StrEnum() | Decimal():
            return str(value)
        case str():
            return value.replace("\x00", "")
        case datetime():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case Mapping():
            return {_encode(key): _encode(item) for key, item in value.items()}
        case Sequence():
            return [_encode(item) for item in value]
        case _:
            return _encode_object(value)


def _decode_object(written: Any) -> Any:
    if not isinstance(written, Mapping) or not isinstance(written.get("type"), str):
        raise ValueError("part of an outbound content without its type")
    cls = _TYPES.get(written["type"])
    if cls is None:
        raise ValueError(f"unknown part of an outbound content: {written['type']!r}")
    known = _fields(cls)
    unknown = written.keys() - known.keys() - {"type"}
    if unknown:
        raise ValueError(f"unknown fields of {written['type']!r}: {sorted(unknown)}")
    try:
        return cls(
            **{name: _decode(written[name], hint) for name, (hint, _) in known.items() if name in written}
        )
    except TypeError as error:
        raise ValueError(f"outbound {written['type']!r} is incomplete") from error


def _decode(written: Any, hint: Any) -> Any:
    """`written` as what the field's annotation `hint` promises."""
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return _decode_union(written, options)
    if origin is tuple:
        return tuple(_decode(item, options[0]) for item in _expect(written, list))
    if origin is Mapping:
        return {str(key): _decode(item, options[1]) for key, item in _expect(written, dict).items()}
    if origin is Sequence:
        return tuple(_decode(item, options[0]) for item in _expect(written, list))
    if is_dataclass(hint):
        decoded = _decode_object(written)
        return _expect(decoded, cast("type", hint))
    return _decode_scalar(written, hint)


def _decode_union(written: Any, options: tuple[Any, ...]) -> Any:
    if written is None and types.NoneType in options:
        return None
    if isinstance(written, Mapping) and "type" in written:
        decoded = _decode_object(written)
        return _expect(decoded, tuple(option for option in options if isinstance(option, type)))
    failure: ValueError | None = None
    for option in options:
        if option is types.NoneType or is_dataclass(option):
            continue
        try:
            return _decode(written, option)
        except ValueError as error:
            failure = error
    raise failure or ValueError("outbound content of another shape")


def _decode_scalar(written: Any, hint: Any) -> Any:
    try:
        if hint is Decimal:
            return Decimal(_expect(written, str))
        if hint is datetime:
            return datetime.fromisoformat(_expect(written, str))
        if hint is bytes:
            return base64.b64decode(_expect(written, str), validate=True)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return hint(_expect(written, str))
    except (InvalidOperation, binascii.Error) as error:
        raise ValueError("outbound content with an unreadable value") from error
    if hint is int and isinstance(written, bool):
        raise ValueError("outbound content of another shape")
    return _expect(written, hint)


def _expect(written: Any, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(written, kind):
        raise ValueError("outbound content of another shape")
    return written


@cache
def _fields(cls: type) -> dict[str, tuple[Any, Field[Any]]]:
    hints = typing.get_type_hints(cls)
    return {field.name: (hints[field.name], field) for field in fields(cls)}
