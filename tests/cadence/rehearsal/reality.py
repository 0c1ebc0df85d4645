"""What really happens with a book over some days: the calendar's tasks, the planner and the gate, instant by instant.

Nobody answers, pays or reads, messages arrive at once: what a rehearsal assumes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from billing.models import PaymentMeans
from billing.services import means
from cadence import planner
from cadence.enums import StepOutcome
from cadence.models import PlannerState, StepRun
from cases.daily import members_to_sync
from cases.enums import CaseState, OfferStatus
from cases.models import Case, Offer
from cases.services import agreements, offers, opening, promises
from commons.models import HistoryEntry
from compliance.models import Decision
from conversations.enums import Direction, MessageState
from conversations.models import Message

TICK = timedelta(minutes=5)


@dataclass(frozen=True, order=True)
class Seen:
    """One attempt as both worlds can tell it. `became`: verdict, `awaiting` or `none`."""

    member_id: int
    at: datetime
    step_key: str
    channel: str
    became: str
    rule: str = ""


class Reality:
    """Lets time pass from `now`; `seen` is what came of it."""

    def __init__(self, *, now: datetime, zone: ZoneInfo) -> None:
        self._now, self._zone = now, zone
        self._after = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def run(self, *, until: datetime) -> None:
        at = self._now
        while (at := self._next(at)) < until:
            self._follow_calendar(at)
            # Never away: what waits is done when its time has come.
            PlannerState.objects.update_or_create(pk=1, defaults={"last_run_at": at})
            while planner.plan_due(now=at):
                pass
            Message.objects.filter(direction=Direction.OUT, state=MessageState.PLANNED).update(
                state=MessageState.DELIVERED, delivered_at=at
            )
            at += timedelta(microseconds=1)

    def seen(self) -> list[Seen]:
        decisions = Decision.objects.filter(pk__gt=self._after, author="cadence")
        found = [
            Seen(each.member_id or 0, each.at, each.step_key, each.channel, each.verdict, each.rule)
            for each in decisions
        ]
        found += [
            Seen(run.case.member_id, run.at, run.step_key, "", "awaiting")
            for run in StepRun.objects.filter(outcome=StepOutcome.AWAITING, at__gte=self._now).select_related(
                "case"
            )
        ]
        found += [
            Seen(entry.member_id, entry.at, "", "", "none")
            for entry in HistoryEntry.objects.filter(kind="cadence.not_contacted", at__gte=self._now)
        ]
        return sorted(found)

    def _next(self, at: datetime) -> datetime:
        """The next instant at which anything may happen."""
        looks = Case.objects.exclude(state=CaseState.SETTLED).aggregate(at=Min("next_contact_at"))
        codes = PaymentMeans.objects.filter(status="active", expires_at__gte=at).aggregate(
            at=Min("expires_at")
        )
        lapses = Offer.objects.filter(status=OfferStatus.OPEN).aggregate(at=Min("expires_at"))
        moments = [self._first_tick(at)]
        moments += [max(at, each["at"]) for each in (looks, codes) if each["at"] is not None]
        if lapses["at"] is not None:
            moments.append(self._tick_from(max(at, lapses["at"])))
        return min(moments)

    def _follow_calendar(self, at: datetime) -> None:
        means.expire_means(now=at)
        if self._tick_from(at) != at:
            return
        for member_id in members_to_sync(now=at):
            opening.sync_case(member_id=member_id, now=at)
        promises.break_overdue(now=at)
        agreements.break_overdue(now=at)
        offers.lapse_expired(now=at)

    def _first_tick(self, at: datetime) -> datetime:
        """The first tick of this day, or of the next."""
        day = at.astimezone(self._zone).date()
        found = self._start(day) + TICK
        return found if found >= at else self._start(day + timedelta(days=1)) + TICK

    def _tick_from(self, at: datetime) -> datetime:
        start = self._start(at.astimezone(self._zone).date())
        return start + -(-(at - start) // TICK) * TICK

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self._zone)
