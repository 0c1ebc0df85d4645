from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.receiver import Receiver
from tests.simulators.whatsapp.api import ANA, NOON, REMINDER, Api
from tests.simulators.whatsapp.contract import load


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerThread, Receiver]]:
    """One process and one product for all tests of a module; `api` resets both before each."""
    folder = tmp_path_factory.mktemp("simulators")
    with Receiver() as receiver:
        settings = SimulatorSettings(port=0, data_dir=folder, public_url=receiver.url, lab_token="lab-token")
        with ServerThread(settings) as server:
            yield server, receiver


@pytest.fixture
def receiver(running: tuple[ServerThread, Receiver]) -> Iterator[Receiver]:
    """The product; what it was told is checked against Meta's specification at the end of each test."""
    receiver = running[1]
    receiver.forget()
    yield receiver
    contract = load()
    if contract is not None:
        for body in receiver.bodies():
            contract.check_webhook(body)


@pytest.fixture
def api(running: tuple[ServerThread, Receiver], receiver: Receiver) -> Iterator[Api]:
    """Noon of a Tuesday; Ana has WhatsApp, and one approved template is there."""
    built = Api(running[0], receiver)
    built.control("reset")
    # What the test before left on its way has ended with the reset; now nothing of it can arrive any more.
    receiver.forget()
    built.clock(NOON)
    people = [{"phone": ANA, "name": "Ana Souza"}]
    built.control("seed", people=people, templates=[REMINDER])
    yield built
    built.http.close()


@pytest.fixture
def open_api(api: Api) -> Api:
    """The same with an open window: Ana has just written."""
    api.control("inbound", phone=ANA, text="oi")
    api.settle()
    return api


@pytest.fixture
def own_settings(tmp_path: Path, receiver: Receiver) -> SimulatorSettings:
    """Settings for tests that start and stop a process of their own."""
    return replace(SimulatorSettings(), port=0, data_dir=tmp_path, public_url=receiver.url)
