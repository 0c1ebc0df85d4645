"""What was said and decided about the members of the large book."""

from __future__ import annotations

from datetime import timedelta

from cadence.models import StepRun
from cases.models import Case
from commons.models import WebhookRequest
from compliance.models import ContactLedgerEntry, Decision, HoursRequest
from conversations.models import AgentRun, ChannelEvent, Conversation, Message
from lab.bench.filler import Filler
from lab.bench.scale import TODAY, at, share
from members.models import ContactPoint, Member


def write(filler: Filler, members: int) -> None:
    """One contact, its decision, a conversation and what arrived, for each of the newest members and cases."""
    people, cases = filler.ids(Member), filler.ids(Case)
    filler.fill(
        HoursRequest,
        share(members, 50),
        member_id=filler.one_of(Member),
        contract_on=TODAY.date() - timedelta(days=900),
        asked_on=TODAY.date(),
    )
    decisions = filler.fill(
        Decision,
        members,
        member_id=lambda n: people[n],
        case_id=lambda n: cases[n],
        kind="collection",
        channel="whatsapp",
        author="cadence",
        verdict=lambda n: ("allow", "defer", "refuse")[n % 3],
        until=lambda n: TODAY if n % 3 == 1 else None,
        at=at,
    )
    filler.fill(
        ContactLedgerEntry,
        members,
        member_id=lambda n: people[n],
        channel="whatsapp",
        kind="collection",
        outcome="sent",
        decision_id=lambda n: decisions[n],
        at=at,
    )
    filler.fill(
        StepRun,
        members,
        case_id=lambda n: cases[n],
        step_key=lambda n: f"d{n % 20}",
        decision_id=lambda n: decisions[n],
        at=at,
    )
    conversations = filler.fill(
        Conversation,
        members,
        member_id=lambda n: people[n],
        contact_point_id=lambda n: filler.ids(ContactPoint)[n],
        last_message_at=at,
    )
    filler.fill(
        Message,
        members,
        conversation_id=lambda n: conversations[n],
        direction="in",
        body="Bom dia, quero saber quanto devo.",
        author="member",
        state="read",
        at=at,
    )
    filler.fill(
        AgentRun,
        members,
        conversation_id=lambda n: conversations[n],
        prompt_version="2026-11",
        model="offline",
        started_at=at,
    )
    base = WebhookRequest.objects.count()
    filler.fill(WebhookRequest, members, provider="whatsapp", received_at=at, processed_at=at)
    filler.fill(ChannelEvent, members, provider="whatsapp", key=lambda n: f"bench-{base + n}", kind="message")
