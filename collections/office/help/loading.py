"""Reads the help texts and finds the one of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import ResolverMatch

from commons.text import fold

_FOLDER = Path(__file__).parent / "texts"
# The pages Django's admin gives every model.
_OF_MODELS = ("changelist", "change", "add", "delete", "history")


@dataclass(frozen=True, slots=True)
class HelpText:
    """What a page is for. `pages` are names of addresses or groups of them, `models` models or whole apps."""

    key: str
    title: str
    text: str
    pages: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def folded(self) -> str:
        """Everything that a search looks through."""
        return fold(" ".join((self.title, self.text, *self.words)))


@lru_cache(maxsize=1)
def all_texts() -> tuple[HelpText, ...]:
    """Every text, by title. Raises ValueError when two explain the same page."""
    found = [
        HelpText(
            key=each["key"],
            title=each["title"],
            text=each["text"],
            pages=tuple(each.get("pages", ())),
            models=tuple(each.get("models", ())),
            words=tuple(each.get("words", ())),
        )
        for path in sorted(_FOLDER.glob("*.yaml"))
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    _index(found)
    return tuple(sorted(found, key=lambda each: fold(each.title)))


def of_page(match: ResolverMatch | None) -> HelpText | None:
    """The text of a page by the name of its address: its own, else that of its group or app."""
    if match is None or not match.view_name:
        return None
    known = _index(all_texts())
    return next((known[name] for name in _names(match.view_name) if name in known), None)


def search(asked: str) -> list[HelpText]:
    """Texts with every word of the question, those with it in the title first; all of them for no words."""
    words = fold(asked).split()
    found = [each for each in all_texts() if all(word in each.folded for word in words)]
    return sorted(found, key=lambda each: not all(word in fold(each.title) for word in words))


def _names(view_name: str) -> Sequence[str]:
    """From the most exact to the widest."""
    group, _, name = view_name.rpartition(":")
    if group != "admin":
        return [view_name, group]
    place, _, kind = name.rpartition("_")
    if kind not in _OF_MODELS:
        return [view_name]
    # Neither names of apps nor of models tell where one ends: `django_celery_beat_periodictask`.
    app, _, model = place.rpartition("_")
    return [view_name, f"model {app}.{model}", f"model {app}"]


def _index(texts: Sequence[HelpText]) -> Mapping[str, HelpText]:
    found: dict[str, HelpText] = {}
    for each in texts:
        names: list[Any] = [*each.pages, *(f"model {name}" for name in each.models)]
        for name in names:
            if name in found:
                raise ValueError(f"{name} is explained by {found[name].key} and by {each.key}")
            found[name] = each
    return found
