"""Messages people send, read from the `messages` field into `InboundMessage`, and system notices."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from conversations.channels.errors import ChannelError
from conversations.channels.whatsapp.errors import classify
from conversations.channels.whatsapp.items import (
    IdentityChange,
    IdentityUpdate,
    InboundMessage,
    Location,
    MediaRef,
    MessageKind,
    Party,
    SharedContact,
)
from conversations.channels.whatsapp.reading import Object, instant, number, obj, objects, text

_MEDIA: Final = frozenset(
    {MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.DOCUMENT, MessageKind.AUDIO, MessageKind.STICKER}
)
_INTERACTIVE: Final = {
    "button_reply": MessageKind.BUTTON_REPLY,
    "list_reply": MessageKind.LIST_REPLY,
    "nfm_reply": MessageKind.FLOW_REPLY,
    "call_permission_reply": MessageKind.CALL_PERMISSION_REPLY,
}
_IDENTITY: Final = {
    "user_changed_number": IdentityChange.NUMBER,
    "user_changed_user_id": IdentityChange.USER_ID,
    "customer_identity_changed": IdentityChange.IDENTITY_KEY,
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the messages and statuses of one change share."""

    account_id: str
    phone_number_id: str
    contacts: tuple[Party, ...]
    is_sole_sender: bool
    """All its messages come from one person, so a lone contact without a matching id is that person."""

    @classmethod
    def of(cls, account_id: str, value: Object) -> Envelope:
        senders = {(text(m.get("from")), text(m.get("from_user_id"))) for m in objects(value.get("messages"))}
        return cls(
            account_id=account_id,
            phone_number_id=text(obj(value.get("metadata")).get("phone_number_id")),
            contacts=tuple(map(contact_party, objects(value.get("contacts")))),
            is_sole_sender=len(senders) == 1,
        )

    def complete(self, party: Party, *, alone: bool) -> Party:
        """`party` with what the delivery's contacts add. `alone`: a single contact needs no matching id."""
        for contact in self.contacts:
            if (party.wa_id and contact.wa_id == party.wa_id) or (
                party.user_id and contact.user_id == party.user_id
            ):
                return _merged(party, contact)
        if alone and len(self.contacts) == 1:
            return _merged(party, self.contacts[0])
        return party


def contact_party(contact: Object) -> Party:
    profile = obj(contact.get("profile"))
    return Party(
        wa_id=text(contact.get("wa_id")),
        user_id=text(contact.get("user_id")),
        parent_user_id=text(contact.get("parent_user_id")),
        profile_name=text(profile.get("name")),
        username=text(profile.get("username")) or text(contact.get("username")),
    )


def read_message(message: Object, envelope: Envelope) -> InboundMessage | IdentityUpdate:
    """One element of `messages`. Raises ValueError when it has no id."""
    if text(message.get("type")) == "system":
        return _system(message, envelope)
    sender = Party(
        wa_id=text(message.get("from")),
        user_id=text(message.get("from_user_id")),
        parent_user_id=text(message.get("from_parent_user_id")),
    )
    return read_content(
        message,
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        sender=envelope.complete(sender, alone=envelope.is_sole_sender),
    )


def read_content(message: Object, *, account_id: str, phone_number_id: str, sender: Party) -> InboundMessage:
    """The message itself, whoever sent it. Raises ValueError when it has no id."""
    message_id = text(message.get("id"))
    if not message_id:
        raise ValueError("a message without id")
    kind = _kind(message)
    context = obj(message.get("context"))
    parts = _PARTS.get(kind, _nothing)(message)
    return InboundMessage(
        key=f"message:{phone_number_id}:{message_id}",
        account_id=account_id,
        phone_number_id=phone_number_id,
        message_id=message_id,
        sender=sender,
        kind=kind,
        type_name=text(message.get("type")),
        sent_at=instant(message.get("timestamp")),
        reply_to=text(context.get("id")),
        is_forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
        referral=obj(message.get("referral")),
        errors=read_errors(message.get("errors")),
        raw=message,
        **parts,
    )


def read_errors(errors: object) -> tuple[ChannelError, ...]:
    return tuple(classify([error]) for error in objects(errors))


def _merged(party: Party, contact: Party) -> Party:
    return Party(
        wa_id=party.wa_id or contact.wa_id,
        user_id=party.user_id or contact.user_id,
        parent_user_id=party.parent_user_id or contact.parent_user_id,
        profile_name=contact.profile_name,
        username=contact.username,
    )


def _kind(message: Object) -> MessageKind:
    name = text(message.get("type"))
    if name == "interactive":
        return _INTERACTIVE.get(text(obj(message.get("interactive")).get("type")), MessageKind.UNKNOWN)
    try:
        return MessageKind(name)
    except ValueError:
        return MessageKind.UNKNOWN


def _nothing(_message: Object) -> dict[str, Any]:
    return {}


def _text(message: Object) -> dict[str, Any]:
    return {"text": text(obj(message.get("text")).get("body"))}


