"""One runner asks the provider for several conversations at once, and for one conversation never twice."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from compliance.enums import ContactKind
from conversations.channels.base import Content, Destination, SendResult, Text
from conversations.enums import MessageState
from conversations.models import Message, Sender
from conversations.outbox import dispatch
from tests.conversations.world import NOW, Talk, another_talk


class SlowChannel:
    """Answers when `answered_together` calls are under way; remembers what it was asked, and by how many."""

    def __init__(self, *, answered_together: int = 1) -> None:
        self.texts: list[str] = []
        self.most_at_once = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(answered_together)

    def send(
        self, destination: Destination, content: Content, *, reply_to: str = "", correlation: str = ""
    ) -> SendResult:
        assert isinstance(content, Text)
        with self._lock:
            self.texts.append(content.body)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        # Broken when nobody else calls meanwhile: the message then ends in no state that is asked for here.
        self._together.wait(5)
        time.sleep(0.05)
        with self._lock:
            self._under_way -= 1
        if content.body == "Quebra.":
            raise RuntimeError("what nobody foresaw")
        return SendResult(message_id=f"wamid.{correlation}")


def reply(talk: Talk, text: str) -> Message:
    (message,) = talk.plans(Text(text), kind=ContactKind.REPLY, answers_inbound_at=NOW)
    return message


def states() -> list[str]:
    return list(Message.objects.filter(direction="out").order_by("pk").values_list("state", flat=True))


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> SlowChannel:
    return use(SlowChannel(), monkeypatch)


def use(channel: SlowChannel, monkeypatch: pytest.MonkeyPatch) -> SlowChannel:
    def of(sender: Sender) -> SlowChannel:
        return channel

    monkeypatch.setattr(dispatch, "channel_of", of)
    return channel


def test_conversations_do_not_wait_for_each_other(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [talk, another_talk(talk), another_talk(talk)]
    for each in others:
        each.writes("oi")
        reply(each, "Olá!")
    channel = use(SlowChannel(answered_together=3), monkeypatch)

    assert dispatch.dispatch_due(now=NOW) == 3

    assert (channel.most_at_once, states()) == (3, [MessageState.ACCEPTED] * 3)


def test_one_conversation_s_messages_are_never_under_way_together(talk: Talk, channel: SlowChannel) -> None:
    talk.writes("oi")
    reply(talk, "Um.")
    second = reply(talk, "Dois.")
    # Put off and then overtaken by nobody: both may leave now, so one claim takes both.
    Message.objects.filter(pk=second.pk).update(send_at=NOW - timedelta(minutes=1))

    assert dispatch.dispatch_due(now=NOW) == 2

    assert (channel.texts, channel.most_at_once) == (["Um.", "Dois."], 1)
    assert states() == [MessageState.ACCEPTED] * 2


def test_no_more_calls_are_under_way_than_threads(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "AT_ONCE", 2)
    channel = use(SlowChannel(answered_together=2), monkeypatch)
    for each in [talk, *(another_talk(talk) for _ in range(3))]:
        each.writes("oi")
        reply(each, "Olá!")

    assert dispatch.dispatch_due(now=NOW) == 4

    assert (channel.most_at_once, states()) == (2, [MessageState.ACCEPTED] * 4)


def test_what_nobody_foresaw_keeps_no_other_message(talk: Talk, channel: SlowChannel) -> None:
    other = another_talk(talk)
    for each, text in ((talk, "Quebra."), (other, "Olá!")):
        each.writes("oi")
        reply(each, text)

    dispatch.dispatch_due(now=NOW)

    # Its call may have had its effect, so its claim ends in doubt and not in a second call.
    assert states() == [MessageState.CLAIMED, MessageState.ACCEPTED]
