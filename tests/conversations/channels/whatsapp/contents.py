"""Outbound contents WhatsApp takes, one of each kind: what limits, composition and client are tried with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

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
    PaymentState,
    PixCode,
    PixKeyType,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    Text,
    UrlParam,
)

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
ANA = Destination("+5511987654321", "BR.1502748163")
ANA_BY_ID = Destination(None, "BR.1502748163")

PIX = PixCode("00020126580014br.gov.bcb.pix", "Academia Boa Forma", "39580525000189", PixKeyType.CNPJ)
ORDER = PixOrder(
    reference_id="INV-123.2",
    body="Sua mensalidade de outubro",
    total=Decimal("122.40"),
    pix=PIX,
    boleto_line="03399026944140000002628346101018898510000008848",
    link="https://pagar.example.com/123",
    items=(OrderItem("p1", "Mensalidade 10/2026", Decimal("119.90")),),
    tax=OrderCharge(Decimal("3.50"), "Multa e juros"),
    discount=OrderCharge(Decimal("1.00"), "Desconto"),
    expires_at=datetime(2026, 11, 22, 15, tzinfo=UTC),
    expiry_note="Vale até amanhã",
    footer="Academia Boa Forma",
)

ACCEPTED: dict[str, Content] = {
    "text": Text("Oi, Ana! Veja https://x.com", preview_url=True),
    "image": Image(media_id="111", caption="QR Code"),
    "document": Document(filename="boleto.pdf", media_id="222", caption="Segue o boleto"),
    "audio": Audio(media_id="333", voice=True),
    "buttons": Buttons(
        "Posso enviar o Pix?",
        (Button("pay:123", "Pagar agora"), Button("later:123", "Mais tarde")),
        "Fatura",
        "Academia Boa Forma",
    ),
    "buttons_image": Buttons("Veja", (Button("a", "Ok"),), Image(media_id="111")),
    "buttons_document": Buttons("Veja", (Button("a", "Ok"),), Document(filename="b.pdf", media_id="222")),
    "list": ListMenu(
        "Em quantas vezes?",
        "Opções",
        (
            ListSection((ListRow("p2", "2x", "R$ 60,00"), ListRow("p3", "3x")), "Parcelas"),
            ListSection((ListRow("human", "Falar com alguém"),), "Outros"),
        ),
        "Acordo",
        "Academia",
    ),
    "link": LinkButton("Sua fatura", "Abrir", "https://x.com/f/1", "Fatura", "Academia"),
    "contact_info": ContactInfoRequest("Qual é o seu número?"),
    "reaction": Reaction("wamid.X", "👍"),
    "reaction_removed": Reaction("wamid.X"),
    "template_bare": Template(name="ola"),
    "template_positional": Template(name="lembrete_v1", body_params=["Ana", "R$ 119,90"]),
    "template_named": Template(
        name="lembrete_v2",
        body_params={"nome": "Ana", "valor": "R$ 119,90"},
        header=HeaderText("maio", "mes"),
        buttons=(QuickReplyParam(0, "paid:123"), UrlParam(1, "f/1")),
    ),
    "template_document": Template(
        name="boleto_v1", body_params=["Ana"], header=Document(filename="boleto.pdf", media_id="222")
    ),
    "template_image": Template(name="qr_v1", header=Image(media_id="111")),
    "template_code": Template(name="codigo_v1", buttons=(CopyCodeParam(0, "BOAFORMA10"),)),
    "template_payment": Template(
        name="pagar_v1",
        buttons=(
            PaymentParam(0, pix_code=PIX.code, total=Decimal("12.34")),
            PaymentParam(1, boleto_line="03399"),
            PaymentParam(2, link="https://x.com"),
        ),
    ),
    "template_order": Template(name="pedido_v1", buttons=(OrderParam(0, ORDER),)),
    "order": ORDER,
    "order_total_only": PixOrder(reference_id="INV-9", body="Total", total=Decimal("10.00"), pix=PIX),
    "order_paid": OrderUpdate(
        reference_id="INV-123.2",
        body="Pagamento confirmado",
        order=OrderState.COMPLETED,
        description="Obrigado",
        payment=PaymentState.CAPTURED,
        paid_at=NOW,
    ),
}
