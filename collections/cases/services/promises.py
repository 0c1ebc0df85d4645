"""Promises: a member's own date to pay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cases import selectors
from cases.enums import HoldReason, PromiseStatus
from cases.models import Case, Promise
from cases.policy import BeyondPolicy, NegotiationPolicy
from cases.services import holds
from commons import clock, history
from commons.models import Organisation
from commons.money import brl

# A payment made on the promised day may be known only the next morning.
GRACE = timedelta(days=1)


def check(*, case: Case, on: date, policy: NegotiationPolicy, now: datetime) -> None:
    """Raises BeyondPolicy when this date cannot be promised."""
    today = clock.local(now, Organisation.current().zone).date()
    if on < today:
        raise BeyondPolicy("date_past", "Essa data já passou.")
    if on > policy.last_promise_date(today):
        raise BeyondPolicy(
            "date_too_far",
            "A data passa do prazo que posso combinar.",
            last_date=policy.last_promise_date(today).isoformat(),
            max_days=policy.promise_max_days,
        )
    if selectors.broken_promises(case.member_id) >= policy.promise_max_broken:
        raise BeyondPolicy("too_many_broken", "Depois das promessas anteriores, uma pessoa precisa combinar.")
    if selectors.agreement_in_force(case):
        raise BeyondPolicy("agreement_in_force", "Já existe um acordo em andamento.")


def take(
    *,
    case: Case,
    on: date,
    amount: Decimal | None,
    author: str,
    now: datetime,
    evidence: dict[str, Any] | None = None,
) -> Promise:
    """Writes the promise down and holds the régua until the day after it. Replaces an open one."""
    with history.member_transaction(case.member_id):
        check(case=case, on=on, policy=NegotiationPolicy.current(), now=now)
        if old := selectors.open_promise(case):
            if (old.date, old.amount) == (on, amount):
                return old
            close(promise=old, status=PromiseStatus.REPLACED, now=now)
        promise = Promise.objects.create(
            case=case, date=on, amount=amount, taken_by=author, made_at=now, evidence=evidence or {}
        )
        what = f" {brl(amount)}" if amount else ""
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="promise.made",
            sentence=f"Prometeu pagar{what} em {on:%d/%m/%Y}.",
            at=now,
            actor=author,
            promise=promise.pk,
            date=on.isoformat(),
        )
        holds.place(
            case=case, reason=HoldReason.PROMISE, author=author, now=now, ends_at=_end_of_grace(on), note=""
        )
    return promise


def close(*, promise: Promise, status: PromiseStatus, now: datetime) -> None:
    """Kept, broken or replaced; the hold it placed goes with it."""
    promise.status = status
    promise.closed_at = now
    promise.save(update_fields=["status", "closed_at"])
    case = promise.case
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind=f"promise.{status}",
        sentence=f"Promessa de {promise.date:%d/%m/%Y}: {PromiseStatus(status).label.lower()}.",
        at=now,
        actor="system",
        promise=promise.pk,
    )
    holds.release(case=case, reason=HoldReason.PROMISE, author="system", now=now)


def break_overdue(*, now: datetime) -> int:
    """Marks the promises whose grace is over as broken. Returns how many."""
    today = clock.local(now, Organisation.current().zone).date()
    count = 0
    for pk in Promise.objects.filter(status=PromiseStatus.OPEN, date__lt=today - GRACE).values_list(
        "pk", flat=True
    ):
        member_id = Promise.objects.values_list("case__member_id", flat=True).get(pk=pk)
        with history.member_transaction(member_id):
            promise = Promise.objects.select_for_update().select_related("case").get(pk=pk)
            if promise.status == PromiseStatus.OPEN:
                close(promise=promise, status=PromiseStatus.BROKEN, now=now)
                count += 1
    return count


def note_payment(*, case: Case, now: datetime) -> None:
    """A payment arrived: is the open promise kept by what was paid since it was made?

    One of an amount by that much, in one payment or several; one of the whole debt when nothing that was in
    the case then asks for money any more, whatever came due since.
    """
    promise = selectors.open_promise(case)
    if promise is None:
        return
    if promise.amount is not None:
        kept = selectors.paid_since(case, since=promise.made_at) >= promise.amount
    else:
        kept = (
            not selectors.open_invoices(case).filter(case_invoices__joined_at__lte=promise.made_at).exists()
        )
    if kept:
        close(promise=promise, status=PromiseStatus.KEPT, now=now)


def _end_of_grace(on: date) -> datetime:
    zone = Organisation.current().zone
    return datetime.combine(on + GRACE, time(23, 59, 59), tzinfo=zone)
