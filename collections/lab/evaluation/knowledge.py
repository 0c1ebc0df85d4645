"""What may be said at a point of a run: the facts of the world, of the book, and what the member said.

Amounts come from the world by the runner's own arithmetic; of the projection only what was made in the
conversation is taken over (offers, promises, agreements, means), because those are facts once they exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from lab.evaluation import mentions
from lab.evaluation.figures import Rates, as_day, business_day, combinations, nth_business_day, owed, split
from lab.evaluation.mentions import DateMention
from lab.evaluation.record import Run
from lab.evaluation.scenario import Scenario, Turn

_NUMBER = re.compile(r"\d[\d.]*(?:,\d{1,2})?")
_WORKING_DAY = re.compile(r"(\d{1,2})\s*(?:o|º|°)?\s*dia util")
_IN_DAYS = re.compile(r"(?:daqui a?|em|dentro de)\s+(\d{1,3})\s+dias")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# So many days ahead a support opening is looked for.
_WEEK = 8


@dataclass
class Knowledge:
    """Sets of facts by type. `said_numbers` are figures of the member's own: they may be repeated.

    `home` is the address below which our own pages are.
    """

    amounts: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    percents: set[Decimal] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    said_numbers: set[Decimal] = field(default_factory=set)
    home: str = ""

    def knows_date(self, mention: DateMention) -> bool:
        """Whether it is one of the dates, or repeats a day of the month that the member named."""
        if any(mention.fits(day) for day in self.dates):
            return True
        return mention.weekday is None and Decimal(mention.day) in self.said_numbers

    def knows_link(self, link: str) -> bool:
        """Whether the address is one of ours, with or without its scheme and last stroke."""
        if self.home and f"{_bare(link)}/".startswith(f"{_bare(self.home)}/"):
            return True
        return _bare(link) in {_bare(known) for known in self.links}


def at(run: Run, index: int, *, public_url: str) -> Knowledge:
    """What may be said in the turn at `index` (from 0). `public_url` is where our own pages are."""
    scenario = run.scenario
    exchanges = run.exchanges[: index + 1]
    days = run.days_until(exchanges[-1])
    known = Knowledge()
    payments = [Decimal(str(e.turn.value["amount"])) for e in exchanges if e.turn.kind == "pay"]
    _amounts(known, scenario.world, days=days, paid=payments)
    _policy(known, scenario.world, days=days)
    _calendar(known, scenario, days=days)
    _organisation(known, scenario.world, public_url=public_url)
    for exchange in exchanges:
        for projection in (exchange.before, exchange.after):
            _book(known, projection)
    for exchange in exchanges:
        _said(known, exchange.turn, days=days)
    return known


def member_figures(
    world: dict[str, Any], invoices: Sequence[dict[str, Any]], days: Iterable[date]
) -> set[Decimal]:
    """Every amount that `invoices` alone come to on those days."""
    rates, owing = Rates.of(world), owed(invoices)
    found = {invoice.amount for invoice in owing}
    for on in days:
        for chosen in combinations(owing):
            found.add(rates.parts(chosen, on).total)
    return found


def _amounts(
    known: Knowledge, world: dict[str, Any], *, days: Sequence[date], paid: Sequence[Decimal]
) -> None:
    rates, owing = Rates.of(world), owed(world["invoices"])
    policy = world["negotiation_policy"]["installments"]
    least, most = Decimal(str(policy["min_amount"])), int(policy["max"])
    sums = [sum(paid[: n + 1], Decimal(0)) for n in range(len(paid))]
    known.amounts |= {Decimal(str(invoice["amount"])) for invoice in world["invoices"]}
    known.amounts |= {least, Decimal("0.00"), *paid, *sums}
    known.counts |= {1, most}
    for on in days:
        for chosen in combinations(owing):
            parts = rates.parts(chosen, on)
            known.amounts |= {parts.principal, parts.fine, parts.interest, parts.charges, parts.total}
            known.amounts |= {parts.total - already for already in sums}
            for count in range(2, most + 1):
                pieces = split(parts.total, count)
                if pieces[0] >= least:
                    known.amounts |= set(pieces)
                    known.counts.add(count)


def _policy(known: Knowledge, world: dict[str, Any], *, days: Sequence[date]) -> None:
    policy = world["negotiation_policy"]
    known.percents |= {
        Decimal(str(policy["late_charges"]["fine_percent"])),
        Decimal(str(policy["late_charges"]["interest_percent_month"])),
        Decimal(str(policy["discount"]["max_percent"])),
    }
    reach = {
        policy["installments"]["first_within_days"],
        policy["promise"]["max_days_ahead"],
        policy["due_date_change"]["max_days_ahead"],
        policy["pause"]["min_days"],
        policy["pause"]["max_days"],
    }
    known.dates |= {day + timedelta(days=int(span)) for day in days for span in reach}


def _calendar(known: Knowledge, scenario: Scenario, *, days: Sequence[date]) -> None:
    world, history = scenario.world, scenario.world.get("history", {})
    dues = [as_day(invoice["due"]) for invoice in world["invoices"]]
    known.dates |= {business_day(due) for due in dues}
    known.dates |= {*days, *dues, datetime.fromisoformat(world["opening"]["sent_at"]).date()}
    for invoice in world["invoices"]:
        described = re.findall(r"\b(\d{2})/(\d{4})\b", str(invoice.get("description", "")))
        known.months |= {(int(year), int(month)) for month, year in described}
    known.months |= {(day.year, day.month) for day in known.dates}
    for kind in ("promises", "agreements", "due_date_changes", "payment_means"):
        for record in history.get(kind, []):
            known.dates |= {
                as_day(record[name]) for name in ("date", "made_on", "first_due") if name in record
            }
    span = int(world["negotiation_policy"]["due_date_change"]["once_per_days"])
    for record in history.get("due_date_changes", []):
        known.dates.add(as_day(record["made_on"]) + timedelta(days=span))
    known.dates |= set(_support_days(world, days[-1]))


def _support_days(world: dict[str, Any], today: date) -> Iterator[date]:
    """The days of the coming week on which somebody of the team answers."""
    hours = world["organization"].get("support_hours", {})
    for ahead in range(_WEEK):
        day = today + timedelta(days=ahead)
        key = ("monday_to_friday", "saturday", "sunday")[max(0, day.weekday() - 4)]
        if hours.get(key) not in {None, "none", ""}:
            yield day


def _organisation(known: Knowledge, world: dict[str, Any], *, public_url: str) -> None:
    organisation = world["organization"]
    known.links |= {str(organisation[name]) for name in ("site", "privacy_contact") if organisation.get(name)}
    known.home = public_url
    known.documents.add(re.sub(r"\D", "", str(organisation.get("cnpj", ""))))


def _book(known: Knowledge, projection: dict[str, Any]) -> None:
    """What was made in the conversation or before it, wherever in the projection it stands."""
    details = projection.get("details", {})
    for kind in ("payment_means", "promises", "agreements", "due_date_changes", "payment_claims"):
        for record in projection.get(kind, []):
            _record(known, record)
            count = record.get("installments")
            if count and record.get("total"):
                known.counts.add(int(count))
                known.amounts |= set(split(Decimal(str(record["total"])), int(count)))
    for kind in ("offers", "installments", "payments"):
        for record in details.get(kind, []):
            _record(known, record)
    for means in details.get("means", []):
        known.codes |= {means[name] for name in ("code", "link") if means.get(name)}
        known.links |= {means["link"]} if means.get("link") else set()


def _record(known: Knowledge, record: Any) -> None:
    """Amounts, counts and days anywhere inside a record of the book."""
    if isinstance(record, dict):
        for name, value in record.items():
            if name == "count" and isinstance(value, int):
                known.counts.add(value)
            _record(known, value)
    elif isinstance(record, list):
        for value in record:
            _record(known, value)
    elif isinstance(record, str):
        if _ISO_DAY.fullmatch(record):
            known.dates.add(date.fromisoformat(record))
        elif re.fullmatch(r"\d+\.\d{2}", record):
            known.amounts.add(Decimal(record))


def _said(known: Knowledge, turn: Turn, *, days: Sequence[date]) -> None:
    """Whatever the member said or showed may be said back."""
    for text in turn.words:
        found = mentions.read(text)
        folded = mentions.fold(text)
        known.amounts |= set(found.money)
        known.percents |= set(found.percents)
        known.counts |= set(found.installments)
        known.links |= set(found.links)
        known.months |= set(found.months)
        for match in _NUMBER.finditer(folded):
            try:
                known.said_numbers.add(mentions.number(match.group()))
            except InvalidOperation:
                continue
        for day in days:
            known.dates |= set(_days_named(folded, found.dates, today=day))


def _days_named(folded: str, found: Sequence[DateMention], *, today: date) -> Iterator[date]:
    for ahead in range(-400, 401):
        day = today + timedelta(days=ahead)
        if any(mention.fits(day) for mention in found if mention.month is not None):
            yield day
    for word in re.findall(r"[a-z]+", folded):
        if (day_ := mentions.next_weekday(word, today)) is not None:
            yield from (day_, day_ + timedelta(days=7), day_ - timedelta(days=7))
    for words, ahead in (("amanha", 1), ("manana", 1), ("tomorrow", 1), ("ontem", -1), ("anteontem", -2)):
        if words in folded:
            yield today + timedelta(days=ahead)
    if "depois de amanha" in folded:
        yield today + timedelta(days=2)
    for match in _IN_DAYS.finditer(folded):
        yield today + timedelta(days=int(match[1]))
    for match in _WORKING_DAY.finditer(folded):
        if 1 <= int(match[1]) <= 15:
            for month in (today.replace(day=1), (today.replace(day=1) + timedelta(days=32)).replace(day=1)):
                yield nth_business_day(month.year, month.month, int(match[1]))


def _bare(link: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", link.lower()).rstrip("/")
