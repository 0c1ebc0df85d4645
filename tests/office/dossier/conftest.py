"""Members with something to tell, and the people who export it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django.fixtures import Settings

from commons import clock
from commons.models import ClockState
from tests.conversations import deliveries, world
from tests.conversations.world import NOW, Talk


@pytest.fixture
def now(db: None, settings: Settings) -> Iterator[datetime]:
    """Business time stands; webhooks are signed."""
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]
    clock.move(to=NOW, frozen=True)
    yield NOW
    ClockState.objects.all().delete()
    clock.refresh()


@pytest.fixture
def talk(now: datetime) -> Talk:
    """A member who was written to and answered with a document and a telephone."""
    talk = world.confirmed_talk(name="Ana Souza", document="52998224725")
    talk.plans()
    talk.writes("meu cpf é 529.982.247-25 e o fone (11) 98888-7777", now=NOW + timedelta(minutes=1))
    return talk


@pytest.fixture
def answered(talk: Talk) -> Talk:
    """The robot has answered, which costs a turn of the offline model: only where the answer matters."""
    talk.answer(now=NOW + timedelta(minutes=1, seconds=6))
    return talk


def person(username: str, *permissions: str) -> Client:
    """Somebody of the staff with exactly these permissions (`app.codename`), signed in."""
    user = User.objects.create_user(
        username, password="uma senha longa", is_staff=True, first_name=username.title()
    )
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
