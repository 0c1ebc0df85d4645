from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.enums import Method
from members.phones import PhoneKind
from office.imports.enums import Field, FileStatus, Outcome, RowReason, WarningCode
from office.imports.plan import Change, ConsentTerms, InvoiceFacts, MemberConsent
from tests.office.imports.books import HEADER, MemoryBook, a_member, an_invoice, plan_of, row

PAID_ON = date(2026, 11, 12)
TERMS = ConsentTerms(how="Ficha de matrícula", text="Aceito avisos por WhatsApp.", on=date(2026, 1, 15))


def reasons(*rows: str, book: MemoryBook | None = None) -> list[tuple[int, RowReason]]:
    return [(refused.line, refused.reason) for refused in plan_of(*rows, book=book).rejected]


def codes(*rows: str, book: MemoryBook | None = None) -> list[tuple[int, WarningCode]]:
    return [(warning.line, warning.code) for warning in plan_of(*rows, book=book).warnings]


def test_row_becomes_a_member_and_an_invoice() -> None:
    plan = plan_of(row(status="Pago", paid_on="12/11/2026", paid="125,00"))

    (member,) = plan.members
    (invoice,) = plan.invoices
    assert (member.external_id, member.name, member.document) == ("1", "Ana Lima", "52998224725")
    assert (member.email, member.uf, member.product) == ("ana@example.org", "SP", "Mensal")
    assert [(phone.e164, phone.kind) for phone in member.phones] == [("+5511987654321", PhoneKind.MOBILE)]
    assert (member.outcome, invoice.outcome) == (Outcome.CREATED, Outcome.CREATED)
    assert invoice.facts == InvoiceFacts(
        member_key="id:1",
        number="F1",
        due_date=date(2026, 11, 10),
        amount=Decimal("119.90"),
        status=FileStatus.PAID,
        paid_on=date(2026, 11, 12),
        paid_amount=Decimal("125.00"),
        product="Mensal",
    )
    assert (plan.rejected, plan.warnings) == ((), ())


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"code": "", "document": "1"}, RowReason.MISSING_MEMBER),
        ({"code": "", "document": ""}, RowReason.MISSING_MEMBER),
        ({"name": ""}, RowReason.MISSING_NAME),
        ({"name": "-"}, RowReason.MISSING_NAME),
        ({"number": ""}, RowReason.MISSING_INVOICE_NUMBER),
        ({"due": "31/02/2026"}, RowReason.INVALID_DATE),
        ({"due": ""}, RowReason.INVALID_DATE),
        ({"amount": "abc"}, RowReason.INVALID_AMOUNT),
        ({"amount": ""}, RowReason.INVALID_AMOUNT),
        ({"amount": "1.234"}, RowReason.AMBIGUOUS_AMOUNT),
        ({"amount": "0,00"}, RowReason.AMOUNT_NOT_POSITIVE),
        ({"amount": "-50,00"}, RowReason.AMOUNT_NOT_POSITIVE),
        ({"amount": "99.999.999.999,00"}, RowReason.AMOUNT_TOO_LARGE),
        ({"status": "Talvez"}, RowReason.UNKNOWN_STATUS),
        ({"status": "Pago", "paid_on": "31/02/2026"}, RowReason.INVALID_DATE),
        ({"status": "Pago", "paid_on": "25/11/2026"}, RowReason.PAYMENT_IN_FUTURE),
        ({"status": "Aberto", "paid_on": "12/11/2026"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"status": "Aberto", "paid": "119,90"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"status": "Pago", "paid": "0,00"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"status": "Pago", "paid": "-1,00"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"status": "Parcial"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"status": "Parcial", "paid": "119,90"}, RowReason.CONTRADICTORY_PAYMENT),
        ({"name": "A" * 161}, RowReason.TEXT_TOO_LONG),
        ({"paid": "119,90;sobra", "status": "Pago"}, RowReason.EXTRA_CELLS),
    ],
)
def test_row_with_a_defect_is_refused_whole(cells: dict[str, str], reason: RowReason) -> None:
    plan = plan_of(row(number="F0", code="0", document="123.456.789-09", phone=""), row(**cells))

    assert [(refused.line, refused.reason) for refused in plan.rejected] == [(3, reason)]
    assert [member.key for member in plan.members] == ["id:0"]
    assert [invoice.facts.number for invoice in plan.invoices] == ["F0"]


