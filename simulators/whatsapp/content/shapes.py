"""The one form in which both directions of a chat are kept and shown."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Button:
    """A thing to press. Kinds: reply, url, phone, copy, flow, contact, order, pix, boleto, link."""

    kind: str
    title: str
    id: str = ""
    url: str = ""
    code: str = ""


@dataclass(kw_only=True)
class Media:
    """A file in a message, by media id or by a link that is still to be fetched."""

    kind: str
    id: str = ""
    link: str = ""
    mime_type: str = ""
    filename: str = ""
    voice: bool = False


@dataclass(kw_only=True)
class Content:
    """What is said. `text` is the body or caption; `buttons` and `rows` are what can be pressed."""

    type: str
    text: str = ""
    header: str = ""
    footer: str = ""
    media: Media | None = None
    buttons: list[Button] = field(default_factory=list)
    list_label: str = ""
    sections: list[dict[str, Any]] = field(default_factory=list)
    location: dict[str, Any] | None = None
    contacts: list[dict[str, Any]] = field(default_factory=list)
    order: dict[str, Any] | None = None
    order_status: dict[str, Any] | None = None
    reaction: dict[str, str] | None = None
    preview_url: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as JSON without what is empty."""
        return {name: value for name, value in asdict(self).items() if value or name in {"type", "text"}}
