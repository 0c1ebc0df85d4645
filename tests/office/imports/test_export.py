"""The export through the whole import: previewed, imported, imported again, undone."""

import json
from decimal import Decimal

import pytest
from django.db.models import Sum

from billing.enums import InvoiceStatus
from billing.models import Invoice, LedgerEntry, Payment
from cases.models import Case
from commons import history
from members.enums import ContactPointState
from members.models import Consent, ContactPoint, Member
from office.imports import selectors
from office.imports.enums import WarningCode
from tests.factories.commons import OrganisationFactory
from tests.office.imports.batches import imported, undone
from tests.office.imports.books import AS_OF, EXPORT

pytestmark = pytest.mark.django_db


def test_export_imported_is_what_the_facts_say_and_again_changes_nothing_and_undone_is_gone() -> None:
    OrganisationFactory()
    facts = json.loads(EXPORT.with_suffix(".facts.json").read_text())

    batch = imported(EXPORT.read_bytes(), consent=True)

    open_invoices = Invoice.objects.filter(status=InvoiceStatus.OPEN)
    principal = LedgerEntry.objects.filter(component="principal").aggregate(sum=Sum("amount"))["sum"]
    assert (Member.objects.count(), Invoice.objects.count()) == (facts["members"], facts["invoices"])
    assert (open_invoices.count(), Payment.objects.count()) == (
        facts["open_invoices"],
        facts["paid_invoices"],
    )
    assert open_invoices.filter(due_date__lt=AS_OF).count() == facts["overdue_invoices"]
    assert principal == Decimal(facts["open_total"])
    assert Consent.objects.count() == facts["members"]
    assert batch.rows.filter(outcome="rejected").count() == sum(facts["rejected_rows"].values())
    assert batch.rows.filter(warnings__contains=[WarningCode.PHONE_SHARED]).count() == 1
    assert ContactPoint.objects.filter(state=ContactPointState.SHARED).count() == 1
    assert (
        ContactPoint.objects.filter(is_mobile=False, channel="whatsapp").count()
        == facts["warnings"]["landline"]
    )
    assert Case.objects.count() > 0
    assert history.first_broken_line(Member.objects.order_by("pk")[0].pk) is None

    entries = LedgerEntry.objects.count()
    again = imported(EXPORT.read_bytes(), consent=True)

    assert selectors.outlook(again).changes_nothing is True
    assert (LedgerEntry.objects.count(), Consent.objects.count()) == (entries, facts["members"])

    undone(batch)

    assert selectors.outlook(batch).kept == 0
    assert Member.objects.filter(voided_at=None).count() == 0
    assert Invoice.objects.exclude(status=InvoiceStatus.VOIDED).count() == 0
    assert LedgerEntry.objects.filter(component="principal").aggregate(sum=Sum("amount"))["sum"] == 0
