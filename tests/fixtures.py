"""Fixtures for every test. Those that need a running server start it on first use."""

import os
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from commons import clock
from commons.models import ClockState
from config.runtime.environment import is_true
from config.runtime.valkey import Valkey
from tests import cluster


@pytest.fixture(scope="session")
def broker_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a broker: a Valkey that lives as long as this process, or the given one (DISTRIBUTED)."""
    if is_true(os.environ.get("DISTRIBUTED", "")):
        yield os.environ["BROKER_URL"]
        return
    valkey = Valkey(tmp_path_factory.mktemp("broker"), fast=True)
    child = valkey.start()
    yield valkey.url
    child.stop()


@pytest.fixture
def another_database(django_db_setup: None) -> Iterator[str]:
    """Address of a migrated, empty database that real processes may use while a test watches."""
    with cluster.another_database(secrets.token_hex(3)) as url:
        yield url


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data directory."""
    return tmp_path / "data"


@pytest.fixture
def business_clock() -> Iterator[Callable[[datetime], None]]:
    """Stops business time at an instant; afterwards it runs again. For tests that use the database."""
    yield lambda instant: clock.move(to=instant, frozen=True)
    ClockState.objects.all().delete()
    clock.refresh()