@pytest.mark.parametrize(
    ("cells", "status", "paid_amount", "paid_on"),
    [
        ({}, FileStatus.OPEN, None, None),
        ({"paid": "0,00"}, FileStatus.OPEN, None, None),
        ({"status": ""}, FileStatus.OPEN, None, None),
        ({"status": "", "paid_on": "12/11/2026"}, FileStatus.PAID, "119.90", PAID_ON),
        ({"status": "Pago", "paid_on": "12/11/2026"}, FileStatus.PAID, "119.90", PAID_ON),
        ({"status": "Pago", "paid": "100,00", "paid_on": "12/11/2026"}, FileStatus.PAID, "100.00", PAID_ON),
        (
            {"status": "Aberto", "paid": "20,00", "paid_on": "12/11/2026"},
            FileStatus.PARTIAL,
            "20.00",
            PAID_ON,
        ),
        ({"status": "Parcial", "paid": "20,00"}, FileStatus.PARTIAL, "20.00", None),
        ({"status": "Cancelada", "paid": "20,00", "paid_on": "12/11/2026"}, FileStatus.CANCELLED, None, None),
    ],
)
def test_payment_follows_from_the_word_and_the_amounts(
    cells: dict[str, str], status: FileStatus, paid_amount: str | None, paid_on: date | None
) -> None:
    facts = plan_of(row(**cells)).invoices[0].facts

    assert (facts.status, facts.paid_on) == (status, paid_on)
    assert facts.paid_amount == (Decimal(paid_amount) if paid_amount else None)


def test_method_is_kept_for_what_was_paid_only() -> None:
    header = HEADER + ";Forma"
    plan = plan_of(
        row(status="Pago", paid_on="12/11/2026") + ";Cartão", row(number="F2") + ";Boleto", header=header
    )

    assert [invoice.facts.method for invoice in plan.invoices] == [Method.CARD, None]


def test_number_seen_before_with_the_same_facts_is_a_repeated_line() -> None:
    plan = plan_of(row(), row(amount="R$ 119,90", status=" aberto "))

    assert plan.duplicate_lines == (3,)
    assert (plan.totals.identical_duplicates, plan.totals.invoices, plan.rejected) == (1, 1, ())


def test_number_seen_before_with_other_facts_is_refused_and_names_the_first_line() -> None:
    (refused,) = plan_of(row(), row(amount="77,77")).rejected

    assert (refused.line, refused.reason, refused.detail) == (
        3,
        RowReason.SAME_NUMBER_OTHER_DATA,
        "na linha 2",
    )


def test_number_seen_before_in_a_refused_row_is_free() -> None:
    plan = plan_of(row(amount="abc"), row())

    assert [(refused.line, refused.reason) for refused in plan.rejected] == [(2, RowReason.INVALID_AMOUNT)]
    assert [(invoice.line, invoice.facts.number) for invoice in plan.invoices] == [(3, "F1")]


def test_member_without_code_is_the_one_of_the_document() -> None:
    plan = plan_of(
        row(number="F1"),
        row(number="F2", code=""),
        row(number="F3", code="", document="12345678909", phone=""),
    )

    assert [invoice.facts.member_key for invoice in plan.invoices] == ["id:1", "id:1", "document:12345678909"]


def test_member_first_filled_cell_decides_and_a_later_other_one_is_a_warning() -> None:
    plan = plan_of(
        row(number="F1", email="", product="Mensal"),
        row(number="F2", email="ana@example.org", product="Anual"),
        row(number="F3", email="outra@example.org"),
        row(number="F4", email="terceira@example.org"),
    )

    (member,) = plan.members
    assert (member.email, member.product) == ("ana@example.org", "Mensal")
    assert [(warning.line, warning.code) for warning in plan.warnings] == [
        (4, WarningCode.MEMBER_DATA_DIFFERS)
    ]


