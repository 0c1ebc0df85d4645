"""Changing a text: a draft is edited, what was submitted is followed by the next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from conversations.enums import TemplateStatus
from conversations.library.loading import name_of
from conversations.models import MessageTemplate
from conversations.stages import Variant
from conversations.template_life import LifeRefused, tell

# The texts of a version, copied to the next one and compared between two.
TEXT_FIELDS = ("body", "footer", "buttons", "email_subject", "email_body", "sms_body")
# The key of the lock that lets one version be made at a time; any number that nothing else uses.
_ONE_MAKER = 7_262_463


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What a version says on each channel; `buttons` are pairs of id and title."""

    body: str
    footer: str
    buttons: Sequence[tuple[str, str]]
    email_subject: str
    email_body: str
    sms_body: str


def draft_next(*, template_id: int, actor: str, owner_id: int | None, now: datetime) -> MessageTemplate:
    """The draft of the next version, with the words of this one; the draft there is, if there is one.

    This version stands in for the new one as long as it is approved, else what stands in for this one.
    """
    template = MessageTemplate.objects.get(pk=template_id)
    return _draft(template, variant=template.variant, actor=actor, owner_id=owner_id, now=now)


def draft_variant(
    *, template_id: int, variant: str, actor: str, owner_id: int | None, now: datetime
) -> MessageTemplate:
    """A draft of the same stage for others, with the words of this one to begin with."""
    template = MessageTemplate.objects.get(pk=template_id)
    return _draft(template, variant=Variant(variant), actor=actor, owner_id=owner_id, now=now)


def edit(*, template_id: int, texts: Texts, actor: str, now: datetime) -> MessageTemplate:
    """Writes the words of a draft. Raises LifeRefused for one that was submitted."""
    with transaction.atomic():
        template = _locked_draft(template_id)
        template.body = texts.body
        template.footer = texts.footer
        template.buttons = [{"id": identifier, "title": title} for identifier, title in texts.buttons]
        template.email_subject = texts.email_subject
        template.email_body = texts.email_body
        template.sms_body = texts.sms_body
        template.save(update_fields=list(TEXT_FIELDS))
        tell(template, "Texto do rascunho alterado.", actor=actor, now=now)
    return template


def discard(*, template_id: int, actor: str, now: datetime) -> None:
    """Gives a draft up; its number is not used again. Raises LifeRefused for one that was submitted."""
    with transaction.atomic():
        template = _locked_draft(template_id)
        template.status = TemplateStatus.DISCARDED
        template.save(update_fields=["status"])
        tell(template, "Rascunho descartado.", actor=actor, now=now)


def own(*, template_id: int, owner_id: int, name: str, actor: str, now: datetime) -> None:
    """Somebody answers for this text from now on."""
    with transaction.atomic():
        template = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
        if template.owner_id != owner_id:
            template.owner_id = owner_id
            template.save(update_fields=["owner"])
            tell(template, f"Responsável: {name}.", actor=actor, now=now)


def set_fallback(*, template_id: int, fallback_id: int | None, actor: str, now: datetime) -> None:
    """Names what stands in for a text while it is stopped, or nothing. Raises LifeRefused with the reason."""
    with transaction.atomic():
        template = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
        if template.fallback_id == fallback_id:
            return
        fallback = None if fallback_id is None else MessageTemplate.objects.get(pk=fallback_id)
        if fallback is not None:
            _check_fallback(template, fallback)
        template.fallback = fallback
        template.save(update_fields=["fallback"])
        sentence = f"Reserva: “{fallback}”." if fallback else "Ficou sem reserva."
        tell(template, sentence, actor=actor, now=now)


def possible_fallbacks(template: MessageTemplate) -> list[MessageTemplate]:
    """Approved texts in the same language that may stand in, those of the same stage first."""
    found = MessageTemplate.objects.filter(
        language=template.language, status=TemplateStatus.APPROVED
    ).exclude(pk=template.pk)
    if template.neutral:
        found = found.filter(neutral=True)
    return sorted(found, key=lambda t: (t.stage != template.stage, t.stage, t.variant, -t.version))


def _draft(
    template: MessageTemplate, *, variant: str, actor: str, owner_id: int | None, now: datetime
) -> MessageTemplate:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_MAKER])
        family = MessageTemplate.objects.filter(
            stage=template.stage, variant=variant, language=template.language
        )
        if (draft := family.filter(status=TemplateStatus.DRAFT).order_by("-version").first()) is not None:
            return draft
        version = (family.aggregate(last=Max("version"))["last"] or 0) + 1
        made = MessageTemplate(
            name=name_of(stage=template.stage, variant=variant, version=version),
            language=template.language,
            stage=template.stage,
            variant=variant,
            version=version,
            neutral=template.neutral,
            owner_id=owner_id,
            fallback=template if template.is_sendable else template.fallback,
        )
        for field in TEXT_FIELDS:
            setattr(made, field, getattr(template, field))
        made.save()
        tell(made, f"Rascunho criado a partir de “{template}”.", actor=actor, now=now)
    return made


def _locked_draft(template_id: int) -> MessageTemplate:
    template = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if not template.is_draft:
        raise LifeRefused("Este modelo já foi enviado: para mudar o texto, crie a próxima versão.")
    return template


def _check_fallback(template: MessageTemplate, fallback: MessageTemplate) -> None:
    if fallback.language != template.language:
        raise LifeRefused("A reserva precisa ser no mesmo idioma.")
    if template.neutral and not fallback.neutral:
        raise LifeRefused("A reserva de um texto neutro precisa ser neutra.")
    if not fallback.is_sendable:
        raise LifeRefused("A reserva precisa estar aprovada.")
    following: MessageTemplate | None = fallback
    while following is not None:
        if following.pk == template.pk:
            raise LifeRefused("Um modelo não pode ser reserva de si mesmo.")
        following = following.fallback
