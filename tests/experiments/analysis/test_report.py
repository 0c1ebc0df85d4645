"""What the contact brought: everybody who was assigned counts, whatever became of them."""

import warnings
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.models import Payment
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment
from experiments.analysis.outcomes import Outcome, outcomes
from experiments.analysis.report import Difference, report, welch
from experiments.assignment import services as pilots
from experiments.assignment.models import Arm, Assignment, Pilot
from members import services as members
from members.models import Member
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

D = Decimal
DAY = timedelta(days=1)
ENTERED = NOW
END = ENTERED + 30 * DAY


@pytest.fixture
def pilot(db: None) -> Pilot:
    OrganisationFactory(pix_key="")
    made = pilots.create(
        name="Vale a pena?",
        holdout_percent=D("50.00"),
        segment={},
        horizon_days=30,
        author_id=None,
        now=NOW,
    )
    return pilots.start(pilot_id=made.pk, now=NOW)


def enter(pilot: Pilot, arm: str, *, owed: str = "100.00") -> Member:
    """A member with one invoice of what they owe, in `arm`, whatever the draw would have said."""
    member: Member = MemberFactory(document="")
    # Due later: no late charges, so that what is paid is what was owed.
    InvoiceFactory(member=member, amount=D(owed), due_date=date(2027, 3, 1), now=NOW - DAY)
    Assignment.objects.create(
        pilot=pilot,
        arm=Arm.objects.get(pilot=pilot, key=arm),
        member=member,
        case_id=1,
        stratum="valor0-atraso0",
        position=Assignment.objects.count(),
        traits={"amount": owed},
        at=ENTERED,
    )
    return member


def pay(
    member: Member, amount: str, at: datetime = ENTERED + DAY, *, seen: datetime | None = None
) -> Payment:
    return record_payment(
        provider="pix_api",
        provider_key=f"E{Payment.objects.count()}",
        method="pix",
        source="webhook",
        amount=D(amount),
        paid_at=at,
        now=seen or at,
        member_id=member.pk,
    )


def reverse(payment: Payment, at: datetime, amount: str | None = None) -> None:
    reverse_payment(
        payment_id=payment.pk,
        provider_key=f"D{payment.pk}",
        reason="devolução",
        actor="system",
        now=at,
        amount=D(amount) if amount else None,
    )


def recovered(pilot: Pilot, now: datetime = END) -> list[Decimal]:
    return [each.recovered for each in outcomes(pilot, now=now)]


class TestOutcome:
    @pytest.mark.parametrize(
        ("paid_at", "counts"),
        [
            (ENTERED - timedelta(seconds=1), False),
            (ENTERED, True),
            (END - timedelta(seconds=1), True),
            (END, False),
        ],
    )
    def test_payment_counts_from_the_entry_to_the_end_of_the_horizon(self, pilot, paid_at, counts: bool):
        pay(enter(pilot, "contacted"), "40.00", paid_at)

        assert recovered(pilot) == [D("40.00") if counts else D("0.00")]

    def test_payment_counts_when_it_was_made_not_when_we_heard_of_it(self, pilot: Pilot):
        pay(enter(pilot, "contacted"), "40.00", END - DAY, seen=END + 5 * DAY)

        assert recovered(pilot) == [D("40.00")]

    def test_money_that_went_back_inside_the_horizon_is_taken_off(self, pilot: Pilot):
        all_of_it, a_part, too_late = (pay(enter(pilot, "contacted"), "40.00") for _ in range(3))
        reverse(all_of_it, END - DAY)
        reverse(a_part, END - DAY, "10.00")
        reverse(too_late, END)

        assert recovered(pilot) == [D("0.00"), D("30.00"), D("40.00")]

    def test_money_of_before_that_goes_back_takes_nothing_from_what_came_since(self, pilot: Pilot):
        member = enter(pilot, "contacted")
        before = pay(member, "60.00", ENTERED - timedelta(hours=1))
        pay(member, "40.00")
        reverse(before, ENTERED + 2 * DAY)

        assert recovered(pilot) == [D("40.00")]

    def test_several_payments_and_invoices_add_up(self, pilot: Pilot):
        member = enter(pilot, "contacted")
        InvoiceFactory(member=member, amount=D("80.00"), due_date=date(2027, 4, 1), now=NOW)
        for amount in ("30.00", "70.00", "20.00"):
            pay(member, amount)

        assert recovered(pilot) == [D("120.00")]

    def test_who_was_assigned_counts_even_if_nobody_may_write_to_them(self, pilot: Pilot):
        silent, refused = enter(pilot, "contacted", owed="50.00"), enter(pilot, "contacted")
        members.opt_out(member=refused, channel="", source="SAIR", actor="member", now=NOW)
        pay(refused, "25.00")

        found = outcomes(pilot, now=END)

        assert [(each.member_id, each.owed, each.recovered, each.paid) for each in found] == [
            (silent.pk, D("50.00"), D("0.00"), False),
            (refused.pk, D("100.00"), D("25.00"), True),
        ]

    def test_horizon_is_complete_from_its_last_instant_on(self, pilot: Pilot):
        enter(pilot, "contacted")

        assert [outcomes(pilot, now=now)[0].complete for now in (END - timedelta(seconds=1), END)] == [
            False,
            True,
        ]

    def test_all_participants_take_two_queries(self, pilot: Pilot, django_assert_num_queries):
        for _ in range(3):
            pay(enter(pilot, "contacted"), "10.00")

        with django_assert_num_queries(2):
            found = outcomes(pilot, now=END)
        assert [type(each) for each in found] == [Outcome] * 3


