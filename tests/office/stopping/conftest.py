"""People with the rights of a role, on a day that stands still."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import Settings

from commons import clock
from office.roles import Role
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory


@pytest.fixture
def office(settings: Settings, db: None) -> Iterator[datetime]:
    # Nothing is collected in tests; WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = None
    OrganisationFactory(uf="SP", city="São Paulo")
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock._reading = clock._Reading()


@pytest.fixture
def of_role(office: datetime) -> Callable[[Role], Client]:
    """A client of somebody in that role."""

    def make(role: Role) -> Client:
        user = User.objects.create_user(f"p{User.objects.count()}", is_staff=True, first_name="Ana")
        user.groups.set([Group.objects.get(name=role.value)])
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def supervisor(of_role: Callable[[Role], Client]) -> Client:
    return of_role(Role.SUPERVISOR)


@pytest.fixture
def operator(of_role: Callable[[Role], Client]) -> Client:
    return of_role(Role.OPERATOR)


@pytest.fixture
def auditor(of_role: Callable[[Role], Client]) -> Client:
    return of_role(Role.AUDITOR)
