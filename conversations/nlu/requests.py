"""What a message asks for beside its intent: the means to pay, all or one invoice; and its courtesies."""

import re
from enum import StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.normalise import canonical, plain

_CLAUSE = re.compile(r"[,.;!?\n]| e (?!cola)| mas | entao ")
_OR = re.compile(r"\bou\b|\bor\b")


class Method(StrEnum):
    PIX = "pix"
    BOLETO = "boleto"
    CARD = "card"


def method(text: str) -> Method | None:
    """The means that `text` asks for; None where it names none, only ones that failed, or leaves the
    choice open.

    A failed means counts when another of it is asked for: "o pix expirou, manda outro".
    """
    wanted: list[Method] = []
    failed: set[Method] = set()
    for clause in _CLAUSE.split(plain(text)):
        asked, broken = _means(canonical(clause))
        wanted += asked
        failed |= broken
    if not wanted and len(failed) == 1 and _pattern("again").search(canonical(text)):
        return failed.pop()
    if len(set(wanted)) > 1 and "?" in text and _OR.search(text.lower()):
        return None
    return wanted[-1] if wanted else None


def _means(clause: str) -> tuple[list[Method], set[Method]]:
    """The means asked for in one clause, in order, and those told to have failed."""
    asked: list[tuple[int, Method]] = []
    failed: set[Method] = set()
    for name in Method:
        for found in _pattern("method", name).finditer(clause):
            if _pattern("refused_before").search(clause[: found.start()].rstrip()):
                continue
            if _pattern("failing_after").match(clause[found.end() :]):
                failed.add(name)
            else:
                asked.append((found.start(), name))
    return [name for _, name in sorted(asked)], failed


def wants_total(text: str) -> bool:
    """Whether all that is owed is meant: "manda o pix do total", "um só com tudo"."""
    return bool(_pattern("total").search(_pattern("not_total").sub(" ", canonical(text))))


def wants_one_invoice(text: str) -> bool:
    """Whether one invoice of several is meant: "manda o pix de uma", "só a de outubro"."""
    return bool(_pattern("one_invoice").search(canonical(text)))


def greets(text: str) -> bool:
    return bool(_pattern("greeting").search(canonical(text)))


def thanks(text: str) -> bool:
    return bool(_pattern("thanks").search(canonical(text)))


def says_goodbye(text: str) -> bool:
    return bool(_pattern("goodbye").search(canonical(text)))


def asks_if_bot(text: str) -> bool:
    """Whether it asks what is answering: "você é um robô?". The truth is owed at once."""
    return bool(_pattern("asks_if_bot").search(canonical(text)))


@cache
def _pattern(section: str, name: str | None = None) -> re.Pattern[str]:
    document = lexicon.load("requests")
    lines = document[section][name] if name else document[section]
    return lexicon.pattern(lines, parts=document["parts"])
