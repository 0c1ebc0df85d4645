"""Thanks for a payment: within seconds, saying what was settled and what remains."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing import selectors as billing
from billing.enums import PaymentSource
from billing.models import Payment
from cases import selectors as cases
from commons import clock
from commons.models import Organisation
from commons.money import brl
from compliance.enums import ContactKind
from conversations import templates, threads
from conversations.agent.facts import base_book
from conversations.channels.base import Content, Text
from conversations.models import Conversation, Message, MessageTemplate
from conversations.outbox import queue
from members import selectors as members
from members.enums import ContactPointState
from members.models import ContactPoint, Member

# A payment older than this is history, not news.
NEWS = timedelta(days=2)
TEMPLATE_STAGE = "receipt"


def thank(*, payment_id: int, member_id: int, now: datetime) -> None:
    """Queues the thanks where it may be said. An unconfirmed contact point waits (`say_waiting`)."""
    payment = Payment.objects.get(pk=payment_id)
    point = members.preferred_contact_point(member_id=member_id)
    sender = threads.default_sender()
    if not _is_news(payment, now=now) or point is None or sender is None:
        return
    if point.state != ContactPointState.CONFIRMED:
        return
    conversation = threads.with_contact_point(point=point, sender=sender, now=now)
    _queue(conversation, payment=payment, member=point.member, now=now)


def say_waiting(*, contact_point: ContactPoint, now: datetime) -> None:
    """Identity was confirmed: the thanks that waited for it may be said."""
    recent = Payment.objects.filter(member_id=contact_point.member_id, paid_at__gte=now - NEWS)
    for payment in recent.order_by("paid_at"):
        thank(payment_id=payment.pk, member_id=contact_point.member_id, now=now)


def _is_news(payment: Payment, *, now: datetime) -> bool:
    return payment.source != PaymentSource.IMPORT and now - payment.paid_at <= NEWS


def _queue(conversation: Conversation, *, payment: Payment, member: Member, now: datetime) -> None:
    if Message.objects.filter(
        contact_kind=ContactKind.RECEIPT, facts__must_hold__payment=payment.pk
    ).exists():
        return
    zone = Organisation.current().zone
    balance = billing.balance(member.pk, on=clock.local(now, zone).date())
    settled = [
        a.invoice.description for a in payment.allocations.select_related("invoice") if a.invoice.settled_at
    ]
    case = cases.latest_case(member.pk)
    what = _and(settled)
    lines = [f"Recebemos o seu pagamento de {brl(payment.amount)}. Obrigado, {member.first_name}!"]
    if what:
        lines.append(f"Quitado: {what}.")
    if balance.total:
        lines.append(f"Ainda fica em aberto: {brl(balance.total)}.")
    else:
        lines.append("Está tudo em dia.")
    text = "\n".join(lines)
    book = base_book(now=now)
    book.amounts |= {payment.amount, balance.total}
    book.verbatim |= set(settled)
    parts: list[Content] = [Text(text)]
    template: MessageTemplate | None = None
    if conversation.window_closes_at is None or conversation.window_closes_at <= now:
        template = templates.sendable(stage=TEMPLATE_STAGE, neutral=False)
        if template is None:
            return
        content, text = templates.render(
            template,
            {
                "nome": member.first_name,
                "organizacao": Organisation.current().trade_name,
                "valor": brl(payment.amount),
                "situacao": " ".join(lines[1:]),
            },
        )
        parts = [content]
    queue.queue(
        conversation=conversation,
        draft=queue.Draft(
            parts=parts,
            contact_kind=ContactKind.RECEIPT,
            author="system",
            case_id=case.pk if case else None,
            facts=book.fact_set(),
            template=template,
            text=text,
            payment_at=payment.paid_at,
            must_hold={"payment": payment.pk},
        ),
        now=now,
    )


def _and(names: list[str]) -> str:
    """`a`, `a e b`, `a, b e c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} e {names[-1]}" if names else ""
