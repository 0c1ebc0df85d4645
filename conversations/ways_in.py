"""How a member reaches us from an e-mail or an SMS: a person's number, a link into WhatsApp, the way out.

A link names a contact point and a day under a seal of ours, and nothing about anybody: it can be made wherever a
text is shown without writing a row, and nobody can make one that is not theirs.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings

from commons import clock
from commons.crypto import keyed_hash
from conversations.models import Sender
from members.enums import Channel
from members.models import ContactPoint

PATH = "/l/"
# What a link in an old message still does after this is nothing.
GOOD_FOR = timedelta(days=90)
_FIRST_DAY = date(2020, 1, 1)
_HEAD = struct.Struct(">IH")
_SEAL_BYTES = 9


class Purpose(StrEnum):
    """What a link is for; one for one thing opens nothing else."""

    TALK = "link-talk"
    STOP = "link-stop"


@dataclass(frozen=True, slots=True)
class OurNumber:
    """The number of ours people may write to or call: as they read it, and as an address needs it."""

    written: str
    digits: str


def our_number() -> OurNumber | None:
    """Of our first WhatsApp number that is in use and is written down; None when there is none."""
    written = (
        Sender.objects.filter(channel=Channel.WHATSAPP, active=True)
        .exclude(display_phone="")
        .order_by("pk")
        .values_list("display_phone", flat=True)
        .first()
    )
    if written is None:
        return None
    return OurNumber(written=written, digits="".join(filter(str.isdigit, written)))


def talk_link(point: ContactPoint, *, now: datetime) -> str:
    """The whole address that leads into WhatsApp; empty for a contact point that is not stored."""
    token = make_token(point.pk, Purpose.TALK, now=now) if point.pk else ""
    return f"{settings.PUBLIC_URL}{PATH}{token}/" if token else ""


def stop_link(point: ContactPoint, *, now: datetime) -> str:
    """The address by which a mail program stops our letters in one click."""
    return f"{settings.PUBLIC_URL}{PATH}parar/{make_token(point.pk, Purpose.STOP, now=now)}/"


def make_token(point_id: int, purpose: Purpose, *, now: datetime) -> str:
    """Letters, digits, `-` and `_`; the same all day."""
    day = (clock.local(now, clock.SAO_PAULO).date() - _FIRST_DAY).days
    head = _HEAD.pack(point_id, day)
    return base64.urlsafe_b64encode(head + _seal(head, purpose)).decode().rstrip("=")


def point_of(token: str, purpose: Purpose, *, now: datetime) -> int | None:
    """The contact point a link was made for; None for one that is not ours, or too old."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _HEAD.size + _SEAL_BYTES:
        return None
    head, seal = raw[: _HEAD.size], raw[_HEAD.size :]
    if not hmac.compare_digest(seal, _seal(head, purpose)):
        return None
    point_id, day = _HEAD.unpack(head)
    made = _FIRST_DAY + timedelta(days=day)
    if clock.local(now, clock.SAO_PAULO).date() - made > GOOD_FOR:
        return None
    return int(point_id)


def _seal(head: bytes, purpose: Purpose) -> bytes:
    return bytes.fromhex(keyed_hash(head.hex(), purpose=purpose))[:_SEAL_BYTES]
