"""Rehearsing the whole book, part by part: any number of workers take parts, the last one sums up."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q

from billing.enums import InvoiceStatus
from billing.models import Invoice
from cadence import fingerprints, loading, plans, traits
from cadence.engine import schedule
from cadence.engine.steps import VersionPlan
from cadence.engine.view import CaseView
from cadence.enums import RehearsalStatus
from cadence.models import CadenceVersion, Rehearsal, RehearsalChunk
from cadence.rehearsal.calendar import NOTHING, load_futures
from cadence.rehearsal.simulate import Attempt, Stage, simulate
from cadence.rehearsal.summary import summarise
from cadence.rehearsal.tally import Difference, Tally, path_of
from cadence.rehearsal.words import Words
from cases.enums import CaseState
from cases.models import Case
from cases.services.opening import HORIZON
from commons import clock
from commons.models import Organisation
from compliance.standing import Standing, load_standings
from conversations import threads

# Members of one part: a few seconds of work, after which a worker takes up something else.
PART = 2500
DAYS = 30
MOST_DAYS = 90
# Rehearsals whose rows are kept; of older ones only the summary stays.
KEPT = 10


def ask(
    *,
    version: CadenceVersion,
    user: User | None,
    now: datetime,
    days: int = DAYS,
    start: Callable[[int, int], object] | None = None,
) -> Rehearsal:
    """Cuts the book into parts and asks for each by `start(rehearsal id, part)` once all of them are stored.

    Raises ValueError for a span that makes no sense.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"Ensaie de 1 a {MOST_DAYS} dias.")
    organisation = Organisation.current()
    today = clock.local(now, organisation.zone).date()
    traits.refresh(now=now, today=today, zone=organisation.timezone)
    members = members_concerned(now=now, days=days)
    with transaction.atomic():
        rehearsal = Rehearsal.objects.create(
            version=version,
            live_version=_compared_with(version),
            fingerprint=fingerprints.of(version),
            days=days,
            status=RehearsalStatus.RUNNING if members else RehearsalStatus.DONE,
            starts_at=now,
            cases=len(members),
            chunks=-(-len(members) // PART),
            requested_by=user,
            started_at=clock.real_now(),
        )
        RehearsalChunk.objects.bulk_create(
            RehearsalChunk(rehearsal=rehearsal, number=number, member_ids=members[first : first + PART])
            for number, first in enumerate(range(0, len(members), PART))
        )
        _forget_old(version.cadence_id)
    if not members:
        _finish(rehearsal.pk)
    elif start is not None:
        for number in range(rehearsal.chunks):
            transaction.on_commit(partial(start, rehearsal.pk, number))
    return Rehearsal.objects.get(pk=rehearsal.pk)


def members_concerned(*, now: datetime, days: int) -> list[int]:
    """Members with an open case, or with an invoice that will open one within `days`, by id."""
    today = clock.local(now, Organisation.current().zone).date()
    coming = Invoice.objects.filter(
        status__in=InvoiceStatus.collectable(), due_date__lte=today + timedelta(days=days) + HORIZON
    )
    open_cases = Case.objects.exclude(state=CaseState.SETTLED).values("member_id")
    ids = set(coming.order_by().values_list("member_id", flat=True).distinct())
    return sorted(ids | set(open_cases.values_list("member_id", flat=True)))


def run_part(*, rehearsal_id: int, number: int) -> None:
    """Rehearses one part and, when it was the last, sums up. Safe to run twice."""
    rehearsal = Rehearsal.objects.select_related("version", "live_version").get(pk=rehearsal_id)
    part = RehearsalChunk.objects.filter(
        rehearsal_id=rehearsal_id, number=number, result__isnull=True
    ).first()
    if part is None or rehearsal.status != RehearsalStatus.RUNNING:
        return
    with _uncollected():
        result, rows = _rehearse(rehearsal, part.member_ids)
    with transaction.atomic():
        mine = RehearsalChunk.objects.select_for_update().filter(pk=part.pk, result__isnull=True).first()
        if mine is None:
            # Another worker was quicker, and may have summed up already.
            return
        mine.result = result
        mine.save(update_fields=["result"])
        _store(rehearsal_id, rows)
    if not RehearsalChunk.objects.filter(rehearsal_id=rehearsal_id, result__isnull=True).exists():
        _finish(rehearsal_id)


def fail(*, rehearsal_id: int, error: str) -> None:
    """Something of ours broke: said on the page, and the version asks for another rehearsal."""
    Rehearsal.objects.filter(pk=rehearsal_id, status=RehearsalStatus.RUNNING).update(
        status=RehearsalStatus.FAILED, error=error[:200], finished_at=clock.real_now()
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """A part makes millions of values that live for a moment and no cycles among them.

    The collector would walk through everything else we hold, again and again: it takes half of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


Row = tuple[bool, Attempt]


@lru_cache(maxsize=1)
def _words_of(rehearsal_id: int, now: datetime, zone: ZoneInfo) -> Words:
    """Judging words takes longer than anything else about a part: the next part of this worker knows them."""
    del rehearsal_id
    return Words(zone=zone, now=now)


def _rehearse(rehearsal: Rehearsal, member_ids: Sequence[int]) -> tuple[dict[str, object], list[Row]]:
    ours = plans.plan_of(rehearsal.version)
    live = None if rehearsal.live_version is None else plans.plan_of(rehearsal.live_version)
    zone = Organisation.current().zone
    tallies = {False: Tally(), True: Tally()}
    difference = Difference()
    rows: list[Row] = []
    found_all = attempts_of(
        member_ids,
        ours=ours,
        live=live,
        now=rehearsal.starts_at,
        days=rehearsal.days,
        zone=zone,
        words=_words_of(rehearsal.pk, rehearsal.starts_at, zone),
    )
    for found in found_all:
        tallies[False].add_member(found.ours, zone=zone)
        rows += [(False, attempt) for attempt in found.ours]
        if found.live is None:
            continue
        tallies[True].add_member(found.live, zone=zone)
        before, after = path_of(found.live, zone=zone), path_of(found.ours, zone=zone)
        difference.add_member(found.member_id, ours=after, live=before)
        if before != after:
            # Kept only where somebody will ask what was different.
            rows += [(True, attempt) for attempt in found.live]
    result: dict[str, object] = {
        "ours": tallies[False].to_json(),
        "live": tallies[True].to_json() if live else None,
        "difference": difference.to_json() if live else None,
    }
    return result, rows


@dataclass(frozen=True, slots=True)
class Found:
    """What one member would get under each of the two versions."""

    member_id: int
    ours: list[Attempt]
    live: list[Attempt] | None


def attempts_of(
    member_ids: Sequence[int],
    *,
    ours: VersionPlan,
    live: VersionPlan | None,
    now: datetime,
    days: int,
    zone: ZoneInfo,
    words: Words | None = None,
) -> Iterator[Found]:
    """Each member's attempts. A version that is not live yet starts as publishing it now would."""
    ends_at = now + timedelta(days=days)
    words = words or Words(zone=zone, now=now)
    senders = threads.default_senders()
    standings = load_standings(member_ids, now=now, until=ends_at)
    futures = load_futures(member_ids, now=now, until=ends_at, zone=zone)
    looks = dict(
        Case.objects.filter(member_id__among=member_ids)
        .exclude(state=CaseState.SETTLED)
        .values_list("member_id", "next_contact_at")
    )

    def follow(view: CaseView, standing: Standing, stage: Stage) -> list[Attempt]:
        at = None
        if view.case_id and live is not None and stage.version.id == live.id:
            looked = looks.get(view.member_id)
            at = None if looked is None else max(looked, now)
        elif view.case_id:
            at = schedule.first_look(view, stage.version, now=now, zone=zone)
        future = futures.get(view.member_id, NOTHING)
        return list(simulate(view, standing, stage, starts_at=at, future=future))

    stage = Stage(ours, words, zone, now, ends_at, senders)
    views = loading.load_views(member_ids, version=ours, beside=live, now=now, zone=zone)
    if live is None or live.id == ours.id:
        for view in views:
            attempts = follow(view, standings[view.member_id], stage)
            yield Found(view.member_id, attempts, attempts if live is not None else None)
        return
    live_stage = Stage(live, words, zone, now, ends_at, senders)
    for view in views:
        standing = standings[view.member_id]
        again, seen_again = standing.copy(), view.copy()
        yield Found(
            view.member_id,
            follow(view, standing, stage),
            follow(seen_again, again, live_stage),
        )


def _compared_with(version: CadenceVersion) -> CadenceVersion | None:
    return CadenceVersion.objects.filter(cadence_id=version.cadence_id, status="live").first()


def _store(rehearsal_id: int, rows: Iterable[Row]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY cadence_rehearsedcontact"
            " (rehearsal_id, is_live, member_id, step_key, at, channel, outcome, rule) FROM STDIN"
        ) as copy,
    ):
        for is_live, each in rows:
            copy.write_row(
                (
                    rehearsal_id,
                    is_live,
                    each.member_id,
                    each.step_key,
                    each.at,
                    each.channel,
                    each.outcome.value,
                    each.rule,
                )
            )


def _finish(rehearsal_id: int) -> None:
    """Sums the parts up, once."""
    with transaction.atomic():
        rehearsal = Rehearsal.objects.select_for_update().get(pk=rehearsal_id)
        if rehearsal.finished_at is not None:
            return
        ours, live, difference = Tally(), Tally(), Difference()
        compared = rehearsal.live_version_id is not None
        for part in rehearsal.parts.order_by("number"):
            result: dict[str, Any] = part.result or {}
            ours.merge(Tally.of(result["ours"]))
            if compared:
                live.merge(Tally.of(result["live"]))
                difference.merge(Difference.of(result["difference"]))
        rehearsal.summary = summarise(
            rehearsal, ours=ours, live=live if compared else None, difference=difference if compared else None
        )
        rehearsal.status = RehearsalStatus.DONE
        rehearsal.finished_at = clock.real_now()
        rehearsal.save(update_fields=["summary", "status", "finished_at"])
        rehearsal.parts.all().delete()


def _forget_old(cadence_id: int) -> None:
    """The rows of all but the newest rehearsals; their summaries stay."""
    old = (
        Rehearsal.objects.filter(version__cadence_id=cadence_id).order_by("-pk").values_list("pk", flat=True)
    )
    for rehearsal in Rehearsal.objects.filter(Q(pk__in=list(old[KEPT:]))):
        rehearsal.contacts.all().delete()
