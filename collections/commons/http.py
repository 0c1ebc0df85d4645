"""The only door to outbound HTTP.

Every provider client of ours builds its `httpx.Client` here: bounded time, no redirects, addresses inside
private networks refused unless the settings name them, and one error type that says whether trying again
can help and whether the call may have had its effect.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

TIMEOUT = httpx.Timeout(20.0, connect=5.0)


@dataclass(eq=False)
class ProviderError(Exception):
    """A call to the outside failed.

    `message` is a sentence for people in Portuguese; `permanent`: trying again cannot help;
    `ambiguous`: the call may have had its effect (it must not be repeated blindly); `code`: the provider's.
    """

    message: str
    permanent: bool = False
    ambiguous: bool = False
    code: str = ""

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]" if self.code else self.message


def client(
    *, base_url: str = "", headers: dict[str, str] | None = None, certificate: tuple[str, str] | None = None
) -> httpx.Client:
    """A client whose every request passes the address check. Close it, or use it as a context manager.

    `certificate`: paths of our certificate and of its key (PEM), for providers that ask who calls.
    """
    return httpx.Client(
        base_url=base_url,
        headers=headers,
        verify=True if certificate is None else _showing(certificate),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [_refuse_private_address]},
    )


def _showing(certificate: tuple[str, str]) -> ssl.SSLContext:
    """TLS that trusts the authorities of the package and of the machine, and shows `certificate`."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.load_cert_chain(*certificate)
    return context


def send(http: httpx.Client, method: str, url: str, **kwargs: Any) -> httpx.Response:
    """One request. Network failures become `ProviderError`; HTTP statuses are the caller's to judge.

    A failure before the request could leave (no connection) is not ambiguous, one after it is.
    """
    try:
        return http.request(method, url, **kwargs)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ProviderError("O endereço do provedor não é válido.", permanent=True, code="address") from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ProviderError("O provedor não respondeu à conexão.", code="connect") from error
    except httpx.TimeoutException as error:
        raise ProviderError(
            "O provedor demorou demais para responder.", ambiguous=True, code="timeout"
        ) from error
    except httpx.RequestError as error:
        # The connection fell, or what came cannot be read: either way it may have been done.
        raise ProviderError("A conexão com o provedor caiu.", ambiguous=True, code="transport") from error


def _refuse_private_address(request: httpx.Request) -> None:
    allowed = {urlsplit(url).netloc for url in settings.OUTBOUND_PRIVATE_ALLOWED}
    if request.url.netloc.decode() in allowed:
        return
    try:
        found = socket.getaddrinfo(request.url.host, request.url.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        # A name server that is away for a moment says nothing about the name.
        lasting = error.errno != socket.EAI_AGAIN
        raise ProviderError("O endereço do provedor não existe.", permanent=lasting, code="dns") from error
    for *_, address in found:
        if not ipaddress.ip_address(address[0]).is_global:
            raise ProviderError(
                "O endereço do provedor é interno e não é permitido.", permanent=True, code="private"
            )
