"""The régua a fresh installation starts with, and its texts."""

from __future__ import annotations

from datetime import datetime

from cadence import prices
from cadence.enums import StepState
from cadence.models import Cadence, CadenceVersion, Step
from conversations.library import loading as library

STEPS = (
    ("antes-3", "3 dias antes do vencimento", -3, "pre_due", StepState.REMINDER),
    ("vencimento", "No dia do vencimento", 0, "due_day", StepState.REMINDER),
    ("depois-2", "2 dias depois", 2, "late_1_7", StepState.SOFT),
    ("depois-7", "7 dias depois", 7, "late_8_30", StepState.SOFT),
    ("depois-15", "15 dias depois", 15, "negotiation", StepState.NEGOTIATION),
)


def default_cadence() -> Cadence:
    """The organisation's régua, made when missing."""
    return Cadence.objects.get_or_create(is_default=True, defaults={"name": "Régua padrão"})[0]


def ensure_defaults(*, now: datetime) -> CadenceVersion:
    """Makes the default régua and its templates where they are missing; touches nothing that exists."""
    library.ensure_library()
    prices.ensure_shipped()
    version, made = CadenceVersion.objects.get_or_create(
        cadence=default_cadence(), number=1, defaults={"status": "live", "published_at": now}
    )
    if made:
        Step.objects.bulk_create(
            Step(version=version, key=key, name=name, offset_days=offset, stage=stage, state=state)
            for key, name, offset, stage, state in STEPS
        )
    return version
