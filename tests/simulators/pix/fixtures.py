"""Fixtures around the simulated provider; a conftest that wants them imports them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.simulators.pix.specification import PATH, specification
from tests.simulators.pix.world import Inbox, PixWorld, authorized


@pytest.fixture(scope="module")
def running_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PixWorld]:
    """The provider's process; tests take `world`."""
    with PixWorld(tmp_path_factory.mktemp("pix")) as world:
        yield world


@pytest.fixture
def world(running_world: PixWorld) -> Iterator[PixWorld]:
    """The provider with nothing in it, at real time.

    Whatever goes over its wire is held against the specification, where that is at hand.
    """
    running_world.control("reset")
    running_world.set_clock(datetime.now(tz=UTC).isoformat(), frozen=False)
    running_world.exchanges.clear()
    yield running_world
    if PATH.exists():
        for exchange in running_world.exchanges:
            specification().check(exchange)


@pytest.fixture
def api(world: PixWorld) -> Iterator[httpx.Client]:
    """A plain HTTP client with a token."""
    with authorized(world) as client:
        yield client


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A creditor's server; its calls are held against the specification, too."""
    inbox = Inbox()
    yield inbox
    inbox.close()
    if PATH.exists():
        for body in inbox.bodies:
            specification().check_webhook(body)
