"""Filling approved templates: the text people read and the content the channel sends, from one place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conversations.channels.base import QuickReplyParam, Template, TemplateCategory
from conversations.models import MessageTemplate

_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


class MissingVariable(Exception):
    """A variable of the template has no value: nothing may leave half filled."""


def render(template: MessageTemplate, values: Mapping[str, str]) -> tuple[Template, str]:
    """The channel content and the whole text as the member will read it.

    Raises MissingVariable naming the variables without a value.
    """
    names = list(dict.fromkeys(_VARIABLE.findall(template.body)))
    missing = [name for name in names if not values.get(name)]
    if missing:
        raise MissingVariable(f"{template.name}: {', '.join(missing)}")
    text = _VARIABLE.sub(lambda match: values[match[1]], template.body)
    if template.footer:
        text = f"{text}\n{template.footer}"
    content = Template(
        name=template.name,
        language=template.language,
        category=TemplateCategory(template.category.lower()),
        body_params={name: values[name] for name in names},
        buttons=tuple(
            QuickReplyParam(index=index, payload=button["id"])
            for index, button in enumerate(template.buttons)
        ),
    )
    return content, text


def sendable(*, stage: str, neutral: bool, language: str = "pt_BR") -> MessageTemplate | None:
    """The approved template for a stage; an unconfirmed contact point gets neutral ones only."""
    candidates = MessageTemplate.objects.filter(stage=stage, language=language, status="APPROVED")
    if neutral:
        candidates = candidates.filter(neutral=True)
    return candidates.order_by("pk").first()
