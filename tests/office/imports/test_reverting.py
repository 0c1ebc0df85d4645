from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing import selectors
from billing.enums import InvoiceStatus, Method, PaymentSource
from billing.models import Invoice, LedgerEntry, Payment
from billing.services.payments import record_payment
from cases.enums import CaseState
from cases.models import Case, Promise
from commons import history
from members.enums import ContactPointState
from members.models import Consent, ContactPoint, Member
from members.services import confirm_identity, opt_out
from office.imports import reverting, services
from office.imports.enums import BatchState, Outcome, Undone
from office.models import ImportBatch
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory
from tests.office.imports.batches import NOW, author, imported, undone
from tests.office.imports.books import csv_of, row

pytestmark = pytest.mark.django_db

ON_THE_DUE_DAY = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
PAID = {"status": "Pago", "paid_on": "12/11/2026"}
TWO = csv_of(
    row(),
    row(number="F2", **PAID),
    row(code="2", name="Bia", document="", phone="11 98765-0000", email="", number="F3"),
)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    OrganisationFactory()


def kept(batch: ImportBatch) -> list[tuple[int, str]]:
    return list(batch.rows.exclude(kept_because="").values_list("line", "kept_because"))


def pay(number: str, amount: str, at: datetime = ON_THE_DUE_DAY) -> Payment:
    invoice = Invoice.objects.get(number=number)
    return record_payment(
        provider="pix",
        provider_key=f"E2E-{number}",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=Decimal(amount),
        paid_at=at,
        now=at,
        member_id=invoice.member_id,
        invoice_ids=[invoice.pk],
    )


def test_everything_an_import_brought_is_voided_and_nothing_deleted() -> None:
    batch = imported(TWO, consent=True)
    rows = [model.objects.count() for model in (Member, ContactPoint, Invoice, LedgerEntry, Payment, Consent)]

    undone(batch)

    assert batch.state == BatchState.REVERTED
    assert (Member.objects.filter(voided_at=None).count(), kept(batch)) == (0, [])
    assert ContactPoint.objects.filter(voided_at=None).count() == 0
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert set(Invoice.objects.values_list("status", flat=True)) == {InvoiceStatus.VOIDED}
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 0
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.SETTLED}
    after = [
        model.objects.count() for model in (Member, ContactPoint, Invoice, LedgerEntry, Payment, Consent)
    ]
    assert all(later >= earlier for earlier, later in zip(rows, after, strict=True))
    assert all(history.first_broken_line(pk) is None for pk in Member.objects.values_list("pk", flat=True))


def test_import_again_after_an_undo_brings_everything_back() -> None:
    undone(imported(TWO, consent=True))

    again = imported(TWO, consent=True)

    assert {row.outcome for row in again.rows.all()} == {Outcome.CREATED}
    assert Member.objects.filter(voided_at=None).count() == 2
    assert Member.objects.count() == 2
    assert sorted(Invoice.objects.exclude(status="voided").values_list("number", "status")) == [
        ("F1", InvoiceStatus.OPEN),
        ("F2", InvoiceStatus.PAID),
        ("F3", InvoiceStatus.OPEN),
    ]
    assert Consent.objects.filter(withdrawn_at=None).count() == 2
    assert ContactPoint.objects.filter(voided_at=None, state=ContactPointState.UNVERIFIED).count() == 3


def test_paid_invoice_stays_with_its_member_and_the_rest_goes() -> None:
    batch = imported(TWO, consent=True)
    pay("F1", "119.90")

    undone(batch)

    assert kept(batch) == [
        (2, "A importação não pode ser desfeita: já há movimento nas faturas F1; Membro: tem faturas")
    ]
    assert dict(Invoice.objects.values_list("number", "status")) == {
        "F1": InvoiceStatus.PAID,
        "F2": InvoiceStatus.VOIDED,
        "F3": InvoiceStatus.VOIDED,
    }
    assert list(Member.objects.filter(voided_at=None).values_list("name", flat=True)) == ["Ana Lima"]
    assert ContactPoint.objects.filter(voided_at=None).count() == 2
    # Who declared the consent took it back: nobody is written to on its strength.
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_invoice_with_a_promise_stays() -> None:
    batch = imported(TWO)
    case = Case.objects.get(member__external_id="1")
    Promise.objects.create(case=case, date=date(2026, 11, 30), taken_by="agent", made_at=NOW)

    undone(batch)

    assert kept(batch) == [(2, "Fatura: há uma promessa de pagamento; Membro: tem faturas")]
    assert sorted(Invoice.objects.exclude(status="voided").values_list("number", flat=True)) == ["F1"]


def test_member_who_opted_out_stays_and_so_does_the_opt_out() -> None:
    batch = imported(TWO)
    opt_out(member=Member.objects.get(external_id="2"), channel="", source="membro", actor="agent", now=NOW)

    undone(batch)

    assert kept(batch) == [(4, "Membro: tem opt-outs e enganos")]
    assert list(Member.objects.filter(voided_at=None).values_list("external_id", flat=True)) == ["2"]


