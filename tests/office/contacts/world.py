"""Contacts of ours with a member, as the outbox and the provider would have left them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from compliance.models import Decision
from conversations import threads
from conversations.enums import Direction, MessageState
from conversations.models import Conversation, Message, Sender
from members.models import ContactPoint
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory


def talk_with(point: ContactPoint) -> Conversation:
    OrganisationFactory()
    sender, _ = Sender.objects.get_or_create(
        provider_id=f"100-{point.channel}", defaults={"name": "Academia Exemplo", "channel": point.channel}
    )
    return threads.with_contact_point(point=point, sender=sender, now=NOW)


def contact(
    point: ContactPoint, state: str = MessageState.SENT, *, days_ago: int = 1, **facts: Any
) -> Message:
    """One contact that we began and that the gate allowed, as far as `state` says it came."""
    at = NOW - timedelta(days=days_ago)
    decision = Decision.objects.create(
        member=point.member,
        contact_point=point,
        kind="collection",
        channel=point.channel,
        author="cadence",
        verdict="allow",
        sentence="Pode.",
        results=[],
        request={"invoices": []},
        country="BR",
        zone="America/Sao_Paulo",
        local_time="2026-11-24T10:00",
        pack_version="test",
        policy_version=1,
        calendar_version="test",
        at=at,
    )
    arrived = state in {MessageState.DELIVERED, MessageState.READ}
    return Message.objects.create(
        conversation=talk_with(point),
        direction=Direction.OUT,
        author="cadence",
        body="Olá! Falo com você?",
        decision=decision,
        decision_verdict="allow",
        **{
            "contact_kind": "collection",
            "state": state,
            "at": at,
            "sent_at": at,
            "delivered_at": at if arrived else None,
            "read_at": at if state == MessageState.READ else None,
            **facts,
        },
    )


def refusal(point: ContactPoint, *, code: str = "131026", days_ago: int = 1) -> Message:
    """A contact the provider would not deliver."""
    return contact(point, MessageState.FAILED, days_ago=days_ago, failure_code=code)


def heard(point: ContactPoint, at: datetime) -> None:
    """The person wrote at that instant."""
    Conversation.objects.filter(pk=talk_with(point).pk).update(last_inbound_at=at)
