"""Time that stands still, our number, and WhatsApp itself (simulated, over HTTP)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from commons import clock
from commons.models import ClockState
from conversations import senders
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.conversations import deliveries, world
from tests.conversations.network import Network
from tests.conversations.post import Post, post_for
from tests.simulators.receiver import Receiver


@pytest.fixture
def now(db: None, settings: Settings) -> Iterator[None]:
    """Business time stands at `world.NOW`; webhooks are signed with `deliveries.SECRET`."""
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]
    clock.move(to=world.NOW, frozen=True)
    yield
    ClockState.objects.all().delete()
    clock.refresh()


@pytest.fixture
def talk(now: None) -> world.Talk:
    return world.confirmed_talk()


@pytest.fixture
def unconfirmed(now: None) -> world.Talk:
    return world.unconfirmed_talk()


@pytest.fixture(scope="module")
def running_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerThread, Receiver]]:
    """One network for the tests of a module; `network` empties it before each."""
    with Receiver() as receiver:
        simulated = SimulatorSettings(
            port=0, data_dir=tmp_path_factory.mktemp("network"), public_url=receiver.url
        )
        with ServerThread(simulated) as server:
            yield server, receiver


@pytest.fixture
def network(
    now: None, settings: Settings, running_network: tuple[ServerThread, Receiver]
) -> Iterator[Network]:
    """The simulated WhatsApp in the place where the settings look for it, at the test's business time."""
    server, receiver = running_network
    account = server.settings.whatsapp
    settings.WHATSAPP_API_URL = f"{server.url}/whatsapp"
    settings.WHATSAPP_API_VERSION = "v25.0"
    settings.WHATSAPP_ACCESS_TOKEN = account.access_token
    settings.WHATSAPP_BUSINESS_ACCOUNT_ID = account.business_account_id
    settings.OUTBOUND_PRIVATE_ALLOWED = [server.url]
    senders._whatsapp.cache_clear()
    with Network(server, receiver) as network:
        yield network
    for client in [senders._whatsapp(deliveries.NUMBER)]:
        client.close()
    senders._whatsapp.cache_clear()


@pytest.fixture
def post(now: None, settings: Settings, running_network: tuple[ServerThread, Receiver]) -> Iterator[Post]:
    """The simulated mail server and SMS provider, in the places where the settings look for them."""
    with post_for(settings, *running_network) as post:
        yield post
