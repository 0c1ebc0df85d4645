"""Members in every position that a régua may find them in, drawn at random."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st

from billing import selectors as billing
from billing.enums import Method, PaymentSource
from billing.models import Invoice
from billing.services.payments import record_payment
from cases import machine
from cases.enums import CaseState, HoldReason
from cases.policy import BeyondPolicy
from cases.selectors import open_case
from cases.services import holds, offers
from members.models import Consent, Member
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Drawn:
    """One member to be: days until each due date, and what else is known of them."""

    dues: tuple[int, ...]
    confirmed: bool
    consents: bool
    uf: str
    language: str
    # Days late of each invoice paid in the past year; below zero, without the charges of those days.
    paid: tuple[int, ...]
    position: str
    days: int
    answered_hours_ago: int
    code_ends_in: int
    tags: tuple[str, ...]


MEMBERS = st.builds(
    Drawn,
    dues=st.lists(
        st.one_of(st.integers(-10, 12), st.integers(-95, 40)), min_size=1, max_size=3, unique=True
    ).map(tuple),
    confirmed=st.sampled_from([True, True, True, False]),
    consents=st.sampled_from([True] * 8 + [False]),
    uf=st.sampled_from(["SP", "RJ", "AL", "BA", ""]),
    language=st.sampled_from(["pt-BR", "pt-BR", "es"]),
    paid=st.lists(st.sampled_from([0, 0, 9, -9]), max_size=4).map(tuple),
    position=st.sampled_from(
        ["", "", "promise", "agreement", "offer", "promise offer", "hold", "forever", "escalated"]
    ),
    days=st.integers(0, 9),
    answered_hours_ago=st.sampled_from([0, 0, 0, 3, 30, 400]),
    code_ends_in=st.sampled_from([0, 0, 5, 40, 100]),
    tags=st.sampled_from([(), (), ("fiel",), ("bolsista", "fiel")]),
)


def bring(drawn: Drawn) -> Member:
    """The member, as things stand now."""
    who = Followed.owing(
        *(TODAY + each * DAY for each in drawn.dues),
        confirmed=drawn.confirmed,
        uf=drawn.uf,
        language=drawn.language,
        tags=list(drawn.tags),
    )
    member = who.member
    for months, late in enumerate(drawn.paid, 1):
        _paid(member, months=months, late=late)
    if not drawn.consents:
        Consent.objects.filter(member=member).update(withdrawn_at=NOW)
    if drawn.answered_hours_ago:
        who.hears(NOW - timedelta(hours=drawn.answered_hours_ago))
    if drawn.code_ends_in:
        invoice = Invoice.objects.filter(member=member, status="open").order_by("due_date").first()
        assert invoice is not None
        PaymentMeansFactory(
            invoices=[invoice], expires_at=NOW + timedelta(hours=drawn.code_ends_in, minutes=13)
        )
    # What the policy refuses was not agreed.
    with suppress(BeyondPolicy), transaction.atomic():
        _put(who, drawn)
    return member


def _paid(member: Member, *, months: int, late: int) -> None:
    due = TODAY - (30 * months + 100) * DAY
    invoice = InvoiceFactory(member=member, amount="119.90", due_date=due, now=NOW - 400 * DAY)
    paid_at = NOW - (30 * months + 100 - abs(late)) * DAY
    asked = billing.balance(member.pk, on=billing.local_date(paid_at), invoices=[invoice]).total
    record_payment(
        provider="pix_api",
        provider_key=f"E{invoice.pk}",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=asked if late > 0 else Decimal("119.90"),
        paid_at=paid_at,
        now=paid_at,
        member_id=member.pk,
        invoice_ids=[invoice.pk],
    )


def _put(who: Followed, drawn: Drawn) -> None:
    """Into the position it was drawn in; a case that is not open has none."""
    case = open_case(who.member.pk)
    if case is None or not drawn.position:
        return
    match drawn.position:
        case "promise":
            made = offers.propose_promise(
                case=case, on=TODAY + drawn.days * DAY, amount=None, author="agent", now=NOW
            )
            _accept(made.pk)
        case "promise offer":
            offers.propose_promise(
                case=case, on=TODAY + drawn.days * DAY, amount=None, author="agent", now=NOW
            )
        case "offer" | "agreement":
            if case.state != CaseState.SOFT:
                return
            made = offers.propose_installments(case=case, count=2, first=None, author="agent", now=NOW)
            if drawn.position == "agreement":
                _accept(made.pk)
        case "hold":
            holds.place(
                case=case,
                reason=HoldReason.DISPUTE,
                author="agent",
                now=NOW,
                ends_at=NOW + drawn.days * DAY + timedelta(hours=7),
            )
        case "forever":
            holds.place(case=case, reason=HoldReason.HARDSHIP, author="agent", now=NOW)
        case _:
            machine.apply(
                case_id=case.pk, transition="escalate", actor="agent", reason="Pediu uma pessoa.", now=NOW
            )


def _accept(offer_id: int) -> None:
    offers.mark_seen(offer_ids=[offer_id], now=NOW)
    offers.accept(offer_id=offer_id, author="agent", now=NOW, said_at=NOW, evidence={})
