"""The figures at the foot of a list are those of the ledger, for all rows of the filter."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from billing import selectors as billing
from billing.enums import Method, PaymentSource
from billing.models import Invoice
from billing.services.payments import record_payment
from cases.models import Case
from commons.money import brl
from members.models import Member
from tests.factories.billing import InvoiceFactory
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db


def totals(client: Client, app: str, model: str, **query: str) -> dict[str, str]:
    page = client.get(reverse("lists:totals", args=[app, model]), query)
    return {figure.name: figure.value for figure in page.context["figures"]}


def test_cases_add_up_to_the_balances_of_their_members(office: Client, book: list[Member]) -> None:
    InvoiceFactory(member=book[0], due_date=date(2026, 11, 20), amount=Decimal("50.00"))
    record_payment(
        provider="pix_api",
        provider_key="E1",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=Decimal("30.00"),
        paid_at=NOW - timedelta(days=3),
        now=NOW,
        member_id=book[1].pk,
    )
    balances = billing.balances([member.pk for member in book], on=NOW.date()).values()

    found = totals(office, "cases", "case")

    assert found == {
        "Casos": "3",
        "Membros": "3",
        "Principal em aberto": brl(sum((each.principal for each in balances), Decimal("0.00"))),
        "Multa hoje": brl(sum((each.fine for each in balances), Decimal("0.00"))),
        "Juros hoje": brl(sum((each.interest for each in balances), Decimal("0.00"))),
        "Total hoje": brl(sum((each.total for each in balances), Decimal("0.00"))),
    }


def test_totals_are_of_the_filter_and_not_of_the_page(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One row a page: three rows all the same.
    monkeypatch.setattr("office.admin.base.OfficeAdmin.list_per_page", 1)

    assert totals(office, "cases", "case", p="2")["Casos"] == "3"
    assert totals(office, "cases", "case", state__exact="escalated")["Casos"] == "1"
    # A figure would be found in somebody's code as well.
    Member.objects.filter(pk=book[2].pk).update(folded_name="carla dias")
    assert totals(office, "cases", "case", q="carla")["Casos"] == "1"


def test_settled_case_counts_and_asks_for_nothing(office: Client, book: list[Member]) -> None:
    Invoice.objects.all().update(status="cancelled")
    Case.objects.all().update(state="settled")

    found = totals(office, "cases", "case")

    assert (found["Casos"], found["Total hoje"]) == ("3", "R$ 0,00")


def test_row_that_a_filter_finds_twice_counts_once(office: Client, book: list[Member]) -> None:
    case = Case.objects.get(member=book[1])
    case.escalations.create(
        reason="human_requested", raised_by="agent", raised_at=NOW, due_at=NOW, resolved_at=NOW
    )

    assert totals(office, "cases", "case", escalations__reason__exact="human_requested")["Casos"] == "1"


def test_payments_say_what_waits_for_an_owner(office: Client, book: list[Member]) -> None:
    for number, member in enumerate([book[0].pk, None]):
        record_payment(
            provider="pix_api",
            provider_key=f"E{number}",
            method=Method.PIX,
            source=PaymentSource.WEBHOOK,
            amount=Decimal("1000.50"),
            paid_at=NOW,
            now=NOW,
            member_id=member,
        )

    assert totals(office, "billing", "payment") == {
        "Pagamentos": "2",
        "Membros": "1",
        "A conciliar": "1 (R$ 1.000,50)",
        "Total recebido": "R$ 2.001,00",
    }


def test_promises_and_lists_without_money_are_counted(office: Client, book: list[Member]) -> None:
    assert totals(office, "cases", "promise") == {
        "Promessas": "1",
        "Membros": "1",
        "Prometeram tudo": "1",
        "Valor prometido": "R$ 0,00",
    }
    assert totals(office, "members", "contactpoint") == {"Contatos": "3"}


def test_agreements_of_an_empty_book_are_zero(office: Client, book: list[Member]) -> None:
    assert totals(office, "cases", "agreement") == {
        "Acordos": "0",
        "Membros": "0",
        "Descontos": "R$ 0,00",
        "Parcelas pagas": "R$ 0,00",
        "Total dos acordos": "R$ 0,00",
    }


def test_filter_the_list_does_not_know_is_told_and_not_ignored(office: Client, book: list[Member]) -> None:
    page = office.get(reverse("lists:totals", args=["cases", "case"]), {"nothing__exact": "1"})

    assert "Esta lista não conhece esse filtro" in page.content.decode()


@pytest.mark.parametrize(("app", "model"), [("cases", "case"), ("billing", "invoice")])
def test_totals_cost_the_same_for_more_rows(
    office: Client, book: list[Member], django_assert_max_num_queries: Any, app: str, model: str
) -> None:
    url = reverse("lists:totals", args=[app, model])
    office.get(url)
    with django_assert_max_num_queries(15) as few:
        office.get(url)
    InvoiceFactory.create_batch(3, member=book[0])
    InvoiceFactory()
    with django_assert_max_num_queries(15) as many:
        office.get(url)

    assert len(many) == len(few)
