"""The life of a version: who may change it, what it needs to be approved, and how it goes live and back."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cadence import fingerprints, segments, versions
from cadence.enums import RehearsalStatus, VersionStatus
from cadence.models import CadenceVersion, PaceRule, Rehearsal, Segment, Step
from cadence.signals import version_published
from cadence.versions import VersionRefused
from conversations.models import MessageTemplate
from tests.cadence import editing
from tests.cadence.world import STEPS, TODAY, Followed, house
from tests.cases.world import NOW, refusing
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

LATE = [{"field": "aging", "operator": "min", "value": "10"}]
VERY_LATE = [{"field": "aging", "operator": "min", "value": "20"}]
NO_DRAFT = "Esta versão não é um rascunho: faça uma cópia para mudar."


@pytest.fixture
def marina():
    return editing.person("marina")


@pytest.fixture
def joana():
    return editing.person("joana")


def segment(name: str = "Atrasados", conditions: list[dict[str, Any]] = LATE) -> Segment:
    return segments.save(name=name, conditions=conditions, author=None, now=NOW)


def statuses() -> list[tuple[int, str]]:
    return list(CadenceVersion.objects.order_by("number").values_list("number", "status"))


class TestDraft:
    def test_copy_reads_as_its_source_and_says_who_made_it(self, marina):
        live = editing.live()
        pace = PaceRule.objects.create(version=live, segment=segment(), audience=LATE, max_per_30d=2)

        draft = versions.draft_from(source=live, user=marina, now=NOW, note="Mais leve")

        assert (
            draft.number,
            draft.status,
            draft.based_on,
            draft.created_by,
            draft.created_at,
            draft.note,
        ) == (
            2,
            VersionStatus.DRAFT,
            live,
            marina,
            NOW,
            "Mais leve",
        )
        assert fingerprints.of(draft) == fingerprints.of(live)
        assert [each.key for each in draft.steps.all()] == list(STEPS)
        copied = draft.paces.get()
        assert (copied.segment, copied.max_per_30d, copied.pk != pace.pk) == (pace.segment, 2, True)

    def test_copy_takes_the_segments_as_they_are_now(self):
        live, known = editing.live(), segment()
        editing.change(live, "depois-7", segment=known, audience=LATE)
        segments.save(segment=known, name="Atrasados", conditions=VERY_LATE, author=None, now=NOW)

        draft = editing.draft()

        assert (live.steps.get(key="depois-7").audience, draft.steps.get(key="depois-7").audience) == (
            LATE,
            VERY_LATE,
        )

    def test_new_steps_get_a_key_from_their_name_each_its_own(self):
        draft = editing.draft()
        values = {"name": "Cinco dias depois!", "offset_days": 5, "stage": "late_1_7"}

        keys = [versions.save_step(version=draft, values=values).key for _ in range(3)]

        assert keys == ["cinco-dias-depois", "cinco-dias-depois-2", "cinco-dias-depois-3"]

    def test_changed_step_keeps_its_key_and_takes_the_conditions_of_its_segment(self):
        draft, known = editing.draft(), segment()
        step = draft.steps.get(key="depois-7")

        versions.save_step(version=draft, step=step, values={"name": "Uma semana", "segment": known})
        named = draft.steps.get(key="depois-7")
        versions.save_step(version=draft, step=step, values={"segment": None})

        assert (named.name, named.audience) == ("Uma semana", LATE)
        assert draft.steps.get(key="depois-7").audience == []

    def test_values_that_make_no_step_are_refused(self):
        draft = editing.draft()

        with refusing(ValidationError):
            versions.save_step(version=draft, values={"name": "X", "stage": "due_day", "trigger": "lua"})

        assert draft.steps.count() == len(STEPS)

    def test_step_and_pace_are_taken_out(self):
        draft = editing.draft()
        pace = versions.save_pace(version=draft, segment=segment(), values={"max_per_30d": 1})

        versions.remove_step(step=draft.steps.get(key="depois-7"))
        versions.remove_pace(pace=pace)

        assert (draft.steps.filter(key="depois-7").exists(), draft.paces.count()) == (False, 0)

    def test_second_pace_of_a_segment_replaces_the_first(self):
        draft, known = editing.draft(), segment()

        for most in (1, 3):
            versions.save_pace(version=draft, segment=known, values={"max_per_30d": most})

        assert [(pace.max_per_30d, pace.audience) for pace in draft.paces.all()] == [(3, LATE)]

    def test_changed_segment_changes_drafts_and_not_what_is_live(self):
        live, known = editing.live(), segment()
        editing.change(live, "depois-7", segment=known, audience=LATE)
        draft = editing.draft()
        pace = versions.save_pace(version=draft, segment=known, values={"max_per_30d": 1})

        segments.save(segment=known, name="Atrasados", conditions=VERY_LATE, author=None, now=NOW)

        pace.refresh_from_db()
        assert (draft.steps.get(key="depois-7").audience, pace.audience) == (VERY_LATE, VERY_LATE)
        assert live.steps.get(key="depois-7").audience == LATE


class TestNotADraft:
    def edits(self, version: CadenceVersion) -> list[Any]:
        step = version.steps.get(key="depois-7")
        pace = PaceRule.objects.create(version=version, segment=segment())
        return [
            lambda: versions.save_step(version=version, step=step, values={"name": "Outra"}),
            lambda: versions.remove_step(step=step),
            lambda: versions.save_pace(version=version, segment=segment("Outro"), values={}),
            lambda: versions.remove_pace(pace=pace),
            lambda: versions.discard(version_id=version.pk),
        ]

    @pytest.mark.parametrize("edit", range(5))
    def test_live_version_is_never_changed(self, edit: int):
        live = editing.live()
        call = self.edits(live)[edit]
        before = fingerprints.of(live)

        with refusing(VersionRefused) as refused:
            call()

        assert (refused.value.sentences, fingerprints.of(live)) == ((NO_DRAFT,), before)

    def test_draft_that_went_for_approval_meanwhile_is_not_changed_by_who_still_has_it_open(self, marina):
        opened = editing.draft(marina)
        editing.rehearse(opened)
        versions.submit(version_id=opened.pk, user=marina, now=NOW)

        with refusing(VersionRefused, NO_DRAFT):
            versions.save_step(
                version=opened, step=opened.steps.get(key="depois-7"), values={"offset_days": 9}
            )

        assert Step.objects.get(version=opened, key="depois-7").offset_days == 7

    def test_step_of_another_version_is_not_changed_through_a_draft(self):
        live, draft = editing.live(), editing.draft()

        with refusing(VersionRefused, "Esta etapa é de outra versão."):
            versions.save_step(version=draft, step=live.steps.get(key="depois-7"), values={"offset_days": 9})

        assert live.steps.get(key="depois-7").offset_days == 7


class TestSubmit:
    def test_rehearsed_draft_waits_for_somebody_else(self, marina):
        draft = editing.draft(marina)
        rehearsal = editing.rehearse(draft)

        version = versions.submit(version_id=draft.pk, user=marina, now=NOW)

        assert (version.status, version.submitted_by, version.submitted_at) == (
            VersionStatus.REVIEW,
            marina,
            NOW,
        )
        assert versions.rehearsal_of(version) == rehearsal

    @pytest.mark.parametrize("what", ["never", "edited", "failed", "another version"])
    def test_without_a_fresh_rehearsal_it_is_refused(self, marina, what: str):
        draft = editing.draft(marina)
        if what == "another version":
            editing.rehearse(editing.live())
        elif what != "never":
            editing.rehearse(draft)
        if what == "edited":
            editing.change(draft, "depois-7", offset_days=8)
        if what == "failed":
            Rehearsal.objects.update(status=RehearsalStatus.FAILED)

        with refusing(VersionRefused) as refused:
            versions.submit(version_id=draft.pk, user=marina, now=NOW)

        assert refused.value.sentences == (
            "Ensaie esta versão antes de pedir aprovação: ela mudou ou nunca foi ensaiada.",
        )
        assert statuses() == [(1, "live"), (2, "draft")]

    def test_edit_that_is_taken_back_makes_the_rehearsal_good_again(self, marina):
        draft = editing.draft(marina)
        editing.rehearse(draft)
        for offset in (8, 7):
            editing.change(draft, "depois-7", offset_days=offset)

        assert versions.submit(version_id=draft.pk, user=marina, now=NOW).status == VersionStatus.REVIEW

    def test_changed_segment_asks_for_another_rehearsal_and_no_more_than_that(self, marina):
        draft, known = editing.draft(marina), segment()
        versions.save_step(version=draft, step=draft.steps.get(key="depois-7"), values={"segment": known})
        editing.rehearse(draft)
        segments.save(segment=known, name="Atrasados", conditions=VERY_LATE, author=None, now=NOW)

        with refusing(VersionRefused, "Ensaie esta versão"):
            versions.submit(version_id=draft.pk, user=marina, now=NOW)
        editing.rehearse(draft)

        assert versions.submit(version_id=draft.pk, user=marina, now=NOW).status == VersionStatus.REVIEW

    def test_what_would_keep_it_from_running_is_said_all_together(self, marina):
        draft = editing.draft(marina)
        editing.change(draft, "antes-3", offset_days=-9)
        editing.change(draft, "depois-15", channels=[])
        editing.rehearse(draft)

        with refusing(VersionRefused) as refused:
            versions.submit(version_id=draft.pk, user=marina, now=NOW)

        assert refused.value.sentences == (
            "“3 dias antes do vencimento” sai 9 dias antes do vencimento; o máximo são 7.",
            "“15 dias depois” não tem canal: escolha ao menos um.",
        )

    def test_only_a_draft_is_submitted(self, marina):
        version = editing.submitted(marina)

        with refusing(VersionRefused, "Só um rascunho pode ir para aprovação."):
            versions.submit(version_id=version.pk, user=marina, now=NOW)


class TestWithdraw:
    def test_who_asked_takes_it_back_without_a_word(self, marina):
        version = editing.submitted(marina, note="Mais leve")

        back = versions.withdraw(version_id=version.pk, user=marina)

        assert (back.status, back.submitted_by, back.submitted_at, back.note) == (
            VersionStatus.DRAFT,
            None,
            None,
            "Mais leve",
        )

    def test_who_does_not_approve_says_why(self, marina, joana):
        version = editing.submitted(marina, note="Mais leve")

        with refusing(VersionRefused, "Diga por que não aprova."):
            versions.withdraw(version_id=version.pk, user=joana, reason=" ")
        back = versions.withdraw(version_id=version.pk, user=joana, reason=" Cedo demais. ")

        assert (back.status, back.note) == ("draft", "Mais leve · Não aprovada: Cedo demais.")

    def test_segments_changed_meanwhile_reach_it_when_it_is_a_draft_again(self, marina):
        draft, known = editing.draft(marina), segment()
        versions.save_step(version=draft, step=draft.steps.get(key="depois-7"), values={"segment": known})
        editing.rehearse(draft)
        version = versions.submit(version_id=draft.pk, user=marina, now=NOW)
        segments.save(segment=known, name="Atrasados", conditions=VERY_LATE, author=None, now=NOW)
        waiting = version.steps.get(key="depois-7").audience

        versions.withdraw(version_id=version.pk, user=marina)

        assert (waiting, version.steps.get(key="depois-7").audience) == (LATE, VERY_LATE)

    def test_only_what_waits_is_withdrawn(self, marina):
        draft = editing.draft(marina)

        with refusing(VersionRefused, "Esta versão não espera aprovação."):
            versions.withdraw(version_id=draft.pk, user=marina)


class TestPublish:
    def test_second_person_puts_it_on_air_at_once_and_what_was_live_retires(self, marina, joana):
        before = editing.live()
        version = editing.submitted(marina)
        heard: list[tuple[int, Any]] = []

        def hear(sender: Any, *, version_id: int, now: Any, **_: Any) -> None:
            heard.append((version_id, now))

        version_published.connect(hear)
        published = versions.publish(version_id=version.pk, user=joana, now=NOW)
        version_published.disconnect(hear)

        assert (published.status, published.published_by, published.published_at, heard) == (
            VersionStatus.LIVE,
            joana,
            NOW,
            [(version.pk, NOW)],
        )
        before.refresh_from_db()
        assert (before.status, before.retired_at, editing.live()) == (VersionStatus.RETIRED, NOW, published)

    def test_case_that_slept_is_looked_at_as_the_new_version_says(
        self, marina, joana, business_clock, django_capture_on_commit_callbacks
    ):
        business_clock(NOW)
        who = Followed.late(15)
        who.plan()
        draft = editing.draft(marina)
        versions.save_step(
            version=draft,
            values={"name": "Vinte", "offset_days": 20, "stage": "late_8_30", "state": "negotiation"},
        )
        editing.rehearse(draft)
        versions.submit(version_id=draft.pk, user=marina, now=NOW)
        asleep = who.case.next_contact_at

        with django_capture_on_commit_callbacks(execute=True):
            versions.publish(version_id=draft.pk, user=joana, now=NOW)

        assert (asleep, who.case.next_contact_at) == (None, who.morning(TODAY.replace(day=29)))

    def test_who_asked_does_not_publish(self, marina):
        version = editing.submitted(marina)

        with refusing(VersionRefused, "Quem pede a aprovação não publica: peça a outra pessoa."):
            versions.publish(version_id=version.pk, user=marina, now=NOW)

        assert statuses() == [(1, "live"), (2, "review")]

    def test_database_refuses_a_version_published_by_who_asked(self, marina):
        version = editing.submitted(marina)

        with pytest.raises(IntegrityError, match="cadence_two_people_publish"), transaction.atomic():
            CadenceVersion.objects.filter(pk=version.pk).update(published_by=marina)

    def test_what_broke_while_it_waited_keeps_it_from_going_live(self, marina, joana):
        version = editing.submitted(marina)
        MessageTemplate.objects.filter(stage="due_day").update(status="PAUSED")

        with refusing(VersionRefused, "“No dia do vencimento” não tem texto aprovado"):
            versions.publish(version_id=version.pk, user=joana, now=NOW)

        assert statuses() == [(1, "live"), (2, "review")]

    @pytest.mark.parametrize("status", [VersionStatus.DRAFT, VersionStatus.LIVE, VersionStatus.RETIRED])
    def test_only_what_waits_for_approval_is_published(self, joana, status: VersionStatus):
        version = editing.draft()
        if status == VersionStatus.LIVE:
            CadenceVersion.objects.filter(number=1).update(status=VersionStatus.RETIRED)
        CadenceVersion.objects.filter(pk=version.pk).update(status=status)

        with refusing(VersionRefused, "Só uma versão que espera aprovação pode ser publicada."):
            versions.publish(version_id=version.pk, user=joana, now=NOW)


class TestRollBack:
    def test_version_before_is_on_air_again_under_a_new_number(self, marina, joana):
        first = editing.live()
        second = editing.submitted(marina)
        versions.publish(version_id=second.pk, user=joana, now=NOW)

        again = versions.roll_back(cadence=first.cadence, user=marina, reason="Reclamações", now=NOW)

        assert statuses() == [(1, "retired"), (2, "retired"), (3, "live")]
        assert (again.note, again.based_on, again.published_by, again.submitted_by) == (
            "Volta à versão 1: Reclamações",
            first,
            marina,
            None,
        )
        assert fingerprints.of(again) == fingerprints.of(first)

    def test_it_comes_back_with_the_conditions_it_was_approved_with(self, marina, joana):
        first, known = editing.live(), segment()
        editing.change(first, "depois-7", segment=known, audience=LATE)
        versions.publish(version_id=editing.submitted(marina).pk, user=joana, now=NOW)
        segments.save(segment=known, name="Atrasados", conditions=VERY_LATE, author=None, now=NOW)

        again = versions.roll_back(cadence=first.cadence, user=marina, reason="Reclamações", now=NOW)

        assert again.steps.get(key="depois-7").audience == LATE

    @pytest.mark.parametrize(
        ("reason", "said"), [(" ", "Diga por que volta."), ("Queixas", "Não há versão anterior para voltar.")]
    )
    def test_it_needs_a_reason_and_a_version_to_go_back_to(self, marina, reason: str, said: str):
        live = editing.live()

        with refusing(VersionRefused, said):
            versions.roll_back(cadence=live.cadence, user=marina, reason=reason, now=NOW)

        assert statuses() == [(1, "live")]

    def test_it_is_refused_when_it_could_not_run_any_more(self, marina, joana):
        first = editing.live()
        version = editing.draft(marina)
        editing.only(version, "antes-3", "vencimento")
        editing.rehearse(version)
        versions.submit(version_id=version.pk, user=marina, now=NOW)
        versions.publish(version_id=version.pk, user=joana, now=NOW)
        MessageTemplate.objects.filter(stage="negotiation").update(status="REJECTED")

        with refusing(VersionRefused, "“15 dias depois” não tem texto aprovado"):
            versions.roll_back(cadence=first.cadence, user=marina, reason="Queixas", now=NOW)

        assert statuses() == [(1, "retired"), (2, "live")]


def test_discarded_draft_is_gone_with_its_steps_and_rehearsals(marina):
    draft = editing.draft(marina)
    editing.rehearse(draft)

    versions.discard(version_id=draft.pk)

    assert (statuses(), Step.objects.count(), Rehearsal.objects.count()) == ([(1, "live")], len(STEPS), 0)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_publish_the_same_version_once(self):
        house()
        version = editing.submitted(editing.person("marina"))
        people = [editing.person("joana"), editing.person("rosa")]

        done = at_once(
            *(
                lambda user=user: versions.publish(version_id=version.pk, user=user, now=NOW)
                for user in people
            )
        )

        assert sorted(type(each).__name__ for each in done) == ["CadenceVersion", "VersionRefused"]
        assert statuses() == [(1, "retired"), (2, "live")]

    def test_two_versions_published_together_go_live_one_after_the_other(self):
        house()
        waiting = [editing.submitted(editing.person(name)) for name in ("marina", "rosa")]
        joana = editing.person("joana")

        done = at_once(
            *(
                lambda version=version: versions.publish(version_id=version.pk, user=joana, now=NOW)
                for version in waiting
            )
        )

        assert [type(each).__name__ for each in done] == ["CadenceVersion"] * 2
        assert sorted(status for _, status in statuses()) == ["live", "retired", "retired"]
