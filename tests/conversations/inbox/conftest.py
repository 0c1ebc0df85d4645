from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


def person(name: str, *permissions: str) -> User:
    """Somebody of the staff with these permissions of conversations."""
    user = User.objects.create_user(name, first_name=name.title(), password="uma senha longa", is_staff=True)
    found = Permission.objects.filter(codename__in=permissions, content_type__app_label="conversations")
    user.user_permissions.set(found)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ana(db: None) -> User:
    return person("ana", "view_conversation")


@pytest.fixture
def bia(db: None) -> User:
    return person("bia", "view_conversation")


@pytest.fixture
def page(ana: User) -> Client:
    """Ana's browser."""
    return browser(ana)
