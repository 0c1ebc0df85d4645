from datetime import timedelta

import pytest

from cases.enums import HoldReason
from cases.services import holds
from compliance import selectors, services
from compliance.enums import ContactKind, RuleId, SwitchScope, Verdict
from compliance.models import ContactSettings, Decision, LocalHoliday
from members import services as members
from tests.compliance.builders import NOW, at
from tests.compliance.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World.build()


class TestCanWriteNow:
    def test_ordinary_member_in_ordinary_hours_may_be_written_to(self, world: World) -> None:
        result = selectors.can_write_now(member=world.member, channel="whatsapp", now=NOW)

        assert (result.verdict, result.failing) == (Verdict.ALLOW, ())
        assert Decision.objects.count() == 0

    def test_everything_that_stands_in_the_way_is_named(self, world: World) -> None:
        members.opt_out(member=world.member, channel="", source="SAIR", actor="member", now=NOW)
        holds.place(case=world.case, reason=HoldReason.PAUSE, author="user:1", now=NOW)

        result = selectors.can_write_now(member=world.member, channel="whatsapp", now=at("2026-11-24 22:00"))

        assert [each.rule for each in result.failing] == [RuleId.OPTED_OUT, RuleId.HOLD, RuleId.WINDOW]

    def test_member_without_a_contact_point_there_cannot_be_written_to(self, world: World) -> None:
        result = selectors.can_write_now(member=world.member, channel="email", now=NOW)

        assert [each.rule for each in result.failing] == [RuleId.RECIPIENT_NOT_MEMBER]

    def test_hold_of_a_promise_lets_its_reminder_pass(self, world: World) -> None:
        holds.place(case=world.case, reason=HoldReason.PROMISE, author="agent", now=NOW)

        verdicts = [
            selectors.can_write_now(member=world.member, channel="whatsapp", now=NOW, kind=kind).verdict
            for kind in (ContactKind.COLLECTION, ContactKind.COMMITMENT)
        ]

        assert verdicts == [Verdict.REFUSE, Verdict.ALLOW]


class TestNextSlot:
    def test_slot_respects_past_contacts(self, world: World) -> None:
        world.contact(NOW)

        assert selectors.next_slot(request=world.request(), now=NOW + timedelta(hours=1)) == at(
            "2026-11-26 10:00"
        )


class TestNextWindow:
    @pytest.mark.parametrize(
        ("now", "place", "opens"),
        [
            ("2026-11-24 10:00", {}, "2026-11-24 10:00"),
            ("2026-11-24 20:00", {}, "2026-11-25 09:00"),
            ("2026-11-28 10:00", {}, "2026-11-28 10:00"),
            ("2026-11-28 10:00", {"state": "RJ"}, "2026-11-30 09:00"),
            ("2026-11-24 09:00", {"state": "AC"}, "2026-11-24 11:00"),
            ("2026-11-19 19:00", {}, "2026-11-21 09:00"),
        ],
    )
    def test_window_opens_at_the_next_lawful_hour_of_the_place(
        self, world: World, now: str, place: dict[str, str], opens: str
    ) -> None:
        assert selectors.next_window(now=at(now), **place) == at(opens)

    def test_window_follows_settings_and_local_holidays(self, world: World) -> None:
        services.change_settings(settings=ContactSettings(own_hours=True, weekday="08:00-20:00"))
        LocalHoliday.objects.create(date=at("2026-11-25 00:00").date(), name="Padroeira", state="SP")

        assert selectors.next_window(now=at("2026-11-24 20:00")) == at("2026-11-26 08:00")


def test_current_stops_are_the_newest_of_each_switch(world: World) -> None:
    for scope, key, stopped in [
        (SwitchScope.ALL, "", True),
        (SwitchScope.ALL, "", False),
        (SwitchScope.CHANNEL, "whatsapp", True),
        (SwitchScope.STEP, "soft-2", False),
        (SwitchScope.STEP, "soft-2", True),
    ]:
        services.set_switch(scope=scope, key=key, stopped=stopped, reason="x", author="user:1", now=NOW)

    stops = [(each.scope, each.key) for each in selectors.current_stops(now=NOW)]

    assert stops == [(SwitchScope.STEP, "soft-2"), (SwitchScope.CHANNEL, "whatsapp")]


def test_stop_with_an_end_stands_until_then(world: World) -> None:
    services.set_switch(
        scope=SwitchScope.STATE,
        key="BR-SP",
        stopped=True,
        reason="Enchente",
        author="user:1",
        now=NOW,
        ends_at=NOW + timedelta(hours=1),
    )

    assert world.verdict(NOW) == (Verdict.REFUSE, RuleId.KILL_SWITCH)
    assert world.verdict(NOW + timedelta(hours=1)) == (Verdict.ALLOW, "")
    assert selectors.stops_in_force(now=NOW + timedelta(hours=1)) == []


def test_decisions_about_a_member_come_newest_first(world: World) -> None:
    other = World.build()
    first = services.decide(world.request(), now=NOW)
    second = services.decide(world.request(), now=NOW + timedelta(hours=1))
    services.decide(other.request(), now=NOW)

    assert list(selectors.decisions_about(world.member.pk)) == [second, first]
