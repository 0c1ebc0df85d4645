"""The set of texts, all live, with a house, two members and somebody who looks after the texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from commons import clock
from commons.models import Organisation
from conversations.models import MessageTemplate
from tests.cadence.world import Followed, house
from tests.cases.world import NOW

ADDRESS = "Rua das Figueiras, 480, São Paulo, SP"


@pytest.fixture
def business_now(db: None) -> Iterator[datetime]:
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock.refresh()


@pytest.fixture
def texts(business_now: datetime) -> None:
    house()
    Organisation.objects.update(address=ADDRESS)
    MessageTemplate.objects.update(live_since=NOW)


@pytest.fixture
def late(texts: None) -> Followed:
    """Nineteen days late with one invoice, identity confirmed."""
    return Followed.late(19, name="Ana Prado")


@pytest.fixture
def text(texts: None) -> MessageTemplate:
    return MessageTemplate.objects.get(name="late_1_7_v1", language="pt_BR")


def user_with(*codes: str) -> User:
    user = User.objects.create_user(f"u{len(codes)}", first_name="Caio", last_name="Lima", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(texts: None) -> Client:
    """Somebody who may change texts and see members, and nothing else."""
    return signed_in(user_with("view_messagetemplate", "change_messagetemplate", "view_member"))


@pytest.fixture
def reader(texts: None) -> Client:
    """Somebody who may only look at texts."""
    return signed_in(user_with("view_messagetemplate"))