def test_member_written_otherwise_is_not_other_data() -> None:
    assert (
        codes(row(), row(number="F2", name="ANA LIMA", document="52998224725", phone="11 98765 4321")) == []
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"document": "111.111.111-11"}, WarningCode.INVALID_DOCUMENT),
        ({"phone": ""}, WarningCode.NO_PHONE),
        ({"phone": "99999"}, WarningCode.INVALID_PHONE),
        ({"phone": "(11) 3532-9266"}, WarningCode.LANDLINE),
        ({"email": "sem email"}, WarningCode.INVALID_EMAIL),
        ({"uf": "XX"}, WarningCode.INVALID_UF),
        ({"status": "Pago"}, WarningCode.PAID_WITHOUT_DATE),
    ],
)
def test_defect_of_a_member_is_one_warning_however_many_rows(
    cells: dict[str, str], code: WarningCode
) -> None:
    assert codes(row(**cells), row(number="F2", **cells)) == [(2, code)]


def test_phone_of_another_row_with_or_without_ninth_digit_is_shared() -> None:
    assert codes(
        row(phone="11 8765-4321"), row(code="2", number="F2", document="12345678909", phone="11 98765-4321")
    ) == [(3, WarningCode.PHONE_SHARED)]


def test_phone_of_a_member_of_the_book_is_shared() -> None:
    book = MemoryBook(members=[a_member(pk=9, external_id="9", document="")])

    assert codes(row(), book=book) == [(2, WarningCode.PHONE_SHARED)]


def test_document_of_another_member_is_a_warning() -> None:
    book = MemoryBook(members=[a_member(pk=9, external_id="9", phones=frozenset())])

    assert codes(row(), book=book) == [(2, WarningCode.DOCUMENT_SHARED)]
    assert codes(row(), row(code="2", number="F2", phone="11 98765-0000")) == [
        (3, WarningCode.DOCUMENT_SHARED)
    ]


def test_book_that_already_says_so_is_left_alone() -> None:
    plan = plan_of(row(), book=MemoryBook([a_member()], [an_invoice()]))

    assert (plan.members[0].outcome, plan.invoices[0].outcome) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert plan.changes_nothing
    assert plan.warnings == ()


def test_book_member_changes_are_listed_and_empty_cells_erase_nothing() -> None:
    book = MemoryBook([a_member(name="Ana L.", uf="RJ", phones=frozenset())], [an_invoice()])

    (member,) = plan_of(row(email="", product=""), book=book).members

    assert member.outcome is Outcome.CHANGED
    assert member.changes == (
        Change(Field.NAME, "Ana L.", "Ana Lima"),
        Change(Field.UF, "RJ", "SP"),
        Change(Field.PHONE, "", "+55 11 •••••-4321"),
    )


def test_book_member_known_by_document_only_receives_the_code() -> None:
    book = MemoryBook([a_member(external_id="")], [an_invoice()])

    (member,) = plan_of(row(), book=book).members

    assert member.existing == a_member(external_id="")
    assert member.changes == (Change(Field.MEMBER_EXTERNAL_ID, "", "1"),)


def test_book_member_with_another_code_and_the_same_document_is_another_member() -> None:
    (member,) = plan_of(row(), book=MemoryBook([a_member(external_id="9")])).members

    assert (member.outcome, member.existing) == (Outcome.CREATED, None)


def test_book_member_two_codes_of_the_file_cannot_both_be_one_member() -> None:
    book = MemoryBook([a_member(external_id="", phones=frozenset())])

    members = plan_of(row(), row(code="2", number="F2", phone="11 98765-0000"), book=book).members

    assert [member.outcome for member in members] == [Outcome.CHANGED, Outcome.CREATED]


