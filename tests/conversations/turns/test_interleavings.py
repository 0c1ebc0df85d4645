"""Whatever people, the member and the agent do in whatever order: while a person has the conversation the
agent says nothing.

Each example is one life of a conversation. Acts happen between turns, while the agent thinks, and between the
dispatcher's last look and the call; the invariant is looked at in the very moment a message leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django import conf
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons import clock
from commons.history import first_broken_line
from conversations import takeover
from conversations.agent import loop
from conversations.agent.outcome import Outcome
from conversations.enums import Direction, MessageState, Owner
from conversations.models import AgentRun, Conversation, Message
from conversations.outbox import correlation, dispatch
from conversations.turns import runner
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk, confirmed_talk
from tests.fakes.inline_executor import InlineExecutor
from tests.fakes.recording_channel import RecordingChannel

QUICK = st.sampled_from(
    ["member", "ana takes", "ana writes", "bia takes", "bia writes", "back", "phone", "dispatch"]
)
LIVES = st.lists(
    st.one_of(QUICK, st.tuples(st.just("turn"), st.lists(QUICK, max_size=3)), st.just("wait")),
    min_size=2,
    max_size=9,
)


class Life:
    """One conversation, its people, and the world's clock."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        clock.move(to=NOW, frozen=True)
        self.talk: Talk = confirmed_talk()
        self.people = {
            name: User.objects.create_user(name, first_name=name.title(), is_superuser=True)
            for name in ("ana", "bia")
        }
        self.channel = RecordingChannel(self.is_leaving)
        self.meanwhile: list[str] = []
        self.left_by_agent = 0
        self.spoke_out_of_turn: list[str] = []
        self.echoes = 0
        patch.setattr(loop, "think", self.think)
        patch.setattr(dispatch, "channel_of", lambda _sender: self.channel)
        patch.setattr(dispatch, "ThreadPoolExecutor", InlineExecutor)

    def act(self, what: Any) -> None:
        if isinstance(what, tuple):
            self.meanwhile = list(what[1])
            runner.run_turn(conversation_id=self.pk, now=self.now)
            self.meanwhile = []
        elif what == "wait":
            self.now += timedelta(seconds=7)
            clock.move(to=self.now, frozen=True)
        elif what == "member":
            self.talk.writes("e agora?", now=self.now)
        elif what == "dispatch":
            dispatch.dispatch_due(now=self.now)
        elif what == "phone":
            self.echoes += 1
            takeover.written_by_phone(
                conversation=self.talk.conversation, text="oi", message_id=f"E{self.echoes}", now=self.now
            )
        elif what == "back":
            takeover.hand_back(conversation_id=self.pk, user=self.people["ana"], note="", now=self.now)
        else:
            self.person(*what.split())

    def person(self, name: str, act: str) -> None:
        with suppress(takeover.AlreadyTaken, takeover.Refused), transaction.atomic():
            if act == "takes":
                takeover.take(conversation_id=self.pk, user=self.people[name], now=self.now)
            else:
                takeover.write(conversation_id=self.pk, user=self.people[name], text="Eu vejo.", now=self.now)

    def think(self, **_: Any) -> Outcome:
        for what in self.meanwhile:
            self.act(what)
        return Outcome.of_text("Entendi.")

    def is_leaving(self, named: str) -> None:
        """The invariant, in the moment of the call: no word of the agent while a person has the conversation."""
        message = Message.objects.get(pk=correlation.message_id_of(named))  # type: ignore[misc]  # the agent sends nothing but its own
        owner = Conversation.objects.values_list("owner", flat=True).get(pk=self.pk)
        if message.author == "agent":
            self.left_by_agent += 1
            # Not asserted here: the dispatcher survives whatever happens to one message.
            self.spoke_out_of_turn += [named] if owner == Owner.PERSON else []

    @property
    def pk(self) -> int:
        return self.talk.conversation.pk

    def finish(self) -> None:
        """Everything planned leaves, then what must be true of every life."""
        for _ in range(6):
            dispatch.dispatch_due(now=self.now)
        outbound = Message.objects.filter(conversation_id=self.pk, direction=Direction.OUT)
        conversation = self.talk.fresh()
        states = set(outbound.values_list("state", flat=True))
        named = [name for name, _ in self.channel.sent]
        assert self.spoke_out_of_turn == []
        assert len(named) == len(set(named)), "sent twice"
        assert states <= {
            MessageState.ACCEPTED,
            MessageState.DRAFT,
            MessageState.CANCELLED,
            MessageState.WITHHELD,
        }
        assert outbound.filter(author="agent", state=MessageState.ACCEPTED).count() == self.left_by_agent
        assert AgentRun.objects.filter(status="running").count() == 0
        assert first_broken_line(self.talk.world.member.pk) is None
        waiting = Message.objects.filter(conversation_id=self.pk, direction=Direction.IN, answered_at=None)
        if waiting.exists() and conversation.owner == Owner.AGENT:
            assert conversation.turn_due_at is not None, "nobody will answer"


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of the example stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(life=LIVES)
def test_agent_is_silent_while_a_person_has_the_conversation(life: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr(conf.settings, "WHATSAPP_APP_SECRET", [deliveries.SECRET])
        lived = Life(patch)
        for what in life:
            lived.act(what)
        lived.finish()
    clock.refresh()
