"""Who may speak to our SMS webhook: the signature over the whole address and every parameter."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

HEADER: Final = "X-Twilio-Signature"


def sign(url: str, parameters: Mapping[str, Sequence[str]], token: str) -> str:
    """The header value: HMAC-SHA1 of the address followed by names and values in the order of the names.

    SHA-1 is the provider's choice; in an HMAC it is not known to be weak.
    """
    listed = "".join(
        name + value for name in sorted(parameters) for value in sorted(dict.fromkeys(parameters[name]))
    )
    digest = hmac.new(token.encode(), (url + listed).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(
    url: str, parameters: Mapping[str, Sequence[str]], header: str | None, tokens: Iterable[str]
) -> bool:
    """Whether `header` signs this call under one of `tokens`; an empty token signs nothing."""
    if not header or not header.isascii():
        return False
    # No early exit: how long it takes must not say which token matched.
    matches = [hmac.compare_digest(sign(url, parameters, token), header.strip()) for token in tokens if token]
    return any(matches)
