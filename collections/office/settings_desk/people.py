"""The names behind `user:<id>`, many at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """How each actor is called; one query."""
    wanted = set(actors)
    ids = {int(actor.removeprefix("user:")): actor for actor in wanted if actor.startswith("user:")}
    found = {
        ids[user.pk]: user.get_full_name() or user.get_username()
        for user in User.objects.filter(pk__in=list(ids))
    }
    return {
        actor: found.get(actor, "sistema" if actor == "system" else "alguém que saiu") for actor in wanted
    }
