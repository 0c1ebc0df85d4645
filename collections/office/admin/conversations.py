"""Messages, senders and what arrived: for looking things up; talking happens in the inbox."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import Truncator
from unfold.decorators import display

from conversations import senders
from conversations.models import (
    AgentRun,
    AgentStep,
    ChannelEvent,
    Conversation,
    Message,
    Sender,
)
from conversations.templatetags.inbox import who
from members.enums import Channel
from office.admin.base import OfficeAdmin, ReadOnlyAdmin, ReadOnlyInline
from office.home.list_filter import PileFilter

# E.164, a short code, or the id of a pool of numbers at the provider.
_SMS_SENDER = re.compile(r"\+[1-9]\d{7,14}|\d{3,6}|MG[0-9a-fA-F]{32}")


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "state", "owner", "operator", "waiting_since", "last_message_at"]
    list_filter = ["state", "owner"]
    list_select_related = ["member", "operator"]
    search_fields = ["member__folded_name"]
    exclude = ["stranger_address", "stranger_hash", "lease_token"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["at", "talk", "direction", "short", "by", "state_label", "failure"]
    list_filter = [PileFilter, "direction", "state", "contact_kind", "kind", "at"]
    list_select_related = ["conversation__member"]
    search_fields = ["body"]
    ordering = ["-at", "-pk"]

    @display(description="Conversa")
    def talk(self, message: Message) -> str:
        return str(message.conversation)

    @display(description="Autor", ordering="author")
    def by(self, message: Message) -> str:
        return who(message.author)

    @display(description="Texto")
    def short(self, message: Message) -> str:
        return Truncator(message.body).chars(70)

    @display(
        description="Situação",
        label={"Lida": "success", "Entregue": "success", "Falhou": "danger", "Sem confirmação": "warning"},
    )
    def state_label(self, message: Message) -> str:
        return message.get_state_display()


class SenderForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Who sends through a channel that the environment does not know yet cannot be switched on."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        channel = given.get("channel", "")
        if not channel:
            return given
        if given.get("active") and (missing := senders.what_is_missing(channel)):
            self.add_error("active", f"{missing} Até lá, deixe inativo.")
        address = given.get("provider_id", "")
        if channel == Channel.EMAIL and address:
            try:
                validate_email(address)
            except ValidationError:
                self.add_error("provider_id", "De um e-mail, escreva o endereço que as pessoas veem.")
        if channel == Channel.SMS and address and not _SMS_SENDER.fullmatch(address):
            self.add_error(
                "provider_id", "De SMS, escreva o número com + e código do país, ou o número curto."
            )
        return given


@admin.register(Sender)
class SenderAdmin(OfficeAdmin):
    form = SenderForm
    list_display = ["name", "channel", "shown_address", "active", "quality", "paused_reason", "missing"]
    list_filter = [PileFilter, "channel"]
    readonly_fields = ["quality", "missing"]

    @display(description="Endereço")
    def shown_address(self, sender: Sender) -> str:
        return sender.display_phone or ("" if sender.channel == Channel.WHATSAPP else sender.provider_id)

    @display(description="O que falta")
    def missing(self, sender: Sender) -> str:
        return senders.what_is_missing(sender.channel) if sender.channel else ""


class StepInline(ReadOnlyInline):
    model = AgentStep
    fields = ["number", "tool", "arguments", "result", "ok", "milliseconds"]
    readonly_fields = fields


@admin.register(AgentRun)
class AgentRunAdmin(ReadOnlyAdmin):
    list_display = [
        "started_at",
        "conversation",
        "status",
        "model",
        "milliseconds",
        "tokens_in",
        "tokens_out",
        "error",
    ]
    list_filter = ["status", "model", "prompt_version"]
    list_select_related = ["conversation__member"]
    inlines = [StepInline]


@admin.register(ChannelEvent)
class ChannelEventAdmin(ReadOnlyAdmin):
    list_display = ["recorded_at", "provider", "kind", "error"]
    list_filter = ["provider", "kind"]
