"""Every problem of a version: one that has it, and its healthy neighbour, which has not."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from cadence import segments, validation
from cadence.enums import StepState, Timing, Trigger
from cadence.models import CadenceVersion, PaceRule, Segment
from cadence.validation import Problem
from compliance.models import ContactSettings
from conversations.models import MessageTemplate, Sender
from tests.cadence import editing
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

Changes = dict[str, dict[str, Any]]
SECOND = "7 dias depois"
FORMAL = {"stage": "late_31_60", "state": "negotiation"}


def problems(version: CadenceVersion, changes: Changes) -> list[Problem]:
    """What is said of `version` once its steps are as `changes` say."""
    for key, values in changes.items():
        editing.change(version, key, **values)
    return validation.problems_of(version)


@pytest.mark.parametrize(
    ("ill", "healthy", "found"),
    [
        (
            {"antes-3": {"offset_days": -8}},
            {"antes-3": {"offset_days": -7}},
            Problem(
                "“3 dias antes do vencimento” sai 8 dias antes do vencimento; o máximo são 7.", "antes-3"
            ),
        ),
        (
            {"depois-15": {"offset_days": 721}},
            {"depois-15": {"offset_days": 720}},
            Problem("“15 dias depois” sai depois de 720 dias: traga para antes disso.", "depois-15"),
        ),
        (
            {"depois-15": {**FORMAL, "signer": "Marina", "needs_person": False}},
            {"depois-15": {"needs_person": True}},
            Problem(
                "“15 dias depois” usa o texto “31 a 60 dias: carta formal”, que só uma pessoa envia."
                " Marque “só uma pessoa envia”.",
                "depois-15",
            ),
        ),
        (
            {"depois-15": {**FORMAL, "needs_person": True, "signer": ""}},
            {"depois-15": {"signer": "Marina"}},
            Problem(
                "O texto de “15 dias depois” pede {{assinatura}}, que ficaria vazio. Diga quem assina.",
                "depois-15",
            ),
        ),
        (
            {"antes-3": {"state": StepState.SOFT}},
            {"antes-3": {"state": StepState.REMINDER}},
            [
                Problem(
                    "“3 dias antes do vencimento” sai até o vencimento: o estado precisa ser Lembrete.",
                    "antes-3",
                ),
                Problem(
                    "“No dia do vencimento” vem depois de “3 dias antes do vencimento” mas volta a um estado"
                    " anterior. Troque a ordem ou o estado.",
                    "vencimento",
                ),
            ],
        ),
        (
            {"depois-2": {"state": StepState.REMINDER}},
            {"depois-2": {"state": StepState.SOFT}},
            Problem(
                "“2 dias depois” sai depois do vencimento: o estado é Contato amigável ou Negociação.",
                "depois-2",
            ),
        ),
        (
            {"depois-7": {"offset_days": 2}},
            {"depois-7": {"offset_days": 4}},
            Problem(
                "“2 dias depois” e “7 dias depois” saem no mesmo dia para as mesmas pessoas: só a segunda iria."
                " Mude o dia ou o público de uma delas.",
                "depois-7",
            ),
        ),
        (
            {"depois-7": {"offset_days": 3}},
            {"depois-7": {"offset_days": 4}},
            Problem(
                "“7 dias depois” sai menos de 48 horas depois de “2 dias depois”: será adiada.",
                "depois-7",
                blocks=False,
            ),
        ),
        (
            {"depois-7": {"state": StepState.NEGOTIATION}, "depois-15": {"state": StepState.SOFT}},
            {"depois-15": {"state": StepState.NEGOTIATION}},
            Problem(
                "“15 dias depois” vem depois de “7 dias depois” mas volta a um estado anterior. Troque a ordem"
                " ou o estado.",
                "depois-15",
            ),
        ),
        (
            {"depois-7": {"trigger": Trigger.READ, "after_key": "depois-3"}},
            {"depois-7": {"after_key": "depois-2"}},
            Problem("“7 dias depois” espera por uma etapa que não existe nesta versão.", "depois-7"),
        ),
        (
            {"depois-7": {"trigger": Trigger.READ, "after_key": "depois-7"}},
            {"depois-7": {"after_key": ""}},
            Problem(
                "“7 dias depois” espera por si mesma, passando por “7 dias depois”. Desfaça a volta.",
                "depois-7",
            ),
        ),
        (
            {"depois-7": {"timing": Timing.FIXED, "hour": None}},
            {"depois-7": {"hour": time(10)}},
            Problem("“7 dias depois” sai em hora fixa: diga a hora.", "depois-7"),
        ),
        (
            {"depois-7": {"timing": Timing.FIXED, "hour": time(7, 59)}},
            {"depois-7": {"hour": time(9, 0)}},
            Problem(
                "“7 dias depois” sai às 07:59, fora do horário permitido (08:00-20:00). Escolha outra hora.",
                "depois-7",
            ),
        ),
        (
            {"depois-7": {"channels": []}},
            {"depois-7": {"channels": ["whatsapp"]}},
            Problem("“7 dias depois” não tem canal: escolha ao menos um.", "depois-7"),
        ),
        (
            {"depois-7": {"channels": ["email"]}},
            {"depois-7": {"channels": ["whatsapp"]}},
            Problem("Nenhum remetente ativo para “7 dias depois” (E-mail).", "depois-7"),
        ),
        (
            {"depois-7": {"channels": ["whatsapp", "email"]}},
            {"depois-7": {"channels": ["whatsapp"]}},
            Problem(
                "“7 dias depois”: sem remetente ativo para E-mail; vai pelos outros canais.",
                "depois-7",
                blocks=False,
            ),
        ),
        (
            {"depois-7": {"stage": "receipt"}},
            {"depois-7": {"stage": "late_8_30"}},
            Problem(
                "O texto de “7 dias depois” pede {{situacao}}, que ficaria vazio. Escolha outro texto ou tire"
                " a variável dele.",
                "depois-7",
            ),
        ),
    ],
)
def test_version_that_has_it_and_the_one_beside_it_that_has_not(
    ill: Changes, healthy: Changes, found: Problem | list[Problem]
):
    version = editing.draft()

    assert problems(version, ill) == (found if isinstance(found, list) else [found])
    assert problems(version, healthy) == []


def test_version_without_an_active_step():
    version = editing.draft()
    editing.only(version)
    empty = validation.problems_of(version)

    assert empty == [Problem("A régua não tem nenhuma etapa ativa. Inclua ao menos uma.")]
    assert problems(version, {"depois-2": {"active": True}}) == []


def test_two_steps_that_wait_for_each_other():
    version = editing.draft()
    armed = {"trigger": Trigger.READ, "stage": "read_no_reply"}
    editing.change(version, "depois-2", after_key="depois-7", **armed)
    editing.change(version, "depois-7", after_key="depois-2", **armed)
    found = [problem.step_key for problem in validation.problems_of(version)]

    assert found == ["depois-2", "depois-7"]
    assert problems(version, {"depois-2": {"trigger": Trigger.DAY, "after_key": ""}}) == []


class TestPeople:
    """Steps of one day are a problem only where the same people would get both."""

    @pytest.fixture
    def high(self) -> Segment:
        return self.named("Altos", "min")

    def named(self, name: str, operator: str) -> Segment:
        conditions = [{"field": "amount", "operator": operator, "value": "500"}]
        return segments.save(name=name, conditions=conditions, author=None, now=NOW)

    def test_two_segments_share_a_day_and_one_does_not_with_itself(self, high: Segment):
        low, version = self.named("Baixos", "max"), editing.draft()
        editing.change(version, "depois-2", offset_days=7, segment=high, audience=high.conditions)
        editing.change(version, "depois-7", segment=low, audience=low.conditions)
        apart = validation.problems_of(version)

        editing.change(version, "depois-7", segment=high, audience=high.conditions)

        assert apart == []
        assert [problem.step_key for problem in validation.problems_of(version)] == ["depois-7"]

    def test_others_between_two_steps_for_the_same_people_hide_nothing(self, high: Segment):
        low, version = self.named("Baixos", "max"), editing.draft()
        editing.change(version, "depois-2", offset_days=15, segment=high, audience=high.conditions)
        editing.change(version, "depois-7", offset_days=15, segment=low, audience=low.conditions)
        editing.change(version, "depois-15", segment=high, audience=high.conditions)

        assert validation.problems_of(version) == [
            Problem(
                "“2 dias depois” e “15 dias depois” saem no mesmo dia para as mesmas pessoas: só a segunda"
                " iria. Mude o dia ou o público de uma delas.",
                "depois-15",
            )
        ]

    def test_conditions_nobody_can_read_are_a_problem_and_no_crash(self):
        version = editing.draft()
        signs = [{"field": "signo", "operator": "in", "value": ["touro"]}]
        editing.change(version, "depois-7", audience=signs)

        assert validation.problems_of(version) == [Problem("Não existe a condição “signo in”.")]
        assert problems(version, {"depois-7": {"audience": []}}) == []


class TestPaces:
    @pytest.mark.parametrize(
        ("name", "ill", "healthy", "sentence"),
        [
            ("max_messages_7d", 4, 3, "O limite de mensagens em sete dias vai de 0 a 3."),
            ("max_per_30d", 9, 8, "O limite de contatos em trinta dias vai de 0 a 8."),
            ("min_gap_hours", 47, 48, "O intervalo entre contatos não pode ser menor que 48 horas."),
        ],
    )
    def test_pace_that_asks_for_more_than_the_rules_allow(
        self, name: str, ill: int, healthy: int, sentence: str
    ):
        version = editing.draft()
        everybody = segments.save(name="Todos", conditions=[], author=None, now=NOW)
        pace = PaceRule.objects.create(version=version, segment=everybody, **{name: ill})
        found = validation.problems_of(version)

        PaceRule.objects.filter(pk=pace.pk).update(**{name: healthy})

        assert found == [Problem(f"Um ritmo pede mais do que a regra permite. {sentence}")]
        assert validation.problems_of(version) == []


class TestTexts:
    def test_without_the_text_that_asks_who_it_is_nothing_may_start(self):
        version = editing.draft()
        MessageTemplate.objects.filter(stage="identify", language="pt_BR").update(status="PAUSED")
        found = validation.problems_of(version)
        MessageTemplate.objects.filter(stage="identify").update(status="APPROVED")

        assert found == [
            Problem(
                "Não há texto aprovado para confirmar quem é o membro: quem ainda não se identificou não"
                " receberia nada. Aprove o modelo “Confirmar quem é”."
            )
        ]
        assert validation.problems_of(version) == []

    @pytest.mark.parametrize("variant", ["first", "repeat"])
    def test_variant_alone_is_missed_only_where_there_is_no_text_for_everybody(self, variant: str):
        version = editing.draft()
        stage = MessageTemplate.objects.filter(stage="late_1_7", language="pt_BR")
        stage.filter(variant=variant).update(status="REJECTED")
        other = validation.problems_of(version)
        stage.filter(variant="").update(status="REJECTED")

        assert other == []
        assert validation.problems_of(version) == [
            Problem(
                "“2 dias depois” não tem texto aprovado para “1 a 7 dias de atraso”. Envie o modelo para"
                " aprovação ou escolha outro texto.",
                "depois-2",
            )
        ]

    def test_variable_that_would_stay_empty_in_either_variant(self):
        version = editing.draft()
        stage = MessageTemplate.objects.filter(stage="late_1_7", variant="repeat", language="pt_BR")
        body = stage.get().body
        stage.update(body=body + " Até {{data}}.")
        found = validation.problems_of(version)
        stage.update(body=body + " Há {{dias_atraso}}.")

        assert found == [
            Problem(
                "O texto de “2 dias depois” pede {{data}}, que ficaria vazio. Escolha outro texto ou tire a"
                " variável dele.",
                "depois-2",
            )
        ]
        assert validation.problems_of(version) == []

    def test_days_late_are_not_known_before_the_due_day(self):
        version = editing.draft()
        reminders = MessageTemplate.objects.filter(stage="pre_due", language="pt_BR")
        reminders.update(body=reminders.get().body + " Há {{dias_atraso}}.")

        assert [problem.step_key for problem in validation.problems_of(version)] == ["antes-3"]

    def test_channel_whose_text_was_never_written(self):
        editing.live()
        editing.mailbox()
        version = editing.draft()
        editing.change(version, "depois-7", channels=["whatsapp", "email"])
        texts = MessageTemplate.objects.filter(stage="late_8_30")
        written = texts.get(variant="first", language="pt_BR").email_body
        whole = validation.problems_of(version)
        texts.update(email_body="")

        assert (whole, bool(written)) == ([], True)
        assert validation.problems_of(version) == [
            Problem("“7 dias depois” usa E-mail, mas “late_8_30_first_v1” não tem esse texto.", "depois-7")
        ]


class TestHours:
    """A wider window of ours reaches hours that some states close."""

    @pytest.fixture(autouse=True)
    def _from_eight_to_eight(self) -> None:
        ContactSettings.objects.create(pk=1, own_hours=True, weekday="08:00-20:00", saturday="")

    @pytest.mark.parametrize(
        ("hour", "closed"), [(time(8, 30), "RJ"), (time(19, 30), "AM, ES, RJ"), (time(10), "")]
    )
    def test_states_that_close_that_hour_are_named(self, hour: time, closed: str):
        version = editing.draft()

        found = problems(version, {"depois-7": {"timing": Timing.FIXED, "hour": hour}})

        expected = Problem(f"Às {hour:%H:%M} “{SECOND}” será adiada em: {closed}.", "depois-7", blocks=False)
        assert found == ([expected] if closed else [])


def test_what_blocks_comes_first():
    version = editing.draft()
    editing.change(version, "depois-7", offset_days=3)
    editing.change(version, "depois-15", channels=[])

    assert [(each.step_key, each.blocks) for each in validation.problems_of(version)] == [
        ("depois-15", True),
        ("depois-7", False),
    ]


def test_number_that_stopped_is_a_problem_of_every_step():
    version = editing.draft()
    Sender.objects.update(active=False)

    assert [each.step_key for each in validation.problems_of(version)] == [
        "antes-3",
        "vencimento",
        "depois-2",
        "depois-7",
        "depois-15",
    ]
