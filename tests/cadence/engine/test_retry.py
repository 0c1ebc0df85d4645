"""When a contact that was put off or refused is tried again."""

from datetime import timedelta

from cadence.engine.retry import TOMORROW, put_off, retry_at
from tests.compliance.builders import NOW


def test_who_is_put_off_to_the_morning_is_spread_over_it() -> None:
    assert put_off("window", {}, NOW, member_id=10) == NOW + timedelta(minutes=70)


def test_hours_of_the_member_s_own_are_met_where_they_begin() -> None:
    assert put_off("window", {"wish": "heard"}, NOW, member_id=10) == NOW


def test_who_is_put_off_by_a_cap_keeps_the_instant() -> None:
    assert put_off("min_gap", {}, NOW, member_id=10) == NOW


def test_hold_is_over_when_it_ends() -> None:
    end = NOW + timedelta(hours=5)

    assert retry_at("hold", {"ends_at": end.isoformat()}, member_id=10, now=NOW) == end


def test_stop_that_ends_lets_go_of_people_one_after_the_other() -> None:
    end = NOW + timedelta(hours=5)

    assert retry_at("kill_switch", {"ends_at": end.isoformat()}, member_id=10, now=NOW) == (
        end + timedelta(minutes=70)
    )


def test_stop_without_an_end_is_asked_again_tomorrow() -> None:
    assert retry_at("kill_switch", {"ends_at": None}, member_id=10, now=NOW) == NOW + TOMORROW
