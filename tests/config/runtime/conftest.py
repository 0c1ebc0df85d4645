import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.postgres import Postgres


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server of its own, for tests that change what belongs to a whole server."""
    server = Postgres(tmp_path_factory.mktemp("server"), fast=True)
    child = server.start()
    yield server
    child.stop()


@pytest.fixture
def without_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that forbids user namespaces."""
    monkeypatch.setenv("NO_USERNS", "1")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter; the temporary ones of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    """A folder that only its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder
