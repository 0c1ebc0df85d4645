"""Members with a past: what they paid, promised, were told and answered, drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from billing import selectors as billing
from billing.enums import Method, PaymentSource
from billing.services.payments import record_payment
from cases.enums import PromiseStatus
from cases.models import Promise
from cases.selectors import latest_case
from conversations.enums import Direction, MessageState
from conversations.models import Message
from members.models import Member
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.office.contacts.world import contact, talk_with

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# A book is no smaller for being shrunk, and takes its time.
FEW = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ARRIVED = (MessageState.DELIVERED, MessageState.READ)


@dataclass(frozen=True)
class Lived:
    """One member to be. `paid`: days since each invoice fell due, and how late it was paid."""

    dues: tuple[int, ...]
    paid: tuple[tuple[int, int], ...] = ()
    broken: int = 0
    # State, and hours since it left, of each message of ours; hours since each of theirs.
    told: tuple[tuple[MessageState, int], ...] = ()
    wrote: tuple[int, ...] = ()
    joined_days_ago: int = 300
    amount: str = "119.90"
    tags: tuple[str, ...] = ()
    uf: str = "SP"
    kind: str = "person"


HOURS = st.one_of(st.integers(1, 60), st.integers(88 * 24, 92 * 24), st.integers(1, 120 * 24))


def lives(dues: st.SearchStrategy[int]) -> st.SearchStrategy[Lived]:
    """Members whose open invoices are due `dues` days from today."""
    return st.builds(
        Lived,
        dues=st.lists(dues, min_size=1, max_size=2, unique=True).map(tuple),
        paid=st.lists(
            st.tuples(
                st.one_of(st.integers(360, 372), st.integers(100, 450)), st.sampled_from([-2, 0, 3, 4, 30])
            ),
            max_size=4,
        ).map(tuple),
        broken=st.sampled_from([0, 0, 1, 2]),
        told=st.lists(st.tuples(st.sampled_from(_OURS), HOURS), max_size=3).map(tuple),
        wrote=st.lists(HOURS, max_size=1).map(tuple),
        joined_days_ago=st.sampled_from([20, 31, 300, 365, 700]),
        amount=st.sampled_from(["19.90", "119.90", "480.05"]),
        tags=st.sampled_from([(), ("fiel",), ("fiel", "bolsista")]),
        uf=st.sampled_from(["SP", "RJ", ""]),
        kind=st.sampled_from(["person", "person", "company"]),
    )


_OURS = [each for each in MessageState if each != MessageState.RECEIVED]


def live_through(lived: Lived) -> Member:
    """The member, as things stand now; the calendar is not followed."""
    who = Followed.owing(
        uf=lived.uf,
        tags=list(lived.tags),
        kind=lived.kind,
        created_at=NOW - lived.joined_days_ago * DAY,
    )
    for number, (days, late) in enumerate(lived.paid):
        _pay(who.member, days=days, late=late, amount=lived.amount, number=number)
    for due in lived.dues:
        InvoiceFactory(member=who.member, amount="119.90", due_date=TODAY + due * DAY, now=NOW)
    case = latest_case(who.member.pk)
    if case is not None:
        for _ in range(lived.broken):
            Promise.objects.create(
                case=case,
                date=TODAY,
                status=PromiseStatus.BROKEN,
                taken_by="agent",
                made_at=NOW,
                closed_at=NOW,
            )
    for state, hours in lived.told:
        at = NOW - hours * HOUR
        contact(
            who.point,
            state,
            at=at,
            delivered_at=at if state in ARRIVED else None,
            read_at=at if state == MessageState.READ else None,
        )
    for hours in lived.wrote:
        Message.objects.create(
            conversation=talk_with(who.point),
            direction=Direction.IN,
            author="member",
            state=MessageState.RECEIVED,
            at=NOW - hours * HOUR,
        )
    return who.member


@contextmanager
def undone() -> Iterator[None]:
    """What one example writes is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _pay(member: Member, *, days: int, late: int, amount: str, number: int) -> None:
    invoice = InvoiceFactory(
        member=member, amount=amount, due_date=TODAY - days * DAY, now=NOW - (days + 30) * DAY
    )
    paid_at = NOW - (days - late) * DAY
    record_payment(
        provider="pix_api",
        provider_key=f"E{invoice.pk}",
        method=list(Method)[number % len(Method)],
        source=PaymentSource.WEBHOOK,
        # With what being late cost.
        amount=billing.balance(member.pk, on=paid_at.date(), invoices=[invoice]).total,
        paid_at=paid_at,
        now=paid_at,
        member_id=member.pk,
        invoice_ids=[invoice.pk],
    )
