"""The parts of the bootstrap that can be tried without installing anything."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = _ROOT / "scripts" / "bootstrap.py"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with a lock that pins nothing, so that installing it is a matter of seconds."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(_SCRIPT, tmp_path / "scripts")
    for lock in ("requirements.txt", "requirements/dev.txt"):
        (tmp_path / lock).write_text("# nothing\n")
    return tmp_path


def _run(copy: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # uv, which comes with the development packages, is the quick way; one test insists on the other.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "scripts/bootstrap.py", *arguments],
        cwd=copy,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_bootstrap_fresh_machine_makes_an_environment_once(copy: Path):
    first = _run(copy)
    second = _run(copy)

    assert first.returncode == 0
    assert first.stdout.splitlines()[:2] == [
        "Making the environment in .venv",
        "Installing 0 packages from requirements.txt with uv",
    ]
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_bootstrap_without_uv_installs_with_pip(copy: Path):
    _run(copy)
    (copy / "requirements.txt").write_text("# nothing else\n")

    again = _run(copy, NO_UV="1")

    assert again.returncode == 0
    assert again.stdout.splitlines()[0] == "Installing 0 packages from requirements.txt with pip"


def test_bootstrap_changed_lock_is_installed_again(copy: Path):
    _run(copy)
    (copy / "requirements.txt").write_text("# nothing else\n")

    again = _run(copy)

    assert again.stdout.splitlines()[0].startswith("Installing 0 packages from requirements.txt with")


def test_bootstrap_after_dev_runtime_has_nothing_to_do(copy: Path):
    _run(copy, "dev")

    assert _run(copy).stdout == ""


def test_bootstrap_impossible_lock_is_one_sentence_at_the_end(copy: Path):
    # A hash that nothing has.
    (copy / "requirements.txt").write_text(f"no-such-package-of-em-dia==1.0 --hash=sha256:{'0' * 64}\n")

    result = _run(copy, UV_OFFLINE="1")

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "The packages of requirements.txt could not be installed (see above): is the package index reachable,"
        " and is there room on the disk?"
    )


def test_bootstrap_reads_on_an_old_python():
    """It has to be readable to say that it needs a newer one."""
    ast.parse(_SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_bootstrap_old_python_is_refused_in_one_sentence(copy: Path):
    script = copy / "scripts" / "bootstrap.py"
    script.write_text(
        script.read_text(encoding="utf-8")
        .replace("OLDEST = (3, 11)", "OLDEST = (99, 0)")
        .replace('("python3.14", "python3.13", "python3.12", "python3.11")', "()")
    )

    result = _run(copy)

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"Em Dia needs Python 3.11 or newer, and this is {version}: install one, or name it with make"
        " PYTHON=/path/to/python3.\n"
    )
