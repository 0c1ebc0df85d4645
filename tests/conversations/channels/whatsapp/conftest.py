"""A server in Meta's place and a client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from commons import http
from conversations.channels.whatsapp.client import WhatsAppClient
from tests.conversations.channels.whatsapp.graph_server import GraphServer, running


@pytest.fixture
def graph_server(settings: Settings) -> Iterator[GraphServer]:
    with running() as server:
        settings.OUTBOUND_PRIVATE_ALLOWED = [server.url]
        yield server


@pytest.fixture
def client(graph_server: GraphServer) -> Iterator[WhatsAppClient]:
    """Replaces pytest-django's test client here: the client under test is ours."""
    connection = http.client()
    # Long enough for a busy machine, short enough for a test of waiting.
    connection.timeout = 5.0
    with WhatsAppClient(
        base_url=f"{graph_server.url}/whatsapp",
        version="v25.0",
        phone_number_id="106540352242922",
        token="TOKEN-1",
        account_id="102290129340398",
        connection=connection,
    ) as found:
        yield found
