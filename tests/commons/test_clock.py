from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from commons import clock
from commons.middleware import BusinessClockMiddleware
from commons.models import ClockState
from tests.cases.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("business_clock")]

SECOND = timedelta(seconds=5)


def test_business_time_is_the_machine_s_until_somebody_moves_it():
    clock.refresh()

    assert abs(clock.now() - datetime.now(tz=UTC)) < SECOND
    assert (clock.now().utcoffset(), clock.is_frozen()) == (timedelta(), False)


def test_frozen_it_stands_still():
    clock.move(to=NOW, frozen=True)

    assert (clock.now(), clock.now(), clock.is_frozen()) == (NOW, NOW, True)


def test_moved_without_freezing_it_runs_on_from_there():
    clock.move(to=NOW, frozen=False)

    first = clock.now()
    assert NOW <= first < NOW + SECOND
    assert clock.now() >= first
    assert clock.is_frozen() is False


def test_other_process_reads_the_row_when_it_looks_again():
    ClockState.objects.create(pk=1, frozen_at=NOW)
    before = clock.is_frozen()

    clock.refresh()

    assert (before, clock.now()) == (False, NOW)


def test_request_looks_again():
    ClockState.objects.create(pk=1, frozen_at=NOW)

    answer = BusinessClockMiddleware(lambda _request: HttpResponse())

    answer(RequestFactory().get("/static/emdia.css"))
    after_a_file = clock.is_frozen()
    answer(RequestFactory().get("/inbox/"))

    assert (after_a_file, clock.now()) == (False, NOW)


def test_in_production_it_cannot_be_moved(settings: Settings):
    settings.BUSINESS_CLOCK_MOVABLE = False

    with pytest.raises(RuntimeError, match="cannot be moved in production"):
        clock.move(to=NOW, frozen=True)

    assert ClockState.objects.count() == 0


def test_in_production_a_row_that_got_there_changes_nothing(settings: Settings):
    settings.BUSINESS_CLOCK_MOVABLE = False
    ClockState.objects.create(pk=1, frozen_at=NOW)

    clock.refresh()

    assert abs(clock.now() - datetime.now(tz=UTC)) < SECOND


def test_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="must be aware"):
        clock.move(to=datetime(2026, 11, 24, 10, 0), frozen=True)  # noqa: DTZ001 -- what is refused


def test_there_is_one_clock():
    with pytest.raises(IntegrityError, match="commons_one_clock"), transaction.atomic():
        ClockState.objects.create(pk=2, frozen_at=NOW)


def test_day_depends_on_where_one_is():
    clock.move(to=datetime(2026, 11, 25, 2, 30, tzinfo=UTC), frozen=True)

    assert (clock.today(), clock.today(ZoneInfo("Asia/Tokyo"))) == (date(2026, 11, 24), date(2026, 11, 25))
    assert clock.local(clock.now()).isoformat() == "2026-11-24T23:30:00-03:00"
