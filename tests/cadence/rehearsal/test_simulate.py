"""One case through the days of a rehearsal: what is tried, when again, and what comes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from billing.models import Invoice
from cadence import aiming, loading
from cadence.engine import schedule
from cadence.enums import StepState, Trigger
from cadence.rehearsal import running
from cadence.rehearsal.simulate import Attempt
from cases.enums import HoldReason
from cases.services import holds
from commons.clock import SAO_PAULO
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, Sender
from members import services as members
from members.enums import ContactPointState
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed, live_plan
from tests.cases.world import NOW, at
from tests.factories.billing import PaymentMeansFactory
from tests.factories.members import ContactPointFactory

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def attempts(who: Followed, *, days: int = 20, now: datetime = NOW) -> list[Attempt]:
    """Under what is live, as if it were published now."""
    aiming.refresh_traits(now=now)
    (found,) = running.attempts_of(
        [who.member.pk], ours=live_plan(), live=None, now=now, days=days, zone=SAO_PAULO
    )
    return found.ours


def told(found: list[Attempt]) -> list[tuple[str, date, str, str]]:
    """Step, day, outcome and rule."""
    return [(each.step_key, day(each.at), each.outcome.value, each.rule) for each in found]


def day(instant: datetime) -> date:
    return instant.astimezone(SAO_PAULO).date()


def spread(who: Followed) -> timedelta:
    return who.member.pk * 7 % 180 * MINUTE


def left(found: list[Attempt]) -> list[tuple[str, date]]:
    return [(each.step_key, day(each.at)) for each in found if each.outcome == "allow"]


def test_schedule_is_gone_through_step_by_step():
    due = date(2026, 12, 3)  # a Thursday
    who = Followed.owing(due)

    found = attempts(who, days=40)

    assert told(found) == [
        (key, due + offset * DAY, "allow", "")
        for key, offset in (
            ("antes-3", -3),
            ("vencimento", 0),
            ("depois-2", 2),
            ("depois-7", 7),
            ("depois-15", 15),
        )
    ]


def test_what_is_due_at_once_is_spread_and_its_past_is_passed():
    who = Followed.late(8)

    (first, *rest) = attempts(who, days=5)

    assert (first.step_key, first.at, first.outcome.value, rest) == (
        "depois-7",
        NOW + spread(who),
        "allow",
        [],
    )


def test_case_that_sleeps_stays_asleep():
    who = Followed.late(100)
    aiming.refresh_traits(now=NOW)
    # Everything there is was done.
    who.plan()

    assert attempts(who) == []


class TestTriedAgain:
    def test_missing_sender_is_looked_for_every_day(self):
        who = Followed.late(2)
        Sender.objects.update(active=False)

        found = attempts(who, days=4)

        assert [(each.step_key, each.at, each.outcome.value, each.channel) for each in found] == [
            ("depois-2", NOW + spread(who) + days * DAY, "no_sender", "") for days in range(4)
        ]

    def test_missing_address_is_looked_for_every_week(self):
        who = Followed.late(20)
        members.set_contact_point_state(
            point=who.point, state=ContactPointState.INVALID, reason="x", actor="user:1", now=NOW
        )

        found = attempts(who, days=20)

        assert [(each.step_key, each.at, each.outcome.value) for each in found] == [
            ("depois-15", NOW + spread(who) + days * DAY, "no_address") for days in (0, 7, 14)
        ]

    def test_missing_text_is_looked_for_every_day(self):
        who = Followed.late(20)
        MessageTemplate.objects.update(status=TemplateStatus.PENDING)

        found = attempts(who, days=3)

        assert [(each.step_key, each.at, each.outcome.value, each.channel) for each in found] == [
            ("depois-15", NOW + spread(who) + days * DAY, "no_text", "whatsapp") for days in range(3)
        ]

    def test_hold_is_tried_again_when_it_ends(self):
        who = Followed.late(20)
        ends = at("2026-11-27 14:00")
        holds.place(case=who.case, reason=HoldReason.DISPUTE, author="agent", now=NOW, ends_at=ends)

        found = attempts(who, days=20)

        assert [(each.at, each.outcome.value, each.rule) for each in found] == [
            (NOW + spread(who), "refuse", "hold"),
            (ends, "allow", ""),
        ]

    def test_night_is_waited_for_and_the_morning_is_spread(self):
        who = Followed.late(20)
        evening = at("2026-11-24 21:00")

        first, second = attempts(who, days=5, now=evening)

        assert (first.at, first.outcome.value, first.rule) == (evening + spread(who), "defer", "window")
        assert (second.at, second.outcome.value) == (at("2026-11-25 09:00") + spread(who), "allow")


@pytest.mark.parametrize(("host", "channel"), [("correio.example", "email"), ("", "whatsapp")])
def test_channel_that_is_not_set_up_is_passed_over_as_it_really_is(
    host: str, channel: str, settings: Settings
):
    settings.MAIL_HOST = settings.MAIL_POP_HOST = host
    settings.MAIL_RETURNS = settings.MAIL_POP_USER = "retornos@academia.example"
    settings.MAIL_POP_PASSWORD = "x"
    editing.change(editing.live(), "depois-2", channels=["email", "whatsapp"])
    editing.mailbox()
    who = Followed.late(2)
    address = ContactPointFactory(member=who.member, channel="email", address="ana@exemplo.com.br")
    members.confirm_identity(point=address, now=NOW, actor="system")

    found = attempts(who, days=1)
    who.plan()

    assert [each.channel for each in found] == [channel]
    assert [each.conversation.sender.channel for each in who.messages()] == [channel]


def test_member_who_wrote_is_left_in_peace_for_a_day():
    who = Followed.late(20)
    who.hears(NOW - 20 * HOUR)

    found = attempts(who, days=5)

    assert [(each.at, each.outcome.value) for each in found] == [(NOW + 4 * HOUR, "allow")]


def test_step_for_people_is_asked_for_once_and_counts_as_done():
    editing.change(editing.live(), "depois-15", needs_person=True)
    who = Followed.late(20)

    assert told(attempts(who)) == [("depois-15", TODAY, "awaiting", "")]


def test_contacts_of_the_rehearsal_count_against_the_caps():
    for number, offset in enumerate((16, 17, 18)):
        editing.add(editing.live(), f"mais-{number}", offset_days=offset, stage="late_8_30")
    who = Followed.late(15)

    found = attempts(who, days=5)

    assert left(found)[0] == ("depois-15", TODAY)
    assert {each.rule for each in found if each.outcome.value != "allow"} != set()
    gaps = [later - earlier for (_, earlier), (_, later) in zip(left(found), left(found)[1:], strict=False)]
    assert all(gap >= DAY for gap in gaps)


def test_step_of_negotiation_moves_the_case_for_the_steps_after_it():
    version = editing.live()
    editing.change(version, "depois-7", state=StepState.NEGOTIATION)
    audience = [{"field": "state", "operator": "in", "value": ["negotiation"]}]
    editing.change(version, "depois-15", audience=audience)
    who = Followed.late(7)

    assert left(attempts(who)) == [("depois-7", TODAY), ("depois-15", TODAY + 8 * DAY)]


def test_nobody_who_is_rehearsed_reads_or_answers():
    version = editing.live()
    editing.change(
        version, "depois-15", audience=[{"field": "response", "operator": "in", "value": ["unread"]}]
    )
    who = Followed.late(7)

    assert left(attempts(who)) == [("depois-7", TODAY), ("depois-15", TODAY + 8 * DAY)]


class TestWhatTimeDoes:
    def test_invoice_that_joins_later_is_reminded_of_in_its_own_cycle(self):
        coming = TODAY + 12 * DAY  # a Sunday
        who = Followed.owing(TODAY - 20 * DAY, coming)

        assert [each for each in left(attempts(who, days=14)) if each[0] == "antes-3"] == [
            ("antes-3", coming - 3 * DAY)
        ]

    def test_case_that_does_not_exist_yet_begins_with_its_invoice(self):
        who = Followed.owing(TODAY + 9 * DAY)

        found = attempts(who, days=8)

        assert told(found) == [("antes-3", TODAY + 6 * DAY, "allow", "")]

    def test_case_falls_due_and_what_is_for_late_ones_begins(self):
        version = editing.live()
        editing.change(
            version, "depois-2", audience=[{"field": "state", "operator": "in", "value": ["soft"]}]
        )
        who = Followed.owing(TODAY)

        assert ("depois-2", TODAY + 2 * DAY) in left(attempts(who, days=4))

    def test_code_that_ends_arms_its_step(self):
        editing.only(editing.live(), "depois-2")
        editing.add(
            editing.live(), "codigo", trigger=Trigger.CODE_EXPIRED, delay_hours=24, stage="code_expired"
        )
        who = Followed.late(2)
        ends = at("2026-11-25 10:00")
        PaymentMeansFactory(invoices=list(Invoice.objects.filter(member=who.member)), expires_at=ends)

        first, *_, last = attempts(who, days=10)

        assert (first.step_key, last.step_key, last.outcome.value) == ("depois-2", "codigo", "allow")
        assert last.at >= ends + DAY


def test_nothing_is_tried_outside_of_the_days_rehearsed():
    who = Followed.owing(TODAY + 10 * DAY)

    shorter, longer = attempts(who, days=11), attempts(who, days=40)

    assert shorter == [each for each in longer if each.at < NOW + 11 * DAY]


def test_nothing_is_written_down():
    who = Followed.late(20)

    attempts(who, days=40)

    assert (who.runs(), who.messages(), who.decisions()) == ([], [], [])


def test_first_look_of_the_rehearsal_is_the_one_that_publishing_gives():
    who = Followed.late(20)
    aiming.refresh_traits(now=NOW)
    (view,) = loading.load_views([who.member.pk], version=live_plan(), now=NOW, zone=SAO_PAULO)

    expected: Any = schedule.first_look(view, live_plan(), now=NOW, zone=SAO_PAULO)

    assert attempts(who)[0].at == expected
