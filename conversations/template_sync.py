"""Our templates at the provider: submitted by a person, then followed, because status and category are theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from commons.models import Organisation
from conversations import template_life
from conversations.channels.base import TemplateCategory
from conversations.channels.errors import ChannelError
from conversations.channels.whatsapp import items
from conversations.channels.whatsapp.client import WhatsAppClient
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, Sender
from conversations.senders import channel_of
from conversations.stages import rules_of
from conversations.template_life import News, follow
from conversations.template_lint.findings import LintFinding
from conversations.template_lint.lint import DEFAULT_COUNTRY, lint
from conversations.variables import EXAMPLES, names_in
from members.enums import Channel

# A submission that is older than this and that the provider does not know never arrived.
LOST_AFTER = timedelta(minutes=10)


class NotSubmittable(Exception):
    """The template cannot be submitted; `findings` say what to change, where it is the text."""

    def __init__(self, message: str, findings: tuple[LintFinding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


@dataclass
class Submitted:
    """What became of submitting every draft. `stopped` is why the provider took no more, if it did."""

    sent: list[MessageTemplate] = field(default_factory=list)
    blocked: list[MessageTemplate] = field(default_factory=list)
    stopped: str = ""


def submit(*, template_id: int, actor: str, now: datetime) -> MessageTemplate:
    """Sends a draft to review; a text that is only said in an open conversation goes live at once.

    1. Under lock: still a draft, and nothing in it blocks. It is under review from here on.
    2. Outside of any transaction: the provider is asked.
    3. What it answered is taken over; where it did not take it, the template is a draft again.

    Raises NotSubmittable, ChannelError.
    """
    with transaction.atomic():
        template = MessageTemplate.objects.select_for_update().get(pk=template_id)
        if not template.is_draft:
            raise NotSubmittable("Este modelo já foi enviado: para mudar o texto, crie a próxima versão.")
        if findings := blocking(template):
            raise NotSubmittable("O texto tem o que impede o envio: corrija o que está apontado.", findings)
        in_chat = rules_of(template.stage).in_chat
        client = None if in_chat else _client()
        if client is None and not in_chat:
            raise NotSubmittable(
                "Nenhum número do WhatsApp está cadastrado: cadastre o número de envio antes."
            )
        template.status, template.submitted_at = TemplateStatus.PENDING, now
        template.save(update_fields=["status", "submitted_at"])
        template_life.tell(template, "Enviado para aprovação.", actor=actor, now=now)
    if client is None:
        follow(template_id=template_id, news=News(status="APPROVED"), now=now)
    else:
        _ask(client, template, actor=actor, now=now)
    template.refresh_from_db()
    return template


def submit_drafts(*, actor: str, now: datetime) -> Submitted:
    """Every draft that nothing blocks. Stops at the first that the provider does not take; others stay drafts."""
    done = Submitted()
    for template in MessageTemplate.objects.filter(status=TemplateStatus.DRAFT).order_by("pk"):
        try:
            done.sent.append(submit(template_id=template.pk, actor=actor, now=now))
        except NotSubmittable as refused:
            if not refused.findings:
                done.stopped = str(refused)
                break
            done.blocked.append(template)
        except ChannelError as error:
            done.stopped = error.message
            break
    return done


def blocking(template: MessageTemplate) -> tuple[LintFinding, ...]:
    """The findings that keep a template from being submitted."""
    return tuple(finding for finding in lint(template, country=country()) if finding.blocks)


def country() -> str:
    """Whose norms the texts keep to."""
    return Organisation.objects.values_list("country", flat=True).first() or DEFAULT_COUNTRY


def sync(*, now: datetime) -> int:
    """Takes over status, category and quality of all from the provider. Returns how many changed.

    A draft is left alone, unless the provider knows it: then its submission had arrived. One that it does not
    know any more is stopped; one that never arrived is a draft again.
    Raises ChannelError when the provider does not answer: nothing of ours is lost, the next run goes on.
    """
    client = _client()
    if client is None:
        return 0
    known = {(info.name, info.language): info for info in client.templates.fetch()}
    changed = 0
    for template in MessageTemplate.objects.exclude(status=TemplateStatus.DISCARDED).order_by("pk"):
        info = known.get((template.name, template.language))
        if info is not None:
            news = News(
                status=info.status,
                category=info.category,
                coming_category=info.correct_category,
                quality=info.quality,
                reason=info.rejected_reason,
                provider_id=info.template_id,
            )
            changed += follow(template_id=template.pk, news=news, now=now)
        elif template.provider_id and template.status != TemplateStatus.DISABLED:
            news = News(status="DELETED", reason="não existe mais no WhatsApp")
            changed += follow(template_id=template.pk, news=news, now=now)
        elif _never_arrived(template, now=now):
            _back_to_draft(template, sentence="O envio não chegou ao WhatsApp: envie de novo.", now=now)
            changed += 1
    return changed


def told(item: items.TemplateUpdate, *, now: datetime) -> None:
    """News by webhook: taken over at once."""
    template_id = (
        MessageTemplate.objects.filter(name=item.name, language=item.language)
        .values_list("pk", flat=True)
        .first()
    )
    if template_id is None:
        return
    match item.change:
        case items.TemplateChange.STATUS:
            news = News(status=item.value, reason=item.reason, provider_id=item.template_id)
        case items.TemplateChange.CATEGORY:
            news = News(category=item.value)
        case items.TemplateChange.CATEGORY_NOTICE:
            news = News(coming_category=item.value)
        case items.TemplateChange.QUALITY:
            news = News(quality=item.value)
        case _:
            return
    follow(template_id=template_id, news=news, now=now)


def components_of(template: MessageTemplate) -> list[dict[str, Any]]:
    """The template in the provider's words: named parameters with examples, quick replies."""
    names = names_in(template.body)
    body: dict[str, Any] = {"type": "BODY", "text": template.body}
    if names:
        body["example"] = {
            "body_text_named_params": [{"param_name": n, "example": EXAMPLES.get(n, n)} for n in names]
        }
    components = [body]
    if template.footer:
        components.append({"type": "FOOTER", "text": template.footer})
    if template.buttons:
        replies = [{"type": "QUICK_REPLY", "text": button["title"]} for button in template.buttons]
        components.append({"type": "BUTTONS", "buttons": replies})
    return components


