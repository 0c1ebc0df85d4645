"""What people and content checks see of an outbound content."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from conversations.channels.base import Destination
from conversations.channels.content import (
    Audio,
    Button,
    Buttons,
    ContactInfoRequest,
    Content,
    Document,
    HeaderText,
    Image,
    LinkButton,
    ListMenu,
    ListRow,
    ListSection,
    OrderCharge,
    OrderItem,
    OrderParam,
    OrderState,
    OrderUpdate,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    Text,
    preview,
    visible_text,
)

ORDER = PixOrder(
    reference_id="INV-1.1",
    body="Sua fatura",
    total=Decimal("122.00"),
    link="https://x.com",
    items=(OrderItem("1", "Mensalidade", Decimal("120.00")),),
    tax=OrderCharge(Decimal("2.00"), "Multa"),
    expiry_note="Vale hoje",
    footer="Academia",
)


@pytest.mark.parametrize(
    ("content", "seen", "line"),
    [
        (Text("Oi"), "Oi", "Oi"),
        (
            Buttons("Pagar?", (Button("y", "Sim"), Button("n", "Não")), "Fatura", "Academia"),
            "Fatura\nPagar?\nAcademia\nSim\nNão",
            "Pagar?",
        ),
        (Buttons("Veja", (Button("y", "Ok"),), Document(filename="b.pdf")), "b.pdf\nVeja\nOk", "Veja"),
        (
            ListMenu(
                "Escolha", "Opções", (ListSection((ListRow("1", "3x", "R$ 40"),), "Parcelas"),), "Acordo"
            ),
            "Acordo\nEscolha\nOpções\nParcelas\n3x\nR$ 40",
            "Escolha",
        ),
        (LinkButton("Veja", "Abrir", "https://x.com"), "Veja\nAbrir", "Veja"),
        (ContactInfoRequest("Qual seu número?"), "Qual seu número?", "Qual seu número?"),
        (Image(media_id="1", caption="QR Code"), "QR Code", "📷 QR Code"),
        (Image(media_id="1"), "", "📷 foto"),
        (Document(filename="boleto.pdf", caption="Segue"), "boleto.pdf\nSegue", "📎 boleto.pdf"),
        (Audio(media_id="1"), "", "🎤 áudio"),
        (Reaction("wamid.X", "👍"), "", "👍 reação"),
        (Reaction("wamid.X"), "", "reação retirada"),
        (
            Template(
                name="lembrete",
                body_params={"nome": "Ana"},
                header=HeaderText("maio"),
                buttons=(QuickReplyParam(0, "p"), OrderParam(1, ORDER)),
            ),
            "maio\nAna\nSua fatura\nAcademia\nMensalidade\nMulta\nVale hoje",
            "📄 modelo lembrete",
        ),
        (Template(name="l", body_params=["a", "b"], header=Image(media_id="1")), "a\nb", "📄 modelo l"),
        (ORDER, "Sua fatura\nAcademia\nMensalidade\nMulta\nVale hoje", "💠 Sua fatura"),
        (
            OrderUpdate(reference_id="1", body="Pago", order=OrderState.COMPLETED, description="Obrigado"),
            "Pago\nObrigado",
            "Pago",
        ),
    ],
)
def test_each_content_shows_its_words(content: Content, seen: str, line: str) -> None:
    assert visible_text(content) == seen
    assert preview(content) == line


def test_subtotal_is_the_sum_of_the_items_or_the_total_itself() -> None:
    two = PixOrder(
        reference_id="1",
        body="x",
        total=Decimal("5.00"),
        items=(OrderItem("1", "a", Decimal("1.50"), 2), OrderItem("2", "b", Decimal("2.00"))),
    )

    assert two.subtotal == Decimal("5.00")
    assert PixOrder(reference_id="1", body="x", total=Decimal("9.90")).subtotal == Decimal("9.90")


def test_contents_are_frozen_and_keep_words_out_of_logs() -> None:
    text = Text("Ana, seu CPF 52998224725")

    with pytest.raises(FrozenInstanceError):
        text.body = "outro"  # type: ignore[misc]
    assert repr(text) == "Text(preview_url=False)"
    assert "Ana" not in repr(Template(name="l", body_params={"nome": "Ana"}))


@pytest.mark.parametrize(
    ("phone", "user_id"), [(None, None), ("", ""), ("5511987654321", None), ("+55 11 9", None), ("+", None)]
)
def test_destination_without_a_proper_address_is_refused(phone: str | None, user_id: str | None) -> None:
    with pytest.raises(ValueError, match="a destination"):
        Destination(phone, user_id)


def test_destination_keeps_the_person_out_of_logs() -> None:
    assert repr(Destination("+5511987654321", "BR.1")) == "Destination()"
