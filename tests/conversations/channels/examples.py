"""Webhook deliveries as Meta sends them, one builder per kind: what parser tests, and others', start from.

Every builder takes overrides for the object it makes; `without` drops keys, because in these payloads almost
everything may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

ACCOUNT_ID = "102290129340398"
PHONE_NUMBER_ID = "106540352242922"
DISPLAY_PHONE = "551140028922"
ANA = "551187654321"
ANA_USER_ID = "BR.1502748163"
SENT_AT = "1790000000"
SENT_AT_SECONDS = 1_790_000_000


def delivery(*changes: Json, account_id: str = ACCOUNT_ID, time: int | None = None) -> Json:
    """One POST with one entry."""
    return {
        "object": "whatsapp_business_account",
        "entry": [entry(*changes, account_id=account_id, time=time)],
    }


def entry(*changes: Json, account_id: str = ACCOUNT_ID, time: int | None = None) -> Json:
    return {"id": account_id, **({"time": time} if time is not None else {}), "changes": list(changes)}


def raw(body: Any) -> bytes:
    """The bytes on the wire: non-ASCII characters escaped, as Meta sends them."""
    return json.dumps(body, ensure_ascii=True).encode()


def change(field: str, value: Json) -> Json:
    return {"field": field, "value": value}


def value(**parts: Any) -> Json:
    """The value of a `messages` change."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": DISPLAY_PHONE, "phone_number_id": PHONE_NUMBER_ID},
        **parts,
    }


def messages(*found: Json, contacts: Iterable[Json] | None = None) -> Json:
    """A `messages` change with messages; by default one contact, Ana."""
    known = [contact()] if contacts is None else list(contacts)
    return change("messages", value(**({"contacts": known} if known else {}), messages=list(found)))


def statuses(*found: Json, contacts: Iterable[Json] = ()) -> Json:
    known = list(contacts)
    return change("messages", value(**({"contacts": known} if known else {}), statuses=list(found)))


def without(found: Json, *keys: str) -> Json:
    return {key: part for key, part in found.items() if key not in keys}


def contact(**parts: Any) -> Json:
    return {
        "profile": {"name": "Ana Lúcia", "username": "ana.lucia"},
        "wa_id": ANA,
        "user_id": ANA_USER_ID,
        **parts,
    }


def message(kind: str, part: Any = None, **parts: Any) -> Json:
    """A message of type `kind` from Ana whose object under that name is `part`."""
    inner = {} if part is None else {kind: part}
    return {
        "from": ANA,
        "from_user_id": ANA_USER_ID,
        "id": "wamid.HBgMNTUxMTg3NjU0MzIxFQIAEhgUM0E=",
        "timestamp": SENT_AT,
        "type": kind,
        **inner,
        **parts,
    }


def text(body: str = "Olá, já paguei 😀", **parts: Any) -> Json:
    return message("text", {"body": body}, **parts)


def quoted(message_id: str = "wamid.OURS") -> Json:
    return {"from": DISPLAY_PHONE, "id": message_id}


def template_button(**parts: Any) -> Json:
    return message("button", {"payload": "paid:123", "text": "Já paguei"}, **{"context": quoted(), **parts})


def button_reply(**parts: Any) -> Json:
    reply = {"id": "pay:123", "title": "Pagar"}
    return message(
        "interactive", {"type": "button_reply", "button_reply": reply}, **{"context": quoted(), **parts}
    )


def list_reply(**parts: Any) -> Json:
    reply = {"id": "p3", "title": "3x", "description": "R$ 40,00"}
    return message(
        "interactive", {"type": "list_reply", "list_reply": reply}, **{"context": quoted(), **parts}
    )


def flow_reply(response: str = '{"due_day": "10", "flow_token": "t"}', **parts: Any) -> Json:
    reply = {"name": "flow", "body": "Enviado", "response_json": response}
    return message("interactive", {"type": "nfm_reply", "nfm_reply": reply}, **{"context": quoted(), **parts})


def call_permission_reply(**parts: Any) -> Json:
    reply = {"response": "accept", "expiration_timestamp": 1_790_600_000, "response_source": "user_action"}
    return message("interactive", {"type": "call_permission_reply", "call_permission_reply": reply}, **parts)


