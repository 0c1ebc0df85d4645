"""The API Pix over HTTP: one method per call we use, typed on both sides.

Every call is repeatable, because we choose every identifier (txid, refund id) ourselves; so timeouts and
5xx are tried again with the same one, and what still fails is a `ProviderError` that says whether the call
may have had its effect. Calls are never logged: they carry personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
import stamina
from pydantic import BaseModel, ValidationError

from billing.providers.pix_api.errors import NOT_FOUND, PixApiError, error_from
from billing.providers.pix_api.payloads import (
    CobPayload,
    CobRequest,
    CobvRequest,
    ReceivedPix,
    RefundPayload,
    amount_text,
    load,
)
from billing.providers.pix_api.token import TokenSource
from commons import http as outbound
from commons.http import ProviderError

REMOVED = {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"}

_ATTEMPTS = 3
_PAGE = 100
_PROMPT_LENGTH = 140
# Identifiers go into addresses, and some come from webhooks: nothing else may get there.
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,35}")
_CHARGE_TXID = re.compile(r"[A-Za-z0-9]{26,35}")
Payload = TypeVar("Payload", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class PixApiAccount:
    """Where and as whom the API is called.

    `base_url` carries whatever stands before `/cob`. `token_url` defaults to `/oauth/token` behind it.
    `certificate` and `certificate_key` are paths of PEM files for mutual TLS, which real providers demand.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    token_url: str = ""
    certificate: str = ""
    certificate_key: str = field(default="", repr=False)
    timeout: float = 20.0


