from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing import freezes, freshness, selectors
from billing.enums import MeansStatus, Method, PaymentSource
from billing.freezes import FrozenCharges
from billing.models import ProviderSync
from billing.services.payments import record_payment
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal
NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 14)


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory()


def pay(amount, *, member, key="E1", **more):
    given = {
        "provider": "pix_api",
        "provider_key": key,
        "method": Method.PIX,
        "source": PaymentSource.WEBHOOK,
        "amount": D(amount),
        "paid_at": NOW,
        "now": NOW,
        "member_id": member.pk,
        **more,
    }
    return record_payment(**given)


# --- Balance ----------------------------------------------------------------------------------------------


def test_balance_adds_the_components_of_every_open_invoice():
    member = MemberFactory()
    InvoiceFactory(member=member, due_date=date(2026, 11, 10))
    InvoiceFactory(member=member, due_date=date(2026, 10, 7), amount=D("349.90"))
    InvoiceFactory(member=member, due_date=date(2026, 11, 30))
    balance = selectors.balance(member.pk, on=TODAY)
    assert [(line.days_late, line.total) for line in balance.lines] == [
        (38, D("361.32")),
        (4, D("102.13")),
        (0, D("100.00")),
    ]
    assert (balance.principal, balance.fine, balance.interest, balance.total, balance.as_of) == (
        D("549.90"),
        D("8.99"),
        D("4.56"),
        D("563.45"),
        TODAY,
    )


def test_balance_of_named_invoices_leaves_the_others_out():
    member = MemberFactory()
    first, _ = InvoiceFactory(member=member), InvoiceFactory(member=member)
    assert selectors.balance(member.pk, on=TODAY, invoices=[first]).total == D("102.13")


def test_balance_follows_the_terms_of_the_organisation(organisation):
    organisation.fine_percent, organisation.interest_percent_month = D("1.00"), D("0.50")
    organisation.save()
    invoice = InvoiceFactory()
    assert selectors.balance(invoice.member_id, on=TODAY).total == D("101.06")


def test_member_without_open_invoices_owes_nothing():
    balance = selectors.balance(MemberFactory().pk, on=TODAY)
    assert (balance.lines, balance.total) == ((), D("0.00"))


@pytest.mark.parametrize("count", [1, 3])
def test_balance_takes_the_same_queries_for_any_number_of_invoices(count, django_assert_num_queries):
    member = MemberFactory()
    InvoiceFactory.create_batch(count, member=member)
    freezes_of_others = len(freezes._sources)
    with django_assert_num_queries(3 + freezes_of_others):
        selectors.balance(member.pk, on=TODAY)


def test_balances_of_many_members_are_theirs_alone(django_assert_num_queries):
    invoices = InvoiceFactory.create_batch(3)
    free = MemberFactory()
    ids = [*(invoice.member_id for invoice in invoices), free.pk]
    with django_assert_num_queries(3 + len(freezes._sources)):
        found = selectors.balances(ids, on=TODAY)
    assert {pk: balance.total for pk, balance in found.items()} == {
        **{invoice.member_id: D("102.13") for invoice in invoices},
        free.pk: D("0.00"),
    }


# --- Frozen charges ---------------------------------------------------------------------------------------


@pytest.fixture
def frozen():
    """What an app above says is frozen, by invoice id."""
    found: dict[int, FrozenCharges] = {}

    def source(invoice_ids: list[int]) -> dict[int, FrozenCharges]:
        return {pk: found[pk] for pk in invoice_ids if pk in found}

    freezes.register_charge_freezes(source)
    yield found
    freezes.unregister_charge_freezes(source)


def test_frozen_charges_do_not_grow(frozen):
    invoice = InvoiceFactory()
    frozen[invoice.pk] = selectors.balance(invoice.member_id, on=TODAY).lines[0].frozen()
    balance = selectors.balance(invoice.member_id, on=TODAY + timedelta(days=200))
    assert (balance.principal, balance.fine, balance.interest) == (D("100.00"), D("2.00"), D("0.13"))


def test_frozen_charges_are_paid_off_once(frozen):
    invoice = InvoiceFactory()
    pay("1.00", member=invoice.member, key="E1")
    frozen[invoice.pk] = selectors.balance(invoice.member_id, on=TODAY).lines[0].frozen()
    pay("10.00", member=invoice.member, key="E2", paid_at=NOW + timedelta(days=40))
    balance = selectors.balance(invoice.member_id, on=TODAY + timedelta(days=60))
    assert (balance.principal, balance.fine, balance.interest) == (D("91.13"), D("0.00"), D("0.00"))


