"""Acceptance tests 10, 11, 12, 17 and 18: nothing wrong is asked for, and nothing is said that is not so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from billing import webhooks
from billing.services.means import issue_pix
from cases.models import Escalation
from commons.models import Organisation
from compliance import notices, services
from compliance.content.facts import ChargeFact, ConsequenceKind, FactSet
from compliance.enums import ContactKind, Verdict
from compliance.models import Decision
from conversations.channels.base import Text
from conversations.enums import Direction, MessageState
from conversations.models import Message
from conversations.outbox import dispatch
from tests.billing.test_webhooks import pay
from tests.compliance.builders import at, reply
from tests.compliance.world import World
from tests.conversations import deliveries
from tests.conversations.network import Network
from tests.conversations.world import NOW, Talk
from tests.factories.billing import InvoiceFactory
from tests.fakes.script import Script
from tests.simulators.pix.world import PixWorld

Thinks = Callable[..., Script]
MINUTE = timedelta(minutes=1)


def failing(decision: Decision) -> list[str]:
    return [each["rule"] for each in decision.results if each["verdict"] == Verdict.REFUSE]


def said(talk: Talk) -> list[str]:
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT, author="agent")
    return list(rows.order_by("pk").values_list("body", flat=True))


def test_10_payment_webhook_between_outbox_and_send_withholds_the_collection(
    talk: Talk, network: Network, bank: PixWorld, settings: Settings
) -> None:
    settings.PIX_WEBHOOK_SECRET = "a-secret-of-the-path"
    settings.OUTBOUND_PRIVATE_ALLOWED = [
        *settings.OUTBOUND_PRIVATE_ALLOWED,
        settings.WHATSAPP_API_URL.removesuffix("/whatsapp"),
    ]
    network.knows(talk)
    bank.set_clock(NOW.isoformat())
    Organisation.objects.update(pix_key="")
    means = issue_pix(member_id=talk.world.member.pk, invoice_ids=[talk.world.invoice.pk], now=NOW)
    (collection,) = talk.plans(now=NOW)

    told = pay(bank, txid=means.reference)
    request = webhooks.accept_pix_webhook(
        body=json.dumps({"pix": [told]}).encode(), headers={}, path_secret="a-secret-of-the-path", now=NOW
    )
    webhooks.process_webhook(request_id=request.pk, now=NOW + MINUTE)
    for _ in range(3):
        dispatch.dispatch_due(now=NOW + MINUTE)

    collection.refresh_from_db()
    second = Decision.objects.get(revises=collection.decision)
    assert (collection.state, second.verdict) == (MessageState.WITHHELD, Verdict.REFUSE)
    assert "recent_payment" in failing(second)
    assert [text for text in network.texts(talk) if text == collection.body] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("fine", "rules"), [("2.00", []), ("2.10", ["charges_unlawful"])])
def test_11_fine_above_two_percent_is_refused(fine: str, rules: list[str]) -> None:
    world = World.build()
    total = Decimal("100.60") + Decimal(fine)
    charge = ChargeFact(
        invoice_id=world.invoice.pk,
        original=Decimal("100.00"),
        fine=Decimal(fine),
        interest=Decimal("0.60"),
        total=total,
    )
    text = (
        "Olá, Ana! Aqui é a assistente virtual da Academia Exemplo. A mensalidade está em "
        f"R$ {str(total).replace('.', ',')}: R$ 100,00, mais R$ {fine.replace('.', ',')} de multa e R$ 0,60 de juros."
    )

    decision = services.decide(world.request(text=text, facts=FactSet(charges=(charge,))), now=NOW)

    assert failing(decision) == rules


def test_12_amount_that_is_no_fact_is_never_said(talk: Talk, thinks: Thinks) -> None:
    thinks("Hoje está em R$ 999,00.", "Fica em novecentos e noventa e nove reais, R$ 999,00.")
    talk.writes("quanto é?")

    talk.after_debounce()

    assert [text for text in said(talk) if "999" in text] == []
    assert Escalation.objects.count() == 1


@pytest.mark.django_db
def test_12_gate_itself_refuses_an_amount_that_is_no_fact() -> None:
    world = World.build()
    answer = reply(
        NOW - MINUTE,
        member_id=world.member.pk,
        contact_point_id=world.point.pk,
        case_id=world.case.pk,
        invoice_ids=(),
        text="Hoje está em R$ 999,00.",
        facts=FactSet(amounts=frozenset({Decimal("102.63")})),
    )

    decision = services.decide(answer, now=NOW)

    assert (decision.verdict, failing(decision)) == (Verdict.REFUSE, ["content:F14"])


class TestSuspension:
    """17: a provider of internet announced a suspension on 30 October; the phone took it on 2 November."""

    RIGHT = "Conforme o aviso enviado em 02/11, o serviço pode ser suspenso a partir de 17/11."
    SENT, DELIVERED = at("2026-10-30 10:00"), at("2026-11-02 08:00")

    @pytest.fixture
    def announced(self, talk: Talk) -> Message:
        """The notice in the outbox, taken by WhatsApp."""
        InvoiceFactory(
            member=talk.world.member, due_date=at("2026-10-10 00:00").date(), now=at("2026-10-01 12:00")
        )
        (message,) = talk.plans(now=self.SENT, kind=ContactKind.NOTICE)
        assert message.decision is not None
        notices.record_notice(
            decision=message.decision,
            kind=ConsequenceKind.SERVICE_SUSPENSION,
            actor="cadence",
            now=self.SENT,
        )
        Message.objects.filter(pk=message.pk).update(state=MessageState.ACCEPTED, provider_id="wamid.NOTICE")
        return message

    def _verdict(self, talk: Talk, text: str, now: object) -> list[str]:
        facts = FactSet(consequences=notices.consequences_of(talk.world.member))
        decision = services.decide(
            talk.world.request(text=f"Aqui é a assistente virtual da Academia Exemplo. {text}", facts=facts),
            now=now,  # type: ignore[arg-type]
        )
        return [rule for rule in failing(decision) if rule.startswith("content")]

    def test_17_delivered_notice_allows_its_own_date_and_no_earlier_one(
        self, talk: Talk, announced: Message
    ) -> None:
        deliveries.deliver(
            deliveries.status("wamid.NOTICE", "delivered", at=self.DELIVERED), now=self.DELIVERED
        )

        assert self._verdict(talk, self.RIGHT, at("2026-11-10 10:00")) == []
        sixteenth = "O serviço pode ser suspenso a partir de 16/11."
        assert "content:F13" in self._verdict(talk, sixteenth, at("2026-11-10 10:00"))
        today = "O serviço pode ser suspenso hoje."
        assert self._verdict(talk, today, at("2026-11-16 10:00")) == ["content:F13"]
        assert self._verdict(talk, today, at("2026-11-17 10:00")) == []

    def test_17_agent_says_the_dates_of_the_record(
        self, talk: Talk, announced: Message, thinks: Thinks
    ) -> None:
        deliveries.deliver(
            deliveries.status("wamid.NOTICE", "delivered", at=self.DELIVERED), now=self.DELIVERED
        )
        thinks(
            "Conforme o aviso de {{consequence.service_suspension.notice}}, o serviço pode ser suspenso a partir de "
            "{{consequence.service_suspension.from}}."
        )
        talk.writes("vão cortar?")
        talk.after_debounce()

        assert said(talk) == [
            "Conforme o aviso de 02/11/2026, segunda-feira, o serviço pode ser suspenso a partir de "
            "17/11/2026, terça-feira."
        ]

    def test_17_failed_notice_starts_no_clock(self, talk: Talk, announced: Message) -> None:
        deliveries.deliver(
            deliveries.status("wamid.NOTICE", "failed", at=self.DELIVERED, code=131026), now=self.DELIVERED
        )

        assert notices.consequences_of(talk.world.member) == ()
        assert "content:F13" in self._verdict(talk, self.RIGHT, at("2026-11-24 10:00"))

    def test_17_notice_that_nobody_knows_to_have_arrived_starts_none_either(
        self, talk: Talk, announced: Message
    ) -> None:
        assert "content:F13" in self._verdict(talk, self.RIGHT, at("2026-11-24 10:00"))


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "rules"), [(1825, []), (1826, ["debt_prescribed"])])
def test_18_debt_of_1826_days_is_not_collected_any_more(days: int, rules: list[str]) -> None:
    world = World.build()
    due = (NOW - timedelta(days=days)).date()
    old = InvoiceFactory(member=world.member, due_date=due, now=NOW - timedelta(days=days + 5))

    decision = services.decide(world.request(invoice_ids=(old.pk,)), now=NOW)

    assert failing(decision) == rules


def test_18_who_asks_about_an_old_debt_is_answered(talk: Talk) -> None:
    InvoiceFactory(
        member=talk.world.member,
        due_date=(NOW - timedelta(days=1826)).date(),
        now=NOW - timedelta(days=1830),
    )
    talk.writes("oi")

    assert talk.plans(Text("Oi, Ana! Como posso ajudar?"), kind=ContactKind.REPLY, answers_inbound_at=NOW)
