"""Ready-made cadences: whole, lawful, with a text for every step, and only ever a draft."""

from decimal import Decimal

import pytest

from cadence import presets, segments, validation, versions
from cadence.engine.segments import BadCondition
from cadence.enums import StepOutcome, StepState, Trigger, VersionStatus
from cadence.models import CadenceVersion, PaceRule, Segment
from cadence.presets import Preset
from cadence.presets.loading import parse
from cases.policy import NegotiationPolicy
from commons.models import Organisation
from conversations.library.loading import library
from conversations.models import MessageTemplate
from conversations.stages import Stage
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed, house
from tests.cases.world import NOW, at

KEYS = ["association", "gym", "isp", "retail", "school"]
EVERY = pytest.mark.parametrize("preset", presets.all(), ids=lambda preset: preset.key)


def test_there_is_one_for_each_sector_in_the_order_of_their_names():
    assert [(each.key, each.name) for each in presets.all()] == [
        ("gym", "Academia"),
        ("association", "Associação"),
        ("school", "Escola"),
        ("retail", "Loja com crediário"),
        ("isp", "Provedor de internet"),
    ]
    assert [presets.get(each.key) for each in presets.all()] == presets.all()


class TestJourney:
    @EVERY
    def test_every_part_of_the_journey_has_its_step(self, preset: Preset):
        by_day = [step for step in preset.steps if step.trigger == Trigger.DAY]
        stages = {step.stage: step.offset_days for step in by_day}

        assert {step.offset_days for step in by_day if step.stage == Stage.PRE_DUE} <= set(range(-7, 0))
        assert stages[Stage.DUE_DAY] == 0
        assert 1 <= stages[Stage.LATE_1_7] <= 7
        assert {8 <= step.offset_days <= 30 for step in by_day if step.stage == Stage.LATE_8_30} == {True}
        assert stages[Stage.NEGOTIATION] == 15
        assert 31 <= stages[Stage.LATE_31_60] <= 60
        assert stages[Stage.LATE_OVER_60] > 60
        assert {Trigger.READ, Trigger.CODE_EXPIRED} <= {step.trigger for step in preset.steps}

    @EVERY
    def test_last_words_leave_by_a_person_who_signs_and_nothing_else_does(self, preset: Preset):
        found = {step.stage: (step.needs_person, bool(step.signer)) for step in preset.steps}

        by_hand = {stage for stage, how in found.items() if how == (True, True)}
        assert by_hand == {Stage.LATE_31_60, Stage.LATE_OVER_60}
        assert {how for stage, how in found.items() if stage not in by_hand} == {(False, False)}

    def test_only_the_provider_announces_a_suspension_and_in_time(self):
        announced = {
            preset.key: [step.offset_days for step in preset.steps if step.stage == Stage.SUSPENSION_NOTICE]
            for preset in presets.all()
        }

        assert announced == {key: [12] if key == "isp" else [] for key in announced}

    @EVERY
    def test_every_text_it_needs_is_written_in_portuguese_and_in_spanish(self, preset: Preset):
        written = {(text.stage, text.language) for text in library()}

        missing = {(step.stage, language) for step in preset.steps for language in ("pt_BR", "es")} - written
        assert missing == set()

    @EVERY
    def test_reading_is_asked_after_a_step_of_its_own(self, preset: Preset):
        after = {step.after_key for step in preset.steps if step.trigger == Trigger.READ}

        assert after <= {step.key for step in preset.steps if step.stage == Stage.LATE_1_7}
        assert len(after) == 1

    @EVERY
    def test_who_pays_well_hears_once_a_month_and_who_is_often_late_as_policy_says(self, preset: Preset):
        paces = {
            pace.segment: (pace.max_messages_7d, pace.max_per_30d, pace.min_gap_hours)
            for pace in preset.paces
        }

        assert paces == {"bons-pagadores": (None, 1, None), "atraso-repetido": (None, None, None)}


