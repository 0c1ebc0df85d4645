"""Paydays that nobody told, read from payments."""

from datetime import datetime, timedelta

import pytest

from billing.enums import Method, PaymentSource
from billing.models import Payment
from commons.models import HistoryEntry
from members import selectors, services
from members.enums import PreferenceSource
from members.models import Member
from office.contacts import inferring
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house() -> None:
    OrganisationFactory()


def payer(*days: str) -> Member:
    """A member who paid on these days, late in the evening of São Paulo."""
    member = MemberFactory()
    for day in days:
        at = datetime.fromisoformat(f"{day}T22:30:00-03:00")
        Payment.objects.create(
            provider="test",
            provider_key=f"{member.pk}-{day}",
            member=member,
            method=Method.PIX,
            source=PaymentSource.IMPORT,
            amount="10.00",
            paid_at=at,
            seen_at=at,
        )
    return member


def paydays(member: Member) -> tuple[object, ...]:
    return selectors.preference_of(member.pk).paydays


def test_habit_of_paying_becomes_an_inferred_preference_once() -> None:
    member = payer("2026-08-05", "2026-09-05", "2026-10-05")

    inferring.infer(now=NOW)
    inferring.infer(now=NOW)

    found = selectors.preference_of(member.pk)
    assert (found.paydays, found.sources) == ((5,), {"paydays": "inferred"})
    assert HistoryEntry.objects.filter(member_id=member.pk, kind="preference.changed").count() == 1


def test_end_of_month_is_written_as_such() -> None:
    member = payer("2026-08-31", "2026-09-30", "2026-10-31")

    inferring.infer(now=NOW)

    assert paydays(member) == ("last",)


def test_what_the_member_said_is_left_alone() -> None:
    member = payer("2026-08-05", "2026-09-05", "2026-10-05")
    services.set_preference(
        member=member, source=PreferenceSource.DECLARED, actor="user:1", now=NOW, paydays=[20]
    )

    inferring.infer(now=NOW)

    assert paydays(member) == (20,)


def test_too_few_payments_say_nothing() -> None:
    member = payer("2026-09-05", "2026-10-05")

    inferring.infer(now=NOW)

    assert paydays(member) == ()


def test_many_members_are_taken_some_at_a_time() -> None:
    members = [payer("2026-08-05", "2026-09-05", "2026-10-05") for _ in range(3)]

    first = inferring.infer(now=NOW, limit=2)
    rest = inferring.infer(now=NOW, after=first or 0, limit=2)

    assert (first, rest) == (members[1].pk, None)
    assert [paydays(member) for member in members] == [(5,)] * 3


def test_habit_that_is_gone_is_taken_back() -> None:
    member = payer("2026-08-05", "2026-09-05", "2026-10-05")
    inferring.infer(now=NOW)
    for day in ("2027-01-12", "2027-02-17", "2027-03-25", "2027-04-30", "2027-05-01", "2027-06-21"):
        at = datetime.fromisoformat(f"{day}T12:00:00-03:00")
        Payment.objects.create(
            provider="test",
            provider_key=f"{member.pk}-{day}",
            member=member,
            method=Method.PIX,
            source=PaymentSource.IMPORT,
            amount="10.00",
            paid_at=at,
            seen_at=at,
        )

    inferring.infer(now=NOW + timedelta(days=220))

    assert paydays(member) == ()
