"""When a contact that was put off or refused is tried again."""

from datetime import timedelta

import pytest

from cadence.engine.retry import look_sooner_at, put_off, retry_at
from compliance.enums import RuleId
from tests.compliance.builders import NOW

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
END = NOW + timedelta(hours=5)
# Nobody has to do anything for these to pass, or it is us who mend them.
PASSING = {
    "kill_switch",
    "sender_inactive",
    "template_inactive",
    "recent_payment",
    "max_messages_7d",
    "pre_due_cap",
    "channel_rule",
    "no_slot",
}


@pytest.mark.parametrize("rule", ["window", "holiday", "blackout"])
def test_who_is_put_off_with_everybody_is_spread_over_the_morning(rule: str) -> None:
    found = [put_off(rule, {}, NOW, member_id=number) for number in range(1, 181)]

    assert sorted(found) == [NOW + minute * MINUTE for minute in range(180)]
    assert put_off(rule, {}, NOW, member_id=10) == NOW + 70 * MINUTE


def test_hours_of_the_member_s_own_are_met_where_they_begin() -> None:
    assert put_off("window", {"wish": "heard"}, NOW, member_id=10) == NOW


def test_who_wished_for_hours_that_do_not_exist_waits_with_everybody() -> None:
    assert put_off("window", {"wish": "impossible"}, NOW, member_id=10) == NOW + 70 * MINUTE


@pytest.mark.parametrize("rule", ["min_gap", "max_per_day", "max_messages_7d", "max_per_30d"])
def test_who_is_put_off_by_a_cap_keeps_the_instant(rule: str) -> None:
    assert put_off(rule, {}, NOW, member_id=10) == NOW


def test_codes_that_end_at_one_midnight_are_looked_at_over_three_hours() -> None:
    found = [look_sooner_at(NOW, delay=2 * DAY, member_id=number) for number in range(1, 181)]

    assert sorted(found) == [NOW + 2 * DAY + minute * MINUTE for minute in range(180)]


@pytest.mark.parametrize("rule", RuleId)
def test_refusal_that_passes_is_tried_tomorrow_and_any_other_in_a_week(rule: RuleId) -> None:
    expected = NOW + (DAY if rule.value in PASSING else 7 * DAY)

    assert retry_at(rule.value, {}, member_id=10, now=NOW) == expected


@pytest.mark.parametrize("without_end", ["", None])
def test_hold_without_an_end_is_asked_again_in_a_week(without_end: str | None) -> None:
    assert retry_at("hold", {"ends_at": without_end}, member_id=10, now=NOW) == NOW + 7 * DAY


def test_hold_is_over_when_it_ends() -> None:
    assert retry_at("hold", {"ends_at": END.isoformat()}, member_id=10, now=NOW) == END


def test_stop_that_ends_lets_go_of_people_one_after_the_other() -> None:
    assert retry_at("kill_switch", {"ends_at": END.isoformat()}, member_id=10, now=NOW) == END + 70 * MINUTE


def test_stop_without_an_end_is_asked_again_tomorrow() -> None:
    assert retry_at("kill_switch", {"ends_at": None}, member_id=10, now=NOW) == NOW + DAY


def test_what_ends_for_another_reason_does_not_shorten_the_wait() -> None:
    assert retry_at("case_settled", {"ends_at": END.isoformat()}, member_id=10, now=NOW) == NOW + 7 * DAY
