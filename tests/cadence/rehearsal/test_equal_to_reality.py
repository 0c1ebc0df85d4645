"""What is rehearsed is what happens: the same contacts, at the same minute, put off and refused by the same rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadence import aiming, plans, presets, versions
from cadence.models import CadenceVersion
from cadence.presets import starting
from cadence.rehearsal import running
from cadence.rehearsal.simulate import Attempt, Outcome
from cases.models import Case
from cases.services import opening
from commons.clock import SAO_PAULO
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate
from members.models import Member
from tests.cadence import editing
from tests.cadence.rehearsal.book import MEMBERS, Drawn, bring
from tests.cadence.rehearsal.reality import Reality, Seen
from tests.cadence.world import house
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

DAYS = 25
FEW = settings(
    max_examples=5,
    deadline=None,
    # A whole book is no smaller for being shrunk, and takes its time.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
_VERDICTS = {Outcome.ALLOW: "allow", Outcome.DEFER: "defer", Outcome.REFUSE: "refuse"}
_NOT_CONTACTED = {Outcome.NO_TEXT, Outcome.NO_ADDRESS, Outcome.NO_SENDER}


@contextmanager
def undone() -> Iterator[None]:
    """What one example writes is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rehearsed(version: CadenceVersion, *, live: CadenceVersion | None, now: datetime) -> list[Seen]:
    plan = plans.plan_of(version)
    by_hand = {step.key for step in plan.steps if step.needs_person}
    ids = running.members_concerned(now=now, days=DAYS)
    found = running.attempts_of(
        ids,
        ours=plan,
        live=None if live is None else plans.plan_of(live),
        now=now,
        days=DAYS,
        zone=SAO_PAULO,
    )
    seen = (_as_seen(each, by_hand) for member in found for each in member.ours)
    return sorted(each for each in seen if each is not None)


def _as_seen(attempt: Attempt, by_hand: set[str]) -> Seen | None:
    """As reality tells it: what is only judged before a person is asked leaves no trace there."""
    if attempt.outcome in _NOT_CONTACTED:
        return Seen(attempt.member_id, attempt.at, "", "", "none")
    if attempt.outcome == Outcome.AWAITING:
        return Seen(attempt.member_id, attempt.at, attempt.step_key, "", "awaiting")
    if attempt.step_key in by_hand:
        return None
    return Seen(
        attempt.member_id,
        attempt.at,
        attempt.step_key,
        attempt.channel,
        _VERDICTS[attempt.outcome],
        attempt.rule,
    )


def prepared(drawn: list[Drawn]) -> None:
    """The house and its members, the calendar followed up to now."""
    house()
    for each in drawn:
        bring(each)
    for member in Member.objects.all():
        opening.sync_case(member_id=member.pk, now=NOW)


def approve_texts() -> None:
    MessageTemplate.objects.update(status=TemplateStatus.APPROVED)


@FEW
@given(
    drawn=st.lists(MEMBERS, min_size=6, max_size=12), preset=st.sampled_from([p.key for p in presets.all()])
)
def test_draft_does_once_published_what_was_rehearsed(drawn: list[Drawn], preset: str):
    with undone():
        prepared(drawn)
        version = starting.start_from(preset_key=preset, user=editing.person("ana"), now=NOW)
        approve_texts()
        aiming.refresh_traits(now=NOW)
        expected = rehearsed(version, live=editing.live(), now=NOW)

        _publish(version)
        reality = Reality(now=NOW, zone=SAO_PAULO)
        reality.run(until=NOW + timedelta(days=DAYS))

        assert _apart(reality.seen(), expected) == ([], [])
        assert expected


@FEW
@given(drawn=st.lists(MEMBERS, min_size=6, max_size=12), days=st.integers(0, 12))
def test_live_version_goes_on_as_rehearsed_from_any_day(drawn: list[Drawn], days: int):
    with undone():
        prepared(drawn)
        now = NOW + timedelta(days=days, minutes=1)
        Reality(now=NOW, zone=SAO_PAULO).run(until=now)
        live = editing.live()
        aiming.refresh_traits(now=now)
        expected = rehearsed(live, live=live, now=now)

        reality = Reality(now=now, zone=SAO_PAULO)
        reality.run(until=now + timedelta(days=DAYS))

        assert _apart(reality.seen(), expected) == ([], [])


def _apart(happened: list[Seen], expected: list[Seen]) -> tuple[list[Seen], list[Seen]]:
    """What only happened, and what was only rehearsed; of both the first of each member."""
    only, missing = Counter(happened) - Counter(expected), Counter(expected) - Counter(happened)
    return _first_of_each(only), _first_of_each(missing)


def _first_of_each(seen: Iterable[Seen]) -> list[Seen]:
    first: dict[int, Seen] = {}
    for each in sorted(seen):
        first.setdefault(each.member_id, each)
    return list(first.values())


def _publish(version: CadenceVersion) -> None:
    """A second person puts it on air; everybody is aimed at it at once."""
    editing.rehearse(version)
    versions.submit(version_id=version.pk, user=editing.person("bia"), now=NOW)
    versions.publish(version_id=version.pk, user=editing.person("caio"), now=NOW)
    for part in aiming.parts():
        aiming.aim(member_ids=part, now=NOW)
    assert Case.objects.exists()
