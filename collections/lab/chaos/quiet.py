"""After the storm: until nothing is left to do, and then everything once more."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from celery import current_app
from kombu import Connection
from kombu.exceptions import ChannelError

from commons import clock
from commons.models import WebhookRequest
from commons.queues import Queue
from conversations import tasks
from conversations.enums import MessageState, Owner
from conversations.intake import journal
from conversations.models import Conversation, Message
from conversations.outbox import dispatch
from conversations.turns import lease
from lab.chaos.network import Network

# Seconds between two looks, of calm before we believe in it, and between two rounds of hurrying.
_LOOK = 0.5
_CALM = 1.5
_HURRY = 2.0
_AT_ONCE = 100


def wait(network: Network, *, patience: float, hurry: bool, killed_at: datetime | None = None) -> list[str]:
    """Until product and network have nothing left to do. What is left after `patience` seconds, in words.

    Unhurried nobody helps: the dead's leases run out and the scheduler finds what was lost. In a hurry the
    leases taken before `killed_at`, the last kill of a worker, end now, and what the scheduler would enqueue
    and the network would try later comes every other second.
    """
    deadline = time.monotonic() + patience
    calm_since: float | None = None
    hurried_at = 0.0
    left: list[str] = []
    while time.monotonic() < deadline:
        clock.refresh()
        left = remaining(network)
        now = time.monotonic()
        if left:
            calm_since = None
            if hurry and now - hurried_at >= _HURRY:
                _hurry(network, killed_at)
                hurried_at = now
        elif calm_since is None:
            calm_since = now
        elif now - calm_since >= _CALM:
            return []
        time.sleep(_LOOK)
    return left or ["calm"]


def once_more(network: Network) -> int:
    """Every wake-up and every webhook again: what a broker or a provider may do at any time.

    Returns how many tasks and requests that were.
    """
    requests = list(WebhookRequest.objects.order_by("pk").values_list("pk", flat=True))
    conversations = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    replayed = network.replay()
    for request_id in requests:
        tasks.process_request.delay(request_id=request_id)
    for conversation_id in conversations:
        tasks.run_turn.delay(conversation_id=conversation_id)
    _sweep()
    return replayed + len(requests) + len(conversations) + 4


def remaining(network: Network) -> list[str]:
    """What is left to do, in words.

    Unlike `lab.idle` this looks ahead: a turn that is armed and a message that waits are still to come.
    """
    looks = {
        "requests in the journal": WebhookRequest.objects.filter(processed_at=None).exists(),
        "messages in the outbox": Message.objects.filter(state__in=MessageState.waiting()).exists(),
        "armed turns": Conversation.objects.exclude(turn_due_at=None).filter(owner=Owner.AGENT).exists(),
        "leased turns": Conversation.objects.filter(lease_until__gt=clock.real_now()).exists(),
        "webhooks on their way": not network.is_calm(),
        "tasks in the broker": _has_tasks(),
    }
    return [what for what, is_left in looks.items() if is_left]


def _has_tasks() -> bool:
    """Whether any queue of the broker holds a task that no worker has taken yet."""
    with current_app.connection_for_read() as connection:
        return any(_length(connection, queue) for queue in Queue)


def _length(connection: Connection, queue: Queue) -> int:
    # The type says too little: every transport's channel can declare queues.
    channel: Any = connection.default_channel
    try:
        return int(channel.queue_declare(queue=queue.value, passive=True).message_count)
    except ChannelError:
        # An empty queue is no queue.
        return 0


def _hurry(network: Network, killed_at: datetime | None) -> None:
    network.retry()
    if killed_at is not None:
        now = clock.real_now()
        # A lease that ends later was taken (or, by a call, renewed) by somebody who lives.
        Message.objects.filter(
            state=MessageState.CLAIMED, claimed_until__lt=killed_at + dispatch.LEASE, claimed_until__gt=now
        ).update(claimed_until=now)
        Conversation.objects.filter(lease_until__lt=killed_at + lease.LEASE, lease_until__gt=now).update(
            lease_until=now
        )
    for request_id, queue in journal.waiting(limit=_AT_ONCE):
        tasks.process_request.apply_async(kwargs={"request_id": request_id}, queue=queue)
    _sweep()


def _sweep() -> None:
    for task in (tasks.sweep_journal, tasks.sweep_turns, tasks.resolve_claims, tasks.dispatch_due):
        task.delay()
