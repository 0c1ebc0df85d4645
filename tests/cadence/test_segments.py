"""Segments as people keep them: a key for life, conditions that can be answered, no removal while in use."""

from typing import Any

import pytest

from cadence import segments
from cadence.engine.segments import BadCondition
from cadence.enums import VersionStatus
from cadence.models import CadenceVersion, PaceRule, Segment
from cadence.segments import SegmentInUse
from compliance.enums import SwitchScope
from compliance.models import Switch
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

Conditions = list[dict[str, Any]]


def condition(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def save(name: str = "Valores altos", conditions: Conditions | None = None, **more: Any) -> Segment:
    return segments.save(name=name, conditions=conditions or [], author=None, now=NOW, **more)


class TestSave:
    def test_key_comes_from_the_name_and_outlives_it(self):
        marina = editing.person("marina")
        made = segments.save(
            name=" Até R$ 100 ", description=" Pequenos ", conditions=[], author=marina, now=NOW
        )
        changed = save(name="Pequenas dívidas", segment=made)

        assert (made.key, made.created_by, made.created_at, changed.pk) == (
            "ate-r-100",
            marina,
            NOW,
            made.pk,
        )
        assert (changed.key, changed.name, changed.description) == ("ate-r-100", "Pequenas dívidas", "")

    def test_same_name_twice_is_two_keys(self):
        assert [save().key for _ in range(3)] == ["valores-altos", "valores-altos-2", "valores-altos-3"]

    def test_name_without_letters_still_gets_a_key(self):
        assert save(name="¿?").key == "segmento"

    def test_conditions_are_kept_as_they_are_read(self):
        made = save(conditions=[condition("amount", "min", 100), condition("uf", "in", ["SP", "RJ", "SP"])])

        assert made.conditions == [
            condition("amount", "min", "100"),
            condition("uf", "in", ["RJ", "SP"]),
        ]

    @pytest.mark.parametrize(
        ("conditions", "said"),
        [
            ([condition("signo", "in", ["touro"])], "Não existe a condição “signo in”."),
            ([condition("amount", "in", ["1"])], "Não existe a condição “amount in”."),
            ([condition("amount", "min", "-1")], "O valor de “amount” não serve: '-1'."),
            ([condition("aging", "max", "muitos")], "O valor de “aging” não serve: 'muitos'."),
            ([condition("uf", "in", [])], r"O valor de “uf” não serve: \[\]."),
            (
                [condition("aging", "min", 10), condition("aging", "max", 9)],
                "Nada fica entre 10 e 9.",
            ),
        ],
    )
    def test_conditions_nobody_can_answer_change_nothing(self, conditions: Conditions, said: str):
        known = save(conditions=[condition("aging", "min", 3)])

        with pytest.raises(BadCondition, match=said):
            save(segment=known, conditions=conditions)

        known.refresh_from_db()
        assert (known.conditions, Segment.objects.count()) == ([condition("aging", "min", "3")], 1)

    def test_bounds_that_meet_are_one_value(self):
        made = save(conditions=[condition("aging", "min", 10), condition("aging", "max", 10)])

        assert made.rule.to_json() == [condition("aging", "min", "10"), condition("aging", "max", "10")]

    def test_without_a_name_nothing_is_made(self):
        with pytest.raises(ValueError, match="Dê um nome ao segmento"):
            save(name="  ")

        assert Segment.objects.count() == 0


class TestArchive:
    @pytest.mark.parametrize("status", [VersionStatus.DRAFT, VersionStatus.REVIEW, VersionStatus.LIVE])
    @pytest.mark.parametrize("what", ["step", "pace"])
    def test_what_a_version_needs_stays_in_the_lists(self, status: VersionStatus, what: str):
        known, version = save(), editing.live()
        if what == "step":
            editing.change(version, "depois-7", segment=known)
        else:
            PaceRule.objects.create(version=version, segment=known, max_per_30d=1)
        CadenceVersion.objects.update(status=status)

        with pytest.raises(SegmentInUse, match="“Valores altos” ainda é usado em Régua padrão v1"):
            segments.archive(segment=known, now=NOW)

        known.refresh_from_db()
        assert known.archived_at is None

    def test_what_only_a_retired_version_names_goes_and_comes_back(self):
        known, version = save(), editing.live()
        editing.change(version, "depois-7", segment=known)
        CadenceVersion.objects.update(status=VersionStatus.RETIRED)

        segments.archive(segment=known, now=NOW)
        gone = Segment.objects.get().archived_at
        segments.restore(segment=known)

        assert (gone, Segment.objects.get().archived_at) == (NOW, None)


class TestSwitches:
    def test_case_is_in_the_stopped_segments_whose_conditions_hold(self):
        late = save("Atrasados", [condition("aging", "min", 5)])
        save("Muito atrasados", [condition("aging", "min", 50)])
        on = save("Ligados", [])
        for key in ("atrasados", "muito-atrasados", "ligados"):
            Switch.objects.create(
                scope=SwitchScope.SEGMENT, key=key, stopped=True, reason="Erro", author="user:1", at=NOW
            )
        Switch.objects.create(
            scope=SwitchScope.SEGMENT, key=on.key, stopped=False, reason="Pronto", author="user:1", at=NOW
        )
        traits = Followed.late(7).view().traits(TODAY)

        assert segments.asked_by_the_gate(traits, now=NOW) == (late.key,)

    def test_without_a_stopped_segment_nothing_is_read(self, django_assert_num_queries):
        traits = Followed.late(7).view().traits(TODAY)
        save("Todos", [])

        with django_assert_num_queries(2):
            assert segments.asked_by_the_gate(traits, now=NOW) == ()

    def test_stopped_segment_is_not_written_to(self):
        known = save("Atrasados", [condition("aging", "min", 5)])
        Switch.objects.create(
            scope=SwitchScope.SEGMENT, key=known.key, stopped=True, reason="Erro", author="user:1", at=NOW
        )
        inside, outside = Followed.late(7), Followed.late(2)

        for who in (inside, outside):
            who.plan()

        assert inside.decisions() == [("refuse", "kill_switch")]
        assert (outside.decisions(), len(outside.messages())) == ([("allow", "")], 1)
