"""What came of the messages that left with each version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from conversations.enums import Direction, MessageState
from conversations.models import Message

# Older messages say little about the text as people take it today.
WINDOW = timedelta(days=90)
# An answer that comes later than this answers something else.
ANSWERED_WITHIN = timedelta(days=3)
# Of fewer, a percentage would promise more than it knows.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Results:
    """Counts of one version. Read and answered are of those delivered: what never arrived could be neither.

    Who has switched read receipts off counts as not read.
    """

    sent: int = 0
    delivered: int = 0
    read: int = 0
    replied: int = 0
    failed: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether shares say something."""
        return self.delivered >= ENOUGH

    @property
    def delivered_share(self) -> int:
        return _percent(self.delivered, self.sent)

    @property
    def read_share(self) -> int:
        return _percent(self.read, self.delivered)

    @property
    def replied_share(self) -> int:
        return _percent(self.replied, self.delivered)


NONE = Results()


def results_of(template_ids: Collection[int], *, now: datetime) -> dict[int, Results]:
    """The results of these versions since `WINDOW`, by id; one query, and no entry where nothing was sent."""
    answer = Message.objects.filter(
        conversation=OuterRef("conversation"),
        direction=Direction.IN,
        at__gt=OuterRef("at"),
        at__lte=OuterRef("at") + ANSWERED_WITHIN,
    )
    arrived = Q(state__in=[MessageState.DELIVERED, MessageState.READ])
    rows = (
        Message.objects.filter(
            template_id__in=template_ids, direction=Direction.OUT, part_of=None, at__gte=now - WINDOW
        )
        .order_by()
        .annotate(is_answered=Exists(answer))
        .values("template_id")
        .annotate(
            sent=Count("pk", filter=Q(state__in=MessageState.gone())),
            delivered=Count("pk", filter=arrived),
            read=Count("pk", filter=Q(state=MessageState.READ)),
            replied=Count("pk", filter=arrived & Q(is_answered=True)),
            failed=Count("pk", filter=Q(state=MessageState.FAILED)),
        )
        .values_list("template_id", "sent", "delivered", "read", "replied", "failed")
    )
    return {template_id: Results(*counts) for template_id, *counts in rows}


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
