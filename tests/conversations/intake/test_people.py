"""Who writes, and what the words of some do at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import threads
from conversations.enums import ConversationState, Direction, MessageState, Owner
from conversations.models import AgentRun, Conversation, Message, Sender
from conversations.turns import runner
from members import selectors as members
from members.enums import AliasKind, Channel, ContactPointState
from members.models import Alias, ContactPoint
from tests.conversations import deliveries
from tests.conversations.world import HOURS, NOW, Talk, bare_point, make_sender
from tests.factories.commons import OrganisationFactory

AFTER = NOW + timedelta(seconds=6)


class TestIdentification:
    """One line, four names: the phone with and without its ninth digit, the wa_id, the business-scoped id."""

    ADDRESS = "+5511987654321"

    @pytest.fixture
    def point(self, now: None) -> ContactPoint:
        make_sender()
        return bare_point(self.ADDRESS)

    @pytest.mark.parametrize("wa_id", ["5511987654321", "551187654321"])
    def test_phone_with_or_without_the_ninth_digit_is_the_member(
        self, point: ContactPoint, wa_id: str
    ) -> None:
        deliveries.deliver(deliveries.inbound(wa_id=wa_id, at=NOW, text="oi"), now=NOW)

        assert Conversation.objects.get().contact_point_id == point.pk
        assert Alias.objects.get(kind=AliasKind.WA_ID).value == wa_id

    def test_business_scoped_id_learned_with_the_phone_is_enough_afterwards(
        self, point: ContactPoint
    ) -> None:
        deliveries.deliver(
            deliveries.inbound(wa_id="551187654321", user_id="BR.77", at=NOW, text="oi"), now=NOW
        )

        deliveries.deliver(deliveries.inbound(user_id="BR.77", at=NOW, text="sem número"), now=NOW)

        conversation = Conversation.objects.get()
        assert (conversation.contact_point_id, conversation.messages.count()) == (point.pk, 2)

    def test_fixed_line_gets_no_ninth_digit(self, now: None) -> None:
        make_sender()
        bare_point("+551132654321")

        deliveries.deliver(deliveries.inbound(wa_id="5511932654321", at=NOW, text="oi"), now=NOW)

        assert Conversation.objects.get().contact_point_id is None

    def test_second_claimant_of_a_number_never_gets_its_conversation(self, point: ContactPoint) -> None:
        other = bare_point("+5511900000099")
        ContactPoint.objects.filter(pk=other.pk).update(
            address_hash=point.address_hash, match_hash=point.match_hash, state=ContactPointState.SHARED
        )

        deliveries.deliver(deliveries.inbound(wa_id="5511987654321", at=NOW, text="oi"), now=NOW)

        assert Conversation.objects.get().member_id == point.member_id

    def test_number_of_ours_that_nobody_set_up_is_kept_inactive(self, point: ContactPoint) -> None:
        deliveries.deliver(
            deliveries.inbound(wa_id="5511987654321", at=NOW, text="oi", number="777"), now=NOW
        )

        assert Sender.objects.get(provider_id="777").active is False
        assert Message.objects.get().conversation.sender.provider_id == "777"


class TestStranger:
    @pytest.fixture(autouse=True)
    def house(self, now: None) -> None:
        OrganisationFactory(support_hours=HOURS)
        make_sender()

    def _writes(self, text: str, **who: str) -> Conversation:
        deliveries.deliver(deliveries.inbound(at=NOW, text=text, **who), now=NOW)
        runner.run_turn(conversation_id=Conversation.objects.get().pk, now=AFTER)
        return Conversation.objects.get()

    @pytest.mark.parametrize("who", [{"wa_id": "5531977776666"}, {"user_id": "BR.4711"}])
    def test_gets_a_neutral_answer(self, who: dict[str, str]) -> None:
        conversation = self._writes("quanto eu devo de mensalidade?", **who)

        (reply,) = Message.objects.filter(direction=Direction.OUT)
        assert conversation.member_id is None
        assert "Não encontrei este número no nosso cadastro" in reply.body
        assert [word for word in ("deve", "fatura", "mensalidade", "R$") if word in reply.body] == []
        assert (reply.state, reply.decision.verdict) == (MessageState.PLANNED, "allow")

    def test_two_strangers_have_two_conversations_and_each_keeps_theirs(self) -> None:
        for wa_id in ("5531977776666", "5531977775555", "5531977776666"):
            deliveries.deliver(deliveries.inbound(wa_id=wa_id, at=NOW, text="oi"), now=NOW)

        assert sorted(c.messages.count() for c in Conversation.objects.all()) == [1, 2]


class TestReflexes:
    """What acts before any model: no run of the agent exists afterwards."""

    @pytest.mark.parametrize(
        ("text", "channels"),
        [("PARE", {"whatsapp"}), ("não quero mais receber mensagens", {"whatsapp"}), ("sair", {"whatsapp"})],
    )
    def test_plain_opt_out_holds_at_once(self, talk: Talk, text: str, channels: set[str]) -> None:
        (planned,) = talk.plans()

        talk.writes(text)

        planned.refresh_from_db()
        conversation = talk.fresh()
        (answer,) = Message.objects.filter(direction=Direction.OUT, author="system")
        assert members.opted_out_channels(talk.world.member) == channels
        assert planned.state == MessageState.CANCELLED
        assert answer.body.startswith("Pronto, não vamos mais enviar mensagens por aqui.")
        assert (conversation.state, conversation.turn_due_at) == (ConversationState.CLOSED, None)
        assert AgentRun.objects.count() == 0

    @pytest.mark.parametrize("choice", ["opt_out", "nao_receber"])
    def test_opt_out_button_holds_at_once(self, talk: Talk, choice: str) -> None:
        talk.taps("Não receber mais", choice)

        assert members.is_opted_out(talk.world.member, channel=Channel.WHATSAPP)
        assert Message.objects.filter(direction=Direction.OUT, author="system").count() == 1

    def test_opt_out_while_a_person_has_the_conversation_holds_all_the_same(self, talk: Talk) -> None:
        Conversation.objects.filter(pk=talk.conversation.pk).update(owner=Owner.PERSON)

        talk.writes("PARE")

        assert members.is_opted_out(talk.world.member, channel=Channel.WHATSAPP)

    @pytest.mark.parametrize(
        "text", ["para quando vence?", "pode parar na portaria?", "vou sair do trabalho às 6"]
    )
    def test_words_that_only_look_like_it_are_left_to_the_agent(self, talk: Talk, text: str) -> None:
        talk.writes(text)

        assert members.opted_out_channels(talk.world.member) == set()
        assert talk.fresh().turn_due_at == AFTER

    @pytest.mark.parametrize(("title", "choice"), [("Não sou", "nao_sou"), ("Não sou eu", "xyz")])
    def test_not_me_button_takes_the_number_out_and_apologises(
        self, unconfirmed: Talk, title: str, choice: str
    ) -> None:
        (planned,) = unconfirmed.plans()

        unconfirmed.taps(title, choice)

        planned.refresh_from_db()
        (answer,) = Message.objects.filter(direction=Direction.OUT, author="system")
        assert unconfirmed.point.state == ContactPointState.WRONG
        assert (planned.state, answer.state) == (MessageState.CANCELLED, MessageState.PLANNED)
        assert answer.body.startswith("Desculpe o engano")
        assert [
            word for word in ("fatura", "aberto", unconfirmed.world.member.name) if word in answer.body
        ] == []
        assert AgentRun.objects.count() == 0

    def test_not_me_button_of_a_confirmed_member_is_a_matter_for_the_agent(self, talk: Talk) -> None:
        talk.taps("Não sou", "nao_sou")

        assert talk.point.state == ContactPointState.CONFIRMED
        assert talk.fresh().turn_due_at == AFTER

    def test_words_that_deny_being_the_member_are_no_button(self, unconfirmed: Talk) -> None:
        unconfirmed.writes("não sou")

        assert unconfirmed.point.state == ContactPointState.UNVERIFIED


class TestArrival:
    def test_window_opens_for_a_day_from_when_it_was_sent(self, talk: Talk) -> None:
        sent = NOW - timedelta(minutes=20)
        deliveries.deliver(deliveries.inbound(wa_id=talk.wa_id, at=sent, text="oi"), now=NOW)

        conversation = talk.fresh()
        assert conversation.window_closes_at == sent + timedelta(hours=24)
        assert (conversation.waiting_since, conversation.turn_due_at) == (NOW, AFTER)

    def test_older_message_that_comes_later_does_not_shorten_the_window(self, talk: Talk) -> None:
        talk.writes("agora")
        deliveries.deliver(
            deliveries.inbound(wa_id=talk.wa_id, at=NOW - timedelta(hours=2), text="antes"), now=NOW
        )

        assert talk.fresh().window_closes_at == NOW + timedelta(hours=24)

    def test_stale_message_is_stored_and_not_answered(self, talk: Talk) -> None:
        stale = NOW - timedelta(hours=12, seconds=1)
        deliveries.deliver(
            deliveries.inbound(wa_id=talk.wa_id, at=stale, text="não quero mais mensagens"), now=NOW
        )

        assert Message.objects.get(direction=Direction.IN).at == stale
        assert talk.fresh().turn_due_at is None

    def test_reaction_arms_nothing(self, talk: Talk) -> None:
        deliveries.deliver(
            deliveries.inbound(
                wa_id=talk.wa_id, at=NOW, type="reaction", reaction={"message_id": "wamid.X", "emoji": "👍"}
            ),
            now=NOW,
        )

        conversation = talk.fresh()
        assert (conversation.turn_due_at, conversation.waiting_since) == (None, None)
        assert Message.objects.get(direction=Direction.IN).content["emoji"] == "👍"

    def test_closed_conversation_opens_again(self, talk: Talk) -> None:
        Conversation.objects.filter(pk=talk.conversation.pk).update(state=ConversationState.CLOSED)

        talk.writes("oi de novo")

        assert talk.fresh().state == ConversationState.OPEN

    def test_tap_keeps_what_was_tapped_and_on_which_message(self, talk: Talk) -> None:
        (asked,) = talk.plans()
        Message.objects.filter(pk=asked.pk).update(state=MessageState.SENT, provider_id="wamid.ASKED")
        update = deliveries.tap("Quero o Pix", "menu:pix", wa_id=talk.wa_id, at=NOW)
        update[1]["messages"][0]["context"] = {"id": "wamid.ASKED"}

        deliveries.deliver(update, now=NOW)

        tapped = Message.objects.get(direction=Direction.IN)
        assert (tapped.body, tapped.content, tapped.reply_to) == (
            "Quero o Pix",
            {"choice": "menu:pix", "type": "interactive"},
            asked,
        )


def test_someone_of_ours_who_answers_from_the_phone_stops_the_agent(talk: Talk) -> None:
    talk.writes("oi")
    echo = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": deliveries.NUMBER},
        "message_echoes": [
            {
                "id": "wamid.ECHO",
                "from": "551130030000",
                "to": talk.wa_id,
                "type": "text",
                "timestamp": str(int(NOW.timestamp())),
                "text": {"body": "Oi Ana, é o João"},
            }
        ],
    }

    deliveries.deliver(("smb_message_echoes", echo), now=NOW)

    conversation = talk.fresh()
    written = Message.objects.get(author="phone")
    assert (conversation.owner, conversation.operator, conversation.epoch) == (Owner.PERSON, None, 1)
    assert (written.body, conversation.turn_due_at) == ("Oi Ana, é o João", None)
    assert talk.after_debounce() == []


def test_default_sender_is_the_first_active_one(now: None) -> None:
    first = make_sender()
    second = Sender.objects.create(provider_id="888", name="Segundo")
    assert threads.default_sender() == first

    Sender.objects.filter(pk=first.pk).update(active=False)
    assert threads.default_sender() == second
