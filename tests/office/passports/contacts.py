"""Contacts that the gate does not let leave, as the régua would have wanted them."""

from __future__ import annotations

from datetime import datetime

from commons import clock
from compliance.enums import ContactKind
from compliance.models import Decision
from conversations.channels.base import Text
from conversations.outbox import queue
from tests.conversations.world import Talk


def not_sent(talk: Talk, *, at: datetime | None = None, step: str = "depois-7") -> Decision:
    """One more collection on a day that has had its contact: put off."""
    queued = queue.queue(
        conversation=talk.fresh(),
        draft=queue.Draft(
            parts=[Text("Olá")],
            contact_kind=ContactKind.COLLECTION,
            author="cadence",
            case_id=talk.world.case.pk,
            invoice_ids=(talk.world.invoice.pk,),
            step_key=step,
        ),
        now=at or clock.now(),
    )
    assert not queued.allowed
    return queued.decision
