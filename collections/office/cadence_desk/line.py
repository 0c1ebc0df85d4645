"""A version as people see it: its steps on a line of days, what differs from the live one, who would hear what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from billing import selectors as billing
from cadence import loading, plans, texts
from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.traits import History
from cadence.enums import Trigger
from cadence.models import CadenceVersion, Step
from cadence.models.cadence import channel_labels
from cadence.validation import Problem
from cases.models import Case
from cases.selectors import open_case
from commons import clock
from commons.models import Organisation
from conversations.stages import stage_title
from members import selectors as members
from members.enums import ContactPointState
from members.models import Member


@dataclass(frozen=True)
class Card:
    """One step on the line."""

    step: Step
    when: str
    channels: str
    text: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)


@dataclass(frozen=True)
class Column:
    """The cards of one day, or of what members do (`day` None)."""

    title: str
    day: int | None
    cards: list[Card]


def columns(version: CadenceVersion, problems: Iterable[Problem]) -> list[Column]:
    """Days in their order; what members do comes last."""
    by_step: dict[str, list[Problem]] = {}
    for problem in problems:
        by_step.setdefault(problem.step_key, []).append(problem)
    found: dict[int | None, list[Card]] = {}
    for step in version.steps.select_related("segment"):
        day = step.offset_days if step.trigger == Trigger.DAY else None
        card = Card(
            step=step,
            when=step.when,
            channels=channel_labels(step.channels),
            text=stage_title(step.stage),
            problems=by_step.get(step.key, []),
        )
        found.setdefault(day, []).append(card)
    days = sorted(day for day in found if day is not None)
    ordered = [Column(_day_title(day), day, found[day]) for day in days]
    return [*ordered, Column("Pelo que o membro faz", None, found[None])] if None in found else ordered


def _day_title(day: int) -> str:
    if day == 0:
        return "No vencimento"
    return f"{abs(day)} {'dia' if abs(day) == 1 else 'dias'} {'antes' if day < 0 else 'depois'}"


@dataclass(frozen=True)
class Change:
    """One difference between two versions, in words."""

    kind: str
    sentence: str


_COMPARED = (
    ("when", "dia"),
    ("stage", "texto"),
    ("segment_id", "público"),
    ("channels", "canais"),
    ("state", "estado"),
    ("timing", "hora"),
    ("hour", "hora"),
    ("align_payday", "dia de pagamento"),
    ("stop_when", "quando não sai"),
    ("needs_person", "quem envia"),
    ("signer", "quem assina"),
    ("active", "se está ativa"),
    ("name", "nome"),
)


def changes(version: CadenceVersion, live: CadenceVersion | None) -> list[Change]:
    """What publishing would change in the schedule itself."""
    if live is None or live.pk == version.pk:
        return []
    ours = {step.key: step for step in version.steps.all()}
    theirs = {step.key: step for step in live.steps.all()}
    found = [
        Change("added", f"Nova etapa: {ours[key].name}, {ours[key].when}.")
        for key in ours
        if key not in theirs
    ]
    found += [Change("removed", f"Sai a etapa: {theirs[key].name}.") for key in theirs if key not in ours]
    for key, step in ours.items():
        if (before := theirs.get(key)) is None:
            continue
        parts = dict.fromkeys(
            label for name, label in _COMPARED if getattr(step, name) != getattr(before, name)
        )
        if parts:
            found.append(Change("changed", f"{step.name}: muda {', '.join(parts)}."))
    return found


@dataclass(frozen=True)
class Preview:
    """What one member would read of a step; `why_not` where nothing would go out."""

    member: Member
    text: str = ""
    buttons: tuple[str, ...] = ()
    template: str = ""
    channel: str = ""
    why_not: str = ""


def preview(step: StepPlan, member: Member, *, now: datetime) -> Preview:
    """Rendered from the member's own invoices, as the planner would; nothing is queued."""
    zone = Organisation.current().zone
    today = clock.local(now, zone).date()
    invoices = list(billing.open_invoices(member.pk))
    if not invoices:
        return Preview(member, why_not="não tem fatura em aberto")
    point = members.preferred_contact_point(member_id=member.pk)
    if point is None:
        return Preview(member, why_not="não tem contato utilizável")
    case = open_case(member.pk)
    wanted = texts.Wanted(
        stage=step.stage,
        language=member.language,
        history=_history(case, step, now=now),
        signer=step.signer,
    )
    balance = billing.balance(member.pk, on=today, invoices=invoices)
    try:
        said = texts.text_for(wanted=wanted, point=point, balance=balance, now=now)
    except texts.NoText as missing:
        return Preview(member, why_not=str(missing))
    note = "" if point.state == ContactPointState.CONFIRMED else " (ainda não confirmado: texto neutro)"
    return Preview(
        member,
        text=said.text,
        buttons=tuple(button["title"] for button in said.template.buttons),
        template=said.template.name,
        channel=f"{point.get_channel_display()} {point.masked}{note}",
    )


def _history(case: Case | None, step: StepPlan, *, now: datetime) -> History:
    if case is None:
        return History.FIRST_DELAY if not step.is_before_due else History.PUNCTUAL
    zone = Organisation.current().zone
    live = plans.live_version()
    version = plans.plan_of(live) if live else VersionPlan(0, "", ())
    view = loading.view_of(case, version=version, now=now, zone=zone)
    return view.traits(now.astimezone(zone).date()).history
