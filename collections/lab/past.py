"""What happened before a scene begins: promises, agreements, payments and means as rows of their own dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing import gateways
from billing import selectors as billing
from billing.enums import MeansStatus, Method
from billing.models import Invoice, MeansLine, PaymentMeans
from billing.providers.base import ChargeRequest
from billing.services.payments import record_payment
from billing.split import split_amount
from cases import machine, selectors
from cases.enums import AgreementStatus, CaseState, PromiseStatus
from cases.models import Agreement, Case, Installment, Promise
from cases.services import opening
from commons import clock
from members.models import Member

# What a txid may be at most.
_REFERENCE_LENGTH = 32
_PATHS = {
    CaseState.SOFT: ("fall_due",),
    CaseState.NEGOTIATION: ("fall_due", "negotiate"),
    CaseState.ESCALATED: ("fall_due", "escalate"),
}


def write(*, member: Member, history: dict[str, Any], now: datetime) -> None:
    """The rows of `world.history`, on a closed case of their own where they need one."""
    case = _old_case(member, now=now) if _needs_case(history) else None
    if case is not None:
        broken = int(history.get("broken_promises", 0))
        for n in range(broken):
            day = clock.local(now).date() - timedelta(days=20 + 15 * n)
            _promise(case, {"date": day, "status": "broken"}, now=now)
        for row in history.get("promises", []):
            _promise(case, row, now=now)
        for row in history.get("agreements", []):
            _agreement(case, row, now=now)
    for row in history.get("payment_means", []):
        _means(member, row, now=now)


def pay(*, member: Member, invoice: Invoice, now: datetime) -> None:
    record_payment(
        provider="lab",
        provider_key=f"lab-{invoice.number}",
        method="pix",
        source="import",
        amount=invoice.amount,
        paid_at=_noon(invoice.due_date),
        member_id=member.pk,
        invoice_ids=[invoice.pk],
        now=now,
    )


def set_state(*, member: Member, state: str, now: datetime) -> None:
    """Walks the open case to the state the scene asks for, by the declared transitions."""
    case = selectors.open_case(member.pk)
    if case is None or not state or case.state == state:
        return
    for step in _PATHS.get(CaseState(state), ()):
        case = Case.objects.get(pk=case.pk)
        if case.state != machine.target_of(step) and step in {
            t.name for t in case.get_available_state_transitions()
        }:
            machine.apply(case_id=case.pk, transition=step, actor="system", reason="", now=now)


def _needs_case(history: dict[str, Any]) -> bool:
    return bool(history.get("broken_promises") or history.get("promises") or history.get("agreements"))


def _old_case(member: Member, *, now: datetime) -> Case:
    """The open case, which the history belongs to."""

    case = opening.sync_case(member_id=member.pk, now=now)
    assert case is not None
    return case


def _promise(case: Case, row: dict[str, Any], *, now: datetime) -> None:
    made = _instant(row.get("made_on"), fallback=now - timedelta(days=30))
    status = PromiseStatus(row.get("status", "open"))
    Promise.objects.create(
        case=case,
        date=_day(row["date"]),
        amount=Decimal(str(row["amount"])) if row.get("amount") else None,
        status=status,
        taken_by="agent",
        made_at=made,
        closed_at=None if status == PromiseStatus.OPEN else made + timedelta(days=2),
    )


def _agreement(case: Case, row: dict[str, Any], *, now: datetime) -> None:
    made = _instant(row.get("made_on"), fallback=now - timedelta(days=30))
    status = AgreementStatus(row.get("status", "accepted"))
    total = Decimal(str(row["total"]))
    count = int(row["installments"])
    agreement = Agreement.objects.create(
        case=case,
        status=status,
        total=total,
        discount=Decimal(str(row.get("discount", "0.00"))),
        policy_version=1,
        accepted_at=made,
        taken_by="agent",
        text="Acordo anterior.",
        text_hash="",
        closed_at=None if status in AgreementStatus.holding() else made + timedelta(days=20),
    )
    first = _day(row["first_due"]) if row.get("first_due") else clock.local(made).date()

    for number, amount in enumerate(split_amount(total, count), start=1):
        Installment.objects.create(
            agreement=agreement,
            number=number,
            due_date=first + timedelta(days=30 * (number - 1)),
            amount=amount,
        )


def _means(member: Member, row: dict[str, Any], *, now: datetime) -> None:
    """A code made back then, on that day's calculation. One that still stands exists at the provider too."""
    made = _instant(row.get("made_on"), fallback=now - timedelta(days=3))
    provider = gateways.pix_provider()
    balance = billing.balance(member.pk, on=clock.local(made).date())
    means = PaymentMeans.objects.create(
        member=member,
        provider=provider.name,
        method=row["method"],
        reference=f"lab{member.pk}{row['method']}{made:%Y%m%d%H%M%S}".ljust(_REFERENCE_LENGTH, "0"),
        scope=",".join(str(line.invoice.pk) for line in balance.lines),
        amount=Decimal(str(row["amount"])),
        status=row["status"],
        issued=True,
        closed_at_provider=row["status"] != MeansStatus.ACTIVE,
        expires_at=datetime.combine(made.date(), time(23, 59, 59), tzinfo=clock.SAO_PAULO),
        created_at=made,
    )
    for line in balance.lines:
        MeansLine.objects.create(
            means=means,
            invoice=line.invoice,
            principal=line.principal,
            fine=line.fine,
            interest=line.interest,
        )
    if means.status == MeansStatus.ACTIVE and means.method == Method.PIX:
        request = ChargeRequest(
            reference=means.reference, amount=means.amount, valid_for=means.expires_at - now
        )
        means.code = provider.create_charge(request).pix_code
        means.save(update_fields=["code"])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, 0), tzinfo=clock.SAO_PAULO)


def _instant(value: Any, *, fallback: datetime) -> datetime:
    return _noon(_day(value)) if value else fallback
