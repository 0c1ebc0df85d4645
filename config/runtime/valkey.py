"""The embedded Valkey: the broker when `BROKER_URL` names none, on a loopback port of its own."""

import signal
import socket
import threading
from pathlib import Path

from config.runtime import binaries, children, orphans, ports
from config.runtime.children import Child
from config.runtime.credentials import read_or_make, write_private

_READY_SECONDS = 60.0
_STOP_SECONDS = 10.0


class Valkey:
    """One server under `data_dir/valkey`. `fast` keeps nothing on disk, for tests only.

    `program` names the server to run, Valkey or Redis; by default the wheel's, or else the system's.
    """

    def __init__(
        self, data_dir: Path, *, port: int | None = None, fast: bool = False, program: Path | None = None
    ) -> None:
        """Choose a port; nothing is made or started yet."""
        self.port = port or ports.find_free()
        self._data_dir = data_dir.resolve()
        self._data = self._data_dir / "valkey"
        self._fast = fast
        self._password = ""
        self._program = program

    @property
    def url(self) -> str:
        """Where Celery finds the broker, password included."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self, *, cancel: threading.Event | None = None) -> Child:
        """Start the server and wait until it answers. Raises `CannotStart`."""
        program = self._program or binaries.broker_program()
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._password = read_or_make(self._data_dir, "valkey-password")
        pid_file = self._data / "server.pid"
        orphans.stop_owner_of(pid_file, folder=self._data, program=program.name)
        configuration = self._data / "server.conf"
        # A file, because anybody on the machine can read a command line.
        write_private(configuration, self._configuration(pid_file))
        child = children.start(
            "broker",
            [str(program), str(configuration)],
            log=self._data_dir / "logs" / "broker.log",
            environment={},
            cwd=Path("/"),
            stop_signal=signal.SIGTERM,
            grace=_STOP_SECONDS,
        )
        try:
            child.wait_ready(self._answers, seconds=_READY_SECONDS, cancel=cancel)
        except BaseException:
            child.stop()
            raise
        return child

    def _configuration(self, pid_file: Path) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "protected-mode": "yes",
            "requirepass": self._password,
            "dir": f'"{self._data}"',
            "pidfile": f'"{pid_file}"',
            "daemonize": "no",
            "appendonly": "no" if self._fast else "yes",
            "appendfsync": "everysec",
            "save": '""',
            # A queue that forgets its oldest messages would be worse than one that says it is full.
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _answers(self) -> bool:
        """Whether the server takes our password and has read its file back in."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(1024)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
