"""Who writes first is greeted once, in the house's words; nobody where none were written."""

from __future__ import annotations

from datetime import timedelta

from commons.models import Organisation
from conversations.enums import Direction
from conversations.models import Message
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk


def said(talk: Talk) -> list[str]:
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT, author="system")
    return list(rows.values_list("body", flat=True))


def with_welcome(text: str = "Oi! Aqui é a {organizacao}.") -> None:
    Organisation.objects.update(welcome_text=text)


def test_first_words_are_greeted_once_and_still_wait_for_their_answer(talk: Talk) -> None:
    with_welcome()

    message = talk.writes("oi")[0]
    talk.writes("tem alguém aí?", now=NOW + timedelta(minutes=1))

    message.refresh_from_db()
    assert said(talk) == ["Oi! Aqui é a Academia Exemplo."]
    assert message.answered_at is None
    assert talk.fresh().turn_due_at is not None


def test_nobody_is_greeted_where_no_welcome_was_written(talk: Talk) -> None:
    talk.writes("oi")

    assert said(talk) == []


def test_who_answers_to_us_is_not_greeted_as_new(talk: Talk) -> None:
    talk.plans()
    with_welcome()

    talk.writes("oi")

    assert said(talk) == []


def test_who_asks_for_silence_is_not_greeted(talk: Talk) -> None:
    with_welcome("Boas-vindas.")

    talk.writes("PARAR")

    assert "Boas-vindas." not in said(talk)


def test_words_that_come_late_are_not_greeted(talk: Talk) -> None:
    with_welcome()

    deliveries.deliver(deliveries.inbound(wa_id=talk.wa_id, text="oi", at=NOW - timedelta(hours=13)), now=NOW)

    assert said(talk) == []
