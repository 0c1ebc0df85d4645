"""What `manage.py up` shows: one line per step, coloured log lines, a box with addresses at the end."""

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

_RESET = "\x1b[0m"
_CLEAR = "\r\x1b[K"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_GREEN = "\x1b[32m"
_YELLOW = "\x1b[33m"
_RED = "\x1b[31m"
# One per process, in the order of their first line.
_PREFIXES = ("\x1b[36m", "\x1b[35m", "\x1b[34m", "\x1b[33m", "\x1b[32m", "\x1b[96m", "\x1b[95m", "\x1b[94m")
_NAME_WIDTH = 11


class Console:
    """Writes to a terminal, or plainly to a file or pipe."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to `stream`, standard output by default; colours only for a terminal without NO_COLOR."""
        self._stream = stream or sys.stdout
        self._colours = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._prefixes: dict[str, str] = {}
        self._lock = threading.Lock()
        # Whether the line of a step that has only begun stands on the terminal, to be written over.
        self._begun = False

    def say(self, text: str) -> None:
        """One plain line."""
        with self._lock:
            print(f"{_CLEAR if self._begun else ''}{text}", file=self._stream, flush=True)
            self._begun = False

    def step(self, name: str, seconds: float | None, note: str) -> None:
        """A step that ended well; without `seconds` one that begins, which only a terminal shows."""
        if seconds is None:
            self._begin(name)
            return
        mark = self._in(_GREEN, "✓")
        self.say(f"  {mark} {name:<{_NAME_WIDTH}} {seconds:6.1f} s  {self._in(_DIM, note)}".rstrip())

    def warn(self, text: str) -> None:
        """Something that went wrong and is being mended."""
        self.say(f"  {self._in(_YELLOW, '!')} {text}")

    def fail(self, sentence: str, *, detail: str = "") -> None:
        """The one sentence of a refusal, after the log lines that explain it."""
        if detail:
            self.say("\n".join(f"    {self._in(_DIM, line)}" for line in detail.splitlines()))
        self.say(f"{self._in(_RED, '✗')} {sentence}")

    def log(self, name: str, line: str) -> None:
        """A line of a child's log behind its coloured name."""
        colour = self._prefixes.setdefault(name, _PREFIXES[len(self._prefixes) % len(_PREFIXES)])
        self.say(f"{self._in(colour, f'{name:<{_NAME_WIDTH}}│')} {line}")

    def box(self, title: str, sections: Sequence[Sequence[tuple[str, str]]]) -> None:
        """A frame around rows of (label, value), with a rule between sections."""
        labels = max((len(label) for section in sections for label, _ in section), default=0)
        rows = [
            [f"{label:<{labels}}  {value}" for label, value in section] for section in sections if section
        ]
        width = max(len(title), *(len(row) for section in rows for row in section)) + 2
        self.say(f"\n┌{'─' * width}┐")
        self.say(f"│ {self._in(_BOLD, f'{title:<{width - 2}}')} │")
        for section in rows:
            self.say(f"├{'─' * width}┤")
            for row in section:
                self.say(f"│ {row:<{width - 2}} │")
        self.say(f"└{'─' * width}┘")

    def _begin(self, name: str) -> None:
        if not self._colours:
            return
        with self._lock:
            print(f"{_CLEAR}  {self._in(_DIM, f'… {name}')}", end="", file=self._stream, flush=True)
            self._begun = True

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_RESET}" if self._colours and text else text


def addresses(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where a person goes: the screens of the product and, in the demo, the simulated phone."""
    web = environment.get("PUBLIC_URL") or f"http://127.0.0.1:{environment['PORT']}"
    rows = [("Admin", f"{web}/admin/"), ("Inbox", f"{web}/inbox/")]
    if environment.get("SIM_PORT"):
        rows.append(("Phone", f"http://127.0.0.1:{environment['SIM_PORT']}/"))
    return rows


def logins(data_dir: Path) -> list[tuple[str, str]]:
    """The demo's logins, as the seed left them in `demo-logins.json`: (role, "username / password")."""
    file = data_dir / "demo-logins.json"
    if not file.is_file():
        return []
    return [
        (entry["role"], f"{entry['username']} / {entry['password']}")
        for entry in json.loads(file.read_text(encoding="utf-8"))
    ]
