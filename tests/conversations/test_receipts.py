"""Thanks for a payment: said once, where it may be said, with what was settled and what remains."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from billing.enums import Method, PaymentSource
from billing.services.payments import record_payment
from compliance.enums import ContactKind
from conversations.enums import MessageState
from conversations.models import Message
from members import services as members
from tests.conversations.world import NOW, Talk, opening_template


def thanks() -> list[str]:
    return list(Message.objects.filter(contact_kind=ContactKind.RECEIPT).values_list("body", flat=True))


def test_whole_payment_in_an_open_window_is_thanked_in_words(talk: Talk) -> None:
    talk.writes("oi")

    talk.world.pay("102.63", at=NOW)

    assert thanks() == [
        "Recebemos o seu pagamento de R$ 102,63. Obrigado, Membro!\nQuitado: Mensalidade.\nEstá tudo em dia."
    ]


def test_part_of_it_says_what_remains(talk: Talk) -> None:
    talk.writes("oi")

    talk.world.pay("50.00", at=NOW)

    (text,) = thanks()
    assert text.splitlines()[0] == "Recebemos o seu pagamento de R$ 50,00. Obrigado, Membro!"
    assert text.splitlines()[1].startswith("Ainda fica em aberto: R$ ")
    assert "Quitado" not in text


def test_outside_the_window_the_approved_template_says_it(talk: Talk) -> None:
    opening_template()

    talk.world.pay("102.63", at=NOW)

    message = Message.objects.get(contact_kind=ContactKind.RECEIPT)
    assert (message.kind, message.state) == ("template", MessageState.PLANNED)
    assert "R$ 102,63" in message.body


def test_without_window_and_template_nothing_is_said(talk: Talk) -> None:
    talk.world.pay("102.63", at=NOW)

    assert thanks() == []


def test_unconfirmed_person_is_thanked_once_they_have_said_who_they_are(unconfirmed: Talk) -> None:
    unconfirmed.writes("oi")
    unconfirmed.world.pay("102.63", at=NOW)
    assert thanks() == []

    members.confirm_identity(point=unconfirmed.point, now=NOW + timedelta(minutes=1), actor="agent")
    members.doubt_identity(point=unconfirmed.point, reason="teste", now=NOW + timedelta(minutes=2))
    members.confirm_identity(point=unconfirmed.point, now=NOW + timedelta(minutes=3), actor="agent")

    assert len(thanks()) == 1


def test_old_payment_is_history_and_not_news(talk: Talk) -> None:
    talk.writes("oi")

    record_payment(
        provider="pix_api",
        provider_key="E1",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=Decimal("102.63"),
        paid_at=NOW - timedelta(days=2, seconds=1),
        member_id=talk.world.member.pk,
        now=NOW,
    )

    assert thanks() == []
