"""Fills a template with the parameters of a send, refusing what does not match its definition."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulators.whatsapp.content.interactive import read_header_media
from simulators.whatsapp.content.payments import (
    read_order_parameters,
    read_order_status_parameters,
    read_payment_request,
)
from simulators.whatsapp.content.shapes import Button, Content
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.fields import Fields
from simulators.whatsapp.templates.definition import Component, buttons, component, fill, variables

_BAD_TEXT = re.compile(r"[\n\t\r]| {5,}")
_BODY_LIMIT = 1024
_HEADER_LIMIT = 60
# From this Graph version on, some faults in components carry a code of their own.
_OWN_CODE_SINCE = 23.0
_BUTTON_LABELS = {
    "ORDER_DETAILS": "Copiar código Pix",
    "REQUEST_CONTACT_INFO": "Compartilhar meu número",
    "COPY_CODE": "Copiar código",
}


@dataclass(frozen=True)
class Given:
    """The components of a send, sorted by what they fill."""

    header: Fields | None
    body: Fields | None
    buttons: dict[int, Fields]
    order_status: Fields | None


def fill_template(template: dict[str, Any], sent: Fields, *, version: float, now: datetime) -> Content:
    """Return what the recipient sees. Raises `GraphError` 132000, 132005, 132012 or 132018."""
    filler = _Filler(template, version=version, now=now)
    return filler.fill(_sort(sent))


def _sort(sent: Fields) -> Given:
    header = body = order_status = None
    by_index: dict[int, Fields] = {}
    raw = sent.values.get("components") or []
    if not isinstance(raw, list):
        raise GraphError(131009, f"{sent.name('components')} must be an array.")
    for number, item in enumerate(raw):
        fields = Fields(item, f"{sent.name('components')}[{number}]")
        kind = fields.choice("type", ("header", "body", "button", "order_status"))
        if kind == "header":
            header = fields
        elif kind == "body":
            body = fields
        elif kind == "order_status":
            order_status = fields
        else:
            by_index[_index(fields)] = fields
    return Given(header=header, body=body, buttons=by_index, order_status=order_status)


def _index(fields: Fields) -> int:
    try:
        return int(fields.value("index"))
    except (TypeError, ValueError):
        raise GraphError(131009, f"{fields.name('index')} must be a number.") from None


def _parameters(fields: Fields | None) -> list[Fields]:
    if fields is None or not fields.has("parameters"):
        return []
    return fields.items("parameters", minimum=0, maximum=100)


class _Filler:
    def __init__(self, template: dict[str, Any], *, version: float, now: datetime) -> None:
        self.components: list[Component] = template["components"]
        self.named = template["parameter_format"] == "NAMED"
        self.component_code = 132018 if version >= _OWN_CODE_SINCE else 132012
        self.now = now

    def fill(self, given: Given) -> Content:
        content = Content(type="template")
        self._fill_header(component(self.components, "HEADER"), given.header, content)
        body = component(self.components, "BODY") or {}
        content.text = self._fill_text(str(body.get("text", "")), given.body, "body")
        if len(content.text) > _BODY_LIMIT:
            raise GraphError(
                132005, f"body: the text with its parameters is longer than {_BODY_LIMIT} characters."
            )
        content.footer = str((component(self.components, "FOOTER") or {}).get("text", ""))
        defined = buttons(self.components)
        for index in given.buttons:
            if not 0 <= index < len(defined):
                raise GraphError(self.component_code, f"buttons: there is no button at index {index}.")
        for index, button in enumerate(defined):
            content.buttons += self._fill_button(index, button, given.buttons.get(index), content)
        if given.order_status is not None:
            (parameter,) = given.order_status.items("parameters", minimum=1, maximum=1)
            content.order_status = read_order_status_parameters(parameter.inner("order_status"))
        return content

    def _fill_header(self, header: Component | None, given: Fields | None, content: Content) -> None:
        if header is None:
            if _parameters(given):
                raise GraphError(132000, "header: the template has no header.")
            return
        kind = str(header["format"])
        if kind == "TEXT":
            content.header = self._fill_text(str(header["text"]), given, "header")
            if len(content.header) > _HEADER_LIMIT:
                raise GraphError(132005, f"header: the text is longer than {_HEADER_LIMIT} characters.")
            return
        parameters = _parameters(given)
        received = str(parameters[0].values.get("type", "unknown")).lower() if parameters else "unknown"
        if len(parameters) != 1 or received != kind.lower():
            raise GraphError(
                132012, f"header: Format mismatch, expected {kind}, received {received.upper()}."
            )
        if kind == "LOCATION":
            content.location = parameters[0].inner("location").values
        else:
            content.media = read_header_media(parameters[0], received)

    def _fill_text(self, text: str, given: Fields | None, where: str) -> str:
        expected = variables(text)
        parameters = _parameters(given)
        if len(parameters) != len(expected):
            raise GraphError(
                132000,
                f"{where}: number of localizable_params ({len(parameters)}) does not match the expected"
                f" number of params ({len(expected)})",
            )
        values: dict[str, str] = {}
        for number, parameter in enumerate(parameters):
            name = self._parameter_name(parameter, str(number + 1), where)
            values[name] = self._parameter_text(parameter, where)
        if set(values) != set(expected):
            raise GraphError(132000, f"{where}: expected the params {', '.join(expected)}.")
        return fill(text, values)

    def _parameter_name(self, parameter: Fields, position: str, where: str) -> str:
        name = parameter.values.get("parameter_name")
        if self.named and not name:
            raise GraphError(100, f"{where}: Parameter name is missing or empty.", title="Invalid parameter")
        if name and not self.named:
            raise GraphError(132012, f"{where}: the template has positional params and '{name}' is a name.")
        return str(name) if self.named else position

    def _parameter_text(self, parameter: Fields, where: str) -> str:
        kind = parameter.choice("type", ("text", "currency", "date_time"))
        if kind == "text":
            text = parameter.text("text", max_length=32768)
        else:
            text = parameter.inner(kind).text("fallback_value", max_length=32768)
        if _BAD_TEXT.search(text):
            raise GraphError(
                self.component_code,
                f"{where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            )
        return text

    def _fill_button(
        self, index: int, button: Component, given: Fields | None, content: Content
    ) -> list[Button]:
        kind = button["type"]
        label = str(button.get("text") or _BUTTON_LABELS.get(kind, ""))
        # A one-time-password button is created as OTP and sent as url.
        allowed = {"otp", "url"} if kind == "OTP" else {kind.lower()}
        if given is not None and given.choice("sub_type", _SUB_TYPES) not in allowed:
            raise GraphError(self.component_code, f"buttons: Button at index {index} is of type {kind}.")
        parameters = _parameters(given)
        if kind == "QUICK_REPLY":
            payload = parameters[0].text("payload", max_length=256) if parameters else label
            return [Button(kind="reply", title=label, id=payload)]
        if kind == "URL":
            return [
                Button(kind="url", title=label, url=self._fill_url(index, str(button["url"]), parameters))
            ]
        if kind == "PHONE_NUMBER":
            return [Button(kind="phone", title=label, code=str(button.get("phone_number", "")))]
        if kind in {"COPY_CODE", "OTP"}:
            name = "coupon_code" if kind == "COPY_CODE" else "text"
            code = self._only(index, parameters).text(name, max_length=15)
            return [Button(kind="copy", title=label or "Copiar código", code=code)]
        if kind == "ORDER_DETAILS":
            action = self._only(index, parameters).inner("action")
            content.order, pay = read_order_parameters(action.inner("order_details"), now=self.now)
            return pay
        if kind == "PAYMENT_REQUEST":
            action = self._only(index, parameters).inner("action")
            return [read_payment_request(action.inner("payment_request"))]
        return [Button(kind="contact" if kind == "REQUEST_CONTACT_INFO" else "flow", title=label)]

    def _fill_url(self, index: int, url: str, parameters: list[Fields]) -> str:
        names = variables(url)
        if not names:
            if parameters:
                raise GraphError(self.component_code, f"buttons: Button at index {index} has no variable.")
            return url
        return fill(url, {names[0]: self._only(index, parameters).text("text", max_length=2000)})

    def _only(self, index: int, parameters: list[Fields]) -> Fields:
        if len(parameters) != 1:
            raise GraphError(131008, f"buttons: Button at index {index} requires a parameter.")
        return parameters[0]


_SUB_TYPES = (
    "quick_reply",
    "url",
    "phone_number",
    "copy_code",
    "flow",
    "otp",
    "order_details",
    "payment_request",
    "request_contact_info",
)
