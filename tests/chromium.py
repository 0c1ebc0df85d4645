"""The browser of the tests that drive one, wherever this machine keeps it."""

import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")

CHROMIUM = next((found for name in _NAMES if (found := shutil.which(name))), "")

needs_chromium = pytest.mark.skipif(
    not CHROMIUM, reason=f"none of {', '.join(_NAMES)}: no page can be walked"
)
