"""The door to the outside: where it does not lead, and what it says when something goes wrong."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from commons import http
from commons.http import ProviderError
from tests.commons import http_server


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, list[str]]]:
    with http_server.running() as found:
        yield found


def get(url: str, **kwargs: Any) -> httpx.Response:
    with http.client() as client:
        return http.send(client, "GET", url, **kwargs)


def failure(url: str, **kwargs: Any) -> tuple[str, bool, bool]:
    """Code, permanent, ambiguous."""
    with pytest.raises(ProviderError) as raised:
        get(url, **kwargs)
    return raised.value.code, raised.value.permanent, raised.value.ambiguous


class TestAllowed:
    """A private address that the settings name, as the simulators' are in the demo."""

    @pytest.fixture(autouse=True)
    def _named(self, provider: tuple[str, list[str]], settings: Settings):
        settings.OUTBOUND_PRIVATE_ALLOWED = [f"{provider[0]}/whatsapp"]

    @pytest.mark.parametrize(("path", "status"), [("fine", 200), ("broken", 503)])
    def test_status_is_the_caller_s_to_judge(self, provider, path: str, status: int):
        assert get(f"{provider[0]}/{path}").status_code == status

    def test_redirect_is_not_followed(self, provider):
        address, heard = provider
        heard.clear()

        assert (get(f"{address}/elsewhere").status_code, heard) == (302, ["/elsewhere"])

    @pytest.mark.parametrize(
        ("path", "code"), [("slow", "timeout"), ("unreadable", "transport"), ("cut", "transport")]
    )
    def test_failure_after_the_request_left_may_have_had_its_effect(self, provider, path: str, code: str):
        assert failure(f"{provider[0]}/{path}", timeout=0.3) == (code, False, True)

    def test_failure_before_it_left_had_none(self, settings: Settings):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
            settings.OUTBOUND_PRIVATE_ALLOWED = [nobody]

            assert failure(nobody) == ("connect", False, False)

    def test_other_port_of_the_same_machine_is_not_named(self, provider, settings: Settings):
        settings.OUTBOUND_PRIVATE_ALLOWED = ["http://127.0.0.1:1"]

        assert failure(f"{provider[0]}/fine") == ("private", True, False)


class TestRefused:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "10.0.0.7",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",  # where clouds keep credentials
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fc00::1]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
        ],
    )
    def test_address_inside_a_private_network_is_never_asked(self, host: str, provider):
        address, heard = provider
        heard.clear()

        assert failure(f"http://{host}:{address.rpartition(':')[2]}/fine") == ("private", True, False)
        assert heard == []

    def test_name_that_leads_inside_is_refused_like_the_address(self, monkeypatch: pytest.MonkeyPatch):
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
        outside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: outside + inside)

        assert failure("https://provedor.example/") == ("private", True, False)

    @pytest.mark.parametrize(("errno", "permanent"), [(socket.EAI_NONAME, True), (socket.EAI_AGAIN, False)])
    def test_name_nobody_knows_is_lasting_and_a_silent_name_server_is_not(
        self, errno: int, permanent: bool, monkeypatch: pytest.MonkeyPatch
    ):
        def resolve(*_: object, **__: object) -> None:
            raise socket.gaierror(errno, "no")

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

        assert failure("https://provedor.example/") == ("dns", permanent, False)

    @pytest.mark.parametrize("url", ["ftp://8.8.8.8/file", "https://exam\x00ple/"])
    def test_what_is_no_address_is_a_mistake_that_stays(self, url: str):
        assert failure(url) == ("address", True, False)

    def test_environment_of_the_machine_names_no_proxy(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        with http.client() as client:
            assert (client.trust_env, client.follow_redirects, client.timeout) == (False, False, http.TIMEOUT)


def test_error_is_a_sentence_with_the_provider_s_code():
    assert str(ProviderError("O provedor caiu.", code="500")) == "O provedor caiu. [500]"
    assert str(ProviderError("O provedor caiu.")) == "O provedor caiu."
