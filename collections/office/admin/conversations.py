"""Messages, templates, senders and what arrived: for looking things up; talking happens in the inbox."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator
from unfold.decorators import action, display

from commons import clock
from conversations import template_sync
from conversations.channels.errors import ChannelError
from conversations.models import (
    AgentRun,
    AgentStep,
    ChannelEvent,
    Conversation,
    Message,
    MessageTemplate,
    Sender,
)
from conversations.templatetags.inbox import who
from office.admin.base import OfficeAdmin, ReadOnlyAdmin, ReadOnlyInline


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
    list_filter = ["direction", "state", "contact_kind", "kind", "at"]
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


@admin.register(MessageTemplate)
class MessageTemplateAdmin(OfficeAdmin):
    list_display = ["name", "stage", "status_label", "category", "quality", "synced_at"]
    list_filter = ["status", "category", "stage"]
    readonly_fields = ["status", "provider_id", "quality", "rejected_reason", "synced_at"]
    actions_list = ["sync_now"]

    @display(
        description="Situação no WhatsApp",
        label={"Aprovado": "success", "Em análise": "info", "Recusado": "danger", "Pausado": "warning"},
    )
    def status_label(self, template: MessageTemplate) -> str:
        return template.get_status_display()

    @action(description="Sincronizar com o WhatsApp", icon="sync")
    def sync_now(self, request: HttpRequest) -> HttpResponse:
        try:
            changed = template_sync.sync(now=clock.now())
        except ChannelError as error:
            messages.error(
                request, f"O WhatsApp não respondeu: {error.message} Nada foi perdido; tente de novo."
            )
        else:
            messages.success(request, f"Modelos sincronizados; {changed} mudaram.")
        return redirect("admin:conversations_messagetemplate_changelist")


@admin.register(Sender)
class SenderAdmin(OfficeAdmin):
    list_display = ["name", "display_phone", "active", "quality", "paused_reason"]
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
