"""Mexico, Colombia, Peru, Argentina and Chile: the numbers of the reference, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import holidays
import pytest

from compliance.packs.loader import load_pack
from compliance.packs.model import Bounded, Guarantor, Identification
from compliance.packs.windows import Window

COUNTRIES = ["AR", "BR", "CL", "CO", "MX", "PE"]
ABROAD = [country for country in COUNTRIES if country != "BR"]


@dataclass(frozen=True)
class Hours:
    limit: tuple[str, str]
    shipped: tuple[str, str]


HOURS = {
    "MX": Hours(("07:00-22:00", "07:00-22:00"), ("09:00-20:00", "09:00-14:00")),
    "CO": Hours(("07:00-19:00", "08:00-15:00"), ("08:00-18:30", "08:30-14:30")),
    "PE": Hours(("07:00-20:00", "none"), ("08:00-19:30", "none")),
    "AR": Hours(("08:00-20:00", "10:00-12:00"), ("09:00-19:30", "none")),
    "CL": Hours(("08:00-20:00", "08:00-20:00"), ("09:00-19:30", "09:00-14:00")),
}


def _free(number: int) -> Bounded:
    return Bounded(shipped=number, limit=number)


def _hard(number: int) -> Bounded:
    return Bounded(shipped=number, limit=number, hard=True)


@pytest.mark.parametrize("country", ABROAD)
def test_country_has_the_hours_of_its_norm_and_ships_its_default(country: str) -> None:
    pack, hours = load_pack(country), HOURS[country]
    for state in [None, "??", *pack.zones.states]:
        assert pack.windows(state).limit == Window.parse(weekday=hours.limit[0], saturday=hours.limit[1])
        assert pack.window(state) == Window.parse(weekday=hours.shipped[0], saturday=hours.shipped[1])


@pytest.mark.parametrize(
    ("country", "messages", "calls", "month", "hours", "days"),
    [
        ("MX", _free(3), _free(2), _free(8), _free(48), 0),
        ("CO", _free(2), None, _free(6), _free(0), 1),
        ("PE", _free(3), _free(2), _free(8), _free(48), 0),
        ("AR", _free(2), _free(1), _free(6), _free(72), 0),
        ("CL", _hard(2), _hard(1), _free(8), _hard(0), 3),
    ],
)
def test_country_has_the_caps_and_the_gap_of_the_reference(
    country: str, messages: Bounded, calls: Bounded | None, month: Bounded, hours: Bounded, days: int
) -> None:
    caps = load_pack(country).caps

    assert caps.max_per_day == _hard(1)
    assert (caps.max_messages_7d, caps.max_calls_7d, caps.max_per_30d) == (messages, calls, month)
    assert (caps.min_gap_hours, caps.min_gap_days) == (hours, days)


def test_what_only_some_countries_ask_is_theirs_alone() -> None:
    packs = {country: load_pack(country) for country in COUNTRIES}

    def where(asked: object) -> list[str]:
        return [country for country, pack in packs.items() if asked(pack)]  # type: ignore[operator]

    assert where(lambda pack: pack.caps.pre_due_counted) == ["CL", "CO"]
    assert where(lambda pack: pack.channels.one_per_week) == ["CO"]
    assert where(lambda pack: not pack.may_ask_reason) == ["CO"]
    assert where(lambda pack: pack.on_request is not None) == ["CO"]
    assert where(lambda pack: pack.recipients.guarantor == Guarantor.AS_DEBTOR) == ["CO"]
    assert where(lambda pack: "visit" not in pack.channels.calls) == ["CO"]
    assert where(lambda pack: pack.debt.max_age_days is not None) == ["BR"]
    assert where(lambda pack: pack.debt.fine_max_percent is not None) == ["BR"]
    assert where(lambda pack: pack.consequences.service_suspension_notice_days is not None) == ["BR"]
    assert where(lambda pack: pack.retention.limit == 24) == ["CL"]


def test_every_channel_of_colombia_needs_the_member_s_yes() -> None:
    channels = load_pack("CO").channels

    assert channels.opt_in == channels.messages | channels.calls


@pytest.mark.parametrize("country", COUNTRIES)
def test_what_no_country_allows_is_allowed_nowhere(country: str) -> None:
    pack = load_pack(country)

    assert pack.windows(None).limit.sunday == ()
    assert (pack.debt.collection_fee_max, pack.debt.breakdown_required) == (Decimal("0.00"), True)
    assert (pack.retention.shipped, pack.opt_out_effective_seconds) == (60, 60)
    assert pack.recipients.adult_age == 18
    assert "whatsapp" in pack.channels.opt_in
    assert pack.identification[0] == Identification.CREDITOR
    assert (pack.country, pack.version.split("-")[0]) == (country, country)


@pytest.mark.parametrize(("country", "states"), [("MX", 32), ("CO", 33), ("PE", 25), ("AR", 24), ("CL", 16)])
def test_country_has_a_clock_for_every_state(country: str, states: int) -> None:
    zones = load_pack(country).zones

    assert len(zones.states) == states
    assert all(ZoneInfo(name) for name in (zones.default, *zones.states.values(), *zones.cities.values()))
    assert {place.split("/")[0] for place in zones.cities} <= set(zones.states)


@pytest.mark.parametrize("country", ["AR", "CL"])
def test_states_are_those_of_the_calendar_where_it_has_any(country: str) -> None:
    assert set(load_pack(country).zones.states) == set(holidays.country_holidays(country).subdivisions)


@pytest.mark.parametrize(
    ("country", "state", "city", "zone"),
    [
        ("MX", "DF", "Ciudad de México", "America/Mexico_City"),
        ("MX", "BC", "Tijuana", "America/Tijuana"),
        ("MX", "QR", "Cancún", "America/Cancun"),
        ("MX", "CH", "Ciudad Juárez", "America/Ciudad_Juarez"),
        ("MX", "NT", "Bahía de Banderas", "America/Bahia_Banderas"),
        ("CO", "11", "Bogotá", "America/Bogota"),
        ("PE", "15", "Lima", "America/Lima"),
        ("AR", "C", "Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("AR", "V", "Ushuaia", "America/Argentina/Ushuaia"),
        ("CL", "RM", "Santiago", "America/Santiago"),
        ("CL", "VS", "Valparaíso", "America/Santiago"),
        ("CL", "VS", "Isla de Pascua", "Pacific/Easter"),
        ("CL", "MA", "Punta Arenas", "America/Punta_Arenas"),
    ],
)
def test_place_has_its_own_clock(country: str, state: str, city: str, zone: str) -> None:
    assert load_pack(country).zones.of(state=state, city=city) == ZoneInfo(zone)


@pytest.mark.parametrize(
    ("country", "day", "state", "expected"),
    [
        ("MX", date(2026, 11, 16), "DF", True),
        ("MX", date(2026, 12, 12), "DF", False),
        ("CO", date(2026, 7, 13), "11", True),  # Ley 2578/2026
        ("CO", date(2026, 12, 24), "11", False),
        ("PE", date(2026, 7, 28), "15", True),
        ("AR", date(2026, 11, 23), "C", True),
        ("AR", date(2026, 11, 6), "C", True),  # the banks' day counts as non-working
        ("AR", date(2026, 11, 5), "C", False),
        ("CL", date(2026, 6, 7), "AP", True),
        ("CL", date(2026, 6, 7), "RM", False),
        ("CL", date(2026, 8, 20), "NB", True),
        ("CL", date(2026, 8, 20), None, True),
        ("CL", date(2026, 12, 31), "RM", True),  # the banks' as well
    ],
)
def test_day_is_a_holiday_where_it_is_kept(
    country: str, day: date, state: str | None, expected: bool
) -> None:
    assert load_pack(country).is_holiday(day, state) == expected


@pytest.mark.parametrize("country", COUNTRIES)
def test_year_nobody_looked_at_is_unknown(country: str) -> None:
    calendar = load_pack(country).calendar

    assert [calendar.knows(year) for year in (2019, 2026, calendar.last_year, calendar.last_year + 1)] == [
        False,
        True,
        True,
        False,
    ]