def _button(message: Object) -> dict[str, Any]:
    button = obj(message.get("button"))
    return {"text": text(button.get("text")), "choice": text(button.get("payload"))}


def _reply(message: Object) -> dict[str, Any]:
    interactive = obj(message.get("interactive"))
    reply = obj(interactive.get(text(interactive.get("type"))))
    return {"text": text(reply.get("title")), "choice": text(reply.get("id"))}


def _flow(message: Object) -> dict[str, Any]:
    reply = obj(obj(message.get("interactive")).get("nfm_reply"))
    try:
        form = json.loads(text(reply.get("response_json")) or "{}")
    except (ValueError, RecursionError):
        form = {}
    return {"text": text(reply.get("body")), "choice": text(reply.get("name")), "form": obj(form)}


def _call_permission(message: Object) -> dict[str, Any]:
    reply = obj(obj(message.get("interactive")).get("call_permission_reply"))
    return {"choice": text(reply.get("response"))}


def _media(message: Object) -> dict[str, Any]:
    media = obj(message.get(text(message.get("type"))))
    media_id = text(media.get("id"))
    ref = MediaRef(
        media_id=media_id,
        mime=text(media.get("mime_type")).partition(";")[0].strip(),
        sha256=text(media.get("sha256")),
        filename=text(media.get("filename")),
        is_voice=media.get("voice") is True,
        is_animated=media.get("animated") is True,
    )
    return {"text": text(media.get("caption")), "media": ref if media_id else None}


def _location(message: Object) -> dict[str, Any]:
    place = obj(message.get("location"))
    latitude, longitude = number(place.get("latitude")), number(place.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    name, address = text(place.get("name")), text(place.get("address"))
    return {"location": Location(latitude, longitude, name, address)}


def _contacts(message: Object) -> dict[str, Any]:
    return {"contacts": tuple(map(_card, objects(message.get("contacts"))))}


def _card(card: Object) -> SharedContact:
    phones = list(objects(card.get("phones")))
    return SharedContact(
        name=text(obj(card.get("name")).get("formatted_name")),
        phones=tuple(filter(None, (text(phone.get("phone")) for phone in phones))),
        wa_ids=tuple(filter(None, (text(phone.get("wa_id")) for phone in phones))),
        is_own=text(card.get("origin")) == "contact_request",
    )


def _reaction(message: Object) -> dict[str, Any]:
    reaction = obj(message.get("reaction"))
    return {"emoji": text(reaction.get("emoji")), "target_id": text(reaction.get("message_id"))}


def _order(message: Object) -> dict[str, Any]:
    return {"text": text(obj(message.get("order")).get("text"))}


def _edit(message: Object) -> dict[str, Any]:
    """The words that now stand in the edited message: its text, or the caption of its file."""
    edit = obj(message.get("edit"))
    now = obj(edit.get("message"))
    inner = obj(now.get(text(now.get("type"))))
    words = text(inner.get("body")) or text(inner.get("caption"))
    return {"text": words, "target_id": text(edit.get("original_message_id"))}


def _revoke(message: Object) -> dict[str, Any]:
    return {"target_id": text(obj(message.get("revoke")).get("original_message_id"))}


_PARTS: Final[Mapping[MessageKind, Callable[[Object], dict[str, Any]]]] = {
    MessageKind.TEXT: _text,
    MessageKind.BUTTON: _button,
    MessageKind.BUTTON_REPLY: _reply,
    MessageKind.LIST_REPLY: _reply,
    MessageKind.FLOW_REPLY: _flow,
    MessageKind.CALL_PERMISSION_REPLY: _call_permission,
    **dict.fromkeys(_MEDIA, _media),
    MessageKind.LOCATION: _location,
    MessageKind.CONTACTS: _contacts,
    MessageKind.REACTION: _reaction,
    MessageKind.ORDER: _order,
    MessageKind.EDIT: _edit,
    MessageKind.REVOKE: _revoke,
}


def _system(message: Object, envelope: Envelope) -> IdentityUpdate:
    """A notice about the person: `from` holds what they were, `system` what they are now."""
    message_id = text(message.get("id"))
    if not message_id:
        raise ValueError("a system message without id")
    notice = obj(message.get("system"))
    before = Party(
        wa_id=text(message.get("from")),
        user_id=text(message.get("from_user_id")),
        parent_user_id=text(message.get("from_parent_user_id")),
    )
    after = Party(
        wa_id=text(notice.get("wa_id")) or text(notice.get("new_wa_id")),
        user_id=text(notice.get("user_id")),
        parent_user_id=text(notice.get("parent_user_id")),
    )
    return IdentityUpdate(
        key=f"message:{envelope.phone_number_id}:{message_id}",
        account_id=envelope.account_id,
        phone_number_id=envelope.phone_number_id,
        change=_IDENTITY.get(text(notice.get("type")), IdentityChange.OTHER),
        before=before,
        after=after,
        at=instant(message.get("timestamp")),
        raw=message,
    )
