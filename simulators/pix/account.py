"""The creditor as this provider knows it: credentials, tokens, Pix keys and the name that payers see."""

import hmac
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from simulators.settings import SimulatorSettings
from simulators.store import Store

DEFAULT_CLIENT_ID = "em-dia-demo"
DEFAULT_CLIENT_SECRET = "pix-demo-secret"  # noqa: S105 -- opens nothing but this simulator
DEFAULT_KEY = "5f1a9f6e-6c0b-4d57-9a3e-2f4f6f0c8b11"
TOKEN_SECONDS = 3600
SCOPES = frozenset(
    f"{resource}.{access}"
    for resource in ("cob", "cobv", "pix", "webhook", "payloadlocation")
    for access in ("read", "write")
)

_TOKENS = "pix.tokens"
_SETTINGS = "pix.settings"
_PAYEE = "payee"
_KEYS = "keys"


class Account:
    """One receiver with one set of credentials. Tokens live in real time, whatever day the demo plays."""

    def __init__(
        self, settings: SimulatorSettings, store: Store, *, real_time: Callable[[], float] = time.time
    ) -> None:
        """Read credentials and main key from the settings; payee and further keys from the store."""
        self._client_id = settings.pix.client_id or DEFAULT_CLIENT_ID
        self._client_secret = settings.pix.client_secret or DEFAULT_CLIENT_SECRET
        self.main_key = settings.pix.key or DEFAULT_KEY
        self._name = settings.whatsapp.verified_name
        self._store = store
        self._real_time = real_time

    def accepts(self, client_id: str, client_secret: str) -> bool:
        """Return whether these are the creditor's credentials."""
        right_id = hmac.compare_digest(client_id.encode(), self._client_id.encode())
        return hmac.compare_digest(client_secret.encode(), self._client_secret.encode()) and right_id

    def issue_token(self, scopes: frozenset[str]) -> str:
        """Return a new access token that opens these scopes."""
        token = uuid4().hex
        expires = self._real_time() + TOKEN_SECONDS
        self._store.put(_TOKENS, token, {"expires": expires, "scopes": sorted(scopes)})
        return token

    def scopes_of(self, token: str) -> frozenset[str] | None:
        """Return what a token opens; None when it is unknown or expired."""
        doc = self._store.get(_TOKENS, token)
        if doc is None or self._real_time() >= doc["expires"]:
            return None
        return frozenset(doc["scopes"])

    def expire_tokens(self) -> int:
        """Make every token worthless before its time; return how many there were."""
        tokens = self._store.keys(_TOKENS)
        for token in tokens:
            self._store.delete(_TOKENS, token)
        return len(tokens)

    @property
    def keys(self) -> frozenset[str]:
        """The Pix keys of the creditor."""
        doc = self._store.get(_SETTINGS, _KEYS) or {"keys": []}
        return frozenset({self.main_key, *doc["keys"]})

    def add_keys(self, keys: list[str]) -> None:
        """Give the creditor more keys."""
        self._store.put(_SETTINGS, _KEYS, {"keys": sorted((self.keys | set(keys)) - {self.main_key})})

    @property
    def payee(self) -> dict[str, Any]:
        """The receiver as the API writes it (`recebedor`)."""
        return {
            "cnpj": "11222333000181",
            "nome": self._name,
            "nomeFantasia": self._name,
            "logradouro": "Rua das Palmeiras, 100",
            "cidade": "São Paulo",
            "uf": "SP",
            "cep": "01001000",
        } | (self._store.get(_SETTINGS, _PAYEE) or {})

    def change_payee(self, facts: dict[str, Any]) -> None:
        """Change what payers see."""
        self._store.put(_SETTINGS, _PAYEE, (self._store.get(_SETTINGS, _PAYEE) or {}) | facts)
