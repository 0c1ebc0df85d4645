"""The access token: OAuth 2 client credentials, kept until shortly before it ends.

Time here is the machine's, not business time: a token does not care which day the demo plays.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from billing.providers.pix_api.errors import error_from
from billing.providers.pix_api.payloads import load
from commons.http import ProviderError, send

SCOPES = "cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read webhook.write"

_DEFAULT_SECONDS = 300
# Renewed this much before the end, or after nine tenths of a shorter life.
_MARGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    fresh_until: float


class TokenSource:
    """One token shared by all threads of a process."""

    def __init__(
        self,
        http: httpx.Client,
        *,
        url: str,
        client_id: str,
        client_secret: str,
        timeout: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = url
        self._auth = (client_id, client_secret)
        self._timeout = timeout
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def get(self) -> str:
        """The token in force, asked for anew when there is none. Raises ProviderError."""
        with self._lock:
            if self._token is None or self._monotonic() >= self._token.fresh_until:
                self._token = self._ask()
            return self._token.value

    def forget(self, value: str) -> None:
        """Drops `value`, which the provider refused, unless another thread has already renewed it."""
        with self._lock:
            if self._token is not None and self._token.value == value:
                self._token = None

    def _ask(self) -> _Token:
        response = send(
            self._http,
            "POST",
            self._url,
            auth=self._auth,
            data={"grant_type": "client_credentials", "scope": SCOPES},
            timeout=self._timeout,
        )
        if not response.is_success:
            raise error_from(response)
        body = load(response.content)
        value = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(value, str) or not value:
            raise ProviderError("O banco não emitiu um token de acesso.", permanent=True, code="token")
        seconds = int(body.get("expires_in") or _DEFAULT_SECONDS)
        fresh = max(seconds - _MARGIN_SECONDS, seconds * 9 // 10)
        return _Token(value=value, fresh_until=self._monotonic() + fresh)
