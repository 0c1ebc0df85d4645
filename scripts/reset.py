"""`make reset`: removes the data directory, unless something runs on it."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.runtime.console import Console  # noqa: E402 -- found only through the line above
from config.runtime.errors import CannotStart  # noqa: E402
from config.runtime.lock import DataDirLock  # noqa: E402


def main() -> int:
    """Take the lock, so that nobody starts meanwhile; remove; say so."""
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()
    out = Console()
    # Only a folder that a stack has used: DATA_DIR may be mistyped.
    if not (data_dir / "run" / "lock").exists():
        out.say(f"There is no data in {data_dir}.")
        return 0
    try:
        DataDirLock(data_dir).take()
    except CannotStart as refusal:
        out.fail(str(refusal))
        return 1
    shutil.rmtree(data_dir)
    out.say(f"{data_dir} is gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
