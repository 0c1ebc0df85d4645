"""After *parar* nobody is asked anything; who asks for something in the same breath is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.enums import ConversationState, Direction
from conversations.models import AgentRun, Message
from tests.conversations.world import NOW, Talk


def answers(talk: Talk) -> list[str]:
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT).order_by("pk")
    return list(rows.values_list("author", flat=True))


@pytest.mark.parametrize("rest", ["seus chatos", "não me amolem mais", "👍", "obrigado", "não"])
def test_goodbye_in_two_messages_is_confirmed_once(unconfirmed: Talk, rest: str) -> None:
    unconfirmed.writes("PARE", rest)

    unconfirmed.after_debounce()

    conversation = unconfirmed.fresh()
    assert answers(unconfirmed) == ["system"]
    assert (conversation.state, conversation.waiting_since, conversation.turn_due_at) == (
        ConversationState.CLOSED,
        None,
        None,
    )
    assert AgentRun.objects.count() == 0
    assert not Message.objects.filter(direction=Direction.IN, answered_at=None).exists()


@pytest.mark.parametrize(
    "rest",
    [
        "mas me manda o pix antes",
        "não aguento mais, quero me matar",
        "vou procurar o Procon",
        "já paguei isso",
    ],
)
def test_goodbye_that_asks_or_alarms_is_answered(unconfirmed: Talk, rest: str) -> None:
    unconfirmed.writes("PARE", rest)

    unconfirmed.after_debounce()

    assert answers(unconfirmed) == ["system", "agent"]


def test_who_comes_back_later_is_answered(unconfirmed: Talk) -> None:
    unconfirmed.writes("PARE")
    later = NOW + timedelta(minutes=5)
    unconfirmed.writes("oi", now=later)

    unconfirmed.after_debounce(later)

    assert answers(unconfirmed) == ["system", "agent"]


def test_not_me_button_and_a_word_more_are_one_goodbye(unconfirmed: Talk) -> None:
    unconfirmed.taps("Não sou", "nao_sou")
    unconfirmed.writes("aqui é outra pessoa")

    unconfirmed.after_debounce()

    assert answers(unconfirmed) == ["system"]
