"""What a webhook tells: single updates, and the body that carries one or many of them."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from simulators.store import Document

BATCH_STYLES = ("messages", "changes", "entries")


@dataclass(frozen=True, kw_only=True)
class Update:
    """One `change`: the field it belongs to and its value.

    `person` and `wamid` are for the journal and the ticks. `kind` is message, status or account: what a
    fault can be aimed at. `moment` is epoch seconds, business time.
    """

    field: str
    value: dict[str, Any]
    kind: str
    person: str = ""
    wamid: str = ""
    status: str = ""
    moment: int = 0

    @classmethod
    def from_document(cls, doc: Document) -> "Update":
        """Rebuild an update from what the store holds."""
        return cls(**doc)

    def document(self) -> Document:
        """Return it as JSON."""
        return dict(vars(self))


def compose(updates: list[Update], *, business_account_id: str, style: str = "messages") -> dict[str, Any]:
    """Return the webhook body for all updates, spread as `style` says.

    `messages` merges what can share one change (several messages, several statuses), `changes` gives each its
    own change in one entry, `entries` gives each its own entry.
    """
    if style == "entries":
        entries = [_entry(business_account_id, [update]) for update in updates]
    elif style == "changes":
        entries = [_entry(business_account_id, updates)]
    else:
        entries = [_entry(business_account_id, updates, merge=True)]
    return {"object": "whatsapp_business_account", "entry": entries}


def _entry(account: str, updates: list[Update], *, merge: bool = False) -> dict[str, Any]:
    changes: list[dict[str, Any]] = []
    for update in updates:
        value = json.loads(json.dumps(update.value))
        if merge and changes and _merge(changes[-1], update.field, value):
            continue
        changes.append({"value": value, "field": update.field})
    entry: dict[str, Any] = {"id": account, "changes": changes}
    if any(update.field != "messages" for update in updates):
        # Only fields other than `messages` carry the entry's time.
        entry["time"] = max(update.moment for update in updates)
    return entry


def _merge(change: dict[str, Any], update_field: str, value: dict[str, Any]) -> bool:
    held = change["value"]
    name = next((name for name in ("messages", "statuses") if name in value), "")
    if update_field != "messages" or change["field"] != "messages" or name not in held:
        return False
    held[name] += value[name]
    for contact in value.get("contacts", []):
        if contact not in held.setdefault("contacts", []):
            held["contacts"].append(contact)
    return True


def encode(body: dict[str, Any]) -> bytes:
    r"""Return the body as Meta writes it: ASCII, other letters as \uXXXX, slashes escaped.

    The signature is over these bytes: whoever parses and writes them again gets other ones.
    """
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(raw: bytes, app_secret: str) -> str:
    """Return the value of `X-Hub-Signature-256` for the raw body."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
