"""What the lists are measured over: `python -m lab.bench.lists_book` reads one order, writes one answer.

It writes the large book, opens a session for somebody who may see everything, and names the pages.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from time import perf_counter

import django


@dataclass(frozen=True, slots=True)
class Order:
    """How many members the book has."""

    members: int


@dataclass(frozen=True, slots=True)
class Book:
    """Seconds it took; the lists without rows; the session's cookie; the pages to ask for, by name."""

    seconds: float
    empty: list[str]
    cookie: str
    session: str
    pages: dict[str, str]


def run(order: Order) -> Book:
    """Business time stands still from then on."""
    # Models can only be imported once the apps are ready.
    from django.conf import settings  # noqa: PLC0415 -- see above

    from commons import clock  # noqa: PLC0415
    from lab.bench import large_book, scale  # noqa: PLC0415

    began = perf_counter()
    clock.move(to=scale.TODAY, frozen=True)
    _filler, empty = large_book.write(order.members)
    return Book(
        seconds=perf_counter() - began,
        empty=empty,
        cookie=settings.SESSION_COOKIE_NAME,
        session=_session(),
        pages=pages(),
    )


def pages() -> dict[str, str]:
    """Every list of the office as it opens, the totals at the foot of those with money, filters, the report."""
    from django.contrib import admin  # noqa: PLC0415 -- see run
    from django.urls import reverse  # noqa: PLC0415

    found = {
        model._meta.label_lower: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }
    cases, invoices, members = (found[name] for name in ("cases.case", "billing.invoice", "members.member"))
    found |= {
        "cases.case, one state": f"{cases}?state__exact=soft",
        "cases.case, last page": f"{cases}?p=100",
        "cases.case, by name": f"{cases}?q=souza",
        "billing.invoice, open and late": f"{invoices}?status__exact=open&atraso=31-60",
        "members.member, late": f"{members}?aberto=late",
        "members.member, by name": f"{members}?q=moraes",
    }
    for name in ("cases.case", "billing.invoice", "billing.payment", "cases.promise", "cases.agreement"):
        found[f"{name}, totals"] = reverse("lists:totals", args=name.split("."))
    for dimension in ("plano", "estado", "forma"):
        found[f"receivables by {dimension}"] = f"{reverse('lists:aging')}?por={dimension}"
    return found


def _session() -> str:
    from django.contrib.auth import (  # noqa: PLC0415 -- see run
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    user = User.objects.create_superuser("bench-reader")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key is not None  # just made
    return session.session_key


def main() -> None:
    """One order on standard input, its answer on standard output."""
    order = Order(**json.load(sys.stdin))
    django.setup()
    json.dump(asdict(run(order)), sys.stdout)


if __name__ == "__main__":
    main()
