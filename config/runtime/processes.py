"""The table of processes: what runs, how it is started, how we see that it is ready."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from config.runtime.children import Child

PYTHON = "{PYTHON}"

# Says whether a child that has just been started, with this environment, does its work.
Ready = Callable[[Child, Mapping[str, str]], bool]


@dataclass(frozen=True, slots=True)
class Answers:
    """Ready when `path` on the port in `variable` answers without a server error.

    A refusal counts: a deployment may well not serve the host name 127.0.0.1.
    """

    variable: str
    path: str

    def __call__(self, _child: Child, environment: Mapping[str, str]) -> bool:
        """One request."""
        connection = HTTPConnection("127.0.0.1", int(environment[self.variable]), timeout=5)
        try:
            connection.request("GET", self.path)
            return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Says:
    """Ready when a line of its log matches."""

    pattern: str

    def __call__(self, child: Child, _environment: Mapping[str, str]) -> bool:
        """Look through what it has written since it started."""
        return re.search(self.pattern, child.output(), re.MULTILINE) is not None


@dataclass(frozen=True, slots=True)
class Stays:
    """Ready when it has been running for `seconds`: for a process that says nothing about itself."""

    seconds: float

    def __call__(self, child: Child, _environment: Mapping[str, str]) -> bool:
        """Its age decides; one that ends earlier is noticed by whoever waits."""
        return child.age >= self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process that runs until it is stopped. `{NAME}` in `command` is a variable of its environment."""

    name: str
    command: tuple[str, ...]
    ready: Ready
    # Seconds between the stop signal and the kill.
    grace: float = 10.0
    # Needs no database, so it starts before migrate and is up when the demo's data are made.
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command that runs to its end between the servers' start and the services'."""

    name: str
    command: tuple[str, ...]
    seconds: float


MIGRATE = Job(name="migrate", command=(PYTHON, "manage.py", "migrate", "--no-input"), seconds=900)
LEARN = Job(name="learn", command=(PYTHON, "manage.py", "train_intents"), seconds=600)
SEED = Job(name="seed", command=(PYTHON, "manage.py", "demo_seed"), seconds=900)
FREEZE = Job(
    name="freeze",
    command=(
        *(PYTHON, "manage.py", "shell", "--no-imports", "-c"),
        "from commons import clock; from lab import clockwork; clock.refresh();"
        " clockwork.set_to(instant=clock.now(), frozen=True)",
    ),
    seconds=60,
)

SERVERS = ("database", "broker")

# In the order in which they start; they stop in the reverse one.
SERVICES = (
    Service(
        name="simulators",
        command=(PYTHON, "-m", "simulators"),
        ready=Answers("SIM_PORT", "/healthz"),
        early=True,
    ),
    Service(
        name="web",
        command=(
            *(PYTHON, "-m", "uvicorn", "config.asgi:application", "--host", "{HOST}", "--port", "{PORT}"),
            # Live streams never end by themselves; a stop must not wait for them.
            *("--no-access-log", "--timeout-graceful-shutdown", "3"),
        ),
        ready=Answers("PORT", "/healthz"),
    ),
    Service(
        name="worker",
        command=(
            *(PYTHON, "-m", "celery", "-A", "config", "worker", "-n", "main@%h"),
            *("-Q", "inbound,agent,outbound,billing,reports,insights", "-c", "2", "--pool=prefork"),
            *("--without-gossip", "--without-mingle", "-l", "info"),
        ),
        ready=Says(r"\bready\.\s*$"),
        # Longer than the others: a task that is running may finish.
        grace=20.0,
    ),
    Service(
        name="beat",
        command=(PYTHON, "-m", "celery", "-A", "config", "beat", "-S", "django", "-l", "info"),
        ready=Says(r"beat: Starting\.\.\."),
    ),
    Service(
        name="ticker",
        command=(PYTHON, "manage.py", "ticker"),
        ready=Stays(2.5),
    ),
)

PARTS = (*SERVERS, *(service.name for service in SERVICES))
# What `--only` also understands.
SHORT_NAMES = {"db": "database", "sim": "simulators"}


def resolve(command: tuple[str, ...], environment: Mapping[str, str], *, python: str) -> list[str]:
    """`command` with its `{NAME}`s filled in."""
    values = {**environment, "PYTHON": python}
    return [part.format_map(values) if part.startswith("{") else part for part in command]
