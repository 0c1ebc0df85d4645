"""`make check`: what can be said about the code without running it. Every check runs, and each must pass.

python scripts/check.py              all of them
python scripts/check.py mypy ruff    those
"""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "scripts"))

from with_stack import production_like  # noqa: E402 -- found only through the lines above

from config.runtime.console import Console  # noqa: E402
from config.runtime.errors import CannotStart  # noqa: E402
from config.runtime.stack import Stack  # noqa: E402

_TYPED = ("config", "members", "conversations", "experiments", "simulators", "scripts", "tests")
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """A command that says nothing worth reading when it succeeds."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def checks() -> list[Check]:
    """All checks, quick ones first."""
    apps = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "collections").iterdir() if path.is_dir())
    templates = sorted({str(path.relative_to(ROOT)) for path in ROOT.glob("**/templates") if _is_ours(path)})
    return [
        Check("layout", ["test", "!", "-e", "collections/__init__.py"]),
        Check("lint", [_tool("ruff"), "check", "."]),
        Check("format", [_tool("ruff"), "format", "--check", "."]),
        Check("templates", [_tool("djlint"), *templates, "--lint", "--quiet"]),
        Check("layers", [_tool("lint-imports"), "--no-logo"], {"PYTHONPATH": "collections:."}),
        Check("types", [_tool("mypy"), *(part for part in _TYPED if (ROOT / part).is_dir()), *apps]),
        Check("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("deployment", [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def main() -> int:
    """Run what was asked for beside a database in a deployment's mode, which settings and checks need."""
    wanted = set(sys.argv[1:])
    chosen = [check for check in checks() if not wanted or check.name in wanted]
    unknown = wanted - {check.name for check in chosen}
    out = Console()
    if unknown:
        out.fail(
            f"No such check: {', '.join(sorted(unknown))}. There are {', '.join(c.name for c in checks())}."
        )
        return 2
    try:
        with Stack(parts={"database"}, demo=False, fast=True, overrides=production_like()) as stack:
            failed = [check.name for check in chosen if not _passes(check, stack, out)]
    except CannotStart as refusal:
        out.fail(str(refusal), detail=refusal.detail)
        return 1
    if failed:
        out.fail(f"Failed: {', '.join(failed)}.")
        return 1
    out.say(f"All {len(chosen)} checks passed.")
    return 0


def _passes(check: Check, stack: Stack, out: Console) -> bool:
    began = time.monotonic()
    result = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**stack.child_environment(), **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if result.returncode == 0:
        out.step(check.name, seconds, "")
        return True
    out.say(result.stdout.rstrip())
    out.fail(f"{check.name} ({seconds:.1f} s)")
    return False


def _tool(name: str) -> str:
    return str(_BIN / name)


def _is_ours(folder: Path) -> bool:
    return not {".venv", ".data", "node_modules"} & set(folder.relative_to(ROOT).parts) and any(
        folder.rglob("*.html")
    )


if __name__ == "__main__":
    sys.exit(main())
