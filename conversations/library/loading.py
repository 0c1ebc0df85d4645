"""The texts a fresh installation starts with: read from YAML, put where a text is missing.

One folder per language; its files hold lists of texts, `common.yaml` what they share. A variant says only what it
says differently: e-mail and SMS it does not give are those of its stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from conversations.models import MessageTemplate
from conversations.stages import Stage, Variant, rules_of

_FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("pt_BR", "es")
_COMMON = "common.yaml"
_FIELDS = {"stage", "variant", "body", "footer", "buttons", "email_subject", "email_body", "sms_body"}


@dataclass(frozen=True, slots=True)
class LibraryText:
    """One text of the set, as the template's fields."""

    stage: Stage
    variant: Variant
    language: str
    body: str
    footer: str
    buttons: tuple[tuple[str, str], ...]
    email_subject: str
    email_body: str
    sms_body: str

    def template(self) -> MessageTemplate:
        """The first version of it, a draft that is not saved."""
        return MessageTemplate(
            name=name_of(stage=self.stage, variant=self.variant, version=1),
            language=self.language,
            stage=self.stage,
            variant=self.variant,
            neutral=rules_of(self.stage).neutral,
            body=self.body,
            footer=self.footer,
            buttons=[{"id": identifier, "title": title} for identifier, title in self.buttons],
            email_subject=self.email_subject,
            email_body=self.email_body,
            sms_body=self.sms_body,
        )


def name_of(*, stage: str, variant: str, version: int) -> str:
    """What a version is called at the provider: `late_1_7_first_v2`. Names are never used twice."""
    return "_".join(part for part in (stage, variant, f"v{version}") if part)


@lru_cache(maxsize=1)
def library() -> tuple[LibraryText, ...]:
    """The whole set in the order of its files. Raises ValueError where a file does not hold together."""
    return tuple(text for language in LANGUAGES for text in _language(language))


@lru_cache(maxsize=8)
def email_closing(language: str) -> str:
    """The last lines of every e-mail in that language: a person, and the way out."""
    return str(_read(_folder(language) / _COMMON)["email_closing"])


@lru_cache(maxsize=8)
def email_link(language: str) -> str:
    """The line of an e-mail that leads into WhatsApp, its address as a variable."""
    return str(_read(_folder(language) / _COMMON)["email_link"])


def known_buttons(language: str) -> dict[str, str]:
    """The titles of the buttons that the agent and the intake understand, by id."""
    entries = _read(_folder(language) / _COMMON)["buttons"].values()
    return {str(entry["id"]): str(entry["title"]) for entry in entries}


def ensure_library() -> int:
    """Puts a draft where a stage, variant and language have no text at all; touches nothing that exists.

    Returns how many were missing. Two processes at once make each text once.
    """
    present = set(MessageTemplate.objects.values_list("stage", "variant", "language"))
    missing = [t for t in library() if (t.stage, t.variant, t.language) not in present]
    if missing:
        MessageTemplate.objects.bulk_create([text.template() for text in missing], ignore_conflicts=True)
    return len(missing)


def _language(language: str) -> list[LibraryText]:
    folder = _folder(language)
    buttons = {
        key: (entry["id"], entry["title"]) for key, entry in _read(folder / _COMMON)["buttons"].items()
    }
    texts = [
        _text(entry, language=language, buttons=buttons)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != _COMMON
        for entry in _read(path)
    ]
    plain = {text.stage: text for text in texts if text.variant == Variant.ANY}
    return [_completed(text, plain[text.stage]) for text in texts]


def _text(entry: Mapping[str, Any], *, language: str, buttons: Mapping[str, tuple[str, str]]) -> LibraryText:
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"{language} {entry.get('stage')}: unknown {sorted(unknown)}")
    return LibraryText(
        stage=Stage(entry["stage"]),
        variant=Variant(entry.get("variant", "")),
        language=language,
        body=entry["body"],
        footer=entry.get("footer", ""),
        buttons=tuple(buttons[key] for key in entry.get("buttons", [])),
        email_subject=entry.get("email_subject", ""),
        email_body=entry.get("email_body", ""),
        sms_body=entry.get("sms_body", ""),
    )


def _completed(text: LibraryText, plain: LibraryText) -> LibraryText:
    if text.variant == Variant.ANY:
        return text
    return replace(
        text,
        email_subject=text.email_subject or plain.email_subject,
        email_body=text.email_body or plain.email_body,
        sms_body=text.sms_body or plain.sms_body,
    )


def _folder(language: str) -> Path:
    return _FOLDER / (language if language in LANGUAGES else LANGUAGES[0])


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
