"""The small book and the administrator of the admin's tests."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.office.admin.conftest import book, business_now, office

__all__ = ["book", "business_now", "office"]


@pytest.fixture
def colleague(db: None) -> Client:
    """Somebody of the finance team: sees cases, members and invoices, may export, owns nothing yet."""
    user = User.objects.create_user("paulo", password="uma senha longa", first_name="Paulo", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["view_case", "change_case", "view_member", "view_invoice", "add_listexport"]
        )
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
