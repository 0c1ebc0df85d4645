"""The last look, right before a message leaves: is everything it was allowed for still true?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing import selectors as billing
from billing.models import Invoice
from commons import clock
from commons.models import Organisation
from compliance import services as compliance
from compliance.enums import ContactKind, Verdict
from conversations.channels.base import from_payload
from conversations.models import Message
from conversations.outbox.facts_json import from_json, limits_from_json
from conversations.outbox.queue import Draft, request_of


class Finding(StrEnum):
    SEND = "send"
    LATER = "later"
    WITHHOLD = "withhold"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class LastLook:
    finding: Finding
    reason: str = ""
    until: datetime | None = None


def look(message: Message, *, now: datetime) -> LastLook:
    """Asks everything again that can have changed since the message was planned.

    1. A reply of the agent leaves only in the epoch its turn started from.
    2. Amounts it names must be today's: a payment or a new day withholds it.
    3. The gate, with the same request; a refusal or deferral is a second decision row.
    """
    conversation = message.conversation
    if message.author == "agent" and message.epoch != conversation.epoch:
        return LastLook(Finding.SUPERSEDED, "Uma pessoa assumiu a conversa.")
    if reason := _stale_facts(message, now=now):
        return LastLook(Finding.WITHHOLD, reason)
    assert message.decision is not None  # the database lets none be planned without
    request = request_of(draft_of(message), conversation=conversation)
    decision = compliance.look_again(request, decision=message.decision, now=now)
    if decision is None or decision.verdict == Verdict.ALLOW:
        return LastLook(Finding.SEND)
    if decision.verdict == Verdict.DEFER and decision.until is not None:
        return LastLook(Finding.LATER, decision.sentence, decision.until)
    return LastLook(Finding.WITHHOLD, decision.sentence)


def draft_of(message: Message) -> Draft:
    kept = message.facts
    return Draft(
        parts=[from_payload(message.content)],
        contact_kind=ContactKind(message.contact_kind),
        author=message.author,
        case_id=message.case_id,
        invoice_ids=tuple(kept.get("invoices", ())),
        facts=from_json(kept["facts"]) if kept.get("facts") else None,
        template=message.template,
        text=message.body if message.template_id else "",
        answers_inbound_at=_instant(kept.get("answers_inbound_at")),
        payment_at=_instant(kept.get("payment_at")),
        step_key=kept.get("step", ""),
        limits=limits_from_json(kept.get("limits")),
        segments=tuple(kept.get("segments", ())),
        must_hold=kept.get("must_hold", {}),
    )


def _stale_facts(message: Message, *, now: datetime) -> str:
    """`must_hold` may name the day's total of some invoices, or the day itself."""
    must_hold = message.facts.get("must_hold")
    if not must_hold:
        return ""
    zone = Organisation.current().zone
    today = clock.local(now, zone).date()
    if (day := must_hold.get("day")) and date.fromisoformat(day) != today:
        return "O dia mudou: os valores do texto já não valem."
    if (total := must_hold.get("total")) and message.conversation.member_id is not None:
        invoices = list(Invoice.objects.filter(pk__in=must_hold["invoices"]))
        balance = billing.balance(message.conversation.member_id, on=today, invoices=invoices)
        if str(balance.total) != total:
            return "O valor em aberto mudou."
    return ""


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
