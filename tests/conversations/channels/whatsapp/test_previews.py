"""The one line lists show for each kind of message."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.channels.whatsapp.items import InboundMessage, MessageKind
from conversations.channels.whatsapp.payloads import parse
from conversations.channels.whatsapp.previews import preview
from tests.conversations.channels import examples as ex


def preview_of(message: dict[str, Any]) -> str:
    (item,) = parse(ex.raw(ex.delivery(ex.messages(message))))
    assert isinstance(item, InboundMessage)
    return preview(item)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (ex.text("Oi,\n  tudo bem?"), "Oi, tudo bem?"),
        (ex.text(" "), "mensagem vazia"),
        (ex.template_button(), "Já paguei"),
        (ex.button_reply(), "Pagar"),
        (ex.list_reply(), "3x"),
        (ex.flow_reply(), "📝 Enviado"),
        (ex.call_permission_reply(), "📞 resposta ao pedido de ligação"),
        (ex.media("image"), "📷 foto"),
        (ex.media("image", caption="comprovante"), "📷 comprovante"),
        (ex.media("video"), "🎬 vídeo"),
        (ex.media("document", filename="comprovante.pdf"), "📎 comprovante.pdf"),
        (ex.media("document", filename="c.pdf", caption="segue"), "📎 c.pdf: segue"),
        (ex.media("document"), "📎 documento"),
        (ex.media("audio", voice=True), "🎤 áudio"),
        (ex.media("sticker"), "🙂 figurinha"),
        (ex.location(), "📍 Academia"),
        (ex.location(name=""), "📍 localização"),
        (ex.contacts_card(), "👤 Bruno Lima"),
        (ex.message("contacts", []), "👤 contato"),
        (ex.reaction(), "👍 reagiu"),
        (ex.reaction(""), "retirou a reação"),
        (ex.order(), "🛒 quero esse"),
        (ex.edit(), "✏️ editou: pago na sexta"),
        (ex.revoke(), "🗑️ apagou uma mensagem"),
        (ex.unsupported(), "mensagem que o sistema não consegue abrir"),
        (ex.message("hologram", {}), "mensagem que o sistema não consegue abrir"),
    ],
)
def test_preview_of_each_kind_is_one_portuguese_line(message: dict[str, Any], expected: str) -> None:
    assert preview_of(message) == expected


def test_long_text_is_cut_to_what_a_list_shows() -> None:
    line = preview_of(ex.text("palavra " * 50))

    assert len(line) <= 120
    assert line.endswith("palavra…")


def test_examples_cover_every_kind_a_message_can_have() -> None:
    # A system notice is read as an identity update.
    assert set(ex.MESSAGES) == {kind.value for kind in MessageKind} - {"system"}
