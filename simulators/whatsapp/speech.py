"""The things a person can say, as the webhook tells them and as the chat shows them."""

import base64
from dataclasses import dataclass, field
from typing import Any

from simulators.store import Document
from simulators.whatsapp.chats import FROM_BUSINESS, Chats
from simulators.whatsapp.errors import kind_of
from simulators.whatsapp.media import MediaStore
from simulators.whatsapp.people import Person

_DEFAULT_MIME = {
    "image": "image/jpeg",
    "audio": "audio/ogg; codecs=opus",
    "video": "video/mp4",
    "document": "application/pdf",
    "sticker": "image/webp",
}


class NotPossibleError(ValueError):
    """The person cannot do that; the sentence says why."""


@dataclass(kw_only=True)
class Said:
    """One thing a person says: `body` is its part of the webhook, `content` what the chat shows."""

    type: str
    body: dict[str, Any]
    content: dict[str, Any]
    context: str = ""
    reaction_to: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def raw(kind: str, body: dict[str, Any], *, quote: str = "", text: str = "") -> Said:
    """Return any other type with the body as given: order, edit, revoke, or one not invented yet."""
    return Said(type=kind, body=body, content={"type": kind, "text": text or kind}, context=quote)


class Speech:
    """Turns what a person does into what is said."""

    def __init__(self, *, chats: Chats, media: MediaStore) -> None:
        """Look up what is pressed in `chats`; put files into `media`."""
        self._chats = chats
        self._media = media

    def text(self, body: str, *, quote: str = "") -> Said:
        """Return a text."""
        return Said(
            type="text", body={"text": {"body": body}}, content={"type": "text", "text": body}, context=quote
        )

    def tap(self, person: Person, title: str, *, wamid: str = "") -> Said:
        """Press the reply button or list row of that title, newest first.

        Raises `NotPossibleError` when none is there.
        """
        for message in reversed(self._chats.of(person.phone)):
            if (
                message["from"] != FROM_BUSINESS
                or message["status"] == "failed"
                or wamid not in {"", message["wamid"]}
            ):
                continue
            said = self._press(message, title, person)
            if said is not None:
                return said
        raise NotPossibleError(f"Nenhum botão “{title}” foi oferecido.")

    def _press(self, message: Document, title: str, person: Person) -> Said | None:
        content = message["content"]
        for button in content.get("buttons", []):
            if button["title"] != title:
                continue
            if button["kind"] == "contact":
                return self.contacts([_own_card(person)], origin="contact_request", quote=message["wamid"])
            if button["kind"] != "reply":
                raise NotPossibleError(f"O botão “{title}” não envia resposta.")
            if content["type"] == "template":
                body: dict[str, Any] = {"button": {"payload": button["id"], "text": title}}
                return self._answer("button", body, title, message)
            reply = {"id": button["id"], "title": title}
            body = {"interactive": {"type": "button_reply", "button_reply": reply}}
            return self._answer("interactive", body, title, message)
        rows = [row for section in content.get("sections", []) for row in section["rows"]]
        row = next((row for row in rows if row["title"] == title), None)
        if row is None:
            return None
        listed = {"id": row["id"], "title": title, "description": row["description"]}
        return self._answer(
            "interactive", {"interactive": {"type": "list_reply", "list_reply": listed}}, title, message
        )

    def _answer(self, kind: str, body: dict[str, Any], title: str, message: Document) -> Said:
        return Said(type=kind, body=body, content={"type": "text", "text": title}, context=message["wamid"])

    def media(self, kind: str, given: dict[str, Any]) -> Said:
        """Return a file: `content` in base64, `mime_type`, `filename`, `caption`, `voice`, `meaning`."""
        try:
            raw = base64.b64decode(str(given["content"]), validate=True)
        except (KeyError, ValueError) as error:
            raise NotPossibleError("content must be base64") from error
        doc = self._media.receive(
            raw,
            str(given.get("mime_type") or _DEFAULT_MIME[kind]),
            str(given.get("filename", "")),
            meaning=dict(given.get("meaning") or {}),
        )
        told = self._media.webhook_object(doc)
        caption = str(given.get("caption", ""))
        if caption:
            told["caption"] = caption
        if kind == "document":
            told["filename"] = doc["filename"] or "documento.pdf"
        if kind == "audio":
            told["voice"] = bool(given.get("voice", True))
        if kind == "sticker":
            told["animated"] = bool(given.get("animated", False))
        shown = {
            "kind": kind,
            "id": doc["id"],
            "mime_type": doc["mime_type"],
            "filename": doc["filename"],
            "voice": told.get("voice", False),
        }
        return Said(type=kind, body={kind: told}, content={"type": kind, "text": caption, "media": shown})

    def reaction(self, person: Person, emoji: str, *, wamid: str = "") -> Said:
        """React to a message of the business, the newest unless named; an empty emoji takes it back."""
        target = wamid or next(
            (
                message["wamid"]
                for message in reversed(self._chats.of(person.phone))
                if message["from"] == FROM_BUSINESS and message["status"] != "failed"
            ),
            "",
        )
        if not target:
            raise NotPossibleError("Não há mensagem para reagir.")
        body: dict[str, Any] = {"message_id": target}
        if emoji:
            body["emoji"] = emoji
        content = {"type": "reaction", "text": "", "reaction": {"message_id": target, "emoji": emoji}}
        return Said(type="reaction", body={"reaction": body}, content=content, reaction_to=target)

    def location(self, given: dict[str, Any]) -> Said:
        """Return a place."""
        place = {
            name: given[name] for name in ("latitude", "longitude", "name", "address", "url") if name in given
        }
        return Said(
            type="location",
            body={"location": place},
            content={"type": "location", "text": "", "location": place},
        )

    def contacts(self, cards: list[dict[str, Any]], *, origin: str = "other", quote: str = "") -> Said:
        """Return contact cards; origin `contact_request` answers the business's own request."""
        told = [card | {"origin": origin} for card in cards]
        content = {"type": "contacts", "text": "", "contacts": told}
        return Said(type="contacts", body={"contacts": told}, content=content, context=quote)

    def unsupported(self, kind: str = "unsupported") -> Said:
        """Return something the API cannot carry (a poll, a view-once photo): errors instead of content."""
        error = kind_of(131051)
        told = {
            "code": 131051,
            "title": error.title,
            "message": error.title,
            "error_data": {"details": error.details},
        }
        text = "Mensagem não suportada"
        return Said(type=kind, body={"errors": [told]}, content={"type": "unsupported", "text": text})


def _own_card(person: Person) -> dict[str, Any]:
    return {
        "name": {"formatted_name": person.name, "first_name": person.name.split(" ", 1)[0]},
        "phones": [{"phone": f"+{person.phone}", "wa_id": person.wa_id, "type": "CELL"}],
    }
