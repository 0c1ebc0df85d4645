from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing import selectors
from billing.enums import EntryKind, InvoiceStatus, Method, PaymentSource
from billing.models import Invoice, LedgerEntry, Payment
from commons import history
from commons.models import HistoryEntry
from members.enums import Channel, ContactPointState, MemberKind
from members.models import Consent, ContactPoint, Member
from members.services import mark_wrong_number
from office.imports.enums import Outcome
from office.models import ImportBatch
from tests.factories.billing import PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory
from tests.office.imports.batches import HOW, NOW, TEXT, imported
from tests.office.imports.books import HEADER, csv_of, row

pytestmark = pytest.mark.django_db

PAID = {"status": "Pago", "paid_on": "12/11/2026"}


@pytest.fixture(autouse=True)
def _organisation() -> None:
    OrganisationFactory()


def outcomes(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return list(batch.rows.values_list("line", "member_outcome", "outcome"))


# --- What is new --------------------------------------------------------------------------------------------


def test_new_member_arrives_whole() -> None:
    header = HEADER + ";Cidade;Data de nascimento;Etiquetas"
    batch = imported(csv_of(row() + ";São Paulo;02/03/1990;vip, bolsa", header=header))

    member = Member.objects.get()
    assert (member.external_id, member.name, member.folded_name) == ("1", "Ana Lima", "ana lima")
    assert (member.document, member.kind, member.uf) == ("52998224725", MemberKind.PERSON, "SP")
    assert (member.city, member.birth_date, member.tags) == ("São Paulo", date(1990, 3, 2), ["vip", "bolsa"])
    assert (member.product, member.import_batch_id) == ("Mensal", batch.pk)
    assert [
        (point.channel, point.address, point.state, point.is_mobile, point.preferred, point.import_batch_id)
        for point in ContactPoint.objects.order_by("-channel")
    ] == [
        (Channel.WHATSAPP, "+5511987654321", ContactPointState.UNVERIFIED, True, True, batch.pk),
        (Channel.EMAIL, "ana@example.org", ContactPointState.UNVERIFIED, False, True, batch.pk),
    ]
    assert history.first_broken_line(member.pk) is None


def test_new_member_with_cnpj_is_a_company() -> None:
    imported(csv_of(row(document="11.222.333/0001-81")))

    assert Member.objects.get().kind == MemberKind.COMPANY


def test_new_member_is_told_in_one_line_of_history() -> None:
    batch = imported(csv_of(row()), consent=True)

    first = HistoryEntry.objects.order_by("sequence").first()
    assert first is not None
    assert first.sentence == (
        "Cadastro de Ana Lima criado por importação. Contatos: WhatsApp +55 11 •••••-4321 (não confirmado), "
        f"E-mail a•••@example.org (não confirmado); aceite do WhatsApp: {HOW} (importação nº {batch.pk})."
    )
    assert first.actor == f"user:{batch.author_id}"


def test_consent_is_each_members_with_the_batch_as_source() -> None:
    batch = imported(csv_of(row()), consent=True)

    consent = Consent.objects.get()
    assert (consent.member_id, consent.channel) == (Member.objects.get().pk, Channel.WHATSAPP)
    assert (consent.source, consent.text_version) == (f"{HOW} (importação nº {batch.pk})", TEXT)
    assert consent.evidence == f"carteira.csv, SHA-256 {batch.file_sha256}"
    assert consent.granted_at == datetime(2026, 1, 15, 15, 0, tzinfo=UTC)
    assert consent.import_batch_id == batch.pk


def test_without_terms_nobody_has_consent() -> None:
    imported(csv_of(row()))

    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("phone", "other", "expected"),
    [
        (
            "(11) 3532-9266",
            "11 98765-4321",
            [("+551135329266", False, False), ("+5511987654321", True, True)],
        ),
        (
            "11 98765-4321 / 11 98765-1111",
            "",
            [("+5511987654321", True, True), ("+5511987651111", True, False)],
        ),
    ],
)
def test_phones_the_first_mobile_is_preferred_and_a_landline_never(
    phone: str, other: str, expected: list[tuple[str, bool, bool]]
) -> None:
    imported(csv_of(row(phone=phone) + f";{other}", header=HEADER + ";Telefone 2"))

    points = ContactPoint.objects.filter(channel=Channel.WHATSAPP).order_by("pk")
    assert [(p.address, p.is_mobile, p.preferred) for p in points] == expected


