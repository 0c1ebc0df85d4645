"""What a member prefers reaches the gate: of one, and of many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance import services
from compliance.packs.windows import Window
from compliance.preferred import preferred_hours
from compliance.standing import load_standings
from members.enums import PreferenceSource
from members.models import Member
from members.preferences import Preference
from members.services import set_preference
from tests.compliance.builders import BR, NOW, at
from tests.compliance.world import World
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def _prefers(member: Member, **hours: str) -> None:
    set_preference(member=member, source=PreferenceSource.DECLARED, actor="user:1", now=NOW, **hours)


def test_member_who_said_nothing_has_no_wish() -> None:
    assert preferred_hours(Preference(channel="email"), pack=BR, state="SP") is None


def test_kind_of_day_left_out_keeps_what_the_place_could_allow() -> None:
    wish = preferred_hours(Preference(weekday_hours="18:00-22:00"), pack=BR, state="SP")

    assert wish == Window.parse(weekday="18:00-22:00", saturday="08:00-14:00")


def test_never_on_saturdays_is_a_wish_for_saturdays_alone() -> None:
    wish = preferred_hours(Preference(saturday_hours="none"), pack=BR, state="SP")

    assert wish == Window.parse(weekday="08:00-20:00")


def test_step_waits_for_the_hours_the_member_asked_for() -> None:
    world = World.build()
    _prefers(world.member, weekday_hours="14:00-18:00")

    decision = services.decide(world.request(), now=NOW)

    assert (decision.rule, decision.until) == ("window", at("2026-11-24 14:00"))
    assert decision.sentence == (
        "Fora do horário que o membro pediu (seg a sex 14:00-18:00; sáb 09:00-13:00; dom sem contato)."
    )


def test_wishes_of_many_cost_one_query() -> None:
    World.build()
    some = [MemberFactory() for _ in range(6)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            load_standings([member.pk for member in some], now=NOW, until=NOW)
        return len(seen)

    before = queries()
    for member in some:
        _prefers(member, weekday_hours="14:00-18:00")

    assert queries() == before
