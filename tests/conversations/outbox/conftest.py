"""A member on the simulated WhatsApp, to whom something is planned."""

from __future__ import annotations

import pytest

from conversations.models import Message
from lab.standing import provider_templates
from tests.conversations.network import Network
from tests.conversations.world import Talk


@pytest.fixture
def reachable(talk: Talk, network: Network) -> Talk:
    """The member has WhatsApp and our templates are approved there; nothing was sent yet."""
    network.knows(talk)
    return talk


@pytest.fixture
def planned(reachable: Talk, network: Network) -> Message:
    (message,) = reachable.plans()
    network.tell("seed", templates=provider_templates())
    return message
