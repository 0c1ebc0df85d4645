"""Whether a message consents. Money moves on this answer, so it is a closed grammar, not a guess.

A message is YES only when every word of it is an affirmation or one of the few words that go with one. An
emoji, a sticker, a question, a condition, an unknown word: UNCLEAR, and the caller asks again.
"""

import re
from datetime import date
from enum import StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.amounts import money_in
from conversations.nlu.dates import find_dates
from conversations.nlu.normalise import canonical
from conversations.nlu.number_words import prepare


class Answer(StrEnum):
    YES = "yes"
    # Names a day, an amount or a count besides ("sim, sexta"): consents to an offer of just these terms.
    YES_WITH_TERMS = "yes_with_terms"
    NO = "no"
    UNCLEAR = "unclear"


_NEGATION = re.compile(r"\b(?:nao|nem|nunca|jamais|no|not|don ?t|negativo|nenhum|nenhuma|sem (?!problema))\b")
_SYMBOLS_ONLY = re.compile(r"^[\W_]*$")
_COUNTS = re.compile(r"\b\d{1,2} ?x\b|\b(?:\d{1,2}|duas|uma) (?:vezes|vez|parcelas?)\b|\b\d+\b")
_ANCHOR = date(2000, 1, 3)


def read_answer(text: str) -> Answer:
    """Whether `text` says yes or no to what was just asked.

    1. No words, a question mark, or a condition: UNCLEAR.
    2. A negation: NO when the message is a refusal and little else, else UNCLEAR.
    3. Otherwise YES when affirmations and their usual companions use up every word, WITH_TERMS when dates,
       amounts or counts use up the rest, else UNCLEAR.
    """
    words = canonical(text)
    if not words or "?" in text or _conditions().search(words):
        return Answer.UNCLEAR
    if _NEGATION.search(words) or _phrases("refusals").search(words):
        return Answer.NO if _is_refusal(words) else Answer.UNCLEAR
    without_terms, has_terms = _without_terms(text)
    rest = _phrases("affirmations").sub(" ", without_terms)
    if rest == without_terms or any(word not in _companions() for word in rest.split()):
        return Answer.UNCLEAR
    return Answer.YES_WITH_TERMS if has_terms else Answer.YES


def consents(text: str) -> bool:
    """Whether `text` is a plain yes, the only answer that moves money."""
    return read_answer(text) is Answer.YES


def _is_refusal(words: str) -> bool:
    rest = _phrases("affirmations").sub(" ", _phrases("refusals").sub(" ", words))
    strange = [word for word in rest.split() if word not in _companions()]
    affirmed = re.match(r"(?:sim|si|yes|aceito|ok)\b", words) and not re.match(r"\w+ nao\b", words)
    return _phrases("refusals").search(words) is not None and not strange and not affirmed


def _without_terms(text: str) -> tuple[str, bool]:
    """The words of `text` without its dates, amounts and counts, and whether there were any."""
    prepared = prepare(text)
    # Any day will do as today: only where the dates stand is asked.
    spans = [(found.start, found.end) for found in find_dates(prepared, today=_ANCHOR)]
    spans += [(amount.start, amount.end) for amount in money_in(prepared)]
    for start, end in sorted(spans, reverse=True):
        prepared = prepared[:start] + " " + prepared[end:]
    bare = _COUNTS.sub(" ", prepared)
    return canonical(bare), bool(spans) or bare != prepared


@cache
def _phrases(section: str) -> re.Pattern[str]:
    """One pattern for the phrases of a section, the longer first, each matching whole words."""
    phrases = sorted(lexicon.words(lexicon.load("answers")[section]), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(phrase) for phrase in phrases) + r")\b")


@cache
def _companions() -> frozenset[str]:
    return frozenset(lexicon.load("answers")["companions"].split())


@cache
def _conditions() -> re.Pattern[str]:
    return lexicon.pattern(lexicon.load("answers")["conditions"], parts={})