def test_phone_of_another_member_is_shared_and_one_marked_wrong_stays_wrong() -> None:
    owned = ContactPointFactory(address="+5511987654321", member__document="")
    wrong = ContactPointFactory(address="+5511987650000", member=owned.member)
    mark_wrong_number(point=wrong, source="membro", actor="agent", now=NOW)

    imported(
        csv_of(
            row(phone="11 8765-4321"),
            row(code="2", number="F2", document="", phone="11 98765-0000", email=""),
            row(code="3", number="F3", document="", phone="11 98765-2222", email=""),
            row(code="4", number="F4", document="", phone="11 98765-2222", email=""),
        )
    )

    states = ContactPoint.objects.filter(member__external_id__in="1234", channel=Channel.WHATSAPP)
    assert dict(states.values_list("member__external_id", "state")) == {
        "1": ContactPointState.SHARED,
        "2": ContactPointState.WRONG,
        "3": ContactPointState.UNVERIFIED,
        "4": ContactPointState.SHARED,
    }


def test_invoices_arrive_open_or_settled_as_the_file_says() -> None:
    batch = imported(
        csv_of(
            row(),
            row(number="F2", **PAID),
            row(number="F3", paid="130,00", **PAID),
            row(number="F4", paid="100,00", **PAID),
        )
    )

    found = {invoice.number: invoice for invoice in Invoice.objects.all()}
    assert {number: (i.status, selectors.principal_due(i)) for number, i in found.items()} == {
        "F1": (InvoiceStatus.OPEN, Decimal("119.90")),
        "F2": (InvoiceStatus.PAID, Decimal("0.00")),
        "F3": (InvoiceStatus.PAID, Decimal("0.00")),
        "F4": (InvoiceStatus.PAID, Decimal("0.00")),
    }
    assert found["F1"].description == "Mensal 11/2026"
    assert {p.reference: p.amount for p in Payment.objects.all()} == {
        "F2": Decimal("119.90"),
        "F3": Decimal("130.00"),
        "F4": Decimal("100.00"),
    }
    assert {p.paid_at for p in Payment.objects.all()} == {datetime(2026, 11, 12, 15, 0, tzinfo=UTC)}
    assert outcomes(batch) == [
        (2, "created", "created"),
        (3, "", "created"),
        (4, "", "created"),
        (5, "", "created"),
    ]


def test_invoice_paid_in_part_owes_the_rest() -> None:
    imported(csv_of(row(due="30/11/2026", status="Parcial", paid="19,90", paid_on="12/11/2026")))

    assert selectors.principal_due(Invoice.objects.get()) == Decimal("100.00")
    payment = Payment.objects.get()
    assert (payment.amount, payment.source, payment.method) == (
        Decimal("19.90"),
        PaymentSource.IMPORT,
        Method.OTHER,
    )


def test_invoice_paid_without_a_date_was_paid_on_its_due_day_or_today() -> None:
    imported(csv_of(row(status="Pago"), row(number="F2", due="30/11/2026", status="Pago")))

    paid = dict(Payment.objects.values_list("reference", "paid_at"))
    assert paid == {
        "F1": datetime(2026, 11, 10, 15, 0, tzinfo=UTC),
        "F2": datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    }


def test_cancelled_invoice_nobody_knows_is_not_booked() -> None:
    batch = imported(csv_of(row(status="Cancelado")))

    assert Invoice.objects.count() == 0
    assert outcomes(batch) == [(2, "created", Outcome.IGNORED)]


# --- What is known ------------------------------------------------------------------------------------------


def test_same_file_again_changes_nothing() -> None:
    content = csv_of(
        row(),
        row(number="F2", **PAID),
        row(number="F3", paid="130,00", **PAID),
        row(number="F4", status="Parcial", paid="19,90", paid_on="12/11/2026"),
        row(number="F5", status="Cancelado"),
        row(code="2", number="F6", document="", phone="(11) 3532-9266", email="sem email"),
        row(code="3", number="F7", document="", phone="11 98765-4321", email=""),
    )
    imported(content, consent=True)
    before = (LedgerEntry.objects.count(), HistoryEntry.objects.count(), ContactPoint.objects.count())

    again = imported(content, consent=True)

    assert (LedgerEntry.objects.count(), HistoryEntry.objects.count(), ContactPoint.objects.count()) == before
    assert {outcome for _, member, invoice in outcomes(again) for outcome in (member, invoice)} == {
        "",
        Outcome.UNCHANGED,
        Outcome.IGNORED,
    }
    assert (Member.objects.count(), Consent.objects.count()) == (3, 3)


