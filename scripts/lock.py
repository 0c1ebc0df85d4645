"""`make lock`: resolves requirements/*.in into locks with hashes, for every supported Python and system.

What is locked already stays as it is, as far as the sources allow; UPGRADE=1 takes the newest of everything.
The locks name no index and no path, so that any machine installs them from wherever it gets its packages.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_OLDEST_PYTHON = "3.11"
_HEADER = "# Made by `make lock` from {sources}. Change those, never this.\n"


def main() -> int:
    """Both locks; the development one takes the runtime's versions."""
    runtime = ROOT / "requirements" / "runtime.in"
    dev = ROOT / "requirements" / "dev.in"
    resolve(runtime, ROOT / "requirements.txt", sources=[runtime])
    resolve(
        dev, ROOT / "requirements" / "dev.txt", sources=[dev, runtime], constraint=ROOT / "requirements.txt"
    )
    return 0


def resolve(source: Path, lock: Path, *, sources: list[Path], constraint: Path | None = None) -> None:
    """Write `lock` for `source`, with the comments that stand above pins in `sources`."""
    command = [
        *(
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--no-config",
            "--universal",
            "--python-version",
            _OLDEST_PYTHON,
        ),
        *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
        *(["-c", str(constraint)] if constraint else []),
        *(["--upgrade"] if os.environ.get("UPGRADE") else []),
        *("--output-file", str(lock), str(source)),
    ]
    # A lock made through a private index would carry its hashes only.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment, cwd=ROOT)
    names = " and ".join(str(path.relative_to(ROOT)) for path in sources)
    text = _HEADER.format(sources=names) + with_reasons(lock.read_text(encoding="utf-8"), sources)
    lock.write_text(text, encoding="utf-8")
    pins = re.findall(r"^\S+==", text, flags=re.MULTILINE)
    print(f"{lock.relative_to(ROOT)}: {len(pins)} packages")


def with_reasons(lock: str, sources: list[Path]) -> str:
    """`lock` with each comment that stands directly above a pin in `sources` above the same pin."""
    for source in sources:
        comment: list[str] = []
        for line in source.read_text(encoding="utf-8").splitlines()[1:]:
            if line.startswith("#"):
                comment.append(line)
                continue
            if comment and "==" in line:
                pin = line.split("[")[0].split("==")[0].lower()
                reason = "\n".join(comment)
                lock = re.sub(rf"^({re.escape(pin)}(\[.*\])?==)", rf"{reason}\n\1", lock, flags=re.MULTILINE)
            comment = []
    return lock


if __name__ == "__main__":
    sys.exit(main())
