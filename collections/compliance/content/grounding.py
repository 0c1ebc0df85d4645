"""Whether what a text states in figures is among the facts it was given."""

from __future__ import annotations

from compliance.content import figures
from compliance.content.facts import FactSet
from compliance.content.findings import BLOCKING, REVIEWED, Finding
from compliance.content.folding import Folded, fold
from compliance.enums import RuleId

# What does not stand in the text as a list of figures would: "uma parcela", "1x".
_ALWAYS_TRUE_COUNT = 1


def ungrounded(text: Folded, facts: FactSet) -> list[Finding]:
    """One finding for every amount, percentage, date, count, link and code that is no fact."""
    quoted = _without(text, facts.verbatim | facts.links)
    findings = [
        Finding(RuleId.UNGROUNDED_LINK, BLOCKING, quoted.excerpt(found.start, found.end))
        for found in (*figures.links(quoted.plain), *figures.codes(quoted.plain))
    ]
    for found in figures.links(quoted.plain):
        quoted = _blank(quoted, found.start, found.end)
    for code in figures.codes(quoted.plain):
        quoted = _blank(quoted, code.start, code.end)
    return (
        findings
        + _amounts(quoted, facts)
        + _percents(quoted, facts)
        + _days(quoted, facts)
        + _counts(quoted, facts)
    )


def _amounts(text: Folded, facts: FactSet) -> list[Finding]:
    known = facts.all_amounts
    findings = [
        Finding(RuleId.F14, BLOCKING, text.excerpt(found.start, found.end))
        for found in figures.amounts(text.plain)
        if found.value not in known
    ]
    # Words are read a second time as figures: "cento e vinte reais" must be a fact as well.
    written = {found.value for found in figures.amounts(text.plain)}
    for converted in figures.spelled_amounts(text.shown):
        plain = fold(converted).plain
        findings += [
            Finding(RuleId.F14, BLOCKING, plain[found.start : found.end])
            for found in figures.amounts(plain)
            if found.value not in known and found.value not in written
        ]
    return findings


def _percents(text: Folded, facts: FactSet) -> list[Finding]:
    return [
        Finding(RuleId.F14, BLOCKING, text.excerpt(found.start, found.end))
        for found in figures.percents(text.plain)
        if found.value not in facts.percents
    ]


def _days(text: Folded, facts: FactSet) -> list[Finding]:
    known = facts.all_dates
    amounts = [(found.start, found.end) for found in figures.amounts(text.plain)]
    return [
        Finding(RuleId.UNGROUNDED_DATE, REVIEWED, text.excerpt(found.start, found.end))
        for found in figures.days(text.plain)
        if not found.value.is_among(known) and not any(start <= found.start < end for start, end in amounts)
    ]


def _counts(text: Folded, facts: FactSet) -> list[Finding]:
    known = facts.counts | {_ALWAYS_TRUE_COUNT, len(facts.charges)}
    return [
        Finding(RuleId.UNGROUNDED_COUNT, REVIEWED, text.excerpt(found.start, found.end))
        for found in figures.counts(text.plain)
        if found.value not in known
    ]


def _without(text: Folded, quotes: frozenset[str]) -> Folded:
    """`text` with every one of `quotes` blanked out, the longest first."""
    for quote in sorted(quotes, key=len, reverse=True):
        plain = fold(quote).plain
        place = text.plain.find(plain) if plain.strip() else -1
        while place >= 0:
            if _stands_alone(text.plain, place, place + len(plain)):
                text = _blank(text, place, place + len(plain))
            place = text.plain.find(plain, place + len(plain))
    return text


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether the quote is not part of something longer: a link of ours with more behind it is not ours."""
    before, after = plain[start - 1 : start], plain[end : end + 1]
    follows = plain[end : end + 2]
    continues = (
        after.isalnum()
        or (after in {"/", "-", "?", "&", "=", "#", "@", "%"})
        or (after == "." and len(follows) > 1 and follows[1].isalnum())
    )
    return not (before.isalnum() or (bool(after) and continues))


def _blank(text: Folded, start: int, end: int) -> Folded:
    hole = " " * (end - start)
    return Folded(
        shown=text.shown[:start] + hole + text.shown[end:], plain=text.plain[:start] + hole + text.plain[end:]
    )
