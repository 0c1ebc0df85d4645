"""A webhook delivery to typed items.

Meta packs up to a thousand updates into one POST, over several entries and changes, repeated and out of
order. `parse` visits every one of them; an item it cannot read becomes `Unparsable` and takes nothing else
with it. It decides nothing and touches no database: whoever stores the items drops repeats by `key`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from conversations.channels.whatsapp import changes
from conversations.channels.whatsapp.inbound import Envelope, read_message
from conversations.channels.whatsapp.items import Item, UnknownChange, Unparsable
from conversations.channels.whatsapp.reading import Object, decode, digest, elements, instant, obj, text


def parse(raw: bytes) -> list[Item]:
    """Every item of the delivery `raw`, in its order. Never raises."""
    try:
        body = decode(raw)
    except ValueError as error:
        return [_unparsable(f"not JSON: {type(error).__name__}", raw.decode("utf-8", errors="replace"))]
    return parse_body(body)


def parse_body(body: Any) -> list[Item]:
    """`parse` for a body already decoded by `reading.decode`."""
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        return [_unparsable("no entries", body)]
    return [item for entry in body["entry"] for item in _guarded(_entry, entry)]


def _entry(entry: Any) -> Iterator[Item]:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        yield _unparsable("an entry without changes", entry)
        return
    account_id, at = text(entry.get("id")), instant(entry.get("time"))
    for change in entry["changes"]:
        yield from _guarded(lambda one: _change(account_id, at, one), change)


def _change(account_id: str, at: datetime | None, change: Any) -> Iterator[Item]:
    field = text(obj(change).get("field"))
    value = obj(change).get("value")
    if not field or not isinstance(value, dict):
        yield _unparsable("a change without field or value", change)
        return
    if field in {"messages", "smb_message_echoes"}:
        yield from _conversation(account_id, field, value, at)
    elif field in changes.READERS:
        found = list(changes.READERS[field](account_id, field, value, at))
        yield from found or [_unknown(account_id, field, value, at)]
    else:
        yield _unknown(account_id, field, value, at)


def _conversation(account_id: str, field: str, value: Object, at: datetime | None) -> Iterator[Item]:
    envelope = Envelope.of(account_id, value)
    messages = elements(value.get("messages"))
    statuses = elements(value.get("statuses"))
    echoes = elements(value.get("message_echoes"))
    for message in messages:
        yield from _guarded(lambda one: iter((read_message(_must_be_object(one), envelope),)), message)
    for status in statuses:
        yield from _guarded(lambda one: iter((changes.read_status(_must_be_object(one), envelope),)), status)
    for echo in echoes:
        yield from _guarded(lambda one: iter((changes.read_echo(_must_be_object(one), envelope),)), echo)
    if elements(value.get("errors")):
        yield changes.read_account_error(envelope, value)
    elif not (messages or statuses or echoes):
        yield _unknown(account_id, field, value, at)


def _guarded(read: Callable[[Any], Iterator[Item]], part: Any) -> list[Item]:
    """What `read` finds in `part`; whatever goes wrong there stays there."""
    try:
        return list(read(part))
    except Exception as error:  # noqa: BLE001 -- one odd item must not lose the other 999 of its delivery
        reason = str(error) if type(error) is ValueError else type(error).__name__
        return [_unparsable(reason, part)]


def _must_be_object(part: Any) -> Object:
    if not isinstance(part, dict):
        raise ValueError("not an object")
    return part


def _unknown(account_id: str, field: str, value: Object, at: datetime | None) -> UnknownChange:
    return UnknownChange(
        key=f"change:{digest(account_id, field, at, value)}",
        account_id=account_id,
        field_name=field,
        at=at,
        raw=value,
    )


def _unparsable(reason: str, part: Any) -> Unparsable:
    return Unparsable(key=f"unparsable:{digest(part)}", reason=reason, raw=part)