def test_known_member_follows_the_file_and_keeps_what_the_file_is_silent_about() -> None:
    imported(csv_of(row()))

    batch = imported(
        csv_of(row(name="Ana Maria Lima", phone="11 98765-9999", email="", uf="RJ")), consent=True
    )

    member = Member.objects.get()
    assert (member.name, member.folded_name, member.uf) == ("Ana Maria Lima", "ana maria lima", "RJ")
    assert member.product == "Mensal"
    assert sorted(ContactPoint.objects.values_list("address_hash", "preferred").distinct()) == sorted(
        ContactPoint.objects.values_list("address_hash", "preferred")
    )
    assert [p.address for p in ContactPoint.objects.order_by("pk")] == [
        "+5511987654321",
        "ana@example.org",
        "+5511987659999",
    ]
    assert Consent.objects.get().import_batch_id == batch.pk
    assert outcomes(batch) == [(2, Outcome.CHANGED, Outcome.UNCHANGED)]


def test_known_invoice_paid_in_the_file_is_settled_whatever_charges_say() -> None:
    imported(csv_of(row(due="10/10/2026")))
    means = PaymentMeansFactory(invoices=[Invoice.objects.get()])

    batch = imported(csv_of(row(due="10/10/2026", **PAID)))

    invoice = Invoice.objects.get()
    assert (invoice.status, selectors.principal_due(invoice)) == (InvoiceStatus.PAID, Decimal("0.00"))
    payment = Payment.objects.get()
    assert (payment.amount, payment.import_batch_id) == (Decimal("119.90"), batch.pk)
    means.refresh_from_db()
    assert means.status == "replaced"
    assert outcomes(batch) == [(2, Outcome.UNCHANGED, Outcome.CHANGED)]


@pytest.mark.parametrize(
    ("paid", "charged", "waived"), [("130,00", "10.10", "0"), ("100,00", "0", "19.90"), ("119,90", "0", "0")]
)
def test_known_invoice_paid_above_was_charged_and_below_was_waived(
    paid: str, charged: str, waived: str
) -> None:
    imported(csv_of(row()))

    imported(csv_of(row(paid=paid, **PAID)))

    entries = LedgerEntry.objects.exclude(component="principal", kind=EntryKind.CHARGE)
    charges = sum(entry.amount for entry in entries if entry.kind == EntryKind.CHARGE)
    discounts = -sum(entry.amount for entry in entries if entry.kind == EntryKind.DISCOUNT)
    assert (charges, discounts) == (Decimal(charged), Decimal(waived))
    assert Invoice.objects.get().status == InvoiceStatus.PAID


def test_known_invoice_changes_amount_date_and_words_by_new_entries() -> None:
    imported(csv_of(row()))
    means = PaymentMeansFactory(invoices=[Invoice.objects.get()])

    batch = imported(csv_of(row(amount="129,90", due="20/11/2026", product="Anual")))

    invoice = Invoice.objects.get()
    assert (invoice.amount, selectors.principal_due(invoice)) == (Decimal("129.90"), Decimal("129.90"))
    assert (invoice.due_date, invoice.original_due_date) == (date(2026, 11, 20), date(2026, 11, 10))
    assert invoice.product == "Anual"
    assert list(LedgerEntry.objects.values_list("kind", "amount")) == [
        (EntryKind.CHARGE, Decimal("119.90")),
        (EntryKind.CHARGE, Decimal("10.00")),
    ]
    means.refresh_from_db()
    assert means.status == "replaced"
    assert outcomes(batch) == [(2, Outcome.CHANGED, Outcome.CHANGED)]


def test_known_invoice_may_become_smaller() -> None:
    imported(csv_of(row()))

    imported(csv_of(row(amount="100,00")))

    assert selectors.principal_due(Invoice.objects.get()) == Decimal("100.00")


def test_known_invoice_cancelled_in_the_file_is_cancelled() -> None:
    imported(csv_of(row()))

    imported(csv_of(row(status="Cancelado")))

    assert Invoice.objects.get().status == InvoiceStatus.CANCELLED


def test_known_invoice_paid_in_part_again_books_the_news_only() -> None:
    imported(csv_of(row(due="30/11/2026")))
    for paid in ("19,90", "19,90", "50,00"):
        imported(csv_of(row(due="30/11/2026", status="Parcial", paid=paid, paid_on="12/11/2026")))

    assert sorted(Payment.objects.values_list("amount", flat=True)) == [Decimal("19.90"), Decimal("30.10")]
    assert selectors.principal_due(Invoice.objects.get()) == Decimal("69.90")
