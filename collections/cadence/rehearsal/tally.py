"""Counting attempts: figures that can be added up over the parts of a book."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from cadence.rehearsal.simulate import Attempt, Outcome

# How many members with another path each part keeps as examples.
EXAMPLES = 10
# What counts as a contact in a member's path: what leaves, and what a person is asked to send.
_CONTACTS = {Outcome.ALLOW, Outcome.AWAITING}
Path = tuple[tuple[str, str, str], ...]


@dataclass
class Tally:
    """The figures of one version. Every counter is keyed by text, so that it is JSON as it stands."""

    attempts: Counter[str] = field(default_factory=Counter)
    # "step|outcome"
    steps: Counter[str] = field(default_factory=Counter)
    # "outcome|rule"
    rules: Counter[str] = field(default_factory=Counter)
    # "2026-11-24T09|channel", in the organisation's time
    hours: Counter[str] = field(default_factory=Counter)
    # "channel|category" of what leaves
    prices: Counter[str] = field(default_factory=Counter)
    # "2026-11-24"
    asked_of_people: Counter[str] = field(default_factory=Counter)
    # Number of contacts → members who get that many.
    touches: Counter[str] = field(default_factory=Counter)

    def add_member(self, attempts: Sequence[Attempt], *, zone: ZoneInfo) -> None:
        """One member's attempts, all of them."""
        leaving = 0
        for attempt in attempts:
            self.attempts[attempt.outcome.value] += 1
            self.steps[f"{attempt.step_key}|{attempt.outcome.value}"] += 1
            if attempt.rule:
                self.rules[f"{attempt.outcome.value}|{attempt.rule}"] += 1
            local = attempt.at.astimezone(zone)
            if attempt.outcome == Outcome.ALLOW:
                leaving += 1
                self.hours[f"{local:%Y-%m-%dT%H}|{attempt.channel}"] += 1
                self.prices[f"{attempt.channel}|{attempt.category}"] += 1
            elif attempt.outcome == Outcome.AWAITING:
                self.asked_of_people[f"{local:%Y-%m-%d}"] += 1
        self.touches[str(leaving)] += 1

    def merge(self, other: Tally) -> None:
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def to_json(self) -> dict[str, dict[str, int]]:
        return {name: dict(sorted(getattr(self, name).items())) for name in _COUNTERS}

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, int]]) -> Tally:
        return cls(**{name: Counter(data.get(name, {})) for name in _COUNTERS})


_COUNTERS = ("attempts", "steps", "rules", "hours", "prices", "asked_of_people", "touches")


@dataclass
class Difference:
    """How members fare under one version compared with another."""

    members: int = 0
    changed: int = 0
    # Difference in number of contacts → members.
    by_contacts: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add_member(self, member_id: int, *, ours: Path, live: Path) -> None:
        self.members += 1
        if ours == live:
            return
        self.changed += 1
        self.by_contacts[f"{len(ours) - len(live):+d}"] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append({"member": member_id, "ours": list(ours), "live": list(live)})

    def merge(self, other: Difference) -> None:
        self.members += other.members
        self.changed += other.changed
        self.by_contacts.update(other.by_contacts)
        self.examples = [*self.examples, *other.examples][: EXAMPLES * 2]

    def to_json(self) -> dict[str, Any]:
        return {
            "members": self.members,
            "changed": self.changed,
            "by_contacts": dict(sorted(self.by_contacts.items())),
            "examples": self.examples,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Difference:
        return cls(
            members=data["members"],
            changed=data["changed"],
            by_contacts=Counter(data["by_contacts"]),
            examples=list(data["examples"]),
        )


def path_of(attempts: Iterable[Attempt], *, zone: ZoneInfo) -> Path:
    """The days on which a member hears from us, by which step and channel."""
    return tuple(
        (f"{attempt.at.astimezone(zone):%Y-%m-%d}", attempt.step_key, attempt.channel)
        for attempt in attempts
        if attempt.outcome in _CONTACTS
    )


def by_day(hours: Mapping[str, int]) -> dict[str, int]:
    """Messages of each day, from the hourly counts."""
    days: dict[str, int] = defaultdict(int)
    for key, count in hours.items():
        days[key[:10]] += count
    return dict(sorted(days.items()))
