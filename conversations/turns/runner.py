"""A turn of the agent: lease, snapshot, think, check again, commit.

Nothing is locked while the model thinks. What its tools did stays done; what it wants to say is thrown away
when the member wrote again or a person took over in the meantime.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cases import selectors as cases
from cases.enums import EscalationReason
from cases.services import concerns, offers
from commons import clock
from commons.history import member_transaction
from conversations import live
from conversations.agent import loop, phrases
from conversations.agent.outcome import Outcome
from conversations.channels.base import Text
from conversations.enums import ConversationState, Direction, MessageKind, Owner, RunStatus
from conversations.models import AgentRun, Conversation, Message
from conversations.outbox import queue
from conversations.turns import arming, farewell, lease, presence

log = logging.getLogger(__name__)

# How far back a turn looks for what was not answered.
MAX_INBOUND = 20


def run_turn(*, conversation_id: int, now: datetime) -> None:
    """Answers what the member wrote since the last answer. Does nothing when it is not this caller's turn."""
    token = lease.take(conversation_id=conversation_id, now=now)
    if token is None:
        return
    try:
        _end_interrupted(conversation_id)
        _run(conversation_id=conversation_id, token=token, now=now)
    finally:
        lease.give_back(conversation_id=conversation_id, token=token)
        # Whatever was armed while the lease was held is found by the next wake-up.
        live.wake(live.Work.TURN)


def _end_interrupted(conversation_id: int) -> None:
    """Whoever ran before us lost the lease without closing their run: they died, or think for too long.

    One that is only slow finds that the lease is ours and closes its run as superseded.
    """
    AgentRun.objects.filter(conversation_id=conversation_id, status=RunStatus.RUNNING).update(
        status=RunStatus.FAILED, error="interrompido"
    )


def _run(*, conversation_id: int, token: str, now: datetime) -> None:
    conversation = Conversation.objects.select_related("member", "contact_point__member", "sender").get(
        pk=conversation_id
    )
    inbound = _unanswered(conversation)
    if not inbound:
        _nothing_to_answer(conversation_id)
        return
    if farewell.is_rest_of(conversation=conversation, inbound=inbound, now=now):
        _let_rest(conversation_id, inbound=inbound, now=now)
        return
    run = AgentRun.objects.create(
        conversation=conversation,
        epoch=conversation.epoch,
        prompt_version=loop.PROMPT_VERSION,
        inbound_ids=[m.pk for m in inbound],
        started_at=now,
    )
    started = time.monotonic()
    presence.show_typing(conversation=conversation, message=inbound[-1])
    try:
        outcome = loop.think(conversation=conversation, inbound=inbound, run=run, now=now)
    except Exception:
        # A model or tool that breaks must not leave the member without an answer: a person gets the case.
        log.exception("agent turn failed: run=%s", run.pk)
        outcome = Outcome.failed()
    _commit(
        conversation_id=conversation_id,
        token=token,
        run=run,
        inbound=inbound,
        outcome=outcome,
        now=clock.now(),
    )
    AgentRun.objects.filter(pk=run.pk).update(milliseconds=int((time.monotonic() - started) * 1000))


def _unanswered(conversation: Conversation) -> list[Message]:
    waiting = (
        Message.objects.filter(conversation=conversation, direction=Direction.IN, answered_at=None)
        .exclude(kind__in=[MessageKind.REACTION, MessageKind.SYSTEM])
        .order_by("-at", "-pk")[:MAX_INBOUND]
    )
    return list(reversed(waiting))


@contextmanager
def _locked(conversation_id: int) -> Iterator[Conversation]:
    """The conversation under its member's lock, and then its own."""
    member_id = Conversation.objects.values_list("member_id", flat=True).get(pk=conversation_id)
    with member_transaction(member_id or 0):
        yield (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("sender", "contact_point__member")
            .get(pk=conversation_id)
        )


def _nothing_to_answer(conversation_id: int) -> None:
    """Ends the wait, unless something arrived since we looked."""
    with _locked(conversation_id) as conversation:
        if not _unanswered(conversation):
            arming.disarm(conversation=conversation)


