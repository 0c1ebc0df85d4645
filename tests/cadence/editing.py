"""People who edit the régua, and versions at every point of their life."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from cadence import plans, versions
from cadence.models import CadenceVersion, Rehearsal, Step
from cadence.rehearsal import running
from commons.models import Organisation
from conversations.models import Sender
from members.enums import Channel
from tests.cadence.world import house
from tests.cases.world import NOW


def person(name: str) -> User:
    return User.objects.create_user(name, first_name=name.title(), last_name="Alves")


def live() -> CadenceVersion:
    """The version on air; the house is made when missing."""
    if not Sender.objects.exists():
        house()
    found = plans.live_version()
    assert found is not None
    return found


def draft(user: User | None = None, note: str = "") -> CadenceVersion:
    """A copy of what is live."""
    return versions.draft_from(source=live(), user=user, now=NOW, note=note)


def rehearse(version: CadenceVersion) -> Rehearsal:
    """A day of it, really run."""
    asked = running.ask(version=version, user=None, now=NOW, days=1)
    for number in range(asked.chunks):
        running.run_part(rehearsal_id=asked.pk, number=number)
    return Rehearsal.objects.get(pk=asked.pk)


def submitted(user: User, note: str = "") -> CadenceVersion:
    """A rehearsed copy that waits for somebody else."""
    version = draft(user, note)
    rehearse(version)
    return versions.submit(version_id=version.pk, user=user, now=NOW)


def add(version: CadenceVersion, key: str, **values: Any) -> Step:
    """A step of whatever version, live ones too: the way a version comes to have it is not what is tested."""
    segment = values.get("segment")
    audience = list(segment.conditions) if segment else []
    return Step.objects.create(
        version=version, key=key, **{"name": key, "state": "soft", "audience": audience} | values
    )


def change(version: CadenceVersion, key: str, **values: Any) -> None:
    assert Step.objects.filter(version=version, key=key).update(**values) == 1


def only(version: CadenceVersion, *keys: str) -> None:
    """Leaves these steps active."""
    Step.objects.filter(version=version).exclude(key__in=keys).update(active=False)


def mailbox() -> Sender:
    """A sender for e-mails beside the number of the house, which has an address of its own now."""
    Organisation.objects.update(address="Rua das Figueiras, 480, São Paulo, SP")
    return Sender.objects.create(
        channel=Channel.EMAIL, provider_id="contato@academia.example", name="Academia Exemplo"
    )