def media(kind: str, **parts: Any) -> Json:
    """image, video, document, audio or sticker."""
    mimes = {
        "image": "image/jpeg",
        "video": "video/mp4",
        "document": "application/pdf",
        "audio": "audio/ogg; codecs=opus",
        "sticker": "image/webp",
    }
    part = {
        "id": "1908647269898587",
        "mime_type": mimes[kind],
        "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    }
    return message(kind, {**part, **parts})


def location(**parts: Any) -> Json:
    place = {"latitude": -23.5613, "longitude": -46.6565, "name": "Academia", "address": "Av. Paulista, 900"}
    return message("location", {**place, **parts})


def contacts_card(origin: str = "other", **parts: Any) -> Json:
    card = {
        "name": {"formatted_name": "Bruno Lima", "first_name": "Bruno"},
        "phones": [{"phone": "+55 11 91234-5678", "wa_id": "5511912345678", "type": "CELL"}],
        "origin": origin,
    }
    return message("contacts", [card], **parts)


def reaction(emoji: str | None = "👍", **parts: Any) -> Json:
    part = {"message_id": "wamid.OURS", **({} if emoji is None else {"emoji": emoji})}
    return message("reaction", part, **parts)


def order(**parts: Any) -> Json:
    item = {"product_retailer_id": "p1", "quantity": 1, "item_price": 119.9, "currency": "BRL"}
    return message("order", {"catalog_id": "1", "text": "quero esse", "product_items": [item]}, **parts)


def edit(**parts: Any) -> Json:
    now = {"type": "text", "text": {"body": "pago na sexta"}, "context": quoted()}
    return message("edit", {"original_message_id": "wamid.EARLIER", "message": now}, **parts)


def edited_caption(**parts: Any) -> Json:
    now = {"type": "image", "image": {"caption": "comprovante", "mime_type": "image/jpeg", "id": "1"}}
    return message("edit", {"original_message_id": "wamid.EARLIER", "message": now}, **parts)


def revoke(**parts: Any) -> Json:
    return message("revoke", {"original_message_id": "wamid.EARLIER"}, **parts)


def unsupported(kind: str = "unsupported", **parts: Any) -> Json:
    error = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    return message(kind, {"type": "poll"}, errors=[error], **parts)


def system(kind: str, **parts: Any) -> Json:
    """A notice about the person; such deliveries carry no contacts."""
    return message("system", {"body": "…", "type": kind, **parts})


def changed_number(new_wa_id: str = "5521912345678") -> Json:
    return system("user_changed_number", wa_id=new_wa_id, user_id="BR.999")


def status(name: str = "sent", **parts: Any) -> Json:
    return {
        "id": "wamid.OURS",
        "status": name,
        "timestamp": SENT_AT,
        "recipient_id": ANA,
        "recipient_user_id": ANA_USER_ID,
        "biz_opaque_callback_data": "outbox:123",
        **parts,
    }


def pricing(**parts: Any) -> Json:
    return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility", **parts}


def failed(code: int = 131026, **parts: Any) -> Json:
    """Without contacts, and without the user id when it was sent by telephone."""
    error = {
        "code": code,
        "title": "Message undeliverable",
        "message": "Message undeliverable",
        "error_data": {"details": "Message Undeliverable."},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }
    return without(status("failed", errors=[error], **parts), "recipient_user_id")


def template_ids(**parts: Any) -> Json:
    return {
        "message_template_id": 1689556908129832,
        "message_template_name": "lembrete_v1",
        "message_template_language": "pt_BR",
        **parts,
    }


def template_status(event: str = "APPROVED", reason: str | None = "NONE", **parts: Any) -> Json:
    found = template_ids(event=event, reason=reason, message_template_category="UTILITY", **parts)
    return change("message_template_status_update", found)


def category_notice() -> Json:
    found = template_ids(
        new_category="UTILITY", correct_category="MARKETING", category_update_timestamp=1_790_086_400
    )
    return change("template_category_update", found)


def category_changed() -> Json:
    return change(
        "template_category_update", template_ids(previous_category="UTILITY", new_category="MARKETING")
    )


def template_quality(new: str = "RED", previous: str = "GREEN") -> Json:
    scores = template_ids(previous_quality_score=previous, new_quality_score=new)
    return change("message_template_quality_update", scores)


def template_components() -> Json:
    found = template_ids(message_template_element="Olá {{nome}}", message_template_title="")
    return change("message_template_components_update", found)


def account_restriction() -> Json:
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_790_600_000}
    return change("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]})


def account_violation() -> Json:
    found = {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}}
    return change("account_update", found)


