import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from config.runtime import children, groups
from config.runtime.children import Cancelled, Child, describe_exit
from config.runtime.errors import CannotStart
from tests.config.runtime.looking import eventually, processes_of

_ROOT = Path(__file__).resolve().parents[3]

# Starts a child of its own, says both ids, then ignores every polite request.
_STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


def _start(folder: Path, script: str, *, grace: float = 5.0, **variables: str) -> Child:
    return children.start(
        "script",
        [sys.executable, "-c", script],
        log=folder / "logs" / "script.log",
        environment={**os.environ, "FOLDER": str(folder), **variables},
        cwd=_ROOT,
        grace=grace,
    )


def test_stop_polite_child_ends_by_the_signal(tmp_path: Path):
    child = _start(tmp_path, "import time; time.sleep(600)")

    child.stop()

    assert child.exit_code == -signal.SIGTERM


def test_stop_stubborn_child_is_killed_with_its_own_children(tmp_path: Path):
    child = _start(tmp_path, _STUBBORN, grace=0.3)
    assert eventually(lambda: len(child.output().split()) == 2)

    child.stop()

    assert child.exit_code == -signal.SIGKILL
    assert processes_of(tmp_path) == []


def test_stop_child_that_left_children_behind_ends_them(tmp_path: Path):
    child = _start(tmp_path, "import subprocess; subprocess.Popen(['sleep', '600'])")
    assert eventually(lambda: not child.running)
    assert processes_of(tmp_path) == ["sleep 600"]

    child.stop()

    assert processes_of(tmp_path) == []


def test_kill_takes_the_whole_group(tmp_path: Path):
    child = _start(tmp_path, _STUBBORN)
    assert eventually(lambda: len(child.output().split()) == 2)

    child.kill()

    assert groups.living(child.pid) == []
    assert child.exit_code == -signal.SIGKILL


def test_output_starts_where_this_child_did(tmp_path: Path):
    first = _start(tmp_path, "print('before')")
    first.wait(seconds=10)

    second = _start(tmp_path, "print('after')")
    second.wait(seconds=10)

    assert (second.output(), second.log.read_text()) == ("after\n", "before\nafter\n")


def test_wait_ready_child_ends_first_shows_its_last_lines(tmp_path: Path):
    child = _start(tmp_path, "import sys; print('no such table'); sys.exit(3)")

    with pytest.raises(CannotStart) as refusal:
        child.wait_ready(lambda: False, seconds=10)

    assert str(refusal.value) == f"script ended while starting (exit code 3); see {child.log}."
    assert refusal.value.detail == "no such table"


def test_wait_ready_too_long_says_how_long(tmp_path: Path):
    child = _start(tmp_path, "import time; time.sleep(600)")

    with pytest.raises(CannotStart) as refusal:
        child.wait_ready(lambda: False, seconds=0.1)

    child.stop()
    assert str(refusal.value) == f"script was not ready after 0 seconds; see {child.log}."


def test_wait_ready_cancelled_gives_up_at_once(tmp_path: Path):
    child = _start(tmp_path, "import time; time.sleep(600)")
    cancel = threading.Event()
    cancel.set()

    with pytest.raises(Cancelled):
        child.wait_ready(lambda: False, seconds=60, cancel=cancel)

    child.stop()


def test_start_missing_program_is_refused(tmp_path: Path):
    with pytest.raises(CannotStart):
        children.start(
            "nothing", ["/no/such/program"], log=tmp_path / "log", environment={}, cwd=Path("/no/such/folder")
        )


@pytest.mark.parametrize(
    ("code", "words"),
    [(None, "still running"), (0, "exit code 0"), (7, "exit code 7"), (-9, "killed by SIGKILL")],
)
def test_describe_exit_code_in_words(code: int | None, words: str):
    assert describe_exit(code) == words


def test_start_in_a_short_thread_child_outlives_the_thread(tmp_path: Path):
    started: list[Child] = []
    thread = threading.Thread(target=lambda: started.append(_start(tmp_path, "import time; time.sleep(600)")))
    thread.start()
    thread.join()

    # The kernel would have signalled it as soon as its thread ended.
    stays = not eventually(lambda: not started[0].running, seconds=0.5)

    started[0].stop()
    assert stays


_PARENT = """
import os, sys
from pathlib import Path
from config.runtime import children
script = sys.argv[1]
child = children.start("inner", [sys.executable, "-c", script], log=Path(sys.argv[2]) / "inner.log",
                       environment={**os.environ, "MARK": sys.argv[2]}, cwd=Path.cwd())
while len(child.output().split()) < 2:
    pass
print("up", flush=True)
signal = __import__("signal"); signal.pause()
"""


def test_parent_killed_child_and_its_children_end_too(tmp_path: Path):
    folder = tmp_path / "inner"
    folder.mkdir()
    parent = children.start(
        "parent",
        [sys.executable, "-c", _PARENT, _STUBBORN, str(folder)],
        log=tmp_path / "parent.log",
        environment=os.environ,
        cwd=_ROOT,
    )
    assert eventually(lambda: parent.output() == "up\n")

    groups.send(parent.pid, signal.SIGKILL)

    gone = eventually(lambda: processes_of(folder) == [])
    parent.stop()
    assert gone
