"""Brazil's payment messages: order_details, order_status, and the payment_request of a template button."""

import re
from datetime import datetime, timedelta
from typing import Any

from simulators.whatsapp.content.shapes import Button, Content
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.fields import Fields

_REFERENCE = re.compile(r"^[A-Za-z0-9_.\-]{1,60}$")
_KEY_TYPES = ("cnpj", "cpf", "email", "phone", "evp")
_ORDER_KEYS = ("status", "expiration", "items", "subtotal", "tax", "shipping", "discount", "catalog_id")
_PARAMETER_KEYS = (
    "reference_id",
    "type",
    "payment_type",
    "currency",
    "total_amount",
    "payment_settings",
    "order",
    "payment_configuration",
)
ORDER_STATES = ("pending", "processing", "partially_shipped", "shipped", "completed", "canceled")
PAYMENT_STATES = ("pending", "captured", "failed")
_EXPIRY_AHEAD = timedelta(seconds=300)


def read_order_details(action: Fields, content: Content, *, now: datetime) -> None:
    """Read the action of an order_details message into `content`."""
    action.only("name", "parameters")
    action.choice("name", ("review_and_pay",))
    parameters = action.inner("parameters")
    if content.media is not None and not parameters.has("order"):
        raise GraphError(131009, "Order details without an order do not support a media header.")
    content.order, content.buttons = read_order_parameters(parameters, now=now)


def read_order_parameters(fields: Fields, *, now: datetime) -> tuple[dict[str, Any], list[Button]]:
    """Return the order as the phone shows it, and a button per payment setting."""
    fields.only(*_PARAMETER_KEYS)
    reference = fields.text("reference_id", max_length=60)
    if not _REFERENCE.match(reference):
        raise GraphError(
            131009, f"{fields.name('reference_id')} may only hold A-Z, a-z, 0-9, '_', '.' and '-'."
        )
    fields.choice("type", ("digital-goods", "physical-goods"))
    fields.choice("payment_type", ("br",))
    fields.choice("currency", ("brl",))
    total = _read_amount(fields, "total_amount")
    settings = fields.items("payment_settings", minimum=1, maximum=4)
    buttons = [read_payment_setting(setting) for setting in settings]
    order: dict[str, Any] = {"reference_id": reference, "total": total, "items": []}
    if fields.has("order"):
        order |= _read_order(fields.inner("order"), total=total, now=now)
    return order, buttons


def _read_amount(fields: Fields, name: str) -> int:
    amount = fields.inner(name)
    amount.only("value", "offset", "description", "discount_program_name")
    if amount.value("offset") != 100:
        raise GraphError(131009, f"{amount.name('offset')} must be 100.")
    amount.optional_text("description", max_length=60)
    return amount.whole("value")


def _read_order(order: Fields, *, total: int, now: datetime) -> dict[str, Any]:
    order.only(*_ORDER_KEYS)
    order.choice("status", ("pending",))
    items = order.items("items", minimum=1, maximum=999)
    shown = []
    expected = 0
    for item in items:
        item.only(
            "retailer_id", "name", "amount", "sale_amount", "quantity", "country_of_origin", "importer_name"
        )
        name = item.text("name", max_length=60)
        quantity = item.whole("quantity", minimum=1)
        amount = _read_amount(item, "sale_amount" if item.has("sale_amount") else "amount")
        expected += amount * quantity
        shown.append({"name": name, "quantity": quantity, "amount": amount})
    subtotal = _read_amount(order, "subtotal")
    if subtotal != expected:
        raise GraphError(131009, f"{order.name('subtotal')} is not the sum of the items ({expected}).")
    tax = _read_amount(order, "tax")
    shipping = _read_amount(order, "shipping") if order.has("shipping") else 0
    discount = _read_amount(order, "discount") if order.has("discount") else 0
    if total != subtotal + tax + shipping - discount:
        raise GraphError(131009, "total_amount is not subtotal + tax + shipping - discount.")
    read: dict[str, Any] = {"items": shown, "subtotal": subtotal, "tax": tax, "discount": discount}
    if order.has("expiration"):
        read["expires_at"] = _read_expiration(order.inner("expiration"), now=now)
    return read


def _read_expiration(fields: Fields, *, now: datetime) -> int:
    fields.only("timestamp", "description")
    fields.optional_text("description", max_length=120)
    try:
        moment = int(fields.value("timestamp"))
    except (TypeError, ValueError):
        raise GraphError(131009, f"{fields.name('timestamp')} must be seconds since the epoch.") from None
    if moment < (now + _EXPIRY_AHEAD).timestamp():
        raise GraphError(131009, f"{fields.name('timestamp')} must be at least 300 seconds ahead.")
    return moment


def read_payment_setting(fields: Fields) -> Button:
    """Read one way to pay and return what the phone offers for it."""
    kind = fields.choice("type", ("pix_dynamic_code", "boleto", "payment_link", "offsite_card_pay"))
    fields.only("type", kind)
    inner = fields.inner(kind)
    if kind == "pix_dynamic_code":
        inner.only("code", "merchant_name", "key", "key_type")
        code = inner.text("code", max_length=1000)
        if not code.startswith("000201"):
            raise GraphError(131009, f"{inner.name('code')} is not a Pix code.")
        if inner.has("key_type"):
            inner.choice("key_type", _KEY_TYPES)
        return Button(kind="pix", title="Copiar código Pix", code=code)
    if kind == "boleto":
        inner.only("digitable_line")
        line = inner.text("digitable_line", max_length=60)
        return Button(kind="boleto", title="Copiar código do boleto", code=line)
    if kind == "payment_link":
        inner.only("uri")
        uri = inner.text("uri", max_length=2000)
        if not uri.startswith(("http://", "https://")):
            raise GraphError(131009, f"{inner.name('uri')} is not a valid URI.")
        return Button(kind="link", title="Abrir link de pagamento", url=uri)
    raise GraphError(131009, "offsite_card_pay is not enabled for this business account.")


def read_payment_request(fields: Fields) -> Button:
    """Read the action of a template's payment_request button."""
    fields.only("payment_setting", "currency", "total_amount")
    if fields.has("currency"):
        fields.choice("currency", ("brl",))
    if fields.has("total_amount"):
        _read_amount(fields, "total_amount")
    return read_payment_setting(fields.inner("payment_setting"))


def read_order_status(action: Fields, content: Content) -> None:
    """Read the action of an order_status message into `content`; the transition is checked with the order."""
    action.only("name", "parameters")
    action.choice("name", ("review_order",))
    content.order_status = read_order_status_parameters(action.inner("parameters"))


def read_order_status_parameters(fields: Fields) -> dict[str, Any]:
    """Return `reference_id` and the new states of order and payment; at least one of both."""
    fields.only("reference_id", "order", "payment")
    status: dict[str, Any] = {"reference_id": fields.text("reference_id", max_length=60)}
    if fields.has("order"):
        order = fields.inner("order")
        order.only("status", "description")
        status["order"] = order.choice("status", ORDER_STATES)
        status["description"] = order.optional_text("description", max_length=120)
    if fields.has("payment"):
        payment = fields.inner("payment")
        payment.only("status", "timestamp")
        status["payment"] = payment.choice("status", PAYMENT_STATES)
    if "order" not in status and "payment" not in status:
        raise GraphError(131008, "At least one of order and payment is required.")
    return status
