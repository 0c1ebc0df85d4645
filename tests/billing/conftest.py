"""The simulated bank, as the product reaches it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
from pytest_django import Settings

from billing import gateways
from simulators.pix.account import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET
from tests.simulators.pix.fixtures import running_world, world
from tests.simulators.pix.world import KEY, PixWorld

__all__ = ["running_world", "world"]

NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
"""Saturday noon in São Paulo."""


@pytest.fixture
def bank(world: PixWorld, settings: Settings) -> Iterator[PixWorld]:
    """The bank in the place where the settings look for it, its clock at `NOW`, no waits between tries."""
    world.set_clock(NOW.isoformat())
    settings.PIX_API_URL = world.url
    settings.PIX_CLIENT_ID = DEFAULT_CLIENT_ID
    settings.PIX_CLIENT_SECRET = DEFAULT_CLIENT_SECRET
    settings.PIX_KEY = KEY
    settings.OUTBOUND_PRIVATE_ALLOWED = [world.url]
    gateways._client.cache_clear()
    with stamina.set_testing(True, attempts=1):
        yield world
    gateways.pix_api_client().close()
    gateways._client.cache_clear()
