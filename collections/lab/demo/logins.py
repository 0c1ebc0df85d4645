"""Demo logins: one person for each role, with passwords made for this installation."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User

from office.roles import Role, ensure_roles


@dataclass(frozen=True)
class Login:
    """One person of the demo house."""

    username: str
    first_name: str
    role: Role
    is_superuser: bool = False


LOGINS = (
    # The demo's administrator may try everything.
    Login("admin", "Marina", Role.ADMINISTRATOR, is_superuser=True),
    Login("financeiro", "Paulo", Role.FINANCE),
    Login("supervisora", "Helena", Role.SUPERVISOR),
    Login("operador", "Caio", Role.OPERATOR),
    Login("analista", "Bia", Role.ANALYST),
    Login("auditora", "Rute", Role.AUDITOR),
)


def make() -> None:
    """Makes the users that are missing and writes who they are beside the data, readable by its owner only."""
    path = settings.DATA_DIR / "demo-logins.json"
    known = {entry["username"]: entry for entry in json.loads(path.read_text())} if path.exists() else {}
    ensure_roles()
    for login in LOGINS:
        user = User.objects.filter(username=login.username).first()
        password = known.get(login.username, {}).get("password") or f"emdia-{secrets.token_hex(4)}"
        if user is None:
            user = User(
                username=login.username,
                first_name=login.first_name,
                is_staff=True,
                is_superuser=login.is_superuser,
            )
        user.set_password(password)
        user.save()
        user.groups.set([Group.objects.get(name=login.role.value)])
        known[login.username] = {
            "role": login.role.value,
            "username": login.username,
            "password": password,
        }
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(list(known.values()), ensure_ascii=False, indent=1))
