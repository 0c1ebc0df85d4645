"""The Message-ID of a letter of ours: carries our correlation, and a seal that only whoever got the letter knows.

What comes back names the letter by it: a bounce, a reply. Without the seal anybody could say that a letter of
ours was returned.
"""

from __future__ import annotations

import hmac
import re

from commons.crypto import keyed_hash
from conversations.outbox import correlation as outbox

_PREFIX = "emdia"
_SEAL_LETTERS = 20
_TOKEN = re.compile(rf"\b{_PREFIX}\.(\d{{1,18}})\.([0-9a-f]{{{_SEAL_LETTERS}}})\b")


def token_of(correlation: str) -> str:
    """The correlation as it stands in headers and envelopes. Raises ValueError for one that is not ours."""
    number = outbox.message_id_of(correlation)
    if number is None:
        raise ValueError("a letter carries the correlation of the outbox")
    return f"{_PREFIX}.{number}.{_seal(correlation)}"


def of(correlation: str, *, domain: str) -> str:
    """`<emdia.123.…@academia.example>`."""
    return f"<{token_of(correlation)}@{domain}>"


def correlations_in(text: str) -> list[str]:
    """The correlations of ours that `text` names with the right seal, each once and in their order."""
    found = []
    for number, seal in _TOKEN.findall(text):
        correlation = outbox.of(int(number))
        if hmac.compare_digest(seal, _seal(correlation)):
            found.append(correlation)
    return list(dict.fromkeys(found))


def _seal(correlation: str) -> str:
    return keyed_hash(correlation, purpose="mail-id")[:_SEAL_LETTERS]
