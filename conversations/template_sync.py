"""Our templates at the provider: submitted once, then followed, because status and category are theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conversations.channels.base import TemplateCategory
from conversations.channels.whatsapp.client import WhatsAppClient
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, Sender
from conversations.senders import channel_of
from conversations.variables import EXAMPLES, names_in
from members.enums import Channel


def sync(*, now: datetime) -> int:
    """Submits the drafts, then takes over status, category and quality of all. Returns how many changed.

    Raises ChannelError when the provider does not answer: nothing of ours is lost, the next run goes on.
    """
    sender = Sender.objects.filter(channel=Channel.WHATSAPP).order_by("pk").first()
    if sender is None:
        return 0
    client = channel_of(sender)
    if not isinstance(client, WhatsAppClient):
        return 0
    known = {(info.name, info.language): info for info in client.templates.fetch()}
    changed = 0
    for template in MessageTemplate.objects.all():
        info = known.get((template.name, template.language))
        if info is None:
            created = client.templates.create(
                name=template.name,
                language=template.language,
                category=TemplateCategory(template.category.lower()),
                components=components_of(template),
            )
            changed += _follow(
                template,
                now=now,
                provider_id=created.template_id,
                status=created.status,
                category=created.category,
            )
        else:
            changed += _follow(
                template,
                now=now,
                provider_id=info.template_id,
                status=info.status,
                category=info.category,
                quality=info.quality,
            )
    return changed


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


def _follow(template: MessageTemplate, *, now: datetime, **found: str) -> int:
    before = (template.status, template.category, template.provider_id)
    template.provider_id = found["provider_id"][:60]
    if found["status"] in TemplateStatus.values:
        template.status = found["status"]
    template.category = found["category"] or template.category
    template.quality = (found.get("quality") or template.quality)[:10]
    template.synced_at = now
    template.save()
    return int((template.status, template.category, template.provider_id) != before)
