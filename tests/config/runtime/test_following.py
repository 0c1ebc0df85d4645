from pathlib import Path

import pytest

from config.runtime import following
from config.runtime.following import Follower
from tests.config.runtime.looking import eventually


def test_follower_passes_on_new_whole_lines_only(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_text("of yesterday\n")
    seen: list[tuple[str, str]] = []
    follower = Follower(tmp_path, show=lambda name, line: seen.append((name, line)))
    follower.start()

    with log.open("a") as file:
        file.write("first\nsecond\nunfin")
        file.flush()
        assert eventually(lambda: len(seen) == 2)
        file.write("ished\n")
    follower.stop()

    assert seen == [("web", "first"), ("web", "second"), ("web", "unfinished")]


def test_follower_sees_logs_that_appear_later(tmp_path: Path):
    seen: list[tuple[str, str]] = []
    follower = Follower(tmp_path, show=lambda name, line: seen.append((name, line)))

    (tmp_path / "beat.log").write_text("tick\n")
    follower.stop()

    assert seen == [("beat", "tick")]


def test_follower_long_log_is_turned_over_under_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(following, "_KEEP_BYTES", 10)
    log = tmp_path / "web.log"
    with log.open("a") as writer:
        writer.write("a line too many\n")
        writer.flush()

        Follower(tmp_path, show=None).stop()
        writer.write("after\n")

    assert (log.read_text(), (tmp_path / "web.log.1").read_text()) == ("after\n", "a line too many\n")
