"""Answers to hygiene tasks: what each does to the contact, the task and the story."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commons.models import HistoryEntry
from members import selectors, services
from members.enums import Channel, ContactPointState, HygieneProblem, HygieneState, Resolution
from members.models import ContactPoint, HygieneTask
from members.services import HygieneRefused
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory, MemberFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
State = ContactPointState
BY = {"actor": "user:1", "now": NOW}


def task_about(point: ContactPoint, problem: HygieneProblem = HygieneProblem.INVALID) -> HygieneTask:
    return HygieneTask.objects.create(
        member=point.member, contact_point=point, problem=problem, found_at=NOW - timedelta(days=1)
    )


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def shared_pair() -> tuple[ContactPoint, ContactPoint]:
    """The one whose number it is so far, and the second claimant."""
    owner = ContactPointFactory()
    claimant = services.add_contact_point(
        member=MemberFactory(), channel=owner.channel, address=owner.address, now=NOW, actor="system"
    )
    return owner, claimant


class TestCorrect:
    def test_right_number_takes_the_place_of_the_wrong_one(self) -> None:
        task = task_about(ContactPointFactory())

        point = services.correct_contact(task_id=task.pk, address="(11) 98765-4321", **BY)

        assert (point.address, point.state) == ("+5511987654321", State.UNVERIFIED)
        assert reload(task.contact_point).state == State.INVALID
        assert selectors.preferred_contact_point(member_id=task.member_id) == point
        task = reload(task)
        assert (task.state, task.resolution, task.resolved_by) == (
            HygieneState.RESOLVED,
            Resolution.CORRECTED,
            "user:1",
        )
        assert HistoryEntry.objects.filter(member_id=task.member_id).latest("sequence").kind == (
            "contact_point.checked"
        )

    def test_member_without_contact_gets_one(self) -> None:
        member = MemberFactory()
        task = HygieneTask.objects.create(member=member, problem=HygieneProblem.MISSING, found_at=NOW)

        point = services.correct_contact(
            task_id=task.pk, address=" Ana@Exemplo.example ", channel=Channel.EMAIL, **BY
        )

        assert (point.member, point.address) == (member, "ana@exemplo.example")

    @pytest.mark.parametrize("address", ["", "99999", "ana@exemplo.example"])
    def test_what_is_no_number_is_refused_and_changes_nothing(self, address: str) -> None:
        task = task_about(ContactPointFactory())

        with pytest.raises(HygieneRefused), transaction.atomic():
            services.correct_contact(task_id=task.pk, address=address, **BY)

        assert (reload(task).state, ContactPoint.objects.count()) == (HygieneState.OPEN, 1)

    def test_same_line_without_its_ninth_digit_is_no_correction(self) -> None:
        task = task_about(ContactPointFactory(address="+5511987654321"))

        with pytest.raises(HygieneRefused, match="já está lá"), transaction.atomic():
            services.correct_contact(task_id=task.pk, address="1187654321", **BY)

    def test_quarantined_number_does_not_come_back_this_way(self) -> None:
        wrong = ContactPointFactory(address="+5511987654321")
        services.mark_wrong_number(point=wrong, source="quem respondeu", actor="member", now=NOW)
        task = task_about(ContactPointFactory())

        with pytest.raises(HygieneRefused, match="quarentena"), transaction.atomic():
            services.correct_contact(task_id=task.pk, address="11987654321", **BY)

        assert reload(task.contact_point).state == State.UNVERIFIED


class TestOwner:
    @pytest.mark.parametrize("chosen", ["owner", "claimant"])
    def test_chosen_member_has_the_number_and_the_other_does_not(self, chosen: str) -> None:
        pair = dict(zip(("owner", "claimant"), shared_pair(), strict=True))
        services.confirm_identity(point=pair["owner"], now=NOW, actor="agent")
        task = task_about(pair["claimant"], HygieneProblem.SHARED)
        winner = pair.pop(chosen)
        (loser,) = pair.values()

        services.choose_owner(task_id=task.pk, member_id=winner.member_id, reason="ligamos", **BY)

        kept = State.CONFIRMED if chosen == "owner" else State.UNVERIFIED
        assert (reload(winner).state, reload(loser).state) == (kept, State.WRONG)
        assert not selectors.is_marked_wrong(winner)
        assert selectors.contact_point_for_whatsapp(wa_id=winner.address[1:]) == winner
        assert reload(task).resolution == Resolution.OWNER_CHOSEN

    def test_third_member_is_no_answer(self) -> None:
        _, claimant = shared_pair()
        task = task_about(claimant, HygieneProblem.SHARED)

        with pytest.raises(HygieneRefused, match="um dos membros"), transaction.atomic():
            services.choose_owner(task_id=task.pk, member_id=MemberFactory().pk, reason="x", **BY)


class TestOtherAnswers:
    def test_marked_wrong_it_is_quarantined(self) -> None:
        task = task_about(ContactPointFactory())

        services.mark_task_wrong(task_id=task.pk, reason="atendeu outra pessoa", **BY)

        assert reload(task.contact_point).state == State.WRONG
        assert selectors.wrong_marks(task.contact_point)[0].evidence == "atendeu outra pessoa"

    def test_kept_it_is_asked_about_again_in_ninety_days(self) -> None:
        task = task_about(ContactPointFactory())

        services.keep_contact(task_id=task.pk, reason="é esse mesmo", **BY)

        task = reload(task)
        assert (task.resolution, task.look_again_on) == (Resolution.KEPT, TODAY + timedelta(days=90))
        assert task.contact_point.state == State.UNVERIFIED

    def test_landline_that_is_kept_can_be_written_to(self) -> None:
        task = task_about(ContactPointFactory(is_mobile=False), HygieneProblem.LANDLINE)

        services.keep_contact(task_id=task.pk, reason="tem WhatsApp no fixo", **BY)

        assert selectors.preferred_contact_point(member_id=task.member_id) == task.contact_point

    def test_retired_it_is_out_of_use(self) -> None:
        task = task_about(ContactPointFactory())

        services.retire_contact(task_id=task.pk, reason="não existe mais", **BY)

        assert reload(task.contact_point).state == State.INVALID

    def test_put_off_it_waits_for_its_day(self) -> None:
        task = task_about(ContactPointFactory())

        services.look_again_later(task_id=task.pk, on=TODAY + timedelta(days=9), reason="viajou", **BY)

        task = reload(task)
        assert (task.state, task.look_again_on) == (HygieneState.LATER, TODAY + timedelta(days=9))

    @pytest.mark.parametrize("days", [0, -1, 366])
    def test_put_off_only_to_a_day_within_a_year(self, days: int) -> None:
        task = task_about(ContactPointFactory())

        with pytest.raises(HygieneRefused, match="em até um ano"), transaction.atomic():
            services.look_again_later(task_id=task.pk, on=TODAY + timedelta(days=days), reason="x", **BY)

    def test_answered_once_it_cannot_be_answered_again(self) -> None:
        task = task_about(ContactPointFactory())
        services.keep_contact(task_id=task.pk, reason="certo", **BY)

        with pytest.raises(HygieneRefused, match="já foi respondida"), transaction.atomic():
            services.retire_contact(task_id=task.pk, reason="errado", **BY)

    def test_no_answer_goes_without_a_reason(self) -> None:
        task = task_about(ContactPointFactory())

        with pytest.raises(HygieneRefused, match="motivo"), transaction.atomic():
            services.retire_contact(task_id=task.pk, reason=" ", **BY)

        assert reload(task.contact_point).state == State.UNVERIFIED

    def test_every_change_of_the_task_is_kept(self) -> None:
        task = task_about(ContactPointFactory())
        services.look_again_later(task_id=task.pk, on=TODAY + timedelta(days=9), reason="viajou", **BY)
        services.keep_contact(task_id=task.pk, reason="voltou", **BY)

        kept = task.events.order_by("pgh_id").values_list("state", "reason")  # type: ignore[attr-defined]
        assert list(kept) == [("open", ""), ("later", "viajou"), ("resolved", "voltou")]


def test_database_asks_one_question_once() -> None:
    task = task_about(ContactPointFactory())

    with pytest.raises(IntegrityError, match="members_one_task_per_point"), transaction.atomic():
        task_about(task.contact_point)
