"""The environment in which tests run, whatever the shell or a running demo says."""

import os

import django
import pytest
from django.conf import settings

from config.runtime.environment import PRODUCT_VARIABLES, is_true
from tests.cluster import (
    RUN_VARIABLE,
    SERVER_VARIABLE,
    GivenServer,
    Server,
    TemporaryServer,
    choose_run,
    database_name,
)

_SETTINGS = "DJANGO_SETTINGS_MODULE"
_VALUES = {
    # Fixed and worthless: a failing example can be replayed with the same signatures and ciphers.
    "SECRET_KEY": "tests-only-secret-key-0123456789-0123456789-0123456789",
    "FIELD_KEYS": "dGVzdHMtb25seS1maWVsZC1rZXktMDEyMzQ1Njc4OTA=",
    # Nobody listens there: a test that needs a broker asks for one (tests.fixtures).
    "BROKER_URL": "redis://127.0.0.1:1/0",
}


def prepare() -> Server | None:
    """Set what the product reads, then let it read; the run's server, in the process that leads the run.

    With DISTRIBUTED=1 the run keeps the DATABASE_URL and BROKER_URL it was started with: it makes databases
    of its own on that server. Without it no variable can lead a test to a database that somebody needs.
    """
    if settings.configured:
        raise pytest.UsageError(f"{_SETTINGS} is set in the shell: unset it, the tests set it themselves.")
    distributed = is_true(os.environ.get("DISTRIBUTED", ""))
    given = {name: os.environ[name] for name in ("DATABASE_URL", "BROKER_URL") if distributed}
    for name in PRODUCT_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(_VALUES)
    if distributed:
        os.environ["BROKER_URL"] = given["BROKER_URL"]
    server: Server | None = None
    if "PYTEST_XDIST_WORKER" not in os.environ:
        server = GivenServer(given["DATABASE_URL"]) if distributed else TemporaryServer()
        os.environ[SERVER_VARIABLE] = server.url
        os.environ[RUN_VARIABLE] = choose_run()
    os.environ["DATABASE_URL"] = f"{os.environ[SERVER_VARIABLE]}/{database_name()}"
    os.environ[_SETTINGS] = "config.settings"
    django.setup()
    # A worker that inherited it would read settings before it knows which database is its own.
    del os.environ[_SETTINGS]
    return server
