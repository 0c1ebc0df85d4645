"""Settling: the ledger's doing only. No tool, button or API comes here."""

from __future__ import annotations

from datetime import datetime

from cases import machine, selectors
from cases.enums import AgreementStatus, CaseState, ClaimStatus, OfferStatus, PromiseStatus
from cases.models import Case, Escalation, Hold, Offer, PaymentClaim
from cases.services import agreements, promises
from commons import history


def settle(*, case_id: int, now: datetime) -> Case:
    """Closes the case and everything that hung on it, when none of its invoices asks for money."""
    case = Case.objects.get(pk=case_id)
    with history.member_transaction(case.member_id):
        if selectors.open_invoices(case).exists():
            raise ValueError("a case with open invoices cannot be settled")
        if case.state == CaseState.SETTLED:
            return case
        if promise := selectors.open_promise(case):
            promises.close(promise=promise, status=PromiseStatus.KEPT, now=now)
        if agreement := selectors.agreement_in_force(case):
            agreements.close(agreement=agreement, status=AgreementStatus.FULFILLED, now=now)
        Offer.objects.filter(case=case, status=OfferStatus.OPEN).update(
            status=OfferStatus.LAPSED, decided_at=now
        )
        PaymentClaim.objects.filter(case=case, status__in=ClaimStatus.waiting()).update(
            status=ClaimStatus.CONFIRMED, closed_at=now
        )
        Hold.objects.filter(case=case, released_at=None).update(released_at=now, released_by="system")
        Escalation.objects.filter(case=case, resolved_at=None).update(resolved_at=now, resolved_by="system")
        return machine.apply(case_id=case.pk, transition="settle", actor="system", reason="", now=now)
