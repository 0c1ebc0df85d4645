"""Message templates at Meta: the list, creation for review, deletion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from conversations.channels.content import TemplateCategory
from conversations.channels.errors import ContentError
from conversations.channels.whatsapp.checks import at_most, required, template_name
from conversations.channels.whatsapp.graph import Graph
from conversations.channels.whatsapp.reading import obj, objects, text

_FIELDS: Final = (
    "id,name,language,status,category,correct_category,parameter_format,components,"
    "quality_score,rejected_reason"
)
_PAGE: Final = 100
# 250 templates per account, more for verified ones: beyond this the cursor runs in a circle.
_PAGES: Final = 100

_VARIABLE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LONGEST: Final[Mapping[str, int]] = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
_BUTTON: Final = 25
_BUTTONS: Final = 10


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as Meta holds it. Status, category and quality in Meta's words: they change without us."""

    template_id: str
    name: str
    language: str
    status: str
    category: str
    correct_category: str = ""
    parameter_format: str = ""
    quality: str = ""
    rejected_reason: str = ""
    components: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def is_sendable(self) -> bool:
        return self.status == "APPROVED"

    @property
    def is_named(self) -> bool:
        """Its parameters have names; else they go by position."""
        return self.parameter_format == "NAMED"


@dataclass(frozen=True, slots=True)
class TemplateCreated:
    """The answer to a creation: pending as a rule, and perhaps in another category than the one asked for."""

    template_id: str
    status: str
    category: str


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of one account."""

    graph: Graph
    account_id: str

    def fetch(self, *, name: str = "") -> list[TemplateInfo]:
        """All of them, or those of one name in every language. Raises ChannelError."""
        return list(self._pages(name))

    def create(
        self,
        *,
        name: str,
        language: str,
        category: TemplateCategory,
        components: Sequence[Mapping[str, Any]],
        is_named: bool = True,
    ) -> TemplateCreated:
        """Submits a template for review; `components` in Meta's form. Raises ContentError, ChannelError."""
        check_definition(name=name, components=components)
        answer = self.graph.call(
            "POST",
            self.account_id,
            "message_templates",
            json={
                "name": name,
                "language": language,
                "category": category.value.upper(),
                "parameter_format": "NAMED" if is_named else "POSITIONAL",
                "components": list(components),
            },
        )
        return TemplateCreated(
            template_id=text(answer.get("id")),
            status=text(answer.get("status")),
            category=text(answer.get("category")),
        )

    def delete(self, *, name: str, template_id: str = "") -> None:
        """One language by `template_id`, else every language of `name`. The name stays locked for 30 days."""
        only = {"hsm_id": template_id} if template_id else {}
        self.graph.call("DELETE", self.account_id, "message_templates", params={**only, "name": name})

    def _pages(self, name: str) -> Iterator[TemplateInfo]:
        query: dict[str, str] = {"fields": _FIELDS, "limit": str(_PAGE)} | ({"name": name} if name else {})
        for _ in range(_PAGES):
            page = self.graph.call("GET", self.account_id, "message_templates", params=query)
            yield from map(_info, objects(page.get("data")))
            paging = obj(page.get("paging"))
            after = text(obj(paging.get("cursors")).get("after"))
            if not after or not paging.get("next"):
                return
            query["after"] = after


def check_definition(*, name: str, components: Sequence[Mapping[str, Any]]) -> None:
    """Raises ContentError for what Meta's review would refuse at once."""
    template_name(name)
    if not any(text(component.get("type")).upper() == "BODY" for component in components):
        raise ContentError("O modelo não tem texto.")
    for component in components:
        kind, words = text(component.get("type")).upper(), text(component.get("text"))
        if kind == "BODY":
            required(words, "O texto do modelo")
            _variables(words)
        if kind in _LONGEST:
            at_most(words, _LONGEST[kind], "Uma parte do modelo")
        buttons = list(objects(component.get("buttons")))
        if len(buttons) > _BUTTONS:
            raise ContentError(f"O modelo tem {len(buttons)} botões; o limite é {_BUTTONS}.")
        for button in buttons:
            at_most(text(button.get("text")), _BUTTON, "O botão do modelo")


def _variables(words: str) -> None:
    bare = words.strip()
    if _VARIABLE.match(bare) or re.search(_VARIABLE.pattern + r"$", bare):
        raise ContentError("O modelo não pode começar nem terminar com uma variável.")
    if re.search(r"\}\}\s*\{\{", bare):
        raise ContentError("O modelo tem duas variáveis seguidas sem texto entre elas.")


def _info(template: Mapping[str, Any]) -> TemplateInfo:
    reason = text(template.get("rejected_reason"))
    return TemplateInfo(
        template_id=text(template.get("id")),
        name=text(template.get("name")),
        language=text(template.get("language")),
        status=text(template.get("status")),
        category=text(template.get("category")),
        correct_category=text(template.get("correct_category")),
        parameter_format=text(template.get("parameter_format")),
        quality=text(obj(template.get("quality_score")).get("score")),
        rejected_reason="" if reason == "NONE" else reason,
        components=tuple(objects(template.get("components"))),
    )
