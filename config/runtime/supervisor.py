"""`manage.py up`: starts a stack, keeps it alive, stops it on one Ctrl-C."""

import argparse
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import environ

from config.runtime import console, environment, ports, processes
from config.runtime.children import Cancelled, describe_exit
from config.runtime.console import Console
from config.runtime.environment import given, is_true
from config.runtime.errors import CannotStart
from config.runtime.following import Follower
from config.runtime.stack import ROOT, Stack

_OLDEST_PYTHON = (3, 11)
_LOOK_SECONDS = 0.2
# A child that has lived this long starts again without delay.
_STABLE_SECONDS = 60.0
_LONGEST_DELAY = 30.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Given to the stack as arguments, so not passed on as wishes.
_ARGUMENTS = ("DATABASE_URL", "BROKER_URL", "DATA_DIR", "PORT", "SIM_PORT")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `up`."""
    parser.add_argument(
        "--only", default="", metavar="PARTS", help=f"comma separated: {', '.join(processes.PARTS)}"
    )
    parser.add_argument("--no-seed", action="store_true", help="leave an empty demo database empty")
    parser.add_argument("--frozen", action="store_true", help="stop the business clock (demo only)")
    parser.add_argument("--logs", action="store_true", help="show every process's log here")


def main(options: argparse.Namespace) -> int:
    """Run until stopped; the exit code. Every refusal is one sentence."""
    out = Console()
    if (ROOT / ".env").is_file():
        environ.Env.read_env(str(ROOT / ".env"))
    stopping = threading.Event()
    _on_stop_signal(stopping, out)
    try:
        return _run(options, out, stopping)
    except CannotStart as refusal:
        out.fail(str(refusal), detail=refusal.detail)
        return 1


def make_stack(
    options: argparse.Namespace, variables: Mapping[str, str], *, out: Console, cancel: threading.Event
) -> Stack:
    """The stack that `options` and the environment ask for. Raises `CannotStart`."""
    data_dir = Path(given("DATA_DIR", variables) or ROOT / ".data").resolve()
    wishes = environment.without_stack(variables, environment.environment_file(data_dir))
    demo = is_true(given("DEMO", wishes))
    parts = _parts(options.only, demo=demo)
    if not demo and "web" in parts:
        _check_production(wishes)
    if options.frozen and not demo:
        raise CannotStart("Business time cannot be stopped in production: --frozen needs DEMO=1.")
    overrides = environment.product_part(wishes)
    for name in _ARGUMENTS:
        overrides.pop(name, None)
        overrides.pop(f"{name}_FILE", None)
    return Stack(
        parts=parts,
        data_dir=data_dir,
        demo=demo,
        port=ports.parse(given("PORT", wishes) or "8000", variable="PORT"),
        sim_port=ports.parse(given("SIM_PORT", wishes) or "8001", variable="SIM_PORT"),
        database_url=given("DATABASE_URL", wishes),
        broker_url=given("BROKER_URL", wishes),
        overrides=overrides,
        seed=demo and not options.no_seed and "web" in parts,
        frozen=options.frozen,
        report=out.step,
        cancel=cancel,
    )


@dataclass
class Revival:
    """When a child that keeps ending may start again."""

    delay: float = 1.0
    due: dict[str, float] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)

    def plan(self, name: str, *, age: float, now: float) -> float:
        """Note that `name`, which lived `age` seconds, has ended; the seconds until its next start."""
        if age >= _STABLE_SECONDS:
            self.delays.pop(name, None)
        wait = self.delays.get(name, self.delay)
        self.delays[name] = min(wait * 2, _LONGEST_DELAY)
        self.due[name] = now + wait
        return wait

    def ready(self, *, now: float) -> list[str]:
        """Names whose time has come, taken off the list."""
        names = [name for name, due in self.due.items() if due <= now]
        for name in names:
            del self.due[name]
        return names


def _run(options: argparse.Namespace, out: Console, stopping: threading.Event) -> int:
    if sys.version_info < _OLDEST_PYTHON:
        raise CannotStart(f"Em Dia needs Python 3.11 or newer, and this is {platform.python_version()}.")
    stack = make_stack(options, os.environ, out=out, cancel=stopping)
    out.say(f"Em Dia starts in {stack.data_dir}")
    began = time.monotonic()
    try:
        stack.start()
    except Cancelled:
        out.say("Stopped before everything was up.")
        return 0
    follower = Follower(stack.logs, show=out.log if options.logs else None)
    follower.start()
    try:
        _welcome(stack, out, seconds=time.monotonic() - began)
        _keep_alive(stack, out, stopping)
    finally:
        began = time.monotonic()
        stack.stop()
        follower.stop()
    out.say(f"Everything stopped in {time.monotonic() - began:.1f} s.")
    return 0


def _keep_alive(stack: Stack, out: Console, stopping: threading.Event) -> None:
    """Start what ends by itself again, ever more slowly, until asked to stop."""
    revival = Revival()
    while not stopping.wait(_LOOK_SECONDS):
        now = time.monotonic()
        for name in stack.dead():
            if name in revival.due:
                continue
            child = stack.children[name]
            wait = revival.plan(name, age=child.age, now=now)
            how = describe_exit(child.exit_code)
            out.warn(f"{name} ended ({how}) and starts again in {wait:.0f} s; see {child.log}")
        for name in revival.ready(now=now):
            try:
                stack.restart(name)
            except CannotStart as refusal:
                out.fail(str(refusal), detail=refusal.detail)
            except Cancelled:
                return
            else:
                out.warn(f"{name} runs again")


def _on_stop_signal(stopping: threading.Event, out: Console) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            out.say("\nStopping …")

    for number in _STOP_SIGNALS:
        signal.signal(number, stop)


def _parts(only: str, *, demo: bool) -> set[str]:
    if not only:
        return set(processes.PARTS) - (set() if demo else {"simulators"})
    names = {
        processes.SHORT_NAMES.get(name.strip(), name.strip()) for name in only.split(",") if name.strip()
    }
    unknown = names - set(processes.PARTS)
    if unknown:
        raise CannotStart(f"--only knows {', '.join(processes.PARTS)}, and not {', '.join(sorted(unknown))}.")
    return names


def _check_production(wishes: Mapping[str, str]) -> None:
    missing = [name for name in environment.REQUIRED_IN_PRODUCTION if not given(name, wishes)]
    if missing:
        raise CannotStart(
            f"Production needs {', '.join(missing)} (see .env.example); for a demonstration with generated"
            " secrets set DEMO=1, or use make run."
        )


def _welcome(stack: Stack, out: Console, *, seconds: float) -> None:
    running = [[("Data", str(stack.data_dir)), ("Logs", str(stack.logs)), ("Stop", "Ctrl-C")]]
    if "web" in stack.parts:
        # The rows of a stack without simulators must not name their port.
        told = {name: value for name, value in stack.environment.items() if name != "SIM_PORT"}
        known = stack.environment if "simulators" in stack.parts else told
        running = [console.addresses(known), console.logins(stack.data_dir), *running]
    out.box(f"Em Dia is up ({seconds:.1f} s)", running)
