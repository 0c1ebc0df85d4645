"""What every process pays for before it does anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
# Each costs a second or more of every start, and most processes never use them.
_SLOW = "langchain, langchain_core, langchain_openai, langgraph, numpy, openai, scipy, sklearn"
_SCRIPT = """
import sys
import django
django.setup()
{imports}
print(sorted(set({slow!r}.split(", ")) & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "imports",
    ["import config.urls, config.asgi", "from config.celery import app; app.loader.import_default_modules()"],
    ids=["web", "worker"],
)
def test_start_loads_nothing_slow(imports: str):
    script = _SCRIPT.format(imports=imports, slow=_SLOW)

    shown = subprocess.run(
        # Without `pytest` among the modules settings would take themselves for a deployment's.
        [sys.executable, "-W", "ignore", "-c", script, "help"],
        cwd=_ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (shown.stdout, shown.returncode) == ("[]\n", 0), shown.stderr
