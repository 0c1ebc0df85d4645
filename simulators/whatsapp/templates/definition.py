"""Checks a template as it is created or edited, and names the variables in its texts."""

import re
from itertools import pairwise
from typing import Any

from simulators.whatsapp.errors import GraphError

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
HEADER_FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
BUTTON_TYPES = (
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "FLOW",
    "OTP",
    "ORDER_DETAILS",
    "PAYMENT_REQUEST",
    "REQUEST_CONTACT_INFO",
)
_NAME = re.compile(r"^[a-z0-9_]{1,512}$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2})?$")
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAMED = re.compile(r"^[a-z_][a-z0-9_]*$")
_BODY_LIMIT = 1024
_SHORT_LIMIT = 60
_LABEL_LIMIT = 25
_COPY_CODE_LIMIT = 15
_MAX_PAYMENT_REQUESTS = 3
_WORDS_PER_VARIABLE = 3

Component = dict[str, Any]


def refuse(subcode: int, title: str, message: str) -> GraphError:
    """Return the refusal of a template, with the words a person is meant to read."""
    return GraphError(
        100,
        title="Invalid parameter",
        details=message,
        subcode=subcode,
        user_title=title,
        user_message=message,
    )


def variables(text: str) -> list[str]:
    """Return the names in `{{…}}`, in their order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def fill(text: str, values: dict[str, str]) -> str:
    """Return the text with its variables replaced."""
    return _VARIABLE.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def component(components: list[Component], kind: str) -> Component | None:
    """Return the component of that type, if any."""
    return next((item for item in components if item["type"] == kind), None)


def buttons(components: list[Component]) -> list[Component]:
    """Return the template's buttons in their order."""
    found = component(components, "BUTTONS")
    return [] if found is None else list(found["buttons"])


def check_identity(*, name: str, language: str, category: str) -> None:
    """Refuse a name, language or category of the wrong form."""
    if not _NAME.match(name):
        raise refuse(
            2388042,
            "Invalid template name",
            "The name may only hold lower-case letters, digits and underscores.",
        )
    if not _LANGUAGE.match(language):
        raise GraphError(100, f"Param language must be a supported locale, got '{language}'.")
    if category not in CATEGORIES:
        raise GraphError(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")


def read_components(raw: object, *, category: str, parameter_format: str) -> list[Component]:
    """Return the components with their types in upper case. Raises `GraphError`."""
    if not isinstance(raw, list) or not raw:
        raise GraphError(100, "Param components is required.")
    read = [_read_component(item) for item in raw]
    kinds = [item["type"] for item in read]
    if len(set(kinds)) != len(kinds):
        raise refuse(2388043, "Template format error", "Each type of component may be given only once.")
    body = component(read, "BODY")
    if body is None:
        raise refuse(2388043, "Template format error", "The BODY component is required.")
    if category != "AUTHENTICATION":
        _check_text(body, "BODY", _BODY_LIMIT, parameter_format)
        _check_variables_around(body["text"])
    header = component(read, "HEADER")
    if header is not None:
        _check_header(header, parameter_format)
    footer = component(read, "FOOTER")
    if footer is not None and category != "AUTHENTICATION":
        _check_text(footer, "FOOTER", _SHORT_LIMIT, parameter_format)
        if variables(footer["text"]):
            raise refuse(2388043, "Template format error", "The FOOTER cannot have variables.")
    _check_buttons(buttons(read))
    return read


def _read_component(item: object) -> Component:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise GraphError(100, "Each of components must be an object with a type.")
    read = item | {"type": item["type"].upper()}
    if read["type"] not in {"HEADER", "BODY", "FOOTER", "BUTTONS"}:
        raise GraphError(100, f"Component type {read['type']} is not supported.")
    if read["type"] == "HEADER":
        read["format"] = str(item.get("format", "")).upper()
    if read["type"] == "BUTTONS":
        raw = item.get("buttons")
        if not isinstance(raw, list) or not raw:
            raise GraphError(100, "Param buttons is required in BUTTONS.")
        read["buttons"] = [button | {"type": str(button.get("type", "")).upper()} for button in raw]
    return read


def _check_text(item: Component, kind: str, limit: int, parameter_format: str) -> None:
    text = item.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refuse(2388043, "Template format error", f"{kind} needs a text.")
    if len(text) > limit:
        raise refuse(2388040, "Character limit exceeded", f"{kind} may hold {limit} characters.")
    names = variables(text)
    if parameter_format == "NAMED":
        wrong = [name for name in names if not _NAMED.match(name)]
    else:
        wrong = [] if names == [str(number) for number in range(1, len(names) + 1)] else names
    if wrong:
        raise refuse(
            2388023, "Invalid parameters", f"{kind} has variables of the wrong form: {', '.join(wrong)}."
        )
    if names and not item.get("example"):
        raise refuse(2388043, "Template format error", f"{kind} has variables and needs an example.")


def _check_variables_around(text: str) -> None:
    stripped = text.strip()
    found = list(_VARIABLE.finditer(stripped))
    if not found:
        return
    if found[0].start() == 0 or found[-1].end() == len(stripped):
        raise refuse(
            2388299, "Leading or trailing params", "Variables can't be at the start or end of the template."
        )
    for left, right in pairwise(found):
        if not stripped[left.end() : right.start()].strip():
            raise refuse(2388299, "Adjacent params", "Two variables need words between them.")
    words = len(_VARIABLE.sub(" ", stripped).split())
    if words < _WORDS_PER_VARIABLE * len(found) - 1:
        raise refuse(
            2388293, "Parameters words ratio exceeds limit", "Too many variables for the length of the text."
        )


def _check_header(header: Component, parameter_format: str) -> None:
    if header["format"] not in HEADER_FORMATS:
        raise GraphError(100, f"Param format must be one of {{{', '.join(HEADER_FORMATS)}}}.")
    if header["format"] == "TEXT":
        _check_text(header, "HEADER", _SHORT_LIMIT, parameter_format)
        if len(variables(header["text"])) > 1:
            raise refuse(2388043, "Template format error", "A text HEADER can have one variable.")
    elif header["format"] != "LOCATION" and not header.get("example"):
        raise refuse(2388043, "Template format error", "A media HEADER needs an example handle.")


def _check_buttons(found: list[Component]) -> None:
    for button in found:
        if button["type"] not in BUTTON_TYPES:
            raise GraphError(100, f"Button type {button['type']} is not supported.")
        if button["type"] == "COPY_CODE":
            example = button.get("example")
            code = example[0] if isinstance(example, list) and example else example
            if not isinstance(code, str) or not 1 <= len(code) <= _COPY_CODE_LIMIT:
                raise refuse(
                    2388040, "Character limit exceeded", "A copy code example may hold 15 characters."
                )
        elif button["type"] in {"QUICK_REPLY", "URL", "PHONE_NUMBER"}:
            _check_label(button)
    if sum(button["type"] == "PAYMENT_REQUEST" for button in found) > _MAX_PAYMENT_REQUESTS:
        raise refuse(2388043, "Template format error", "At most three PAYMENT_REQUEST buttons are allowed.")


def _check_label(button: Component) -> None:
    text = button.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= _LABEL_LIMIT:
        raise refuse(2388040, "Character limit exceeded", "A button's text may hold 25 characters.")
    url = button.get("url")
    if button["type"] == "URL":
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise GraphError(100, "A URL button needs a valid url.")
        if variables(url) and not button.get("example"):
            raise refuse(2388043, "Template format error", "A URL button with a variable needs an example.")
