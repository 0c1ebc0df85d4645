"""`manage.py chaos` on real processes: a short storm, with the waiting for leases left out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.env import BASE_DIR
from config.runtime import environment, ports

SHORT = ("--seed", "7", "--messages", "20", "--kills", "4", "--seconds", "8", "--hurry")


def _chaos(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "chaos", *arguments],
        cwd=BASE_DIR,
        env=environment.surroundings(os.environ) | variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_storm_leaves_nothing_lost_and_nothing_sent_twice(
    another_database: str, broker_url: str, data_dir: Path
) -> None:
    variables = environment.demo_environment(
        data_dir, ports.find_free(), ports.find_free(together=2), another_database, broker_url
    )

    done = _chaos(variables, *SHORT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "Nothing lost, nothing sent twice, no chain broken."
    assert done.stdout.count("SIGKILL to worker,") == 1
    assert "20 messages written, 20 queued" in done.stdout

    # There is a book now, and a storm would spoil it.
    again = _chaos(variables, *SHORT)
    assert again.returncode == 1
    assert "into an empty database alone: use `make chaos`" in again.stderr
