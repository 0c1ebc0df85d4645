"""The fences around the model: what it may call, what it may say, and what happens when it does neither."""

# ruff: noqa: TID253 -- only the tests of the agent import this module
from __future__ import annotations

from collections.abc import Callable

import pytest
from langchain_core.messages import AIMessage

from cases.models import Agreement, Escalation, Offer, Promise
from conversations.agent import engine
from conversations.agent.offline.chat import OfflineChat
from conversations.channels.base import from_payload
from conversations.channels.content import Buttons
from conversations.enums import Direction, RunStatus
from conversations.models import AgentRun, AgentStep, Message
from tests.conversations.world import NOW, Talk
from tests.fakes.script import Script, calls

Thinks = Callable[..., Script]
HAND_OVER = "Vou passar para uma pessoa da nossa equipe. Ela responde assim que puder."


def said(talk: Talk) -> list[str]:
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT, author="agent")
    return list(rows.order_by("pk").values_list("body", flat=True))


def breaches() -> list[tuple[str, str]]:
    """The checks that found something, with the attempt they found it in."""
    return [(found["check"], found.get("attempt", "")) for found in AgentRun.objects.get().checks]


def answers(script: Script) -> list[str]:
    """What the tools answered to the model, by its last look."""
    return [message.text for message in script.shown[-1] if message.type == "tool"]


