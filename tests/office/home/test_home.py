"""The first page: its numbers are those of the lists behind them, and cost the same however large the book."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from commons.money import brl
from lab.bench import large_book
from members.models import Member
from office.home import figures, today
from office.home.piles import PILES, Moment, rows_of
from office.home.queues import work_queues
from office.roles import Role
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

NUMBERS = "/admin/inicio/numeros/"


def moment() -> Moment:
    return Moment.current()


def queues(**more: Any) -> dict[str, Any]:
    return {queue.title: queue for queue in work_queues(moment=moment(), may=lambda _: True, **more)}


@pytest.fixture
def large(office: Client, business_now: object) -> None:
    """A few rows of everything that can wait."""
    large_book.write(60)


@pytest.mark.parametrize("pile", [each for each in PILES if not each.page], ids=lambda each: each.key)
def test_number_is_that_of_the_list_it_opens(pile: Any, office: Client, large: None) -> None:
    rows = office.get(pile.url).context["cl"].queryset

    assert set(rows.values_list("pk", flat=True)) == set(
        rows_of(pile, moment=moment()).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("pile", [each for each in PILES if each.page], ids=lambda each: each.key)
def test_pile_with_a_page_of_its_own_opens_it(pile: Any, office: Client, book: list[Member]) -> None:
    assert office.get(pile.url).status_code == 200


def test_queue_says_how_long_the_oldest_waits(book: list[Member]) -> None:
    Case.objects.get(member=book[1]).escalations.update(raised_at=NOW - timedelta(days=3))

    assert (queues()["Escaladas"].count, queues()["Escaladas"].oldest) == (1, timedelta(days=3))


def test_promise_is_of_today_on_its_day_and_not_before(book: list[Member], business_clock: Any) -> None:
    before = queues()["Promessas de hoje"].count
    business_clock(NOW + timedelta(days=1))

    assert (before, queues()["Promessas de hoje"].count) == (0, 1)


def test_broken_promise_of_a_settled_case_waits_for_nobody(book: list[Member]) -> None:
    case = Case.objects.get(member=book[0])
    case.promises.update(status="broken", closed_at=NOW)
    waited = queues()["Promessas quebradas"].count
    Case.objects.filter(pk=case.pk).update(state="settled")

    assert (waited, queues()["Promessas quebradas"].count) == (1, 0)


def test_hour_counts_what_the_regua_looks_at_and_what_is_overdue_now(book: list[Member]) -> None:
    cases = list(Case.objects.order_by("pk"))
    for case, at in zip(cases, (-3, 0.5, 5), strict=True):
        Case.objects.filter(pk=case.pk).update(next_contact_at=NOW + timedelta(hours=at))

    found = {each.hour: each.cases for each in today.hours(moment=moment()) if each.cases}

    assert found == {10: 2, 15: 1}


def test_hour_opens_its_cases(office: Client, book: list[Member]) -> None:
    chosen = Case.objects.order_by("pk")[0]
    Case.objects.update(next_contact_at=None)
    Case.objects.filter(pk=chosen.pk).update(next_contact_at=NOW + timedelta(hours=5))
    (hour,) = [each for each in today.hours(moment=moment()) if each.cases]

    assert [case.pk for case in office.get(hour.url).context["cl"].result_list] == [chosen.pk]


def test_page_costs_the_same_for_a_large_book(office: Client, book: list[Member]) -> None:
    def cost() -> list[int]:
        found = []
        for url in ("/admin/", NUMBERS):
            office.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert office.get(url).status_code == 200
            found.append(len(captured))
        return found

    few = cost()
    large_book.write(60)

    assert cost() == few


def test_numbers_are_a_part_for_scripts_and_a_page_without(office: Client, book: list[Member]) -> None:
    part = office.get(NUMBERS, headers={"HX-Request": "true"}).content.decode()
    page = office.get(NUMBERS).content.decode()

    assert ("<html" in part, "<html" in page) == (False, True)
    assert ("Sem piloto ainda" in part, "Sem piloto ainda" in page) == (True, True)


def test_late_is_the_principal_past_its_day_and_nothing_else(book: list[Member]) -> None:
    late = figures.figures(moment=moment())

    assert late.figures[0].value == brl(Decimal("300.00"))
    assert [(bar.label, bar.share) for bar in late.bars if bar.share] == [("1 a 30 dias", 100)]


@pytest.mark.parametrize(
    ("role", "titles", "sees"),
    [
        (Role.OPERATOR, {"Escaladas", "Conversas sem dono"}, 200),
        (Role.ADMINISTRATOR, {"Régua a aprovar"}, 403),
    ],
)
def test_role_sees_the_piles_it_may_open_and_no_others(
    role: Role, titles: set[str], sees: int, book: list[Member]
) -> None:
    user = User.objects.create_user(f"papel-{role.name}", is_staff=True)
    user.groups.set([Group.objects.get(name=role.value)])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    shown = {queue.title for queue in client.get("/admin/").context["queues"]}

    assert shown >= titles
    assert shown == {pile.title for pile in PILES if user.has_perms(pile.permissions)}
    assert client.get(NUMBERS).status_code == sees
