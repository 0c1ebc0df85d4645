"""Interactive messages: reply buttons, lists, links, contact request and the Brazilian order messages."""

from datetime import datetime

from simulators.whatsapp.content.payments import read_order_details, read_order_status
from simulators.whatsapp.content.plain import read_media_object
from simulators.whatsapp.content.shapes import Button, Content, Media
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.fields import Fields

_KEYS = ("type", "header", "body", "footer", "action")
_TYPES = (
    "button",
    "list",
    "cta_url",
    "request_contact_info",
    "location_request_message",
    "flow",
    "order_details",
    "order_status",
)
# Real types that need things this simulated business does not have (a catalogue, calls).
_UNAVAILABLE = ("catalog_message", "product", "product_list", "call_permission_request", "address_message")
_LIST_ROWS = 10


def read_interactive(message: Fields, *, now: datetime) -> Content:
    """Read `interactive`; `now` is the business time that order expiries are measured against."""
    fields = message.inner("interactive")
    fields.only(*_KEYS)
    kind = fields.choice("type", (*_TYPES, *_UNAVAILABLE))
    if kind in _UNAVAILABLE:
        raise GraphError(131009, f"This phone number is not set up for interactive messages of type {kind}.")
    content = Content(type="interactive")
    _read_header(fields, content, kind)
    body_limit = 4096 if kind == "list" else 1024
    body = fields.inner("body")
    body.only("text")
    content.text = body.text("text", max_length=body_limit)
    if fields.has("footer"):
        footer = fields.inner("footer")
        footer.only("text")
        content.footer = footer.text("text", max_length=60)
    action = fields.inner("action")
    if kind == "button":
        content.buttons = _read_buttons(action)
    elif kind == "list":
        _read_list(action, content)
    elif kind == "cta_url":
        content.buttons = [_read_link(action)]
    elif kind == "order_details":
        read_order_details(action, content, now=now)
    elif kind == "order_status":
        read_order_status(action, content)
    else:
        content.buttons = [_read_fixed(action, kind)]
    return content


def _read_header(fields: Fields, content: Content, kind: str) -> None:
    if not fields.has("header"):
        return
    header = fields.inner("header")
    allowed = ("text",) if kind == "list" else ("text", "image", "video", "document")
    header_kind = header.choice("type", allowed)
    header.only("type", header_kind, "sub_text")
    if header_kind == "text":
        content.header = header.text("text", max_length=60)
    else:
        content.media = read_header_media(header, header_kind)


def read_header_media(header: Fields, kind: str) -> Media:
    """Read a header's image, video or document; captions do not belong there."""
    inner = header.inner(kind)
    if inner.has("caption"):
        raise GraphError(131009, f"{inner.name('caption')} is not allowed in a header.")
    return read_media_object(inner, kind)


def _read_buttons(action: Fields) -> list[Button]:
    action.only("buttons")
    buttons: list[Button] = []
    for item in action.items("buttons", minimum=1, maximum=3):
        item.only("type", "reply")
        item.choice("type", ("reply",))
        reply = item.inner("reply")
        reply.only("id", "title")
        title = reply.text("title", max_length=20)
        buttons.append(Button(kind="reply", title=title, id=reply.text("id", max_length=256)))
    _refuse_twins([button.title for button in buttons], "titles", action.name("buttons"))
    _refuse_twins([button.id for button in buttons], "ids", action.name("buttons"))
    return buttons


def _refuse_twins(values: list[str], what: str, where: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicated {what} in {where}.")


def _read_list(action: Fields, content: Content) -> None:
    action.only("button", "sections")
    content.list_label = action.text("button", max_length=20)
    sections = action.items("sections", minimum=1, maximum=10)
    identifiers: list[str] = []
    for section in sections:
        section.only("title", "rows")
        if len(sections) > 1:
            section.text("title", max_length=24)
        rows = []
        for row in section.items("rows", minimum=1, maximum=_LIST_ROWS):
            row.only("id", "title", "description")
            identifiers.append(row.text("id", max_length=200))
            rows.append(
                {
                    "id": identifiers[-1],
                    "title": row.text("title", max_length=24),
                    "description": row.optional_text("description", max_length=72),
                }
            )
        content.sections.append({"title": section.optional_text("title", max_length=24), "rows": rows})
    if len(identifiers) > _LIST_ROWS:
        raise GraphError(131009, f"Total row count exceed max allowed count: {_LIST_ROWS}.")
    _refuse_twins(identifiers, "row ids", action.name("sections"))


def _read_link(action: Fields) -> Button:
    action.only("name", "parameters")
    action.choice("name", ("cta_url",))
    parameters = action.inner("parameters")
    parameters.only("display_text", "url")
    url = parameters.text("url", max_length=2000)
    if not url.startswith(("http://", "https://")):
        raise GraphError(131009, f"{parameters.name('url')} is not a valid URI.")
    return Button(kind="url", title=parameters.text("display_text", max_length=20), url=url)


def _read_fixed(action: Fields, kind: str) -> Button:
    if kind == "flow":
        action.choice("name", ("flow",))
        label = action.inner("parameters").text("flow_cta", max_length=30)
        return Button(kind="flow", title=label)
    if kind == "location_request_message":
        action.choice("name", ("send_location",))
        return Button(kind="location", title="Enviar localização")
    action.choice("name", ("request_contact_info",))
    return Button(kind="contact", title="Compartilhar meu número")
