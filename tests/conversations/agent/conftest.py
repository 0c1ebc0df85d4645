from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversations.agent import models
from tests.conversations.world import Talk, confirmed_talk, unconfirmed_talk
from tests.fakes.script import Script


@pytest.fixture
def thinks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Script]:
    """`thinks(*steps, then=…)`: a model that follows these steps answers first, then those of `then`."""

    def arrange(*steps: Any, then: tuple[tuple[str, Any], ...] = ()) -> Script:
        script = Script(steps=list(steps))
        monkeypatch.setattr(models, "candidates", lambda: iter([("script", script), *then]))
        return script

    return arrange


@pytest.fixture
def talk(now: None) -> Talk:
    return confirmed_talk(name="Ana Souza")


@pytest.fixture
def unconfirmed(now: None) -> Talk:
    return unconfirmed_talk(name="Ana Souza")