class TestPolicy:
    @EVERY
    def test_every_value_is_one_that_the_policy_reads(self, preset: Preset):
        names = {
            ("installments", "max"): "installments_max",
            ("installments", "min_amount"): "installment_min",
            ("installments", "first_within_days"): "first_within_days",
            ("promise", "max_days_ahead"): "promise_max_days",
            ("promise", "max_broken"): "promise_max_broken",
            ("pause", "min_days"): "pause_min_days",
            ("pause", "max_days"): "pause_max_days",
            ("pause", "max_open_invoices"): "pause_max_open_invoices",
        }
        read = NegotiationPolicy.of(Organisation(negotiation_policy=preset.policy.negotiation))

        told = {
            names[part, name]: value
            for part, values in preset.policy.negotiation.items()
            for name, value in values.items()
        }
        assert {name: str(getattr(read, name)) for name in told} == {
            name: str(value) for name, value in told.items()
        }

    @EVERY
    def test_late_charges_keep_to_the_law_and_each_part_says_why(self, preset: Preset):
        policy = preset.policy

        assert Decimal(0) <= policy.fine_percent <= Decimal(2)
        assert Decimal(0) <= policy.interest_percent_month <= Decimal(1)
        assert set(policy.why) == {*policy.negotiation, "late_charges"}
        assert all(len(sentence) > 30 for sentence in [*policy.why.values(), *(p.why for p in preset.paces)])

    def test_it_is_told_in_words(self):
        gym, shop = (presets.get(key).policy.parts for key in ("gym", "retail"))

        assert [(part.title, part.suggestion) for part in gym] == [
            ("Parcelamento", "até 3 parcelas de R$ 40,00 ou mais, a primeira em até 5 dias"),
            ("Promessa", "até 10 dias à frente; promessas quebradas aceitas: 2"),
            ("Pausa", "de 30 a 60 dias; faturas em aberto, no máximo: 2"),
            ("Multa e juros", "multa de 2% e juros de 1% ao mês"),
        ]
        assert [part.suggestion for part in shop if part.title == "Pausa"] == ["não se oferece"]
        assert [part.why for part in gym] == [*presets.get("gym").policy.why.values()]


@pytest.mark.django_db
class TestStarting:
    @pytest.mark.parametrize("key", KEYS)
    def test_with_its_texts_approved_nothing_stands_in_its_way(self, key: str):
        house()
        editing.mailbox()

        version = presets.start_from(preset_key=key, user=editing.person("marina"), now=NOW)

        assert validation.problems_of(version) == []

    def test_it_is_a_draft_beside_what_is_live(self):
        live = editing.live()
        marina = editing.person("marina")

        version = presets.start_from(preset_key="isp", user=marina, now=NOW)

        assert (version.status, version.number, version.created_by, version.created_at, version.note) == (
            VersionStatus.DRAFT,
            live.number + 1,
            marina,
            NOW,
            "A partir do modelo “Provedor de internet”",
        )
        assert (version.cadence, version.based_on, editing.live()) == (live.cadence, None, live)
        assert list(CadenceVersion.objects.filter(status=VersionStatus.LIVE)) == [live]

    def test_steps_read_as_the_preset_says(self):
        house()
        version = presets.start_from(preset_key="school", user=editing.person("marina"), now=NOW)

        steps = {step.key: step for step in version.steps.all()}
        assert set(steps) == {step.key for step in presets.get("school").steps}
        aligned, letter = steps["depois-25"], steps["depois-45"]
        assert (aligned.align_payday, aligned.stop_when, aligned.segment, aligned.audience) == (
            True,
            ["replied", "open_offer", "partly_paid"],
            Segment.objects.get(key="duas-ou-mais-mensalidades"),
            [{"field": "invoices", "operator": "min", "value": "2"}],
        )
        assert (letter.channels, letter.state, letter.signer) == (
            ["email", "whatsapp"],
            StepState.NEGOTIATION,
            "Marina Alves, da secretaria financeira",
        )

    def test_without_a_name_the_team_signs(self):
        house()

        version = presets.start_from(preset_key="gym", user=None, now=NOW)

        assert version.steps.get(key="depois-65").signer == "Equipe da gerência"

    def test_segments_are_made_once_and_stay_as_people_left_them(self):
        house()
        presets.start_from(preset_key="gym", user=None, now=NOW)
        known = Segment.objects.get(key="bons-pagadores")
        conditions = [{"field": "tenure_months", "operator": "min", "value": "24"}]
        segments.save(segment=known, name="Gente boa", conditions=conditions, author=None, now=NOW)

        version = presets.start_from(preset_key="association", user=None, now=NOW)

        assert sorted(Segment.objects.values_list("key", flat=True)) == [
            "acima-de-r-150",
            "atraso-repetido",
            "bons-pagadores",
        ]
        known.refresh_from_db()
        assert (known.name, known.conditions) == ("Gente boa", conditions)
        assert PaceRule.objects.get(version=version, segment=known).audience == conditions

    def test_archived_segment_it_needs_is_back(self):
        house()
        version = presets.start_from(preset_key="gym", user=None, now=NOW)
        versions.discard(version_id=version.pk)
        known = Segment.objects.get(key="bons-pagadores")
        segments.archive(segment=known, now=NOW)

        presets.start_from(preset_key="gym", user=None, now=NOW)

        known.refresh_from_db()
        assert known.archived_at is None

    def test_unknown_preset_makes_nothing(self):
        house()

        with pytest.raises(KeyError):
            presets.start_from(preset_key="banco", user=None, now=NOW)

        assert (CadenceVersion.objects.count(), Segment.objects.count()) == (1, 0)

    def test_in_an_empty_installation_it_is_a_draft_with_its_texts_and_nothing_is_live(self):
        version = presets.start_from(preset_key="retail", user=None, now=NOW)

        assert list(CadenceVersion.objects.values_list("pk", "status")) == [(version.pk, "draft")]
        assert {step.stage for step in version.steps.all()} <= set(
            MessageTemplate.objects.values_list("stage", flat=True)
        )

    def test_published_it_writes_to_who_pays_well_once_in_thirty_days(self):
        house()
        marina, joana = editing.person("marina"), editing.person("joana")
        version = presets.start_from(preset_key="association", user=marina, now=NOW)
        editing.rehearse(version)
        versions.submit(version_id=version.pk, user=marina, now=NOW)
        versions.publish(version_id=version.pk, user=joana, now=NOW)
        well = Followed.late(3, created_at=at("2025-01-05 10:00"))
        newcomer = Followed.late(3)

        for who in (well, newcomer):
            who.plan()
            who.plan(at("2026-12-01 12:00"))

        sent = StepOutcome.SENT.value
        cycle = TODAY.replace(day=21)
        assert well.runs() == [("depois-3", cycle, sent)]
        assert well.decisions() == [("allow", ""), ("defer", "max_per_30d")]
        assert newcomer.runs() == [("depois-3", cycle, sent), ("depois-10", cycle, sent)]


