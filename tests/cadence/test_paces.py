"""How often people of a segment hear from us: less than policy allows, never more."""

from datetime import timedelta

import pytest

from cadence import segments
from cadence.models import PaceRule
from members.enums import MemberKind
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def pace(name: str, kind: str | None = None, **limits: int) -> PaceRule:
    """For everybody, or for one kind of member."""
    conditions = [] if kind is None else [{"field": "kind", "operator": "in", "value": [kind]}]
    segment = segments.save(name=name, conditions=conditions, author=None, now=NOW)
    return PaceRule.objects.create(
        version=editing.live(), segment=segment, audience=segment.conditions, **limits
    )


def second_contact(who: Followed, after: timedelta) -> tuple[str, str]:
    """Written to now by the step of the second day: what the gate says to the next one, `after` that."""
    if not editing.live().steps.filter(key="seguinte").exists():
        editing.change(editing.live(), "depois-7", active=False)
        days = -(-after // DAY)
        editing.add(editing.live(), "seguinte", offset_days=2 + days, stage="late_8_30")
    who.plan()
    who.plan(NOW + after)
    return who.decisions()[-1]


def test_without_a_pace_policy_alone_counts():
    who = Followed.late(2)

    assert second_contact(who, 3 * DAY) == ("allow", "")


@pytest.mark.parametrize(
    ("limits", "decision"),
    [
        ({"max_per_30d": 1}, ("defer", "max_per_30d")),
        ({"max_messages_7d": 1}, ("defer", "max_messages_7d")),
        ({"min_gap_hours": 96}, ("defer", "min_gap")),
        ({"min_gap_hours": 72}, ("allow", "")),
        ({}, ("allow", "")),
    ],
)
def test_pace_narrows_what_policy_allows(limits: dict[str, int], decision: tuple[str, str]):
    editing.live()
    pace("Todos", **limits)
    who = Followed.late(2)

    assert second_contact(who, 3 * DAY) == decision


@pytest.mark.parametrize("limits", [{"min_gap_hours": 1}, {"min_gap_hours": 0, "max_messages_7d": 50}])
def test_pace_that_would_widen_widens_nothing(limits: dict[str, int]):
    editing.live()
    pace("Todos", **limits)
    who = Followed.late(2)

    assert second_contact(who, DAY) == ("defer", "min_gap")


def test_strictest_of_several_paces_counts():
    editing.live()
    pace("Todos", max_per_30d=5)
    pace("Pessoas", MemberKind.PERSON, max_per_30d=1)
    who = Followed.late(2)

    assert second_contact(who, 3 * DAY) == ("defer", "max_per_30d")


def test_pace_of_others_is_not_ours():
    editing.live()
    pace("Empresas", MemberKind.COMPANY, max_per_30d=1)
    person, company = Followed.late(2), Followed.late(2, kind=MemberKind.COMPANY)

    assert [second_contact(who, 3 * DAY) for who in (person, company)] == [
        ("allow", ""),
        ("defer", "max_per_30d"),
    ]


def test_contact_put_off_by_a_pace_goes_out_when_its_place_is_free():
    editing.live()
    pace("Todos", max_per_30d=1)
    who = Followed.late(2)
    second_contact(who, 3 * DAY)
    again = who.case.next_contact_at

    assert again == at("2026-12-26 09:00")  # the thirtieth day is Christmas Eve
    who.plan(again)
    assert [key for key, _, outcome in who.runs() if outcome == "sent"] == ["depois-2", "depois-15"]
    assert who.runs()[-1][1] == TODAY - 2 * DAY