def _let_rest(conversation_id: int, *, inbound: list[Message], now: datetime) -> None:
    """Leaves `inbound` without an answer, unless they wrote again since we looked."""
    with _locked(conversation_id) as conversation:
        if {m.pk for m in _unanswered(conversation)} - {m.pk for m in inbound}:
            return
        arming.disarm(conversation=conversation)
        Message.objects.filter(pk__in=[m.pk for m in inbound]).update(answered_at=now)
        conversation.waiting_since = None
        conversation.state = ConversationState.CLOSED
        conversation.save(update_fields=["waiting_since", "state"])


def _commit(
    *,
    conversation_id: int,
    token: str,
    run: AgentRun,
    inbound: list[Message],
    outcome: Outcome,
    now: datetime,
) -> None:
    """The reply becomes rows, unless the world moved on while the model thought."""
    with _locked(conversation_id) as conversation:
        # What the checks rejected is what a person wants to see, not the sentence said in its place.
        run.draft = run.draft or outcome.text
        run.checks = outcome.checks
        run.error = outcome.error
        if conversation.epoch != run.epoch or conversation.owner == Owner.PERSON:
            # Whoever raised the epoch also decided whether a turn is due: a hand-back has armed the next one.
            _close(run, RunStatus.SUPERSEDED)
            return
        if conversation.lease_token != token:
            # We thought for longer than the lease: whoever has it now answers.
            _close(run, RunStatus.SUPERSEDED)
            return
        if {m.pk for m in _unanswered(conversation)} - {m.pk for m in inbound}:
            # They wrote again: keep what was done, say nothing yet, answer everything at once.
            _close(run, RunStatus.SUPERSEDED)
            arming.arm(conversation=conversation, now=now)
            return
        arming.disarm(conversation=conversation)
        if outcome.hand_over:
            _hand_over(conversation, outcome=outcome, now=now)
        if not outcome.text:
            _close(run, RunStatus.SILENT)
            Message.objects.filter(pk__in=[m.pk for m in inbound]).update(answered_at=now)
            return
        queued = queue.queue_reply(
            conversation=conversation,
            parts=outcome.parts,
            author="agent",
            answers=[m.pk for m in inbound],
            facts=outcome.facts,
            run=run,
            must_hold=outcome.must_hold,
            now=now,
        )
        if queued.decision.until is not None:
            # Too late at night for an answer this late: it is thought anew when it may leave.
            conversation.turn_due_at = queued.decision.until
            conversation.save(update_fields=["turn_due_at"])
            _close(run, RunStatus.SUPERSEDED)
            return
        if not queued.allowed:
            _refused(conversation, run=run, inbound=inbound, queued=queued, now=now)
            return
        offers.mark_seen(offer_ids=outcome.offer_ids, now=now)
        conversation.misunderstandings = outcome.misunderstandings
        conversation.save(update_fields=["misunderstandings"])
        _close(run, RunStatus.HANDED_OVER if outcome.hand_over else RunStatus.REPLIED)


def _refused(
    conversation: Conversation, *, run: AgentRun, inbound: list[Message], queued: queue.Queued, now: datetime
) -> None:
    """The gate did not let the reply go: the safe sentence instead, and a person gets the draft."""
    run.checks = [*run.checks, {"check": "gate", "decision": queued.decision.pk}]
    _hand_over(conversation, outcome=Outcome.guarded(), now=now)
    queue.queue_reply(
        conversation=conversation,
        parts=[Text(phrases.hand_over_line(now=now))],
        author="agent",
        answers=[m.pk for m in inbound],
        run=run,
        now=now,
    )
    _close(run, RunStatus.HANDED_OVER)


def _hand_over(conversation: Conversation, *, outcome: Outcome, now: datetime) -> None:
    conversation.state = ConversationState.WAITING_PERSON
    conversation.save(update_fields=["state"])
    case = cases.open_case(conversation.member_id) if conversation.member_id else None
    if case is not None and outcome.hand_over:
        concerns.escalate(
            case=case,
            reason=EscalationReason(outcome.hand_over),
            raised_by="agent",
            summary=outcome.summary,
            now=now,
        )
    live.touch(conversation.pk)


def _close(run: AgentRun, status: RunStatus) -> None:
    run.status = status
    run.save(
        update_fields=[
            "status",
            "draft",
            "checks",
            "error",
            "facts",
            "model",
            "tokens_in",
            "tokens_out",
            "tokens_estimated",
        ]
    )