class TestFile:
    """What does not hold together is said when it is read, not when somebody starts from it."""

    def whole(self) -> dict:
        return {
            "name": "Teste",
            "for_whom": "Ninguém",
            "description": "Para testar",
            "segments": [{"name": "Todos", "description": "-", "conditions": []}],
            "steps": [{"key": "antes-3", "name": "Antes", "offset_days": -3, "stage": "pre_due"}],
            "paces": [{"segment": "todos", "max_per_30d": 1, "why": "Porque sim."}],
            "policy": {"late_charges": {"fine_percent": "2.00", "interest_percent_month": "1", "why": "-"}},
        }

    def test_whole_one_is_read(self):
        preset = parse("teste", self.whole())

        assert (preset.key, preset.segments[0].key, preset.steps[0].channels) == (
            "teste",
            "todos",
            ("whatsapp",),
        )

    @pytest.mark.parametrize(
        ("part", "entry", "error"),
        [
            ("steps", {"key": "a", "name": "A", "stage": "poema"}, ValueError),
            ("steps", {"key": "a", "name": "A", "stage": "pre_due", "colour": "azul"}, TypeError),
            ("steps", {"key": "a", "name": "A", "stage": "pre_due", "channels": ["pombo"]}, ValueError),
            ("steps", {"key": "a", "name": "A"}, KeyError),
            ("steps", {"key": "a", "name": "A", "stage": "pre_due", "segment": "outros"}, ValueError),
            ("paces", {"segment": "todos", "why": "-", "max_per_year": 3}, ValueError),
            ("paces", {"segment": "todos"}, KeyError),
            ("segments", {"name": "Sobra", "description": "-", "conditions": []}, ValueError),
            (
                "segments",
                {
                    "name": "Todos",
                    "description": "-",
                    "conditions": [{"field": "signo", "operator": "in", "value": ["x"]}],
                },
                BadCondition,
            ),
        ],
    )
    def test_one_that_does_not_hold_together_is_refused(self, part: str, entry: dict, error: type[Exception]):
        data = self.whole()
        data[part].append(entry)

        with pytest.raises(error):
            parse("teste", data)
