"""What people read of a rehearsal: volume, money, limits, work, refusals, and the difference to what is live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cadence import prices
from cadence.models import Rehearsal
from cadence.rehearsal.tally import Difference, Tally, by_day
from cases.models import Escalation
from commons import clock
from commons.money import ZERO, money
from compliance.enums import ContactKind, RuleId, Verdict
from compliance.models import Decision
from conversations.models import Sender
from members.enums import Channel

# Share of contacts that end up with a person, until enough of our own are known.
_ASSUMED_HANDOFF = Decimal("0.05")
_ENOUGH_CONTACTS = 200
_LOOK_BACK = timedelta(days=90)
_PROACTIVE = [ContactKind.COLLECTION, ContactKind.PRE_DUE, ContactKind.COMMITMENT]


def summarise(
    rehearsal: Rehearsal, *, ours: Tally, live: Tally | None, difference: Difference | None
) -> dict[str, Any]:
    """Plain JSON: the page and the API show it as it stands."""
    share, is_assumed = handoff_share(now=rehearsal.starts_at)
    return {
        "ours": _figures(ours, share=share, on=rehearsal.starts_at.date()),
        "live": None if live is None else _figures(live, share=share, on=rehearsal.starts_at.date()),
        "difference": None if difference is None else difference.to_json(),
        "handoff_share": str(share),
        "handoff_is_assumed": is_assumed,
        "limits": _limits(ours),
    }


def handoff_share(*, now: datetime) -> tuple[Decimal, bool]:
    """What share of our contacts ended with a person in the last 90 days, and whether that is only assumed."""
    since = now - _LOOK_BACK
    contacts = Decision.objects.filter(
        at__gte=since, at__lte=now, verdict=Verdict.ALLOW, kind__in=_PROACTIVE
    ).count()
    if contacts < _ENOUGH_CONTACTS:
        return _ASSUMED_HANDOFF, True
    escalated = Escalation.objects.filter(raised_at__gte=since, raised_at__lte=now).count()
    return (Decimal(escalated) / contacts).quantize(Decimal("0.001")), False


def _figures(tally: Tally, *, share: Decimal, on: date) -> dict[str, Any]:
    days = by_day(tally.hours)
    leaving = sum(days.values())
    cost, unpriced = _cost(tally.prices, on=on)
    touched = {int(number): members for number, members in tally.touches.items() if number != "0"}
    return {
        **tally.to_json(),
        "days": days,
        "messages": leaving,
        "members": sum(touched.values()),
        "most_touches": max(touched, default=0),
        "mean_touches": str(
            (Decimal(sum(n * m for n, m in touched.items())) / sum(touched.values())).quantize(
                Decimal("0.01")
            )
            if touched
            else ZERO
        ),
        "busiest_hour": _busiest(tally.hours),
        "cost": str(cost),
        "unpriced": unpriced,
        "people_handle": int((leaving * share).to_integral_value()) + sum(tally.asked_of_people.values()),
    }


def _cost(counts: Mapping[str, int], *, on: date) -> tuple[Decimal, list[str]]:
    """In the organisation's currency; what has no price is named instead of counted as free."""
    total, unknown = Decimal(0), []
    known = prices.in_force(on=on)
    for key, count in counts.items():
        channel, _, category = key.partition("|")
        price = known.get((channel, category), known.get((channel, "")))
        if price is None:
            unknown.append(f"{Channel(channel).label} {category}".strip())
        else:
            total += price * count
    return money(total.quantize(Decimal("0.01"))), unknown


def _busiest(hours: Mapping[str, int]) -> dict[str, Any] | None:
    found: dict[str, int] = {}
    for key, count in hours.items():
        found[key[:13]] = found.get(key[:13], 0) + count
    if not found:
        return None
    hour = max(found, key=lambda each: (found[each], each))
    return {"hour": hour, "messages": found[hour]}


def _limits(tally: Tally) -> list[dict[str, Any]]:
    """Where the provider's daily limit of a number would be passed: contacts in 24 hours, at most one a member."""
    limits = list(
        Sender.objects.filter(active=True, daily_limit__isnull=False).values_list("channel", "daily_limit")
    )
    found = []
    for channel in {channel for channel, _ in limits}:
        limit = sum(each or 0 for one, each in limits if one == channel)
        hours = sorted(
            (datetime.fromisoformat(key[:13] + ":00"), count)
            for key, count in tally.hours.items()
            if key.endswith(f"|{channel}")
        )
        most, at = _most_in_a_day(hours)
        found.append(
            {
                "channel": channel,
                "limit": limit,
                "most": most,
                "at": at.isoformat() if at else "",
                "passes": most > limit,
            }
        )
    return found


def _most_in_a_day(hours: list[tuple[datetime, int]]) -> tuple[int, datetime | None]:
    """The most messages in any 24 hours and when they end; two pointers over the sorted hours."""
    most, at, running, first = 0, None, 0, 0
    for last, (hour, count) in enumerate(hours):
        running += count
        while hours[first][0] <= hour - timedelta(hours=24):
            running -= hours[first][1]
            first += 1
        if running > most:
            most, at = running, hours[last][0]
    return most, at


def rule_label(rule: str) -> str:
    """The rule as people read it."""
    return RuleId(rule).label if rule in RuleId.values else rule


def local_hour(key: str) -> datetime:
    """The hour a key of `Tally.hours` names, in the organisation's time."""
    return datetime.fromisoformat(f"{key[:13]}:00").replace(tzinfo=clock.SAO_PAULO)
