"""Calls to the Graph API: one address, one token, every failure a `ChannelError`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from commons import http
from conversations.channels.errors import ChannelError
from conversations.channels.whatsapp.errors import classify, from_network

_JUST_FAILED = "O WhatsApp não atendeu ao pedido."


@dataclass(frozen=True, slots=True)
class Graph:
    """The API at `base_url` in one version (`v25.0`), as the holder of `token`."""

    base_url: str
    version: str
    token: str = field(repr=False)
    connection: httpx.Client = field(default_factory=http.client, repr=False)

    def close(self) -> None:
        self.connection.close()

    @property
    def origin(self) -> tuple[str, str]:
        """(scheme, host and port) of the API itself."""
        parts = urlsplit(self.base_url)
        return parts.scheme, parts.netloc

    def call(self, method: str, *path: str, repeatable: bool = True, **request: Any) -> dict[str, Any]:
        """The JSON object answered to `method` on `path` (segments, escaped here).

        `repeatable`: asking twice does no harm, so a failure is never ambiguous. Raises ChannelError.
        """
        segments = "/".join(quote(segment, safe="") for segment in path)
        url = f"{self.base_url.rstrip('/')}/{self.version}/{segments}"
        try:
            return _object(self.request(method, url, **request))
        except ChannelError as error:
            if repeatable and error.ambiguous:
                raise replace(error, message=_JUST_FAILED, ambiguous=False) from error
            raise

    def request(self, method: str, url: str, **request: Any) -> httpx.Response:
        """One request with our token, to an address the caller has checked. Raises ChannelError."""
        try:
            response = http.send(
                self.connection, method, url, headers={"Authorization": f"Bearer {self.token}"}, **request
            )
        except http.ProviderError as failure:
            raise from_network(failure) from failure
        if not response.is_success:
            raise classify(_answer(response), http_status=response.status_code)
        return response


def _object(response: httpx.Response) -> dict[str, Any]:
    answer = _answer(response)
    if answer is None or "error" in answer:
        raise classify(answer, http_status=response.status_code)
    return answer


def _answer(response: httpx.Response) -> dict[str, Any] | None:
    """The JSON object in the body; None for anything else."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
