"""The side bar of the office and its colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy

# Teal, the one accent, a shade darker than its name from 600 on: white on it and it on white keep 4.5 to 1.
# The greys are the shell's own.
COLORS = {
    "primary": {
        "50": "#f0fdfa",
        "100": "#ccfbf1",
        "200": "#99f6e4",
        "300": "#5eead4",
        "400": "#2dd4bf",
        "500": "#14b8a6",
        "600": "#0f766e",
        "700": "#115e59",
        "800": "#134e4a",
        "900": "#0c3f3c",
        "950": "#042f2e",
    }
}

# Group → (title, icon, address, permission).
_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "Trabalho",
        (
            ("Início", "home", "admin:index", ""),
            ("Conversas", "forum", "inbox:index", "conversations.view_conversation"),
            ("Membros", "group", "admin:members_member_changelist", "members.view_member"),
            ("Casos", "assignment_ind", "admin:cases_case_changelist", "cases.view_case"),
            ("Escaladas", "person_alert", "admin:cases_escalation_changelist", "cases.view_escalation"),
            ("Promessas", "event_available", "admin:cases_promise_changelist", "cases.view_promise"),
            ("Acordos", "handshake", "admin:cases_agreement_changelist", "cases.view_agreement"),
            ("Contestações", "gavel", "admin:cases_dispute_changelist", "cases.view_dispute"),
        ),
    ),
    (
        "Cobranças e pagamentos",
        (
            ("A receber por atraso", "stacked_bar_chart", "lists:aging", "billing.view_invoice"),
            ("Faturas", "receipt_long", "admin:billing_invoice_changelist", "billing.view_invoice"),
            ("Pagamentos", "payments", "admin:billing_payment_changelist", "billing.view_payment"),
            (
                "Códigos Pix",
                "qr_code_2",
                "admin:billing_paymentmeans_changelist",
                "billing.view_paymentmeans",
            ),
            ("Lançamentos", "menu_book", "admin:billing_ledgerentry_changelist", "billing.view_ledgerentry"),
            ("Ações em massa", "checklist", "lists:bulk_history", "cases.change_case"),
            (
                "Exportações feitas",
                "download",
                "admin:office_listexport_changelist",
                "office.view_listexport",
            ),
            ("Importações", "upload_file", "imports:history", "office.view_importbatch"),
        ),
    ),
    (
        "Régua",
        (
            ("Régua", "timeline", "regua:index", "cadence.view_cadenceversion"),
            ("Segmentos", "donut_small", "regua:segments", "cadence.view_segment"),
            ("Envios por pessoas", "outgoing_mail", "regua:approvals", "cadence.view_stepapproval"),
            (
                "Contatos sem dado",
                "playlist_remove",
                "admin:cadence_missingdata_changelist",
                "cadence.view_missingdata",
            ),
            ("Etapas feitas", "done_all", "admin:cadence_steprun_changelist", "cadence.view_steprun"),
            (
                "Modelos de mensagem",
                "description",
                "admin:conversations_messagetemplate_changelist",
                "conversations.view_messagetemplate",
            ),
        ),
    ),
    (
        "Contatos e consentimentos",
        (
            ("Opt-outs e consentimentos", "book", "contacts:book", "members.view_suppressionmark"),
            ("Números em quarentena", "phonelink_erase", "contacts:quarantine", "members.view_contactpoint"),
            ("Contatos a corrigir", "contact_support", "contacts:hygiene", "members.view_hygienetask"),
            (
                "Avisos de privacidade",
                "policy",
                "admin:members_privacynotice_changelist",
                "members.view_privacynotice",
            ),
            (
                "Contatos",
                "contact_phone",
                "admin:members_contactpoint_changelist",
                "members.view_contactpoint",
            ),
        ),
    ),
    (
        "Regras",
        (
            ("Políticas", "balance", "policies:index", "commons.view_organisation"),
            (
                "Política de contato",
                "schedule",
                "admin:compliance_contactsettings_changelist",
                "compliance.view_contactsettings",
            ),
            (
                "Feriados locais",
                "calendar_month",
                "admin:compliance_localholiday_changelist",
                "compliance.view_localholiday",
            ),
            ("Períodos sem contato", "event_busy", "blackouts:index", "compliance.view_blackout"),
            (
                "Horários pedidos",
                "more_time",
                "admin:compliance_hoursrequest_changelist",
                "compliance.view_hoursrequest",
            ),
            ("Paradas", "front_hand", "stops:index", "compliance.view_switch"),
            (
                "Decisões de contato",
                "verified_user",
                "admin:compliance_decision_changelist",
                "compliance.view_decision",
            ),
        ),
    ),
    (
        "Pilotos",
        (("Pilotos", "science", "admin:assignment_pilot_changelist", "assignment.view_pilot"),),
    ),
    (
        "Sistema",
        (
            ("Ajuda", "help", "help:index", ""),
            ("Primeiros passos", "checklist_rtl", "first_steps:index", "commons.change_organisation"),
            ("Configurações", "settings", "settings:index", "commons.view_organisation"),
            (
                "Números de envio",
                "phone_in_talk",
                "admin:conversations_sender_changelist",
                "conversations.view_sender",
            ),
            (
                "Turnos do robô",
                "smart_toy",
                "admin:conversations_agentrun_changelist",
                "conversations.view_agentrun",
            ),
            ("Mensagens", "chat", "admin:conversations_message_changelist", "conversations.view_message"),
            (
                "Requisições recebidas",
                "move_to_inbox",
                "admin:commons_webhookrequest_changelist",
                "commons.view_webhookrequest",
            ),
            (
                "Rotinas",
                "update",
                "admin:django_celery_beat_periodictask_changelist",
                "django_celery_beat.view_periodictask",
            ),
            ("Pessoas", "badge", "admin:auth_user_changelist", "auth.view_user"),
            ("Dados mostrados", "visibility", "admin:members_reveal_changelist", "members.view_reveal"),
            ("Papéis", "admin_panel_settings", "admin:auth_group_changelist", "auth.view_group"),
        ),
    ),
)


def sidebar(_request: HttpRequest) -> list[dict[str, Any]]:
    """Groups and links in the order of the work, not of the apps; each only to who may open it."""
    return [
        {
            "title": title,
            "separator": index > 0,
            "collapsible": index > 1,
            "items": [
                {
                    "title": name,
                    "icon": icon,
                    "link": reverse_lazy(address),
                    "permission": _allowed(permission),
                }
                for name, icon, address, permission in items
            ],
        }
        for index, (title, items) in enumerate(_GROUPS)
    ]


def _allowed(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: not permission or bool(request.user.has_perm(permission))
