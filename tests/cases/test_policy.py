from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.policy import BeyondPolicy, NegotiationPolicy
from tests.factories.commons import OrganisationFactory

CENT = Decimal("0.01")


def policy_of(**data: object) -> NegotiationPolicy:
    return NegotiationPolicy.of(OrganisationFactory.build(negotiation_policy=data, policy_version=4))


def test_policy_without_words_is_that_of_a_cautious_creditor():
    assert policy_of() == NegotiationPolicy(
        version=4,
        installments_max=3,
        installment_min=Decimal("40.00"),
        first_within_days=5,
        promise_max_days=10,
        promise_max_broken=2,
        pause_min_days=30,
        pause_max_days=60,
        pause_max_open_invoices=2,
        offer_hours=48,
        identity_tries=3,
    )


def test_policy_reads_what_the_organisation_says_and_keeps_the_rest():
    found = policy_of(
        installments={"max": 6, "min_amount": "25.50"}, promise={"max_days_ahead": 3}, identity={"tries": 5}
    )

    assert found == NegotiationPolicy(
        version=4,
        installments_max=6,
        installment_min=Decimal("25.50"),
        promise_max_days=3,
        identity_tries=5,
    )


def test_limits_are_counted_from_today():
    today = date(2026, 11, 24)

    assert NegotiationPolicy().last_promise_date(today) == date(2026, 12, 4)
    assert NegotiationPolicy().last_first_installment(today) == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("total", "most"),
    [("247.32", 3), ("120.00", 3), ("119.99", 2), ("80.00", 2), ("79.99", 1), ("40.00", 1), ("0.00", 1)],
)
def test_debt_is_divided_only_into_parts_worth_having(total: str, most: int):
    assert NegotiationPolicy().most_installments(Decimal(total)) == most


@given(st.decimals("0.01", "99999", places=2), st.integers(1, 24), st.decimals("0.01", "500", places=2))
def test_no_part_of_the_most_is_below_the_minimum(total: Decimal, most: int, least: Decimal):
    policy = NegotiationPolicy(installments_max=most, installment_min=least)

    count = policy.most_installments(total)

    assert 1 <= count <= most
    assert count == 1 or total / count >= least
    assert count == most or total / (count + 1) < least


def test_refusal_carries_its_code_and_the_figures_a_reply_may_name():
    refusal = BeyondPolicy("too_many_parts", "É mais do que posso dividir.", max_parts=3)

    assert (refusal.code, str(refusal), refusal.limits) == (
        "too_many_parts",
        "É mais do que posso dividir.",
        {"max_parts": 3},
    )
