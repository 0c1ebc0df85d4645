"""Checks what is sent and answered against Meta's own specification of the API, where it covers it.

The specification (v23) is not part of the project; it is read from beside it. It contradicts Meta's own
documentation in places: `MENDS` names each, with the reason, and loosens exactly that.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SPECIFICATION = Path(__file__).parents[4] / "shared" / "data" / "whatsapp-business-openapi-v23.yaml"
_URI = "urn:meta:whatsapp"
_OK = 200

Schemas = dict[str, dict[str, Any]]


def _open_all_of(schemas: Schemas) -> None:
    """`additionalProperties: false` inside allOf forbids the base's own fields: no message would fit."""
    for schema in schemas.values():
        for part in schema.get("allOf", []):
            part.pop("additionalProperties", None)


def _name_inbound(schemas: Schemas) -> None:
    """The union of inbound messages points at the outbound types, and these stand on the outbound base."""
    inbound = {
        "TextMessage": "TextMessage_2",
        "ReactionMessage": "ReactionMessage_1",
        "AudioMessage": "AudioMessage_1",
        "DocumentMessage": "DocumentMessage_1",
        "ImageMessage": "ImageMessage_1",
        "StickerMessage": "StickerMessage_1",
        "VideoMessage": "VideoMessage_1",
        "LocationMessage": "LocationMessage_1",
    }
    for option in schemas["IncomingMessage"]["oneOf"]:
        name = option["$ref"].rsplit("/", 1)[1]
        option["$ref"] = f"#/components/schemas/{inbound.get(name, name)}"
        _stand_on_inbound_base(schemas[inbound.get(name, name)])
    _stand_on_inbound_base(schemas["SystemMessage"])


def _stand_on_inbound_base(schema: dict[str, Any]) -> None:
    for part in schema["allOf"]:
        if part.get("$ref") == "#/components/schemas/BaseMessageProperties":
            part["$ref"] = "#/components/schemas/BaseMessageProperties_1"


def _drop_required(schemas: Schemas, name: str, *fields: str) -> None:
    schema = schemas[name]
    for part in [schema, *schema.get("allOf", [])]:
        part["required"] = [field for field in part.get("required", []) if field not in fields]


def _hidden_phones(schemas: Schemas) -> None:
    """Since 2026 people with a username are told of without phone: no `from`, no `recipient_id`."""
    _drop_required(schemas, "BaseMessageProperties_1", "from")
    _drop_required(schemas, "Statuses", "recipient_id")


def _quotes(schemas: Schemas) -> None:
    """A quote of an ordinary message refers to no catalogue product."""
    _drop_required(schemas, "ContextObject", "referred_product")


def _template_sends(schemas: Schemas) -> None:
    """Button indexes begin at 0, Meta's own examples send no language policy, newer buttons are missing."""
    for name in ("TemplateComponent", "ButtonComponent"):
        for part in [schemas[name], *schemas[name].get("allOf", [])]:
            properties = part.get("properties", {})
            if "index" in properties:
                properties["index"] = {"type": ["string", "integer"]}
            properties.pop("sub_type", None)
    _drop_required(schemas, "LanguageObject", "policy")


def _number_states(schemas: Schemas) -> None:
    """A working number answers CONNECTED, which the list of states forgets."""
    schemas["WhatsAppPhoneNumberStatus"]["enum"].append("CONNECTED")


def _system_messages(schemas: Schemas) -> None:
    """The renewed business-scoped id is told by a system message of its own type."""
    for part in schemas["SystemMessage"]["allOf"]:
        system = part.get("properties", {}).get("system")
        if system:
            system["properties"]["type"]["enum"].append("user_changed_user_id")


def _removed_reactions(schemas: Schemas) -> None:
    """A reaction taken back has no emoji."""
    for part in schemas["ReactionMessage_1"]["allOf"]:
        reaction = part.get("properties", {}).get("reaction")
        if reaction:
            reaction["required"].remove("emoji")


def _subscriptions(schemas: Schemas) -> None:
    """The list of subscribed apps carries `whatsapp_business_api_data`, as its newer twin says."""
    schemas["SubscribedApp"] = schemas["SubscribedApp_1"]


def _shared_contacts(schemas: Schemas) -> None:
    """Inbound cards point at the outbound card, which knows neither mobile phones nor the card's origin."""
    for part in schemas["ContactSharingMessage"]["allOf"]:
        cards = part.get("properties", {}).get("contacts")
        if cards:
            cards["items"] = {"$ref": "#/components/schemas/ContactObject_1"}


def _inbound_errors(schemas: Schemas) -> None:
    """Unsupported messages carry the errors of webhooks, not those of the API's answers."""
    for part in schemas["UnsupportedMessage"]["allOf"]:
        errors = part.get("properties", {}).get("errors")
        if errors:
            errors["items"] = {"$ref": "#/components/schemas/ErrorObject_2"}


def _played(schemas: Schemas) -> None:
    """A voice message that was listened to has a status of its own."""
    schemas["Statuses"]["properties"]["status"]["enum"].append("played")


def _long_lists(schemas: Schemas) -> None:
    """The body of a list may be four times as long as that of other interactive messages."""
    schemas["BodyObject"]["properties"]["text"]["maxLength"] = 4096


