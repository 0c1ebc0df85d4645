"""Which of three languages a text is written in, by its small words: good for a reply's language, not for
law.
"""

import re
from enum import StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.normalise import compatible, fold_accents


class Language(StrEnum):
    PORTUGUESE = "pt"
    SPANISH = "es"
    ENGLISH = "en"


def guess(text: str, *, default: Language = Language.PORTUGUESE) -> Language:
    """The language whose own words and signs are most frequent in `text`; `default` on a tie or without
    any.
    """
    lowered = compatible(text).lower()
    words = re.findall(r"[a-z]+", fold_accents(lowered))
    scores = {
        language: sum(word in _own_words(language) for word in words) + bool(_signs(language).search(lowered))
        for language in Language
    }
    best = max(scores.values())
    leaders = [language for language, score in scores.items() if score == best]
    return default if best == 0 or default in leaders else leaders[0]


@cache
def _own_words(language: Language) -> frozenset[str]:
    return frozenset(lexicon.load("languages")["words"][language].split())


@cache
def _signs(language: Language) -> re.Pattern[str]:
    signs = lexicon.load("languages")["signs"].get(language)
    return re.compile(signs) if signs else lexicon.NEVER
