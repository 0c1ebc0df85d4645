"""Secrets that are made once, kept in files only their owner can read, and found again."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

_TOKEN_BYTES = 32


def token() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def fernet_key() -> str:
    """A new key in the form that `cryptography.fernet` takes."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def read_or_make(data_dir: Path, name: str, make: Callable[[], str] = token) -> str:
    """The secret `name` of this data directory; made with `make` the first time it is asked for."""
    path = data_dir / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        write_private(path, f"{make()}\n")
    return path.read_text(encoding="utf-8").strip()


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step by a file of mode 0600 holding `text`."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
