"""Each member's story: append-only, hash-chained, one lock per member.

`content_hash = HMAC-SHA256(salt, sentence)` and
`chain = SHA-256(previous, content_hash, canonical JSON of everything else)`.
Removing sentence and salt of a line (erasure) leaves the chain verifiable; changing anything else does not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from commons.models import HistoryEntry, HistoryHead


@contextmanager
def member_transaction(member_id: int) -> Iterator[None]:
    """A transaction that holds the member's lock.

    Every service that writes about a member enters here first, before any other lock: two writers about
    the same member run one after the other, so no order of locks between rows can go wrong. Re-entrant: what
    is raised in an inner block undoes the outermost transaction, so a refusal is caught outside of it.
    """
    with transaction.atomic(savepoint=False):
        lock_member(member_id)
        yield


def lock_member(member_id: int) -> HistoryHead:
    """The member's head row, locked until the transaction ends; made when missing."""
    heads = HistoryHead.objects.select_for_update()
    if head := heads.filter(pk=member_id).first():
        return head
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO commons_historyhead (member_id, sequence, chain) VALUES (%s, 0, '') ON CONFLICT DO NOTHING",
            [member_id],
        )
    return heads.get(pk=member_id)


def append(
    *,
    member_id: int,
    kind: str,
    sentence: str,
    at: datetime,
    actor: str,
    case_id: int | None = None,
    **metadata: Any,
) -> HistoryEntry:
    """Adds one line. `sentence` is Portuguese for people and may name the person; `metadata` may not.

    `kind` is dotted and past tense ("payment.received"); `actor` is "system", "agent", "member", "cadence" or
    "user:<id>".
    """
    with transaction.atomic(savepoint=False):
        head = lock_member(member_id)
        entry = HistoryEntry(
            member_id=member_id,
            sequence=head.sequence + 1,
            kind=kind,
            at=at,
            actor=actor,
            case_id=case_id,
            metadata=metadata,
            sentence=sentence,
            salt=secrets.token_hex(16),
            previous=head.chain,
        )
        entry.content_hash = _content_hash(entry.salt, sentence)
        entry.chain = _chain(entry)
        entry.save()
        head.sequence, head.chain = entry.sequence, entry.chain
        head.save(update_fields=["sequence", "chain"])
    return entry


def first_broken_line(member_id: int) -> int | None:
    """The sequence of the first line that does not verify, or None for a sound chain."""
    previous = ""
    count = 0
    for entry in HistoryEntry.objects.filter(member_id=member_id).order_by("sequence").iterator():
        count += 1
        erased = not entry.salt and not entry.sentence
        sound = (
            entry.sequence == count
            and entry.previous == previous
            and entry.chain == _chain(entry)
            and (erased or entry.content_hash == _content_hash(entry.salt, entry.sentence))
        )
        if not sound:
            return entry.sequence
        previous = entry.chain
    head = HistoryHead.objects.filter(pk=member_id).values_list("sequence", "chain").first()
    return None if (head or (0, "")) == (count, previous) else count + 1


def _content_hash(salt: str, sentence: str) -> str:
    return hmac.new(salt.encode(), sentence.encode(), hashlib.sha256).hexdigest()


def _chain(entry: HistoryEntry) -> str:
    fields = {
        "member": entry.member_id,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "at": _microseconds(entry.at),
        "recorded_at": _microseconds(entry.recorded_at),
        "actor": entry.actor,
        "case": entry.case_id,
        "metadata": entry.metadata,
    }
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{entry.previous}|{entry.content_hash}|{canonical}".encode()).hexdigest()


def _microseconds(instant: datetime) -> int:
    """The same number for the same instant, in whatever zone it is written."""
    return round(instant.timestamp() * 1_000_000)
