"""Sending: claim, last look, call outside any transaction, record. A crash between call and record leaves
the message in doubt, never sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from commons import clock
from commons.history import append, lock_member
from compliance.enums import ContactKind
from conversations import first_contacts, live, signals
from conversations.channels.base import (
    Channel,
    Content,
    ContentError,
    Destination,
    SendResult,
    from_payload,
)
from conversations.channels.errors import Backoff, ChannelError, Remedy
from conversations.enums import Direction, MessageState
from conversations.models import Conversation, Message, Sender
from conversations.outbox import correlation, lessons, refund
from conversations.outbox.recheck import Finding, look
from conversations.senders import channel_of
from members import services as members
from members.enums import AliasKind
from members.enums import Channel as ChannelName

log = logging.getLogger(__name__)

# Real time: how long one claim may take before somebody else looks after the message.
LEASE = timedelta(seconds=60)
# Calls one runner has under way at a time: enough to keep it busy while a provider takes a third of a second.
AT_ONCE = 8

_CLAIM = """
UPDATE conversations_message SET state = 'claimed', claimed_until = %(until)s, called_at = NULL,
       attempts = attempts + 1
WHERE id IN (
    SELECT m.id FROM conversations_message m
    WHERE m.state = 'planned' AND m.send_at <= %(business_now)s
      AND (m.retry_at IS NULL OR m.retry_at <= %(real_now)s)
      AND NOT EXISTS (
          SELECT 1 FROM conversations_message e
          WHERE e.conversation_id = m.conversation_id AND e.direction = 'out' AND e.id < m.id
            AND e.state IN ('planned', 'claimed') AND e.send_at <= m.send_at
      )
    ORDER BY m.send_at, m.id
    FOR UPDATE SKIP LOCKED
    LIMIT %(limit)s
)
RETURNING id, conversation_id
"""


@dataclass(frozen=True)
class _Call:
    """A message that was looked at a last time and marked: all that is left is to ask the provider."""

    message: Message
    channel: Channel
    destination: Destination
    content: Content
    reply_to: str

    def make(self) -> SendResult:
        """Touches no database. Raises ContentError and ChannelError."""
        return self.channel.send(
            self.destination,
            self.content,
            reply_to=self.reply_to,
            correlation=correlation.of(self.message.pk),
        )


_Calls = dict[Future[SendResult], _Call]


def dispatch_due(*, now: datetime, limit: int = 20) -> int:
    """Claims and sends what is due. Returns how many messages were claimed.

    Within a conversation messages leave one after the other in their order; conversations go side by side:
    while providers take their time to answer, the next messages are looked at. Only the calls run in threads,
    each begins as soon as its message is marked, and everything read or written stays with the caller.
    """
    claimed = _claim(now=now, limit=limit)
    calls: _Calls = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="send") as threads:
        for message_id, conversation_id in claimed:
            _record(_in_the_way(calls, conversation_id=conversation_id), calls, now=now)
            with _kept_apart(message_id):
                call = _prepare(message_id=message_id, now=now)
                if call is not None:
                    calls[threads.submit(call.make)] = call
        _record(list(calls), calls, now=now)
    return len(claimed)


def _in_the_way(calls: _Calls, *, conversation_id: int) -> list[Future[SendResult]]:
    """The calls to record before the next message is looked at.

    Those that are over, that of the same conversation, and when all threads are taken the first to end.
    """
    same = [each for each, call in calls.items() if call.message.conversation_id == conversation_id]
    done = [each for each in calls if each.done()]
    if not same and not done and len(calls) >= AT_ONCE:
        done = list(wait(calls, return_when=FIRST_COMPLETED).done)
    return list(dict.fromkeys([*same, *done]))


def _record(futures: list[Future[SendResult]], calls: _Calls, *, now: datetime) -> None:
    """Waits for these calls and writes down what came of each."""
    for future in futures:
        call = calls.pop(future)
        with _kept_apart(call.message.pk):
            _record_outcome(call.message, future.result, now=now)


@contextmanager
def _kept_apart(message_id: int) -> Iterator[None]:
    """One message that nobody can send must not keep the others; its claim ends by itself."""
    try:
        yield
    except Exception:
        log.exception("message not sent: %s", message_id)


def claim(*, now: datetime, limit: int) -> list[int]:
    """The ids of the messages this caller alone may send until their claim ends."""
    return [message_id for message_id, _ in _claim(now=now, limit=limit)]


def _claim(*, now: datetime, limit: int) -> list[tuple[int, int]]:
    """As `claim`, each message with its conversation."""
    real = clock.real_now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"until": real + LEASE, "real_now": real, "business_now": now, "limit": limit})
        return sorted(cursor.fetchall())


def send_claimed(*, message_id: int, now: datetime) -> None:
    """Looks a last time, calls the provider, records what came of it."""
    call = _prepare(message_id=message_id, now=now)
    if call is not None:
        _record_outcome(call.message, call.make, now=now)


def _prepare(*, message_id: int, now: datetime) -> _Call | None:
    """The call to make at once; None when the message does not leave now."""
    message = _last_look(message_id=message_id, now=now)
    if message is None:
        return None
    destination = _destination(message.conversation)
    if destination is None:
        _fail(message, code="address", text="Não sabemos para onde enviar.", now=now)
        return None
    return _Call(
        message=message,
        channel=channel_of(message.conversation.sender),
        destination=destination,
        content=from_payload(message.content),
        reply_to=_quoted(message),
    )


def _record_outcome(message: Message, outcome: Callable[[], SendResult], *, now: datetime) -> None:
    try:
        result = outcome()
    except ContentError as error:
        _fail(message, code="content", text=str(error), now=now)
    except ChannelError as error:
        _record_error(message, error=error, now=now)
    else:
        _record_success(message, result=result, now=now)


def resolve_expired_claims(*, now: datetime) -> int:
    """Claims whose runner died: back to the queue if the call never began, in doubt if it may have happened."""
    real = clock.real_now()
    expired = Message.objects.filter(state=MessageState.CLAIMED, claimed_until__lt=real)
    back = expired.filter(called_at=None).update(state=MessageState.PLANNED, claimed_until=None)
    doubtful = list(expired.exclude(called_at=None).values_list("pk", flat=True))
    for pk in doubtful:
        with _locked(pk) as message:
            if message.state == MessageState.CLAIMED:
                _doubt(message, now=now)
    if back:
        live.wake(live.Work.OUTBOX)
    return back + len(doubtful)


@contextmanager
def _locked(message_id: int, *related: str) -> Iterator[Message]:
    """The message under its member's lock, and then its own; `related` is read in the same query."""
    with transaction.atomic():
        member_id = Message.objects.values_list("conversation__member_id", flat=True).get(pk=message_id)
        lock_member(member_id or 0)
        yield (
            Message.objects.select_for_update(of=("self",))
            .select_related("conversation__contact_point", *related)
            # What the first decision saw is long, and nobody here asks for it.
            .defer(*(["decision__results"] if "decision" in related else []))
            .get(pk=message_id)
        )


