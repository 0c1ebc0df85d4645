"""Whether a changed name on a WhatsApp profile suggests that somebody else has the line now."""

from __future__ import annotations

import re

from commons.text import fold

# Titles and particles tell nobody from anybody.
_EMPTY = frozenset(["dr", "dra", "sr", "sra", "seu", "dona", "prof", "da", "de", "do", "das", "dos", "e"])


def is_another_person(*, before: str, after: str, member_name: str) -> bool:
    """Whether `after` has nothing in common with the profile's name `before` nor with the member's.

    "Ju" goes for Juliana, a surname added or dropped changes nothing, and a name without letters (an emoji) or
    the first one we ever see tells nothing.
    """
    new, old = _words(after), _words(before)
    if not new or not old:
        return False
    return not _share(new, old) and not _share(new, _words(member_name))


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]{2,}", fold(name)) if word not in _EMPTY}


def _share(some: set[str], others: set[str]) -> bool:
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)
