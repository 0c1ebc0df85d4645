"""Acceptance tests 20 and 21: forbidden sentences never leave, delicate situations reach a person, doubt is silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.models import Escalation, Hold
from cases.services import promises
from compliance import services
from compliance.content import check as content_checks
from compliance.content.facts import Consequence, ConsequenceKind, FactSet
from compliance.enums import Verdict
from compliance.gate.rules import content as gate_content
from conversations.channels.base import Text
from conversations.enums import ConversationState, Direction, MessageState
from conversations.models import Message
from conversations.nlu import risk
from conversations.outbox import dispatch, queue
from members.enums import ContactPointState
from tests.compliance.builders import at, reply
from tests.compliance.content.allowed import NEAR_MISSES, ORDINARY
from tests.compliance.content.forbidden import ALSO, PORTUGUESE, REASON_QUESTIONS, SPANISH
from tests.compliance.world import World
from tests.conversations.world import NOW, Talk
from tests.fakes.script import Script

Thinks = Callable[..., Script]
MINUTE = timedelta(minutes=1)
# What is true in the near misses of the reference.
TRUE = FactSet(
    today=date(2026, 11, 10),
    amounts=frozenset({Decimal("2.40"), Decimal("0.80"), Decimal("123.20")}),
    percents=frozenset({Decimal(2)}),
    counts=frozenset({2}),
    deadlines=frozenset({date(2026, 11, 30)}),
    consequences=(
        Consequence(
            ConsequenceKind.SERVICE_SUSPENSION, notice_on=date(2026, 11, 2), from_on=date(2026, 11, 17)
        ),
    ),
)


def verdicts(world: World, text: str, facts: FactSet) -> set[str]:
    """The content rules that refuse `text` as an answer of the agent."""
    answer = reply(
        NOW - MINUTE,
        member_id=world.member.pk,
        contact_point_id=world.point.pk,
        case_id=world.case.pk,
        invoice_ids=(),
        text=text,
        facts=facts,
    )
    decision = services.decide(answer, now=NOW)
    failing = {each["rule"] for each in decision.results if each["verdict"] != Verdict.ALLOW}
    assert (decision.verdict == Verdict.REFUSE) == bool(failing)
    return {rule.removeprefix("content:") for rule in failing}


@pytest.mark.django_db
class TestForbidden:
    @pytest.mark.parametrize("language", [PORTUGUESE, SPANISH], ids=["pt", "es"])
    def test_20_every_forbidden_row_is_refused(self, language: dict[str, list[str]]) -> None:
        world = World.build()
        today = FactSet(today=NOW.date())

        # Those of the reference; all others are judged without a database in `content.test_check`.
        found = {
            (row, text): verdicts(world, text, today) for row, texts in language.items() for text in texts[:2]
        }

        assert found == {(row, text): {row} | ALSO.get(text, set()) for row, text in found}

    def test_20_every_near_miss_passes(self) -> None:
        world = World.build()

        assert {text: verdicts(world, text, TRUE) for text in NEAR_MISSES + ORDINARY} == {
            text: set() for text in NEAR_MISSES + ORDINARY
        }

    def test_20_asking_why_is_refused_in_colombia_alone(self) -> None:
        brazil, colombia = World.build(), World.build(country="CO", uf="11", city="Bogotá")

        assert {text: verdicts(brazil, text, FactSet()) for text in REASON_QUESTIONS} == {
            text: set() for text in REASON_QUESTIONS
        }
        assert {text: verdicts(colombia, text, FactSet()) for text in REASON_QUESTIONS} == {
            text: {"F21"} for text in REASON_QUESTIONS
        }


# Row by row of the reference: what members write, in both languages, and the reason under which a person gets it.
SITUATIONS: dict[str, tuple[str, list[str], list[str]]] = {
    "E01": (
        "hardship",
        ["devo pra todo mundo", "tô com nome sujo em tudo", "ou pago ou como"],
        ["no me alcanza ni para comer", "debo en todos lados"],
    ),
    "E02": (
        "hardship",
        ["perdi o emprego", "fui mandado embora"],
        ["me quedé sin trabajo", "me despidieron"],
    ),
    "E03": ("health", ["tô internado", "estou em tratamento", "comecei a quimio"], ["estoy en el hospital"]),
    "E04": ("bereavement", ["ele faleceu", "meu pai morreu ontem"], ["falleció", "estamos de luto"]),
    "E05": (
        "violence",
        ["meu marido controla meu celular", "tenho medida protetiva"],
        ["me pega", "él revisa mis mensajes"],
    ),
    "E06": (
        "self_harm",
        ["não aguento mais viver", "quero sumir", "melhor eu morrer"],
        ["no quiero vivir", "me quiero matar"],
    ),
    "E07": (
        "legal",
        ["sou advogado do cliente", "fale com meu advogado"],
        ["hable con mi abogado", "soy su apoderado"],
    ),
    "E08": (
        "complaint",
        ["vou no Procon", "vou abrir no Reclame Aqui", "vou na Anatel", "vou na ANPD"],
        [
            "voy a la Condusef",
            "los denuncio en Profeco",
            "voy a la SIC",
            "iré a Indecopi",
            "reclamo en SERNAC",
            "iré a defensa del consumidor",
        ],
    ),
    "E09": (
        "legal",
        ["já tem processo", "tenho uma liminar", "entrei com repactuação"],
        ["hay un juicio", "tenemos un acuerdo judicial", "estoy en ley de insolvencia"],
    ),
    "E10": (
        "fraud",
        ["não fiz esse contrato", "usaram meu CPF", "caí num golpe"],
        ["no contraté nada", "me suplantaron", "caí en una estafa"],
    ),
    "E11": ("dispute", ["cancelei em maio"], ["ya me di de baja"]),
    "E12": ("minor", ["tenho 14 anos"], ["tengo 12 años", "soy menor"]),
    "E14": ("complaint", ["sei onde vocês moram"], ["sé dónde viven"]),
    "E15": (
        "human_requested",
        ["atendente", "quero falar com gente de verdade", "humano"],
        ["un asesor", "quiero una persona real"],
    ),
    "E16": ("not_understood", ["não sei ler, só áudio"], ["no sé leer"]),
    "E17": (
        "hardship",
        ["perdi tudo na chuva", "a enchente levou tudo"],
        ["hubo un terremoto", "una inundación se llevó todo"],
    ),
}
FIRST = [
    pytest.param(texts[0], reason, id=f"{row}-{language}")
    for row, (reason, portuguese, spanish) in SITUATIONS.items()
    for language, texts in (("pt", portuguese), ("es", spanish))
]
SIGNALS = [
    pytest.param(text, reason, id=f"{row}-{text}")
    for row, (reason, portuguese, spanish) in SITUATIONS.items()
    for text in (*portuguese, *spanish)
]


def turn(talk: Talk, text: str, *, minute: int = 0) -> list[Message]:
    then = NOW + timedelta(minutes=minute)
    talk.writes(text, now=then)
    return talk.answer(now=then + timedelta(seconds=6))


def escalations(talk: Talk) -> list[str]:
    rows = Escalation.objects.filter(case__member=talk.world.member)
    return list(rows.order_by("pk").values_list("reason", flat=True))


def holds(talk: Talk) -> list[str]:
    rows = Hold.objects.filter(case__member=talk.world.member, released_at=None)
    return sorted(rows.values_list("reason", flat=True))


class TestSituations:
    @pytest.mark.parametrize(("text", "reason"), FIRST)
    def test_20_situation_reaches_a_person(self, talk: Talk, text: str, reason: str) -> None:
        turn(talk, text)

        assert escalations(talk) == [reason]

    @pytest.mark.parametrize(("text", "reason"), SIGNALS)
    def test_20_signal_is_heard_as_its_situation(self, text: str, reason: str) -> None:
        assert reason in {signal.reason for signal in risk.detect(text)}

    def test_20_two_misunderstandings_reach_a_person(self, talk: Talk) -> None:
        turn(talk, "xpto blarg")
        assert escalations(talk) == []

        turn(talk, "zzz qqq ppp", minute=3)

        assert escalations(talk) == ["not_understood"]

    @pytest.mark.django_db(transaction=True)
    def test_20_wish_beyond_the_table_reaches_a_person_when_it_is_insisted_on(self, talk: Talk) -> None:
        (limit,) = turn(talk, "quero dividir em 36 vezes")
        assert "até 3 parcelas" in limit.body
        assert escalations(talk) == []

        turn(talk, "só consigo em 36 vezes mesmo", minute=3)

        assert escalations(talk) == ["beyond_policy"]

    @pytest.mark.django_db(transaction=True)
    def test_20_third_promise_after_two_broken_reaches_a_person(self, talk: Talk) -> None:
        for made, on in (("2026-11-07 10:00", date(2026, 11, 10)), ("2026-11-14 10:00", date(2026, 11, 17))):
            promises.take(case=talk.world.case, on=on, amount=None, author="agent", now=at(made))
            promises.break_overdue(now=at(f"{on + timedelta(days=4)} 10:00"))

        turn(talk, "pago dia 27")

        assert escalations(talk) == ["broken_promises"]


class TestNoEscalation:
    """The named exceptions: what has a path of its own."""

    def test_20_wrong_person_quarantines_the_number(self, unconfirmed: Talk) -> None:
        turn(unconfirmed, "número errado, não conheço essa pessoa")

        assert unconfirmed.point.state == ContactPointState.WRONG
        assert escalations(unconfirmed) == []

    def test_20_insult_without_a_threat_gets_one_calm_line(self, talk: Talk) -> None:
        (answer,) = turn(talk, "bando de palhaços")

        assert escalations(talk) == []
        assert "palhaço" not in answer.body

    @pytest.mark.parametrize("text", ["apaga meus dados", "borren mis datos"])
    def test_20_data_request_goes_to_its_own_queue(self, talk: Talk, text: str) -> None:
        (answer,) = turn(talk, text)

        assert escalations(talk) == []
        assert answer.body

    @pytest.mark.parametrize("text", ["já paguei", "ya pagué"])
    def test_20_claim_of_payment_is_a_hold(self, talk: Talk, text: str) -> None:
        turn(talk, text)

        assert (escalations(talk), holds(talk)) == ([], ["payment_claim"])


class TestJudgeDown:
    """21: nobody can look at the text."""

    @pytest.fixture
    def down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fall(*_: object, **__: object) -> None:
            raise TimeoutError("no answer")

        monkeypatch.setattr(gate_content, "check", fall)
        # Of the agent's own look.
        monkeypatch.setattr(content_checks, "check", fall)

    def test_21_contact_is_not_queued(self, talk: Talk, down: None) -> None:
        queued = queue.queue(
            conversation=talk.fresh(),
            draft=queue.Draft(
                parts=[Text("Oi, Ana!")],
                contact_kind="reply",  # type: ignore[arg-type]
                author="agent",
                answers_inbound_at=NOW,
            ),
            now=NOW,
        )

        assert (queued.allowed, queued.decision.rule) == (False, "content_unchecked")
        assert Message.objects.filter(direction=Direction.OUT).count() == 0

    def test_21_contact_queued_before_is_withheld(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> None:
        (message,) = talk.plans()
        request.getfixturevalue("down")

        dispatch.dispatch_due(now=NOW + MINUTE)

        message.refresh_from_db()
        assert (message.state, message.failure) == (
            MessageState.WITHHELD,
            "O texto não pôde ser conferido: uma pessoa precisa vê-lo.",
        )

    def test_21_agent_says_nothing_and_a_person_gets_the_conversation(
        self, talk: Talk, thinks: Thinks, down: None
    ) -> None:
        thinks("Oi, como posso ajudar?")
        talk.writes("oi")

        rows = talk.after_debounce()

        assert rows == []
        assert Message.objects.filter(direction=Direction.OUT).count() == 0
        assert talk.fresh().state == ConversationState.WAITING_PERSON
        assert len(escalations(talk)) >= 1
