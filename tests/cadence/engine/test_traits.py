"""What is true of a case on a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.engine.traits import Heard, History, Past, Response, Risk, history_of, risk_of, tenure_months
from tests.cadence.engine.world import invoice, seen

TODAY = date(2026, 11, 24)
D = Decimal


@pytest.mark.parametrize(
    ("past", "is_late", "expected"),
    [
        (Past(late_before=1), False, History.RECURRENT),
        (Past(late_before=1, paid_before=9), True, History.RECURRENT),
        (Past(paid_before=9), True, History.FIRST_DELAY),
        (Past(), True, History.FIRST_DELAY),
        (Past(paid_before=1), False, History.NEW),
        (Past(paid_before=2), False, History.PUNCTUAL),
    ],
)
def test_history_is_how_the_member_paid_so_far(past, is_late, expected):
    assert history_of(past, is_late=is_late) == expected


@pytest.mark.parametrize(
    ("past", "amount", "aging", "expected"),
    [
        (Past(), "100", 30, Risk.LOW),
        (Past(), "100", 31, Risk.LOW),
        (Past(), "100", 60, Risk.LOW),
        (Past(), "100", 61, Risk.MEDIUM),
        (Past(late_before=1), "100", 0, Risk.LOW),
        (Past(late_before=2), "100", 30, Risk.LOW),
        (Past(late_before=1), "100", 31, Risk.MEDIUM),
        (Past(late_before=3), "100", 0, Risk.MEDIUM),
        (Past(late_before=9), "100", 31, Risk.MEDIUM),
        (Past(late_before=3), "100", 61, Risk.HIGH),
        (Past(broken_promises=1), "100", 0, Risk.MEDIUM),
        (Past(broken_promises=9), "100", 31, Risk.MEDIUM),
        (Past(broken_promises=1, late_before=3), "100", 0, Risk.HIGH),
        (Past(broken_promises=1), "100", 61, Risk.HIGH),
        # Without a usual invoice nothing is more than usual.
        (Past(late_before=1), "999", 0, Risk.LOW),
        (Past(late_before=1, usual_amount=D("100")), "300", 0, Risk.LOW),
        (Past(late_before=1, usual_amount=D("100")), "300.01", 0, Risk.MEDIUM),
        (Past(late_before=3, usual_amount=D("100")), "300.01", 31, Risk.HIGH),
    ],
)
def test_risk_is_a_count_of_plain_reasons(past, amount, aging, expected):
    assert risk_of(past, amount=D(amount), aging=aging) == expected


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 11, 24), TODAY, 0),
        (date(2026, 10, 25), TODAY, 0),
        (date(2026, 10, 24), TODAY, 1),
        (date(2025, 11, 24), TODAY, 12),
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2026, 12, 1), TODAY, 0),
    ],
)
def test_tenure_is_whole_months(since, on, months):
    assert tenure_months(since, on) == months


@given(st.dates(date(2000, 1, 1), TODAY), st.integers(0, 400))
def test_tenure_never_shrinks(since, days):
    assert tenure_months(since, TODAY) <= tenure_months(since, TODAY + timedelta(days=days))


BORDER = TODAY - timedelta(days=90)
BEFORE = BORDER - timedelta(days=1)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (Heard(), Response.NONE),
        (Heard(sent_on=BORDER), Response.NOT_REACHED),
        (Heard(sent_on=BEFORE), Response.NONE),
        (Heard(sent_on=BORDER, arrived_on=BORDER), Response.UNREAD),
        (Heard(sent_on=BORDER, arrived_on=BEFORE), Response.NOT_REACHED),
        (Heard(sent_on=TODAY, arrived_on=BORDER, read_on=BORDER), Response.READ),
        (Heard(sent_on=TODAY, arrived_on=BORDER, read_on=BEFORE), Response.UNREAD),
        (Heard(sent_on=TODAY, arrived_on=TODAY, read_on=TODAY, replied_on=BORDER), Response.REPLIED),
        (Heard(sent_on=TODAY, arrived_on=TODAY, read_on=TODAY, replied_on=BEFORE), Response.READ),
    ],
)
def test_response_says_something_for_ninety_days(heard, expected):
    assert heard.response(TODAY) == expected


class TestOfACase:
    def test_amount_and_age_are_of_what_is_in_the_case(self):
        view = seen(
            invoices=(
                invoice(date(2026, 11, 5), "100", original_due_on=date(2026, 10, 5)),
                invoice(date(2026, 12, 1), "20", number=2, joined=False),
                invoice(date(2026, 12, 2), "3", number=3, joined=False),
            )
        )

        found = view.traits(TODAY)

        assert (found.amount, found.invoices, found.aging, found.history) == (
            D("120"),
            2,
            50,
            History.FIRST_DELAY,
        )

    def test_day_of_grace_ages_nothing(self):
        saturday = date(2026, 11, 21)
        view = seen(saturday)

        assert [view.traits(saturday + timedelta(days=days)).aging for days in range(5)] == [0, 0, 0, 3, 4]

    def test_promise_broken_and_message_read_are_seen_at_once(self):
        view = seen(
            TODAY, past=Past(broken_promises=2), heard=Heard(sent_on=TODAY, read_on=TODAY), state="soft"
        )

        found = view.traits(TODAY)

        assert (found.broken_promises, found.risk, found.response, found.state) == (
            2,
            Risk.MEDIUM,
            Response.READ,
            "soft",
        )
