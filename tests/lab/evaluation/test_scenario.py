"""Scenario files: what is read, what is refused, what is chosen."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lab.evaluation.run import HOME, SCENARIOS
from lab.evaluation.scenario import BadScenario, Turn, as_json, chosen, load_folder, merged
from tests.lab.evaluation.builders import WORLD_PATH, write_scenario

_FILE = """
id: {id}
family: pay-link
title: A title
turns: [{{say: "oi"}}]
expect: {{}}
"""


def _folder(tmp_path: Path, *ids: str) -> Path:
    for name in ids:
        (tmp_path / f"{name}.yaml").write_text(_FILE.format(id=name), encoding="utf-8")
    return tmp_path


def test_project_folder_every_file_is_read_under_its_own_name() -> None:
    found = load_folder(SCENARIOS, default_world=WORLD_PATH)
    assert [scenario.id for scenario in found] == [path.stem for path in sorted(SCENARIOS.glob("*.yaml"))]


def test_outer_folder_is_the_same_as_its_scenarios() -> None:
    outer = load_folder(HOME, default_world=Path("nowhere.yaml"))
    assert outer == load_folder(SCENARIOS, default_world=WORLD_PATH)


def test_folder_with_world_of_its_own_starts_from_it(tmp_path: Path) -> None:
    _folder(tmp_path, "one")
    (tmp_path / "world.yaml").write_text("clock: '2030-01-01T00:00:00-03:00'", encoding="utf-8")
    (only,) = load_folder(tmp_path, default_world=WORLD_PATH)
    assert only.world == {"clock": "2030-01-01T00:00:00-03:00"}


def test_folder_without_scenarios_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScenario):
        load_folder(tmp_path, default_world=WORLD_PATH)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    _folder(tmp_path, "one")
    (tmp_path / "two.yaml").write_text(_FILE.format(id="one"), encoding="utf-8")
    with pytest.raises(BadScenario, match="two scenarios are called one"):
        load_folder(tmp_path, default_world=WORLD_PATH)


def test_key_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="given twice"):
        write_scenario(tmp_path, "one", _FILE.format(id="one") + "title: Another\n")


def test_missing_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="expect is missing"):
        write_scenario(tmp_path, "one", _FILE.format(id="one").replace("expect: {}", ""))


@pytest.mark.parametrize("turn", ["{shout: oi}", "{say: oi, tap: Sou eu}", "{silent: true}"])
def test_turn_of_no_or_two_kinds_is_refused(tmp_path: Path, turn: str) -> None:
    with pytest.raises(BadScenario, match="turn 1"):
        write_scenario(tmp_path, "one", _FILE.format(id="one").replace('{say: "oi"}', turn))


def test_world_is_merged_key_by_key_and_a_list_replaces_a_list() -> None:
    base = {"member": {"name": "Ana", "city": "São Paulo"}, "invoices": [1, 2]}
    over = {"member": {"city": "Recife"}, "invoices": [3]}
    assert merged(base, over) == {"member": {"name": "Ana", "city": "Recife"}, "invoices": [3]}


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("", ["a-one", "a-two", "b-one"]),
        ("a-two", ["a-two"]),
        ("b-one,a-one", ["a-one", "b-one"]),
        ("a-*", ["a-one", "a-two"]),
    ],
)
def test_only_takes_ids_and_prefixes(tmp_path: Path, only: str, expected: list[str]) -> None:
    found = load_folder(_folder(tmp_path, "a-one", "a-two", "b-one"), default_world=WORLD_PATH)
    assert [scenario.id for scenario in chosen(found, only=only, shuffle="")] == expected


def test_only_that_fits_nothing_is_refused(tmp_path: Path) -> None:
    found = load_folder(_folder(tmp_path, "a-one"), default_world=WORLD_PATH)
    with pytest.raises(BadScenario, match="no scenario is called a-on"):
        chosen(found, only="a-one,a-on", shuffle="")


def test_shuffle_is_another_order_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    found = load_folder(_folder(tmp_path, *(f"s-{n}" for n in range(9))), default_world=WORLD_PATH)
    first = chosen(found, only="", shuffle="7")
    assert first != found
    assert sorted(first, key=lambda each: each.id) == found
    assert chosen(found, only="", shuffle="7") == first


@pytest.mark.parametrize(
    ("text", "span"),
    [("15m", timedelta(minutes=15)), ("48h", timedelta(hours=48)), ("3d", timedelta(days=3))],
)
def test_wait_counts_in_minutes_hours_and_days(text: str, span: timedelta) -> None:
    assert Turn(number=1, kind="wait", value=text).span == span


def test_wait_of_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="no span"):
        _ = Turn(number=1, kind="wait", value="0h").span


def test_days_travel_as_iso_text() -> None:
    assert as_json({"due": date(2026, 11, 5), "all": (date(2026, 1, 2),)}) == {
        "due": "2026-11-05",
        "all": ["2026-01-02"],
    }
