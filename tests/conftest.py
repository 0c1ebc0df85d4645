"""Prepares a run: its environment before settings are read, its server, a database for each process."""

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import cluster, environment

# Now, and not in a hook: conftest files of the folders below may import models.
_server = environment.prepare()

pytest_plugins = ["tests.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's server. Workers find it in their environment."""
    if _server is not None:
        _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it."""
    if _server is not None:
        _server.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of this process, instead of pytest-django's own (see `cluster.create_database`)."""
    with django_db_blocker.unblock():
        cluster.create_database()
