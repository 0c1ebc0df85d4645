"""Every page of the office opens, says what it should, and costs the same for many rows as for few."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from billing import selectors as billing
from cases.models import Case
from commons.money import brl
from members.models import Member
from tests.factories.billing import InvoiceFactory
from tests.factories.members import MemberFactory
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

LISTS = sorted(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens(name: str, office: Client, book: list[Member]) -> None:
    assert office.get(reverse(name)).status_code == 200


def test_no_button_s_permission_has_to_be_looked_up_before_there_is_a_database() -> None:
    # A dotted one is looked up by the shell's system check, which runs before the first migration.
    named = {
        f"{type(found).__name__}.{name}": getattr(getattr(found, name), "allowed_permissions", ())
        for found in admin.site._registry.values()
        for name in getattr(found, "actions_detail", ())
        if isinstance(name, str)
    }

    assert len(named) > 5
    assert [name for name, permissions in named.items() if any("." in each for each in permissions)] == []


def test_home_counts_what_waits(office: Client, book: list[Member]) -> None:
    page = office.get("/admin/")

    queues = {queue.title: queue.count for queue in page.context["queues"]}
    assert (queues["Escaladas"], queues["Promessas quebradas"], queues["A conciliar"]) == (1, 0, 0)


def test_every_page_names_an_icon_that_is_there(office: Client, db: None) -> None:
    assert '/static/emdia/icon.svg"' in office.get("/admin/").content.decode()
    assert finders.find("emdia/icon.svg") is not None


def test_home_of_an_empty_house_says_what_to_do_first(office: Client, db: None) -> None:
    assert "Diga quem cobra" in office.get("/admin/").content.decode()


def test_case_page_tells_the_story_and_escapes_it(office: Client, book: list[Member]) -> None:
    case = Case.objects.get(member=book[1])

    text = office.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()

    assert "Precisa de gente: pediu uma pessoa." in text
    assert "&lt;b&gt;quer&lt;/b&gt; falar" in text
    assert "<b>quer</b>" not in text


def test_case_list_says_what_is_owed_today_and_for_how_long(office: Client, book: list[Member]) -> None:
    total = billing.balance(book[0].pk, on=NOW.date()).total

    page = office.get(reverse("admin:cases_case_changelist"))

    (case,) = [found for found in page.context["cl"].result_list if found.member_id == book[0].pk]
    assert case.balance.total == total
    text = page.content.decode()
    assert (text.count(brl(total)), text.count(">19 dias<")) == (3, 3)


def test_member_page_says_why_nobody_may_write(office: Client, book: list[Member]) -> None:
    text = office.get(reverse("admin:members_member_change", args=[book[2].pk])).content.decode()

    assert "sem consentimento para o WhatsApp" in text
    assert "Posso escrever agora?" in text
    assert book[2].document not in text


def test_member_is_found_by_whole_document_and_not_by_a_part(office: Client, book: list[Member]) -> None:
    def found(term: str) -> list[int]:
        page = office.get(reverse("admin:members_member_changelist"), {"q": term})
        return [member.pk for member in page.context["cl"].result_list]

    assert found(book[0].document) == [book[0].pk]
    assert found(book[0].document[:6]) == []


@pytest.mark.parametrize("name", ["admin:members_member_changelist", "admin:cases_case_changelist"])
def test_list_costs_the_same_for_more_rows(
    name: str, office: Client, book: list[Member], django_assert_max_num_queries: Any
) -> None:
    url = reverse(name)
    office.get(url)
    with django_assert_max_num_queries(40) as few:
        office.get(url)
    for number in range(5):
        member = MemberFactory(name=f"Outro {number}")
        InvoiceFactory(member=member)
    with django_assert_max_num_queries(40) as many:
        office.get(url)

    assert len(many) == len(few)


def test_role_without_the_permission_sees_neither_page_nor_link(client: Client, book: list[Member]) -> None:
    user = User.objects.create_user("caio", password="uma senha longa", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_conversation"))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("admin:billing_payment_changelist")).status_code == 403
    assert client.get("/inbox/").status_code == 200
    assert "Pagamentos" not in client.get("/inbox/").content.decode()
    assert client.get("/").headers["Location"] == "/inbox/"


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("conceição", ["Ana da Conceição"]),
        ("CONCEI an", ["Ana da Conceição"]),
        ("g00", ["Ana da Conceição", "Rui Sá"]),
        ("G0002", ["Rui Sá"]),
        ("0002", []),
        ("  ", ["Ana da Conceição", "Rui Sá"]),
    ],
)
def test_member_is_found_by_any_part_of_the_name_and_the_beginning_of_the_code(
    office: Client, term: str, found: list[str]
) -> None:
    MemberFactory(name="Ana da Conceição", external_id="G0001")
    MemberFactory(name="Rui Sá", external_id="G0002")

    shown = office.get(reverse("admin:members_member_changelist"), {"q": term})

    assert [member.name for member in shown.context["cl"].result_list] == found
