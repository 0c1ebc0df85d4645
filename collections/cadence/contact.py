"""One contact of the régua: to whom, through what, with which words, and what the gate makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from billing import selectors as billing
from billing.models import Invoice
from cadence import gaps, segments
from cadence.engine.reach import channels_to_try, kind_of, pace_of
from cadence.engine.retry import LATER, TOMORROW
from cadence.engine.schedule import DueStep
from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.traits import Traits
from cadence.engine.view import CaseView
from cadence.enums import StepState
from cadence.texts import LacksData, NoText, StepText, Wanted, text_for
from cases import machine
from cases.enums import CaseState
from cases.models import Case
from commons import clock
from commons.history import append
from commons.models import Organisation
from compliance import notices
from compliance import selectors as compliance
from compliance.content.facts import ConsequenceKind
from compliance.enums import ContactKind, Verdict
from compliance.models import Decision
from conversations import threads
from conversations.models import Conversation, Sender
from conversations.outbox import queue
from experiments.assignment import services as pilots
from members.enums import ContactPointState
from members.models import ContactPoint


@dataclass(frozen=True)
class Made:
    """What became of the wish to contact. `awaits_person`: it was asked of a person instead of sent."""

    verdict: Verdict
    until: datetime | None = None
    # Of a refusal: which rule decided, and on what.
    rule: str = ""
    rule_inputs: Mapping[str, Any] = field(default_factory=dict)
    decision_id: int | None = None
    message_id: int | None = None
    is_neutral: bool = False
    awaits_person: bool = False


@dataclass(frozen=True)
class Prepared:
    """A contact ready to be asked for: everything but the verdict."""

    conversation: Conversation
    said: StepText
    draft: queue.Draft
    is_neutral: bool


@dataclass(frozen=True)
class NotReady:
    """Why there is no contact.

    `is_gap`: the text asks for something that somebody can write into the member's record. `retry_after`: when
    it is worth asking again where nothing tells us before.
    """

    reason: str
    is_gap: bool = False
    retry_after: timedelta = TOMORROW


def is_left_alone(case: Case, due: DueStep, *, now: datetime) -> bool:
    """Whether a pilot leaves this case alone. Assigned and stored here, before any contact about it."""
    if not pilots.is_running():
        return False
    today = clock.local(now, Organisation.current().zone).date()
    oldest = min(invoice.original_due_on for invoice in due.invoices)
    arm = pilots.assign(
        member_id=case.member_id,
        case_id=case.pk,
        traits={
            "kind": case.member.kind,
            "uf": case.member.uf,
            "product": case.member.product,
            "overdue": not due.step.is_before_due,
            "days_late": max(0, (today - oldest).days),
            "amount": str(billing.balance(case.member_id, on=today).total),
        },
        now=now,
    )
    return arm is not None and arm.leaves_alone


def make(case: Case, view: CaseView, due: DueStep, *, version: VersionPlan, now: datetime) -> Made | NotReady:
    """Asks the gate for this step's message, where there is somebody to write to and something to say."""
    ready = prepare(
        case,
        view,
        due.step,
        cycle=due.due_cycle,
        traits=due.traits,
        invoice_ids=[each.id for each in due.invoices],
        version=version,
        now=now,
    )
    if isinstance(ready, NotReady):
        if ready.is_gap:
            gaps.note(case=case, step_key=due.step.key, what=ready.reason, now=now)
        _say_why_not(case, ready.reason, now=now)
        return ready
    gaps.close(case=case, now=now)
    if due.step.needs_person:
        judged = compliance.judge(queue.request_of(ready.draft, conversation=ready.conversation), now=now)
        decisive = judged.decisive
        return Made(
            verdict=judged.verdict,
            rule="" if decisive is None else decisive.rule.value,
            rule_inputs={} if decisive is None else decisive.inputs,
            is_neutral=ready.is_neutral,
            awaits_person=True,
        )
    queued = leave(ready, now=now)
    return Made(
        verdict=Verdict(queued.decision.verdict),
        until=queued.decision.until,
        rule=queued.decision.rule,
        rule_inputs=_inputs(queued.decision),
        decision_id=queued.decision.pk,
        message_id=queued.messages[0].pk if queued.messages else None,
        is_neutral=ready.is_neutral,
    )


