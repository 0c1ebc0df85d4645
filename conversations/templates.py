"""Choosing an approved text and filling it: what people read and what the channel sends, from one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from commons.models import Organisation
from commons.text import written_cnpj
from conversations.channels.base import (
    Content,
    Mail,
    QuickReplyParam,
    Template,
    TemplateCategory,
    Text,
    preview,
)
from conversations.library.loading import email_closing, email_link
from conversations.models import MessageTemplate
from conversations.stages import Variant
from conversations.variables import fill, names_in
from members.enums import Channel

DEFAULT_LANGUAGE = "pt_BR"


class MissingVariable(Exception):
    """A variable of the template has no value: nothing may leave half filled."""


class NoWords(Exception):
    """The template says nothing on this channel; the message says so in Portuguese."""


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail ready to leave: plain text, the creditor's identification at its end."""

    subject: str
    body: str


def render(template: MessageTemplate, values: Mapping[str, str]) -> tuple[Template, str]:
    """The channel content and the whole text as the member will read it.

    Raises MissingVariable naming the variables without a value.
    """
    names = names_in(template.body)
    text = _filled(template, template.body, values)
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


def render_text(template: MessageTemplate, values: Mapping[str, str]) -> str:
    """The body alone, for an answer inside an open conversation. Raises MissingVariable."""
    return _filled(template, template.body, values)


def render_for(
    channel: str,
    template: MessageTemplate,
    values: Mapping[str, str],
    *,
    organisation: Organisation,
    unsubscribe: str = "",
) -> tuple[Content, str]:
    """As `render`, in the words the template has for this channel.

    Raises MissingVariable, and NoWords where the template has none for it.
    """
    match channel:
        case Channel.EMAIL:
            if not template.email_subject or not template.email_body:
                raise NoWords(f"“{template.name}” não tem texto de e-mail")
            email = render_email(template, values, organisation=organisation)
            mail = Mail(subject=email.subject, body=email.body, unsubscribe=unsubscribe)
            return mail, preview(mail)
        case Channel.SMS:
            if not template.sms_body:
                raise NoWords(f"“{template.name}” não tem texto de SMS")
            words = render_sms(template, values)
            return Text(words), words
        case _:
            return render(template, values)


def render_email(
    template: MessageTemplate, values: Mapping[str, str], *, organisation: Organisation
) -> Email:
    """Subject and text, ended by the ways out and by who writes: name, legal name, CNPJ and address.

    Raises MissingVariable naming what has no value, a part of the identification included.
    """
    if not template.email_subject or not template.email_body:
        raise MissingVariable(f"{template.name}: sem texto de e-mail")
    body = _filled(template, f"{template.email_subject}\n\n{template.email_body}", values)
    subject, _, body = body.partition("\n\n")
    parts = [body, email_closing(template.language), identification(template, organisation)]
    if link := values.get("link_conversa"):
        parts.insert(1, email_link(template.language).replace("{{link_conversa}}", link))
    return Email(subject=" ".join(subject.split()), body="\n\n".join(parts))


def render_sms(template: MessageTemplate, values: Mapping[str, str]) -> str:
    """The SMS. Raises MissingVariable, also where the template has none."""
    if not template.sms_body:
        raise MissingVariable(f"{template.name}: sem texto de SMS")
    return _filled(template, template.sms_body, values)


def identification(template: MessageTemplate, organisation: Organisation) -> str:
    """Who collects, as a collection document must say (CDC 42-A). Raises MissingVariable."""
    parts = {
        "razão social": organisation.legal_name,
        "CNPJ": written_cnpj(organisation.cnpj),
        "endereço": organisation.address,
    }
    if missing := [name for name, value in parts.items() if not value]:
        raise MissingVariable(f"{template.name}: {', '.join(missing)}")
    return f"{organisation.trade_name}\n{parts['razão social']}, CNPJ {parts['CNPJ']}\n{parts['endereço']}"


def template_language(language: str) -> str:
    """The language of our texts for a member's (`pt-BR`, `es`): Portuguese for one we do not write."""
    return "es" if language.lower().startswith("es") else DEFAULT_LANGUAGE


def sendable(
    *, stage: str, neutral: bool, language: str = DEFAULT_LANGUAGE, variant: str = Variant.ANY
) -> MessageTemplate | None:
    """`choose` over what is stored: one query."""
    return choose(
        MessageTemplate.objects.filter(
            # The text of the stage, what stands in for it, and what stands in for that.
            Q(stage=stage) | Q(stands_in_for__stage=stage) | Q(stands_in_for__stands_in_for__stage=stage)
        )
        .exclude(status__in=["DRAFT", "DISCARDED"])
        .distinct(),
        stage=stage,
        neutral=neutral,
        language=language,
        variant=variant,
    )


def choose(
    candidates: Iterable[MessageTemplate],
    *,
    stage: str,
    neutral: bool,
    language: str,
    variant: str,
) -> MessageTemplate | None:
    """The text to send, or None: always the same one for the same candidates, in whatever order they come.

    1. Only approved ones; an unconfirmed contact point gets neutral ones only.
    2. The member's language before Portuguese; in each, the exact variant before the one for everybody; of
       several, the newest.
    3. Where none of them is approved: what stands in for them, in the same order, a stand-in's own after it.
    """
    by_id = {template.pk: template for template in candidates}
    current = [t for t in by_id.values() if t.stage == stage and t.retired_at is None]
    ordered = [
        template
        for wanted_language, wanted_variant in _preferences(language, variant)
        for template in sorted(current, key=lambda t: (-t.version, t.pk))
        if (template.language, template.variant) == (wanted_language, wanted_variant)
    ]
    for template in (*ordered, *(each for first in ordered for each in _stand_ins(first, by_id))):
        if template.is_sendable and (template.neutral or not neutral):
            return template
    return None


def _preferences(language: str, variant: str) -> list[tuple[str, str]]:
    languages = dict.fromkeys((language, DEFAULT_LANGUAGE))
    variants = dict.fromkeys((variant, Variant.ANY.value))
    return [(each, one) for each in languages for one in variants]


def _stand_ins(template: MessageTemplate, by_id: Mapping[int, MessageTemplate]) -> Iterator[MessageTemplate]:
    seen = {template.pk}
    following = by_id.get(template.fallback_id or 0)
    while following is not None and following.pk not in seen:
        seen.add(following.pk)
        yield following
        following = by_id.get(following.fallback_id or 0)


def _filled(template: MessageTemplate, text: str, values: Mapping[str, str]) -> str:
    if missing := [name for name in names_in(text) if not values.get(name)]:
        raise MissingVariable(f"{template.name}: {', '.join(missing)}")
    return fill(text, values)
