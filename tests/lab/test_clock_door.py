"""The door through which the phone page moves business time: who gets in, and where each wish leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from commons import clock
from lab import views
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

TOKEN = "a-chave-do-laboratorio"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00-03:00")


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.DEMO, settings.LAB_TOKEN = True, TOKEN


@pytest.fixture
def moved_from(business_clock: Callable[[datetime], None]) -> Callable[[str], None]:
    """Stops the clock at an instant of the organisation's place."""
    OrganisationFactory()
    return lambda text: business_clock(at(text))


def ask(wish: Any, *, token: str = TOKEN, address: str = "127.0.0.1") -> HttpResponse:
    request = RequestFactory(REMOTE_ADDR=address).post(
        "/lab/clock", data=json.dumps(wish), content_type="application/json", headers={"X-Lab-Token": token}
    )
    return views.move_clock(request)


@pytest.mark.parametrize(
    "who", [{"token": ""}, {"token": "outra"}, {"address": "10.0.0.7"}], ids=["no key", "wrong key", "far"]
)
def test_door_is_not_there_for_strangers(who: dict[str, str]) -> None:
    with pytest.raises(Http404):
        ask({"advance": "1h"}, **who)


def test_door_is_not_there_outside_a_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(Http404):
        ask({"advance": "1h"})


@pytest.mark.parametrize(
    "wish",
    [
        {},
        [],
        7,
        {"advance": ""},
        {"advance": "3 dias"},
        {"advance": 5},
        {"set": "amanhã"},
        {"set": "2026-11-24T10:00:00"},
        {"jump": "next_year"},
    ],
)
def test_wish_that_nobody_understands_is_400_and_moves_nothing(
    moved_from: Callable[[str], None], wish: Any
) -> None:
    moved_from("2026-11-24 10:00")

    assert ask(wish).status_code == 400
    assert clock.now() == at("2026-11-24 10:00")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-24 11:02", "2026-11-25 09:00"),  # from within a window to the one after it
        ("2026-11-24 21:30", "2026-11-25 09:00"),
        ("2026-11-25 07:10", "2026-11-25 09:00"),
        ("2026-11-27 19:00", "2026-11-28 09:00"),
        ("2026-11-28 10:00", "2026-11-30 09:00"),
    ],
)
def test_next_window_is_always_ahead(moved_from: Callable[[str], None], now: str, opens: str) -> None:
    moved_from(now)

    assert ask({"jump": "next_window"}).status_code == 200
    assert clock.now() == at(opens)


@pytest.mark.parametrize(
    ("span", "to"),
    [("6s", timedelta(seconds=6)), ("15m", timedelta(minutes=15)), ("2d", timedelta(days=2))],
)
def test_advance_goes_so_far(moved_from: Callable[[str], None], span: str, to: timedelta) -> None:
    moved_from("2026-11-24 10:00")

    ask({"advance": span})

    assert clock.now() == at("2026-11-24 10:00") + to
