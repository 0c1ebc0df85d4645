"""Each role has the least its work needs, and exactly what is written down."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User

from office import roles
from office.roles import RIGHTS, Role, ensure_roles

pytestmark = pytest.mark.django_db


def somebody(role: Role) -> User:
    user = User.objects.create_user(username=role.name.lower(), is_staff=True)
    user.groups.set([Group.objects.get(name=role.value)])
    return user


def test_every_right_that_is_written_down_exists():
    known = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }
    models = {name.replace(".view_", ".") for name in known if ".view_" in name}
    apps = {name.partition(".")[0] + ".*" for name in known}

    asked = {name for rights in RIGHTS.values() for name in rights.does}
    seen = {name for rights in RIGHTS.values() for name in rights.sees}

    assert (asked - known, seen - models - apps) == (set(), set())


def test_groups_are_there_after_a_migration_and_brought_back_to_what_is_written():
    group = Group.objects.get(name=Role.OPERATOR.value)
    group.permissions.add(Permission.objects.get(codename="change_contactsettings"))

    ensure_roles()

    assert not group.permissions.filter(codename="change_contactsettings").exists()
    assert set(Group.objects.values_list("name", flat=True)) >= {role.value for role in Role}


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.OPERATOR, "conversations.change_conversation", "office.add_listexport"),
        (Role.OPERATOR, "members.view_member", "members.change_member"),
        (Role.ANALYST, "assignment.view_pilot", "members.view_member"),
        (Role.AUDITOR, "compliance.view_decision", "conversations.change_conversation"),
        (Role.SUPERVISOR, "cadence.change_stepapproval", "cadence.change_cadenceversion"),
        (Role.FINANCE, "cadence.publish_cadenceversion", "auth.change_user"),
        (Role.ADMINISTRATOR, "auth.change_user", "billing.view_payment"),
    ],
)
def test_role_may_do_its_work_and_not_that_of_others(role: Role, may: str, may_not: str):
    user = somebody(role)

    assert (user.has_perm(may), user.has_perm(may_not)) == (True, False)


def test_auditor_changes_nothing():
    verbs = {name.partition(".")[2] for name in roles.RIGHTS[Role.AUDITOR].does}

    assert verbs == {"add_listexport", "reveal_member"}
