"""Prepares a run: its environment before settings are read, its server, a database for each process."""

import hypothesis
import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import cluster, environment

# Now, and not in a hook: conftest files of the folders below may import models.
_server = environment.prepare()

pytest_plugins = ["tests.fixtures"]

# How long an example takes says how busy the machine is. The gate judges a change by the same examples each time.
hypothesis.settings.register_profile("free", deadline=None)
hypothesis.settings.register_profile("gate", deadline=None, derandomize=True)
hypothesis.settings.load_profile("free")

# They start whole products, or time themselves: one worker takes them all, so that no two compete.
_PRODUCTS = (
    "tests/browser/",
    "tests/config/",
    "tests/lab/bench/",
    "tests/lab/chaos/",
    "tests/lab/evaluation/test_command",
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's server. Workers find it in their environment."""
    if _server is not None:
        _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it."""
    if _server is not None:
        _server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell xdist which tests to keep together (`--dist loadgroup`)."""
    for item in items:
        if item.nodeid.startswith(_PRODUCTS):
            item.add_marker(pytest.mark.xdist_group("products"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of this process, instead of pytest-django's own (see `cluster.create_database`)."""
    with django_db_blocker.unblock():
        cluster.create_database()
