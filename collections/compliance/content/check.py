"""Whether a text may leave: forbidden phrases, ungrounded figures, debt words to strangers.

The first pass of the guard. It judges texts of templates, of the agent and of people alike; what it cannot
see (tone, irony) is for whoever reviews conversations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from compliance.content import figures, lexicon
from compliance.content.disclosure import debt_words
from compliance.content.facts import Consequence, ConsequenceKind, FactSet
from compliance.content.findings import BLOCKING, REVIEWED, Finding
from compliance.content.folding import Folded, fold
from compliance.content.grounding import ungrounded
from compliance.content.patterns import Phrase
from compliance.enums import RuleId
from compliance.packs.loader import load_pack
from compliance.packs.model import RulePack

_ONLY_TODAY = re.compile(
    r"\b(?:so|somente|apenas|unicamente|solo|solamente) (?:ate |por |para |vale |valido )?(?:hoje|hoy)\b"
)
_AT_ONCE = re.compile(
    r"\b(?:agora mesmo|agora|imediat\w+|ja\b|hoje|amanha|em (?:\d+|uma|duas|poucas) (?:horas?|minutos?)"
    r"|em instantes"
    r"|ahora mismo|ahora|inmediat\w+|ya\b|hoy|manana|en (?:\d+|una|dos|pocas) (?:horas?|minutos?))"
)
_PAY = r"(?:pag\w*|quit\w*|abon\w*|acert\w*|negoci\w*|regulari[zc]\w*|cancel\w*|deposit\w*)"
_OLD_DEBT = re.compile(
    rf"\b{_PAY}\b.{{0,60}}\b(?:de|del ano|do ano)\s+(?P<after>(?:19|20)\d\d)\b"
    rf"|\b(?:de|del ano|do ano)\s+(?P<before>(?:19|20)\d\d)\b.{{0,60}}\b{_PAY}\b"
)
_FINE = re.compile(r"\b(?:multa|recargo)\b.{0,12}?(\d+(?:[.,]\d+)?)\s*(?:%|por cento|por ciento)")


def check(
    text: str,
    *,
    facts: FactSet,
    identity_confirmed: bool,
    country: str,
    author: str,
    state: str | None = None,
    overdue_since: date | None = None,
) -> list[Finding]:
    """Every breach in `text`, in the order of the categories; an empty list lets it pass.

    `author` is "cadence", "agent", "system" or "person:<id>": a person may say to be one. `facts.today` is
    needed to know what is old and what is at once. `state` is the member's, and `overdue_since` the oldest due
    date: without them the strictest reading of the country holds. Raises UnknownCountry.
    """
    folded = fold(text)
    pack = load_pack(country)
    place = _Place(pack, state, overdue_since)
    findings = [*_phrases(folded, facts=facts, place=place, author=author)]
    findings += _urgency(folded, facts)
    findings += _old_debt(folded, facts=facts, pack=pack)
    findings += _fines(folded, pack)
    findings += ungrounded(folded, facts)
    if not identity_confirmed:
        findings += debt_words(folded)
    return _once_each(findings)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose norms hold, and since when the member is late there."""

    pack: RulePack
    state: str | None
    overdue_since: date | None


def _phrases(text: Folded, *, facts: FactSet, place: _Place, author: str) -> list[Finding]:
    phrases: tuple[Phrase, ...] = lexicon.PHRASES
    if not author.startswith("person:"):
        phrases += lexicon.HUMAN_CLAIM
    if not place.pack.may_ask_reason:
        phrases += lexicon.REASON_QUESTION
    return [
        Finding(phrase.rule, phrase.severity, text.excerpt(start, end))
        for phrase in phrases
        for start, end in phrase.matches(text)
        if not (phrase.record and _on_record(text, start, end, phrase=phrase, facts=facts, place=place))
    ]


def _on_record(text: Folded, start: int, end: int, *, phrase: Phrase, facts: FactSet, place: _Place) -> bool:
    """Whether the facts hold the consequence, lawfully announced, and the sentence keeps to its dates."""
    record = facts.consequence(*phrase.record)
    if record is None or not _lawful(record, place):
        return False
    sentence = text.sentence_around(start, end)
    due = facts.today is not None and record.from_on <= facts.today
    if _AT_ONCE.search(sentence) and not due:
        return False
    early = _days_between(record.notice_on, record.from_on)
    return not any(
        found.value.is_among(early) for found in figures.days(sentence) if found.value.month is not None
    )


def _lawful(record: Consequence, place: _Place) -> bool:
    """Whether it was announced long enough ahead. Where no norm gives the days, it is not."""
    rules = place.pack.consequences
    noticed = (record.from_on - record.notice_on).days
    match record.kind:
        case ConsequenceKind.SERVICE_SUSPENSION:
            days = rules.service_suspension_notice_days
        case ConsequenceKind.NEGATIVE_LISTING:
            days = rules.listing_notice_days(place.state) if _late_enough(record, place) else None
        case _:
            days = 0
    return days is not None and noticed >= days


def _late_enough(record: Consequence, place: _Place) -> bool:
    days = place.pack.consequences.listing_overdue_days(place.state)
    if days == 0:
        return True
    if days is None or place.overdue_since is None:
        return False
    return (record.from_on - place.overdue_since).days >= days


def _days_between(notice_on: date, from_on: date) -> frozenset[date]:
    """The days after the notice on which the consequence may not yet start."""
    return frozenset(notice_on + timedelta(days=n) for n in range(1, (from_on - notice_on).days))


def _urgency(text: Folded, facts: FactSet) -> list[Finding]:
    """ "Só hoje" is true on the day an offer ends, and invented on every other."""
    if facts.today is not None and facts.today in facts.deadlines:
        return []
    return [
        Finding(RuleId.F10, REVIEWED, text.excerpt(*match.span()))
        for match in _ONLY_TODAY.finditer(text.lines)
    ]


def _old_debt(text: Folded, *, facts: FactSet, pack: RulePack) -> list[Finding]:
    if facts.today is None or pack.debt.max_age_days is None:
        return []
    oldest = facts.today - timedelta(days=pack.debt.max_age_days)
    return [
        Finding(RuleId.F22, BLOCKING, text.excerpt(*match.span()))
        for match in _OLD_DEBT.finditer(text.lines)
        # Only a year that is over the limit up to its last day: "de 2021" may be young enough.
        if date(int(match.group("after") or match.group("before")), 12, 31) < oldest
    ]


def _fines(text: Folded, pack: RulePack) -> list[Finding]:
    most = pack.debt.fine_max_percent
    if most is None:
        return []
    return [
        Finding(RuleId.F14, BLOCKING, text.excerpt(*match.span()))
        for match in _FINE.finditer(text.lines)
        if next(figures.percents(match.group())).value > most
    ]


def _once_each(findings: list[Finding]) -> list[Finding]:
    """Without repeats: two patterns may find the same words."""
    seen: dict[tuple[RuleId, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.excerpt), finding)
    return list(seen.values())
