"""News about ourselves at the provider: templates, numbers, preferences, people's ids."""

from __future__ import annotations

from datetime import datetime

from conversations import template_sync
from conversations.channels.whatsapp import items
from conversations.models import ChannelEvent, Conversation, Sender
from conversations.takeover import written_by_phone
from members import selectors, services
from members.enums import AliasKind, Channel


def template_changed(item: items.TemplateUpdate, *, event: ChannelEvent, now: datetime) -> None:
    """Status, category and quality are the provider's: our row follows, with its story and its alarms."""
    template_sync.told(item, now=now)


def account_changed(item: items.AccountUpdate, *, event: ChannelEvent, now: datetime) -> None:
    """A critical notice stops the numbers it is about until a person acts; the event row keeps the rest."""
    if item.severity == items.Severity.CRITICAL:
        Sender.objects.filter(channel=Channel.WHATSAPP).update(
            active=False, paused_reason=item.sentence[:200]
        )


def preference_changed(item: items.PreferenceUpdate, *, event: ChannelEvent, now: datetime) -> None:
    """*Stop* in the app itself is an opt-out like any other; *resume* there lifts nothing here."""
    point = selectors.contact_point_for_whatsapp(user_id=item.party.user_id, wa_id=item.party.wa_id)
    if point is not None and item.preference == items.Preference.STOP:
        services.opt_out(
            member=point.member, channel=Channel.WHATSAPP, source="no aplicativo", actor="member", now=now
        )


def identity_changed(item: items.IdentityUpdate, *, event: ChannelEvent, now: datetime) -> None:
    """A person's id or number changed. The new id is learned; a new owner is never assumed to be the same."""
    point = selectors.contact_point_for_whatsapp(user_id=item.before.user_id, wa_id=item.before.wa_id)
    if point is None:
        return
    if item.change == items.IdentityChange.USER_ID:
        services.learn_alias(point=point, kind=AliasKind.USER_ID, value=item.after.user_id, now=now)
    else:
        services.doubt_identity(point=point, reason="o WhatsApp avisou de uma troca", now=now)


def written_elsewhere(item: items.Echo, *, event: ChannelEvent, now: datetime) -> None:
    """Somebody of ours answered from the phone itself: a human act like any other, the agent stops."""
    point = selectors.contact_point_for_whatsapp(user_id=item.recipient.user_id, wa_id=item.recipient.wa_id)
    if point is None:
        return
    conversation = Conversation.objects.filter(contact_point=point).first()
    if conversation is not None:
        written_by_phone(
            conversation=conversation, text=item.message.text, message_id=item.message.message_id, now=now
        )
