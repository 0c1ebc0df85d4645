import socket

import pytest

from config.runtime import ports
from config.runtime.errors import CannotStart


def test_is_free_tells_a_taken_port_from_a_free_one():
    port = ports.find_free()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        while_taken = ports.is_free(port)

    assert (while_taken, ports.is_free(port)) == (False, True)


def test_is_free_server_on_every_address_takes_the_loopback_too():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = other.getsockname()[1]

        assert ports.is_free(port) is False


def test_next_free_skips_what_is_taken():
    first = ports.find_free(together=3)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first + 1))
        other.listen()

        assert ports.next_free(first, together=2) > first + 1


def test_parse_number_in_range_is_a_port():
    assert ports.parse("8000", variable="PORT") == 8000


@pytest.mark.parametrize("text", ["0", "65536", "-1", "web", "80.5", ""])
def test_parse_anything_else_names_the_variable(text: str):
    with pytest.raises(CannotStart) as refusal:
        ports.parse(text, variable="SIM_PORT")

    assert str(refusal.value) == f"SIM_PORT must be a port number, not {text!r}."
