"""A house with its régua, somebody who edits it, somebody else who publishes, somebody who only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from commons import clock
from tests.cadence.world import house
from tests.cases.world import NOW

LOOK = ("view_cadenceversion", "view_segment", "view_stepapproval", "view_member")
EDIT = (*LOOK, "change_cadenceversion", "change_segment", "change_stepapproval")


@pytest.fixture
def office(settings: Settings, db: None) -> Iterator[datetime]:
    # Nothing is collected in tests; WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = None
    house()
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock._reading = clock._Reading()


@pytest.fixture
def person(office: datetime) -> Callable[..., Client]:
    """A client of somebody new with these permissions."""

    def make(*permissions: str) -> Client:
        user = User.objects.create_user(f"p{User.objects.count()}", is_staff=True, first_name="Ana")
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def editor(person: Callable[..., Client]) -> Client:
    return person(*EDIT)


@pytest.fixture
def publisher(person: Callable[..., Client]) -> Client:
    return person(*EDIT, "publish_cadenceversion")


@pytest.fixture
def reader(person: Callable[..., Client]) -> Client:
    return person(*LOOK)
