"""What the acceptance tests stand on: the conversation's own fixtures, and a model that says what it is told."""

from __future__ import annotations

import pytest

from tests.billing.conftest import bank, running_world, world
from tests.conversations.conftest import network, now, running_network
from tests.conversations.turns.conftest import thinks
from tests.conversations.world import Talk, confirmed_talk, unconfirmed_talk

__all__ = ["bank", "network", "now", "running_network", "running_world", "thinks", "world"]


@pytest.fixture
def talk(now: None) -> Talk:
    """Ana of São Paulo, known by her number, nineteen days late with one invoice."""
    return confirmed_talk(name="Ana Souza")


@pytest.fixture
def unconfirmed(now: None) -> Talk:
    """The same, before anybody said who answers there."""
    return unconfirmed_talk(name="Ana Souza")
