from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.members.business import Business
from tests.simulators.receiver import Receiver


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Business]:
    """A business with a token and a Pix key, on a Tuesday morning at ten; nobody lives in town yet."""
    with Receiver() as receiver:
        settings = SimulatorSettings(port=0, data_dir=tmp_path, public_url=receiver.url)
        with ServerThread(settings) as server, Business(server, receiver) as built:
            yield built
