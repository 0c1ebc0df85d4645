"""Demo logins: one person for each role, with passwords made for this installation."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User


@dataclass(frozen=True)
class Role:
    """`apps` are what the role may see; `change` those in which it may also act."""

    username: str
    first_name: str
    title: str
    is_superuser: bool = False
    apps: tuple[str, ...] = ()
    change: tuple[str, ...] = ()


ROLES = (
    Role("admin", "Marina", "Administração", is_superuser=True),
    Role(
        "financeiro",
        "Paulo",
        "Financeiro",
        apps=(
            "members",
            "billing",
            "cases",
            "compliance",
            "conversations",
            "cadence",
            "assignment",
            "office",
            "commons",
        ),
        change=("members", "billing", "cases", "conversations", "assignment", "office"),
    ),
    Role(
        "supervisora",
        "Helena",
        "Supervisão",
        apps=("members", "cases", "compliance", "conversations", "billing"),
        change=("cases", "conversations"),
    ),
    Role(
        "operador",
        "Caio",
        "Atendimento",
        apps=("conversations", "cases", "billing"),
        change=("conversations",),
    ),
)


def make() -> None:
    """Makes the users that are missing and writes who they are beside the data, readable by its owner only."""
    path = settings.DATA_DIR / "demo-logins.json"
    known = {entry["username"]: entry for entry in json.loads(path.read_text())} if path.exists() else {}
    for role in ROLES:
        user = User.objects.filter(username=role.username).first()
        password = known.get(role.username, {}).get("password") or f"emdia-{secrets.token_hex(4)}"
        if user is None:
            user = User(
                username=role.username,
                first_name=role.first_name,
                is_staff=True,
                is_superuser=role.is_superuser,
            )
        user.set_password(password)
        user.save()
        group, _ = Group.objects.get_or_create(name=role.title)
        group.permissions.set(_permissions(role))
        user.groups.set([group])
        known[role.username] = {"role": role.title, "username": role.username, "password": password}
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(list(known.values()), ensure_ascii=False, indent=1))


def _permissions(role: Role) -> list[Permission]:
    if role.is_superuser:
        return []
    seen = Permission.objects.filter(content_type__app_label__in=role.apps, codename__startswith="view_")
    changed = Permission.objects.filter(content_type__app_label__in=role.change).exclude(
        codename__startswith="delete_"
    )
    return list(seen | changed)
