"""Deciding, and writing down what was decided and what left.

Callers that go on to write about the member hold the member's lock (`commons.history.member_transaction`)
around `decide` and `record_contact`: two contacts to one member are then judged one after the other, and the
second sees the first in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from commons.history import member_transaction
from compliance import passport
from compliance.enums import LedgerOutcome, SwitchScope, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from compliance.gate.result import GateResult
from compliance.gate.situation import Situation
from compliance.loading import load_situation
from compliance.models import ContactLedgerEntry, ContactSettings, Decision, Switch
from compliance.packs.calendar import library_version
from compliance.packs.model import RulePack

# A contact that leaves later than it was planned by more than this counts from when it leaves.
_SAME_MOMENT = timedelta(minutes=5)


class NotAllowed(ValueError):
    """Somebody wanted to record a contact that no decision allows."""


def decide(request: ContactRequest, *, now: datetime) -> Decision:
    """The gate's verdict on `request`, always written down, whatever it is."""
    with _lock(request.member_id):
        settings = ContactSettings.current()
        situation, pack = load_situation(request, now, settings=settings)
        result = evaluate(request, situation, pack, now)
        return _write(request, situation, pack, result, settings=settings, now=now)


def look_again(request: ContactRequest, *, decision: Decision, now: datetime) -> Decision | None:
    """The last look right before a contact leaves that `decision` allowed.

    None: it still may, nothing new is written. Else the second decision, which defers or refuses. The
    contact's own line in the ledger does not count against it, and moves to the instant it leaves at or is
    put off to.
    """
    with _lock(request.member_id):
        settings = ContactSettings.current()
        situation, pack = load_situation(request, now, settings=settings, without_decision=decision.pk)
        result = evaluate(request, situation, pack, now)
        if result.verdict != Verdict.REFUSE:
            _move(decision, to=now if result.until is None else result.until)
        if result.verdict == Verdict.ALLOW:
            return None
        return _write(request, situation, pack, result, settings=settings, now=now, revises=decision)


def record_contact(*, decision: Decision, now: datetime) -> ContactLedgerEntry | None:
    """Counts the contact that `decision` allowed. Twice is once; None for a stranger, who has no ledger.

    Raises NotAllowed for a decision that does not allow.
    """
    if not decision.allows:
        raise NotAllowed(f"A decisão {decision.pk} não permite o contato.")
    if decision.member_id is None:
        return None
    with member_transaction(decision.member_id):
        return _standing(decision.pk) or _sent(decision, at=now)


def refund_contact(*, decision_id: int, now: datetime) -> ContactLedgerEntry | None:
    """Takes the contact back out of the count: it never arrived. None when nothing is counted (any more)."""
    decision = Decision.objects.only("member_id").get(pk=decision_id)
    if decision.member_id is None:
        return None
    with member_transaction(decision.member_id):
        standing = _standing(decision_id)
        return None if standing is None else _refund(standing, at=now)


def note_answer(*, member_id: int, channel: str, now: datetime) -> None:
    """The member wrote: silence is over, whether or not anybody answers."""
    with member_transaction(member_id):
        ContactLedgerEntry.objects.create(
            member_id=member_id, channel=channel, outcome=LedgerOutcome.ANSWERED, at=now
        )


def set_switch(
    *,
    scope: SwitchScope,
    stopped: bool,
    reason: str,
    author: str,
    now: datetime,
    key: str = "",
    ends_at: datetime | None = None,
) -> Switch:
    """Throws a kill switch: it holds from the next decision on, and from the last look of what is planned.

    A stop may end by itself at `ends_at`. Raises ValueError with a sentence without a reason, when the scope
    needs a key or has none, or for an end that is none.
    """
    if not reason.strip():
        raise ValueError("Diga por que a chave foi mudada.")
    if (scope in {SwitchScope.ALL, SwitchScope.AGENT}) != (key == ""):
        raise ValueError("Diga o que esta chave para." if key == "" else "Esta chave não escolhe o que para.")
    if scope == SwitchScope.STATE and not all(key.partition("-")):
        raise ValueError("Diga o estado com o país, como BR-SP.")
    if ends_at is not None and not stopped:
        raise ValueError("Só uma parada tem fim.")
    if ends_at is not None and ends_at <= now:
        raise ValueError("O fim da parada precisa estar no futuro.")
    return Switch.objects.create(
        scope=scope,
        key=key,
        stopped=stopped,
        reason=reason.strip(),
        author=author,
        at=now,
        ends_at=ends_at,
    )


def change_settings(*, settings: ContactSettings) -> ContactSettings:
    """Saves the contact policy as its next version. Raises ValidationError when it would widen a limit."""
    settings.pk = 1
    settings.clean()
    with transaction.atomic():
        before = ContactSettings.objects.select_for_update().filter(pk=1).first()
        settings.version = 1 if before is None else before.version + 1
        settings.save()
    return settings


@contextmanager
def _lock(member_id: int | None) -> Iterator[None]:
    """The member's lock; a stranger has none, and no ledger to race on."""
    with transaction.atomic() if member_id is None else member_transaction(member_id):
        yield


def _write(
    request: ContactRequest,
    situation: Situation,
    pack: RulePack,
    result: GateResult,
    *,
    settings: ContactSettings,
    now: datetime,
    revises: Decision | None = None,
) -> Decision:
    return Decision.objects.create(
        member_id=request.member_id,
        contact_point_id=request.contact_point_id,
        case_id=request.case_id,
        kind=request.kind,
        channel=request.channel,
        author=request.author,
        step_key=request.step_key or "",
        verdict=result.verdict,
        until=result.until,
        rule="" if result.decisive is None else result.decisive.rule,
        sentence=result.sentence[:300],
        results=[passport.result_as_json(each) for each in result.results],
        request=passport.request_as_json(request, situation),
        country=pack.country,
        state=situation.state or "",
        zone=str(situation.zone),
        local_time=situation.local(now).strftime("%Y-%m-%dT%H:%M"),
        pack_version=result.pack_version,
        policy_version=settings.version,
        calendar_version=library_version(),
        revises=revises,
        at=now,
    )


def _standing(decision_id: int) -> ContactLedgerEntry | None:
    """The line that counts this decision's contact, unless it was taken back."""
    return (
        ContactLedgerEntry.objects.filter(decision_id=decision_id, outcome=LedgerOutcome.SENT, refund=None)
        .order_by("-pk")
        .first()
    )


def _sent(decision: Decision, *, at: datetime) -> ContactLedgerEntry:
    assert decision.member_id is not None  # callers asked
    return ContactLedgerEntry.objects.create(
        member_id=decision.member_id,
        channel=decision.channel,
        kind=decision.kind,
        outcome=LedgerOutcome.SENT,
        decision=decision,
        invoice_ids=decision.request["invoices"],
        at=at,
    )


def _refund(line: ContactLedgerEntry, *, at: datetime) -> ContactLedgerEntry:
    return ContactLedgerEntry.objects.create(
        member_id=line.member_id,
        channel=line.channel,
        kind=line.kind,
        outcome=LedgerOutcome.REFUNDED,
        decision_id=line.decision_id,
        refunds=line,
        invoice_ids=line.invoice_ids,
        at=at,
    )


def _move(decision: Decision, *, to: datetime) -> None:
    """The contact counts when it leaves: a line of another moment is taken back and written anew."""
    standing = None if decision.member_id is None else _standing(decision.pk)
    if standing is not None and abs(standing.at - to) > _SAME_MOMENT:
        _refund(standing, at=to)
        _sent(decision, at=to)
