from collections.abc import Iterator

import pytest
from pytest_django import Settings

from billing.providers.pix_api.client import PixApiAccount, PixApiClient
from tests.billing.providers.canned import CannedServer


@pytest.fixture
def canned(settings: Settings) -> Iterator[CannedServer]:
    server = CannedServer()
    settings.OUTBOUND_PRIVATE_ALLOWED = [server.url]
    yield server
    server.close()


@pytest.fixture
def canned_client(canned: CannedServer) -> Iterator[PixApiClient]:
    """A client of the canned server, without its token endpoint's secrets."""
    account = PixApiAccount(base_url=canned.url, client_id="id", client_secret="secret", timeout=2.0)
    with PixApiClient(account) as client:
        yield client
