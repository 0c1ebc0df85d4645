"""Agreements: a new way to pay what is owed, with installments and evidence."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.freezes import FrozenCharges
from billing.owed import Balance
from cases import machine, selectors, signals
from cases.enums import AgreementStatus, HoldReason
from cases.models import Agreement, Case, Installment
from cases.services import holds
from commons import clock, history
from commons.models import Organisation
from commons.money import ZERO, brl

# Days after an installment's due date before the agreement counts as broken.
BREACH_DAYS = 10


def accept(
    *,
    case: Case,
    parts: list[tuple[date, Decimal]],
    balance: Balance,
    policy_version: int,
    author: str,
    now: datetime,
    evidence: dict[str, Any],
) -> Agreement:
    """Writes the agreement down. The parts must add up to the balance they were computed from."""
    total = sum((amount for _, amount in parts), ZERO)
    if total != balance.total:
        raise ValueError("the installments do not add up to the balance")
    with history.member_transaction(case.member_id):
        text = render_text(parts=parts, total=total)
        agreement = Agreement.objects.create(
            case=case,
            total=total,
            snapshot=[
                {
                    "invoice": line.invoice.pk,
                    "principal": str(line.principal),
                    **{name: str(value) for name, value in line.frozen()._asdict().items()},
                }
                for line in balance.lines
            ],
            policy_version=policy_version,
            accepted_at=now,
            taken_by=author,
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            evidence=evidence,
        )
        Installment.objects.bulk_create(
            Installment(agreement=agreement, number=n, due_date=due, amount=amount)
            for n, (due, amount) in enumerate(parts, start=1)
        )
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="agreement.accepted",
            sentence=f"Acordo aceito: {brl(total)} em {len(parts)} parcelas.",
            at=now,
            actor=author,
            agreement=agreement.pk,
        )
        holds.place(case=case, reason=HoldReason.AGREEMENT, author=author, now=now)
        _announce(agreement, now=now)
    return agreement


def render_text(*, parts: list[tuple[date, Decimal]], total: Decimal) -> str:
    """The text the member accepts: rendered here, never by the model."""
    lines = [f"Acordo de pagamento: {brl(total)} em {len(parts)} parcelas."]
    lines += [
        f"{n}ª parcela: {brl(amount)} em {due:%d/%m/%Y}." for n, (due, amount) in enumerate(parts, start=1)
    ]
    lines.append("O acordo confirma o valor em aberto e não cria uma dívida nova.")
    lines.append(
        f"Se uma parcela atrasar mais de {BREACH_DAYS} dias, o acordo termina e vale o valor original, "
        "menos o que já foi pago."
    )
    return "\n".join(lines)


def close(*, agreement: Agreement, status: AgreementStatus, now: datetime) -> None:
    """Fulfilled, broken, replaced or cancelled; the hold it placed goes with it."""
    agreement.status = status
    agreement.closed_at = now
    agreement.save(update_fields=["status", "closed_at"])
    case = agreement.case
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind=f"agreement.{status}",
        sentence=f"Acordo de {brl(agreement.total)}: {AgreementStatus(status).label.lower()}.",
        at=now,
        actor="system",
        agreement=agreement.pk,
    )
    holds.release(case=case, reason=HoldReason.AGREEMENT, author="system", now=now)
    _announce(agreement, now=now)


def note_payment(*, case: Case, now: datetime) -> None:
    """Money came or went back: what was paid since the agreement covers its installments, oldest first.

    The first paid installment activates the agreement. One whose money went back is to be paid again.
    """
    agreement = selectors.agreement_in_force(case)
    if agreement is None:
        return
    available = selectors.paid_since(case, since=agreement.accepted_at)
    for installment in agreement.installments.all():
        covered = installment.amount <= available
        # Nothing behind an uncovered one is covered.
        available = available - installment.amount if covered else ZERO
        if covered != (installment.paid_at is not None):
            _mark(installment, agreement=agreement, paid=covered, now=now)
    paid = agreement.installments.exclude(paid_at=None).exists()
    if paid and agreement.status == AgreementStatus.ACCEPTED:
        agreement.status = AgreementStatus.ACTIVE
        agreement.save(update_fields=["status"])
        _announce(agreement, now=now)


def _mark(installment: Installment, *, agreement: Agreement, paid: bool, now: datetime) -> None:
    installment.paid_at = now if paid else None
    installment.save(update_fields=["paid_at"])
    case = agreement.case
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind="agreement.installment_paid" if paid else "agreement.installment_unpaid",
        sentence=f"Parcela {installment.number} de {brl(installment.amount)} "
        f"{'paga' if paid else 'em aberto de novo'}.",
        at=now,
        actor="system",
        agreement=agreement.pk,
        installment=installment.pk,
    )


def break_overdue(*, now: datetime) -> int:
    """Breaks the agreements with an installment more than `BREACH_DAYS` late. Returns how many.

    A case left in negotiation with nothing on the table goes back to friendly contact.
    """
    today = clock.local(now, Organisation.current().zone).date()
    late = Installment.objects.filter(
        paid_at=None,
        due_date__lt=today - timedelta(days=BREACH_DAYS),
        agreement__status__in=AgreementStatus.holding(),
    )
    count = 0
    for pk, member_id in set(late.values_list("agreement_id", "agreement__case__member_id")):
        with history.member_transaction(member_id):
            agreement = Agreement.objects.select_for_update().select_related("case").get(pk=pk)
            if agreement.status in AgreementStatus.holding():
                close(agreement=agreement, status=AgreementStatus.BROKEN, now=now)
                machine.cool_if_idle(case_id=agreement.case_id, reason="O acordo foi quebrado.", now=now)
                count += 1
    return count


def frozen_charges(invoice_ids: list[int] | None) -> dict[int, FrozenCharges]:
    """Late charges by invoice, as they stood when the agreement that holds the invoice was accepted.

    None asks for those of the whole book.
    """
    found: dict[int, FrozenCharges] = {}
    agreements = Agreement.objects.filter(status__in=AgreementStatus.holding())
    if invoice_ids is not None:
        held = Agreement.objects.filter(case__case_invoices__invoice_id__in=invoice_ids)
        agreements = agreements.filter(pk__in=held.values("pk"))
    for snapshot in agreements.values_list("snapshot", flat=True):
        for line in snapshot:
            found[line["invoice"]] = FrozenCharges(
                **{name: Decimal(line[name]) for name in FrozenCharges._fields if name in line}
            )
    return found


def _announce(agreement: Agreement, *, now: datetime) -> None:
    signals.agreement_changed.send(
        sender=Agreement,
        agreement_id=agreement.pk,
        case_id=agreement.case_id,
        member_id=agreement.case.member_id,
        status=agreement.status,
        now=now,
    )
