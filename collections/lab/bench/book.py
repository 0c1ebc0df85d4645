"""People who are two days late, each with one message planned by the real planner."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from billing.services.invoices import issue_invoice
from cadence import planner
from cases.models import Case
from commons import clock
from conversations.enums import Direction, MessageState
from conversations.models import Message
from lab.demo import setting
from members import services as members
from members.enums import Channel

# A Tuesday morning in São Paulo: inside every window.
NOW = datetime.fromisoformat("2026-11-24T10:00:00-03:00")
_ACTOR = "system"
_LATE = timedelta(days=2)


def write(count: int) -> list[int]:
    """`count` members who confirmed who they are and agreed to be written to; their cases, due to be planned.

    The database has to be empty. Business time stands still from then on.
    """
    clock.move(to=NOW, frozen=True)
    setting.organisation()
    for number in range(count):
        _late_member(number)
    return list(Case.objects.order_by("pk").values_list("pk", flat=True))


def plan(cases: list[int]) -> None:
    """One contact for each. Raises RuntimeError when the planner had a reason not to write to somebody."""
    for case_id in cases:
        planner.plan_case(case_id=case_id, now=NOW)
    planned = _outbound().filter(state=MessageState.PLANNED).count()
    if planned != len(cases):
        raise RuntimeError(f"{len(cases)} cases, but {planned} messages are planned")


def put_back() -> None:
    """Everything that left is planned again, as if it had never left: the next run finds what this one did."""
    _outbound().update(
        state=MessageState.PLANNED,
        provider_id=None,
        claimed_until=None,
        called_at=None,
        sent_at=None,
        attempts=0,
    )


def accepted() -> int:
    """How many messages the provider has taken and named."""
    return _outbound().filter(state=MessageState.ACCEPTED).exclude(provider_id=None).count()


def _outbound() -> QuerySet[Message]:
    return Message.objects.filter(direction=Direction.OUT)


def _late_member(number: int) -> None:
    joined = NOW - timedelta(days=200)
    member = members.create_member(
        name=f"Ana Medida {number}", now=joined, actor=_ACTOR, city="São Paulo", uf="SP"
    )
    point = members.add_contact_point(
        member=member, channel=Channel.WHATSAPP, address=f"+55119{number:08d}", now=joined, actor=_ACTOR
    )
    members.grant_consent(
        member=member,
        channel=Channel.WHATSAPP,
        granted_at=joined,
        source="ficha de matrícula",
        text_version="2026-01",
        actor=_ACTOR,
        now=joined,
    )
    members.confirm_identity(point=point, now=joined, actor=_ACTOR)
    issue_invoice(
        member_id=member.pk,
        number=f"B-{number:06d}",
        description="Mensalidade 11/2026",
        amount=Decimal("119.90"),
        due_date=(NOW - _LATE).date(),
        now=NOW - _LATE,
        actor=_ACTOR,
    )
