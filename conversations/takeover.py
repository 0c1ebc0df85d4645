"""A person takes a conversation, writes in it and gives it back. Every human act raises the epoch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cases import selectors as cases
from cases.services import concerns
from commons import history
from commons.models import Organisation
from compliance.enums import ContactKind
from conversations import live
from conversations.channels.base import Text
from conversations.enums import ConversationState, Direction, MessageKind, MessageState, Owner
from conversations.models import Conversation, Message, Note
from conversations.outbox import queue
from conversations.turns import arming

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Within this time of the member's last words a person's text answers them; later it is a contact of ours.
ANSWER_SPAN = timedelta(hours=24)


class AlreadyTaken(Exception):
    """Somebody else was first; the message names them and when."""


class NotYours(Exception):
    """Only who has the conversation may do that."""


class Refused(Exception):
    """The gate refused; the message is its sentence."""


def take(*, conversation_id: int, user: User, now: datetime) -> Conversation:
    """*Assumir*: the first one wins, the agent stops at once, the member is told once who writes now.

    Raises AlreadyTaken when another person has it. Taking one's own again changes nothing.
    """
    with _locked(conversation_id) as conversation:
        if conversation.operator_id == user.pk:
            return conversation
        # Answered from the telephone it is nobody's yet: whoever comes first may take it.
        if conversation.operator is not None:
            who = _name(conversation.operator)
            when = (
                conversation.taken_at.astimezone(Organisation.current().zone)
                if conversation.taken_at
                else now
            )
            raise AlreadyTaken(f"{who} assumiu às {when:%H:%M}.")
        _silence_agent(conversation)
        conversation.owner = Owner.PERSON
        conversation.operator = user
        conversation.taken_at = now
        conversation.epoch += 1
        conversation.state = ConversationState.OPEN
        conversation.snoozed_until = None
        conversation.save()
        _tell(
            conversation,
            kind="conversation.taken",
            sentence=f"{_name(user)} assumiu a conversa.",
            user=user,
            now=now,
        )
        _introduce(conversation, user=user, now=now)
    return conversation


def write(*, conversation_id: int, user: User, text: str, now: datetime) -> Message:
    """A person's message. Writing takes the conversation when nobody has it.

    Raises AlreadyTaken, Refused (with the gate's sentence) and ValueError for an empty text.
    """
    text = text.strip()
    if not text:
        raise ValueError("Escreva alguma coisa antes de enviar.")
    take(conversation_id=conversation_id, user=user, now=now)
    with _locked(conversation_id) as conversation:
        conversation.epoch += 1
        conversation.save(update_fields=["epoch"])
        answers = list(
            Message.objects.filter(
                conversation=conversation, direction=Direction.IN, answered_at=None
            ).values_list("pk", flat=True)
        )
        queued = _queue(conversation, text=text, user=user, answers=answers, now=now)
    if not queued.allowed:
        # After the transaction: the refusal is a decision that stays written down.
        raise Refused(queued.decision.sentence)
    return queued.messages[0]


def hand_back(*, conversation_id: int, user: User, note: str, now: datetime) -> None:
    """*Devolver ao robô*, with a card for whoever reads next. What the member wrote meanwhile is answered."""
    with _locked(conversation_id) as conversation:
        if conversation.owner != Owner.PERSON:
            return
        if conversation.operator_id not in {None, user.pk} and not user.has_perm(
            "conversations.change_conversation"
        ):
            raise NotYours("A conversa está com outra pessoa.")
        conversation.owner = Owner.AGENT
        conversation.operator = None
        conversation.taken_at = None
        conversation.epoch += 1
        conversation.misunderstandings = 0
        conversation.state = ConversationState.OPEN
        conversation.save()
        if note.strip():
            Note.objects.create(conversation=conversation, author=user, body=note.strip(), at=now)
        _tell(
            conversation,
            kind="conversation.handed_back",
            sentence=f"{_name(user)} devolveu a conversa ao robô.",
            user=user,
            now=now,
        )
        case = cases.open_case(conversation.member_id) if conversation.member_id else None
        if case is not None:
            for escalation in cases.open_escalations(case):
                concerns.resolve(escalation=escalation, user_id=user.pk, was_useful=None, now=now)
            concerns.hand_back(case=case, actor=f"user:{user.pk}", now=now)
        if (
            Message.objects.filter(conversation=conversation, direction=Direction.IN, answered_at=None)
            .exclude(kind=MessageKind.REACTION)
            .exists()
        ):
            arming.arm(conversation=conversation, now=now)


def close(*, conversation_id: int, user: User, now: datetime) -> None:
    """*Encerrar*: out of the lists until the member writes again."""
    with _locked(conversation_id) as conversation:
        conversation.state = ConversationState.CLOSED
        conversation.waiting_since = None
        conversation.unread = 0
        conversation.epoch += 1
        conversation.save(update_fields=["state", "waiting_since", "unread", "epoch"])
        arming.disarm(conversation=conversation)
        _tell(
            conversation,
            kind="conversation.closed",
            sentence=f"{_name(user)} encerrou a conversa.",
            user=user,
            now=now,
        )


def add_note(*, conversation_id: int, user: User, body: str, now: datetime) -> Note:
    """A private note: nobody outside ever sees it."""
    if not body.strip():
        raise ValueError("Escreva a nota antes de salvar.")
    note = Note.objects.create(conversation_id=conversation_id, author=user, body=body.strip(), at=now)
    live.touch(conversation_id)
    return note


def written_by_phone(*, conversation: Conversation, text: str, message_id: str, now: datetime) -> None:
    """Somebody of ours answered from the telephone itself: the agent stops, the thread shows the words."""
    with _locked(conversation.pk) as locked:
        _silence_agent(locked)
        locked.owner = Owner.PERSON
        locked.taken_at = locked.taken_at or now
        locked.epoch += 1
        locked.save()
        Message.objects.get_or_create(
            conversation=locked,
            provider_id=message_id,
            defaults={
                "direction": Direction.OUT,
                "kind": MessageKind.TEXT,
                "body": text,
                "author": "phone",
                # It left without us: there is no decision to name, and nothing of ours may send it again.
                "state": MessageState.CANCELLED,
                "at": now,
                "sent_at": now,
            },
        )
        live.touch(locked.pk)


@contextmanager
def _locked(conversation_id: int) -> Iterator[Conversation]:
    """The conversation under its member's lock, and then its own."""
    member_id = Conversation.objects.values_list("member_id", flat=True).get(pk=conversation_id)
    with history.member_transaction(member_id or 0):
        yield (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("sender", "contact_point__member", "operator")
            .get(pk=conversation_id)
        )


def _silence_agent(conversation: Conversation) -> None:
    """Nothing of the agent leaves any more: what it had ready becomes a draft the person can read."""
    arming.disarm(conversation=conversation)
    Message.objects.filter(
        conversation=conversation, direction=Direction.OUT, author="agent", state=MessageState.PLANNED
    ).update(state=MessageState.DRAFT, failure="Uma pessoa assumiu antes do envio.")


def _introduce(conversation: Conversation, *, user: User, now: datetime) -> None:
    """Told once, and only where an answer may go: otherwise the person's first words say who writes."""
    organisation = Organisation.current()
    _queue(
        conversation,
        text=f"Oi, aqui é {_name(user)}, da equipe da {organisation.trade_name}. Eu continuo a conversa com você.",
        user=user,
        answers=[],
        now=now,
        only_reply=True,
    )


def _queue(
    conversation: Conversation,
    *,
    text: str,
    user: User,
    answers: list[int],
    now: datetime,
    only_reply: bool = False,
) -> queue.Queued:
    recent = conversation.last_inbound_at is not None and now - conversation.last_inbound_at <= ANSWER_SPAN
    kind = ContactKind.REPLY if recent or only_reply else ContactKind.COLLECTION
    return queue.queue_reply(
        conversation=conversation,
        parts=[Text(text)],
        author=f"user:{user.pk}",
        contact_kind=kind,
        answers=answers,
        now=now,
    )


def _tell(conversation: Conversation, *, kind: str, sentence: str, user: User, now: datetime) -> None:
    if conversation.member_id is not None:
        case = cases.latest_case(conversation.member_id)
        history.append(
            member_id=conversation.member_id,
            case_id=case.pk if case else None,
            kind=kind,
            sentence=sentence,
            at=now,
            actor=f"user:{user.pk}",
            conversation=conversation.pk,
        )
    live.touch(conversation.pk)


def _name(user: User) -> str:
    return user.first_name or user.get_username()
