"""The report of receivables: the ledger's own figures, and behind every number exactly its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from billing import selectors as billing
from billing.enums import Method, PaymentSource
from billing.models import Invoice
from billing.services.payments import record_payment
from members.models import Member
from office.lists import aging
from office.lists.aging import BUCKETS, DIMENSIONS, Line, Report
from office.models import ListExport
from tests.factories.billing import InvoiceFactory
from tests.factories.members import MemberFactory
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
REPORT = reverse("lists:aging")
DAYS = (-5, 0, 1, 7, 8, 15, 16, 30, 31, 60, 61, 90, 91, 400)


@pytest.fixture
def debts(book: list[Member]) -> list[Member]:
    """Invoices at both ends of every bucket, of three plans, two states and three ways to pay."""
    members: list[Member] = [book[0], MemberFactory(uf="RJ"), MemberFactory(uf="")]
    for place, days in enumerate(DAYS):
        InvoiceFactory(
            member=members[place % 3],
            amount=Decimal("100.00") + place,
            due_date=TODAY - timedelta(days=days),
            product=("Plano A", "Plano B & C", "")[place % 3],
            methods=(["pix"], ["pix", "boleto"], [])[place % 3],
        )
    record_payment(
        provider="pix_api",
        provider_key="E1",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=Decimal("61.00"),
        paid_at=NOW - timedelta(days=2),
        now=NOW,
        member_id=members[1].pk,
    )
    return members


def lines(report: Report) -> Iterator[Line]:
    yield from report.buckets
    yield from report.values
    yield report.whole


def rows(client: Client, url: str) -> list[Any]:
    return list(client.get(url).context["cl"].queryset)


def test_sums_are_those_of_billing_s_own_selectors(debts: list[Member]) -> None:
    balances = billing.balances(list(Member.objects.values_list("pk", flat=True)), on=TODAY).values()
    principal = sum((each.principal for each in balances), Decimal("0.00"))
    total = sum((each.total for each in balances), Decimal("0.00"))

    for dimension in DIMENSIONS:
        found = aging.report(on=TODAY, dimension=dimension)

        assert (found.whole.owed.principal, found.whole.owed.total) == (principal, total)
        for group in (found.buckets, found.values):
            assert sum((line.owed.principal for line in group), Decimal("0.00")) == principal
            assert sum((line.owed.total for line in group), Decimal("0.00")) == total
            assert sum(line.owed.invoices for line in group) == found.whole.owed.invoices
    assert sum((b.principal for b in billing.receivables_by_aging(TODAY)), Decimal("0.00")) == principal


def test_every_day_is_in_one_bucket() -> None:
    for days in range(-10, 120):
        found = [
            bucket.key
            for bucket in BUCKETS
            if (bucket.first is None or bucket.first <= days) and (bucket.last is None or days <= bucket.last)
        ]
        assert len(found) == 1


@pytest.mark.parametrize("dimension", [dimension.key for dimension in DIMENSIONS])
def test_every_number_opens_exactly_its_rows(office: Client, debts: list[Member], dimension: str) -> None:
    report: Report = office.get(REPORT, {"por": dimension}).context["report"]
    opened = 0

    for line in lines(report):
        if not line.owed.invoices:
            continue
        invoices = rows(office, line.invoices_url)
        assert len(invoices) == line.owed.invoices
        balances = billing.invoice_balances(invoices, on=TODAY)
        assert sum((each.principal for each in balances), Decimal("0.00")) == line.owed.principal
        assert sum((each.total for each in balances), Decimal("0.00")) == line.owed.total
        members = rows(office, line.members_url)
        assert {member.pk for member in members} == {invoice.member_id for invoice in invoices}
        assert len(members) == line.owed.members
        opened += 1

    assert opened > len(DIMENSIONS)


def test_buckets_end_where_their_names_say(office: Client, debts: list[Member]) -> None:
    Invoice.objects.filter(number__startswith="F-", due_date=TODAY - timedelta(days=19)).update(
        status="voided"
    )

    report: Report = office.get(REPORT).context["report"]

    assert [(line.name, line.owed.invoices) for line in report.buckets] == [
        ("A vencer", 2),
        ("1 a 7 dias", 2),
        ("8 a 15 dias", 2),
        ("16 a 30 dias", 2),
        ("31 a 60 dias", 2),
        ("61 a 90 dias", 2),
        ("Mais de 90 dias", 2),
    ]
    assert [
        line.name for line in aging.report(on=TODAY, dimension=DIMENSIONS[2]).values if line.owed.invoices
    ]


def test_value_in_an_address_leads_back_to_its_rows(office: Client, debts: list[Member]) -> None:
    url = reverse("admin:billing_invoice_changelist")

    assert len(rows(office, f"{url}?{urlencode({'plano': 'Plano B & C'})}")) == 5
    assert len(rows(office, f"{url}?{urlencode({'forma': 'pix+boleto'})}")) == 5
    assert rows(office, f"{url}?{urlencode({'plano': 'Plano X'})}") == []


def test_report_leaves_as_a_file_and_is_written_down(office: Client, debts: list[Member]) -> None:
    answer = office.post(reverse("lists:aging_export"), {"format": "csv", "por": "estado"})

    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    table = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert table[0][:3] == ["Grupo", "Linha", "Faturas"]
    assert [row[0] for row in table].count("Atraso") == len(BUCKETS)
    assert {row[1] for row in table if row[0] == "UF"} == {"SP", "RJ", "Não informado"}
    log = ListExport.objects.get()
    assert (log.listed, log.rows, log.rows_written, log.personal) == ("a-receber", 11, 11, False)
    assert office.post(reverse("lists:aging_export"), {"format": "doc"}).status_code == 422


def test_empty_book_says_what_will_be_there(office: Client, db: None) -> None:
    assert "Nada em aberto." in office.get(REPORT).content.decode()


def test_report_is_for_those_who_may_read_invoices(client: Client, db: None) -> None:
    user = User.objects.create_user("caio", password="uma senha longa", is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(REPORT).status_code == 403
    assert client.post(reverse("lists:aging_export"), {"format": "csv"}).status_code == 403


def test_report_costs_the_same_for_more_rows(
    office: Client, debts: list[Member], django_assert_max_num_queries: Any
) -> None:
    office.get(REPORT)
    with django_assert_max_num_queries(20) as few:
        office.get(REPORT)
    InvoiceFactory.create_batch(4, member=debts[0], product="Plano Z")
    with django_assert_max_num_queries(20) as many:
        office.get(REPORT)

    assert len(many) == len(few)