class TestReport:
    @pytest.fixture
    def half(self, pilot: Pilot) -> Pilot:
        """Twenty in each arm; ten of the contacted pay R$ 100 and four of those left alone."""
        for arm, payers in (("contacted", 10), ("left_alone", 4)):
            for place in range(20):
                member = enter(pilot, arm)
                if place < payers:
                    pay(member, "100.00")
        return pilot

    def test_figures_are_those_computed_by_hand(self, half: Pilot):
        found = report(half, now=END)

        assert [
            (arm.key, arm.members, arm.owed, arm.recovered, arm.payers, arm.mean, arm.paying_share)
            for arm in found.arms
        ] == [
            ("left_alone", 20, D("2000.00"), D("400.00"), 4, D("20.00"), 0.2),
            ("contacted", 20, D("2000.00"), D("1000.00"), 10, D("50.00"), 0.5),
        ]
        assert [arm.recovered_share for arm in found.arms] == [0.2, 0.5]
        # Variances of the means: 10000 x 0.25 x 20/19 / 20 = 131.5789 and 10000 x 0.16 x 20/19 / 20 = 84.2105;
        # their sum 215.7895 = 14.6898², with 36.255 degrees of freedom: t = 2.02760 and 30 ± 29.7850.
        assert found.difference == Difference(
            per_member=D("30.00"),
            low=D("0.21"),
            high=D("59.79"),
            total=D("600.00"),
            total_low=D("4.20"),
            total_high=D("1195.80"),
            paying_points=pytest.approx(30),
            paying_low=pytest.approx(0.21499, abs=1e-4),
            paying_high=pytest.approx(59.78501, abs=1e-4),
        )
        assert (found.difference.excludes_zero, found.complete, found.members) == (True, 40, 40)
        assert found.why_no_difference == ""

    def test_split_that_came_out_as_set_is_sound(self, half: Pilot):
        split = report(half, now=END).split

        assert split is not None
        assert (split.expected_percent, split.observed_percent, split.p_value, split.is_sound) == (
            D("50.00"),
            50.0,
            1.0,
            True,
        )

    def test_small_arm_says_so_instead_of_an_interval(self, pilot: Pilot):
        for place in range(39):
            enter(pilot, "contacted" if place < 20 else "left_alone")

        found = report(pilot, now=END)

        assert found.difference is None
        assert found.why_no_difference == (
            "São precisos pelo menos 20 membros em cada braço para um intervalo honesto."
        )

    def test_split_that_cannot_be_chance_is_shown(self, pilot: Pilot):
        for _ in range(11):
            enter(pilot, "contacted")

        split = report(pilot, now=END).split

        # Eleven heads in a row, or eleven tails: 2 / 2^11.
        assert split is not None
        assert (split.observed_percent, split.is_sound) == (0.0, False)
        assert split.p_value == pytest.approx(2 / 2**11)

    def test_pilot_without_members_says_nothing(self, pilot: Pilot):
        found = report(pilot, now=END)

        assert (found.members, found.difference, found.split) == (0, None, None)
        assert [(arm.members, arm.recovered, arm.mean, arm.recovered_share) for arm in found.arms] == [
            (0, D("0.00"), D("0.00"), 0.0)
        ] * 2


SAMPLE = st.lists(st.integers(0, 50_000).map(lambda cents: cents / 100), min_size=2, max_size=40)


@settings(deadline=None)
@given(SAMPLE, SAMPLE)
def test_interval_is_scipy_s_welch_interval(treated: list[float], control: list[float]):
    from scipy import stats

    difference, low, high = welch(treated, control)

    if len({*treated}) == len({*control}) == 1:
        assert low == difference == high
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of samples that are nearly equal
        expected = stats.ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-6)
    assert difference == pytest.approx((low + high) / 2, abs=1e-6)


def test_interval_of_samples_that_never_vary_is_a_point():
    assert welch([3.0, 3.0], [1.0, 1.0, 1.0]) == (2.0, 2.0, 2.0)