def prepare(
    case: Case,
    view: CaseView,
    step: StepPlan,
    *,
    cycle: date,
    traits: Traits,
    invoice_ids: Sequence[int],
    version: VersionPlan,
    now: datetime,
    author: str = "cadence",
) -> Prepared | NotReady:
    """The contact complete but for the verdict, on the first channel that has words; else why there is none."""
    reachable = channels_to_try(step, view, cycle=cycle)
    if not reachable:
        return NotReady("não há contato utilizável", retry_after=LATER)
    silent: NotReady | None = None
    for channel in reachable:
        sender = threads.default_sender(channel)
        if sender is None:
            continue
        found = _prepare(
            case,
            step,
            point_id=view.points[channel].id,
            sender=sender,
            language=view.language,
            traits=traits,
            invoice_ids=invoice_ids,
            version=version,
            now=now,
            author=author,
        )
        if isinstance(found, Prepared):
            return found
        silent = silent or found
    return silent or NotReady("não há número de envio ativo")


def _prepare(
    case: Case,
    step: StepPlan,
    *,
    point_id: int,
    sender: Sender,
    language: str,
    traits: Traits,
    invoice_ids: Sequence[int],
    version: VersionPlan,
    now: datetime,
    author: str,
) -> Prepared | NotReady:
    """The same for one channel."""
    today = clock.local(now, Organisation.current().zone).date()
    point = ContactPoint.objects.select_related("member").get(pk=point_id)
    invoices = list(Invoice.objects.filter(pk__in=invoice_ids).order_by("original_due_date", "pk"))
    balance = billing.balance(case.member_id, on=today, invoices=invoices)
    try:
        said = text_for(
            wanted=Wanted(stage=step.stage, language=language, history=traits.history, signer=step.signer),
            point=point,
            balance=balance,
            now=now,
        )
    except LacksData as lacking:
        return NotReady(str(lacking), is_gap=True)
    except NoText as missing:
        return NotReady(str(missing))
    conversation = threads.with_contact_point(point=point, sender=sender, now=now)
    neutral = point.state != ContactPointState.CONFIRMED
    draft = queue.Draft(
        parts=[said.content],
        contact_kind=kind_of(step, is_neutral=neutral),
        author=author,
        case_id=case.pk,
        invoice_ids=tuple(invoice_ids),
        facts=said.facts,
        template=said.template,
        text=said.text,
        step_key=step.key,
        limits=pace_of(version, traits),
        segments=segments.asked_by_the_gate(traits, now=now),
        must_hold={}
        if neutral
        else {"total": str(balance.total), "invoices": [invoice.pk for invoice in invoices]},
    )
    return Prepared(conversation=conversation, said=said, draft=draft, is_neutral=neutral)


def leave(ready: Prepared, *, now: datetime) -> queue.Queued:
    """Into the outbox, where the gate allows it. A notice that leaves starts to wait for its delivery."""
    queued = queue.queue(conversation=ready.conversation, draft=ready.draft, now=now)
    if queued.allowed and queued.decision.kind == ContactKind.NOTICE:
        # Where no norm says how many days it gives, nothing may be announced later.
        with suppress(notices.NoNotice):
            notices.record_notice(
                decision=queued.decision,
                kind=ConsequenceKind.SERVICE_SUSPENSION,
                actor=ready.draft.author,
                now=now,
            )
    return queued


def move(case: Case, step: StepPlan, *, neutral: bool, actor: str, now: datetime) -> None:
    """A step of the negotiation that left opens it. A neutral greeting puts nothing on the table."""
    # With nothing late there is nothing to negotiate.
    if step.state != StepState.NEGOTIATION or neutral or case.state != CaseState.SOFT:
        return
    machine.apply(
        case_id=case.pk, transition="negotiate", actor=actor, reason="Etapa de negociação.", now=now
    )


def _inputs(decision: Decision) -> Mapping[str, Any]:
    """What the deciding rule looked at."""
    found = (each["inputs"] for each in decision.results if each["rule"] == decision.rule)
    return next(found, {})


def _say_why_not(case: Case, reason: str, *, now: datetime) -> None:
    append(
        member_id=case.member_id,
        case_id=case.pk,
        kind="cadence.not_contacted",
        sentence=f"Sem contato: {reason}.",
        at=now,
        actor="cadence",
    )
