"""Meta's own description of its messaging API (v23) as a judge of what we send.

The document is not ours and stays outside the project, beside it; where it is absent the tests that need it
say so. It contradicts itself, and Meta's pages, in places that no right request could satisfy: they are
mended here, each with its reason. What it does not describe at all is answered as not covered, so that a test
can say exactly what nobody judged.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

PATH = Path(__file__).resolve().parents[5] / "shared" / "data" / "whatsapp-business-openapi-v23.yaml"

needs_specification = pytest.mark.skipif(
    not PATH.exists(), reason=f"Meta's specification is not at {PATH}: our requests were not judged by it"
)

_DOCUMENT = "urn:meta"

# Interactive messages and template buttons that came after, or never entered, the document.
_LATER_INTERACTIVE = {"cta_url", "request_contact_info", "order_details", "order_status"}
_LATER_BUTTONS = {"copy_code", "payment_request", "order_details"}

_INBOUND = (
    "TextMessage_2",
    "ReactionMessage_1",
    "AudioMessage_1",
    "DocumentMessage_1",
    "ImageMessage_1",
    "StickerMessage_1",
    "VideoMessage_1",
    "LocationMessage_1",
    "ContactSharingMessage",
    "UnsupportedMessage",
    "ButtonMessage",
    "InteractiveMessageReply",
    "OrderMessage",
    "SystemMessage",
)

_PARAMETERS = {"text": "TextParameter", "image": "ImageParameter", "document": "DocumentParameter"}
_BUTTON_PARAMETERS = {"payload": "ButtonPayloadParameter", "text": "ButtonTextParameter"}
_COMPONENTS = {"header": "HeaderComponent", "body": "BodyComponent", "button": "ButtonComponent"}


class Specification:
    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        mended = _mended(document)
        self._registry = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(mended))

    def errors(self, schema_name: str, value: Any) -> list[str]:
        """What is wrong with `value` as a `schema_name`; empty when nothing is."""
        return self._errors({"$ref": f"{_DOCUMENT}#/components/schemas/{schema_name}"}, value)

    def message_errors(self, message: dict[str, Any]) -> list[str]:
        """What is wrong with the body of a send, template components included."""
        # Described by Meta's pages, not by the document.
        judged = {key: part for key, part in message.items() if key != "biz_opaque_callback_data"}
        found = self.errors("Message", judged)
        for component in message.get("template", {}).get("components", []):
            found += self.errors(_COMPONENTS[component["type"]], component)
            names = _BUTTON_PARAMETERS if component["type"] == "button" else _PARAMETERS
            for parameter in component["parameters"]:
                found += self.errors(names[parameter["type"]], parameter)
        return found

    def request_errors(self, method: str, template: str, value: Any) -> list[str]:
        """What is wrong with `value` as the JSON body of `method` on the path `template`."""
        schema = self.paths[template][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
        return self._errors(schema, value)

    def describes(self, method: str, template: str) -> bool:
        return method.lower() in self.paths.get(template, {})

    def _errors(self, schema: dict[str, Any], value: Any) -> list[str]:
        validator = Draft202012Validator(schema, registry=self._registry)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def not_covered(message: dict[str, Any]) -> str:
    """Why the document cannot judge this send; empty when it can."""
    if "recipient" in message:
        return "business-scoped user ids"
    kind = str(message.get("interactive", {}).get("type", ""))
    if kind in _LATER_INTERACTIVE:
        return kind
    components = message.get("template", {}).get("components", [])
    buttons = {component.get("sub_type", "") for component in components} & _LATER_BUTTONS
    return f"{buttons.pop()} button" if buttons else ""


@cache
def specification() -> Specification:
    with PATH.open(encoding="utf-8") as file:
        return Specification(yaml.load(file, Loader=yaml.CSafeLoader))


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    mended = copy.deepcopy(document)
    schemas = mended["components"]["schemas"]
    for schema in schemas.values():
        # "Nothing but my own properties" in one branch of allOf forbids those of the other branch.
        if any(branch.pop("additionalProperties", True) is False for branch in schema.get("allOf", [])):
            schema["unevaluatedProperties"] = False
    # The pattern is one character of "2-6, 11-14", so the document's own example '0' would fail.
    for name in ("TemplateComponent", "ButtonComponent"):
        branches = [schemas[name], *schemas[name].get("allOf", [])]
        for branch in branches:
            branch.get("properties", {}).get("index", {}).pop("pattern", None)
    # Two files were merged into one: what arrives refers to the parts of what is sent, of the same name.
    for name in _INBOUND:
        schemas[name]["allOf"][0] = {"$ref": "#/components/schemas/BaseMessageProperties_1"}
    shared = schemas["ContactSharingMessage"]["allOf"][1]["properties"]["contacts"]
    shared["items"] = {"$ref": "#/components/schemas/ContactObject_1"}
    reasons = schemas["UnsupportedMessage"]["allOf"][1]["properties"]["errors"]
    reasons["items"] = {"$ref": "#/components/schemas/ErrorObject_2"}
    # A quoted inbound message names a catalogue product only when it is about one.
    schemas["ContextObject"]["required"].remove("referred_product")
    return mended
