"""Which step is due, by the calendar alone: since its day, the newest only, once in each cycle."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import plans
from cadence.enums import StepOutcome, VersionStatus
from cadence.models import CadenceVersion, Step, StepRun
from cases.selectors import open_invoices
from tests.cadence.world import STEPS, TODAY, Followed, house
from tests.cases.world import NOW, at

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 26)  # a Thursday
DAY = timedelta(days=1)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def mark(who: Followed, *keys: str, cycle: date, outcome: StepOutcome = StepOutcome.SENT) -> None:
    version = plans.live_version()
    assert version is not None
    for key in keys:
        StepRun.objects.create(
            case=who.case, step_key=key, due_cycle=cycle, version=version, outcome=outcome, at=NOW
        )


class TestDueStep:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (-4, None),
            (-3, ("antes-3", [])),
            (-1, ("antes-3", [])),  # due since, not due today
            (0, ("vencimento", ["antes-3"])),
            (1, None),  # late, and no step for it yet
            (2, ("depois-2", [])),
            (6, ("depois-2", [])),
            (7, ("depois-7", ["depois-2"])),
            (14, ("depois-7", ["depois-2"])),
            (15, ("depois-15", ["depois-2", "depois-7"])),
            (200, ("depois-15", ["depois-2", "depois-7"])),
        ],
    )
    def test_newest_step_whose_day_has_come_is_due(self, after: int, expected):
        who = Followed.owing(DUE)

        assert who.step_due(DUE + days(after)) == expected

    def test_invoice_due_on_a_weekend_is_late_only_after_monday(self):
        who = Followed.owing(date(2026, 11, 28))  # a Saturday

        assert [who.step_due(date(2026, 11, day)) for day in (28, 29, 30)] == [
            ("vencimento", ["antes-3"]),
            None,
            None,
        ]
        assert who.step_due(date(2026, 12, 1)) == ("depois-2", [])

    def test_done_step_is_not_due_again_nor_are_those_before_it(self):
        who = Followed.owing(DUE)
        mark(who, "depois-7", cycle=DUE)

        assert who.step_due(DUE + days(8)) is None
        assert who.step_due(DUE + days(15)) == ("depois-15", ["depois-2"])

    @pytest.mark.parametrize("outcome", StepOutcome)
    def test_left_alone_and_skipped_steps_are_done_too(self, outcome: StepOutcome):
        who = Followed.owing(DUE)
        mark(who, "depois-2", cycle=DUE, outcome=outcome)

        assert who.step_due(DUE + days(3)) is None

    def test_each_invoice_has_its_own_cycle_up_to_its_due_day(self):
        who = Followed.owing(DUE, DUE + DAY)
        mark(who, "antes-3", cycle=DUE)

        found = who.due(TODAY)

        assert found is not None
        assert (found.step.key, found.due_cycle, [each.due_on for each in found.invoices]) == (
            "antes-3",
            DUE + DAY,
            [DUE + DAY],
        )

    def test_overdue_invoices_are_one_contact_in_the_cycle_of_the_oldest(self):
        october, november = date(2026, 10, 5), date(2026, 11, 5)
        who = Followed.owing(october, november)

        found = who.due(TODAY)

        assert found is not None
        assert (found.step.key, found.due_cycle) == ("depois-15", october)
        assert [each.due_on for each in found.invoices] == [october, november]

    def test_paid_oldest_leaves_the_cycle_to_the_next(self):
        october, november = date(2026, 10, 5), date(2026, 11, 17)
        who = Followed.owing(october, november)
        mark(who, "depois-2", "depois-7", "depois-15", cycle=october)
        before = who.step_due(TODAY)
        open_invoices(who.case).filter(due_date=october).update(status="paid")

        assert (before, who.step_due(TODAY)) == (None, ("depois-7", ["depois-2"]))

    def test_what_is_late_comes_before_what_is_coming(self):
        who = Followed.owing(date(2026, 11, 5), DUE)

        first = who.step_due(TODAY)
        mark(who, "depois-15", cycle=date(2026, 11, 5))

        assert (first, who.step_due(TODAY)) == (("depois-15", ["depois-2", "depois-7"]), ("antes-3", []))

    def test_step_that_was_switched_off_is_nobody_s(self):
        who = Followed.owing(DUE)
        Step.objects.filter(key="depois-7").update(active=False)

        assert who.step_due(DUE + days(8)) == ("depois-2", [])

    def test_key_names_the_step_through_all_versions(self):
        who = Followed.owing(DUE)
        mark(who, "depois-2", cycle=DUE)
        old = plans.live_version()
        assert old is not None
        CadenceVersion.objects.filter(pk=old.pk).update(status=VersionStatus.RETIRED)
        new = CadenceVersion.objects.create(cadence=old.cadence, number=2, status=VersionStatus.LIVE)
        Step.objects.create(version=new, key="depois-2", name="3 dias", offset_days=3, stage="late_1_7")

        assert who.step_due(DUE + days(5)) is None

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(skipped=st.sets(st.integers(-10, 40)), due=st.dates(date(2026, 11, 18), date(2026, 12, 10)))
    def test_whatever_days_the_planner_misses_each_step_is_marked_at_most_once(self, skipped, due, db):
        who = Followed.owing(due, now=at(f"{due} 00:01"))
        marked: list[str] = []
        for offset in range(-10, 41):
            if offset in skipped:
                continue
            found = who.due(due + days(offset))
            if found is None:
                continue
            keys = [step.key for step in (*found.passed, found.step)]
            mark(who, *keys, cycle=found.due_cycle)
            marked += keys
            assert found.step.offset_days <= offset

        assert len(marked) == len(set(marked))
        assert marked == sorted(marked, key=STEPS.index)
        assert (marked[-1:] == ["depois-15"]) is not (
            set(range(17, 41)) <= skipped and 15 in skipped and 16 in skipped
        )


class TestNextStepDay:
    @pytest.mark.parametrize(
        ("today", "following"),
        [
            (DUE - days(10), DUE - days(3)),
            (DUE - days(3), DUE),
            (DUE, DUE + days(2)),
            (DUE + DAY, DUE + days(2)),
            (DUE + days(2), DUE + days(7)),
            (DUE + days(7), DUE + days(15)),
            (DUE + days(15), None),
        ],
    )
    def test_planner_sleeps_until_the_day_of_the_next_step(self, today: date, following: date | None):
        who = Followed.owing(DUE)

        assert who.next_day(today) == following

    def test_step_that_waits_for_a_business_day_is_not_slept_through(self):
        saturday = date(2026, 11, 28)
        who = Followed.owing(saturday)

        found = [who.next_day(date(2026, 11, day)) for day in (28, 29, 30)]

        assert found == [date(2026, 12, 1)] * 3

    def test_done_steps_are_passed_over(self):
        who = Followed.owing(DUE)
        mark(who, "depois-2", cycle=DUE)

        assert who.next_day(DUE) == DUE + days(7)

    def test_invoice_that_comes_due_while_another_is_late_keeps_its_reminders(self):
        who = Followed.owing(date(2026, 10, 5), DUE + days(4))
        mark(who, "depois-15", cycle=date(2026, 10, 5))

        assert who.next_day(TODAY) == DUE + days(1)

    def test_settled_schedule_is_over(self):
        who = Followed.owing(DUE)
        open_invoices(who.case).update(status="paid")

        assert who.next_day(TODAY) is None


def test_without_a_live_version_there_are_no_steps():
    house()
    CadenceVersion.objects.update(status=VersionStatus.RETIRED)

    assert plans.live_version() is None
