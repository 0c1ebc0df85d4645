"""Runs a command against PostgreSQL and Redis from the system's packages, as on a grown deployment:

    python scripts/with_system_servers.py -- python -m pytest -m distributed

Both are started for the occasion in a temporary folder, whatever services the machine runs; the command finds
them in DATABASE_URL and BROKER_URL, and DISTRIBUTED=1 tells the tests to use them. Exit code 3 means that one
of them is not installed; any other is the command's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.runtime import binaries  # noqa: E402 -- found only through the line above
from config.runtime.postgres import Postgres  # noqa: E402
from config.runtime.valkey import Valkey  # noqa: E402

_NOT_INSTALLED = 3


def main() -> int:
    """Start both, run, stop both."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    programs = binaries.system_postgres()
    redis = shutil.which("redis-server") or shutil.which("valkey-server")
    if programs is None or redis is None:
        print("PostgreSQL or Redis is not installed on this system.", file=sys.stderr)
        return _NOT_INSTALLED
    with tempfile.TemporaryDirectory(prefix="emdia-system-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = Postgres(folder, fast=True, programs=programs)
        broker = Valkey(folder, fast=True, program=Path(redis))
        children = []
        try:
            children.append(postgres.start())
            children.append(broker.start())
            print(f"PostgreSQL {programs.major()} and {Path(redis).name} are up.", flush=True)
            told = {"DISTRIBUTED": "1", "DATABASE_URL": postgres.url, "BROKER_URL": broker.url}
            run = [sys.executable if part == "python" else part for part in command]
            return subprocess.run(run, cwd=ROOT, env={**os.environ, **told}, check=False).returncode
        finally:
            for child in reversed(children):
                child.stop()


if __name__ == "__main__":
    sys.exit(main())
