from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings


@pytest.fixture
def settings(tmp_path: Path) -> SimulatorSettings:
    return SimulatorSettings(port=0, data_dir=tmp_path, lab_token="lab-token")


@pytest.fixture
def server(settings: SimulatorSettings) -> Iterator[ServerThread]:
    with ServerThread(settings) as running:
        yield running


@pytest.fixture
def http(server: ServerThread) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10.0) as client:
        yield client
