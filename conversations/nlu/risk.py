"""Signals that a person must see, or that change what may be said: compliance reference §9.

Rules and the intent model are united, never intersected: either is enough. Neither is a safety control by
itself; measured recall of the rules alone on indirect language is low, which is why the live model may
flag risks as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.normalise import canonical
from conversations.nlu.number_words import words_to_digits


class Reason(StrEnum):
    HARDSHIP = "hardship"
    HEALTH = "health"
    BEREAVEMENT = "bereavement"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    LEGAL = "legal"
    COMPLAINT = "complaint"
    FRAUD = "fraud"
    SCAM_SUSPICION = "scam_suspicion"  # asks whether we are genuine: answered, not escalated by itself
    DISPUTE = "dispute"
    ALREADY_PAID = "already_paid"
    MINOR = "minor"
    THIRD_PARTY = "third_party"
    WRONG_PERSON = "wrong_person"
    ABUSE = "abuse"  # insults without a threat: one calm line, no escalation
    HUMAN_REQUESTED = "human_requested"
    NOT_UNDERSTOOD = "not_understood"
    DATA_REQUEST = "data_request"
    INJECTION = "injection"


@dataclass(frozen=True)
class RiskSignal:
    """`situation` is the row of §9 ("E06"); `source` "rule" or "model"; `phrase` what was recognised."""

    reason: Reason
    situation: str
    source: str
    phrase: str


@dataclass(frozen=True)
class _Situation:
    id: str
    reason: Reason
    signals: re.Pattern[str]
    quiet: re.Pattern[str]


_ASKING = re.compile(
    r"\?|\b(?:sera|acho|parece|como (?:e que )?(?:eu )?(?:sei|vou saber)|ne|"
    r"medo|desconfi\w+|suspeit\w+|nao vou clicar)\b"
)
_SCAM = re.compile(r"\b(?:go[lr]pe|fraude|estafa|scam)\b")
_SUFFERED = re.compile(r"\b(?:cai n|ca[ií]mos|fui vitima|sofri|aplicaram|usaram|fizeram|nao fiz|clonaram)")


def detect(text: str) -> tuple[RiskSignal, ...]:
    """The signals that the rules find in `text`, at most one a reason, in the order of the lexicon."""
    words = words_to_digits(canonical(text))
    found: dict[Reason, RiskSignal] = {}
    for situation in _situations():
        match = situation.signals.search(situation.quiet.sub(" | ", words))
        if match and situation.reason not in found:
            reason = _scam(text, words) if situation.reason is Reason.FRAUD else situation.reason
            found.setdefault(reason, RiskSignal(reason, situation.id, "rule", match[0].strip()))
    if idiom := _despair(words):
        found.setdefault(idiom.reason, idiom)
    return tuple(found.values())


def sounds_like(text: str, reason: Reason) -> bool:
    """Whether `text` holds an expression that only sounds like `reason` ("morto de cansado", "ainda não
    paguei").
    """
    words = words_to_digits(canonical(text))
    return any(
        situation.reason is reason and situation.quiet.search(words) is not None
        for situation in _situations()
    )


def union(*readings: Iterable[RiskSignal]) -> tuple[RiskSignal, ...]:
    """All signals of all readings, the first of each reason."""
    found: dict[Reason, RiskSignal] = {}
    for reading in readings:
        for signal in reading:
            found.setdefault(signal.reason, signal)
    return tuple(found.values())


def _scam(text: str, words: str) -> Reason:
    """ "Isso é golpe?" asks whether we are genuine; "caí num golpe" and "não fiz esse contrato" say what
    happened.
    """
    if (
        _SCAM.search(words)
        and (_ASKING.search(text.lower()) or _ASKING.search(words))
        and not _SUFFERED.search(words)
    ):
        return Reason.SCAM_SUSPICION
    return Reason.FRAUD


def _despair(words: str) -> RiskSignal | None:
    """An idiom of despair: debt when money is the talk, else the safer class."""
    document = lexicon.load("risk")
    parts = document["parts"]
    idiom = lexicon.pattern(document["despair"]["idioms"], parts=parts).search(words)
    if not idiom:
        return None
    of_money = lexicon.pattern(document["despair"]["money_talk"], parts=parts).search(words)
    reason, situation = (Reason.HARDSHIP, "E01") if of_money else (Reason.SELF_HARM, "E06")
    return RiskSignal(reason, situation, "rule", idiom[0].strip())


@cache
def _situations() -> tuple[_Situation, ...]:
    document = lexicon.load("risk")
    return tuple(
        _Situation(
            row["id"],
            Reason(row["reason"]),
            lexicon.pattern(row["signals"], parts=document["parts"]),
            lexicon.pattern(row.get("quiet", []), parts=document["parts"]),
        )
        for row in document["situations"]
    )
