"""Which payment provider is in use, made from settings and organisation.

Pix goes through the API of the creditor's bank where one is set (`PIX_API_URL`), else through static codes.
The key of the organisation wins over the one in the environment, which only seeds it.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from django.conf import settings

from billing.providers.base import PaymentProvider
from billing.providers.pix_api.adapter import PixApiProvider
from billing.providers.pix_api.client import PixApiAccount, PixApiClient
from billing.providers.pix_static.adapter import PixStaticProvider
from commons.http import ProviderError
from commons.models import Organisation

_making = threading.Lock()


def pix_provider() -> PaymentProvider:
    """The provider that new Pix codes come from. Raises ProviderError when nothing is set up."""
    return provider_named(PixApiProvider.name if settings.PIX_API_URL else PixStaticProvider.name)


def provider_named(name: str) -> PaymentProvider:
    """The provider of this name, also for what was made before another came into use.

    Raises ProviderError when it is not set up (any more).
    """
    organisation = Organisation.current()
    if name == PixStaticProvider.name:
        return PixStaticProvider(
            key=_pix_key(organisation),
            merchant_name=organisation.trade_name,
            merchant_city=organisation.city,
        )
    if name == PixApiProvider.name and settings.PIX_API_URL:
        return PixApiProvider(
            pix_api_client(),
            key=_pix_key(organisation),
            merchant_name=organisation.trade_name,
            merchant_city=organisation.city,
        )
    raise ProviderError(
        "Este provedor de pagamentos não está configurado.", permanent=True, code="not-set-up"
    )


def pix_api_client() -> PixApiClient:
    """The client of the bank's API, one per process and credential: it keeps connections and token.

    Raises ProviderError when no API is set.
    """
    if not settings.PIX_API_URL:
        raise ProviderError("A API Pix do banco não está configurada.", permanent=True, code="not-set-up")
    account = PixApiAccount(
        base_url=settings.PIX_API_URL,
        client_id=settings.PIX_CLIENT_ID,
        client_secret=settings.PIX_CLIENT_SECRET,
        certificate=settings.PIX_CERTIFICATE,
        certificate_key=settings.PIX_CERTIFICATE_KEY,
    )
    # The cache alone would let two threads make one each.
    with _making:
        return _client(account)


def pix_key() -> str:
    """The creditor's Pix key. Raises ProviderError when there is none."""
    return _pix_key(Organisation.current())


def _pix_key(organisation: Organisation) -> str:
    key = organisation.pix_key or settings.PIX_KEY
    if not key:
        raise ProviderError("A organização ainda não tem uma chave Pix.", permanent=True, code="not-set-up")
    return str(key)


@lru_cache(maxsize=4)
def _client(account: PixApiAccount) -> PixApiClient:
    return PixApiClient(account)
