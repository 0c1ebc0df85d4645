"""Acceptance tests 1, 2, 3, 5, 7 and 8: the member's own hours, days and holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from compliance import services
from compliance.enums import Verdict
from compliance.models import ContactSettings, LocalHoliday
from tests.compliance.builders import at
from tests.compliance.world import World
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

ACRE, LIMA = ZoneInfo("America/Rio_Branco"), ZoneInfo("America/Lima")
BOGOTA, BUENOS_AIRES = ZoneInfo("America/Bogota"), ZoneInfo("America/Argentina/Buenos_Aires")


def put_off(world: World, now: datetime) -> tuple[str, datetime | None]:
    decision = services.decide(world.request(), now=now)
    assert decision.verdict == Verdict.DEFER, decision.sentence
    return decision.rule, decision.until


def test_01_sp_member_saturday_after_14_deferred_to_monday() -> None:
    assert put_off(World.build(uf="SP"), at("2026-11-28 14:01")) == ("window", at("2026-11-30 09:00"))


def test_01_sp_member_saturday_before_a_holiday_deferred_to_tuesday() -> None:
    sao_paulo = World.build(uf="SP")
    LocalHoliday.objects.create(
        date=date(2026, 11, 30), name="Dia do padroeiro", state="SP", city="São Paulo"
    )

    assert put_off(sao_paulo, at("2026-11-28 14:01"))[1] == at("2026-12-01 09:00")


def test_01_rj_member_saturday_morning_deferred() -> None:
    rio = World.build(uf="RJ", city="Rio de Janeiro")

    assert put_off(rio, at("2026-11-28 10:00")) == ("window", at("2026-11-30 09:00"))


def test_02_member_without_state_weekday_half_past_eight_deferred_to_nine() -> None:
    assert put_off(World.build(uf="", city=""), at("2026-11-24 08:30")) == ("window", at("2026-11-24 09:00"))


def test_03_acre_member_at_nine_of_sao_paulo_deferred_to_their_own_nine() -> None:
    acre = World.build(uf="AC", city="Rio Branco")

    assert put_off(acre, at("2026-11-24 09:00")) == ("window", at("2026-11-24 09:00", ACRE))


def test_05_colombia_holiday_of_13_july_2026_deferred_to_the_next_day() -> None:
    bogota = World.build(country="CO", uf="11", city="Bogotá")

    assert put_off(bogota, at("2026-07-13 10:00", BOGOTA)) == ("holiday", at("2026-07-14 08:00", BOGOTA))


def test_07_peru_any_saturday_deferred() -> None:
    lima = World.build(country="PE", uf="15", city="Lima")
    first = at("2026-01-03 10:00", LIMA)

    saturdays = [first + timedelta(weeks=week) for week in range(0, 52, 2)]

    assert {day.weekday() for day in saturdays} == {5}
    assert {put_off(lima, day)[0] for day in saturdays} <= {"window", "holiday"}


def test_07_peru_no_setting_opens_a_saturday() -> None:
    lima = World.build(country="PE", uf="15", city="Lima")
    OrganisationFactory._meta.model.objects.update(country="BR")
    services.change_settings(
        settings=ContactSettings(own_hours=True, weekday="08:00-20:00", saturday="08:00-14:00")
    )

    assert put_off(lima, at("2026-11-28 10:00", LIMA))[1] == at("2026-11-30 08:00", LIMA)


@pytest.mark.parametrize("widest", [False, True])
def test_08_argentina_saturday_noon_deferred(widest: bool) -> None:
    buenos_aires = World.build(country="AR", uf="C", city="Buenos Aires")
    if widest:
        OrganisationFactory._meta.model.objects.update(country="AR")
        services.change_settings(
            settings=ContactSettings(own_hours=True, weekday="08:00-20:00", saturday="10:00-12:00")
        )

    rule, until = put_off(buenos_aires, at("2026-11-28 12:00", BUENOS_AIRES))

    opens = "2026-11-30 08:00" if widest else "2026-11-30 09:00"
    assert (rule, until) == ("window", at(opens, BUENOS_AIRES))