MENDS: tuple[Callable[[Schemas], None], ...] = (
    _open_all_of,
    _name_inbound,
    _hidden_phones,
    _quotes,
    _template_sends,
    _number_states,
    _system_messages,
    _removed_reactions,
    _subscriptions,
    _long_lists,
    _shared_contacts,
    _inbound_errors,
    _played,
)

# Interactive types that the specification does not know.
_NEWER_INTERACTIVE = {"cta_url", "order_details", "order_status", "request_contact_info"}


class Contract:
    """The mended specification, ready to check."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as file:
            self._spec = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- safe loaders both
        for mend in MENDS:
            mend(self._spec["components"]["schemas"])
        resource = Resource.from_contents(self._spec, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self.checked: list[str] = []

    def _validate(self, value: object, pointer: str, what: str) -> None:
        validator = Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=self._registry)
        errors = [
            f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(value)
        ]
        if errors:
            raise AssertionError(f"{what} does not fit the specification: {errors}\n{str(value)[:2000]}")
        self.checked.append(what)

    def check_message(self, body: dict[str, Any]) -> None:
        """Check a send, unless it is of a kind younger than the specification."""
        if body.get("status") == "read":
            self._validate(body, "/components/schemas/MarkMessageRequestPayload", "mark as read")
            return
        newer = body.get("interactive", {}).get("type") in _NEWER_INTERACTIVE
        full = {"recipient_type": "individual"} | body
        # Types are compared without case in practice; pywa sends them in capitals.
        for component in full.get("template", {}).get("components", []):
            component["type"] = component["type"].lower()
        template = str(body.get("template", {}).get("components", ""))
        if not newer and "to" in full and "type" in full and "order_status" not in template:
            self._validate(full, "/components/schemas/Message", f"send {body['type']}")

    def check_answer(self, method: str, path: str, status: int, body: object) -> None:
        """Check an answer of the API."""
        if status != _OK:
            self._validate(body, "/components/schemas/GraphAPIError", f"error of {method} {path}")
            return
        found = self._operation(method, path)
        if found is None:
            return
        spec_path, verb = found
        escaped = spec_path.replace("~", "~0").replace("/", "~1")
        pointer = f"/paths/{escaped}/{verb}/responses/200"
        answer = self._spec["paths"][spec_path][verb]["responses"]["200"]
        if "$ref" in answer:
            pointer = answer["$ref"].removeprefix("#")
        self._validate(body, f"{pointer}/content/application~1json/schema", f"answer of {method} {spec_path}")

    def _operation(self, method: str, path: str) -> tuple[str, str] | None:
        parts = path.strip("/").split("/")
        tails = {
            "messages": "/{Version}/{Phone-Number-ID}/messages",
            "media": "/{Version}/{Phone-Number-ID}/media",
            "block_users": "/{Version}/{Phone-Number-ID}/block_users",
            "register": "/{Version}/{Phone-Number-ID}/register",
            "subscribed_apps": "/{Version}/{WABA-ID}/subscribed_apps",
            "phone_numbers": "/{Version}/{WABA-ID}/phone_numbers",
            "message_templates": "/{Version}/{WABA-ID}/message_templates",
        }
        spec_path = tails.get(parts[-1]) if len(parts) == 3 else None
        verb = method.lower()
        if spec_path is None or verb not in self._spec["paths"][spec_path]:
            return None
        return spec_path, verb

    def check_object(self, kind: str, body: object) -> None:
        """Check the answer to a GET of one object: number, template or media."""
        path = {
            "number": "/{Version}/{Phone-Number-ID}",
            "template": "/{Version}/{TEMPLATE_ID}",
            "media": "/{Version}/{Media-ID}",
        }[kind]
        pointer = f"/paths/{path.replace('/', '~1')}/get/responses/200/content/application~1json/schema"
        self._validate(body, pointer, f"object {kind}")

    def check_webhook(self, body: dict[str, Any]) -> None:
        """Check a webhook body, change by change; only the field `messages` is covered."""
        for entry in body["entry"]:
            covered = [change for change in entry["changes"] if change["field"] == "messages"]
            if not covered:
                continue
            types = sorted(
                {
                    str(item.get("type") or item.get("status"))
                    for change in covered
                    for item in [*change["value"].get("messages", []), *change["value"].get("statuses", [])]
                }
            )
            known = [change for change in covered if not _invented(change)]
            self._validate(
                {"object": body["object"], "entry": [{"id": entry["id"], "changes": known}]},
                "/components/schemas/WebhookPayload",
                f"webhook {', '.join(types)}",
            )


def _invented(change: dict[str, Any]) -> bool:
    """Return whether the change carries a message type that the specification does not have."""
    known = (
        "text|reaction|audio|document|image|sticker|video|location|contacts|unsupported|unknown|button|"
        "interactive|order|system"
    )
    return any(
        not re.fullmatch(known, str(message["type"]))
        or message.get("interactive", {}).get("type") == "nfm_reply"
        for message in change["value"].get("messages", [])
    )


@lru_cache(maxsize=1)
def load() -> Contract | None:
    """Return the contract, or None where the specification does not lie beside the project."""
    return Contract(SPECIFICATION) if SPECIFICATION.is_file() else None
