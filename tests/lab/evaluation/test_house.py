"""What the private product gets of the surroundings, and which folder it lives in."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.env import BASE_DIR
from config.runtime import migrations
from config.runtime.errors import CannotStart
from config.runtime.lock import DataDirLock
from lab.evaluation import house


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def test_live_passes_the_language_model_on_and_nothing_else() -> None:
    given = {
        "LLM_BASE_URL": "https://model.example/v1",
        "LLM_MODEL": "big",
        "LLM_API_KEY": "k",
        "DATABASE_URL": "postgres://elsewhere",
    }
    assert house._live(given) == {name: value for name, value in given.items() if name.startswith("LLM_")}


def test_live_reads_a_key_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-file\n", encoding="utf-8")
    given = {"LLM_BASE_URL": "https://m.example", "LLM_MODEL": "m", "LLM_API_KEY_FILE": str(tmp_path / "key")}
    assert house._live(given)["LLM_API_KEY"] == "from-file"


def test_live_without_a_model_is_refused_by_name() -> None:
    with pytest.raises(CannotStart, match="LLM_MODEL"):
        house._live({"LLM_BASE_URL": "https://model.example/v1"})


def test_folder_is_kept_by_schema_and_forgets_earlier_scenes(own_data: Path) -> None:
    base = own_data / "evaluation"
    kept = base / migrations.fingerprint(BASE_DIR)[:12]
    for folder in (kept / "postgres", kept / "media", base / "older"):
        folder.mkdir(parents=True)
    (kept / "simulators.db").touch()
    with house._folder() as folder:
        assert folder == kept
        assert sorted(path.name for path in kept.iterdir()) == ["postgres", "run"]
    assert [path.name for path in base.iterdir()] == [kept.name]


def test_second_run_at_a_time_takes_a_temporary_folder(own_data: Path) -> None:
    with house._folder() as first:
        lock = DataDirLock(first)
        lock.take()
        with house._folder() as second:
            assert second != first
            assert not second.is_relative_to(own_data)
        lock.release()
    assert not second.exists()


def test_cache_is_shared_between_folders(own_data: Path) -> None:
    for name in ("a", "b"):
        (own_data / name).mkdir()
        house._share_cache(own_data / name)
    (own_data / "a" / "cache" / "model").write_text("trained", encoding="utf-8")
    assert (own_data / "b" / "cache" / "model").read_text(encoding="utf-8") == "trained"
    house._share_cache(own_data / "a")
