"""What a version would do: the same invoices under what is live and under it, side by side. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, Sum

from billing import selectors as billing
from billing.charges import LateChargeTerms, late_charge
from billing.enums import InvoiceStatus
from billing.models import Invoice
from billing.split import split_amount
from cases.enums import CaseState, PolicyKind
from cases.models import Case, PolicyVersion
from cases.policy import NegotiationPolicy
from cases.policy_terms import in_force, late_charge_terms
from commons.models import Organisation
from commons.money import ZERO, brl
from members.models import Member

_EXAMPLES = 5
# Of as many of the oldest are the examples taken.
_POOL = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """One debt under one set of terms, in sentences."""

    owes: str
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One debt as it is now and as it would be. `member` is None for the invented one."""

    title: str
    now: Outlook
    then: Outlook
    member: Member | None = None

    @property
    def changes(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True, slots=True)
class _Rules:
    """What both engines need: the terms of one policy are the draft's, of the other those in force."""

    charges: LateChargeTerms
    negotiation: NegotiationPolicy


def sample(version: PolicyVersion, *, amount: Decimal, days: int, today: date) -> Example:
    """An invented invoice of `amount`, due `days` ago."""
    live, draft = _rules(version)

    def outlook(rules: _Rules) -> Outlook:
        owed = late_charge(
            principal=amount, due_on=today - timedelta(days=days), on=today, terms=rules.charges
        )
        return _outlook(owed.principal, owed.fine, owed.interest, invoices=1, rules=rules, today=today)

    return Example(f"{brl(amount)}, {days} dias depois do vencimento", outlook(live), outlook(draft))


def examples(version: PolicyVersion, *, today: date) -> list[Example]:
    """Real open cases, from the oldest debt to the newest and from the smallest to the largest."""
    live, draft = _rules(version)
    found = []
    for case in _chosen(today):
        invoices = list(billing.open_invoices(case.member_id))
        now = billing.balance(case.member_id, on=today, invoices=invoices, terms=live.charges)
        then = billing.balance(case.member_id, on=today, invoices=invoices, terms=draft.charges)
        late = max((line.days_late for line in now.lines), default=0)
        found.append(
            Example(
                title=(
                    f"{len(invoices)} fatura{'s' if len(invoices) > 1 else ''},"
                    f" até {late} dia{'s' if late != 1 else ''} de atraso"
                ),
                member=case.member,
                now=_outlook(
                    now.principal, now.fine, now.interest, invoices=len(invoices), rules=live, today=today
                ),
                then=_outlook(
                    then.principal, then.fine, then.interest, invoices=len(invoices), rules=draft, today=today
                ),
            )
        )
    return found


def _rules(version: PolicyVersion) -> tuple[_Rules, _Rules]:
    organisation = Organisation.current()
    standing = {kind: in_force(kind, organisation) for kind in PolicyKind}
    changed = standing | {PolicyKind(version.kind): version.terms}
    return _of(standing), _of(changed)


def _of(terms: Mapping[PolicyKind, Mapping[str, Any]]) -> _Rules:
    negotiation = Organisation(negotiation_policy=dict(terms[PolicyKind.NEGOTIATION]))
    return _Rules(late_charge_terms(terms[PolicyKind.LATE_CHARGES]), NegotiationPolicy.of(negotiation))


def _outlook(
    principal: Decimal, fine: Decimal, interest: Decimal, *, invoices: int, rules: _Rules, today: date
) -> Outlook:
    total = principal + fine + interest
    policy = rules.negotiation
    return Outlook(
        owes=f"{brl(total)} (multa {brl(fine)}, juros {brl(interest)})",
        offers=(
            _installments(total, policy),
            f"promessa até {policy.last_promise_date(today):%d/%m}",
            f"pausa de {policy.pause_min_days} a {policy.pause_max_days} dias"
            if invoices <= policy.pause_max_open_invoices
            else "sem pausa: faturas demais em aberto",
        ),
    )


def _installments(total: Decimal, policy: NegotiationPolicy) -> str:
    most = policy.most_installments(total) if total > ZERO else 1
    if most < 2:
        return "sem parcelamento"
    parts = split_amount(total, most)
    return f"até {most} parcelas de {brl(parts[-1])}, a primeira em até {policy.first_within_days} dias"


def _chosen(today: date) -> Sequence[Case]:
    """A few late cases that differ: taken at even distances from the oldest, ordered by what they owe."""
    oldest = (
        Invoice.objects.filter(status__in=InvoiceStatus.collectable(), original_due_date__lt=today)
        .order_by("original_due_date", "pk")
        .values_list("member_id", flat=True)[:_POOL]
    )
    totals = (
        Invoice.objects.filter(status__in=InvoiceStatus.collectable(), member_id__in=list(oldest))
        .order_by()
        .values("member_id")
        .annotate(owed=Sum("amount"), since=Min("original_due_date"))
        .order_by("owed", "since", "member_id")
    )
    ids = [row["member_id"] for row in totals]
    step = max(1, len(ids) // _EXAMPLES)
    wanted = ids[::step][:_EXAMPLES]
    cases = Case.objects.filter(member_id__in=wanted).exclude(state=CaseState.SETTLED)
    by_member = {case.member_id: case for case in cases.select_related("member")}
    return [by_member[pk] for pk in wanted if pk in by_member]
