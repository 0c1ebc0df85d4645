"""A text as the checks read it: lower case, no accents, no invisible characters, places kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff*_~`"))
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0\u202f", "''\"\"--  ")
_CLAUSE_END = re.compile(r"[.!?;:\n]")
_SENTENCE_END = re.compile(r"[.!?\n](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Folded:
    """`plain` has the length of `shown`, so that a place found in one can be quoted from the other."""

    shown: str
    plain: str

    @property
    def lines(self) -> str:
        """`plain` with every end of a sentence as a line break: a dot in a pattern stays in one sentence."""
        return _SENTENCE_END.sub("\n", self.plain)

    def excerpt(self, start: int, end: int) -> str:
        return self.shown[start:end].strip()

    def clause_before(self, place: int) -> str:
        """The part of the same clause that comes before `place`, folded."""
        head = self.plain[:place]
        ends = [match.end() for match in _CLAUSE_END.finditer(head)]
        return head[ends[-1] :] if ends else head

    def sentence_around(self, start: int, end: int) -> str:
        """The whole sentence in which the places lie, folded."""
        before = max((match.end() for match in _SENTENCE_END.finditer(self.plain[:start])), default=0)
        after = _SENTENCE_END.search(self.plain, end)
        return self.plain[before : after.start() if after else len(self.plain)]


def fold(text: str) -> Folded:
    """Folds `text`; WhatsApp's marks for bold and the like are removed, they would split words."""
    shown = unicodedata.normalize("NFC", text).translate(_INVISIBLE).translate(_QUOTES)
    return Folded(shown=shown, plain="".join(map(_plain, shown)))


def _plain(character: str) -> str:
    base = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    ).lower()
    # A ligature or fraction becomes several letters: kept as it is, so that places stay the same.
    return base if len(base) == 1 else character
