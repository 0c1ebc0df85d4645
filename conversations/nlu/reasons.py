"""Why a payment is late, why an invoice is disputed, and what a data request is for. Rules only; order
matters.
"""

import re
from enum import StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.normalise import canonical
from conversations.nlu.number_words import words_to_digits


class DelayReason(StrEnum):
    FORGOT = "forgot"
    UNEMPLOYED = "unemployed"
    HEALTH = "health"
    FAMILY_HEALTH = "family_health"
    PAYMENT_PROBLEM = "payment_problem"
    CASH_FLOW = "cash_flow"
    OTHER = "other"


class DisputeReason(StrEnum):
    AMOUNT = "amount"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    FRAUD = "fraud"
    OTHER = "other"


class DataRequestKind(StrEnum):
    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    PORTABILITY = "portability"
    OBJECTION = "objection"


def delay_reasons(text: str) -> frozenset[DelayReason]:
    """Every reason for the delay that `text` gives; empty when it gives none. Illness in the family is
    not the member's.
    """
    reasons = {DelayReason(name) for name in _all("delay", text)}
    if DelayReason.FAMILY_HEALTH in reasons:
        reasons.discard(DelayReason.HEALTH)
    return frozenset(reasons)


def dispute_reason(text: str) -> DisputeReason:
    """The ground of a dispute; OTHER when `text` gives none that we know. Ask only about a text that
    disputes.
    """
    return DisputeReason(next(iter(_all("dispute", text)), DisputeReason.OTHER))


def data_request_kind(text: str) -> DataRequestKind:
    """What a data request asks for; ACCESS where it does not say. Ask only about a text that is one."""
    return DataRequestKind(next(iter(_all("data_request", text)), DataRequestKind.ACCESS))


def _all(section: str, text: str) -> list[str]:
    """The names in a section of the lexicon whose patterns `text` meets, in the order of the file."""
    words = words_to_digits(canonical(text))
    return [name for name, pattern in _section(section) if pattern.search(words)]


@cache
def _section(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    document = lexicon.load("reasons")
    return tuple(
        (key, lexicon.pattern(lines, parts=document["parts"])) for key, lines in document[name].items()
    )