def test_member_with_a_confirmed_contact_stays() -> None:
    batch = imported(TWO)
    confirm_identity(point=ContactPoint.objects.get(member__external_id="2"), now=NOW, actor="agent")

    undone(batch)

    assert kept(batch) == [(4, "Membro: o contato +55 11 •••••-0000 já é usado (confirmado)")]


def test_contact_somebody_added_keeps_the_member() -> None:
    batch = imported(TWO)
    ContactPointFactory(member=Member.objects.get(external_id="2"))

    undone(batch)

    assert kept(batch) == [(4, "Membro: tem contatos incluídos depois")]


def test_changes_of_known_rows_go_back() -> None:
    imported(csv_of(row()))
    batch = imported(
        csv_of(
            row(
                name="Ana Maria",
                uf="RJ",
                phone="11 98765-9999",
                amount="129,90",
                due="20/11/2026",
                product="Anual",
            )
        ),
        consent=True,
    )

    undone(batch)

    member, invoice = Member.objects.get(), Invoice.objects.get()
    assert (member.name, member.folded_name, member.uf, member.product) == (
        "Ana Lima",
        "ana lima",
        "SP",
        "Mensal",
    )
    assert (invoice.amount, invoice.due_date, invoice.product) == (
        Decimal("119.90"),
        date(2026, 11, 10),
        "Mensal",
    )
    assert selectors.principal_due(invoice) == Decimal("119.90")
    assert invoice.status == InvoiceStatus.OPEN
    points = ContactPoint.objects.filter(voided_at=None).order_by("pk")
    assert [point.address for point in points] == ["+5511987654321", "ana@example.org"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert kept(batch) == []


@pytest.mark.parametrize("paid", ["119,90", "130,00", "100,00"])
def test_payment_of_a_known_invoice_goes_back_and_it_is_owed_again(paid: str) -> None:
    imported(csv_of(row()))
    batch = imported(csv_of(row(paid=paid, **PAID)))

    undone(batch)

    invoice = Invoice.objects.get()
    assert (invoice.status, selectors.principal_due(invoice)) == (InvoiceStatus.OPEN, Decimal("119.90"))
    assert kept(batch) == []


def test_cancellation_by_an_import_stays_and_is_listed() -> None:
    imported(csv_of(row()))
    batch = imported(csv_of(row(status="Cancelado")))

    undone(batch)

    assert Invoice.objects.get().status == InvoiceStatus.CANCELLED
    assert kept(batch) == [(2, "A fatura F1 foi cancelada e não se reabre por aqui")]


def test_what_a_person_changed_since_is_left_as_the_person_left_it() -> None:
    imported(csv_of(row()))
    batch = imported(csv_of(row(name="Ana Maria", uf="RJ")))
    member = Member.objects.get()
    member.name = "Ana M. Lima"
    member.save()

    undone(batch)

    member.refresh_from_db()
    assert (member.name, member.uf) == ("Ana M. Lima", "SP")
    assert kept(batch) == [(2, "Membro: mudou depois da importação (nome)")]


def test_import_without_changes_is_undone_without_changes() -> None:
    imported(TWO)
    batch = imported(TWO)
    before = LedgerEntry.objects.count()

    undone(batch)

    assert (LedgerEntry.objects.count(), kept(batch)) == (before, [])
    assert Member.objects.filter(voided_at=None).count() == 2


def test_second_import_of_the_same_members_keeps_them_when_the_first_is_undone() -> None:
    first = imported(csv_of(row()))
    imported(csv_of(row(), row(number="F9")))

    undone(first)

    assert dict(Invoice.objects.values_list("number", "status")) == {"F1": "voided", "F9": "open"}
    assert kept(first) == [(2, "Membro: tem faturas")]


def test_undo_in_slices_ends_where_one_undo_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverting, "MEMBERS_PER_CHUNK", 1)
    batch = imported(TWO, consent=True)
    pay("F1", "119.90")
    services.request_revert(batch_id=batch.pk, reason="Arquivo errado", by=author())

    seen = []
    while not services.work(batch_id=batch.pk, now=NOW, seconds=-1):
        batch.refresh_from_db()
        seen.append((batch.state, batch.rows_done, batch.rows_total))

    batch.refresh_from_db()
    assert seen == [("reverting", 2, 3), ("reverting", 3, 3)]
    assert batch.state == BatchState.REVERTED
    assert [line for line, _ in kept(batch)] == [2]
    assert list(batch.rows.values_list("line", "invoice_undone")) == [
        (2, Undone.KEPT),
        (3, Undone.REVERTED),
        (4, Undone.REVERTED),
    ]


def test_half_an_import_can_be_undone() -> None:
    batch = imported(TWO)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.FAILED, failed_while="running", finished_at=None
    )

    undone(batch)

    assert batch.state == BatchState.REVERTED
    assert Member.objects.filter(voided_at=None).count() == 0
