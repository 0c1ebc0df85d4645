"""Everything that is not a message: statuses, templates, account, preferences, identity, echoes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from conversations.channels.whatsapp.errors import classify
from conversations.channels.whatsapp.inbound import Envelope, read_content, read_errors
from conversations.channels.whatsapp.items import (
    AccountUpdate,
    DeliveryStatus,
    Echo,
    IdentityChange,
    IdentityUpdate,
    Item,
    Party,
    Preference,
    PreferenceUpdate,
    Pricing,
    Severity,
    StatusUpdate,
    TemplateChange,
    TemplateUpdate,
)
from conversations.channels.whatsapp.reading import Object, digest, elements, instant, obj, objects, text

_TEMPLATE_FIELDS: Final = {
    "message_template_status_update": TemplateChange.STATUS,
    "template_category_update": TemplateChange.CATEGORY,
    "template_correct_category_detection": TemplateChange.CATEGORY_NOTICE,
    "message_template_quality_update": TemplateChange.QUALITY,
    "message_template_components_update": TemplateChange.COMPONENTS,
}

_ACCOUNT_FIELDS: Final = {
    "account_update": "Situação da conta do WhatsApp",
    "account_alerts": "Alerta da conta do WhatsApp",
    "account_review_update": "Análise da conta do WhatsApp",
    "business_capability_update": "Limites da conta do WhatsApp",
    "business_status_update": "Situação da empresa na Meta",
    "phone_number_quality_update": "Qualidade ou vazão do número",
    "phone_number_name_update": "Nome de exibição do número",
    "payment_configuration_update": "Configuração de pagamentos do WhatsApp",
    "security": "Segurança do número",
}

# By event of the account; what is not listed is a notice.
_EVENTS: Final[Mapping[str, tuple[Severity, str]]] = {
    "ACCOUNT_RESTRICTION": (Severity.CRITICAL, "A Meta restringiu os envios da conta"),
    "ACCOUNT_VIOLATION": (Severity.CRITICAL, "A Meta registrou uma violação de política"),
    "ACCOUNT_DELETED": (Severity.CRITICAL, "A conta do WhatsApp foi excluída"),
    "ACCOUNT_OFFBOARDED": (Severity.CRITICAL, "A conta do WhatsApp foi desconectada"),
    "ACCOUNT_RECONNECTED": (Severity.INFO, "A conta do WhatsApp foi reconectada"),
    "DISABLED_UPDATE": (Severity.CRITICAL, "A conta do WhatsApp foi desativada ou reativada"),
    "PARTNER_REMOVED": (Severity.CRITICAL, "O acesso à conta do WhatsApp foi retirado"),
    "PARTNER_APP_UNINSTALLED": (Severity.CRITICAL, "O aplicativo foi removido da conta do WhatsApp"),
    "FLAGGED": (Severity.WARNING, "A qualidade do número caiu"),
    "UNFLAGGED": (Severity.INFO, "A qualidade do número se recuperou"),
    "DOWNGRADE": (Severity.WARNING, "O limite de envios do número diminuiu"),
    "UPGRADE": (Severity.INFO, "O limite de envios do número aumentou"),
    "THROUGHPUT_UPGRADE": (Severity.INFO, "A vazão do número aumentou"),
    "PIN_CHANGED": (Severity.WARNING, "O PIN do número mudou"),
    "PIN_RESET_REQUEST": (Severity.WARNING, "Alguém pediu para redefinir o PIN do número"),
    "REJECTED": (Severity.WARNING, "A Meta recusou a análise"),
}


_STATUSES: Final = {status.value: status for status in DeliveryStatus}


def read_status(status: Object, envelope: Envelope) -> StatusUpdate:
    """One element of `statuses`. Raises ValueError without the id or the status."""
    message_id, name = text(status.get("id")), text(status.get("status"))
    if not message_id or not name:
        raise ValueError("a status without message id or status")
    known = _STATUSES.get(name, DeliveryStatus.OTHER)
    errors = elements(status.get("errors"))
    recipient = Party(
        wa_id=text(status.get("recipient_id")),
        user_id=text(status.get("recipient_user_id")),
        parent_user_id=text(status.get("recipient_parent_user_id")),
    )
    return StatusUpdate(
        key=f"status:{message_id}:{name}:{text(status.get('timestamp'))}",
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        message_id=message_id,
        status=known,
        status_name=name,
        at=instant(status.get("timestamp")),
        recipient=envelope.complete(recipient, alone=False),
        correlation=text(status.get("biz_opaque_callback_data")),
        pricing=_pricing(obj(status.get("pricing"))),
        error=classify(errors) if errors or known is DeliveryStatus.FAILED else None,
        raw=status,
    )


def read_account_error(envelope: Envelope, value: Object) -> AccountUpdate:
    """`errors` beside messages and statuses: about the account, not about one message."""
    errors = read_errors(value.get("errors"))
    return AccountUpdate(
        key=f"account:{digest(envelope.account_id, envelope.phone_number_id, value.get('errors'))}",
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        at=None,
        field_name="messages",
        event="ERROR",
        severity=Severity.WARNING,
        sentence=errors[0].message if errors else "O WhatsApp informou um erro da conta.",
        errors=errors,
        raw=value,
    )


def read_template(account_id: str, field: str, value: Object, at: datetime | None) -> Iterator[Item]:
    change = _TEMPLATE_FIELDS[field]
    new, previous = _template_values(change, value)
    if change is TemplateChange.CATEGORY and text(value.get("correct_category")):
        # The notice names today's category as the new one and the coming one as the correct one.
        change = TemplateChange.CATEGORY_NOTICE
        new, previous = text(value.get("correct_category")), text(value.get("new_category"))
    rejection = obj(value.get("rejection_info"))
    yield TemplateUpdate(
        key=f"template:{digest(account_id, field, at, value)}",
        account_id=account_id,
        at=instant(value.get("category_update_timestamp"))
        if change is TemplateChange.CATEGORY_NOTICE
        else at,
        change=change,
        template_id=text(value.get("message_template_id")),
        name=text(value.get("message_template_name")),
        language=text(value.get("message_template_language")),
        value=new,
        previous=previous,
        category=text(value.get("message_template_category")),
        reason=_none_to_empty(text(value.get("reason"))) or text(rejection.get("reason")),
        recommendation=text(rejection.get("recommendation")),
        raw=value,
    )


def read_account(account_id: str, field: str, value: Object, at: datetime | None) -> Iterator[Item]:
    event = text(value.get("event")) or text(value.get("decision")) or text(value.get("alert_type"))
    severity, sentence = _EVENTS.get(event.upper(), (Severity.INFO, _ACCOUNT_FIELDS[field]))
    if field == "account_alerts" and text(value.get("alert_severity")).upper() == "CRITICAL":
        severity = Severity.CRITICAL
    waba = text(obj(value.get("waba_info")).get("waba_id"))
    yield AccountUpdate(
        key=f"account:{digest(account_id, field, at, value)}",
        account_id=waba or account_id,
        phone_number_id=text(obj(value.get("metadata")).get("phone_number_id")),
        at=at,
        field_name=field,
        event=event,
        severity=severity,
        sentence=f"{sentence}{_account_detail(value)}.",
        display_phone_number=text(value.get("display_phone_number")),
        raw=value,
    )


def read_preferences(account_id: str, _field: str, value: Object, _at: datetime | None) -> Iterator[Item]:
    envelope = Envelope.of(account_id, value)
    for preference in objects(value.get("user_preferences")):
        chosen = text(preference.get("value")).lower()
        known = Preference(chosen) if chosen in {"stop", "resume"} else Preference.OTHER
        party = Party(wa_id=text(preference.get("wa_id")), user_id=text(preference.get("user_id")))
        yield PreferenceUpdate(
            key=f"preference:{digest(envelope.phone_number_id, preference)}",
            account_id=account_id,
            phone_number_id=envelope.phone_number_id,
            party=envelope.complete(party, alone=True),
            category=text(preference.get("category")),
            # Signing up is asking for it again.
            preference=Preference.RESUME if chosen == "signup" else known,
            at=instant(preference.get("timestamp")),
            detail=text(preference.get("detail")),
            raw=preference,
        )


def read_user_ids(account_id: str, _field: str, value: Object, _at: datetime | None) -> Iterator[Item]:
    envelope = Envelope.of(account_id, value)
    for update in objects(value.get("user_id_update")):
        ids, parents = obj(update.get("user_id")), obj(update.get("parent_user_id"))
        wa_id = text(update.get("wa_id"))
        contact = envelope.complete(
            Party(wa_id=wa_id, user_id=text(ids.get("current"))), alone=not wa_id and not ids
        )
        yield IdentityUpdate(
            key=f"identity:{digest(envelope.phone_number_id, update)}",
            account_id=account_id,
            phone_number_id=envelope.phone_number_id,
            change=IdentityChange.USER_ID,
            before=Party(
                wa_id=wa_id,
                user_id=text(ids.get("previous")),
                parent_user_id=text(parents.get("previous")),
            ),
            after=Party(
                wa_id=wa_id,
                user_id=text(ids.get("current")),
                parent_user_id=text(parents.get("current")),
                profile_name=contact.profile_name,
                username=contact.username,
            ),
            at=instant(update.get("timestamp")),
            raw=update,
        )


def read_echo(echo: Object, envelope: Envelope) -> Echo:
    """One element of `message_echoes`: written by a person of ours on the telephone. Needs an id."""
    recipient = Party(
        wa_id=text(echo.get("to")),
        user_id=text(echo.get("to_user_id")),
        parent_user_id=text(echo.get("to_parent_user_id")),
    )
    message = read_content(
        echo,
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        sender=Party(wa_id=text(echo.get("from"))),
    )
    return Echo(
        key=f"echo:{envelope.phone_number_id}:{message.message_id}",
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        recipient=envelope.complete(recipient, alone=False),
        message=message,
        raw=echo,
    )


Reader = Callable[
    [str, str, Object, "datetime | None"],
    "Iterator[Item]",
]

READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(_TEMPLATE_FIELDS, read_template),
    **dict.fromkeys(_ACCOUNT_FIELDS, read_account),
    "user_preferences": read_preferences,
    "user_id_update": read_user_ids,
}


def _pricing(pricing: Object) -> Pricing | None:
    if not pricing:
        return None
    billable = pricing.get("billable")
    return Pricing(
        category=text(pricing.get("category")),
        type=text(pricing.get("type")),
        model=text(pricing.get("pricing_model")),
        billable=billable if isinstance(billable, bool) else None,
    )


def _template_values(change: TemplateChange, value: Object) -> tuple[str, str]:
    """(new, previous) of what changed, in Meta's words."""
    match change:
        case TemplateChange.STATUS:
            return text(value.get("event")), ""
        case TemplateChange.CATEGORY:
            return text(value.get("new_category")), text(value.get("previous_category"))
        case TemplateChange.CATEGORY_NOTICE:
            coming = text(value.get("correct_category")) or text(value.get("suggested_category"))
            today = text(value.get("current_category")) or text(value.get("category"))
            return coming, today
        case TemplateChange.QUALITY:
            return text(value.get("new_quality_score")), text(value.get("previous_quality_score"))
        case TemplateChange.COMPONENTS:
            return "", ""


def _account_detail(value: Object) -> str:
    """What the notice adds, in Meta's words: kinds of restriction, violation, ban, limits."""
    restrictions = (text(r.get("restriction_type")) for r in objects(value.get("restriction_info")))
    details = [
        *restrictions,
        text(obj(value.get("violation_info")).get("violation_type")),
        text(obj(value.get("ban_info")).get("waba_ban_state")),
        text(value.get("current_limit")),
        text(value.get("max_daily_conversations_per_business")),
        text(value.get("alert_description")),
        text(value.get("rejection_reason")),
    ]
    shown = ", ".join(detail for detail in details if _none_to_empty(detail))
    return f": {shown}" if shown else ""


def _none_to_empty(word: str) -> str:
    return "" if word.upper() == "NONE" else word
