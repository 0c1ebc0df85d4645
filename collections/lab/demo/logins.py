"""Demo logins: one person for each role, with passwords made for this installation."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User


@dataclass(frozen=True)
class Login:
    """One person of the demo house."""

    username: str
    first_name: str
    # The name of the group; the groups themselves are made after every migration.
    role: str
    is_superuser: bool = False


LOGINS = (
    # The demo's administrator may try everything.
    Login("admin", "Marina", "Administração", is_superuser=True),
    Login("financeiro", "Paulo", "Financeiro"),
    Login("supervisora", "Helena", "Supervisão"),
    Login("operador", "Caio", "Atendimento"),
    Login("analista", "Bia", "Análise"),
    Login("auditora", "Rute", "Auditoria"),
)


def make() -> None:
    """Makes the users that are missing and writes who they are beside the data, readable by its owner only."""
    path = settings.DATA_DIR / "demo-logins.json"
    known = {entry["username"]: entry for entry in json.loads(path.read_text())} if path.exists() else {}
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
        user.groups.set([Group.objects.get(name=login.role)])
        known[login.username] = {
            "role": login.role,
            "username": login.username,
            "password": password,
        }
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(list(known.values()), ensure_ascii=False, indent=1))