def _last_look(*, message_id: int, now: datetime) -> Message | None:
    """The message to send now, marked as about to be called; None when it must not or not yet leave.

    A runner that was slow may find its claim ended and the message claimed again: whoever marks the call
    first makes it, the other one leaves it alone.
    """
    with _locked(message_id, "conversation__sender", "decision", "template") as message:
        if message.state != MessageState.CLAIMED or message.called_at is not None:
            return None
        if message.part_of is not None and message.part_of.state not in MessageState.gone():
            _set_aside(message, MessageState.WITHHELD, "A primeira parte não saiu.", now=now)
            return None
        seen = look(message, now=now)
        if seen.finding == Finding.SEND:
            message.called_at = clock.real_now()
            message.claimed_until = message.called_at + LEASE
            message.save(update_fields=["called_at", "claimed_until"])
            return message
        if seen.finding == Finding.LATER:
            message.state = MessageState.PLANNED
            message.send_at = seen.until
            message.claimed_until = None
            message.save(update_fields=["state", "send_at", "claimed_until"])
            # What follows it in the same contact waits with it.
            message.parts.filter(state=MessageState.PLANNED).update(send_at=seen.until)
            return None
        state = MessageState.DRAFT if seen.finding == Finding.SUPERSEDED else MessageState.WITHHELD
        _set_aside(message, state, seen.reason, now=now)
        return None


def _set_aside(message: Message, state: MessageState, reason: str, *, now: datetime) -> None:
    message.state = state
    message.failure = reason[:200]
    message.claimed_until = None
    message.save(update_fields=["state", "failure", "claimed_until"])
    refund.if_nothing_left(message, now=now)
    _tell(message, kind=f"message.{state}", sentence=f"Mensagem não enviada: {reason}", now=now)
    signals.message_withheld.send(sender=Message, message_id=message.pk, case_id=message.case_id, now=now)
    live.touch(message.conversation_id)


