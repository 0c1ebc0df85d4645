"""What acts at once, before any model: a plain opt-out, and the button that says *not me*.

Free text that only may mean it is left to the agent.
"""

from __future__ import annotations

from datetime import datetime

from commons.text import fold
from compliance.enums import ContactKind
from conversations.agent import phrases
from conversations.channels.base import Text
from conversations.enums import ConversationState, MessageKind
from conversations.models import Conversation, Message
from conversations.nlu import optout
from conversations.outbox import queue
from conversations.turns import arming
from members import services
from members.enums import ContactPointState

# The ids behind the buttons of our own messages.
OPT_OUT_CHOICES = {"opt_out", "nao_receber"}
WRONG_PERSON_CHOICES = {"wrong_person", "nao_sou"}
_NOT_ME_TITLES = {"nao sou", "nao sou eu", "numero errado"}


def react(*, conversation: Conversation, message: Message, now: datetime) -> bool:
    """Does what the message orders by itself. True when it has been dealt with and needs no turn."""
    if conversation.contact_point is None:
        return False
    country = conversation.contact_point.member.country
    if _is_opt_out(message, country=country):
        whole = (
            optout.classify(message.body, country=country).scope == optout.Scope.ALL
            if message.kind == MessageKind.TEXT
            else False
        )
        opt_out(conversation=conversation, message=message, every_channel=whole, now=now)
        return True
    if _is_wrong_person(message) and conversation.contact_point.state != ContactPointState.CONFIRMED:
        wrong_person(conversation=conversation, message=message, now=now)
        return True
    return False


def opt_out(
    *, conversation: Conversation, message: Message | None, every_channel: bool, now: datetime
) -> None:
    """The member wants no more messages: recorded, everything planned is cancelled, one confirmation."""
    assert conversation.contact_point is not None
    services.opt_out(
        member=conversation.contact_point.member,
        channel="" if every_channel else conversation.sender.channel,
        source=f"por {conversation.sender.get_channel_display()}",
        actor="member",
        words=message.body if message else "",
        now=now,
    )
    arming.disarm(conversation=conversation)
    _answer_once(conversation=conversation, message=message, text=phrases.OPT_OUT_CONFIRMED, now=now)


def wrong_person(*, conversation: Conversation, message: Message | None, now: datetime) -> None:
    """Somebody else answers there: an apology without a word about why we wrote, and silence."""
    point = conversation.contact_point
    assert point is not None
    _answer_once(conversation=conversation, message=message, text=phrases.WRONG_PERSON, now=now)
    services.mark_wrong_number(
        point=point, source="quem respondeu", actor="member", words=message.body if message else "", now=now
    )
    arming.disarm(conversation=conversation)


def _answer_once(*, conversation: Conversation, message: Message | None, text: str, now: datetime) -> None:
    queue.queue_reply(
        conversation=conversation,
        parts=[Text(text)],
        author="system",
        contact_kind=ContactKind.REPLY,
        answers=[message.pk] if message else [],
        now=now,
    )
    conversation.waiting_since = None
    conversation.state = ConversationState.CLOSED
    conversation.save(update_fields=["waiting_since", "state"])


def _is_opt_out(message: Message, *, country: str) -> bool:
    """`country` is the member's: what stops messages in one pays an invoice in another."""
    if message.content.get("choice") in OPT_OUT_CHOICES:
        return True
    if message.kind != MessageKind.TEXT:
        return False
    return optout.classify(message.body, country=country).outcome == optout.OptOut.HARD


def _is_wrong_person(message: Message) -> bool:
    if message.kind not in {MessageKind.BUTTON_REPLY, MessageKind.LIST_REPLY}:
        return False
    return message.content.get("choice") in WRONG_PERSON_CHOICES or fold(message.body) in _NOT_ME_TITLES
