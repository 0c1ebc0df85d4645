"""Contents to the JSON of `POST /{phone number id}/messages`.

Whatever carries a file must carry its media id by now: uploading is the client's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from conversations.channels.base import Destination
from conversations.channels.content import (
    Audio,
    ButtonParam,
    Buttons,
    ContactInfoRequest,
    Content,
    CopyCodeParam,
    Document,
    Header,
    HeaderText,
    Image,
    LinkButton,
    ListMenu,
    ListSection,
    Mail,
    OrderCharge,
    OrderParam,
    OrderUpdate,
    PaymentParam,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    TemplateHeader,
    Text,
    UrlParam,
)
from conversations.channels.errors import ContentError

# Amounts travel as whole cents beside this divisor.
_OFFSET: Final = 100


def message(
    destination: Destination, content: Content, *, reply_to: str = "", correlation: str = ""
) -> dict[str, Any]:
    """The whole request body. The telephone, when known, keeps the recipient's telephone visible to us."""
    kind, body = _typed(content)
    sent: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if destination.phone_e164:
        sent["to"] = destination.phone_e164
    else:
        # A user id under `to` would be taken, answered with a message id and never delivered.
        sent["recipient"] = destination.user_id
    sent |= {"type": kind, kind: body}
    if reply_to:
        if isinstance(content, Reaction):
            raise ContentError("Uma reação não cita outra mensagem.")
        sent["context"] = {"message_id": reply_to}
    if correlation:
        sent["biz_opaque_callback_data"] = correlation
    return sent


def read_receipt(message_id: str, *, typing: bool) -> dict[str, Any]:
    """Marks an inbound message as read; `typing` shows that an answer is coming, for 25 s at most."""
    sent: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    if typing:
        sent["typing_indicator"] = {"type": "text"}
    return sent


def order_parameters(order: PixOrder) -> dict[str, Any]:
    """The `parameters` of an order, the same in a message and behind a template's button."""
    parameters: dict[str, Any] = {
        "reference_id": order.reference_id,
        "type": "digital-goods",
        "payment_type": "br",
        "payment_settings": _payment_settings(order),
        "currency": "BRL",
        "total_amount": _amount(order.total),
    }
    if order.items:
        parameters["order"] = _order(order)
    return parameters


def _typed(content: Content) -> tuple[str, dict[str, Any]]:
    """(type, the object under that type's name)."""
    match content:
        case Text():
            return "text", {"body": content.body, "preview_url": content.preview_url}
        case Image():
            return "image", _image(content)
        case Document():
            return "document", _document(content)
        case Audio():
            voice = {"voice": True} if content.voice else {}
            return "audio", {"id": _uploaded(content.media_id), **voice}
        case Reaction():
            return "reaction", {"message_id": content.message_id, "emoji": content.emoji}
        case Template():
            return "template", _template(content)
        case Mail():
            raise ContentError("Um e-mail não sai pelo WhatsApp.")
        case _:
            return "interactive", _interactive(content)


def _interactive(
    content: Buttons | ListMenu | LinkButton | ContactInfoRequest | PixOrder | OrderUpdate,
) -> dict[str, Any]:
    match content:
        case Buttons():
            replies = [
                {"type": "reply", "reply": {"id": button.id, "title": button.title}}
                for button in content.buttons
            ]
            return _frame("button", content, header=content.header) | {"action": {"buttons": replies}}
        case ListMenu():
            action: dict[str, Any] = {
                "button": content.button,
                "sections": [_section(section) for section in content.sections],
            }
            return _frame("list", content, header=content.header) | {"action": action}
        case LinkButton():
            parameters = {"display_text": content.label, "url": content.url}
            action = {"name": "cta_url", "parameters": parameters}
            return _frame("cta_url", content, header=content.header) | {"action": action}
        case ContactInfoRequest():
            return _frame("request_contact_info", content) | {"action": {"name": "request_contact_info"}}
        case PixOrder():
            action = {"name": "review_and_pay", "parameters": order_parameters(content)}
            return _frame("order_details", content, header=content.header or "") | {"action": action}
        case OrderUpdate():
            return _frame("order_status", content) | {"action": _order_status(content)}


def _frame(
    kind: str,
    content: Buttons | ListMenu | LinkButton | ContactInfoRequest | PixOrder | OrderUpdate,
    *,
    header: Header = "",
) -> dict[str, Any]:
    """Type, header, body and footer: what every interactive message has around its action."""
    framed: dict[str, Any] = {"type": kind}
    match header:
        case Image():
            framed["header"] = {"type": "image", "image": _image(header)}
        case Document():
            framed["header"] = {"type": "document", "document": _document(header)}
        case str() if header:
            framed["header"] = {"type": "text", "text": header}
    framed["body"] = {"text": content.body}
    footer = "" if isinstance(content, ContactInfoRequest | OrderUpdate) else content.footer
    if footer:
        framed["footer"] = {"text": footer}
    return framed


def _section(section: ListSection) -> dict[str, Any]:
    rows = [
        {"id": row.id, "title": row.title} | ({"description": row.description} if row.description else {})
        for row in section.rows
    ]
    return ({"title": section.title} if section.title else {}) | {"rows": rows}


