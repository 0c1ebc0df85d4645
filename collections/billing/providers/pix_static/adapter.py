"""Static codes behind the port. Nobody is asked, so nothing is known afterwards.

A static code does not expire, cannot be withdrawn and can be paid any number of times: consistency is left to
whoever receives the money. It is for organisations whose bank gives them nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from typing_extensions import override

from billing.pix.brcode import InvalidBrCode, build_static
from billing.providers.base import (
    Capability,
    ChargeRequest,
    ChargeStatus,
    PaymentProvider,
    ProviderCharge,
    ProviderRefund,
    ReceivedPayment,
    Unsupported,
)
from commons.http import ProviderError

_REFERENCE = re.compile(r"[A-Za-z0-9]{1,25}")


class PixStaticProvider(PaymentProvider):
    """Codes that pay into `key`; `reference` becomes the txid, which the statement shows (25 characters)."""

    name = "pix_static"
    capabilities: frozenset[Capability] = frozenset()

    def __init__(self, *, key: str, merchant_name: str, merchant_city: str) -> None:
        self._key = key
        self._merchant_name = merchant_name
        self._merchant_city = merchant_city

    @override
    def create_charge(self, request: ChargeRequest) -> ProviderCharge:
        if request.due is not None:
            raise Unsupported("Um código Pix estático não calcula multa e juros: ele tem um valor fixo.")
        if not _REFERENCE.fullmatch(request.reference):
            raise ProviderError(
                "O identificador de um código estático tem de 1 a 25 letras ou algarismos.",
                permanent=True,
                code="reference",
            )
        try:
            code = build_static(
                key=self._key,
                merchant_name=self._merchant_name,
                merchant_city=self._merchant_city,
                amount=request.amount,
                txid=request.reference,
                description=request.prompt,
            )
        except InvalidBrCode as error:
            raise ProviderError(str(error), permanent=True, code="code") from error
        return ProviderCharge(
            charge_id=request.reference, status=ChargeStatus.ACTIVE, amount=request.amount, pix_code=code
        )

    @override
    def get_charge(self, charge_id: str) -> ProviderCharge:
        _refuse("Não há a quem perguntar se um código Pix estático foi pago: confira o extrato.")

    @override
    def close_charge(self, charge_id: str) -> ProviderCharge:
        _refuse("Um código Pix estático não pode ser cancelado.")

    @override
    def get_payment(self, payment_id: str) -> ReceivedPayment:
        _refuse("Sem a API do banco, um Pix recebido só aparece no extrato.")

    @override
    def list_received(self, *, since: datetime, until: datetime) -> Iterator[ReceivedPayment]:
        _refuse("Sem a API do banco, os Pix recebidos só aparecem no extrato.")

    @override
    def parse_webhook(self, body: bytes) -> list[ReceivedPayment]:
        _refuse("Um código Pix estático não gera avisos de pagamento.")

    @override
    def refund(self, *, payment_id: str, refund_id: str, amount: Decimal, reason: str) -> ProviderRefund:
        _refuse("Sem a API do banco, a devolução é feita no aplicativo do banco.")


def _refuse(sentence: str) -> NoReturn:
    raise Unsupported(sentence)