def partner_removed() -> Json:
    info = {"waba_id": "200", "owner_business_id": "300"}
    return change("account_update", {"event": "PARTNER_REMOVED", "waba_info": info})


def throughput_upgrade() -> Json:
    found = {
        "display_phone_number": DISPLAY_PHONE,
        "event": "THROUGHPUT_UPGRADE",
        "current_limit": "TIER_UNLIMITED",
    }
    return change("phone_number_quality_update", found)


def capability() -> Json:
    return change("business_capability_update", {"max_daily_conversations_per_business": 2000})


def account_error(code: int = 131042) -> Json:
    error = {"code": code, "title": "Business eligibility payment issue", "message": "…"}
    return change("messages", value(errors=[error]))


def preference(chosen: str = "stop", **parts: Any) -> Json:
    found = {
        "wa_id": ANA,
        "user_id": ANA_USER_ID,
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": chosen,
        "timestamp": SENT_AT_SECONDS,
        **parts,
    }
    return change("user_preferences", value(contacts=[contact()], user_preferences=[found]))


def user_id_update(**parts: Any) -> Json:
    found = {
        "wa_id": ANA,
        "detail": "User id changed",
        "user_id": {"previous": ANA_USER_ID, "current": "BR.777"},
        "timestamp": SENT_AT,
        **parts,
    }
    return change("user_id_update", value(contacts=[contact(user_id="BR.777")], user_id_update=[found]))


def echo(**parts: Any) -> Json:
    """Sent by a person of ours from the telephone."""
    found = {
        "from": DISPLAY_PHONE,
        "to": ANA,
        "id": "wamid.ECHO",
        "timestamp": SENT_AT,
        "type": "text",
        "text": {"body": "Oi Ana, aqui é a Carla"},
        **parts,
    }
    return change("smb_message_echoes", value(contacts=[contact()], message_echoes=[found]))


def history() -> Json:
    chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 10}, "threads": []}
    return change("history", value(history=[chunk]))


MESSAGES: dict[str, Json] = {
    "text": text(),
    "button": template_button(),
    "button_reply": button_reply(),
    "list_reply": list_reply(),
    "flow_reply": flow_reply(),
    "call_permission_reply": call_permission_reply(),
    "image": media("image", caption="comprovante"),
    "video": media("video"),
    "document": media("document", filename="comprovante.pdf"),
    "audio": media("audio", voice=True),
    "sticker": media("sticker", animated=True),
    "location": location(),
    "contacts": contacts_card(),
    "reaction": reaction(),
    "order": order(),
    "edit": edit(),
    "revoke": revoke(),
    "unsupported": unsupported(),
    "unknown": unsupported("unknown"),
}
"""One message of every kind, by the name of its `MessageKind`."""

CHANGES: dict[str, Json] = {
    **{name: messages(found) for name, found in MESSAGES.items()},
    "changed_number": messages(changed_number(), contacts=[]),
    "sent": statuses(status(), contacts=[contact()]),
    "failed": statuses(failed()),
    "template_status": template_status(),
    "category_notice": category_notice(),
    "category_changed": category_changed(),
    "template_quality": template_quality(),
    "template_components": template_components(),
    "account_restriction": account_restriction(),
    "account_violation": account_violation(),
    "partner_removed": partner_removed(),
    "throughput_upgrade": throughput_upgrade(),
    "capability": capability(),
    "account_error": account_error(),
    "preference": preference(),
    "user_id_update": user_id_update(),
    "echo": echo(),
    "history": history(),
}
"""One change of every field and kind."""
