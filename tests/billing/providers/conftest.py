from collections.abc import Iterator

import pytest
import stamina
from pytest_django import Settings

from billing.providers.pix_api.client import PixApiAccount, PixApiClient
from simulators.pix.account import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from tests.simulators.pix.fixtures import api, inbox, running_world, world
from tests.simulators.pix.world import PixWorld

__all__ = ["api", "inbox", "running_world", "world"]


@pytest.fixture(autouse=True)
def without_waits() -> Iterator[None]:
    """Retries as many as in production, and none of the time between them."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def account(world: PixWorld, settings: Settings) -> PixApiAccount:
    """Credentials for the simulated provider, whose private address is allowed."""
    settings.OUTBOUND_PRIVATE_ALLOWED = [world.url]
    return PixApiAccount(
        base_url=world.url, client_id=DEFAULT_CLIENT_ID, client_secret=DEFAULT_CLIENT_SECRET, timeout=5.0
    )


@pytest.fixture
def client(account: PixApiAccount) -> Iterator[PixApiClient]:
    with PixApiClient(account) as client:
        yield client