def _image(image: Image) -> dict[str, Any]:
    return {"id": _uploaded(image.media_id)} | ({"caption": image.caption} if image.caption else {})


def _document(document: Document) -> dict[str, Any]:
    sent = {"id": _uploaded(document.media_id), "filename": document.filename}
    return sent | ({"caption": document.caption} if document.caption else {})


def _uploaded(media_id: str) -> str:
    if not media_id:
        raise ValueError("a file is sent by the id of its upload")
    return media_id


def _template(template: Template) -> dict[str, Any]:
    components = []
    if template.header is not None:
        components.append({"type": "header", "parameters": [_header_parameter(template.header)]})
    given = template.body_params
    if isinstance(given, Mapping):
        values = [{"type": "text", "parameter_name": name, "text": text} for name, text in given.items()]
    else:
        values = [{"type": "text", "text": text} for text in given]
    if values:
        components.append({"type": "body", "parameters": values})
    components += [_button_component(button) for button in template.buttons]
    language = {"policy": "deterministic", "code": template.language}
    return {"name": template.name, "language": language} | ({"components": components} if components else {})


def _header_parameter(header: TemplateHeader) -> dict[str, Any]:
    match header:
        case HeaderText():
            name = {"parameter_name": header.name} if header.name else {}
            return {"type": "text", **name, "text": header.text}
        case Image():
            return {"type": "image", "image": _image(header)}
        case Document():
            return {"type": "document", "document": _document(header)}


def _button_component(button: ButtonParam) -> dict[str, Any]:
    kind, parameter = _button_parameter(button)
    return {"type": "button", "sub_type": kind, "index": str(button.index), "parameters": [parameter]}


def _button_parameter(button: ButtonParam) -> tuple[str, dict[str, Any]]:
    match button:
        case QuickReplyParam():
            return "quick_reply", {"type": "payload", "payload": button.payload}
        case UrlParam():
            return "url", {"type": "text", "text": button.suffix}
        case CopyCodeParam():
            return "copy_code", {"type": "coupon_code", "coupon_code": button.code}
        case PaymentParam():
            action = {"payment_request": _payment_request(button)}
            return "payment_request", {"type": "action", "action": action}
        case OrderParam():
            action = {"order_details": order_parameters(button.order)}
            return "order_details", {"type": "action", "action": action}


def _payment_request(button: PaymentParam) -> dict[str, Any]:
    if button.boleto_line:
        return {"payment_setting": _boleto(button.boleto_line)}
    if button.link:
        return {"payment_setting": _payment_link(button.link)}
    setting = {"type": "pix_dynamic_code", "pix_dynamic_code": {"code": button.pix_code}}
    amount = {"currency": "BRL", "total_amount": _amount(button.total)} if button.total is not None else {}
    return {"payment_setting": setting} | amount


def _payment_settings(order: PixOrder) -> list[dict[str, Any]]:
    settings: list[dict[str, Any]] = []
    if order.pix is not None:
        code = {
            "code": order.pix.code,
            "merchant_name": order.pix.merchant_name,
            "key": order.pix.key,
            "key_type": order.pix.key_type.value,
        }
        settings.append({"type": "pix_dynamic_code", "pix_dynamic_code": code})
    if order.boleto_line:
        settings.append(_boleto(order.boleto_line))
    if order.link:
        settings.append(_payment_link(order.link))
    return settings


def _boleto(line: str) -> dict[str, Any]:
    return {"type": "boleto", "boleto": {"digitable_line": line}}


def _payment_link(uri: str) -> dict[str, Any]:
    return {"type": "payment_link", "payment_link": {"uri": uri}}


def _order(order: PixOrder) -> dict[str, Any]:
    items = [
        {
            "retailer_id": item.id,
            "name": item.name,
            "amount": _amount(item.amount),
            "quantity": item.quantity,
        }
        for item in order.items
    ]
    written: dict[str, Any] = {
        "status": "pending",
        "items": items,
        "subtotal": _amount(order.subtotal),
        # Mandatory even when nothing is added.
        "tax": _charge(order.tax),
    }
    if order.shipping.amount:
        written["shipping"] = _charge(order.shipping)
    if order.discount.amount:
        written["discount"] = _charge(order.discount)
    if order.expires_at is not None:
        note = {"description": order.expiry_note} if order.expiry_note else {}
        written["expiration"] = {"timestamp": str(int(order.expires_at.timestamp())), **note}
    return written


def _order_status(update: OrderUpdate) -> dict[str, Any]:
    parameters: dict[str, Any] = {"reference_id": update.reference_id}
    if update.order is not None:
        note = {"description": update.description} if update.description else {}
        parameters["order"] = {"status": update.order.value, **note}
    if update.payment is not None:
        paid = {"timestamp": int(update.paid_at.timestamp())} if update.paid_at is not None else {}
        parameters["payment"] = {"status": update.payment.value, **paid}
    return {"name": "review_order", "parameters": parameters}


def _charge(charge: OrderCharge) -> dict[str, Any]:
    note = {"description": charge.description} if charge.description else {}
    return _amount(charge.amount) | note


def _amount(amount: Decimal) -> dict[str, Any]:
    return {"value": int(amount * _OFFSET), "offset": _OFFSET}
