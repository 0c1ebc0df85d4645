"""A number that is somebody else's: what keeps it out of use, and the one way back."""

from datetime import timedelta

import pytest
from django.db import transaction

from members import selectors, services
from members.enums import ContactPointState
from members.models import ContactPoint, SuppressionMark
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory, MemberFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)
State = ContactPointState


def wrong(**changes: object) -> ContactPoint:
    point = ContactPointFactory(**changes)
    services.mark_wrong_number(point=point, source="quem respondeu", actor="member", words="engano", now=NOW)
    return ContactPoint.objects.get(pk=point.pk)


def free(point: ContactPoint, **changes: str) -> None:
    said = {"confirmed_by": "e-mail", "evidence": "resposta de 27/11", **changes}
    services.free_from_quarantine(point=point, actor="user:1", now=LATER, **said)


def state_of(point: ContactPoint) -> str:
    return ContactPoint.objects.get(pk=point.pk).state


def test_mark_names_its_contact_point_and_the_day_of_review() -> None:
    point = wrong()

    marks = list(SuppressionMark.objects.order_by("pk"))
    assert [(mark.contact_point, mark.review_on) for mark in marks] == [
        (point, (NOW + timedelta(days=180)).date())
    ] * 2
    assert selectors.marks_of([point]) == {point.pk: marks[0]}
    assert point.state_since == NOW


def test_confirmed_by_the_member_elsewhere_comes_back_unconfirmed() -> None:
    point = wrong()

    free(point)

    found = ContactPoint.objects.get(pk=point.pk)
    assert (found.state, found.confirmed_at, found.state_since) == (State.UNVERIFIED, None, LATER)
    assert not selectors.is_marked_wrong(point)
    assert {(mark.lifted_by, mark.lifted_evidence) for mark in SuppressionMark.objects.all()} == {
        ("user:1", "resposta de 27/11")
    }


@pytest.mark.parametrize("missing", ["confirmed_by", "evidence"])
def test_without_channel_or_evidence_it_stays(missing: str) -> None:
    point = wrong()

    with pytest.raises(services.NeedsEvidence), transaction.atomic():
        free(point, **{missing: " "})

    assert (state_of(point), selectors.is_marked_wrong(point)) == (State.WRONG, True)


def test_import_brings_nothing_back() -> None:
    point = wrong()

    again = services.add_contact_point(
        member=point.member, channel=point.channel, address=point.address, now=LATER, actor="system"
    )
    elsewhere = services.add_contact_point(
        member=MemberFactory(), channel=point.channel, address=point.address, now=LATER, actor="system"
    )

    assert (again, again.state, elsewhere.state) == (point, State.WRONG, State.WRONG)


def test_plain_change_of_state_cannot_pass_the_quarantine() -> None:
    point = wrong()

    with pytest.raises(ValueError, match="quarentena"), transaction.atomic():
        services.set_contact_point_state(
            point=point, state=State.UNVERIFIED, reason="conferido", actor="user:1", now=LATER
        )

    assert state_of(point) == State.WRONG


def test_number_in_use_by_another_member_is_not_given_back() -> None:
    point = wrong()
    ContactPointFactory(address=point.address)

    with pytest.raises(services.AddressTaken), transaction.atomic():
        free(point)

    assert (state_of(point), selectors.is_marked_wrong(point)) == (State.WRONG, True)


def test_looked_at_again_it_stays_for_another_year() -> None:
    point = wrong()

    services.keep_in_quarantine(point=point, reason="ligamos: é outra pessoa", actor="user:1", now=LATER)

    assert state_of(point) == State.WRONG
    assert set(SuppressionMark.objects.values_list("review_on", flat=True)) == {
        (LATER + timedelta(days=365)).date()
    }


def test_marked_number_that_somebody_confirmed_since_goes_back_when_people_say_so() -> None:
    point = wrong()
    services.confirm_identity(point=point, now=LATER, actor="agent")

    services.keep_in_quarantine(point=point, reason="documento não bate", actor="user:1", now=LATER)

    assert state_of(point) == State.WRONG
