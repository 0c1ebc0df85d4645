"""Opaque identifiers of the shapes the real network hands out."""

import base64
import secrets


def wamid(number: str, *, inbound: bool) -> str:
    """Return a new message id: `wamid.` and a base64 text that looks like, and must be treated as, noise."""
    raw = b"\x1c" + bytes([len(number)]) + number.encode() + b"\x15\x02\x00"
    raw += b"\x12\x18\x14" if inbound else b"\x11\x18\x12"
    raw += secrets.token_hex(9).upper().encode() + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()


def numeric_id() -> str:
    """Return a new id of the kind media, templates and uploads have."""
    return str(secrets.randbelow(9 * 10**15) + 10**15)


def business_scoped_id(country: str = "BR") -> str:
    """Return a new business-scoped user id."""
    return f"{country}.{numeric_id()}"


def trace_id() -> str:
    """Return a new `fbtrace_id`."""
    return "A" + secrets.token_urlsafe(16)
