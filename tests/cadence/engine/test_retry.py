"""When a contact that was put off or refused is tried again."""

from datetime import timedelta

from cadence.engine.retry import put_off
from tests.compliance.builders import NOW


def test_who_is_put_off_to_the_morning_is_spread_over_it() -> None:
    assert put_off("window", {}, NOW, member_id=10) == NOW + timedelta(minutes=70)


def test_hours_of_the_member_s_own_are_met_where_they_begin() -> None:
    assert put_off("window", {"wish": "heard"}, NOW, member_id=10) == NOW


def test_who_is_put_off_by_a_cap_keeps_the_instant() -> None:
    assert put_off("min_gap", {}, NOW, member_id=10) == NOW
