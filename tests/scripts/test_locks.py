import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_LOCKS = ("requirements.txt", "requirements/dev.txt")
_SOURCES = {"requirements.txt": ["runtime.in"], "requirements/dev.txt": ["runtime.in", "dev.in"]}
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def _name(text: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", text).lower()


def _pins(path: Path) -> dict[str, str]:
    return {_name(name): version for name, version in _PIN.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lock", _LOCKS)
def test_lock_every_package_has_a_hash(lock: str):
    text = (_ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))

    without = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]

    assert without == []


@pytest.mark.parametrize("lock", _LOCKS)
def test_lock_names_no_index_and_no_path(lock: str):
    text = (_ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"(?:--(?:extra-)?index-url|--find-links|https?://|file:)\S*", text) == []


@pytest.mark.parametrize("lock", _LOCKS)
def test_lock_agrees_with_its_sources(lock: str):
    """Somebody who changes a source has to run `make lock`."""
    wanted: dict[str, str] = {}
    for source in _SOURCES[lock]:
        wanted |= _pins(_ROOT / "requirements" / source)
    locked = _pins(_ROOT / lock)

    assert {name: locked.get(name) for name in wanted} == wanted


def test_sources_pin_every_package_they_name():
    lines = [
        line
        for source in ("runtime.in", "dev.in")
        for line in (_ROOT / "requirements" / source).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r "))
    ]

    assert [line for line in lines if _PIN.match(line) is None] == []


def test_locks_share_the_versions_of_the_runtime():
    runtime = _pins(_ROOT / "requirements.txt")
    dev = _pins(_ROOT / "requirements" / "dev.txt")

    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", _LOCKS)
def test_lock_has_one_state_machine(lock: str):
    """django-fsm and django-fsm-2 overwrite each other's files."""
    found = [name for name in _pins(_ROOT / lock) if name.startswith("django-fsm")]

    assert found == ["django-fsm-2"]


def test_lock_says_why_it_is_the_second_one():
    text = (_ROOT / "requirements.txt").read_text(encoding="utf-8")

    above = text[: text.index("django-fsm-2==")].splitlines()[-2:]

    assert above == [
        "# django-fsm is marked inactive and warns on import; this is its maintained continuation, imported"
        " as django_fsm",
        "# (docs/adr/0002). Never install both: they overwrite each other's files.",
    ]
