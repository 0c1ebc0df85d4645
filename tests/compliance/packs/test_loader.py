from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from compliance.packs import loader
from compliance.packs.windows import Window
from tests.compliance.builders import BR

STATES = {
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI",
    "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
}  # fmt: skip


@pytest.fixture
def data() -> dict[str, Any]:
    brazil: dict[str, Any] = yaml.safe_load(
        Path(loader.__file__).with_name("br.yaml").read_text(encoding="utf-8")
    )
    return brazil


@pytest.mark.parametrize(
    ("state", "weekday", "saturday"),
    [
        ("RJ", "09:00-19:00", "none"),
        ("ES", "08:00-19:00", "none"),
        ("AM", "08:00-19:00", "none"),
        *((state, "08:00-20:00", "08:00-14:00") for state in sorted(STATES - {"RJ", "ES", "AM"})),
        (None, "09:00-19:00", "none"),
        ("XX", "09:00-19:00", "none"),
    ],
)
def test_brazil_state_has_the_limit_of_its_norm(state: str | None, weekday: str, saturday: str) -> None:
    assert BR.windows(state).limit == Window.parse(weekday=weekday, saturday=saturday)


@pytest.mark.parametrize(
    ("state", "saturday"),
    [
        *((state, "09:00-13:00") for state in sorted(STATES - {"RJ", "ES", "AM"})),
        ("RJ", "none"),
        ("ES", "none"),
        ("AM", "none"),
        (None, "none"),
    ],
)
def test_brazil_state_ships_the_default_inside_its_limit(state: str | None, saturday: str) -> None:
    assert BR.window(state) == Window.parse(weekday="09:00-19:00", saturday=saturday)


def test_brazil_has_a_zone_for_every_state() -> None:
    assert set(BR.zones.states) == STATES
    assert all(ZoneInfo(zone) for zone in (*BR.zones.states.values(), *BR.zones.cities.values()))


@pytest.mark.parametrize(
    ("state", "city", "zone"),
    [
        ("SP", "São Paulo", "America/Sao_Paulo"),
        ("AC", "Rio Branco", "America/Rio_Branco"),
        ("AM", "Manaus", "America/Manaus"),
        ("AM", "Eirunepé", "America/Eirunepe"),
        ("PE", "Recife", "America/Recife"),
        ("PE", "Fernando de Noronha", "America/Noronha"),
    ],
)
def test_brazil_place_has_its_own_clock(state: str, city: str, zone: str) -> None:
    assert BR.zones.of(state=state, city=city) == ZoneInfo(zone)


def test_brazil_place_without_state_has_no_clock_of_its_own() -> None:
    assert BR.zones.of(state=None, city="Fernando de Noronha") is None


def test_brazil_numbers_are_those_of_the_reference() -> None:
    assert (BR.max_per_day, BR.max_messages_7d, BR.max_calls_7d, BR.max_per_30d) == (1, 3, 2, 8)
    assert BR.min_gap == timedelta(hours=48)
    assert BR.moments.latency_guard == timedelta(minutes=15)
    assert (BR.hard_stop_unanswered, BR.hard_stop_silent_days) == (12, 120)
    assert (BR.debt.max_age_days, BR.debt.fine_max_percent) == (1825, Decimal("2.00"))
    assert (BR.channels.opt_in, BR.may_ask_reason) == (frozenset({"whatsapp"}), True)
    assert BR.consequences.service_suspension_notice_days == 15


@pytest.mark.parametrize(("state", "notice", "overdue"), [("PR", 5, 30), ("SP", 10, 0), (None, 10, 30)])
def test_brazil_state_has_its_own_rule_of_negative_listing(
    state: str | None, notice: int, overdue: int
) -> None:
    rules = BR.consequences

    assert (rules.listing_notice_days(state), rules.listing_overdue_days(state)) == (notice, overdue)


@pytest.mark.parametrize("country", ["XX", "", "../br", "b"])
def test_country_without_a_pack_is_refused(country: str) -> None:
    with pytest.raises(loader.UnknownCountry):
        loader.load_pack(country)


def test_pack_whose_shipped_hours_pass_the_limit_does_not_load(data: dict[str, Any]) -> None:
    data["windows"]["states"]["RJ"]["shipped"] = {"weekday": "08:00-19:00"}

    with pytest.raises(ValueError, match="shipped hours of RJ"):
        loader.parse_pack(data)


def test_pack_that_allows_more_to_unknown_states_does_not_load(data: dict[str, Any]) -> None:
    data["windows"]["unknown"]["limit"]["saturday"] = "09:00-12:00"

    with pytest.raises(ValueError, match="unknown state"):
        loader.parse_pack(data)


def test_pack_with_a_state_wider_than_the_country_does_not_load(data: dict[str, Any]) -> None:
    data["windows"]["states"]["SP"]["limit"]["weekday"] = "07:00-20:00"

    with pytest.raises(ValueError, match="hours of SP"):
        loader.parse_pack(data)


def test_pack_with_a_state_without_clock_does_not_load(data: dict[str, Any]) -> None:
    del data["zones"]["states"]["RJ"]

    with pytest.raises(ValueError, match="time zone for RJ"):
        loader.parse_pack(data)


def test_pack_whose_cap_ships_above_its_limit_does_not_load(data: dict[str, Any]) -> None:
    data["caps"]["max_messages_7d"] = {"shipped": 4, "limit": 3}

    with pytest.raises(ValueError, match="cap ships above"):
        loader.parse_pack(data)


@pytest.mark.parametrize(
    ("section", "name", "entry"),
    [
        ("caps", "min_gap_hours", {"shipped": 24, "limit": 48}),
        ("evidence", "retention_months", {"shipped": 12, "limit": 24}),
    ],
)
def test_pack_that_ships_less_than_its_least_does_not_load(
    data: dict[str, Any], section: str, name: str, entry: dict[str, int]
) -> None:
    data[section][name] = entry

    with pytest.raises(ValueError, match="ships below"):
        loader.parse_pack(data)