class PixApiClient:
    """Close it, or use it as a context manager. Safe to share between threads."""

    def __init__(self, account: PixApiAccount) -> None:
        base_url = account.base_url.rstrip("/")
        certificate = (account.certificate, account.certificate_key) if account.certificate else None
        self._timeout = account.timeout
        self._http = outbound.client(base_url=base_url, certificate=certificate)
        self._tokens = TokenSource(
            self._http,
            url=account.token_url or f"{base_url}/oauth/token",
            client_id=account.client_id,
            client_secret=account.client_secret,
            timeout=account.timeout,
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- Immediate charges ----------------------------------------------------------------------------------

    def put_cob(self, txid: str, request: CobRequest) -> CobPayload:
        return _read(CobPayload, self._call("PUT", f"/cob/{_new_txid(txid)}", json=request.body()))

    def get_cob(self, txid: str) -> CobPayload:
        return _read(CobPayload, self._call("GET", f"/cob/{_id(txid)}"))

    def patch_cob(self, txid: str, changes: Mapping[str, Any]) -> CobPayload:
        """Changes the charge; `REMOVED` alone removes it."""
        return _read(CobPayload, self._call("PATCH", f"/cob/{_id(txid)}", json=dict(changes)))

    def list_cob(self, *, start: datetime, end: datetime) -> Iterator[CobPayload]:
        """Immediate charges created in the interval, page after page."""
        return (_read(CobPayload, item) for item in self._pages("/cob", "cobs", start=start, end=end))

    # --- Charges with a due date ----------------------------------------------------------------------------

    def put_cobv(self, txid: str, request: CobvRequest) -> CobPayload:
        return _read(CobPayload, self._call("PUT", f"/cobv/{_new_txid(txid)}", json=request.body()))

    def get_cobv(self, txid: str) -> CobPayload:
        return _read(CobPayload, self._call("GET", f"/cobv/{_id(txid)}"))

    def patch_cobv(self, txid: str, changes: Mapping[str, Any]) -> CobPayload:
        """Changes the charge; `REMOVED` alone removes it."""
        return _read(CobPayload, self._call("PATCH", f"/cobv/{_id(txid)}", json=dict(changes)))

    # --- Money ----------------------------------------------------------------------------------------------

    def get_pix(self, end_to_end_id: str) -> ReceivedPix:
        return _read(ReceivedPix, self._call("GET", f"/pix/{_id(end_to_end_id)}"))

    def list_pix(self, *, start: datetime, end: datetime) -> Iterator[ReceivedPix]:
        """Pix received in the interval, those to the bare key included, page after page."""
        return (_read(ReceivedPix, item) for item in self._pages("/pix", "pix", start=start, end=end))

    def refund(
        self, *, end_to_end_id: str, refund_id: str, amount: Decimal, reason: str = ""
    ) -> RefundPayload:
        body = {"valor": amount_text(amount)}
        if reason:
            body["descricao"] = reason[:_PROMPT_LENGTH]
        path = f"/pix/{_id(end_to_end_id)}/devolucao/{_id(refund_id)}"
        return _read(RefundPayload, self._call("PUT", path, json=body))

    def get_refund(self, *, end_to_end_id: str, refund_id: str) -> RefundPayload:
        path = f"/pix/{_id(end_to_end_id)}/devolucao/{_id(refund_id)}"
        return _read(RefundPayload, self._call("GET", path))

    # --- Webhook --------------------------------------------------------------------------------------------

    def put_webhook(self, *, key: str, url: str) -> None:
        """Asks the provider to call `url` + `/pix` for every Pix with a txid that reaches `key`."""
        self._call("PUT", f"/webhook/{quote(key, safe='')}", json={"webhookUrl": url})

    def get_webhook(self, *, key: str) -> str | None:
        """The address in force for `key`, None when there is none."""
        try:
            body = self._call("GET", f"/webhook/{quote(key, safe='')}")
        except PixApiError as error:
            if error.status == NOT_FOUND:
                return None
            raise
        url = body.get("webhookUrl") if isinstance(body, dict) else None
        return url if isinstance(url, str) else None

    # --- Underneath -----------------------------------------------------------------------------------------

    def _pages(self, path: str, name: str, *, start: datetime, end: datetime) -> Iterator[Any]:
        page = 0
        while True:
            query: dict[str, str | int] = {
                "inicio": _rfc3339(start),
                "fim": _rfc3339(end),
                "paginacao.paginaAtual": page,
                "paginacao.itensPorPagina": _PAGE,
            }
            body = self._call("GET", path, params=query)
            if not isinstance(body, dict):
                raise _unreadable()
            yield from body.get(name) or []
            page += 1
            if page >= _page_count(body):
                return

    def _call(self, method: str, path: str, **parts: Any) -> Any:
        """One call with its repetitions; the parsed answer, None when it has no body."""
        # The context form on purpose: the decorator hands the arguments, personal data, to the retry log.
        for attempt in stamina.retry_context(on=_worth_another_try, attempts=_ATTEMPTS, timeout=None):
            with attempt:
                response = self._authorized(method, path, **parts)
                if not response.is_success:
                    raise error_from(response)
        return load(response.content) if response.content else None

    def _authorized(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """A request with the token; a token refused before its time is renewed once."""
        token = self._tokens.get()
        response = self._send(method, path, token, **parts)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._tokens.forget(token)
            response = self._send(method, path, self._tokens.get(), **parts)
        return response

    def _send(self, method: str, path: str, token: str, **parts: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return outbound.send(self._http, method, path, headers=headers, timeout=self._timeout, **parts)


def _id(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        raise ProviderError("O identificador não é um identificador Pix.", permanent=True, code="identifier")
    return value


def _new_txid(value: str) -> str:
    if not _CHARGE_TXID.fullmatch(value):
        raise ProviderError(
            "O identificador de uma cobrança Pix tem de 26 a 35 letras ou algarismos.",
            permanent=True,
            code="identifier",
        )
    return value


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, ProviderError) and not error.permanent


def _read(model: type[Payload], body: Any) -> Payload:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise _unreadable() from error


def _unreadable() -> ProviderError:
    return ProviderError(
        "O banco respondeu em um formato que não conhecemos.", permanent=True, code="unreadable"
    )


def _page_count(body: Mapping[str, Any]) -> int:
    """How many pages the provider says there are; one where it does not say."""
    parameters = body.get("parametros")
    paging = parameters.get("paginacao") if isinstance(parameters, dict) else None
    count = paging.get("quantidadeDePaginas") if isinstance(paging, dict) else None
    return count if isinstance(count, int) else 1


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
