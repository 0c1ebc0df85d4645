"""The only way into the outbox: the gate decides, then decision and messages are rows in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases import selectors as cases
from commons import clock
from commons.history import append, member_transaction
from compliance import services as compliance
from compliance.content.facts import FactSet
from compliance.enums import ContactKind, Verdict
from compliance.gate.request import ContactRequest, TemplateState
from compliance.models import Decision
from compliance.packs.model import ContactLimits
from conversations import live
from conversations.agent.facts import base_facts
from conversations.channels.base import (
    Buttons,
    Content,
    ListMenu,
    Template,
    preview,
    to_payload,
    visible_text,
)
from conversations.enums import Direction, MessageKind, MessageState
from conversations.models import AgentRun, Conversation, Message, MessageTemplate
from conversations.outbox import shaping
from conversations.outbox.facts_json import limits_to_json, to_json

_KIND_OF = {
    "text": MessageKind.TEXT,
    "buttons": MessageKind.BUTTONS,
    "list": MessageKind.LIST,
    "template": MessageKind.TEMPLATE,
    "image": MessageKind.IMAGE,
    "document": MessageKind.DOCUMENT,
    "audio": MessageKind.AUDIO,
    "pix_order": MessageKind.ORDER,
    "order_update": MessageKind.ORDER,
    "reaction": MessageKind.REACTION,
}


@dataclass(frozen=True)
class Queued:
    """What became of a wish to write: the gate's decision and, when it allows, the rows that will leave."""

    decision: Decision
    messages: list[Message] = field(default_factory=list)

    @property
    def allowed(self) -> bool:
        return self.decision.verdict == Verdict.ALLOW


@dataclass(frozen=True)
class Draft:
    """Everything about one contact that is not the conversation's. `text` is what a template will read as."""

    parts: Sequence[Content]
    contact_kind: ContactKind
    author: str
    case_id: int | None = None
    invoice_ids: tuple[int, ...] = ()
    facts: FactSet | None = None
    template: MessageTemplate | None = None
    text: str = ""
    answers_inbound_at: datetime | None = None
    payment_at: datetime | None = None
    step_key: str = ""
    deferrals: int = 0
    # People of a segment may be contacted less often than the policy says; switches may stop a segment.
    limits: ContactLimits | None = None
    segments: tuple[str, ...] = ()
    # What must still be true when it leaves, see `outbox.recheck`.
    must_hold: dict[str, Any] = field(default_factory=dict)


def request_of(draft: Draft, *, conversation: Conversation) -> ContactRequest:
    """The gate's view of a contact."""
    return ContactRequest(
        member_id=conversation.member_id,
        contact_point_id=conversation.contact_point_id,
        channel=conversation.sender.channel,
        kind=draft.contact_kind,
        text=draft.text or "\n".join(visible_text(part) for part in draft.parts),
        facts=draft.facts or base_facts(now=clock.now()),
        buttons=_button_titles(draft),
        template=_template_state(draft.template),
        sender_active=conversation.sender.active,
        sender_key=str(conversation.sender_id),
        case_id=draft.case_id,
        invoice_ids=draft.invoice_ids,
        author=draft.author.replace("user:", "person:"),
        answers_inbound_at=draft.answers_inbound_at,
        payment_at=draft.payment_at,
        service_window_until=conversation.window_closes_at,
        step_key=draft.step_key or None,
        deferrals=draft.deferrals,
        limits=draft.limits,
        segments=draft.segments,
    )


