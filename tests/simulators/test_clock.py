from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from simulators.clock import Clock
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from simulators.store import Store

TUESDAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


class RealTime:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_now_pushed_time_advances_at_real_speed(tmp_path: Path) -> None:
    real = RealTime()
    clock = Clock(Store(tmp_path / "s"), real_time=real)

    clock.set(TUESDAY)
    real.seconds += 90

    assert clock.now() == TUESDAY + timedelta(seconds=90)


def test_now_frozen_stands_still(tmp_path: Path) -> None:
    real = RealTime()
    clock = Clock(Store(tmp_path / "s"), real_time=real)

    clock.set(TUESDAY, frozen=True)
    real.seconds += 90

    assert clock.now() == TUESDAY


def test_now_never_pushed_is_real_time(tmp_path: Path) -> None:
    clock = Clock(Store(tmp_path / "s"), real_time=RealTime())

    assert clock.now() == datetime.fromtimestamp(1_000, tz=UTC)


def test_set_without_zone_is_refused(tmp_path: Path) -> None:
    clock = Clock(Store(tmp_path / "s"))

    with pytest.raises(ValueError, match="time zone"):
        clock.set(TUESDAY.replace(tzinfo=None))


def test_push_over_http_survives_a_restart(settings: SimulatorSettings) -> None:
    with ServerThread(settings) as first:
        pushed = httpx.post(
            f"{first.url}/control/clock", json={"now": "2026-11-24T10:00:00-03:00", "frozen": True}
        )
    with ServerThread(settings) as second:
        shown = httpx.get(f"{second.url}/control/clock")

    assert pushed.json() == {"now": "2026-11-24T13:00:00+00:00", "frozen": True}
    assert shown.json() == pushed.json()


@pytest.mark.parametrize("body", [{}, {"now": "yesterday"}, {"now": "2026-11-24T10:00:00"}])
def test_push_nonsense_is_refused_with_a_sentence(http: httpx.Client, body: dict[str, str]) -> None:
    answer = http.post("/control/clock", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("now")
