from collections.abc import Iterator

import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.receiver import Receiver
from tests.simulators.whatsapp.api import ANA, NOON, REMINDER, Api
from tests.simulators.whatsapp.conftest import own_settings, receiver, running

__all__ = ["own_settings", "receiver", "running"]


@pytest.fixture
def settings(own_settings: SimulatorSettings) -> SimulatorSettings:
    return own_settings


@pytest.fixture
def api(running: tuple[ServerThread, Receiver], receiver: Receiver) -> Iterator[Api]:
    """Noon of a Tuesday; Ana and Bruno have WhatsApp, Ana has just written."""
    built = Api(running[0], receiver)
    built.control("reset")
    built.http.post("/control/pix/reset", json={}).raise_for_status()
    receiver.forget()
    built.clock(NOON)
    people = [{"phone": ANA, "name": "Ana Souza"}, {"phone": "+5521988887777", "name": "Bruno Lima"}]
    built.control("seed", people=people, templates=[REMINDER])
    built.control("inbound", phone=ANA, text="oi")
    built.settle()
    yield built
    built.http.close()
