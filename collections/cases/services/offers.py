"""Two steps to everything that binds: an offer first, then a later yes of the member, checked here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing import selectors as billing
from billing.split import split_amount
from cases import machine, selectors
from cases.enums import CaseState, HoldReason, OfferKind, OfferStatus, PromiseStatus
from cases.models import Agreement, Case, Offer, Pause, Promise
from cases.policy import BeyondPolicy, NegotiationPolicy
from cases.services import agreements, holds, promises
from commons import clock, history
from commons.models import Organisation


def propose_promise(*, case: Case, on: date, amount: Decimal | None, author: str, now: datetime) -> Offer:
    """Reads back the date the member named. Raises BeyondPolicy."""
    with history.member_transaction(case.member_id):
        case = _negotiable(case)
        policy = NegotiationPolicy.current()
        promises.check(case=case, on=on, policy=policy, now=now)
        terms = {"date": on.isoformat(), "amount": str(amount) if amount is not None else None}
        return _offer(case=case, kind=OfferKind.PROMISE, terms=terms, author=author, policy=policy, now=now)


def propose_installments(*, case: Case, count: int, first: date | None, author: str, now: datetime) -> Offer:
    """The whole balance of today in `count` equal parts, the first on `first` (default: tomorrow).

    Raises BeyondPolicy naming the limit that was passed. The offer lives until the end of the day, because
    the balance it divides is the day's.
    """
    with history.member_transaction(case.member_id):
        case = _negotiable(case)
        policy = NegotiationPolicy.current()
        zone = Organisation.current().zone
        today = clock.local(now, zone).date()
        first = first or today + timedelta(days=1)
        balance = billing.balance(case.member_id, on=today, invoices=list(selectors.open_invoices(case)))
        most = policy.most_installments(balance.total)
        if Agreement.objects.filter(case__member_id=case.member_id).exclude(status="cancelled").exists():
            raise BeyondPolicy("second_agreement", "Um segundo acordo só com uma pessoa da equipe.")
        if count < 2:
            raise BeyondPolicy(
                "too_few_parts", "Um parcelamento tem pelo menos duas parcelas.", max_parts=most
            )
        if count > most:
            raise BeyondPolicy(
                "too_many_parts",
                "É mais do que posso dividir.",
                max_parts=most,
                min_amount=str(policy.installment_min),
            )
        if not today <= first <= policy.last_first_installment(today):
            raise BeyondPolicy(
                "first_too_late",
                "A primeira parcela precisa ser antes.",
                last_date=policy.last_first_installment(today).isoformat(),
            )
        dues = [first] + [_add_months(first, n) for n in range(1, count)]
        parts = list(zip(dues, split_amount(balance.total, count), strict=True))
        terms = {
            "count": count,
            "total": str(balance.total),
            "parts": [{"due": due.isoformat(), "amount": str(amount)} for due, amount in parts],
        }
        if case.state != CaseState.NEGOTIATION:
            machine.apply(
                case_id=case.pk,
                transition="negotiate",
                actor=author,
                reason="Parcelamento oferecido.",
                now=now,
            )
        return _offer(
            case=case,
            kind=OfferKind.INSTALLMENTS,
            terms=terms,
            author=author,
            policy=policy,
            now=now,
            expires_at=datetime.combine(today, time(23, 59, 59), tzinfo=zone),
        )


def propose_pause(*, case: Case, days: int, author: str, now: datetime) -> Offer:
    """The membership stands still for `days`. Raises BeyondPolicy."""
    with history.member_transaction(case.member_id):
        case = _negotiable(case)
        policy = NegotiationPolicy.current()
        if not policy.pause_min_days <= days <= policy.pause_max_days:
            raise BeyondPolicy(
                "pause_length",
                "A pausa tem um prazo mínimo e um máximo.",
                min_days=policy.pause_min_days,
                max_days=policy.pause_max_days,
            )
        if selectors.open_invoices(case).count() > policy.pause_max_open_invoices:
            raise BeyondPolicy(
                "pause_too_many_open",
                "Com tantas faturas em aberto não consigo pausar.",
                max_invoices=policy.pause_max_open_invoices,
            )
        today = clock.local(now, Organisation.current().zone).date()
        terms = {
            "days": days,
            "starts_on": today.isoformat(),
            "returns_on": (today + timedelta(days=days)).isoformat(),
        }
        return _offer(case=case, kind=OfferKind.PAUSE, terms=terms, author=author, policy=policy, now=now)


def mark_seen(*, offer_ids: list[int], now: datetime) -> None:
    """The message that shows these offers was committed: from now on a yes counts."""
    Offer.objects.filter(pk__in=offer_ids, seen_at=None).update(seen_at=now)


def accept(
    *, offer_id: int, author: str, now: datetime, said_at: datetime, evidence: dict[str, Any]
) -> Promise | Agreement | Pause:
    """The member said yes at `said_at`, having seen the offer. Raises BeyondPolicy when it cannot stand."""
    member_id = Offer.objects.values_list("case__member_id", flat=True).get(pk=offer_id)
    with history.member_transaction(member_id):
        offer = Offer.objects.select_for_update().select_related("case").get(pk=offer_id)
        if offer.status != OfferStatus.OPEN or offer.expires_at <= now:
            raise BeyondPolicy("offer_closed", "Essa proposta não vale mais.")
        # Providers date messages to the second: what was said in the second it was shown came after it.
        if offer.seen_at is None or said_at < offer.seen_at.replace(microsecond=0):
            raise BeyondPolicy("not_confirmed", "Falta o membro confirmar depois de ver a proposta.")
        case = _negotiable(offer.case)
        made: Promise | Agreement | Pause
        if offer.kind == OfferKind.PROMISE:
            amount = offer.terms["amount"]
            made = promises.take(
                case=case,
                on=date.fromisoformat(offer.terms["date"]),
                amount=Decimal(amount) if amount else None,
                author=author,
                now=now,
                evidence=evidence,
            )
        elif offer.kind == OfferKind.INSTALLMENTS:
            made = _accept_installments(case=case, offer=offer, author=author, now=now, evidence=evidence)
        else:
            made = _accept_pause(case=case, offer=offer, author=author, now=now)
        offer.status = OfferStatus.ACCEPTED
        offer.decided_at = now
        offer.save(update_fields=["status", "decided_at"])
    return made


def refuse(*, offer_id: int, now: datetime) -> None:
    Offer.objects.filter(pk=offer_id, status=OfferStatus.OPEN).update(
        status=OfferStatus.REFUSED, decided_at=now
    )


def lapse_expired(*, now: datetime) -> int:
    """Closes what nobody answered in time and cools the cases left without anything on the table."""
    lapsed = list(
        Offer.objects.filter(status=OfferStatus.OPEN, expires_at__lte=now).values_list(
            "pk", "case_id", "case__member_id"
        )
    )
    for pk, case_id, member_id in lapsed:
        with history.member_transaction(member_id):
            Offer.objects.filter(pk=pk, status=OfferStatus.OPEN).update(
                status=OfferStatus.LAPSED, decided_at=now
            )
            machine.cool_if_idle(case_id=case_id, reason="A oferta venceu.", now=now)
    return len(lapsed)


def _negotiable(case: Case) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state not in CaseState.with_agent():
        raise BeyondPolicy("state", "Este caso está com a equipe.")
    return case


def _offer(
    *,
    case: Case,
    kind: OfferKind,
    terms: dict[str, Any],
    author: str,
    policy: NegotiationPolicy,
    now: datetime,
    expires_at: datetime | None = None,
) -> Offer:
    """The open offer of this kind with these terms: an equal one is kept, another is replaced."""
    old = Offer.objects.filter(case=case, kind=kind, status=OfferStatus.OPEN).first()
    if old is not None:
        if old.terms == terms and old.expires_at > now:
            return old
        Offer.objects.filter(pk=old.pk).update(status=OfferStatus.REPLACED, decided_at=now)
    return Offer.objects.create(
        case=case,
        kind=kind,
        terms=terms,
        author=author,
        policy_version=policy.version,
        made_at=now,
        expires_at=expires_at or now + timedelta(hours=policy.offer_hours),
    )


def _accept_installments(
    *, case: Case, offer: Offer, author: str, now: datetime, evidence: dict[str, Any]
) -> Agreement:
    today = clock.local(now, Organisation.current().zone).date()
    balance = billing.balance(case.member_id, on=today, invoices=list(selectors.open_invoices(case)))
    if str(balance.total) != offer.terms["total"]:
        raise BeyondPolicy("balance_changed", "O valor em aberto mudou desde a proposta.")
    parts = [(date.fromisoformat(p["due"]), Decimal(p["amount"])) for p in offer.terms["parts"]]
    if promise := selectors.open_promise(case):
        promises.close(promise=promise, status=PromiseStatus.REPLACED, now=now)
    return agreements.accept(
        case=case,
        parts=parts,
        balance=balance,
        policy_version=offer.policy_version,
        author=author,
        now=now,
        evidence=evidence,
    )


def _accept_pause(*, case: Case, offer: Offer, author: str, now: datetime) -> Pause:
    returns_on = date.fromisoformat(offer.terms["returns_on"])
    pause = Pause.objects.create(
        case=case,
        days=offer.terms["days"],
        starts_on=date.fromisoformat(offer.terms["starts_on"]),
        returns_on=returns_on,
        taken_by=author,
        made_at=now,
    )
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind="pause.granted",
        sentence=f"Plano pausado por {pause.days} dias, até {returns_on:%d/%m/%Y}.",
        at=now,
        actor=author,
        pause=pause.pk,
    )
    zone = Organisation.current().zone
    holds.place(
        case=case,
        reason=HoldReason.PAUSE,
        author=author,
        now=now,
        ends_at=datetime.combine(returns_on, time(0, 0), tzinfo=zone),
    )
    return pause


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, the last one where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), 1 if month == 11 else month + 2, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
