"""What must be true after a storm, read from the database and from the network's own journal.

Every function returns sentences, each a promise of the product that was broken; no sentence, nothing broken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from billing.models import LedgerEntry, Payment
from commons.history import first_broken_line
from commons.models import HistoryEntry, HistoryHead, WebhookRequest
from conversations.enums import Direction, MessageState, Owner, RunStatus
from conversations.models import AgentRun, Message
from conversations.outbox.correlation import message_id_of, of

# So many names stand in a sentence; the rest is a number.
_NAMED = 5
_AGENT = "agent"


@dataclass(frozen=True)
class Ledger:
    """What is owed, as counts and a sum: nothing in a storm pays or books anything."""

    entries: int
    amount: Decimal
    payments: int

    @classmethod
    def read(cls) -> Ledger:
        found = LedgerEntry.objects.aggregate(entries=Count("pk"), amount=Sum("amount"))
        return cls(found["entries"], found["amount"] or Decimal(0), Payment.objects.count())


@dataclass(frozen=True)
class Happened:
    """What a storm did, as those know it who did it.

    `written`: WhatsApp's names of what members wrote. `queued`: ids of the messages we queued. `accepted`:
    each message that WhatsApp took from us, as (our correlation, its name). `ledger`: as it was before.
    """

    written: Sequence[str]
    queued: Sequence[int]
    accepted: Sequence[tuple[str, str]]
    ledger: Ledger


def broken(happened: Happened) -> list[str]:
    """Every promise that was broken."""
    return [
        *inbound_stored_once(happened.written),
        *journal_processed(),
        *outbound_sent_once(happened.queued, happened.accepted),
        *chains_whole(happened.queued),
        *bursts_answered_once(),
        *ledger_untouched(happened.ledger),
    ]


def inbound_stored_once(written: Sequence[str]) -> list[str]:
    """What members wrote is there, each message once, and nothing else is."""
    stored = Counter(Message.objects.filter(direction=Direction.IN).values_list("provider_id", flat=True))
    return _sentences(
        ("never stored though a member wrote it", [name for name in written if not stored[name]]),
        ("stored more than once", [str(name) for name, count in stored.items() if count > 1]),
        ("stored though nobody wrote it", [str(name) for name in stored.keys() - set(written)]),
    )


def journal_processed() -> list[str]:
    """No request of the provider waits or was given up."""
    waiting = WebhookRequest.objects.filter(processed_at=None).values_list("pk", flat=True)
    failed = WebhookRequest.objects.filter(failed_items__gt=0).values_list("pk", flat=True)
    return _sentences(
        ("in the journal and never processed", [f"request {pk}" for pk in waiting]),
        ("processed with items that failed", [f"request {pk}" for pk in failed]),
    )


def outbound_sent_once(queued: Sequence[int], accepted: Sequence[tuple[str, str]]) -> list[str]:
    """What ADR 5 promises.

    1. WhatsApp took no message twice, and none that we do not know.
    2. What we hold for gone it took exactly once, under the name we hold.
    3. What is in doubt it never took: of what it took it told us, and that resolves the doubt.
    4. What was stopped or failed it never took. Nothing still waits.
    5. What we queued is gone or in doubt: nothing was lost.
    """
    taken = Counter(correlation for correlation, _ in accepted)
    named = dict(accepted)
    rows = {
        message.pk: message
        for message in Message.objects.filter(direction=Direction.OUT).only(
            "state", "provider_id", "called_at"
        )
    }
    by_state: Mapping[str, list[Message]] = _grouped(rows.values())
    gone = [message for state in MessageState.gone() for message in by_state[state]]
    doubtful = by_state[MessageState.IN_DOUBT]
    waiting = [message for state in MessageState.waiting() for message in by_state[state]]
    others = [m for m in rows.values() if m not in [*gone, *doubtful, *waiting]]
    lost = [pk for pk in queued if pk not in rows or rows[pk] in others]
    return _sentences(
        ("sent more than once", [name for name, count in taken.items() if count > 1]),
        ("taken by WhatsApp and unknown to us", [name for name in taken if message_id_of(name) not in rows]),
        ("gone in our book and never taken by WhatsApp", [of(m.pk) for m in gone if not taken[of(m.pk)]]),
        (
            "known to us under another name than WhatsApp gave it",
            [of(m.pk) for m in gone if taken[of(m.pk)] and m.provider_id != named[of(m.pk)]],
        ),
        ("in doubt though WhatsApp took it and told us", [of(m.pk) for m in doubtful if taken[of(m.pk)]]),
        ("in doubt though it was never called", [of(m.pk) for m in doubtful if m.called_at is None]),
        ("stopped or failed in our book and yet taken", [of(m.pk) for m in others if taken[of(m.pk)]]),
        ("still waiting in the outbox", [of(m.pk) for m in waiting]),
        ("queued and lost", [of(pk) for pk in lost]),
    )


def chains_whole(queued: Collection[int]) -> list[str]:
    """Every member's history verifies, and tells of every message we queued once."""
    torn = [
        f"member {pk} at line {line}"
        for pk in HistoryHead.objects.order_by("pk").values_list("pk", flat=True)
        if (line := first_broken_line(pk)) is not None
    ]
    told = Counter(
        HistoryEntry.objects.filter(kind="message.planned").values_list("metadata__message", flat=True)
    )
    return _sentences(
        ("broken in its history's chain", torn),
        ("queued and told in no history or in two", [of(pk) for pk in queued if told[pk] != 1]),
    )


def bursts_answered_once() -> list[str]:
    """Every message that asks for an answer got one, by one turn of the agent with one reply."""
    replies: dict[int, int] = defaultdict(int)
    for run_id in Message.objects.filter(
        direction=Direction.OUT, author=_AGENT, part_of=None, run__isnull=False
    ).values_list("run_id", flat=True):
        replies[run_id or 0] += 1
    answering = Counter(
        inbound_id
        for run in AgentRun.objects.filter(pk__in=list(replies)).only("inbound_ids")
        for inbound_id in run.inbound_ids
    )
    open_runs = AgentRun.objects.filter(status=RunStatus.RUNNING).values_list("pk", flat=True)
    unanswered = Message.objects.filter(
        direction=Direction.IN, answered_at=None, conversation__owner=Owner.AGENT
    ).values_list("pk", flat=True)
    return _sentences(
        ("replied to more than once", [f"inbound {pk}" for pk, count in answering.items() if count > 1]),
        ("said more than once by its turn", [f"turn {pk}" for pk, count in replies.items() if count > 1]),
        ("left open by a turn that died", [f"turn {pk}" for pk in open_runs]),
        ("never answered", [f"inbound {pk}" for pk in unanswered]),
    )


def ledger_untouched(before: Ledger) -> list[str]:
    """Nobody owes another amount than before."""
    after = Ledger.read()
    return [] if after == before else [f"The ledger moved: it was {before} and is {after}."]


def _grouped(messages: Iterable[Message]) -> Mapping[str, list[Message]]:
    groups: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.state].append(message)
    return groups


def _sentences(*findings: tuple[str, Sequence[str]]) -> list[str]:
    """One sentence for each finding that has names."""
    return [f"{len(names)} {what}: {_named(names)}." for what, names in findings if names]


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(str(name) for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
