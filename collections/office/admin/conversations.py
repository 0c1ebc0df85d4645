"""Messages, senders and what arrived: for looking things up; talking happens in the inbox."""

from __future__ import annotations

from django.contrib import admin
from django.utils.text import Truncator
from unfold.decorators import display

from conversations.models import (
    AgentRun,
    AgentStep,
    ChannelEvent,
    Conversation,
    Message,
    Sender,
)
from conversations.templatetags.inbox import who
from office.admin.base import OfficeAdmin, ReadOnlyAdmin, ReadOnlyInline
from office.home.list_filter import PileFilter


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
    date_hierarchy = "at"

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


@admin.register(Sender)
class SenderAdmin(OfficeAdmin):
    list_display = ["name", "display_phone", "active", "quality", "paused_reason"]
    list_filter = [PileFilter]
    readonly_fields = ["quality"]


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