def _record_success(message: Message, *, result: SendResult, now: datetime) -> None:
    with _locked(message.pk) as fresh:
        # A fast status webhook may already have named it and moved it on.
        fresh.provider_id = fresh.provider_id or result.message_id
        if fresh.state in {MessageState.CLAIMED, MessageState.IN_DOUBT}:
            fresh.state, fresh.failure = MessageState.ACCEPTED, ""
        fresh.claimed_until = None
        fresh.sent_at = fresh.sent_at or now
        fresh.save(update_fields=["provider_id", "state", "claimed_until", "sent_at", "failure"])
        point = fresh.conversation.contact_point
        if point is not None and result.recipient_alias:
            members.learn_alias(point=point, kind=AliasKind.WA_ID, value=result.recipient_alias, now=now)
        first_contacts.note(fresh, now=now)
        live.touch(fresh.conversation_id)
        live.wake(live.Work.OUTBOX)


def _record_error(message: Message, *, error: ChannelError, now: datetime) -> None:
    if error.ambiguous:
        with _locked(message.pk) as fresh:
            if fresh.state == MessageState.CLAIMED:
                _doubt(fresh, now=now)
        return
    backoff = error.backoff
    if error.remedy == Remedy.RETRY and backoff and not backoff.is_exhausted(message.attempts - 1):
        _retry_later(message, backoff=backoff)
        return
    if error.remedy in {Remedy.PAUSE_SENDER, Remedy.PAUSE_ACCOUNT}:
        Sender.objects.filter(pk=message.conversation.sender_id).update(
            active=False, paused_reason=error.message[:200]
        )
    _fail(message, code=str(error.code or ""), text=error.message, now=now, error=error)


def _retry_later(message: Message, *, backoff: Backoff) -> None:
    Message.objects.filter(pk=message.pk, state=MessageState.CLAIMED).update(
        state=MessageState.PLANNED,
        claimed_until=None,
        called_at=None,
        retry_at=clock.real_now() + backoff.delay(message.attempts - 1),
    )


def _fail(
    message: Message, *, code: str, text: str, now: datetime, error: ChannelError | None = None
) -> None:
    with _locked(message.pk) as fresh:
        if fresh.state != MessageState.CLAIMED:
            return
        fresh.state = MessageState.FAILED
        fresh.failure_code = code[:20]
        fresh.failure = text[:200]
        fresh.claimed_until = None
        fresh.save(update_fields=["state", "failure_code", "failure", "claimed_until"])
        refund.if_nothing_left(fresh, now=now)
        if error is not None:
            lessons.learn(fresh, action=error.contact_action, now=now)
        _tell(fresh, kind="message.failed", sentence=f"Mensagem não entregue: {text}", now=now)
        signals.message_failed.send(
            sender=Message,
            message_id=fresh.pk,
            case_id=fresh.case_id,
            code=code,
            action=error.contact_action if error else "",
            now=now,
        )
        live.touch(fresh.conversation_id)
        live.wake(live.Work.OUTBOX)


def _doubt(message: Message, *, now: datetime) -> None:
    message.state = MessageState.IN_DOUBT
    message.claimed_until = None
    through = message.conversation.sender.get_channel_display()
    message.failure = f"Sem resposta do envio por {through}: pode ter saído. Não será reenviada sozinha."
    message.save(update_fields=["state", "claimed_until", "failure"])
    _tell(message, kind="message.in_doubt", sentence=message.failure, now=now)
    live.touch(message.conversation_id)
    live.wake(live.Work.OUTBOX)


def _tell(message: Message, *, kind: str, sentence: str, now: datetime) -> None:
    member_id = message.conversation.member_id
    if member_id is not None:
        append(
            member_id=member_id,
            case_id=message.case_id,
            kind=kind,
            sentence=sentence,
            at=now,
            actor="system",
            message=message.pk,
        )


def _destination(conversation: Conversation) -> Destination | None:
    """The phone while we know one, the business-scoped id otherwise, or the e-mail; None when we know none."""
    point = conversation.contact_point
    address = conversation.stranger_address if point is None else point.address
    if conversation.sender.channel == ChannelName.EMAIL:
        return Destination(email=address) if address else None
    if point is not None and not address:
        alias = point.aliases.filter(kind=AliasKind.USER_ID).order_by("-learned_at").first()
        address = alias.value if alias else ""
    if not address:
        return None
    return Destination(phone_e164=address) if address.startswith("+") else Destination(user_id=address)


def _quoted(message: Message) -> str:
    if message.reply_to is not None:
        return message.reply_to.provider_id or ""
    if message.conversation.sender.channel != ChannelName.EMAIL or message.contact_kind != ContactKind.REPLY:
        return ""
    # A letter that answers names what it answers, or it would not stand below it in the member's mailbox.
    heard = Message.objects.filter(conversation=message.conversation, direction=Direction.IN)
    return heard.order_by("-at", "-pk").values_list("provider_id", flat=True).first() or ""
