from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversations.agent import models
from tests.fakes.script import Script


@pytest.fixture
def thinks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Script]:
    """`thinks(*steps)`: the only model that answers from now on follows these steps."""

    def arrange(*steps: Any) -> Script:
        script = Script(steps=list(steps))
        monkeypatch.setattr(models, "candidates", lambda: iter([("script", script)]))
        return script

    return arrange
