"""The button that shows a masked value: who has it, what it asks, what an address alone gives away."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.selectors import open_case
from members.models import ContactPoint, Member, Reveal
from members.services import MOST_IN_AN_HOUR
from office.roles import Role
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.members import ContactPointFactory, MemberFactory

pytestmark = pytest.mark.django_db

CPF = "52998224725"
SAID = {"reveal_reason": "call", "reveal_words": ""}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def point(office: object) -> ContactPoint:
    made: ContactPoint = ContactPointFactory(member=MemberFactory(document=CPF))
    return made


def address(view: str, member: Member) -> str:
    return reverse(f"revealing:document_{view}", args=[member.pk])


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.FINANCE, True),
        (Role.SUPERVISOR, True),
        (Role.ADMINISTRATOR, True),
        (Role.AUDITOR, True),
        (Role.OPERATOR, False),
        (Role.ANALYST, False),
    ],
)
def test_only_some_roles_see_in_full(
    of_role: Callable[[Role], Client], point: ContactPoint, role: Role, may: bool
) -> None:
    client = of_role(role)

    answers = [
        client.get(address("ask", point.member)).status_code,
        client.get(address("button", point.member)).status_code,
        client.post(address("show", point.member), SAID).status_code,
    ]

    assert answers == ([200] * 3 if may else [403] * 3)
    assert Reveal.objects.count() == int(may)


def test_value_comes_as_a_piece_of_the_page_that_takes_itself_away(
    supervisor: Client, point: ContactPoint
) -> None:
    show = reverse("revealing:contact_show", args=[point.member_id, point.pk])

    answer = supervisor.post(show, SAID, headers=HTMX)

    page = answer.content.decode()
    assert f'<strong class="tabular-nums">{point.address}</strong>' in page
    assert 'hx-trigger="load delay:60s"' in page
    assert "no-store" in answer["Cache-Control"]


def test_page_without_scripts_shows_it_as_well_and_leaves_after_a_minute(
    supervisor: Client, point: ContactPoint
) -> None:
    answer = supervisor.post(address("show", point.member), SAID)

    assert CPF in answer.content.decode()
    assert answer["Refresh"] == f"60; url={address('ask', point.member)}"


def test_address_alone_shows_nothing_and_writes_nothing(supervisor: Client, point: ContactPoint) -> None:
    for view, status in (("ask", 200), ("button", 200), ("show", 405)):
        answer = supervisor.get(address(view, point.member))
        assert (answer.status_code, CPF in answer.content.decode()) == (status, False)

    assert not Reveal.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_without_a_reason_nothing_is_shown(
    supervisor: Client, point: ContactPoint, headers: dict[str, str]
) -> None:
    for said in ({}, {"reveal_reason": "nosy"}, {"reveal_reason": "other"}):
        answer = supervisor.post(address("show", point.member), said, headers=headers)
        assert CPF not in answer.content.decode()

    assert not Reveal.objects.exists()


def test_whoever_has_seen_too_many_is_told(supervisor: Client, point: ContactPoint) -> None:
    for _ in range(MOST_IN_AN_HOUR):
        supervisor.post(address("show", point.member), SAID, headers=HTMX)

    page = supervisor.post(address("show", point.member), SAID, headers=HTMX).content.decode()

    assert "Você já viu 30 dados na última hora." in page
    assert CPF not in page


def test_contact_of_somebody_else_is_not_found(supervisor: Client, point: ContactPoint) -> None:
    other = MemberFactory()

    answer = supervisor.post(reverse("revealing:contact_show", args=[other.pk, point.pk]), SAID)

    assert answer.status_code == 404


def test_pages_of_member_and_case_have_the_button_for_those_who_may(
    supervisor: Client, operator: Client, point: ContactPoint
) -> None:
    InvoiceFactory(member=point.member, due_date=NOW.date(), now=NOW)
    case = open_case(point.member_id)
    assert case is not None
    pages = [
        reverse("admin:members_member_change", args=[point.member_id]),
        reverse("admin:cases_case_change", args=[case.pk]),
    ]
    ask = address("ask", point.member)

    for url in pages:
        shown, plain = supervisor.get(url).content.decode(), operator.get(url).content.decode()
        assert (ask in shown, ask in plain) == (True, False)
        assert (CPF in shown, point.address in shown) == (False, False)


def test_auditor_reads_who_saw_what(supervisor: Client, auditor: Client, point: ContactPoint) -> None:
    supervisor.post(address("show", point.member), SAID)

    page = auditor.get(reverse("admin:members_reveal_changelist")).content.decode()

    assert ("Ligar para o membro" in page, "Ana" in page) == (True, True)
    assert CPF not in page
