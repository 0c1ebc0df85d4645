"""Steps armed by what a member does: in time, once in a cycle, and never into a conversation that is alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from billing.models import Invoice, PaymentMeans
from billing.services import means
from cadence.enums import StepOutcome, Trigger
from cases.enums import CaseState
from conversations.enums import MessageState
from conversations.models import Message
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, World
from tests.conversations import deliveries
from tests.factories.billing import PaymentMeansFactory

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENT = StepOutcome.SENT.value
DUE = TODAY - 2 * DAY
NUMBER = "100"


@pytest.fixture(autouse=True)
def _signed(settings: Settings) -> None:
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]


def armed(key: str, trigger: Trigger, **values: Any) -> None:
    """The live régua gets a step that waits for this; its calendar ends with the second day."""
    editing.only(editing.live(), "antes-3", "vencimento", "depois-2")
    editing.add(
        editing.live(), key, trigger=trigger, **{"stage": "read_no_reply", "delay_hours": 48} | values
    )


def follow(days: int = 2) -> Followed:
    """Late, written to by the step of the second day, and with nothing else to come."""
    who = Followed.late(days)
    who.plan()
    assert who.case.next_contact_at is None
    return who


def read(who: Followed, at: datetime, *, now: datetime | None = None) -> None:
    """The member reads what we sent last; told by the provider."""
    newest = Message.objects.filter(conversation__member=who.member, direction="out").latest("pk")
    Message.objects.filter(pk=newest.pk).update(
        provider_id=f"wamid.{newest.pk}", state=MessageState.DELIVERED
    )
    status = deliveries.status(f"wamid.{newest.pk}", "read", at=at, number=NUMBER)
    deliveries.deliver(status, now=now or at)


def writes(who: Followed, at: datetime, text: str = "vou ver") -> None:
    wa_id = who.point.address.removeprefix("+")
    deliveries.deliver(deliveries.inbound(wa_id=wa_id, text=text, at=at, number=NUMBER), now=at)


def code(who: Followed, *, ends: datetime) -> PaymentMeans:
    """A Pix code for what is late, valid until `ends`."""
    return PaymentMeansFactory(
        invoices=list(Invoice.objects.filter(member=who.member).order_by("pk")[:1]), expires_at=ends
    )


def looks(who: Followed, moment: datetime) -> bool:
    """Whether the planner looks in the minutes after `moment`, over which members are spread."""
    at = who.case.next_contact_at
    return at is not None and moment <= at < moment + 180 * timedelta(minutes=1)


def sent(who: Followed) -> list[str]:
    return [key for key, _, outcome in who.runs() if outcome == SENT]


class TestRead:
    def test_reading_makes_the_planner_look_when_the_step_may_go_out(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()

        read(who, NOW + HOUR)

        assert looks(who, NOW + 49 * HOUR)
        who.plan(NOW + 52 * HOUR)
        assert who.runs() == [("depois-2", DUE, SENT), ("leu", DUE, SENT)]

    def test_looked_at_too_early_it_waits_for_its_moment(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        read(who, NOW + HOUR)

        assert (who.plan(NOW + 48 * HOUR), sent(who)) == (NOW + 49 * HOUR, ["depois-2"])

    def test_once_in_its_cycle_however_often_it_is_read(self):
        armed("leu", Trigger.READ)
        who = follow()
        read(who, NOW + HOUR)
        who.plan(NOW + 52 * HOUR)
        read(who, NOW + 53 * HOUR)

        who.plan(NOW + 102 * HOUR)

        assert sent(who) == ["depois-2", "leu"]

    def test_who_answered_after_reading_is_not_asked_whether_they_read(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        read(who, NOW + HOUR)
        writes(who, NOW + 2 * HOUR)

        who.plan(NOW + 52 * HOUR)

        assert sent(who) == ["depois-2"]

    def test_reading_another_step_arms_nothing(self):
        armed("leu", Trigger.READ, after_key="vencimento")
        who = follow()

        read(who, NOW + HOUR)

        assert who.case.next_contact_at is None
        who.plan(NOW + 52 * HOUR)
        assert sent(who) == ["depois-2"]

    @pytest.mark.parametrize(("hours", "keys"), [(71, ["depois-2", "leu"]), (73, ["depois-2"])])
    def test_reading_of_long_ago_arms_nothing_any_more(self, hours: int, keys: list[str]):
        armed("leu", Trigger.READ, after_key="depois-2", delay_hours=24)
        who = follow()
        read(who, NOW + HOUR)

        who.plan(NOW + (25 + hours) * HOUR)

        assert sent(who) == keys

    def test_only_the_first_word_of_a_reading_counts(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        read(who, NOW + HOUR)
        first = who.case.next_contact_at

        read(who, NOW + 30 * HOUR)

        assert (who.case.next_contact_at, looks(who, NOW + 49 * HOUR)) == (first, True)

    def test_delivery_alone_wakes_nobody(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        newest = who.messages()[-1]
        Message.objects.filter(pk=newest.pk).update(provider_id="wamid.9", state=MessageState.SENT)

        deliveries.deliver(deliveries.status("wamid.9", "delivered", at=NOW + HOUR, number=NUMBER), now=NOW)

        assert who.case.next_contact_at is None

    def test_what_a_person_wrote_and_was_read_arms_nothing(self):
        armed("leu", Trigger.READ)
        who = follow()
        Message.objects.filter(conversation__member=who.member).update(author="user:1")

        read(who, NOW + HOUR)

        assert who.case.next_contact_at is None

    def test_earlier_look_stays_where_it_is(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        type(who.case).objects.update(next_contact_at=NOW + 2 * HOUR)

        read(who, NOW + HOUR)

        assert who.case.next_contact_at == NOW + 2 * HOUR

    def test_settled_case_is_not_woken(self):
        armed("leu", Trigger.READ, after_key="depois-2")
        who = follow()
        type(who.case).objects.update(state=CaseState.SETTLED)

        read(who, NOW + HOUR)

        assert who.case.next_contact_at is None

    def test_without_a_step_that_waits_for_it_nobody_looks(self):
        editing.only(editing.live(), "antes-3", "vencimento", "depois-2")
        who = follow()

        read(who, NOW + HOUR)

        assert who.case.next_contact_at is None


class TestCodeExpired:
    ENDS = NOW + 14 * HOUR

    def test_end_of_a_code_makes_the_planner_look(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=36)
        who = follow()
        code(who, ends=self.ENDS)

        assert means.expire_means(now=self.ENDS) == 1

        assert looks(who, self.ENDS + 36 * HOUR)
        who.plan(self.ENDS + 38 * HOUR)
        assert who.runs() == [("depois-2", DUE, SENT), ("codigo", DUE, SENT)]
        assert "passou do prazo e não vale mais" in who.messages()[-1].body

    def test_code_that_still_holds_arms_nothing(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=1)
        who = follow()
        code(who, ends=self.ENDS)

        assert means.expire_means(now=self.ENDS - HOUR) == 0

        assert who.case.next_contact_at is None

    def test_who_has_a_newer_code_needs_no_word_about_the_old_one(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=36)
        who = follow()
        code(who, ends=self.ENDS)
        means.expire_means(now=self.ENDS)
        code(who, ends=self.ENDS + 60 * HOUR)

        who.plan(self.ENDS + 38 * HOUR)

        assert sent(who) == ["depois-2"]

    def test_code_of_an_invoice_that_was_paid_is_no_reason_to_write_about_another(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=36)
        who = Followed.owing(DUE, TODAY - 3 * DAY)
        who.plan()
        code(who, ends=self.ENDS)
        World(who.member, []).pay("122.32", invoice=Invoice.objects.order_by("pk").first())
        means.expire_means(now=self.ENDS)

        who.plan(self.ENDS + 38 * HOUR)

        assert sent(who) == ["depois-2"]

    def test_many_codes_of_one_day_are_spread(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=36)
        book = [follow() for _ in range(4)]
        for who in book:
            code(who, ends=self.ENDS)

        assert means.expire_means(now=self.ENDS) == 4

        assert [looks(who, self.ENDS + 36 * HOUR) for who in book] == [True] * 4
        assert len({who.case.next_contact_at for who in book}) == 4

    def test_expired_again_nothing_is_told_twice(self):
        armed("codigo", Trigger.CODE_EXPIRED, stage="code_expired", delay_hours=36)
        who = follow()
        code(who, ends=self.ENDS)
        means.expire_means(now=self.ENDS)
        type(who.case).objects.update(next_contact_at=None)

        assert means.expire_means(now=self.ENDS + HOUR) == 0

        assert who.case.next_contact_at is None


class TestReplied:
    def test_answer_makes_the_planner_look_when_the_conversation_has_stopped(self):
        armed("parou", Trigger.REPLIED, stage="late_8_30", delay_hours=72)
        who = follow()

        writes(who, NOW + HOUR)

        assert looks(who, NOW + 73 * HOUR)
        who.plan(NOW + 76 * HOUR)
        assert who.runs() == [("depois-2", DUE, SENT), ("parou", DUE, SENT)]

    def test_counted_from_the_last_answer(self):
        armed("parou", Trigger.REPLIED, stage="late_8_30", delay_hours=72)
        who = follow()
        writes(who, NOW + HOUR)
        writes(who, NOW + 30 * HOUR)

        assert (who.plan(NOW + 76 * HOUR), sent(who)) == (NOW + 102 * HOUR, ["depois-2"])

    def test_while_the_conversation_is_alive_the_step_waits_though_its_hours_are_over(self):
        armed("parou", Trigger.REPLIED, stage="late_8_30", delay_hours=1)
        who = follow()
        writes(who, NOW + 47 * HOUR)

        assert (who.plan(NOW + 49 * HOUR), sent(who)) == (NOW + 71 * HOUR, ["depois-2"])
        who.plan(NOW + 71 * HOUR)
        assert sent(who) == ["depois-2", "parou"]

    def test_stranger_wakes_nobody(self):
        armed("parou", Trigger.REPLIED, stage="late_8_30", delay_hours=72)
        who = follow()

        deliveries.deliver(
            deliveries.inbound(wa_id="5511900000099", text="oi", at=NOW, number=NUMBER), now=NOW
        )

        assert who.case.next_contact_at is None


def test_nothing_armed_is_sent_before_anything_is_late():
    armed("leu", Trigger.READ, delay_hours=1)
    who = Followed.owing(TODAY)
    who.plan()
    read(who, NOW + HOUR)

    who.plan(NOW + 3 * HOUR)

    assert sent(who) == ["vencimento"]
