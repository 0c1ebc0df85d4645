"""Who may speak to our webhook: the signature of each delivery and the handshake of the subscription."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final

HEADER: Final = "X-Hub-Signature-256"
_PREFIX: Final = "sha256="


def sign(raw: bytes, secret: str) -> str:
    """The header value for `raw` under `secret`."""
    return _PREFIX + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def is_signed(raw: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `header` signs exactly these bytes under one of `secrets` (several while one is rotated).

    An empty secret signs nothing: a setting left blank must not open the door.
    """
    if not header or not header.isascii() or not header.startswith(_PREFIX):
        return False
    given = header.strip().lower()
    # No early exit: how long it takes must not say which secret matched.
    matches = [hmac.compare_digest(sign(raw, secret), given) for secret in secrets if secret]
    return any(matches)


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to echo, as plain text, to a subscription request; None: answer 403."""
    if query.get("hub.mode") != "subscribe" or not verify_token:
        return None
    given = query.get("hub.verify_token", "")
    if not hmac.compare_digest(given.encode(errors="replace"), verify_token.encode()):
        return None
    return query.get("hub.challenge") or None
