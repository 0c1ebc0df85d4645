"""What WhatsApp would refuse is refused before anything leaves, in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from conversations.channels.base import Destination
from conversations.channels.content import (
    Audio,
    Button,
    Buttons,
    ContactInfoRequest,
    Content,
    CopyCodeParam,
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
    PaymentParam,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    Text,
    UrlParam,
)
from conversations.channels.errors import ContentError
from conversations.channels.whatsapp import limits
from tests.conversations.channels.whatsapp.contents import ACCEPTED, ANA_BY_ID, NOW, ORDER, PIX

MEGABYTE = 1024 * 1024
ONE = (Button("a", "Ok"),)


def button(**parts: str) -> Buttons:
    return Buttons("Corpo", (replace(ONE[0], **parts),))


def menu(*sections: ListSection, body: str = "Corpo", button: str = "Abrir", **parts: str) -> ListMenu:
    return ListMenu(body, button, sections, **parts)


def rows(count: int, start: int = 0) -> tuple[ListRow, ...]:
    return tuple(ListRow(str(n), f"Opção {n}") for n in range(start, start + count))


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_content_inside_the_limits_passes(name: str) -> None:
    limits.check(ACCEPTED[name], now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        Text("x" * 4096),
        Image(media_id="1", caption="x" * 1024),
        Image(data=b"x" * (5 * MEGABYTE), mime="image/png"),
        Document(filename="a.txt", mime="text/plain", data=b"x"),
        Buttons("x" * 1024, ONE * 1, "h" * 60, "f" * 60),
        button(title="x" * 20, id="x" * 256),
        Buttons("c", tuple(Button(str(n), str(n)) for n in range(3))),
        menu(ListSection(rows(10))),
        menu(
            ListSection((ListRow("x" * 200, "x" * 24, "x" * 72),), "t" * 24), body="x" * 4096, button="x" * 20
        ),
        menu(*(ListSection(rows(1, n), f"Seção {n}") for n in range(10))),
        LinkButton("x" * 1024, "x" * 20, "http://x.com"),
        Template(name="a" * 512, language="pt_BR", body_params=["a    b"], header=HeaderText("x" * 60)),
        replace(ORDER, reference_id="x" * 60),
        replace(ORDER, expires_at=NOW + timedelta(seconds=300)),
    ],
)
def test_content_at_its_limit_passes(content: Content) -> None:
    limits.check(content, now=NOW)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (Text(""), "O texto está em branco."),
        (Text(" \n"), "O texto está em branco."),
        (Text("x" * 4097), "O texto tem 4097 caracteres; o limite é 4096."),
        (Text("a\x00"), "O texto tem um caractere inválido."),
        # Files
        (Image(), "O arquivo precisa de um conteúdo ou de um id, e só um deles."),
        (Image(media_id="1", data=b"x"), "O arquivo precisa de um conteúdo ou de um id, e só um deles."),
        (Image(data=b""), "O arquivo está vazio."),
        (Image(data=b"x" * (5 * MEGABYTE + 1)), "O arquivo tem mais de 5 MB."),
        (Audio(data=b"x" * (16 * MEGABYTE + 1)), "O arquivo tem mais de 16 MB."),
        (Image(media_id="1", mime="image/webp"), "O WhatsApp não aceita arquivos do tipo image/webp."),
        (Audio(media_id="1", mime="audio/opus"), "O WhatsApp não aceita arquivos do tipo audio/opus."),
        (
            Document(filename="a.exe", mime="application/x-dosexec", media_id="1"),
            "O WhatsApp não aceita arquivos do tipo application/x-dosexec.",
        ),
        (Audio(media_id="1", mime="audio/mpeg", voice=True), "Mensagem de voz só em OGG com Opus."),
        (Image(media_id="1", caption="x" * 1025), "A legenda tem 1025 caracteres; o limite é 1024."),
        (Document(filename=" ", media_id="1"), "O nome do arquivo está em branco."),
        # Buttons
        (Buttons("", ONE), "O texto está em branco."),
        (Buttons("x" * 1025, ONE), "O texto tem 1025 caracteres; o limite é 1024."),
        (Buttons("c", ONE, "h" * 61), "O cabeçalho tem 61 caracteres; o limite é 60."),
        (Buttons("c", ONE, "", "f" * 61), "O rodapé tem 61 caracteres; o limite é 60."),
        (Buttons("c", ONE, Image(media_id="1", caption="x")), "O arquivo do cabeçalho não leva legenda."),
        (Buttons("c", ()), "A mensagem leva de 1 a 3 botões."),
        (
            Buttons("c", tuple(Button(str(n), str(n)) for n in range(4))),
            "A mensagem leva de 1 a 3 botões.",
        ),
        (button(title=""), "O título do botão está em branco."),
        (button(title="x" * 21), "O título do botão tem 21 caracteres; o limite é 20."),
        (button(id=""), "O id do botão está em branco."),
        (button(id="x" * 257), "O id do botão tem 257 caracteres; o limite é 256."),
        (button(id=" a"), "O id do botão não pode começar nem terminar com espaço."),
        (Buttons("c", (Button("a", "Ok"), Button("b", "Ok"))), "Dois botões têm o mesmo título."),
        (Buttons("c", (Button("a", "Ok"), Button("a", "Não"))), "Dois botões têm o mesmo id."),
        # Lists
        (menu(), "A lista leva de 1 a 10 seções."),
        (
            menu(*(ListSection(rows(1, n), str(n)) for n in range(11))),
            "A lista leva de 1 a 10 seções.",
        ),
        (menu(ListSection(())), "A lista tem uma seção sem opções."),
        (menu(ListSection(rows(1), "a"), ListSection((), "b")), "A lista tem uma seção sem opções."),
        (
            menu(ListSection(rows(6), "a"), ListSection(rows(5, 6), "b")),
            "A lista tem 11 opções; o limite é 10 ao todo.",
        ),
        (menu(ListSection(rows(1), "a"), ListSection(rows(1, 1))), "O título da seção está em branco."),
        (menu(ListSection(rows(1), "x" * 25)), "O título da seção tem 25 caracteres; o limite é 24."),
        (menu(ListSection(rows(1)), body="x" * 4097), "O texto tem 4097 caracteres; o limite é 4096."),
        (menu(ListSection(rows(1)), button=""), "O botão da lista está em branco."),
        (menu(ListSection(rows(1)), button="x" * 21), "O botão da lista tem 21 caracteres; o limite é 20."),
        (menu(ListSection(rows(1)), header="x" * 61), "O cabeçalho tem 61 caracteres; o limite é 60."),
        (menu(ListSection(rows(1)), footer="x" * 61), "O rodapé tem 61 caracteres; o limite é 60."),
        (menu(ListSection((ListRow("1", ""),))), "O título da opção está em branco."),
        (menu(ListSection((ListRow("1", "x" * 25),))), "O título da opção tem 25 caracteres; o limite é 24."),
        (
            menu(ListSection((ListRow("1", "a", "x" * 73),))),
            "A descrição da opção tem 73 caracteres; o limite é 72.",
        ),
        (menu(ListSection((ListRow("", "a"),))), "O id da opção está em branco."),
        (menu(ListSection((ListRow("x" * 201, "a"),))), "O id da opção tem 201 caracteres; o limite é 200."),
        (menu(ListSection((ListRow("1", "a"), ListRow("1", "b")))), "Duas opções têm o mesmo id."),
        # Links
        (LinkButton("c", "", "https://x.com"), "O botão está em branco."),
        (LinkButton("c", "x" * 21, "https://x.com"), "O botão tem 21 caracteres; o limite é 20."),
        (LinkButton("c", "Abrir", "javascript:alert(1)"), "O endereço do botão não é válido."),
        (LinkButton("c", "Abrir", "https://"), "O endereço do botão não é válido."),
        (LinkButton("c", "Abrir", "https://[x"), "O endereço do botão não é válido."),
        (ContactInfoRequest("x" * 1025), "O texto tem 1025 caracteres; o limite é 1024."),
        (Reaction("", "👍"), "A mensagem que recebe a reação está em branco."),
        # Templates
        (Template(name="Olá"), "O nome do modelo só tem letras minúsculas, algarismos e sublinhado."),
        (Template(name="a", language="pt-BR"), "O idioma do modelo não é válido."),
        (Template(name="a", body_params=["Ana", ""]), "Um dos dados do modelo está em branco."),
        (
            Template(name="a", body_params={"nome": "Ana\nLúcia"}),
            "Dados do modelo não levam quebra de linha nem muitos espaços seguidos.",
        ),
        (
            Template(name="a", header=HeaderText("a     b")),
            "Dados do modelo não levam quebra de linha nem muitos espaços seguidos.",
        ),
        (Template(name="a", header=HeaderText("x" * 61)), "O cabeçalho tem 61 caracteres; o limite é 60."),
        (
            Template(name="a", header=Document(filename="b.pdf")),
            "O arquivo precisa de um conteúdo ou de um id, e só um deles.",
        ),
        (Template(name="a", buttons=(UrlParam(10, "x"),)), "O modelo tem no máximo 10 botões."),
        (
            Template(name="a", buttons=(UrlParam(0, "x"), QuickReplyParam(0, "y"))),
            "Dois valores para o mesmo botão do modelo.",
        ),
        (Template(name="a", buttons=(QuickReplyParam(0, ""),)), "O valor do botão está em branco."),
        (Template(name="a", buttons=(UrlParam(0, ""),)), "O final do endereço do botão está em branco."),
        (
            Template(name="a", buttons=(CopyCodeParam(0, "x" * 16),)),
            "O código do botão tem 16 caracteres; o limite é 15.",
        ),
        (
            Template(name="a", buttons=(PaymentParam(0, "000201", "03399"),)),
            "O botão de pagamento leva um só meio: Pix, boleto ou link.",
        ),
        (
            Template(name="a", buttons=(PaymentParam(0),)),
            "O botão de pagamento leva um só meio: Pix, boleto ou link.",
        ),
        (
            Template(name="a", buttons=(PaymentParam(0, "000201", total=Decimal("0.00")),)),
            "O total é baixo demais.",
        ),
        (
            Template(name="a", buttons=(OrderParam(0, replace(ORDER, total=Decimal("1.00"))),)),
            "A soma dos itens não confere com o total do pedido.",
        ),
        # Orders
        (
            replace(ORDER, reference_id="fatura 1"),
            "A referência do pedido tem de 1 a 60 letras, algarismos, ponto, hífen ou _.",
        ),
        (
            replace(ORDER, reference_id="x" * 61),
            "A referência do pedido tem de 1 a 60 letras, algarismos, ponto, hífen ou _.",
        ),
        (replace(ORDER, body="x" * 1025), "O texto tem 1025 caracteres; o limite é 1024."),
        (replace(ORDER, pix=None, boleto_line="", link=""), "O pedido não tem Pix, boleto nem link."),
        (replace(ORDER, pix=replace(PIX, code="")), "O código Pix está em branco."),
        (replace(ORDER, pix=replace(PIX, merchant_name="")), "O nome de quem recebe o Pix está em branco."),
        (replace(ORDER, pix=replace(PIX, key="")), "A chave Pix está em branco."),
        (replace(ORDER, total=Decimal("122.41")), "A soma dos itens não confere com o total do pedido."),
        (replace(ORDER, total=Decimal("0.00")), "O total é baixo demais."),
        (replace(ORDER, total=Decimal("NaN")), "O total não é um valor em reais e centavos."),
        (replace(ORDER, total=Decimal("1e40")), "O total não é um valor em reais e centavos."),
        (
            replace(ORDER, tax=OrderCharge(Decimal("3.505"))),
            "Um dos valores do pedido não é um valor em reais e centavos.",
        ),
        (replace(ORDER, discount=OrderCharge(Decimal("-1.00"))), "Um dos valores do pedido é baixo demais."),
        (
            replace(ORDER, items=(OrderItem("1", "x" * 61, Decimal("119.90")),)),
            "O nome do item tem 61 caracteres; o limite é 60.",
        ),
        (
            replace(ORDER, items=(OrderItem("1", "Mensalidade", Decimal("119.90"), 0),)),
            "A quantidade de um item é menor que 1.",
        ),
        (replace(ORDER, items=()), "Um pedido sem itens mostra só o total."),
        (
            PixOrder(reference_id="1", body="x", total=Decimal("1.00"), pix=PIX, expires_at=ORDER.expires_at),
            "Só um pedido com itens tem validade.",
        ),
        (
            PixOrder(reference_id="1", body="x", total=Decimal("1.00"), pix=PIX, header=Image(media_id="1")),
            "Só um pedido com itens leva imagem.",
        ),
        (
            replace(ORDER, expires_at=NOW + timedelta(seconds=299)),
            "A validade do pedido precisa de ao menos 5 minutos.",
        ),
        (replace(ORDER, expiry_note="x" * 121), "O aviso de vencimento tem 121 caracteres; o limite é 120."),
        (replace(ORDER, header=Image()), "O arquivo precisa de um conteúdo ou de um id, e só um deles."),
        (
            OrderUpdate(reference_id="1", body="x"),
            "A atualização não diz nada do pedido nem do pagamento.",
        ),
        (
            OrderUpdate(reference_id="1", body="x", order=OrderState.CANCELED, description="x" * 121),
            "A descrição tem 121 caracteres; o limite é 120.",
        ),
    ],
)
def test_content_beyond_a_limit_is_refused_in_a_sentence(content: Content, sentence: str) -> None:
    with pytest.raises(ContentError) as refusal:
        limits.check(content, now=NOW)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("user_id", "is_one"),
    [
        ("BR.1502748163", True),
        ("BR.ENT.118abC", True),
        ("br.150", False),
        ("BR.", False),
        ("BR.15 0", False),
        ("5511987654321", False),
        (f"BR.{'x' * 129}", False),
    ],
)
def test_user_id_has_the_form_of_a_business_scoped_one(user_id: str, is_one: bool) -> None:
    assert limits.is_user_id(user_id) == is_one


def test_destination_by_another_kind_of_id_is_refused() -> None:
    limits.check_destination(ANA_BY_ID)
    # A telephone is enough; the id is then not used.
    limits.check_destination(Destination("+5511987654321", "psid-7"))
    with pytest.raises(ContentError, match="identificador"):
        limits.check_destination(Destination(None, "psid-7"))


def test_correlation_has_room_for_512_characters() -> None:
    limits.check_correlation("x" * 512)
    with pytest.raises(ContentError, match="513 caracteres"):
        limits.check_correlation("x" * 513)


def test_capabilities_say_what_the_limits_enforce() -> None:
    found = limits.CAPABILITIES

    assert (found.max_text, found.max_buttons, found.max_list_rows, found.window_hours) == (4096, 3, 10, 24)
    assert found.has_templates
    assert "application/pdf" in found.media
