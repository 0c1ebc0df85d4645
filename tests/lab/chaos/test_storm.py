"""Which process dies when; the same seed gives the same storm."""

from __future__ import annotations

import pytest

from lab.chaos import storm
from lab.chaos.storm import VICTIMS, Kill


class Rehearsal:
    """Stands where the processes would; remembers what was done to them."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    def kill(self, name: str) -> None:
        self.done.append(("kill", name))

    def restart(self, name: str, *, wait: bool = True) -> None:
        assert not wait
        self.done.append(("restart", name))

    def wait_ready(self, name: str) -> None:
        self.done.append(("ready", name))


def test_same_seed_gives_the_same_storm_and_another_seed_another_one() -> None:
    plans = [storm.plan(seed=seed, kills=8, seconds=30) for seed in (1, 1, 2)]

    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


@pytest.mark.parametrize("seed", range(5))
def test_every_victim_dies_and_all_within_the_storm(seed: int) -> None:
    kills = storm.plan(seed=seed, kills=6, seconds=10)

    assert {kill.victim for kill in kills} == set(VICTIMS)
    assert [kill.moment for kill in kills] == sorted(kill.moment for kill in kills)
    assert all(0 <= kill.moment <= 10 for kill in kills)


def test_whoever_died_is_started_again_even_when_killed_while_away() -> None:
    processes = Rehearsal()
    kills = [Kill(0.0, "worker", 0.05), Kill(0.01, "web", 0.0), Kill(0.02, "worker", 0.0)]

    told: list[Kill] = []

    died = storm.rage(processes, kills, holds=lambda: False, told=told.append)

    assert processes.done == [
        ("kill", "worker"),
        ("kill", "web"),
        ("restart", "web"),
        ("kill", "worker"),
        ("restart", "worker"),
        ("ready", "web"),
        ("ready", "worker"),
    ]
    assert sorted(died) == ["web", "worker"]
    assert told == kills


def test_lurking_kill_waits_until_its_victim_holds_something() -> None:
    processes = Rehearsal()
    looks = iter([False, False, True])

    storm.rage(
        processes,
        [Kill(0.0, "worker", 0.0, lurks=True)],
        holds=lambda: next(looks),
        told=lambda _kill: None,
    )

    assert list(looks) == []
    assert processes.done[0] == ("kill", "worker")
