"""Reading the book: what is open, what is owed on a day, what came in and through what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Upper

from billing.allocation import ROUNDING_TOLERANCE
from billing.charges import LateChargeTerms
from billing.enums import Component, EntryKind, InvoiceStatus, MeansStatus, Method, PaymentSource
from billing.freezes import charge_freezes
from billing.freshness import balance_source
from billing.models import Invoice, LedgerEntry, Payment, PaymentMeans, PaymentReversal, ProviderSync
from billing.owed import Balance, InvoiceBalance, LedgerFacts, PaidPart, invoice_balance
from commons import clock
from commons.models import Organisation
from commons.money import ZERO

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Credit(TypedDict):
        credit: Decimal

    PaymentWithCredit = WithAnnotations[Payment, _Credit]

__all__ = ["Balance", "InvoiceBalance", "balance_source"]

_MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=12, decimal_places=2)
# What moves money of a payment into invoices and back out of them.
_ALLOCATING = [EntryKind.PAYMENT, EntryKind.REVERSAL]
_NOT_ALPHANUMERIC = "[^A-Za-z0-9]"


# --- What is owed -----------------------------------------------------------------------------------------


def open_invoices(member_id: int) -> QuerySet[Invoice]:
    """What still asks for money, oldest first."""
    return Invoice.objects.filter(member_id=member_id, status__in=InvoiceStatus.collectable())


def principal_due(invoice: Invoice) -> Decimal:
    """The sum of the ledger: what is owed without late charges."""
    found = invoice.entries.filter(component=Component.PRINCIPAL).aggregate(sum=Sum("amount"))
    return found["sum"] or ZERO


def balance(
    member_id: int,
    *,
    on: date,
    invoices: Iterable[Invoice] | None = None,
    terms: LateChargeTerms | None = None,
) -> Balance:
    """What the member owes on `on` (the organisation's date) for `invoices`, or for all open ones.

    `terms` asks what it would be under other late charges than those in force. Three queries and those of the
    freeze sources, however many invoices there are.
    """
    chosen = list(open_invoices(member_id) if invoices is None else invoices)
    return Balance.of(tuple(invoice_balances(chosen, on=on, terms=terms)), as_of=on)


def balances(member_ids: Collection[int], *, on: date) -> dict[int, Balance]:
    """The balance of each member, for lists and planners; a constant number of queries."""
    chosen = Invoice.objects.filter(member_id__in=member_ids, status__in=InvoiceStatus.collectable())
    lines: dict[int, list[InvoiceBalance]] = defaultdict(list)
    for line in invoice_balances(list(chosen), on=on):
        lines[line.invoice.member_id].append(line)
    return {member_id: Balance.of(tuple(lines[member_id]), as_of=on) for member_id in member_ids}


def invoice_balances(
    invoices: list[Invoice], *, on: date, terms: LateChargeTerms | None = None
) -> list[InvoiceBalance]:
    """The balance of each invoice on `on`, in the order given; under the charges in force unless others are asked."""
    organisation = Organisation.current()
    terms = terms or late_charge_terms(organisation)
    ids = [invoice.pk for invoice in invoices]
    facts = _ledger_facts(ids, zone=organisation.zone)
    frozen = charge_freezes(ids)
    return [
        invoice_balance(
            invoice=invoice, facts=facts[invoice.pk], on=on, terms=terms, frozen=frozen.get(invoice.pk)
        )
        for invoice in invoices
    ]


def late_charge_terms(organisation: Organisation) -> LateChargeTerms:
    return LateChargeTerms(
        fine_percent=organisation.fine_percent,
        interest_percent_month=organisation.interest_percent_month,
        interest_days=organisation.interest_days,
    )


def local_date(instant: datetime) -> date:
    """The organisation's date at `instant`: what charges and due dates are counted in."""
    return clock.local(instant, Organisation.current().zone).date()


def _ledger_facts(invoice_ids: list[int], *, zone: ZoneInfo) -> dict[int, LedgerFacts]:
    rows = (
        LedgerEntry.objects.filter(invoice_id__in=invoice_ids)
        .order_by()
        .values("invoice_id", "component", "kind", "payment_id", "payment__paid_at")
        .annotate(sum=Sum("amount"))
    )
    principal: dict[int, Decimal] = defaultdict(lambda: ZERO)
    booked: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    paid: dict[int, dict[tuple[int, date], Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for row in rows:
        invoice_id, component = row["invoice_id"], row["component"]
        if component == Component.PRINCIPAL:
            principal[invoice_id] += row["sum"]
            if row["kind"] in _ALLOCATING and row["payment_id"]:
                day = clock.local(row["payment__paid_at"], zone).date()
                paid[invoice_id][row["payment_id"], day] -= row["sum"]
        elif row["kind"] == EntryKind.CHARGE:
            booked[invoice_id, component] += row["sum"]
    return {
        invoice_id: LedgerFacts(
            principal=principal[invoice_id],
            booked_fine=booked[invoice_id, Component.FINE],
            booked_interest=booked[invoice_id, Component.INTEREST],
            paid_parts=tuple(
                PaidPart(amount=amount, on=day) for (_, day), amount in paid[invoice_id].items() if amount
            ),
        )
        for invoice_id in invoice_ids
    }


@dataclass(frozen=True, slots=True)
class AgingBucket:
    """Open principal by days since the original due date: from `first` to `last`, None without an end."""

    label: str
    first: int | None
    last: int | None
    principal: Decimal
    invoices: int
    members: int


_AGES: tuple[tuple[str, int | None, int | None], ...] = (
    ("A vencer", None, 0),
    ("1 a 30 dias", 1, 30),
    ("31 a 60 dias", 31, 60),
    ("61 a 90 dias", 61, 90),
    ("91 a 180 dias", 91, 180),
    ("Mais de 180 dias", 181, None),
)


def receivables_by_aging(on: date) -> list[AgingBucket]:
    """Every bucket, empty ones too. One query."""
    rows = (
        _principal_by_age(on)
        .values("age")
        .annotate(
            sum=Sum("amount"),
            invoices=Count("invoice", distinct=True),
            members=Count("invoice__member", distinct=True),
        )
    )
    found: dict[int, Any] = {row["age"]: row for row in rows}
    empty: dict[str, Any] = {"sum": ZERO, "invoices": 0, "members": 0}
    buckets = []
    for place, (label, first, last) in enumerate(_AGES):
        row = found.get(place, empty)
        buckets.append(
            AgingBucket(
                label=label,
                first=first,
                last=last,
                principal=row["sum"],
                invoices=row["invoices"],
                members=row["members"],
            )
        )
    return buckets


def principal_by_aging(on: date) -> list[tuple[str, bool, Decimal]]:
    """Of every bucket its label, whether it is late, and the principal: nobody is counted, so it is quick."""
    found = dict(_principal_by_age(on).values("age").annotate(sum=Sum("amount")).values_list("age", "sum"))
    return [
        (label, first is not None, found.get(place, ZERO)) for place, (label, first, _) in enumerate(_AGES)
    ]


def _principal_by_age(on: date) -> Any:
    """The entries of principal of what is open, each with the place of its bucket as `age`."""
    ages = Case(
        *(
            When(invoice__original_due_date__gte=on - timedelta(days=last), then=Value(place))
            for place, (_, _, last) in enumerate(_AGES)
            if last is not None
        ),
        default=Value(len(_AGES) - 1),
    )
    return (
        LedgerEntry.objects.filter(
            component=Component.PRINCIPAL, invoice__status__in=InvoiceStatus.collectable()
        )
        .order_by()
        .annotate(age=ages)
    )


# --- What came in -----------------------------------------------------------------------------------------


def payment_seen_since(member_id: int, instant: datetime) -> bool:
    """Whether we learned of money from this member at or after the business instant.

    History that an import brings in bulk says nothing about a payment under way, and does not count.
    """
    return (
        Payment.objects.filter(member_id=member_id, seen_at__gte=instant)
        .exclude(source=PaymentSource.IMPORT)
        .exists()
    )


def _credit() -> CombinedExpression:
    allocated = LedgerEntry.objects.filter(payment=OuterRef("pk"), kind__in=_ALLOCATING)
    went_back = PaymentReversal.objects.filter(payment=OuterRef("pk"))
    return F("amount") + _sum_by_payment(allocated) - _sum_by_payment(went_back)


def _sum_by_payment(rows: QuerySet[Any]) -> Coalesce:
    total = rows.order_by().values("payment").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(total, output_field=_MONEY), Value(ZERO, output_field=_MONEY))


def credit(payment: Payment) -> Decimal:
    """What is left of the payment after what settled invoices and what went back; never negative."""
    found: Decimal = (
        Payment.objects.filter(pk=payment.pk)
        .annotate(credit=_credit())
        .values_list("credit", flat=True)
        .get()
    )
    return found


def member_credit(member_id: int) -> Decimal:
    """Money of the member that settles nothing yet."""
    found = (
        Payment.objects.filter(member_id=member_id).annotate(credit=_credit()).aggregate(sum=Sum("credit"))
    )
    return found["sum"] or ZERO


def payments_to_review() -> QuerySet[PaymentWithCredit]:
    """Money that a person has to place, each row with its `credit`.

    Whose it is nobody knows, or more came than was owed.
    """
    more_than_owed = Q(member__isnull=False, credit__gt=ROUNDING_TOLERANCE)
    return (
        Payment.objects.select_related("member")
        .annotate(credit=_credit())
        .filter(more_than_owed | Q(member=None, credit__gt=0))
    )


# --- Through what -----------------------------------------------------------------------------------------


def active_means(member_id: int, method: str = Method.PIX, *, now: datetime) -> QuerySet[PaymentMeans]:
    """What the member can pay with at this instant, newest first."""
    return PaymentMeans.objects.filter(
        member_id=member_id, method=method, status=MeansStatus.ACTIVE, issued=True, expires_at__gt=now
    )


def means_by_reference(reference: str) -> PaymentMeans | None:
    """Our own txid, whatever became of the code since."""
    return PaymentMeans.objects.filter(reference=reference).first() if reference else None


def invoice_by_reference(reference: str) -> Invoice | None:
    """The invoice whose number, written without punctuation, is this txid; None when two could be meant."""
    wanted = "".join(char for char in reference if char.isalnum()).upper()
    if not wanted:
        return None
    plain = Func(
        F("number"),
        Value(_NOT_ALPHANUMERIC),
        Value(""),
        Value("g"),
        function="REGEXP_REPLACE",
        output_field=CharField(),
    )
    found = list(
        Invoice.objects.annotate(plain=Upper(plain))
        .filter(Q(plain=wanted) & ~Q(status=InvoiceStatus.VOIDED))
        .order_by("pk")[:2]
    )
    return found[0] if len(found) == 1 else None


def last_sweep_at(provider: str | None = None) -> datetime | None:
    """Up to when payments were asked for; of the provider last heard of when none is named."""
    syncs = ProviderSync.objects.filter(provider=provider) if provider else ProviderSync.objects.all()
    return syncs.order_by("-last_success_at").values_list("last_success_at", flat=True).first()
