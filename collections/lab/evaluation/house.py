"""The private product that scenarios run against: free ports, its own data folder, gone at the end.

The folder lies in the project's own and is named by the database's schema, so that only the first run after
a change of the schema migrates. Every scenario empties the business tables, so nothing else is inherited. Two
runs at a time: the second one takes a temporary folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.env import BASE_DIR, data_dir
from config.runtime import environment, migrations
from config.runtime.errors import CannotStart
from config.runtime.lock import DataDirLock
from config.runtime.stack import Stack

# Time moves only by the lab door, and its ticks are the scheduler's: none of its own runs.
PARTS = frozenset({"database", "broker", "simulators", "web", "worker", "ticker"})
OFFLINE = "offline"
LIVE = "live"
_LIVE_VARIABLES = tuple(
    name for name in environment.PRODUCT_VARIABLES if name.startswith(("LLM_", "TRANSCRIPTION_", "VISION_"))
)
_FOLDER = "evaluation"
_FINGERPRINT_LENGTH = 12

Report = Callable[[str, float | None, str], None]


@dataclass(frozen=True)
class House:
    """A running product. `environment` is what its processes see, `dead` names those that have ended."""

    web_url: str
    sim_url: str
    lab_token: str
    pix_key: str
    data_dir: Path
    environment: Mapping[str, str]
    dead: Callable[[], list[str]]

    def manage(self, *command: str) -> None:
        """Runs a management command of the product beside it. Raises CannotStart with what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            env=dict(self.environment),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotStart(f"manage.py {command[0]} failed.", detail=done.stdout + done.stderr)


@contextmanager
def started(*, model: str, environ: Mapping[str, str], report: Report) -> Iterator[House]:
    """Starts the product and stops it at the end. Raises CannotStart, also for `live` without a model."""
    overrides = _live(environ) if model == LIVE else {}
    with _folder() as folder:
        _share_cache(folder)
        stack = Stack(parts=PARTS, data_dir=folder, demo=True, overrides=overrides, fast=True, report=report)
        with stack:
            settings = stack.environment
            yield House(
                web_url=f"http://127.0.0.1:{stack.port}",
                sim_url=f"http://127.0.0.1:{stack.sim_port}",
                lab_token=settings["LAB_TOKEN"],
                pix_key=settings["PIX_KEY"],
                data_dir=folder,
                environment=stack.child_environment(),
                dead=stack.dead,
            )


def _live(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of the language model, passed on; none of the others is."""
    given = {}
    for name in _LIVE_VARIABLES:
        if value := environment.given(name, environ):
            given[name] = value
    for name in ("LLM_BASE_URL", "LLM_MODEL"):
        if name not in given:
            raise CannotStart(f"MODEL=live needs {name}: set it to the model that is to be measured.")
    return given


@contextmanager
def _folder() -> Iterator[Path]:
    """The kept folder of this schema; a temporary one while another run has it."""
    base = data_dir() / _FOLDER
    kept = base / migrations.fingerprint(BASE_DIR)[:_FINGERPRINT_LENGTH]
    if not _is_free(kept):
        with tempfile.TemporaryDirectory(prefix="emdia-evaluation-", ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    for other in base.iterdir():
        if other != kept and _is_free(other):
            shutil.rmtree(other, ignore_errors=True)
    _forget_scenes(kept)
    yield kept


def _is_free(folder: Path) -> bool:
    lock = DataDirLock(folder)
    try:
        lock.take()
    except CannotStart:
        return False
    lock.release()
    return True


def _forget_scenes(folder: Path) -> None:
    """What earlier runs left beside the database: logs, simulators' memory, people's files."""
    for path in folder.iterdir():
        if path.name not in {"postgres", "secrets", "run", "cache"}:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _share_cache(folder: Path) -> None:
    """One cache of trained models for every run; where links are not possible, this folder keeps its own."""
    shared = data_dir() / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    own = folder / "cache"
    if own.exists() or own.is_symlink():
        return
    try:
        own.symlink_to(shared, target_is_directory=True)
    except OSError:
        own.mkdir()
