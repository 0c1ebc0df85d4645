"""Through what a step reaches the member: in its order, the member's own choice first, never a dead address."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from commons.models import HistoryEntry
from conversations import signals as conversations
from conversations.enums import MessageState
from conversations.models import Message, MessageTemplate, Sender
from conversations.outbox import refund
from members import services as members
from members.enums import Channel, ContactPointState, PreferenceSource
from members.models import ContactPoint
from tests.cadence import editing
from tests.cadence.world import Followed, house
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings: Settings) -> None:
    """The environment has all that e-mail needs; nobody is called here."""
    settings.MAIL_HOST = settings.MAIL_POP_HOST = "correio.example"
    settings.MAIL_RETURNS = settings.MAIL_POP_USER = "retornos@academia.example"
    settings.MAIL_POP_PASSWORD = "x"


BOTH = [Channel.WHATSAPP.value, Channel.EMAIL.value]
UNUSABLE = [ContactPointState.INVALID, ContactPointState.BLOCKED, ContactPointState.WRONG]


def member(*, channels: list[str], by_mail: bool = True, mailbox: bool = True, **changes: Any) -> Followed:
    """Two days late, with a number and (unless `by_mail` says no) an address; the step has these channels."""
    house()
    if mailbox:
        editing.mailbox()
    editing.change(editing.live(), "depois-2", channels=channels)
    who = Followed.late(2, **changes)
    if by_mail:
        point = ContactPointFactory(member=who.member, channel=Channel.EMAIL, address="ana@exemplo.com.br")
        members.confirm_identity(point=point, now=NOW, actor="system")
    return who


def lost(who: Followed, state: ContactPointState = ContactPointState.INVALID) -> None:
    members.set_contact_point_state(point=who.point, state=state, reason="x", actor="user:1", now=NOW)


def prefers(who: Followed, channel: Channel) -> None:
    members.set_preference(
        member=who.member, source=PreferenceSource.DECLARED, actor="member", now=NOW, channel=channel
    )


def reached(who: Followed) -> list[str]:
    """The channels that were written through."""
    return [message.conversation.sender.channel for message in who.messages()]


def why_not(who: Followed) -> str:
    lines = HistoryEntry.objects.filter(member_id=who.member.pk, kind="cadence.not_contacted")
    return lines.latest("pk").sentence


class TestFallback:
    def test_first_channel_of_the_step_where_the_member_can_be_reached(self):
        who = member(channels=BOTH)

        who.plan()

        assert reached(who) == [Channel.WHATSAPP]

    @pytest.mark.parametrize("state", UNUSABLE)
    def test_number_that_cannot_be_used_gives_way_to_the_address(self, state: ContactPointState):
        who = member(channels=BOTH)
        lost(who, state)

        who.plan()

        (message,) = who.messages()
        assert (reached(who), message.conversation.contact_point) == (
            [Channel.EMAIL],
            ContactPoint.objects.get(member=who.member, channel=Channel.EMAIL),
        )
        assert who.decisions() == [("allow", "")]
        assert [outcome for _, _, outcome in who.runs()] == ["sent"]

    def test_number_of_ours_that_stopped_gives_way_too(self):
        who = member(channels=BOTH)
        Sender.objects.filter(channel=Channel.WHATSAPP).update(active=False)

        who.plan()

        assert reached(who) == [Channel.EMAIL]

    def test_without_a_sender_for_it_the_address_is_of_no_use(self):
        who = member(channels=BOTH, mailbox=False)
        lost(who)

        again = who.plan()

        assert (reached(who), again) == ([], NOW + timedelta(days=1))
        assert why_not(who) == "Sem contato: não há número de envio ativo."

    def test_step_for_one_channel_goes_through_no_other(self):
        who = member(channels=[Channel.WHATSAPP.value])
        lost(who)

        again = who.plan()

        assert (reached(who), again) == ([], NOW + timedelta(days=7))
        assert why_not(who) == "Sem contato: não há contato utilizável."

    def test_member_without_an_address_is_not_reached_by_mail(self):
        who = member(channels=BOTH, by_mail=False)
        lost(who)

        who.plan()

        assert why_not(who) == "Sem contato: não há contato utilizável."


class TestPreference:
    def test_own_choice_comes_before_the_order_of_the_step(self):
        who = member(channels=BOTH)
        prefers(who, Channel.EMAIL)

        who.plan()

        assert reached(who) == [Channel.EMAIL]

    def test_choice_that_the_step_does_not_have_changes_nothing(self):
        who = member(channels=[Channel.WHATSAPP.value])
        prefers(who, Channel.EMAIL)

        who.plan()

        assert reached(who) == [Channel.WHATSAPP]

    def test_chosen_channel_that_is_lost_gives_way_to_the_next(self):
        who = member(channels=BOTH)
        prefers(who, Channel.WHATSAPP)
        lost(who)

        who.plan()

        assert reached(who) == [Channel.EMAIL]

    def test_contacts_of_both_channels_share_one_gap(self):
        who = member(channels=BOTH)
        who.plan()
        lost(who)
        editing.add(editing.live(), "depois-3", offset_days=3, stage="late_1_7", channels=BOTH)

        again = who.plan(NOW + timedelta(days=1))

        assert (reached(who), again) == ([Channel.WHATSAPP], NOW + timedelta(days=2))
        assert who.decisions() == [("allow", ""), ("defer", "min_gap")]


class TestNotArrived:
    """What the provider says of the message decides, not what we believe of the address."""

    @staticmethod
    def fails(who: Followed, *, later: timedelta = timedelta(minutes=10)) -> None:
        """The provider tells that the newest message did not arrive."""
        newest = Message.objects.filter(conversation__member=who.member, direction="out").latest("pk")
        Message.objects.filter(pk=newest.pk).update(state=MessageState.FAILED)
        refund.if_nothing_left(newest, now=NOW + later)
        conversations.message_failed.send(
            sender=Message, message_id=newest.pk, case_id=newest.case_id, code="131026", now=NOW + later
        )

    def test_message_that_did_not_arrive_is_sent_through_the_next_channel_at_once(self):
        who = member(channels=BOTH)
        who.plan()

        self.fails(who)
        assert who.case.next_contact_at == NOW + timedelta(minutes=10)
        who.plan(NOW + timedelta(minutes=10))

        assert reached(who) == [Channel.WHATSAPP, Channel.EMAIL]
        assert [outcome for _, _, outcome in who.runs()] == ["sent"]
        assert who.decisions() == [("allow", ""), ("allow", "")]

    def test_when_no_channel_is_left_the_step_is_over(self):
        who = member(channels=BOTH)
        for minutes in (0, 10, 20, 30):
            who.plan(NOW + timedelta(minutes=minutes))
            self.fails(who, later=timedelta(minutes=minutes + 5))

        assert reached(who) == [Channel.WHATSAPP, Channel.EMAIL]

    def test_member_without_another_address_is_not_written_to_again(self):
        who = member(channels=BOTH, by_mail=False)
        who.plan()

        self.fails(who)
        who.plan(NOW + timedelta(minutes=10))

        assert reached(who) == [Channel.WHATSAPP]

    def test_next_step_begins_with_the_first_channel_again(self):
        who = member(channels=BOTH)
        editing.change(editing.live(), "depois-7", channels=BOTH)
        who.plan()
        self.fails(who)
        who.plan(NOW + timedelta(minutes=10))

        who.plan(NOW + timedelta(days=6))

        assert reached(who) == [Channel.WHATSAPP, Channel.EMAIL, Channel.WHATSAPP]


class TestNoWords:
    def test_template_without_words_for_the_first_channel_gives_way_to_the_next(self):
        who = member(channels=[Channel.EMAIL.value, Channel.WHATSAPP.value])
        MessageTemplate.objects.update(email_subject="", email_body="")

        who.plan()

        assert reached(who) == [Channel.WHATSAPP]
