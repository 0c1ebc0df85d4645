from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from experiments.assignment import services
from experiments.assignment.enums import PilotStatus
from experiments.assignment.models import Arm, Assignment, Pilot
from experiments.assignment.services import PilotRefused
from members.models import Member
from tests.cases.world import NOW
from tests.concurrency import at_once
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
TRAITS = {"kind": "person", "uf": "SP", "product": "", "overdue": True, "days_late": 20, "amount": "124.00"}


def pilot(name: str = "Piloto", percent: str = "20.00", **segment: Any) -> Pilot:
    return services.create(
        name=name,
        holdout_percent=Decimal(percent),
        segment=segment,
        horizon_days=30,
        author_id=None,
        now=NOW,
    )


def running(percent: str = "20.00", **segment: Any) -> Pilot:
    return services.start(pilot_id=pilot(percent=percent, **segment).pk, now=NOW)


def assign(who: Member, now=NOW, **changes: Any) -> Arm | None:
    return services.assign(member_id=who.pk, case_id=1, traits={**TRAITS, **changes}, now=now)


class TestLife:
    def test_new_pilot_is_a_draft_with_two_arms_and_a_salt_of_its_own(self):
        one, two = pilot("A", min_amount="50.00"), pilot("B")

        assert (one.status, one.started_at, one.segment) == (PilotStatus.DRAFT, None, {"min_amount": "50.00"})
        assert list(one.arms.order_by("key").values_list("key", "percent", "leaves_alone")) == [
            ("contacted", Decimal("80.00"), False),
            ("left_alone", Decimal("20.00"), True),
        ]
        assert (len(one.salt), one.salt == two.salt) == (32, False)

    def test_segment_nobody_understands_makes_no_pilot(self):
        with pytest.raises(ValueError, match="segmento desconhecido"):
            pilot(idade=3)

        assert Pilot.objects.count() == 0

    @pytest.mark.parametrize("percent", ["0.00", "50.01"])
    def test_majority_is_never_left_alone(self, percent: str):
        with pytest.raises(IntegrityError, match="assignment_holdout_is_a_minority"), transaction.atomic():
            pilot(percent=percent)

    def test_one_pilot_runs_at_a_time(self):
        first, second = running(), pilot("Outro")

        with pytest.raises(PilotRefused, match="“Piloto” ainda está em andamento"), transaction.atomic():
            services.start(pilot_id=second.pk, now=NOW)
        services.finish(pilot_id=first.pk, now=LATER)
        services.start(pilot_id=second.pk, now=LATER)

        assert list(Pilot.objects.order_by("pk").values_list("status", "started_at", "finished_at")) == [
            ("finished", NOW, LATER),
            ("running", LATER, None),
        ]

    def test_started_again_it_runs_on_and_finished_it_is_over(self):
        one = running()

        assert services.start(pilot_id=one.pk, now=LATER).started_at == NOW
        for _ in range(2):
            services.finish(pilot_id=one.pk, now=LATER)
        with pytest.raises(PilotRefused, match="já terminou"), transaction.atomic():
            services.start(pilot_id=one.pk, now=LATER)

    def test_draft_has_nothing_to_finish(self):
        services.finish(pilot_id=pilot().pk, now=NOW)

        assert Pilot.objects.get().status == PilotStatus.DRAFT


class TestAssign:
    def test_without_a_running_pilot_there_is_no_arm(self):
        pilot()

        assert assign(MemberFactory()) is None

    def test_first_call_decides_and_stores_it_for_good(self):
        running()
        who = MemberFactory()

        first = assign(who)
        again = assign(who, now=LATER, amount="9999.00", overdue=False)

        row = Assignment.objects.get()
        assert (first, row.arm) == (again, first)
        assert (row.stratum, row.position, row.traits, row.at) == ("valor1-atraso1", 0, TRAITS, NOW)

    def test_who_is_not_meant_is_not_stored_and_may_enter_later(self):
        running(min_amount="200.00")
        who = MemberFactory()

        outside = assign(who)
        count = Assignment.objects.count()
        inside = assign(who, amount="200.00")

        assert (outside, count, inside is None) == (None, 0, False)

    def test_shares_are_exact_in_every_stratum(self):
        running()
        for place in range(20):
            assign(MemberFactory(), amount="50.00" if place % 2 else "700.00")

        for stratum in ("valor0-atraso1", "valor3-atraso1"):
            rows = Assignment.objects.filter(stratum=stratum).order_by("position")
            assert list(rows.values_list("position", flat=True)) == list(range(10))
            assert rows.filter(arm__leaves_alone=True).count() == 2

    def test_finished_pilot_takes_nobody_in(self):
        services.finish(pilot_id=running().pk, now=LATER)

        assert assign(MemberFactory()) is None

    def test_assignment_can_be_neither_changed_nor_deleted(self):
        running()
        assign(MemberFactory())
        other = Arm.objects.exclude(pk=Assignment.objects.get().arm_id).get()

        for forbidden in (
            lambda: Assignment.objects.update(arm=other),
            lambda: Assignment.objects.all().delete(),
        ):
            with pytest.raises(ProgrammingError, match=r"Cannot (update|delete)"), transaction.atomic():
                forbidden()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_members_who_enter_at_once_take_places_without_holes(self):
        running("50.00")
        members = [MemberFactory() for _ in range(6)]

        arms = at_once(*[lambda who=who: assign(who) for who in members])

        assert sorted(Assignment.objects.values_list("position", flat=True)) == [0, 1, 2, 3, 4, 5]
        assert sorted(arm.leaves_alone for arm in arms) == [False] * 3 + [True] * 3

    def test_of_two_started_at_once_one_runs(self):
        one, two = pilot("A"), pilot("B")

        results = at_once(
            lambda: services.start(pilot_id=one.pk, now=NOW), lambda: services.start(pilot_id=two.pk, now=NOW)
        )

        assert {type(result) for result in results} == {Pilot, PilotRefused}
        assert Pilot.objects.filter(status=PilotStatus.RUNNING).count() == 1
