"""Cases and steps as plain values: what the engine is asked about, without a database."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cadence.engine import schedule
from cadence.engine.schedule import DueStep
from cadence.engine.segments import Rule
from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.traits import History, Past, Response, Risk, Traits
from cadence.engine.view import CaseView, InvoiceView
from commons.clock import SAO_PAULO


def at(text: str) -> datetime:
    """An instant on São Paulo's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO)


def invoice(due_on: date, amount: str = "119.90", number: int = 1, **changes: Any) -> InvoiceView:
    values = {"id": number, "due_on": due_on, "original_due_on": due_on, "principal": Decimal(amount)}
    return InvoiceView(**(values | changes))


def seen(*dues: date, member_id: int = 1, **changes: Any) -> CaseView:
    """A case with one invoice of R$ 119,90 for each due date."""
    invoices = tuple(invoice(due, number=number) for number, due in enumerate(dues, 1))
    values = {
        "case_id": member_id,
        "member_id": member_id,
        "state": "soft",
        "past": Past(),
        "invoices": invoices,
    }
    return CaseView(**(values | changes))


def step(key: str, offset: int = 0, **changes: Any) -> StepPlan:
    return StepPlan(**({"key": key, "name": key, "stage": key, "offset_days": offset} | changes))


def version(*steps: StepPlan, **changes: Any) -> VersionPlan:
    return VersionPlan(**({"id": 1, "label": "v1", "steps": steps} | changes))


def rule(*conditions: tuple[str, str, Any]) -> Rule:
    return Rule.of([{"field": name, "operator": how, "value": value} for name, how, value in conditions])


def traits(**changes: Any) -> Traits:
    """A person of São Paulo who owes one invoice, five days late for the first time."""
    values = {
        "amount": Decimal("119.90"),
        "aging": 5,
        "invoices": 1,
        "history": History.FIRST_DELAY,
        "response": Response.NONE,
        "kind": "person",
        "tenure_months": 12,
        "product": "mensal",
        "method": "pix",
        "tags": frozenset({"fiel"}),
        "uf": "SP",
        "city": "São Paulo",
        "risk": Risk.LOW,
        "state": "soft",
        "broken_promises": 0,
    }
    return Traits(**(values | changes))


def due(view: CaseView, plan: VersionPlan, now: datetime) -> DueStep | None:
    return schedule.due_step(view, plan, now=now, zone=SAO_PAULO)


def do(view: CaseView, found: DueStep) -> list[tuple[str, date]]:
    """Marks the step and what it passes; what was marked."""
    marked = [(each.key, found.due_cycle) for each in (*found.passed, found.step)]
    view.done.update(marked)
    return marked


def next_look(view: CaseView, plan: VersionPlan, now: datetime) -> datetime | None:
    return schedule.next_look(view, plan, now=now, zone=SAO_PAULO)
