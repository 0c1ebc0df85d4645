"""How easy a text reads, in Portuguese and Spanish.

Portuguese: the Flesch index as adapted by Martins, Ghiraldelo, Nunes and Oliveira (1996),
248.835 - 1.015 * words per sentence - 84.6 * syllables per word; 50 and more is *easy*.
Spanish: Fernández Huerta's (1959), 206.84 - 1.02 * words per sentence - 60 * syllables per word; 80 and more is
*easy*.
Variables count as one word of two syllables: what they hold is not the writer's choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversations.variables import PATTERN

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)|\n+")
_STRONG = "aeoáéóâêôàãõ"
_MARKED_WEAK = "íú"
_WEAK = "iuü"
_MARKS = "áéóâêôíú"
_VOWELS = _STRONG + _MARKED_WEAK + _WEAK
# Two strong vowels are two syllables, except for the nasal diphthongs.
_NASAL = ("ão", "ãe", "õe")
_SILENT_U = re.compile(r"([qg])u(?=[eiéíê])")
_STAND_IN = " dado "


@dataclass(frozen=True, slots=True)
class Scale:
    """One index and the value from which a text is easy in it."""

    name: str
    base: float
    per_sentence: float
    per_word: float
    easy: int


SCALES = {
    "pt_BR": Scale("Flesch adaptado ao português (Martins e outros, 1996)", 248.835, 1.015, 84.6, 50),
    "es": Scale("Fernández Huerta (1959)", 206.84, 1.02, 60.0, 80),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a text stands on its language's scale."""

    score: int
    scale: Scale

    @property
    def is_easy(self) -> bool:
        return self.score >= self.scale.easy

    @property
    def level(self) -> str:
        """In words, measured from where *easy* begins."""
        distance = self.score - self.scale.easy
        if distance >= 25:
            return "muito fácil"
        if distance >= 0:
            return "fácil"
        return "um pouco difícil" if distance >= -20 else "difícil"


def reading(text: str, *, language: str) -> Reading | None:
    """The index of `text`, or None for one without words. An unknown language is read as Portuguese."""
    plain = PATTERN.sub(_STAND_IN, text)
    words = _WORD.findall(plain)
    if not words:
        return None
    sentences = [part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]
    scale = SCALES.get(language, SCALES["pt_BR"])
    score = (
        scale.base
        - scale.per_sentence * len(words) / len(sentences)
        - scale.per_word * sum(syllables(word, language=language) for word in words) / len(words)
    )
    return Reading(score=round(score), scale=scale)


def syllables(word: str, *, language: str = "pt_BR") -> int:
    """How many syllables, counted by the vowels: two of them are one syllable where they join."""
    letters = _SILENT_U.sub(r"\1", word.lower())
    count = 0
    for place, letter in enumerate(letters):
        if letter in _VOWELS and not _joins(letters, place, spanish=language == "es"):
            count += 1
    return max(1, count)


def _joins(letters: str, place: int, *, spanish: bool) -> bool:
    """Whether the vowel at `place` belongs to the syllable of the letter before it."""
    previous, letter = letters[place - 1 : place], letters[place]
    if not previous or previous not in _VOWELS:
        return False
    if previous + letter in _NASAL:
        return True
    if letter in _MARKED_WEAK or previous in _MARKED_WEAK:
        return False
    if letter in _WEAK:
        return True
    if previous not in _WEAK:
        return False
    # "dia" has two in Portuguese, "quando" and "história" do not have one more.
    after_q_or_g = place > 1 and letters[place - 2] in "qg"
    return spanish or after_q_or_g or any(each in _MARKS for each in letters[:place])