def queue(
    *,
    conversation: Conversation,
    draft: Draft,
    now: datetime,
    run: AgentRun | None = None,
    send_at: datetime | None = None,
) -> Queued:
    """Asks the gate and, when it allows, puts the parts into the outbox in their order.

    A refusal or a deferral is a decision row and nothing else. The caller holds the member's lock or gets it
    here; the parts share one decision, because they are one contact. What the conversation's channel cannot
    carry as it is becomes words first: judged is what leaves.
    """
    draft = replace(draft, parts=shaping.shaped(draft.parts, conversation=conversation, author=draft.author))
    with member_transaction(conversation.member_id or 0):
        decision = compliance.decide(request_of(draft, conversation=conversation), now=now)
        if decision.verdict != Verdict.ALLOW:
            return Queued(decision)
        compliance.record_contact(decision=decision, now=now)
        messages: list[Message] = []
        for part in draft.parts:
            payload = to_payload(part)
            messages.append(
                Message.objects.create(
                    conversation=conversation,
                    direction=Direction.OUT,
                    kind=_KIND_OF.get(payload["type"], MessageKind.TEXT),
                    body=draft.text if isinstance(part, Template) else preview(part),
                    content=payload,
                    author=draft.author,
                    state=MessageState.PLANNED,
                    contact_kind=draft.contact_kind,
                    decision=decision,
                    decision_verdict=Verdict.ALLOW,
                    case_id=draft.case_id,
                    facts=_kept(draft),
                    epoch=conversation.epoch,
                    run=run,
                    template=draft.template,
                    part_of=messages[0] if messages else None,
                    at=now,
                    send_at=send_at or now,
                )
            )
        Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now)
        if conversation.member_id is not None:
            append(
                member_id=conversation.member_id,
                case_id=draft.case_id,
                kind="message.planned",
                sentence=messages[0].body[:300],
                at=now,
                actor=draft.author,
                message=messages[0].pk,
                decision=decision.pk,
                contact=draft.contact_kind,
            )
        live.touch(conversation.pk)
        live.wake(live.Work.OUTBOX)
    return Queued(decision, messages)


def queue_reply(
    *,
    conversation: Conversation,
    parts: Sequence[Content],
    author: str,
    now: datetime,
    contact_kind: ContactKind = ContactKind.REPLY,
    answers: Sequence[int] = (),
    facts: FactSet | None = None,
    run: AgentRun | None = None,
    must_hold: dict[str, Any] | None = None,
) -> Queued:
    """Answers what the member wrote and marks it as answered."""
    case = cases.latest_case(conversation.member_id) if conversation.member_id else None
    queued = queue(
        conversation=conversation,
        draft=Draft(
            parts=parts,
            contact_kind=contact_kind,
            author=author,
            case_id=case.pk if case else None,
            facts=facts,
            answers_inbound_at=conversation.last_inbound_at,
            must_hold=must_hold or {},
        ),
        now=now,
        run=run,
    )
    if queued.allowed and answers:
        Message.objects.filter(pk__in=answers).update(answered_at=now)
        Conversation.objects.filter(pk=conversation.pk).update(waiting_since=None)
    return queued


def _button_titles(draft: Draft) -> tuple[str, ...]:
    if draft.template is not None:
        return tuple(button["title"] for button in draft.template.buttons)
    titles: list[str] = []
    for part in draft.parts:
        if isinstance(part, Buttons):
            titles += [button.title for button in part.buttons]
        elif isinstance(part, ListMenu):
            titles += [row.title for section in part.sections for row in section.rows]
    return tuple(titles)


def _template_state(template: MessageTemplate | None) -> TemplateState | None:
    if template is None:
        return None
    return TemplateState(name=template.name, active=template.is_sendable, category=template.category.lower())


def _kept(draft: Draft) -> dict[str, Any]:
    """What the last check needs to build the same request again."""
    return {
        "facts": to_json(draft.facts) if draft.facts else None,
        "invoices": list(draft.invoice_ids),
        "answers_inbound_at": draft.answers_inbound_at.isoformat() if draft.answers_inbound_at else None,
        "payment_at": draft.payment_at.isoformat() if draft.payment_at else None,
        "step": draft.step_key,
        "limits": limits_to_json(draft.limits),
        "segments": list(draft.segments),
        "must_hold": draft.must_hold,
    }
