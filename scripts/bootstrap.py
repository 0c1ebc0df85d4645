"""Makes `.venv` and installs the locked packages into it; does nothing when that is done already.

    python3 scripts/bootstrap.py          what `make run` needs
    python3 scripts/bootstrap.py dev      what `make test` and `make check` need as well

Only the standard library, and readable by any Python since 3.6: an old one looks for a newer one on the PATH,
and says so in one sentence when there is none. uv is used where it is installed, pip everywhere else (NO_UV=1
insists on pip).
"""

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOCKS = {"runtime": "requirements.txt", "dev": "requirements/dev.txt"}
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
# Without a terminal to rewrite, a line for every so many packages.
EVERY = 20


def main() -> None:
    """Make sure of Python, environment and packages, in this order."""
    wanted = "dev" if "dev" in sys.argv[1:] else "runtime"
    require_python()
    if not venv_works():
        make_venv()
    fingerprint = fingerprint_of(LOCKS[wanted])
    if read_stamp().get(wanted) == fingerprint:
        return
    install(LOCKS[wanted])
    stamp = {wanted: fingerprint}
    if wanted == "dev":
        # The development lock holds the runtime's packages in the same versions; the reverse is not true.
        stamp["runtime"] = fingerprint_of(LOCKS["runtime"])
    STAMP.write_text(json.dumps(stamp))


def require_python() -> None:
    """Go on under a new enough Python, or refuse."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 -- the same script, a newer Python
    refuse(
        f"Em Dia needs Python 3.11 or newer, and this is {sys.version_info[0]}.{sys.version_info[1]}:"
        " install one, or name it with make PYTHON=/path/to/python3."
    )


def venv_works() -> bool:
    """Whether there is an environment whose Python still runs and is new enough."""
    test = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        return subprocess.call([str(VENV_PYTHON), "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_venv() -> None:
    """An empty environment: by uv when it is there (it needs no ensurepip), else by Python's own module."""
    say("Making the environment in .venv")
    uv = find_uv()
    shutil.rmtree(str(VENV), ignore_errors=True)
    # With uv seeded with pip, because uv may be gone the next time.
    command = [sys.executable, "-m", "venv", str(VENV)]
    if uv:
        command = [uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(VENV)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if made.returncode:
        say(made.stdout.decode(errors="replace").strip())
        refuse(
            "The environment could not be made in .venv: this Python may lack its venv module (on Debian and"
            " Ubuntu: apt-get install python3-venv), or the folder cannot be written."
        )


def install(lock: str) -> None:
    """Install what `lock` names, or refuse."""
    uv = find_uv() or install_uv(lock)
    total = count_packages(lock)
    say(f"Installing {total} packages from {lock} with {'uv' if uv else 'pip'}")
    began = time.time()
    if uv:
        # Compiled now, or every process of the first start would compile for itself.
        flags = ["--require-hashes", "--no-deps", "--compile-bytecode", "-r", str(ROOT / lock)]
        code = subprocess.call([uv, "pip", "install", "--python", str(VENV_PYTHON), *flags])
    else:
        code = pip_install(lock, total)
    if code:
        refuse(
            f"The packages of {lock} could not be installed (see above): is the package index reachable, and"
            " is there room on the disk?"
        )
    say(f"Installed in {time.time() - began:.0f} s")


def install_uv(lock: str) -> "str | None":
    """uv, when `lock` holds it: pip fetches it alone, and it fetches the rest several times faster."""
    if os.environ.get("NO_UV"):
        return None
    lines = (ROOT / lock).read_text().splitlines()
    entry = [index for index, line in enumerate(lines) if line.startswith("uv==")]
    if not entry:
        return None
    hashes = itertools.takewhile(lambda line: line.startswith(" "), lines[entry[0] + 1 :])
    only = VENV / "uv.txt"
    only.write_text("\n".join([lines[entry[0]], *hashes, ""]))
    command = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(only),
    ]
    subprocess.call([*command, "--disable-pip-version-check"])
    return find_uv()


def pip_install(lock: str, total: int) -> int:
    """Run pip and turn what it says into a count that grows; pip's exit code."""
    command = [
        *(str(VENV_PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"),
        *("--disable-pip-version-check", "--progress-bar", "off", "-r", str(ROOT / lock)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None  # asked for above
    last = [""]
    seen = 0
    for raw in process.stdout:
        line = raw.decode(errors="replace").rstrip()
        last = [*last[-25:], line]
        if line.startswith("Collecting "):
            seen += 1
            show_progress(seen, total, line.split()[1].split("==")[0])
        elif line.startswith("Installing collected"):
            show_progress(total, total, "unpacking")
    code = process.wait()
    if sys.stdout.isatty():
        say("")
    if code:
        say("\n".join(last))
    return code


def show_progress(seen: int, total: int, name: str) -> None:
    """One line that changes on a terminal, a few lines elsewhere."""
    text = f"  {seen:>3}/{total} {name}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{text[:60]:<60}")
        sys.stdout.flush()
    elif seen % EVERY == 0 or seen == total:
        say(text)


def find_uv() -> "str | None":
    """uv's program, from the PATH or the environment itself."""
    if os.environ.get("NO_UV"):
        return None
    return shutil.which("uv") or shutil.which(str(VENV / "bin" / "uv"))


def count_packages(lock: str) -> int:
    """Packages that `lock` pins."""
    lines = (ROOT / lock).read_text().splitlines()
    return sum(1 for line in lines if "==" in line and not line.startswith(("#", " ")))


def fingerprint_of(lock: str) -> str:
    """What has to be the same for nothing to do: the lock, and the Python it was installed for."""
    version = subprocess.check_output([str(VENV_PYTHON), "-c", "import sys; print(sys.version)"])
    return hashlib.sha256((ROOT / lock).read_bytes() + version).hexdigest()


def read_stamp() -> "dict[str, str]":
    """Which locks were installed last; empty when that is not known."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def refuse(sentence: str) -> None:
    """End with one sentence."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