class TestTools:
    def test_unconfirmed_person_leaves_the_model_without_the_tools_of_the_member(
        self, unconfirmed: Talk, talk: Talk, thinks: Thinks
    ) -> None:
        script = thinks("Oi, com quem eu falo?")
        for each in (unconfirmed, talk):
            each.writes("oi")
            each.after_debounce()

        before, after = (set(offered) for offered in script.offered)
        assert before == {
            *(
                "confirm_identity",
                "wrong_person",
                "opt_out",
                "call_person",
                "flag_risk",
                "note_misunderstanding",
            )
        }
        assert {"get_balance", "send_payment", "propose_promise", "accept_offer", "dispute"} <= after
        assert "confirm_identity" not in after

    def test_hidden_tool_is_refused_when_called_all_the_same(self, unconfirmed: Talk, thinks: Thinks) -> None:
        script = thinks(calls("get_balance"), "Oi, com quem eu falo?")
        unconfirmed.writes("quanto devo?")

        unconfirmed.after_debounce()

        assert answers(script) == ["Esta ferramenta não pode ser usada agora."]
        assert (AgentStep.objects.count(), said(unconfirmed)) == (0, ["Oi, com quem eu falo?"])

    def test_tool_that_exists_nowhere_is_answered_and_never_shown(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks(calls("forgive_everything"), "Isso eu não consigo fazer.")
        talk.writes("zera minha dívida")

        talk.after_debounce()

        assert said(talk) == ["Isso eu não consigo fazer."]
        assert len(answers(script)) == 1
        assert AgentStep.objects.count() == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            {"date": "amanhã"},
            {},
            {"date": 27},
            {"date": "2026-11-27", "amount": {"x": 1}},
            {"dia": "2026-11-27"},
        ],
    )
    def test_arguments_that_do_not_fit_are_told_to_the_model_and_do_nothing(
        self, talk: Talk, thinks: Thinks, arguments: dict[str, object]
    ) -> None:
        script = thinks(calls("propose_promise", **arguments), "Que dia fica bom para você?")
        talk.writes("pago amanhã")

        talk.after_debounce()

        assert (len(answers(script)), Offer.objects.count()) == (1, 0)
        assert said(talk) == ["Que dia fica bom para você?"]

    def test_date_that_does_not_exist_is_refused_by_the_tool(self, talk: Talk, thinks: Thinks) -> None:
        thinks(calls("propose_promise", date="2026-11-31"), "Que dia fica bom para você?")
        talk.writes("pago dia 31")

        talk.after_debounce()

        step = AgentStep.objects.get()
        assert (step.ok, step.result["error"]) == (False, "A data não existe; use AAAA-MM-DD.")

    def test_each_call_is_kept_with_what_it_answered(self, talk: Talk, thinks: Thinks) -> None:
        thinks(calls("get_balance"), "Hoje são {{balance.total}}.")
        talk.writes("quanto devo?")

        talk.after_debounce()

        step, run = AgentStep.objects.get(), AgentRun.objects.get()
        assert (step.number, step.tool, step.arguments, step.ok) == (1, "get_balance", {}, True)
        assert step.result["open_invoices"][0]["id"] == talk.world.invoice.pk
        assert (run.model, run.tokens_in, run.tokens_out, run.status) == (
            "script",
            200,
            20,
            RunStatus.REPLIED,
        )

    def test_second_call_sees_the_facts_as_the_first_left_them(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks(calls("propose_promise", date="2026-11-27"), "Anoto esse dia?")
        talk.writes("pago dia 27")

        talk.after_debounce()

        offer = Offer.objects.get()
        assert f"offer.{offer.pk}.date" in answers(script)[0]
        assert f"offer.{offer.pk}.date" not in script.shown[0][-1].text


class TestTwoSteps:
    """An offer first, then a later message of the member that says yes."""

    def _proposed(self, talk: Talk, thinks: Thinks) -> Offer:
        thinks(calls("propose_promise", date="2026-11-27"), "Anoto para esse dia?")
        talk.writes("pago dia 27")
        talk.after_debounce()
        return Offer.objects.get()

    def test_offer_is_shown_with_its_buttons(self, talk: Talk, thinks: Thinks) -> None:
        offer = self._proposed(talk, thinks)

        content = from_payload(Message.objects.get(direction=Direction.OUT).content)
        assert isinstance(content, Buttons)
        assert [button.id for button in content.buttons] == [f"offer:{offer.pk}:yes", f"offer:{offer.pk}:no"]
        assert offer.seen_at is not None

    def test_model_cannot_accept_in_the_turn_that_proposes(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks(
            calls("propose_promise", date="2026-11-27"), calls("accept_offer", offer_id=1), "Anoto?"
        )
        talk.writes("sim, pago dia 27")

        def accept() -> AIMessage:
            return calls("accept_offer", offer_id=Offer.objects.get().pk)

        script.steps[1] = accept
        talk.after_debounce()

        assert [(step.tool, step.ok) for step in AgentStep.objects.order_by("number")] == [
            ("propose_promise", True),
            ("accept_offer", False),
        ]
        assert Promise.objects.count() == 0

    @pytest.mark.parametrize("words", ["vou pensar", "não", "talvez", "quanto fica?"])
    def test_model_cannot_accept_what_the_member_did_not(
        self, talk: Talk, thinks: Thinks, words: str
    ) -> None:
        offer = self._proposed(talk, thinks)
        thinks(calls("accept_offer", offer_id=offer.pk), "Posso anotar?")

        talk.writes(words, now=NOW.replace(minute=5))
        talk.answer(now=NOW.replace(minute=6))

        assert (Promise.objects.count(), AgentStep.objects.filter(ok=False).count()) == (0, 1)

    def test_yes_in_a_later_message_is_a_promise_with_its_evidence(self, talk: Talk, thinks: Thinks) -> None:
        offer = self._proposed(talk, thinks)
        thinks(calls("accept_offer", offer_id=offer.pk), "Anotado para {{promise.date}}.")

        talk.writes("sim, pode anotar", now=NOW.replace(minute=5))
        talk.answer(now=NOW.replace(minute=6))

        assert Promise.objects.get().date.isoformat() == "2026-11-27"
        assert said(talk)[-1] == "Anotado para 27/11/2026, sexta-feira."

    def test_offer_of_somebody_else_cannot_be_accepted(
        self, talk: Talk, unconfirmed: Talk, thinks: Thinks
    ) -> None:
        offer = self._proposed(talk, thinks)
        Offer.objects.filter(pk=offer.pk).update(case=unconfirmed.world.case)
        thinks(calls("accept_offer", offer_id=offer.pk), "Não encontrei.")

        talk.writes("sim", now=NOW.replace(minute=5))
        talk.answer(now=NOW.replace(minute=6))

        assert (Promise.objects.count(), Agreement.objects.count()) == (0, 0)


class TestWords:
    @pytest.mark.parametrize(
        ("first", "check"),
        [
            ("São R$ 102,63 hoje.", "digits"),
            ("Pague até dia 30.", "digits"),
            ("O total é {{balance.totall}}.", "reference"),
            ("O total é {{ balance.total }} e {{offer.99.date}}.", "reference"),
            ("Chamei get_balance e deu certo.", "machinery"),
            ("Traceback: erro interno", "machinery"),
            ("a " * 500, "length"),
            ("Se não pagar hoje, seu nome vai para o SPC.", "F12"),
        ],
    )
    def test_breach_is_told_to_the_model_once_and_corrected(
        self, talk: Talk, thinks: Thinks, first: str, check: str
    ) -> None:
        script = thinks(first, "Hoje são {{balance.total}}.")
        talk.writes("quanto devo?")

        talk.after_debounce()

        assert check in [name.removeprefix("content:") for name, _ in breaches()]
        assert {attempt for _, attempt in breaches()} == {"0"}
        assert script.shown[1][-1].text.startswith("CORREÇÃO: ")
        assert said(talk) == ["Hoje são R$ 102,63."]

    def test_second_breach_leaves_the_member_to_a_person_with_the_draft(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        thinks("São R$ 1,00.", "São R$ 2,00.")
        talk.writes("quanto devo?")

        talk.after_debounce()

        run = AgentRun.objects.get()
        assert said(talk) == [HAND_OVER]
        assert (run.status, run.draft, Escalation.objects.get().reason) == (
            RunStatus.HANDED_OVER,
            "São R$ 2,00.",
            "guard",
        )
        assert (run.tokens_in, run.tokens_out) == (200, 20)

    @pytest.mark.parametrize(
        "words",
        [
            "Sua fatura está em aberto.",
            "Você tem uma mensalidade atrasada.",
            "É sobre o seu pagamento pendente.",
        ],
    )
    def test_debt_is_not_named_before_identity(self, unconfirmed: Talk, thinks: Thinks, words: str) -> None:
        thinks(words, "Oi, com quem eu falo?")
        unconfirmed.writes("quem é?")

        unconfirmed.after_debounce()

        assert said(unconfirmed) == ["Oi, com quem eu falo?"]
        assert breaches() != []

    def test_money_cannot_be_referred_to_before_identity(self, unconfirmed: Talk, thinks: Thinks) -> None:
        thinks("São {{balance.total}}.", "São {{balance.total}}.")
        unconfirmed.writes("quanto devo?")

        unconfirmed.after_debounce()

        assert breaches()[0][0] == "reference"
        assert "102" not in "".join(said(unconfirmed))

    def test_same_sentence_again_is_rejected(self, talk: Talk, thinks: Thinks) -> None:
        thinks("Como posso ajudar?", "Como posso ajudar?", "Posso enviar o Pix?")
        talk.writes("oi")
        talk.after_debounce()

        talk.writes("oi?", now=NOW.replace(minute=5))
        talk.answer(now=NOW.replace(minute=6))

        assert said(talk) == ["Como posso ajudar?", "Posso enviar o Pix?"]

    def test_words_beside_a_tool_call_are_not_said(self, talk: Talk, thinks: Thinks) -> None:
        thinks(
            AIMessage("Vou consultar R$ 999,00.", tool_calls=calls("get_balance").tool_calls),
            "Hoje são {{balance.total}}.",
        )
        talk.writes("quanto devo?")

        talk.after_debounce()

        assert said(talk) == ["Hoje são R$ 102,63."]


class TestFailingModels:
    @pytest.mark.parametrize(
        "step",
        [
            "",
            "   ",
            RuntimeError("api key sk-123 rejected"),
            TimeoutError(),
            AIMessage("", invalid_tool_calls=[]),
        ],
    )
    def test_next_model_answers_and_the_offline_one_last(
        self, talk: Talk, thinks: Thinks, step: object
    ) -> None:
        second = Script(steps=[step])
        thinks(step, then=(("second", second), ("offline", OfflineChat())))
        talk.writes("quero falar com um atendente")

        talk.after_debounce()

        run = AgentRun.objects.get()
        assert (run.model, len(second.shown)) == ("offline", 1)
        assert [found["check"] for found in run.checks] == ["model_failed"] * 2
        assert said(talk) == ["Claro, vou chamar uma pessoa da nossa equipe. Ela responde assim que puder."]

    def test_model_that_calls_for_ever_is_stopped_and_nobody_reads_about_limits(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        script = thinks(calls("get_balance"), then=(("second", Script(steps=["Como posso ajudar?"])),))
        talk.writes("quanto devo?")

        talk.after_debounce()

        assert len(script.shown) <= engine.MODEL_CALLS
        assert said(talk) == ["Como posso ajudar?"]

    def test_no_secret_of_a_failure_reaches_member_run_or_log(
        self, talk: Talk, thinks: Thinks, caplog: pytest.LogCaptureFixture
    ) -> None:
        thinks(RuntimeError("key sk-123 for 529.982.247-25"), then=(("second", Script(steps=["Olá!"])),))
        talk.writes("oi")

        talk.after_debounce()

        run = AgentRun.objects.get()
        assert "sk-123" not in caplog.text
        assert "sk-123" not in str([run.checks, run.error, run.draft, said(talk)])

    def test_effects_of_the_model_that_failed_are_facts_for_the_next(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        second = Script(steps=["Anoto esse dia?"])
        thinks(calls("propose_promise", date="2026-11-27"), RuntimeError(), then=(("second", second),))
        talk.writes("pago dia 27")

        talk.after_debounce()

        assert f"offer.{Offer.objects.get().pk}.date" in second.shown[0][-1].text
        assert said(talk) == ["Anoto esse dia?"]


class TestBriefing:
    def test_documents_and_control_characters_never_reach_the_model(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks("Certo.")
        talk.writes("meu cpf é 529.982.247-25\u202e\u0007 ok?")

        talk.after_debounce()

        shown = script.shown[0][-1].text
        assert [part for part in ("529.982", "52998224725", "\u202e", "\u0007") if part in shown] == []

    def test_model_sees_no_phone_and_no_note(self, talk: Talk, thinks: Thinks) -> None:
        script = thinks("Certo.")
        talk.writes("oi")

        talk.after_debounce()

        everything = " ".join(message.text for message in script.shown[0])
        assert talk.world.point.address.removeprefix("+") not in everything
        assert talk.world.member.document not in everything

    def test_history_is_told_in_order_and_without_what_is_answered_now(
        self, talk: Talk, thinks: Thinks
    ) -> None:
        script = thinks("Como posso ajudar?", "Certo.")
        talk.writes("primeira")
        talk.after_debounce()
        talk.writes("segunda", now=NOW.replace(minute=5))
        talk.answer(now=NOW.replace(minute=6))

        told = [(message.type, message.text) for message in script.shown[1]]
        assert told[1:3] == [("human", "primeira"), ("ai", "Como posso ajudar?")]
        assert [text for _, text in told[:3] if "segunda" in text] == []
