"""Ports of this machine: finding free ones, saying which are taken."""

import socket

from config.runtime.errors import CannotStart

_ATTEMPTS = 50
_HIGHEST = 65_535


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as attempt:
        # As servers do: a connection that is only closing does not count.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
        return True


def find_free(*, together: int = 1) -> int:
    """A port such that it and the next `together - 1` are free."""
    for _ in range(_ATTEMPTS):
        with socket.socket() as attempt:
            attempt.bind(("127.0.0.1", 0))
            port = int(attempt.getsockname()[1])
        if port + together <= _HIGHEST and all(is_free(port + i) for i in range(together)):
            return port
    raise CannotStart("No free port was found on this machine.")


def next_free(first: int, *, together: int = 1) -> int:
    """The lowest port from `first` upwards such that it and the next `together - 1` are free."""
    for port in range(first, _HIGHEST - together):
        if all(is_free(port + i) for i in range(together)):
            return port
    return find_free(together=together)


def parse(text: str, *, variable: str) -> int:
    """The port in `text`. Raises `CannotStart` naming `variable` for anything else."""
    if not text.isdecimal() or not 0 < int(text) <= _HIGHEST:
        raise CannotStart(f"{variable} must be a port number, not {text!r}.")
    return int(text)
