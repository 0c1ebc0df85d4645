"""Who looks: somebody of the finance team, somebody who may only read, somebody of neither."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from commons import clock
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory


@pytest.fixture
def office(settings: Settings, db: None) -> Iterator[datetime]:
    # Nothing is collected in tests; WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = None
    OrganisationFactory()
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock._reading = clock._Reading()


@pytest.fixture
def person(office: datetime) -> Callable[..., Client]:
    """A client of a person with these permissions of the members app."""

    def make(*permissions: str) -> Client:
        user = User.objects.create_user(f"p{User.objects.count()}", is_staff=True, first_name="Ana")
        user.user_permissions.set(
            Permission.objects.filter(
                content_type__app_label__in=["members", "office"], codename__in=permissions
            )
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def finance(person: Callable[..., Client]) -> Client:
    return person(
        "view_member",
        "view_consent",
        "add_consent",
        "view_suppressionmark",
        "add_suppressionmark",
        "view_contactpoint",
        "change_contactpoint",
        "view_hygienetask",
        "view_contactpreference",
        "change_contactpreference",
        "view_privacynotice",
        "add_privacynotice",
        "add_listexport",
    )


@pytest.fixture
def reader(person: Callable[..., Client]) -> Client:
    return person(
        "view_consent",
        "view_suppressionmark",
        "view_contactpoint",
        "view_hygienetask",
        "view_contactpreference",
    )