def test_pair_of_amounts_freezes_as_well(frozen):
    invoice = InvoiceFactory()
    frozen[invoice.pk] = (D("0.00"), D("0.10"))
    assert selectors.balance(invoice.member_id, on=TODAY).total == D("100.10")


# --- Freshness --------------------------------------------------------------------------------------------


def test_own_book_is_never_behind():
    assert selectors.balance_source().freshness(now=NOW) == timedelta()


def test_plugged_source_says_how_old_the_book_is():
    class Erp:
        def freshness(self, *, now: datetime) -> timedelta:
            return now - datetime(2026, 11, 14, 14, 0, tzinfo=UTC)

    before = freshness.plug_balance_source(Erp())
    assert selectors.balance_source().freshness(now=NOW) == timedelta(hours=1)
    freshness.plug_balance_source(before)


# --- What came in -----------------------------------------------------------------------------------------


def test_payment_is_seen_from_the_instant_it_was_learned_of():
    member = MemberFactory()
    pay("10.00", member=member, paid_at=NOW - timedelta(days=2))
    assert selectors.payment_seen_since(member.pk, NOW)
    assert not selectors.payment_seen_since(member.pk, NOW + timedelta(seconds=1))
    assert not selectors.payment_seen_since(MemberFactory().pk, NOW)


def test_imported_history_is_no_payment_under_way():
    member = MemberFactory()
    pay("10.00", member=member, source=PaymentSource.IMPORT)
    assert not selectors.payment_seen_since(member.pk, NOW)


def test_aging_puts_open_principal_in_its_bucket():
    member = MemberFactory()
    for days in (-5, 0, 1, 30, 31, 61, 91, 180, 181):
        InvoiceFactory(member=member, due_date=TODAY - timedelta(days=days))
    pay("102.13", member=MemberFactory())
    buckets = selectors.receivables_by_aging(TODAY)
    assert [(bucket.label, bucket.principal, bucket.invoices, bucket.members) for bucket in buckets] == [
        ("A vencer", D("200.00"), 2, 1),
        ("1 a 30 dias", D("200.00"), 2, 1),
        ("31 a 60 dias", D("100.00"), 1, 1),
        ("61 a 90 dias", D("100.00"), 1, 1),
        ("91 a 180 dias", D("200.00"), 2, 1),
        ("Mais de 180 dias", D("100.00"), 1, 1),
    ]


def test_aging_of_an_empty_book_has_every_bucket():
    assert [bucket.principal for bucket in selectors.receivables_by_aging(TODAY)] == [D("0.00")] * 6


# --- Through what -----------------------------------------------------------------------------------------


def test_only_issued_active_codes_that_still_hold_are_offered():
    invoice, *others = InvoiceFactory.create_batch(4, member=MemberFactory())
    good = PaymentMeansFactory(invoices=[invoice])
    PaymentMeansFactory(invoices=[others[0]], issued=False)
    PaymentMeansFactory(invoices=[others[1]], status=MeansStatus.REPLACED)
    PaymentMeansFactory(invoices=[others[2]], expires_at=NOW)
    assert list(selectors.active_means(invoice.member_id, Method.PIX, now=NOW)) == [good]
    assert list(selectors.active_means(invoice.member_id, Method.BOLETO, now=NOW)) == []


@pytest.mark.parametrize("reference", ["A-10/2", "a102", "A 10 2"])
def test_number_is_found_through_any_punctuation(reference):
    invoice = InvoiceFactory(number="A10-2")
    assert selectors.invoice_by_reference(reference) == invoice


def test_reference_that_could_be_two_invoices_is_none_of_them():
    InvoiceFactory(number="A1-02")
    InvoiceFactory(number="A10-2")
    assert selectors.invoice_by_reference("A102") is None


@pytest.mark.parametrize("reference", ["", "***", "A1"])
def test_reference_that_says_nothing_finds_nothing(reference):
    InvoiceFactory(number="A10-2")
    assert selectors.invoice_by_reference(reference) is None


def test_last_sweep_is_the_provider_s_own():
    assert selectors.last_sweep_at() is None
    ProviderSync.objects.create(provider="pix_api", last_success_at=NOW)
    ProviderSync.objects.create(provider="other", last_success_at=NOW - timedelta(hours=1))
    assert selectors.last_sweep_at("other") == NOW - timedelta(hours=1)
    assert selectors.last_sweep_at() == NOW
