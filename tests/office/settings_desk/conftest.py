"""A house on a day that stands still, and people by their roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from commons import clock
from commons.models import Organisation
from office.roles import Role
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory

LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def business_now(db: None) -> Iterator[datetime]:
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock._reading = clock._Reading()


@pytest.fixture
def organisation(business_now: datetime) -> Organisation:
    made: Organisation = OrganisationFactory()
    return made


@pytest.fixture
def somebody(business_now: datetime) -> Callable[..., Client]:
    """A client of somebody new in a role; `client.user` is who."""

    def make(role: Role, name: str = "Ana") -> Client:
        user = User.objects.create_user(f"{name}-{role.name}".lower(), is_staff=True, first_name=name)
        user.groups.set([Group.objects.get(name=role.value)])
        client = Client()
        client.force_login(user, backend=LOGIN)
        client.user = user  # type: ignore[attr-defined]
        return client

    return make


@pytest.fixture
def finance(somebody: Callable[..., Client]) -> Client:
    return somebody(Role.FINANCE)


@pytest.fixture
def administrator(somebody: Callable[..., Client]) -> Client:
    return somebody(Role.ADMINISTRATOR, "Bia")