def _ask(client: WhatsAppClient, template: MessageTemplate, *, actor: str, now: datetime) -> None:
    try:
        created = client.templates.create(
            name=template.name,
            language=template.language,
            category=TemplateCategory(template.category.lower()),
            components=components_of(template),
        )
    except ChannelError as error:
        # One whose fate is unknown stays under review: `sync` finds it there, or gives it back.
        if not error.ambiguous:
            _back_to_draft(template, sentence=f"O WhatsApp não aceitou o envio: {error.message}", now=now)
        raise
    news = News(status=created.status, category=created.category, provider_id=created.template_id)
    follow(template_id=template.pk, news=news, now=now, actor=actor)


def _never_arrived(template: MessageTemplate, *, now: datetime) -> bool:
    return (
        template.status == TemplateStatus.PENDING
        and not template.provider_id
        and template.submitted_at is not None
        and now - template.submitted_at > LOST_AFTER
    )


def _back_to_draft(template: MessageTemplate, *, sentence: str, now: datetime) -> None:
    with transaction.atomic():
        back = MessageTemplate.objects.filter(
            pk=template.pk, status=TemplateStatus.PENDING, provider_id=""
        ).update(status=TemplateStatus.DRAFT, submitted_at=None)
        if back:
            template_life.tell(template, sentence, actor=template_life.SYSTEM, now=now)


def _client() -> WhatsAppClient | None:
    sender = Sender.objects.filter(channel=Channel.WHATSAPP).order_by("pk").first()
    if sender is None:
        return None
    client = channel_of(sender)
    return client if isinstance(client, WhatsAppClient) else None
