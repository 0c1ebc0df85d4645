"""What the word half of the intent model sees of a text: pieces of words, words, pairs of words, and marks.

A mark says that a reader found something ("a day is named"), whichever day it is: the model learns that a
message with a day and a verb of paying is a promise without having seen that day.
"""

import math
import re
from collections import Counter
from datetime import date
from itertools import pairwise

from conversations.nlu.amounts import money_in, parse_days, parse_installments, parse_percent
from conversations.nlu.dates import DateKind, parse_date
from conversations.nlu.number_words import prepare

# Only whether a day is named is asked, so any day will do as today.
_ANY_DAY = date(2026, 1, 5)
_SHORTEST, _LONGEST = 2, 5


def model_text(text: str) -> str:
    """`text` prepared, its digits levelled, its marks appended."""
    marks = []
    prepared = prepare(text)
    if "?" in text:
        marks.append("zzask")
    if (kind := parse_date(text, today=_ANY_DAY).kind) is not DateKind.NONE:
        marks.append(f"zzdate{kind}")
    if money_in(prepared):
        marks.append("zzmoney")
    if parse_installments(text):
        marks.append("zzparts")
    if parse_percent(text):
        marks.append("zzpercent")
    if parse_days(text):
        marks.append("zzlength")
    return " ".join([re.sub(r"\d", "0", prepared), *marks])


def char_grams(text: str) -> list[str]:
    """Pieces of two to five characters that do not cross a space; each word is padded with one."""
    return [
        padded[i : i + size]
        for word in text.split()
        for padded in [f" {word} "]
        for size in range(_SHORTEST, min(_LONGEST, len(padded)) + 1)
        for i in range(len(padded) - size + 1)
    ]


def word_grams(text: str) -> list[str]:
    """Words and pairs of neighbouring words; punctuation at a word's edge is kept as a word of its own."""
    words = re.findall(r"[a-z0-9$%/]+|[^\sa-z0-9$%/]", text)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def weigh(grams: list[str], *, vocabulary: dict[str, int], idf: list[float]) -> dict[int, float]:
    """The TF-IDF weights of the known grams (1 + log of the count, times idf), of Euclidean length 1."""
    counts = Counter(vocabulary[gram] for gram in grams if gram in vocabulary)
    weights = {column: (1 + math.log(count)) * idf[column] for column, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {column: weight / length for column, weight in weights.items()} if length else {}
