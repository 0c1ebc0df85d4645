import pytest

from tests.simulators.pix.fixtures import api, inbox, running_world, world
from tests.simulators.pix.specification import PATH

__all__ = ["api", "inbox", "running_world", "world"]

# Where the specification is absent its own tests have nothing to say; everything else still runs.
collect_ignore = [] if PATH.exists() else ["test_specification.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PATH.exists():
        terminalreporter.write_line(f"NOT CHECKED against the API Pix specification: {PATH} does not exist.")
