"""Acceptance tests 9, 14, 15, 16, 19 and 22: what members write, and what they read from us."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.models import Payment
from cases.models import Hold, Offer, Promise
from commons.models import HistoryEntry
from compliance import services
from compliance.content.disclosure import debt_words
from compliance.content.folding import fold
from compliance.enums import Verdict
from conversations import templates
from conversations.enums import Direction, MessageState
from conversations.models import Message
from conversations.nlu import optout
from conversations.nlu.optout import OptOut
from conversations.outbox import dispatch
from members.enums import ContactPointState
from members.models import SuppressionMark
from tests.compliance.builders import at
from tests.conversations.network import Network
from tests.conversations.world import NOW, Talk, confirmed_talk, opening_template

SIX = timedelta(seconds=6)
NIGHT = at("2026-11-24 23:10")


def turn(talk: Talk, text: str, *, now: object = NOW) -> list[Message]:
    """The member writes and the agent answers; the rows it queued."""
    talk.writes(text, now=now)  # type: ignore[arg-type]
    return talk.answer(now=now + SIX)  # type: ignore[operator]


def holds(talk: Talk) -> list[str]:
    return list(
        Hold.objects.filter(case__member=talk.world.member, released_at=None).values_list("reason", flat=True)
    )


class TestNight:
    def test_09_pix_asked_for_at_night_is_answered_with_the_code_alone(
        self, talk: Talk, network: Network
    ) -> None:
        network.knows(talk)

        rows = turn(talk, "me manda o código do pix", now=NIGHT)
        for _ in rows:
            dispatch.dispatch_due(now=NIGHT + SIX)

        assert [(row.kind, row.contact_kind) for row in rows] == [
            ("text", "reply"),
            ("text", "reply"),
            ("image", "reply"),
        ]
        assert rows[0].body.startswith("Aqui está o Pix de R$ 102,63")
        assert network.texts(talk)[1].startswith("000201")

    def test_09_dunning_step_ten_minutes_later_is_put_off(self, talk: Talk, network: Network) -> None:
        network.knows(talk)
        (step,) = talk.plans()
        Message.objects.filter(pk=step.pk).update(send_at=NIGHT + timedelta(minutes=10))
        turn(talk, "me manda o código do pix", now=NIGHT)

        for _ in range(4):
            dispatch.dispatch_due(now=NIGHT + timedelta(minutes=10))

        step.refresh_from_db()
        assert (step.state, step.send_at) == (MessageState.PLANNED, at("2026-11-25 09:00"))
        assert step.body not in network.texts(talk)


class TestPromise:
    WORDS = "vou parar no banco amanhã pra pagar"

    def test_14_stopping_at_the_bank_is_no_opt_out_and_a_promise(self, talk: Talk) -> None:
        assert optout.classify(self.WORDS).outcome == OptOut.NONE

        turn(talk, self.WORDS)
        assert Offer.objects.get().terms["date"] == "2026-11-25"
        turn(talk, "sim", now=NOW + timedelta(minutes=2))

        assert [promise.date for promise in Promise.objects.all()] == [date(2026, 11, 25)]
        assert SuppressionMark.objects.count() == 0


class TestCancelling:
    """In Colombia "cancelar" is to pay."""

    @pytest.fixture
    def bogota(self, now: None) -> Talk:
        return confirmed_talk(name="Ana Souza", country="CO", uf="11", city="Bogotá", language="es")

    @pytest.mark.parametrize("words", ["ya cancelé", "Ya cancelé la factura", "ya cancele ayer por nequi"])
    def test_15_ya_cancele_is_a_claim_of_payment(self, bogota: Talk, words: str) -> None:
        (answer,) = turn(bogota, words)

        assert holds(bogota) == ["payment_claim"]
        assert "comprovante" in answer.body
        assert (SuppressionMark.objects.count(), Payment.objects.count()) == (0, 0)
        later = services.decide(bogota.world.request(), now=NOW + timedelta(days=1, hours=2))
        assert (later.verdict, later.rule) == (Verdict.REFUSE, "hold")

    def test_15_ya_cancele_el_servicio_is_a_dispute(self, bogota: Talk) -> None:
        turn(bogota, "ya cancelé el servicio en mayo")

        # A person looks into it.
        assert sorted(holds(bogota)) == ["dispute", "human"]
        assert SuppressionMark.objects.count() == 0

    def test_15_bare_cancelar_is_asked_about_and_stops_nothing_by_itself(self, bogota: Talk) -> None:
        turn(bogota, "cancelar")

        assert SuppressionMark.objects.count() == 0


class TestWrongPerson:
    def test_16_not_me_quarantines_the_number_and_no_debt_word_follows(self, unconfirmed: Talk) -> None:
        turn(unconfirmed, "não sou eu")

        assert unconfirmed.point.state == ContactPointState.WRONG
        later = NOW + timedelta(hours=1)
        turn(unconfirmed, "quem é que fala?", now=later)
        turn(unconfirmed, "mas o que vocês querem com ela?", now=later + timedelta(minutes=5))
        collection = services.decide(unconfirmed.world.request(), now=later)
        rows = Message.objects.filter(conversation=unconfirmed.conversation, direction=Direction.OUT)
        assert (collection.verdict, collection.rule) == (Verdict.REFUSE, "contact_point_wrong")
        assert rows.count() >= 1
        assert [row.body for row in rows if debt_words(fold(row.body))] == []
        told = HistoryEntry.objects.filter(member_id=unconfirmed.world.member.pk, at__gte=NOW)
        assert [line.sentence for line in told if debt_words(fold(line.sentence))] == []


@pytest.mark.parametrize(
    "question",
    ["você é humano?", "é robô ou gente?", "você é um robô?", "¿eres un robot?", "¿usted es humano?"],
)
def test_19_who_asks_whether_we_are_human_hears_the_truth(talk: Talk, question: str) -> None:
    (answer,) = turn(talk, question)

    assert "Sou uma assistente virtual" in answer.body


class TestUnconfirmed:
    def test_22_unconfirmed_number_gets_the_neutral_template(self, unconfirmed: Talk) -> None:
        (message,) = unconfirmed.plans()

        assert message.template is not None
        assert message.template.neutral
        assert "Academia Exemplo" in message.body
        assert debt_words(fold(message.body)) == []

    def test_22_template_with_debt_words_is_refused_there(self, unconfirmed: Talk) -> None:
        template = opening_template()
        _, text = templates.render(template, {"organizacao": "Academia Exemplo", "nome": "Ana"})

        decision = services.decide(
            unconfirmed.world.request(text=f"{text} Sua mensalidade está atrasada."), now=NOW
        )

        assert (decision.verdict, decision.rule) == (Verdict.REFUSE, "identity_disclosure")