@pytest.mark.parametrize(
    ("cells", "changes"),
    [
        ({"due": "15/11/2026"}, (Change(Field.DUE_DATE, "10/11/2026", "15/11/2026"),)),
        ({"amount": "129,90"}, (Change(Field.AMOUNT, "R$ 119,90", "R$ 129,90"),)),
        ({"product": "Anual"}, (Change(Field.PRODUCT, "Mensal", "Anual"),)),
        ({"status": "Cancelado"}, (Change(Field.STATUS, "Em aberto", "Cancelada"),)),
        (
            {"status": "Pago", "paid_on": "12/11/2026"},
            (Change(Field.STATUS, "Em aberto", "Paga: R$ 119,90"),),
        ),
        (
            {"status": "Parcial", "paid_on": "12/11/2026", "paid": "50,00"},
            (Change(Field.STATUS, "Em aberto", "Paga em parte: R$ 50,00"),),
        ),
    ],
)
def test_book_open_invoice_follows_the_file(cells: dict[str, str], changes: tuple[Change, ...]) -> None:
    (invoice,) = plan_of(
        row(**cells), book=MemoryBook([a_member(product="Anual"), a_member()], [an_invoice()])
    ).invoices

    assert (invoice.outcome, invoice.changes) == (Outcome.CHANGED, changes)


def test_book_payment_already_known_in_part_adds_only_the_rest() -> None:
    book = MemoryBook([a_member()], [an_invoice(paid=Decimal("50.00"))])

    same = plan_of(row(status="Parcial", paid="50,00", paid_on="12/11/2026"), book=book)
    more = plan_of(row(status="Pago", paid_on="12/11/2026"), book=book)

    assert same.changes_nothing
    assert more.invoices[0].changes == (Change(Field.STATUS, "Em aberto", "Paga: R$ 69,90"),)


@pytest.mark.parametrize("amount", ["119,90", "200,00"])
def test_book_settled_invoice_is_never_reopened_nor_changed(amount: str) -> None:
    book = MemoryBook([a_member()], [an_invoice(is_open=False, paid=Decimal("119.90"))])

    plan = plan_of(row(amount=amount), book=book)

    assert plan.changes_nothing
    assert [(warning.line, warning.code) for warning in plan.warnings] == [
        (2, WarningCode.PAID_HERE_OPEN_THERE)
    ]


@pytest.mark.parametrize(
    ("cells", "known", "code"),
    [
        ({"due": "09/11/2026"}, {}, WarningCode.EARLIER_DUE_DATE),
        ({"amount": "129,90"}, {"paid": Decimal("50.00")}, WarningCode.AMOUNT_AFTER_PAYMENT),
        (
            {"status": "Pago", "paid_on": "12/11/2026"},
            {"paid": Decimal("119.90")},
            WarningCode.PAID_THERE_REST_HERE,
        ),
    ],
)
def test_book_keeps_what_a_file_may_not_change_and_says_so(
    cells: dict[str, str], known: dict[str, object], code: WarningCode
) -> None:
    plan = plan_of(row(**cells), book=MemoryBook([a_member()], [an_invoice(**known)]))

    assert plan.changes_nothing
    assert [(warning.line, warning.code) for warning in plan.warnings] == [(2, code)]


def test_book_date_granted_here_outlives_a_file_that_repeats_the_old_one() -> None:
    book = MemoryBook([a_member()], [an_invoice(due_date=date(2026, 11, 30))])

    assert plan_of(row(), book=book).changes_nothing


def test_new_invoice_cancelled_in_the_file_is_nothing_to_ask_for() -> None:
    (invoice,) = plan_of(row(status="Cancelado")).invoices

    assert invoice.outcome is Outcome.IGNORED


