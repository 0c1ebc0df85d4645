"""A message as a person sees it, for the phone page and for whoever checks what was said."""

from datetime import datetime
from typing import Any

from simulators.store import Document
from simulators.whatsapp.chats import FROM_BUSINESS

_CONTENT = (
    "text",
    "header",
    "footer",
    "media",
    "buttons",
    "list_label",
    "sections",
    "location",
    "contacts",
    "order",
    "order_status",
    "reaction",
    "preview_url",
)
_FACTS = (
    "status",
    "statuses",
    "error",
    "quote",
    "template",
    "callback_data",
    "business_reaction",
    "person_reaction",
)


def view(message: Document) -> dict[str, Any]:
    """Return the message as JSON.

    `buttons` are in the order shown; `shown` says whether the phone has it yet.
    """
    content = message["content"]
    shown: dict[str, Any] = {
        "wamid": message["wamid"],
        "from": message["from"],
        "at": message["at"],
        "timestamp": int(datetime.fromisoformat(message["at"]).timestamp()),
        "type": content["type"],
        "shown": message["shown"],
    }
    shown |= {name: content[name] for name in _CONTENT if content.get(name)}
    shown.setdefault("text", "")
    shown |= {name: message[name] for name in _FACTS if message.get(name)}
    if message["from"] == FROM_BUSINESS and not message.get("placed"):
        shown["payload"] = message["payload"]
    return shown
