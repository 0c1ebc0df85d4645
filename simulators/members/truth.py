"""What is really so in the simulated world, for whoever wants to compare what an analysis found."""

from typing import Any

from simulators.members.mind import Mind
from simulators.members.profile import MOVED_BY_CONTACT, effect

HORIZON_DAYS = 30


def truth_of(minds: list[Mind], *, days: int = HORIZON_DAYS) -> dict[str, Any]:
    """Return the potential outcomes of these people, and what came to pass so far.

    `potential` counts from each one's first day in town: shares who pay within `days` if nobody is ever
    contacted and if everybody is, and the effect in percentage points; those late at the start and the
    others apart. `so_far` only describes: who was contacted was not drawn here.
    """
    late = [mind for mind in minds if mind.late_at_start]
    early = [mind for mind in minds if mind.invoices and not mind.late_at_start]
    contacted = [mind for mind in minds if mind.contacted_at is not None]
    others = [mind for mind in minds if mind.contacted_at is None]
    return {
        "days": days,
        "moved_by_contact": MOVED_BY_CONTACT,
        "potential": {
            "late_at_start": _potential(late, days=days, late=True),
            "not_late_at_start": _potential(early, days=days, late=False),
        },
        "so_far": {"contacted": _paid(contacted), "not_contacted": _paid(others)},
    }


def _potential(minds: list[Mind], *, days: int, late: bool) -> dict[str, Any]:
    alone, contacted = effect([mind.profile for mind in minds], days=days, late=late)
    return {
        "people": len(minds),
        "pay_alone": round(alone, 4),
        "pay_contacted": round(contacted, 4),
        "effect_points": round(100 * (contacted - alone), 2),
    }


def _paid(minds: list[Mind]) -> dict[str, Any]:
    return {"people": len(minds), "paid_something": sum(any(i.paid for i in mind.invoices) for mind in minds)}
