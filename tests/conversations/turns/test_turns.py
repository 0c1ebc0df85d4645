"""When the agent answers, who answers, and what becomes of an answer the world has overtaken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Escalation, Offer
from commons import clock
from compliance import services as compliance
from compliance.enums import SwitchScope
from conversations import takeover
from conversations.enums import ConversationState, Direction, MessageState, Owner, RunStatus
from conversations.models import AgentRun, Conversation, Message, Sender
from conversations.turns import lease, runner
from tests.compliance import builders
from tests.concurrency import at_once
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk
from tests.fakes.script import Script, calls

Thinks = Callable[..., Script]
HELLO = "Oi, como posso ajudar?"
AFTER = NOW + timedelta(seconds=6)


def seconds(count: int) -> Any:
    return NOW + timedelta(seconds=count)


def said(talk: Talk) -> list[str]:
    """What the agent has put into the outbox, in order, drafts aside."""
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT, author="agent")
    return list(rows.exclude(state=MessageState.DRAFT).order_by("pk").values_list("body", flat=True))


def runs(talk: Talk) -> list[str]:
    return list(
        AgentRun.objects.filter(conversation=talk.conversation)
        .order_by("pk")
        .values_list("status", flat=True)
    )


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", password="x", first_name="Ana", is_staff=True, is_superuser=True)


class TestDebounce:
    def test_each_message_starts_the_wait_again(self, talk: Talk) -> None:
        due = []
        for second in (0, 3, 8):
            talk.writes("oi", now=seconds(second))
            due.append(talk.fresh().turn_due_at)

        assert due == [seconds(6), seconds(9), seconds(14)]

    def test_wait_never_exceeds_thirty_seconds_from_the_first(self, talk: Talk) -> None:
        due = []
        for second in range(0, 35, 5):
            talk.writes("e mais", now=seconds(second))
            due.append(talk.fresh().turn_due_at)

        assert due[4:] == [seconds(26), seconds(30), seconds(30)]

    def test_nothing_is_answered_before_the_wait_is_over(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks(HELLO)
        talk.writes("oi")

        talk.answer(now=seconds(5))
        assert (said(talk), script.shown, lease.due(now=seconds(5))) == ([], [], [])

        talk.answer(now=seconds(6))
        assert said(talk) == [HELLO]

    def test_burst_is_answered_once_and_the_next_one_afresh(self, talk: Talk, thinks: Thinks) -> None:
        thinks(HELLO, "E agora?")
        talk.writes("oi", "tudo bem?", "quero pagar")

        talk.after_debounce()
        talk.writes("alô", now=seconds(60))
        talk.answer(now=seconds(66))

        assert said(talk) == [HELLO, "E agora?"]
        assert talk.fresh().turn_first_at is None
        assert Message.objects.filter(direction=Direction.IN, answered_at=None).count() == 0


class TestLease:
    def test_only_one_runner_has_it(self, talk: Talk) -> None:
        talk.writes("oi")

        first = lease.take(conversation_id=talk.conversation.pk, now=AFTER)

        assert first is not None
        assert lease.take(conversation_id=talk.conversation.pk, now=AFTER) is None
        assert lease.due(now=AFTER) == []

    def test_of_a_dead_runner_it_ends_by_itself(self, talk: Talk) -> None:
        talk.writes("oi")
        lease.take(conversation_id=talk.conversation.pk, now=AFTER)
        Conversation.objects.update(lease_until=clock.real_now() - timedelta(seconds=1))

        assert lease.due(now=AFTER) == [talk.conversation.pk]
        assert lease.take(conversation_id=talk.conversation.pk, now=AFTER) is not None

    def test_run_that_a_dead_runner_left_open_is_ended_by_the_next_one(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        talk.writes("oi")

        def worker_is_killed() -> str:
            raise KeyboardInterrupt

        thinks(worker_is_killed)
        with pytest.raises(KeyboardInterrupt):
            talk.after_debounce()
        assert runs(talk) == [RunStatus.RUNNING]

        thinks(HELLO)
        talk.after_debounce()

        assert (said(talk), runs(talk)) == ([HELLO], [RunStatus.FAILED, RunStatus.REPLIED])
        assert [run.error for run in AgentRun.objects.order_by("pk")] == ["interrompido", ""]

    def test_only_its_holder_gives_it_back(self, talk: Talk) -> None:
        talk.writes("oi")
        lease.take(conversation_id=talk.conversation.pk, now=AFTER)

        lease.give_back(conversation_id=talk.conversation.pk, token="another")

        assert lease.due(now=AFTER) == []

    def test_nobody_has_one_while_a_person_has_the_conversation(self, talk: Talk) -> None:
        talk.writes("oi")
        Conversation.objects.update(owner=Owner.PERSON)

        assert lease.take(conversation_id=talk.conversation.pk, now=AFTER) is None

    def test_runner_that_thought_longer_than_its_lease_says_nothing(self, talk: Talk, thinks: Thinks) -> None:
        talk.writes("oi")

        def another_takes_over() -> str:
            Conversation.objects.update(lease_until=clock.real_now() - timedelta(seconds=1))
            thinks("Resposta da segunda.")
            runner.run_turn(conversation_id=talk.conversation.pk, now=AFTER)
            return "Resposta da primeira."

        thinks(another_takes_over)
        talk.after_debounce()

        assert said(talk) == ["Resposta da segunda."]
        assert runs(talk) == [RunStatus.SUPERSEDED, RunStatus.REPLIED]

    @pytest.mark.django_db(transaction=True)
    def test_runners_at_once_give_one_reply(self, talk: Talk, thinks: Thinks) -> None:
        thinks(HELLO)
        talk.writes("oi")

        results = at_once(*[lambda: runner.run_turn(conversation_id=talk.conversation.pk, now=AFTER)] * 2)

        assert results == [None, None]
        assert (said(talk), runs(talk)) == ([HELLO], [RunStatus.REPLIED])


class TestOvertaken:
    def test_newer_message_drops_the_text_keeps_the_effects_and_gets_one_reply(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        talk.writes("pago dia 27")

        def they_write_again() -> str:
            talk.writes("quer dizer, dia 28", now=seconds(7))
            return "Anoto para o dia que você disse?"

        thinks(calls("propose_promise", date="2026-11-27"), they_write_again)
        clock.move(to=seconds(7), frozen=True)
        talk.after_debounce()

        assert (said(talk), runs(talk)) == ([], [RunStatus.SUPERSEDED])
        assert Offer.objects.get().terms["date"] == "2026-11-27"
        assert talk.fresh().turn_due_at == seconds(12)

        script = thinks(HELLO)
        talk.answer(now=seconds(13))

        assert said(talk) == [HELLO]
        shown = script.shown[0][-1].text
        assert ("pago dia 27" in shown, "quer dizer, dia 28" in shown) == (True, True)

    def test_messages_that_came_out_of_order_are_no_newer_ones(self, talk: Talk, thinks: Thinks) -> None:
        thinks(HELLO)
        for second in (5, 2):
            deliveries.deliver(
                deliveries.inbound(wa_id=talk.wa_id, at=seconds(second), text=f"às {second}"), now=seconds(5)
            )

        talk.answer(now=seconds(11))

        assert (said(talk), runs(talk)) == ([HELLO], [RunStatus.REPLIED])

    def test_reaction_while_thinking_overtakes_nothing(self, talk: Talk, thinks: Thinks) -> None:
        talk.writes("oi")

        def they_react() -> str:
            reaction = {"message_id": "wamid.X", "emoji": "👍"}
            deliveries.deliver(
                deliveries.inbound(wa_id=talk.wa_id, at=AFTER, type="reaction", reaction=reaction), now=AFTER
            )
            return HELLO

        thinks(they_react)
        talk.after_debounce()

        assert said(talk) == [HELLO]

    def test_person_who_takes_over_while_it_thinks_is_the_one_who_writes(
        self, talk: Talk, thinks: Thinks, ana: User
    ) -> None:
        talk.writes("oi")

        def ana_takes() -> str:
            takeover.take(conversation_id=talk.conversation.pk, user=ana, now=AFTER)
            return "Resposta que ninguém deve ler."

        thinks(ana_takes)
        talk.after_debounce()

        run = AgentRun.objects.get()
        assert said(talk) == []
        assert (run.status, run.draft) == (RunStatus.SUPERSEDED, "Resposta que ninguém deve ler.")
        assert talk.fresh().turn_due_at is None

    def test_taken_and_given_back_while_it_thinks_the_next_turn_stays_armed(
        self, talk: Talk, thinks: Thinks, ana: User
    ) -> None:
        talk.writes("oi")

        def ana_comes_and_goes() -> str:
            takeover.take(conversation_id=talk.conversation.pk, user=ana, now=AFTER)
            takeover.hand_back(conversation_id=talk.conversation.pk, user=ana, note="", now=AFTER)
            return "Resposta de antes."

        thinks(ana_comes_and_goes, HELLO)
        talk.after_debounce()
        assert said(talk) == []

        talk.answer(now=AFTER + timedelta(seconds=6))
        assert said(talk) == [HELLO]

    def test_reply_that_waits_in_the_outbox_becomes_a_draft_when_a_person_takes_over(
        self, talk: Talk, thinks: Thinks, ana: User
    ) -> None:
        thinks(HELLO)
        talk.writes("oi")
        (reply,) = talk.after_debounce()

        takeover.take(conversation_id=talk.conversation.pk, user=ana, now=AFTER)

        reply.refresh_from_db()
        assert (reply.state, reply.failure) == (MessageState.DRAFT, "Uma pessoa assumiu antes do envio.")

    def test_turn_with_nothing_to_answer_just_ends_the_wait(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks(HELLO)
        talk.writes("oi")
        Message.objects.update(answered_at=NOW)

        talk.after_debounce()

        assert (script.shown, talk.fresh().turn_due_at, runs(talk)) == ([], None, [])


class TestTrouble:
    def test_models_that_all_fail_leave_the_member_to_a_person(self, talk: Talk, thinks: Thinks) -> None:
        thinks(RuntimeError("Traceback: connection to 10.0.0.1 refused"))
        talk.writes("oi")

        talk.after_debounce()

        assert said(talk) == ["Vou passar para uma pessoa da nossa equipe. Ela responde assim que puder."]
        assert [(e.reason, e.raised_by) for e in Escalation.objects.all()] == [("technical", "agent")]
        assert (talk.fresh().state, runs(talk)) == (ConversationState.WAITING_PERSON, [RunStatus.HANDED_OVER])

    def test_hand_over_outside_support_hours_says_when_a_person_answers(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        evening = builders.at("2026-11-24 19:00")
        thinks(RuntimeError())
        talk.writes("oi", now=evening)

        talk.answer(now=evening + timedelta(seconds=6))

        assert said(talk) == [
            "Vou passar para uma pessoa da nossa equipe. Agora estamos fora do horário de atendimento; "
            "ela responde por aqui quarta-feira, 25/11, a partir das 8h."
        ]

    def test_gate_that_refuses_the_reply_leaves_it_to_a_person_with_the_draft(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        talk.writes("oi")

        def number_is_stopped() -> str:
            Sender.objects.update(active=False)
            return "Resposta que a régua não deixa sair."

        thinks(number_is_stopped)
        talk.after_debounce()

        run = AgentRun.objects.get()
        assert said(talk) == []
        assert (run.status, run.draft) == (RunStatus.HANDED_OVER, "Resposta que a régua não deixa sair.")
        assert [e.reason for e in Escalation.objects.all()] == ["guard"]
        assert talk.fresh().state == ConversationState.WAITING_PERSON

    def test_agent_switched_off_hands_everything_to_people(self, talk: Talk, thinks: Thinks) -> None:
        compliance.set_switch(scope=SwitchScope.AGENT, stopped=True, reason="teste", author="user:1", now=NOW)
        thinks(HELLO)
        talk.writes("oi")

        talk.after_debounce()

        assert (said(talk), [e.reason for e in Escalation.objects.all()]) == ([], ["guard"])

    def test_answer_that_comes_too_late_at_night_waits_for_the_morning_and_is_thought_anew(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        evening, night = builders.at("2026-11-24 21:00"), builders.at("2026-11-24 23:30")
        thinks("Boa noite.", "Bom dia.")
        talk.writes("oi", now=evening)

        talk.answer(now=night)

        due = talk.fresh().turn_due_at
        assert due is not None
        assert (said(talk), Escalation.objects.count()) == ([], 0)
        assert builders.at("2026-11-25 06:00") < due < builders.at("2026-11-25 12:00")
        talk.answer(now=due)
        assert said(talk) == ["Bom dia."]
