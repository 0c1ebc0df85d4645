import io
import json
from pathlib import Path

from config.runtime import console
from config.runtime.console import Console


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_box_every_line_is_as_wide_as_the_longest():
    stream = io.StringIO()

    Console(stream).box("Title", [[("Admin", "http://127.0.0.1:8000/admin/")], [], [("Stop", "Ctrl-C")]])

    lines = stream.getvalue().strip().splitlines()
    assert lines == [
        "┌─────────────────────────────────────┐",
        "│ Title                               │",
        "├─────────────────────────────────────┤",
        "│ Admin  http://127.0.0.1:8000/admin/ │",
        "├─────────────────────────────────────┤",
        "│ Stop   Ctrl-C                       │",
        "└─────────────────────────────────────┘",
    ]


def test_step_outside_a_terminal_has_no_colours():
    stream = io.StringIO()

    Console(stream).step("database", 1.25, "PostgreSQL on 127.0.0.1:1")

    assert stream.getvalue() == "  ✓ database       1.2 s  PostgreSQL on 127.0.0.1:1\n"


def test_step_that_begins_is_written_over_when_it_has_ended(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = _Terminal()
    out = Console(stream)

    out.step("migrate", None, "")
    out.step("migrate", 4.0, "")

    begun, _, ended = stream.getvalue().rpartition("\r")
    assert begun == "\r\x1b[K  \x1b[2m… migrate\x1b[0m"
    assert ended == "\x1b[K  \x1b[32m✓\x1b[0m migrate        4.0 s\n"


def test_step_that_begins_outside_a_terminal_says_nothing():
    stream = io.StringIO()

    Console(stream).step("migrate", None, "")

    assert stream.getvalue() == ""


def test_fail_shows_the_log_before_the_sentence():
    stream = io.StringIO()

    Console(stream).fail("web ended.", detail="Traceback\nKeyError")

    assert stream.getvalue() == "    Traceback\n    KeyError\n✗ web ended.\n"


def test_log_lines_stand_behind_their_name():
    stream = io.StringIO()
    out = Console(stream)

    out.log("web", "started")
    out.log("worker", "ready")

    assert stream.getvalue() == "web        │ started\nworker     │ ready\n"


def test_log_lines_on_a_terminal_keep_one_colour_per_name(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = _Terminal()
    out = Console(stream)

    for name in ("web", "worker", "web"):
        out.log(name, "line")

    colours = [line.split("m", 1)[0] for line in stream.getvalue().splitlines()]
    assert colours[0] == colours[2]
    assert colours[0] != colours[1]


def test_addresses_of_the_demo_end_with_the_phone():
    rows = console.addresses({"PORT": "9000", "PUBLIC_URL": "http://127.0.0.1:9000", "SIM_PORT": "9001"})

    assert rows == [
        ("Admin", "http://127.0.0.1:9000/admin/"),
        ("Inbox", "http://127.0.0.1:9000/inbox/"),
        ("Phone", "http://127.0.0.1:9001/"),
    ]


def test_logins_read_from_the_file_of_the_seed(tmp_path: Path):
    entries = [{"role": "Supervisor", "username": "ana", "password": "p1"}]
    (tmp_path / "demo-logins.json").write_text(json.dumps(entries))

    assert console.logins(tmp_path) == [("Supervisor", "ana / p1")]


def test_logins_without_the_file_are_none(tmp_path: Path):
    assert console.logins(tmp_path) == []
