"""From the outbox to the simulated WhatsApp: order, last look, and what every kind of failure leads to."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from commons import clock
from commons.history import first_broken_line
from compliance import services as compliance
from compliance.content.facts import FactSet
from compliance.enums import ContactKind, SwitchScope
from compliance.models import ContactLedgerEntry, Decision
from conversations.channels.base import Text
from conversations.enums import MessageState
from conversations.models import Conversation, Message, Sender
from conversations.outbox import correlation, dispatch
from conversations.turns import runner
from members import services as members
from members.enums import AliasKind
from members.models import Alias
from tests.compliance import builders
from tests.conversations.network import Network
from tests.conversations.world import HOURS, NOW, Talk, another_talk, make_sender
from tests.factories.commons import OrganisationFactory

MINUTE = timedelta(minutes=1)


def counted(talk: Talk) -> int:
    """How many contacts of ours (thanks for payments aside) stand in the member's ledger."""
    entries = ContactLedgerEntry.objects.filter(member=talk.world.member, outcome="sent", refund=None)
    return entries.exclude(kind=ContactKind.RECEIPT).count()


def send(now: object = NOW) -> int:
    return dispatch.dispatch_due(now=now)  # type: ignore[arg-type]


class TestSuccess:
    def test_message_reaches_the_member_with_our_correlation(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        assert send() == 1

        planned.refresh_from_db()
        (taken,) = network.received()
        assert taken["biz_opaque_callback_data"] == correlation.of(planned.pk)
        assert network.texts(reachable) == [planned.body]
        assert (planned.state, planned.attempts, planned.claimed_until) == (MessageState.ACCEPTED, 1, None)

    def test_statuses_carry_it_up_to_read(self, reachable: Talk, planned: Message, network: Network) -> None:
        send()
        network.pass_on()
        network.tell("read", phone=reachable.world.point.address)
        network.pass_on()

        planned.refresh_from_db()
        assert planned.state == MessageState.READ
        assert planned.pricing["category"] == "utility"

    def test_wa_id_of_the_answer_is_learned(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        Alias.objects.all().delete()

        send()

        assert Alias.objects.get(kind=AliasKind.WA_ID).contact_point_id == reachable.world.point.pk

    def test_sent_once_it_is_not_sent_again(self, planned: Message, network: Network) -> None:
        assert [send(), send(NOW + timedelta(days=1))] == [1, 0]
        assert len(network.received()) == 1

    def test_nothing_leaves_before_its_time(self, planned: Message, network: Network) -> None:
        Message.objects.filter(pk=planned.pk).update(send_at=NOW + MINUTE)

        assert [send(), send(NOW + MINUTE)] == [0, 1]

    def test_stranger_who_hides_the_phone_is_answered_by_id(self, now: None, network: Network) -> None:
        OrganisationFactory(support_hours=HOURS)
        make_sender()
        network.tell(
            "seed", people=[{"phone": "+5521999990000", "name": "Bia", "bsuid": "BR.77", "hide_phone": True}]
        )
        network.tell("inbound", phone="+5521999990000", text="oi")
        network.pass_on()
        runner.run_turn(conversation_id=Conversation.objects.get().pk, now=NOW + timedelta(seconds=6))

        assert send(NOW + MINUTE) == 1

        assert [taken["recipient"] for taken in network.received()] == ["BR.77"]

    def test_member_known_by_id_only_is_reached_by_it(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        network.tell(
            "seed", people=[{"phone": "+5521999990000", "name": "Bia", "bsuid": "BR.77", "hide_phone": True}]
        )
        point = reachable.point
        point.address = ""
        point.save(update_fields=["address"])
        Alias.objects.all().delete()
        members.learn_alias(point=point, kind=AliasKind.USER_ID, value="BR.77", now=NOW)

        send()

        assert network.received()[0]["recipient"] == "BR.77"

    def test_nobody_to_send_to_is_a_failure_people_see(self, reachable: Talk, planned: Message) -> None:
        point = reachable.point
        point.address = ""
        point.save(update_fields=["address"])
        Alias.objects.all().delete()

        send()

        planned.refresh_from_db()
        assert (planned.state, planned.failure) == (MessageState.FAILED, "Não sabemos para onde enviar.")


class TestOrder:
    def test_one_conversation_speaks_in_its_order_and_does_not_hold_up_another(
        self, reachable: Talk, network: Network
    ) -> None:
        other = another_talk(reachable)
        network.knows(other)
        for talk in (reachable, other):
            talk.writes("oi")
        parts = [Text("Um."), Text("Dois."), Text("Três.")]
        reachable.plans(*parts, kind=ContactKind.REPLY, answers_inbound_at=NOW)
        other.plans(*parts, kind=ContactKind.REPLY, answers_inbound_at=NOW)

        assert [send(), send(), send(), send()] == [2, 2, 2, 0]

        for talk in (reachable, other):
            assert network.texts(talk) == ["Um.", "Dois.", "Três."]

    def test_part_that_must_be_tried_again_keeps_those_behind_it(
        self, reachable: Talk, network: Network
    ) -> None:
        reachable.writes("oi")
        first, _ = reachable.plans(Text("Um."), Text("Dois."), kind=ContactKind.REPLY, answers_inbound_at=NOW)
        network.tell("fault", point="send", action="fail", options={"code": 130429})

        assert [send(), send()] == [1, 0]

        Message.objects.filter(pk=first.pk).update(retry_at=clock.real_now())
        assert [send(), send()] == [1, 1]
        assert network.texts(reachable) == ["Um.", "Dois."]

    def test_part_that_failed_takes_those_behind_it_with_it(self, reachable: Talk, network: Network) -> None:
        reachable.writes("oi")
        first, _ = reachable.plans(Text("Um."), Text("Dois."), kind=ContactKind.REPLY, answers_inbound_at=NOW)
        network.tell("fault", point="send", action="fail", options={"code": 131026})

        assert [send(), send(), send()] == [1, 1, 0]

        assert list(Message.objects.filter(decision=first.decision).values_list("state", flat=True)) == [
            MessageState.FAILED,
            MessageState.WITHHELD,
        ]
        assert counted(reachable) == 0

    def test_part_put_off_takes_those_behind_it_along(self, reachable: Talk, network: Network) -> None:
        reachable.writes("oi")
        first, second = reachable.plans(
            Text("Um."), Text("Dois."), kind=ContactKind.REPLY, answers_inbound_at=NOW
        )
        night, morning = builders.at("2026-11-24 23:10"), builders.at("2026-11-25 12:00")

        assert [send(night), send(night)] == [1, 0]

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state, second.send_at) == ("planned", "planned", first.send_at)
        assert first.send_at > night
        # The day after, the free window is still open (they wrote at ten).
        assert [send(first.send_at), send(first.send_at)] == [1, 1]
        assert first.send_at < morning
        assert network.texts(reachable) == ["Um.", "Dois."]

    def test_contact_that_left_in_part_still_counts(self, reachable: Talk, network: Network) -> None:
        reachable.writes("oi")
        reachable.plans(Text("Um."), Text("Dois."), kind=ContactKind.REPLY, answers_inbound_at=NOW)
        assert send() == 1
        network.tell("fault", point="send", action="fail", options={"code": 131026})

        assert send() == 1

        assert counted(reachable) == 1


class TestLastLook:
    def test_payment_between_plan_and_send_withholds_the_amount(
        self, reachable: Talk, network: Network
    ) -> None:
        reachable.writes("quanto é?")
        invoice = reachable.world.invoice
        total = "102.63"
        (message,) = reachable.plans(
            Text("O valor de hoje é R$ 102,63."),
            kind=ContactKind.REPLY,
            author="agent",
            answers_inbound_at=NOW,
            facts=FactSet(today=date(2026, 11, 24), amounts=frozenset({Decimal(total)})),
            must_hold={"total": total, "invoices": [invoice.pk]},
        )

        reachable.world.pay("50.00", at=NOW)
        send(NOW + MINUTE)

        message.refresh_from_db()
        assert (message.state, message.failure) == (MessageState.WITHHELD, "O valor em aberto mudou.")
        assert [text for text in network.texts(reachable) if "102,63" in text] == []

    def test_payment_between_plan_and_send_stops_a_collection(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        reachable.world.pay("200.00", at=NOW)

        dispatch.send_claimed(message_id=dispatch.claim(now=NOW + MINUTE, limit=1)[0], now=NOW + MINUTE)

        planned.refresh_from_db()
        second = Decision.objects.get(revises=planned.decision)
        assert (planned.state, second.verdict, planned.failure) == ("withheld", "refuse", second.sentence)
        assert counted(reachable) == 0
        assert first_broken_line(reachable.world.member.pk) is None

    def test_text_of_another_day_is_withheld(self, reachable: Talk, network: Network) -> None:
        reachable.writes("divide?")
        (message,) = reachable.plans(
            Text("Posso fechar assim?"),
            kind=ContactKind.REPLY,
            author="agent",
            answers_inbound_at=NOW,
            must_hold={"day": "2026-11-24"},
        )

        send(builders.at("2026-11-25 09:30"))

        message.refresh_from_db()
        assert (message.state, message.failure) == (
            MessageState.WITHHELD,
            "O dia mudou: os valores do texto já não valem.",
        )

    def test_reply_of_another_epoch_becomes_a_draft(self, reachable: Talk, network: Network) -> None:
        reachable.writes("oi")
        (message,) = reachable.plans(
            Text("Olá!"), kind=ContactKind.REPLY, author="agent", answers_inbound_at=NOW
        )
        Conversation.objects.filter(pk=reachable.conversation.pk).update(epoch=1)

        send()

        message.refresh_from_db()
        assert (message.state, message.failure) == (MessageState.DRAFT, "Uma pessoa assumiu a conversa.")
        assert network.received() == []

    def test_opt_out_in_between_stops_it(self, reachable: Talk, planned: Message, network: Network) -> None:
        (claimed,) = dispatch.claim(now=NOW, limit=5)
        members.opt_out(
            member=reachable.world.member, channel="whatsapp", source="balcão", actor="user:1", now=NOW
        )

        dispatch.send_claimed(message_id=claimed, now=NOW)

        planned.refresh_from_db()
        assert (planned.state, network.received()) == (MessageState.WITHHELD, [])

    def test_kill_switch_in_between_stops_it(self, planned: Message, network: Network) -> None:
        compliance.set_switch(scope=SwitchScope.ALL, stopped=True, reason="teste", author="user:1", now=NOW)

        send()

        planned.refresh_from_db()
        assert (planned.state, network.received()) == (MessageState.WITHHELD, [])

    def test_what_comes_too_late_today_leaves_at_the_next_lawful_hour(
        self, planned: Message, network: Network
    ) -> None:
        night = builders.at("2026-11-24 22:30")

        send(night)

        planned.refresh_from_db()
        assert (planned.state, network.received()) == (MessageState.PLANNED, [])
        assert builders.at("2026-11-25 06:00") < planned.send_at < builders.at("2026-11-25 12:00")
        assert send(planned.send_at) == 1

    def test_apology_to_a_wrong_number_still_leaves(self, unconfirmed: Talk, network: Network) -> None:
        network.knows(unconfirmed)
        unconfirmed.taps("Não sou", "nao_sou")

        send()

        assert [text[:17] for text in network.texts(unconfirmed)] == ["Desculpe o engano"]

    def test_confirmation_of_an_opt_out_still_leaves(self, reachable: Talk, network: Network) -> None:
        reachable.writes("PARE")

        send()

        assert [text[:6] for text in network.texts(reachable)] == ["Pronto"]


class TestFailures:
    def test_rate_limit_is_tried_again_later_and_then_given_up(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        network.tell("fault", point="send", action="fail", options={"code": 130429}, times=-1)
        waits = []
        for _ in range(12):
            if not send():
                break
            planned.refresh_from_db()
            if planned.retry_at is not None and planned.state == "planned":
                waits.append(round((planned.retry_at - clock.real_now()).total_seconds()))
                Message.objects.filter(pk=planned.pk).update(retry_at=clock.real_now())

        planned.refresh_from_db()
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert (planned.state, planned.failure_code, planned.attempts) == (MessageState.FAILED, "130429", 10)
        assert counted(reachable) == 0

    def test_permanent_refusal_fails_at_once_and_gives_the_contact_back(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        assert counted(reachable) == 1
        network.tell("fault", point="send", action="fail", options={"code": 132001})

        send()

        planned.refresh_from_db()
        assert (planned.state, planned.failure_code) == (MessageState.FAILED, "132001")
        assert counted(reachable) == 0

    def test_failure_told_by_a_status_gives_the_contact_back_too(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        network.tell("person", phone=reachable.world.point.address, blocked=True)

        send()
        network.pass_on()

        planned.refresh_from_db()
        assert (planned.state, counted(reachable)) == (MessageState.FAILED, 0)

    def test_expired_token_stops_the_number_until_a_person_acts(
        self, planned: Message, network: Network
    ) -> None:
        network.tell("number", token_expired=True)

        send()

        assert (
            Sender.objects.get().paused_reason
            == "O acesso ao WhatsApp expirou ou é inválido: cadastre um novo token."
        )
        assert Sender.objects.get().active is False

    @pytest.mark.parametrize("action", ["gateway", "fail"])
    def test_failure_without_an_answer_is_in_doubt_and_never_sent_again(
        self, reachable: Talk, planned: Message, network: Network, action: str
    ) -> None:
        network.tell("fault", point="send", action=action)

        send()
        dispatch.resolve_expired_claims(now=NOW)

        planned.refresh_from_db()
        assert planned.state == MessageState.IN_DOUBT
        assert send(NOW + timedelta(hours=2)) == 0
        assert network.received() == []
        # It may have arrived, so it counts.
        assert counted(reachable) == 1

    def test_answer_that_was_lost_is_resolved_by_the_status(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        network.tell("fault", point="send", action="timeout_after", options={"seconds": 0})

        send()
        planned.refresh_from_db()
        before = planned.state
        network.pass_on()

        planned.refresh_from_db()
        assert (before, planned.state, planned.failure) == (MessageState.IN_DOUBT, MessageState.DELIVERED, "")
        assert len(network.received()) == 1

    def test_content_the_channel_cannot_carry_fails_before_anything_left(
        self, reachable: Talk, network: Network
    ) -> None:
        reachable.writes("oi")
        (message,) = reachable.plans(Text("a" * 5000), kind=ContactKind.REPLY, answers_inbound_at=NOW)

        send()

        message.refresh_from_db()
        assert (message.state, message.failure_code) == (MessageState.FAILED, "content")
        assert network.received() == []

    def test_message_nobody_can_read_any_more_does_not_keep_the_others(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        other = another_talk(reachable)
        network.knows(other)
        other.plans()
        Message.objects.filter(pk=planned.pk).update(content={"type": "papyrus"})

        assert send() == 2

        assert len(network.texts(other)) == 1
