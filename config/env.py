"""The environment: one typed reader for every setting.

A value comes from, in this order: the process environment (`NAME`, or the file named by `NAME_FILE`),
a `.env` file beside `manage.py`, and the file that a running `manage.py up` leaves for its siblings in
`DATA_DIR/run/environment`, so that any command in another shell finds the running stack.
"""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()


def data_dir() -> Path:
    """Where databases, secrets and logs of this machine live; `DATA_DIR` moves it."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()


def load() -> None:
    """Reads `.env`, then the running stack's environment; what the process already has wins."""
    dotenv = BASE_DIR / ".env"
    if dotenv.is_file():
        environ.Env.read_env(str(dotenv))
    running = data_dir() / "run" / "environment"
    if "DATABASE_URL" not in os.environ and running.is_file():
        environ.Env.read_env(str(running))


def required(name: str, *, why: str) -> str:
    """The value of `name`, or a sentence naming what is missing and what it is for."""
    value = str(env(name, default=""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why} See .env.example.")
    return value