def test_book_invoice_of_somebody_else_is_refused_and_its_row_gives_no_member() -> None:
    book = MemoryBook(
        [a_member(pk=8, external_id="8", document="", phones=frozenset())], [an_invoice(member_id=8)]
    )

    plan = plan_of(
        row(), row(code="2", number="F2", document="12345678909", phone="11 98765-0000"), book=book
    )

    assert [(refused.line, refused.reason) for refused in plan.rejected] == [
        (2, RowReason.OTHER_MEMBERS_INVOICE)
    ]
    assert [member.key for member in plan.members] == ["id:2"]


def test_consent_terms_cover_everybody_and_a_second_import_adds_nothing() -> None:
    (member,) = plan_of(row(), terms=TERMS).members
    again = plan_of(row(), terms=TERMS, book=MemoryBook([a_member(has_consent=True)], [an_invoice()]))

    assert member.consent == MemberConsent(
        date(2026, 1, 15), "Ficha de matrícula", "Aceito avisos por WhatsApp."
    )
    assert again.changes_nothing


def test_consent_of_a_known_member_is_a_change() -> None:
    plan = plan_of(row(), terms=TERMS, book=MemoryBook([a_member()], [an_invoice()]))

    assert plan.members[0].changes == (Change(Field.CONSENT_AT, "não há", "em 15/01/2026"),)


def test_consent_column_decides_member_by_member() -> None:
    header = HEADER + ";Data do aceite;Origem do aceite"
    others = {"document": "", "phone": ""}
    plan = plan_of(
        row() + ";02/03/2026;Balcão",
        row(code="2", number="F2", **others) + ";;",
        row(code="3", number="F3", **others) + ";31/02/2026;",
        row(code="4", number="F4", **others) + ";01/12/2026;",
        header=header,
        terms=TERMS,
    )

    assert [member.consent for member in plan.members] == [
        MemberConsent(date(2026, 3, 2), "Balcão", "Aceito avisos por WhatsApp."),
        None,
        None,
        None,
    ]
    assert plan.totals.members_without_consent == 3
    assert plan.totals.warnings["invalid_consent_date"] == 2


def test_totals_tell_open_overdue_paid_and_cancelled_apart() -> None:
    others = {"code": "1"}
    totals = plan_of(
        row(number="F1", due="23/11/2026", **others),
        row(number="F2", due="24/11/2026", **others),
        row(number="F3", status="Pago", paid_on="12/11/2026", **others),
        row(number="F4", status="Cancelado", **others),
        row(number="F5", status="Parcial", paid="19,90", paid_on="12/11/2026", **others),
    ).totals

    assert (totals.open_invoices, totals.overdue_invoices) == (3, 2)
    assert (totals.paid_invoices, totals.cancelled_invoices) == (1, 1)
    assert totals.open_total == Decimal("339.80")


@st.composite
def files(draw: st.DrawFn) -> list[str]:
    cell = st.sampled_from
    return [
        row(
            code=draw(cell(["", "1", "2", "3"])),
            document=draw(cell(["", "52998224725", "12345678909", "1"])),
            name=draw(cell(["", "Ana", "Bia"])),
            phone=draw(cell(["", "11 98765-4321", "11 3532-9266", "9"])),
            number=draw(cell(["", "F1", "F2", "F3"])),
            amount=draw(cell(["10,00", "20,00", "0", "x"])),
            status=draw(cell(["", "Aberto", "Pago", "Cancelado", "?"])),
            paid_on=draw(cell(["", "12/11/2026"])),
        )
        for _ in range(draw(st.integers(1, 12)))
    ]


@given(files())
def test_any_file_every_row_is_accepted_refused_or_repeated_once(rows: list[str]) -> None:
    plan = plan_of(*rows)

    accepted = [invoice.line for invoice in plan.invoices]
    lines = [*accepted, *(refused.line for refused in plan.rejected), *plan.duplicate_lines]
    assert sorted(lines) == list(range(2, 2 + len(rows)))
    numbers = [invoice.facts.number for invoice in plan.invoices]
    assert len(set(numbers)) == len(numbers)
    assert {invoice.facts.member_key for invoice in plan.invoices} == {member.key for member in plan.members}
    assert all(invoice.facts.amount > 0 for invoice in plan.invoices)
