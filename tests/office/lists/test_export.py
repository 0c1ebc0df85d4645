"""What leaves the house is what the list shows, harmless to a spreadsheet, and written down first."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from members.models import Member
from office.models import ListExport
from tests.factories.billing import InvoiceFactory
from tests.factories.members import ContactPointFactory
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

WHY = "Conferência do mês"


def address(app: str, model: str, query: str = "") -> str:
    return reverse("lists:export", args=[app, model]) + (f"?{query}" if query else "")


def taken(client: Client, app: str, model: str, query: str = "", format: str = "csv") -> bytes:
    answer = client.post(address(app, model, query), {"format": format, "reason": WHY})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_case_list_leaves_with_its_columns_its_order_and_one_row_per_case(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("office.admin.base.OfficeAdmin.list_per_page", 1)
    monkeypatch.setattr("office.lists.cells.ROWS_AT_ONCE", 2)

    rows = table(taken(office, "cases", "case", "o=1"))

    assert rows[0][:4] == ["Membro", "Estado", "Em aberto hoje", "Atraso"]
    assert [row[:4] for row in rows[1:]] == [
        ["Membro 0 da Silva", "Contato amigável", "R$ 102,63", "19 dias"],
        ["Membro 1 da Silva", "Com a equipe", "R$ 102,63", "19 dias"],
        ["Membro 2 da Silva", "Contato amigável", "R$ 102,63", "19 dias"],
    ]
    assert rows[1][4] == "24/11/2026 10:00"


def test_only_the_rows_of_the_filter_leave(office: Client, book: list[Member]) -> None:
    rows = table(taken(office, "cases", "case", "state__exact=escalated&p=7"))

    assert [row[0] for row in rows[1:]] == ["Membro 1 da Silva"]


def test_workbook_holds_amounts_and_dates_that_add_and_sort(office: Client, book: list[Member]) -> None:
    InvoiceFactory(member=book[0], number="=1+1", amount=Decimal("1234.56"), due_date=date(2026, 11, 1))

    book_file = openpyxl.load_workbook(io.BytesIO(taken(office, "billing", "invoice", "q=%3D1%2B1", "xlsx")))

    (head, row) = list(book_file.active.iter_rows())
    assert [cell.value for cell in head][:5] == ["Número", "Membro", "Descrição", "Vencimento", "Valor"]
    assert (row[0].value, row[0].data_type) == ("=1+1", "s")
    assert row[3].value.isoformat() == "2026-11-01T00:00:00"
    assert (row[4].value, row[4].number_format) == (1234.56, '"R$" #,##0.00')


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1"])
def test_formula_in_a_name_is_text_in_a_csv(office: Client, book: list[Member], name: str) -> None:
    Member.objects.filter(pk=book[0].pk).update(name=name)

    rows = table(taken(office, "cases", "case", "o=1"))

    assert f"'{name.strip()}" in {row[0] for row in rows} or f"'{name}" in {row[0] for row in rows}


def test_documents_phones_and_mails_are_masked_wherever_they_stand(
    office: Client, book: list[Member]
) -> None:
    ContactPointFactory(member=book[0], channel="email", address="ana.souza@example.com", match_hash="")
    Member.objects.filter(pk=book[1].pk).update(name="Rui 529.982.247-25 tel (11) 98765-4321")

    text = (taken(office, "members", "contactpoint") + taken(office, "members", "member")).decode()

    assert "ana.souza" not in text
    assert "529.982" not in text
    assert "98765" not in text
    assert "+5511900" not in text
    assert "***.638.011-**" in text
    assert "Rui ***.982.247-** tel +55 11 •••••-4321" in text


def test_log_says_who_took_which_rows_and_why(office: Client, book: list[Member]) -> None:
    taken(office, "cases", "case", "state__exact=escalated")

    log = ListExport.objects.get()
    assert (log.user.username, log.listed, log.format, log.query, log.rows, log.rows_written) == (
        "marina",
        "cases.case",
        "csv",
        "state__exact=escalated",
        1,
        1,
    )
    assert (log.personal, log.reason, log.at, log.finished_at is None) == (True, WHY, NOW, False)
    page = office.get(reverse("admin:office_listexport_changelist")).content.decode()
    assert WHY in page


def test_export_that_breaks_off_stays_in_the_log_without_its_end(office: Client, book: list[Member]) -> None:
    answer = office.post(address("cases", "case"), {"format": "csv", "reason": WHY})
    next(iter(answer.streaming_content))  # type: ignore[attr-defined]

    log = ListExport.objects.get()
    assert (log.rows, log.rows_written, log.finished_at) == (3, None, None)


def test_log_is_never_changed_nor_deleted(office: Client, book: list[Member]) -> None:
    taken(office, "cases", "case")

    for change in (
        lambda: ListExport.objects.update(reason="outro"),
        lambda: ListExport.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_people_s_data_need_a_reason(office: Client, book: list[Member]) -> None:
    answer = office.post(address("cases", "case"), {"format": "csv", "reason": "  "})

    assert answer.status_code == 422
    assert "Diga para que serve esta cópia" in answer.content.decode()
    assert ListExport.objects.count() == 0


def test_settings_of_the_house_need_none(office: Client, book: list[Member]) -> None:
    page = office.get(address("compliance", "switch")).content.decode()

    assert "Para que serve" not in page


def test_who_may_not_export_sees_no_link_and_no_page(client: Client, book: list[Member]) -> None:
    user = User.objects.create_user("lia", password="uma senha longa", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_case"))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert "Exportar…" not in client.get(reverse("admin:cases_case_changelist")).content.decode()
    assert client.post(address("cases", "case"), {"format": "csv", "reason": WHY}).status_code == 403


def test_empty_filter_says_that_there_is_nothing(office: Client, book: list[Member]) -> None:
    assert "não há o que exportar" in office.get(address("cases", "case", "q=ninguem")).content.decode()
