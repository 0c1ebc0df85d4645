"""Messages people send, type by type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.channels.errors import Remedy
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
from conversations.channels.whatsapp.payloads import parse
from tests.conversations.channels import examples as ex

AT = datetime.fromtimestamp(ex.SENT_AT_SECONDS, tz=UTC)
DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def only(change: dict[str, Any]) -> Any:
    (item,) = parse(ex.raw(ex.delivery(change)))
    return item


def read(message: dict[str, Any], **parts: Any) -> InboundMessage:
    item = only(ex.messages(message, **parts))
    assert isinstance(item, InboundMessage)
    return item


def test_text_is_read_with_its_sender_and_routing() -> None:
    item = read(ex.text())

    assert item == InboundMessage(
        key=f"message:{ex.PHONE_NUMBER_ID}:wamid.HBgMNTUxMTg3NjU0MzIxFQIAEhgUM0E=",
        account_id=ex.ACCOUNT_ID,
        phone_number_id=ex.PHONE_NUMBER_ID,
        message_id="wamid.HBgMNTUxMTg3NjU0MzIxFQIAEhgUM0E=",
        sender=Party(ex.ANA, ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia"),
        kind=MessageKind.TEXT,
        type_name="text",
        sent_at=AT,
        text="Olá, já paguei 😀",
        raw=ex.text(),
    )


@pytest.mark.parametrize(
    ("message", "kind", "parts"),
    [
        (
            ex.template_button(),
            MessageKind.BUTTON,
            {"text": "Já paguei", "choice": "paid:123", "reply_to": "wamid.OURS"},
        ),
        # A template's button may come without saying which template.
        (
            ex.without(ex.template_button(), "context"),
            MessageKind.BUTTON,
            {"choice": "paid:123", "reply_to": ""},
        ),
        (
            ex.button_reply(),
            MessageKind.BUTTON_REPLY,
            {"text": "Pagar", "choice": "pay:123", "reply_to": "wamid.OURS"},
        ),
        (ex.list_reply(), MessageKind.LIST_REPLY, {"text": "3x", "choice": "p3", "reply_to": "wamid.OURS"}),
        (
            ex.flow_reply(),
            MessageKind.FLOW_REPLY,
            {"text": "Enviado", "choice": "flow", "form": {"due_day": "10", "flow_token": "t"}},
        ),
        (ex.flow_reply("not json"), MessageKind.FLOW_REPLY, {"text": "Enviado", "form": {}}),
        (ex.call_permission_reply(), MessageKind.CALL_PERMISSION_REPLY, {"choice": "accept"}),
        (
            ex.media("image", caption="comprovante"),
            MessageKind.IMAGE,
            {"text": "comprovante", "media": MediaRef("1908647269898587", "image/jpeg", DIGEST)},
        ),
        (
            ex.media("video"),
            MessageKind.VIDEO,
            {"text": "", "media": MediaRef("1908647269898587", "video/mp4", DIGEST)},
        ),
        (
            ex.media("document", filename="comprovante.pdf"),
            MessageKind.DOCUMENT,
            {"media": MediaRef("1908647269898587", "application/pdf", DIGEST, "comprovante.pdf")},
        ),
        (
            ex.media("audio", voice=True),
            MessageKind.AUDIO,
            {"media": MediaRef("1908647269898587", "audio/ogg", DIGEST, is_voice=True)},
        ),
        (
            ex.media("sticker", animated=True),
            MessageKind.STICKER,
            {"media": MediaRef("1908647269898587", "image/webp", DIGEST, is_animated=True)},
        ),
        # Media that never became available arrives without an id.
        (ex.message("image", {"mime_type": "image/jpeg"}), MessageKind.IMAGE, {"media": None}),
        (
            ex.location(),
            MessageKind.LOCATION,
            {"location": Location(-23.5613, -46.6565, "Academia", "Av. Paulista, 900")},
        ),
        (
            ex.location(latitude="-23.5", longitude="-46.6"),
            MessageKind.LOCATION,
            {"location": Location(-23.5, -46.6, "Academia", "Av. Paulista, 900")},
        ),
        # A place that is nowhere is no place.
        (ex.location(latitude=90.1), MessageKind.LOCATION, {"location": None}),
        (ex.location(longitude="-180.5"), MessageKind.LOCATION, {"location": None}),
        (ex.location(latitude="1e999"), MessageKind.LOCATION, {"location": None}),
        (ex.location(latitude=True), MessageKind.LOCATION, {"location": None}),
        (
            ex.contacts_card(),
            MessageKind.CONTACTS,
            {"contacts": (SharedContact("Bruno Lima", ("+55 11 91234-5678",), ("5511912345678",)),)},
        ),
        (
            ex.contacts_card("contact_request"),
            MessageKind.CONTACTS,
            {
                "contacts": (
                    SharedContact("Bruno Lima", ("+55 11 91234-5678",), ("5511912345678",), is_own=True),
                )
            },
        ),
        (ex.reaction(), MessageKind.REACTION, {"emoji": "👍", "target_id": "wamid.OURS"}),
        # An emoji that is empty or missing takes the reaction away.
        (ex.reaction(""), MessageKind.REACTION, {"emoji": "", "target_id": "wamid.OURS"}),
        (ex.reaction(None), MessageKind.REACTION, {"emoji": "", "target_id": "wamid.OURS"}),
        (ex.order(), MessageKind.ORDER, {"text": "quero esse"}),
        (ex.edit(), MessageKind.EDIT, {"text": "pago na sexta", "target_id": "wamid.EARLIER"}),
        (ex.edited_caption(), MessageKind.EDIT, {"text": "comprovante", "target_id": "wamid.EARLIER"}),
        (ex.revoke(), MessageKind.REVOKE, {"text": "", "target_id": "wamid.EARLIER"}),
        # Kinds nobody told us about.
        (ex.message("hologram", {"id": "1"}), MessageKind.UNKNOWN, {"type_name": "hologram", "text": ""}),
        (
            ex.message("interactive", {"type": "hologram_reply"}),
            MessageKind.UNKNOWN,
            {"type_name": "interactive"},
        ),
        (ex.without(ex.text(), "type"), MessageKind.UNKNOWN, {"type_name": ""}),
        # An interactive answer may come without its inner object.
        (ex.message("interactive", {"type": "button_reply"}), MessageKind.BUTTON_REPLY, {"choice": ""}),
    ],
)
def test_message_of_each_type_keeps_what_it_says(
    message: dict[str, Any], kind: MessageKind, parts: dict[str, Any]
) -> None:
    item = read(message)

    assert item.kind is kind
    assert {name: getattr(item, name) for name in parts} == parts
    assert (item.sender.wa_id, item.sent_at) == (ex.ANA, AT)


@pytest.mark.parametrize("kind", ["unsupported", "unknown"])
def test_unsupported_message_carries_its_error(kind: str) -> None:
    item = read(ex.unsupported(kind))

    assert item.kind is MessageKind(kind)
    assert [(error.code, error.remedy) for error in item.errors] == [("131051", Remedy.BUG)]


def test_every_kind_is_an_answer_but_reactions_and_notices() -> None:
    silent = {kind for kind in MessageKind if not kind.is_answer}

    assert silent == {MessageKind.REACTION, MessageKind.REVOKE, MessageKind.SYSTEM}


def test_forwarded_and_advertised_messages_say_so() -> None:
    advert = {"source_type": "ad", "source_id": "120", "headline": "Matrículas"}

    assert read(ex.text(context={"forwarded": True})).is_forwarded
    assert read(ex.text(context={"frequently_forwarded": True})).is_forwarded
    assert not read(ex.text(context=ex.quoted())).is_forwarded
    assert read(ex.text(referral=advert)).referral == advert


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (ex.SENT_AT, AT),
        (ex.SENT_AT_SECONDS, AT),
        (f"{ex.SENT_AT}000", AT),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        ("0", None),
        ("9" * 40, None),
        ("²", None),
        (1790000000.5, None),
    ],
)
def test_odd_timestamp_loses_the_time_and_keeps_the_message(stamp: object, expected: datetime | None) -> None:
    item = read(ex.text(timestamp=stamp))

    assert (item.text, item.sent_at) == ("Olá, já paguei 😀", expected)


class TestSender:
    """Who wrote, when ids, names and contacts may each be missing."""

    def test_username_without_phone_is_known_by_user_id(self) -> None:
        contact = ex.without(ex.contact(), "wa_id")

        item = read(ex.without(ex.text(), "from"), contacts=[contact])

        assert item.sender == Party("", ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia")

    def test_payload_without_contacts_still_has_its_ids(self) -> None:
        assert read(ex.text(), contacts=[]).sender == Party(ex.ANA, ex.ANA_USER_ID)

    def test_older_payload_without_user_id_takes_it_from_nowhere(self) -> None:
        item = read(ex.without(ex.text(), "from_user_id"), contacts=[ex.without(ex.contact(), "user_id")])

        assert item.sender == Party(ex.ANA, "", "", "Ana Lúcia", "ana.lucia")

    def test_contact_adds_the_ids_the_message_lacks(self) -> None:
        item = read(ex.without(ex.text(), "from_user_id"), contacts=[ex.contact(parent_user_id="BR.ENT.1")])

        assert item.sender == Party(ex.ANA, ex.ANA_USER_ID, "BR.ENT.1", "Ana Lúcia", "ana.lucia")

    def test_each_message_of_a_batch_gets_its_own_contact(self) -> None:
        bruno = ex.contact(wa_id="5521999990000", user_id="BR.2", profile={"name": "Bruno"})
        change = ex.messages(
            ex.text(id="a"),
            ex.text(id="b", **{"from": "5521999990000", "from_user_id": "BR.2"}),
            ex.text(id="c", **{"from": "5531888880000", "from_user_id": "BR.3"}),
            contacts=[ex.contact(), bruno],
        )

        found = [
            item.sender for item in parse(ex.raw(ex.delivery(change))) if isinstance(item, InboundMessage)
        ]

        assert [(sender.user_id, sender.profile_name) for sender in found] == [
            (ex.ANA_USER_ID, "Ana Lúcia"),
            ("BR.2", "Bruno"),
            ("BR.3", ""),
        ]

    def test_lone_contact_is_not_pinned_on_several_senders(self) -> None:
        change = ex.messages(
            ex.text(id="a"), ex.text(id="b", **{"from": "5531888880000", "from_user_id": "BR.3"})
        )

        senders = [
            item.sender for item in parse(ex.raw(ex.delivery(change))) if isinstance(item, InboundMessage)
        ]

        assert [sender.profile_name for sender in senders] == ["Ana Lúcia", ""]

    def test_lone_contact_with_another_form_of_the_number_is_the_sole_sender(self) -> None:
        item = read(ex.without(ex.text(), "from_user_id"), contacts=[ex.contact(wa_id="5511987654321")])

        assert item.sender == Party(ex.ANA, ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia")


@pytest.mark.parametrize(
    ("notice", "change", "after"),
    [
        (ex.changed_number(), IdentityChange.NUMBER, Party("5521912345678", "BR.999")),
        (ex.system("user_changed_user_id", user_id="BR.777"), IdentityChange.USER_ID, Party("", "BR.777")),
        (ex.system("customer_identity_changed"), IdentityChange.IDENTITY_KEY, Party()),
        (ex.system("moved_to_mars"), IdentityChange.OTHER, Party()),
    ],
)
def test_system_notice_is_an_identity_update(
    notice: dict[str, Any], change: IdentityChange, after: Party
) -> None:
    assert only(ex.messages(notice, contacts=[])) == IdentityUpdate(
        key=f"message:{ex.PHONE_NUMBER_ID}:{notice['id']}",
        account_id=ex.ACCOUNT_ID,
        phone_number_id=ex.PHONE_NUMBER_ID,
        change=change,
        before=Party(ex.ANA, ex.ANA_USER_ID),
        after=after,
        at=AT,
        raw=notice,
    )


def test_nothing_personal_shows_in_a_log_line() -> None:
    shown = repr(read(ex.media("document", filename="Ana Lúcia.pdf", caption="meu CPF 52998224725")))

    assert [word for word in ("Ana", ex.ANA, ex.ANA_USER_ID, "52998224725") if word in shown] == []
