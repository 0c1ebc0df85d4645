"""The snapshot of traits says what plain reading of the rows says, and what a coming case will have is known before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.enums import Component, InvoiceStatus, Method, PaymentSource
from billing.models import Invoice, LedgerEntry, Payment
from billing.services.payments import record_payment
from cadence import traits
from cadence.engine.traits import Response
from cadence.engine.view import late_from
from cadence.models import CaseTraits
from cases.enums import PromiseStatus
from cases.models import Case, Promise
from cases.selectors import latest_case, open_invoices
from cases.services import opening
from commons.clock import SAO_PAULO
from commons.money import ZERO
from conversations.enums import Direction, MessageState
from conversations.models import Message
from members.models import Member
from tests.cadence.past import ARRIVED, DAY, FEW, Lived, live_through, lives, undone
from tests.cadence.world import TODAY, Followed, house
from tests.cases.world import NOW, at
from tests.office.contacts.world import contact

pytestmark = pytest.mark.django_db

ZONE = SAO_PAULO.key
NEVER_LEFT = {MessageState.DRAFT, MessageState.SUPERSEDED, MessageState.CANCELLED, MessageState.WITHHELD}
ANSWERS = timedelta(days=91)


def refresh(now: datetime = NOW) -> int:
    return traits.refresh(now=now, today=day(now), zone=ZONE)


def day(instant: datetime) -> date:
    return instant.astimezone(SAO_PAULO).date()


def snapshot(row: CaseTraits) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in CaseTraits._meta.concrete_fields}


def about(member: Member, *, opens_on: date, now: datetime) -> dict[str, Any]:
    """What is known of the member, told from the rows themselves."""
    owing = [i for i in Invoice.objects.filter(member=member) if i.status in {"open", "paid"}]
    habits = [i for i in owing if i.original_due_date >= opens_on - 365 * DAY]
    paid = [i for i in habits if i.status == InvoiceStatus.PAID]
    payments = sorted(Payment.objects.filter(member=member), key=lambda each: (each.paid_at, each.pk))
    return {
        "member_id": member.pk,
        "member_since": min([day(member.created_at), *(i.original_due_date for i in owing)]),
        "paid_before": len(paid),
        "late_before": sum(day(i.settled_at) > i.due_date + 3 * DAY for i in paid),
        "broken_promises": Promise.objects.filter(case__member=member, status=PromiseStatus.BROKEN).count(),
        "usual_amount": (sum((i.amount for i in habits), ZERO) / max(1, len(habits))).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        ),
        "method": payments[-1].method if payments else "",
        **heard_by(member, now=now),
    }


def heard_by(member: Member, *, now: datetime) -> dict[str, date | None]:
    said = [m for m in Message.objects.filter(conversation__member=member) if m.at >= now - ANSWERS]
    ours = [m for m in said if m.direction == Direction.OUT]
    groups = {
        "sent_on": [m for m in ours if m.state not in NEVER_LEFT],
        "arrived_on": [m for m in ours if m.state in ARRIVED],
        "read_on": [m for m in ours if m.state == MessageState.READ],
        "replied_on": [m for m in said if m.direction == Direction.IN],
    }
    return {name: max((day(m.at) for m in group), default=None) for name, group in groups.items()}


def owed_in(case: Case, *, today: date) -> dict[str, Any]:
    owed = list(open_invoices(case))
    principal = LedgerEntry.objects.filter(invoice__in=owed, component=Component.PRINCIPAL)
    late = [i.original_due_date for i in owed if today >= late_from(i.due_date)]
    return {
        "case_id": case.pk,
        "amount": sum((entry.amount for entry in principal), ZERO),
        "invoices": len(owed),
        "oldest_late_on": min(late, default=None),
    }


@FEW
@given(drawn=st.lists(lives(st.integers(-80, 7)), min_size=3, max_size=5))
def test_snapshot_is_what_the_rows_say(drawn: list[Lived]):
    with undone():
        house()
        for each in drawn:
            live_through(each)

        made = refresh()

        expected = {
            case.pk: {
                **about(case.member, opens_on=day(case.opened_at), now=NOW),
                **owed_in(case, today=TODAY),
                "refreshed_at": NOW,
            }
            for case in Case.objects.exclude(state="settled").select_related("member")
        }
        assert {row.pk: snapshot(row) for row in CaseTraits.objects.all()} == expected
        assert made == len(expected) == len(drawn)


HABITS = ("member_since", "paid_before", "late_before", "broken_promises", "usual_amount", "method")


@FEW
@given(drawn=st.lists(lives(st.integers(8, 40)), min_size=2, max_size=4))
def test_traits_of_a_coming_case_are_those_it_will_open_with(drawn: list[Lived]):
    with undone():
        house()
        members = [live_through(each) for each in drawn]
        opens_on = {
            member.pk: opening.opening_day([TODAY + due * DAY for due in lived.dues], today=TODAY)
            for member, lived in zip(members, drawn, strict=True)
        }

        found = traits.of_coming(opens_on, now=NOW, today=TODAY, zone=ZONE)

        for member in members:
            moment = at(f"{opens_on[member.pk]} 10:00")
            opening.sync_case(member_id=member.pk, now=moment)
            refresh(moment)
            opened, coming = CaseTraits.objects.get(member=member), found[member.pk]
            assert {name: getattr(coming, name) for name in HABITS} == {
                name: getattr(opened, name) for name in HABITS
            }
            assert coming.heard.response(day(moment)) == opened.heard.response(day(moment))
        assert set(found) == {member.pk for member in members}


def test_coming_case_owes_nothing_yet():
    member = Followed.owing(TODAY + 20 * DAY).member

    coming = traits.of_coming({member.pk: TODAY + 13 * DAY}, now=NOW, today=TODAY, zone=ZONE)[member.pk]

    assert (coming.pk, coming.amount, coming.invoices, coming.oldest_late_on) == (None, ZERO, 0, None)


def test_without_coming_cases_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert traits.of_coming({}, now=NOW, today=TODAY, zone=ZONE) == {}


@pytest.mark.parametrize("state", sorted(NEVER_LEFT))
def test_message_that_never_left_is_no_contact(state: MessageState):
    who = Followed.late(5)
    contact(who.point, state)
    refresh()

    assert CaseTraits.objects.get().heard.response(TODAY) == Response.NONE


def test_contact_whose_message_failed_reached_nobody():
    who = Followed.late(5)
    contact(who.point, MessageState.FAILED)
    refresh()

    assert CaseTraits.objects.get().heard.response(TODAY) == Response.NOT_REACHED


def test_only_the_cases_named_are_refreshed():
    one, other = Followed.late(5), Followed.late(5)
    refresh()

    later = NOW + DAY
    made = traits.refresh(now=later, today=day(later), zone=ZONE, case_ids=[one.case.pk])

    assert (made, dict(CaseTraits.objects.values_list("case_id", "refreshed_at"))) == (
        1,
        {one.case.pk: later, other.case.pk: NOW},
    )


def test_partly_paid_invoices_count_with_what_is_left_of_them():
    who = Followed.owing(TODAY - 2 * DAY, TODAY + DAY)
    first = Invoice.objects.get(member=who.member, due_date=TODAY - 2 * DAY)
    for part in range(2):
        record_payment(
            provider="pix_api",
            provider_key=f"E{part}",
            method=Method.CASH,
            source=PaymentSource.PERSON,
            amount=Decimal("20.00"),
            # On the due day: nothing of it goes to late charges.
            paid_at=NOW - 2 * DAY,
            now=NOW,
            member_id=who.member.pk,
            invoice_ids=[first.pk],
        )

    refresh()

    row = CaseTraits.objects.get()
    assert (row.amount, row.invoices, row.oldest_late_on, row.method) == (
        Decimal("199.80"),
        2,
        TODAY - 2 * DAY,
        "cash",
    )


def test_settled_case_is_forgotten():
    settled, still = Followed.late(5), Followed.late(5)
    refresh()
    Case.objects.filter(pk=settled.case.pk).update(state="settled")

    traits.forget_settled()

    assert [row.case_id for row in CaseTraits.objects.all()] == [still.case.pk]
    assert (refresh(), latest_case(settled.member.pk) is not None) == (1, True)


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 19)),  # what was due on the holiday and over the weekend is not
        (date(2026, 11, 20), date(2026, 11, 19)),
    ],
)
def test_newest_due_date_that_is_late_follows_bank_days(today, newest):
    assert traits.late_until(today) == newest
    assert [late_from(newest + ahead * DAY) <= today for ahead in (0, 1)] == [True, False]
