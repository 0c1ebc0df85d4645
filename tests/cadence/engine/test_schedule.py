"""What is due for a case at an instant and when to look again, asked of plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from cadence.engine import schedule
from cadence.engine.schedule import DueStep
from cadence.engine.steps import VersionPlan
from cadence.engine.view import CaseView
from cadence.enums import StopWhen, Timing, Trigger
from commons.clock import SAO_PAULO
from tests.cadence.engine.world import at, do, due, invoice, next_look, rule, seen, step, version

DUE = date(2026, 11, 26)  # a Thursday
OLD = date(2026, 10, 6)  # a Tuesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
PLAIN = version(step("antes", -3), step("dia"), step("depois-2", 2), step("depois-7", 7))
NOON = at("2026-11-24 12:00")


def told(found: DueStep | None) -> tuple[str, date, list[int], list[str]] | None:
    """Key, cycle, invoices and what is passed."""
    if found is None:
        return None
    return (
        found.step.key,
        found.due_cycle,
        [each.id for each in found.invoices],
        [each.key for each in found.passed],
    )


def key_due(view: CaseView, plan: VersionPlan, now: datetime) -> str | None:
    found = due(view, plan, now)
    return None if found is None else found.step.key


class TestCalendarSteps:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("2026-11-28 08:59", None),
            ("2026-11-28 09:00", ("depois-2", DUE, [1], [])),
            ("2026-12-03 08:59", ("depois-2", DUE, [1], [])),
            ("2026-12-03 09:00", ("depois-7", DUE, [1], ["depois-2"])),
        ],
    )
    def test_step_is_due_from_the_first_hour_of_its_day(self, now, expected):
        assert told(due(seen(DUE), PLAIN, at(now))) == expected

    def test_newest_step_that_was_done_leaves_nothing_to_catch_up_with(self):
        view = seen(DUE, done={("depois-7", DUE)})

        assert told(due(view, PLAIN, at("2026-12-04 12:00"))) is None

    def test_what_is_late_goes_together_in_the_cycle_of_the_oldest(self):
        view = seen(OLD, date(2026, 11, 10), DUE, done={("depois-2", OLD)})

        assert told(due(view, PLAIN, NOON)) == ("depois-7", OLD, [1, 2], [])

    def test_step_done_in_the_cycle_of_a_paid_invoice_is_due_again_in_the_next(self):
        view = seen(date(2026, 11, 10), done={("depois-7", OLD)})

        assert told(due(view, PLAIN, NOON)) == ("depois-7", date(2026, 11, 10), [1], ["depois-2"])

    def test_each_coming_invoice_has_its_own_cycle(self):
        view = seen(OLD, DUE, DUE + DAY, done={("depois-7", OLD)})

        found = []
        while (each := due(view, PLAIN, NOON)) is not None:
            found.append(told(each))
            do(view, each)

        assert found == [("antes", DUE, [2], []), ("antes", DUE + DAY, [3], [])]

    def test_invoice_too_far_away_to_be_in_the_case_is_not_seen(self):
        far = invoice(date(2026, 12, 2), joined=False)

        assert [
            told(due(seen(invoices=(far,)), version(step("cedo", -9)), at(f"2026-11-{day} 12:00")))
            for day in (24, 25)
        ] == [None, ("cedo", date(2026, 12, 2), [1], [])]

    def test_nothing_owed_is_nothing_due(self):
        assert (
            told(due(seen(), PLAIN, NOON)),
            schedule.next_look(seen(), PLAIN, now=NOON, zone=SAO_PAULO),
        ) == (
            None,
            None,
        )


class TestMeantFor:
    def test_step_for_others_leaves_the_turn_to_the_one_before_it(self):
        others = step("depois-7", 7, audience=rule(("uf", "in", ["RJ"])))
        plan = version(step("depois-2", 2), others)

        assert told(due(seen(OLD), plan, NOON)) == ("depois-2", OLD, [1], [])

    def test_step_for_others_is_not_passed(self):
        others = step("depois-2", 2, audience=rule(("uf", "in", ["RJ"])))

        assert told(due(seen(OLD), version(others, step("depois-7", 7)), NOON)) == ("depois-7", OLD, [1], [])

    def test_audience_is_asked_by_what_is_true_on_the_day(self):
        plan = version(step("dois", 2, audience=rule(("invoices", "min", 2))))
        view = seen(date(2026, 11, 10), date(2026, 11, 24))

        assert told(due(view, plan, NOON)) == ("dois", date(2026, 11, 10), [1], [])
        assert told(due(replace(view, invoices=view.invoices[:1]), plan, NOON)) is None

    @pytest.mark.parametrize(
        ("reason", "changes", "stopped"),
        [
            (StopWhen.REPLIED, {"last_inbound_at": at("2026-11-10 00:00")}, True),
            (StopWhen.REPLIED, {"last_inbound_at": at("2026-11-10 00:00") - TICK}, False),
            (StopWhen.PARTLY_PAID, {"last_payment_at": at("2026-11-10 00:00")}, True),
            (StopWhen.PARTLY_PAID, {"last_payment_at": at("2026-11-10 00:00") - TICK}, False),
            (StopWhen.OPEN_OFFER, {"offers_until": (NOON, NOON + TICK)}, True),
            (StopWhen.OPEN_OFFER, {"offers_until": (NOON - DAY, NOON)}, False),
            (StopWhen.REPLIED, {"last_payment_at": NOON, "offers_until": (NOON + DAY,)}, False),
        ],
    )
    def test_step_is_stopped_by_what_happened_in_its_cycle(self, reason, changes, stopped):
        plan = version(step("depois-7", 7, stop_when=frozenset({reason})))
        view = seen(date(2026, 11, 10), **changes)

        assert (key_due(view, plan, NOON) is None) is stopped

    def test_answer_stops_the_cycle_it_came_in_and_not_the_next(self):
        plan = version(step("dia", stop_when=frozenset({StopWhen.REPLIED})))
        view = seen(date(2026, 11, 24), DUE, last_inbound_at=at("2026-11-24 20:00"))

        assert told(due(view, plan, at("2026-11-26 12:00"))) == ("dia", DUE, [2], [])


class TestTriggeredSteps:
    READ_AT = at("2026-11-22 15:00")
    ARMED = READ_AT + DAY

    def follow_up(self, **changes: object) -> VersionPlan:
        return version(step("leu", trigger=Trigger.READ, after="depois-7", **changes))

    def reader(self, **changes: object) -> CaseView:
        return seen(date(2026, 11, 10), read_steps={"depois-7": self.READ_AT}, **changes)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (ARMED - TICK, None),
            (ARMED, "leu"),
            (ARMED + schedule.TRIGGER_FRESH - TICK, "leu"),
            (ARMED + schedule.TRIGGER_FRESH, None),
        ],
    )
    def test_step_goes_out_after_its_delay_and_while_it_is_fresh(self, now, expected):
        assert key_due(self.reader(), self.follow_up(), now) == expected

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"last_inbound_at": READ_AT}, None),
            ({"last_inbound_at": READ_AT - TICK}, "leu"),
            ({"done": {("leu", date(2026, 11, 10))}}, None),
            ({"done": {("leu", OLD)}}, "leu"),
        ],
    )
    def test_reading_asks_for_no_answer_that_came_nor_twice_in_a_cycle(self, changes, expected):
        assert key_due(self.reader(**changes), self.follow_up(), self.ARMED) == expected

    def test_reading_another_step_arms_nothing(self):
        view = seen(date(2026, 11, 10), read_steps={"depois-2": self.READ_AT})

        assert key_due(view, self.follow_up(), self.ARMED) is None

    @pytest.mark.parametrize("trigger", [each for each in Trigger if each != Trigger.DAY])
    def test_step_after_no_step_in_particular_is_armed_by_its_signal(self, trigger: Trigger):
        plan = version(step("armada", trigger=trigger, delay_hours=0))

        assert [
            key_due(seen(OLD, signals={each: NOON}), plan, NOON) == "armada"
            for each in Trigger
            if each != Trigger.DAY
        ] == [each == trigger for each in Trigger if each != Trigger.DAY]

    def test_what_the_member_did_arms_nothing_while_nothing_is_late(self):
        view = seen(DUE, read_steps={"depois-7": self.READ_AT})

        assert key_due(view, self.follow_up(), self.ARMED) is None

    def test_step_of_the_calendar_goes_first(self):
        plan = version(step("leu", trigger=Trigger.READ, after="depois-7"), step("depois-10", 10))
        view = self.reader()

        first = due(view, plan, self.ARMED)
        assert first is not None
        do(view, first)

        assert (first.step.key, key_due(view, plan, self.ARMED)) == ("depois-10", "leu")

    def test_audience_and_stops_hold_for_them_too(self):
        stopped = self.follow_up(stop_when=frozenset({StopWhen.OPEN_OFFER}))
        others = self.follow_up(audience=rule(("uf", "in", ["RJ"])))

        assert [
            key_due(self.reader(offers_until=(self.ARMED + DAY,)), stopped, self.ARMED),
            key_due(self.reader(), others, self.ARMED),
        ] == [None, None]


class TestQuiet:
    @pytest.mark.parametrize(
        ("wrote_at", "until"),
        [
            (None, None),
            (NOON - DAY, None),
            (NOON - DAY + TICK, NOON + TICK),
            (NOON, NOON + DAY),
        ],
    )
    def test_silence_is_kept_for_a_day_after_the_last_word(self, wrote_at, until):
        assert schedule.quiet_until(seen(DUE, last_inbound_at=wrote_at), now=NOON) == until


class TestNextLook:
    @pytest.mark.parametrize(
        ("now", "done", "expected"),
        [
            ("2026-11-20 12:00", [], "2026-11-23 09:07"),
            ("2026-11-23 08:59", [], "2026-11-23 09:07"),
            ("2026-11-23 09:00", [], "2026-11-26 09:07"),
            ("2026-11-26 12:00", [], "2026-11-28 09:07"),
            ("2026-11-26 12:00", ["depois-2"], "2026-12-03 09:07"),
            ("2026-11-26 12:00", ["depois-2", "depois-7"], None),
            ("2026-12-03 09:00", [], None),
        ],
    )
    def test_look_is_at_the_next_step_that_is_not_done(self, now, done, expected):
        view = seen(DUE, done={(key, DUE) for key in done})

        assert next_look(view, PLAIN, at(now)) == (None if expected is None else at(expected))

    def test_done_in_the_oldest_cycle_is_done_for_all_that_is_late(self):
        view = seen(OLD, date(2026, 11, 20), done={("depois-7", OLD)})

        assert next_look(view, version(step("depois-7", 7)), NOON) is None

    def test_coming_invoice_keeps_its_reminders_beside_a_late_one(self):
        assert next_look(seen(OLD, DUE), version(step("dia")), NOON) == at("2026-11-26 09:07")

    def test_step_of_today_with_a_later_hour_is_still_to_come(self):
        plan = version(step("tarde", timing=Timing.FIXED, hour=time(15, 30)))
        view = seen(DUE)

        assert next_look(view, plan, at("2026-11-26 12:00")) == at("2026-11-26 15:37")

    def test_offer_that_stops_a_step_is_waited_for(self):
        stops = version(step("depois-2", 2, stop_when=frozenset({StopWhen.OPEN_OFFER})))
        view = seen(OLD, offers_until=(NOON + HOUR, NOON + 2 * HOUR))

        assert (next_look(view, stops, NOON), next_look(view, version(step("depois-2", 2)), NOON)) == (
            NOON + 2 * HOUR,
            None,
        )

    @pytest.mark.parametrize(
        ("dues", "done", "expected"),
        [
            ((OLD,), set(), NOON + 24 * HOUR),
            ((OLD,), {("armada", OLD)}, None),
            ((DUE,), set(), None),
        ],
    )
    def test_armed_step_is_looked_at_when_it_may_go_out(self, dues, done, expected):
        plan = version(step("armada", trigger=Trigger.CODE_EXPIRED))
        view = seen(*dues, done=done, signals={Trigger.CODE_EXPIRED: NOON})

        assert next_look(view, plan, NOON) == expected


class TestLookAfter:
    def test_another_cycle_that_waits_is_looked_at_soon(self):
        view = seen(DUE, DUE + DAY, done={("antes", DUE)})

        assert schedule.look_after(view, PLAIN, now=NOON, zone=SAO_PAULO) == NOON + HOUR

    def test_with_nothing_waiting_it_is_the_next_look(self):
        view = seen(DUE, done={("antes", DUE)})

        assert schedule.look_after(view, PLAIN, now=NOON, zone=SAO_PAULO) == at("2026-11-26 09:07")


class TestFirstLook:
    def test_what_is_due_is_spread_over_three_hours(self):
        looks = [
            schedule.first_look(seen(OLD, member_id=number), PLAIN, now=NOON, zone=SAO_PAULO)
            for number in range(1, 361)
        ]

        minutes = [(each - NOON) // timedelta(minutes=1) for each in looks if each is not None]
        assert sorted(minutes) == sorted([*range(180), *range(180)])

    def test_what_is_not_due_waits_for_its_day(self):
        view = seen(DUE, done={("antes", DUE)})

        assert schedule.first_look(view, PLAIN, now=NOON, zone=SAO_PAULO) == at("2026-11-26 09:07")
