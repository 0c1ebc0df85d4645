"""The API Pix behind the port of `billing.providers.base`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import override

from billing.pix.brcode import build_dynamic
from billing.providers.base import (
    Capability,
    ChargeRequest,
    ChargeStatus,
    Components,
    Payer,
    PaymentProvider,
    ProviderCharge,
    ProviderRefund,
    ReceivedPayment,
    RefundStatus,
)
from billing.providers.pix_api.client import REMOVED, PixApiClient
from billing.providers.pix_api.errors import NOT_FOUND, PixApiError
from billing.providers.pix_api.payloads import (
    CobPayload,
    CobRequest,
    CobvRequest,
    Debtor,
    ReceivedPix,
    RefundPayload,
)
from billing.providers.pix_api.webhook import parse_webhook
from commons.http import ProviderError

_DEFAULT_VALIDITY = timedelta(days=1)
_STATUSES = {
    "ATIVA": ChargeStatus.ACTIVE,
    "CONCLUIDA": ChargeStatus.PAID,
    "REMOVIDA_PELO_USUARIO_RECEBEDOR": ChargeStatus.CLOSED,
    "REMOVIDA_PELO_PSP": ChargeStatus.CLOSED,
}
_REFUND_STATUSES = {
    "EM_PROCESSAMENTO": RefundStatus.PROCESSING,
    "DEVOLVIDO": RefundStatus.DONE,
    "NAO_REALIZADO": RefundStatus.FAILED,
}


class PixApiProvider(PaymentProvider):
    """One Pix key at one provider that speaks the API Pix.

    `merchant_name` and `merchant_city` are written into codes that we must build ourselves, when the provider
    answers with the charge's location only.
    """

    name = "pix_api"
    capabilities = frozenset(Capability)

    def __init__(self, client: PixApiClient, *, key: str, merchant_name: str, merchant_city: str) -> None:
        self._client = client
        self._key = key
        self._merchant_name = merchant_name
        self._merchant_city = merchant_city

    @override
    def create_charge(self, request: ChargeRequest) -> ProviderCharge:
        try:
            return self._charge(self._put(request))
        except PixApiError as refusal:
            if not refusal.permanent:
                raise
            return self._already_made(request, refusal)

    @override
    def get_charge(self, charge_id: str) -> ProviderCharge:
        return self._charge(self._find(charge_id))

    @override
    def close_charge(self, charge_id: str) -> ProviderCharge:
        found = self._find(charge_id)
        if _status(found) is not ChargeStatus.ACTIVE:
            return self._charge(found)
        patch = self._client.patch_cobv if found.due_on else self._client.patch_cob
        try:
            return self._charge(patch(charge_id, REMOVED))
        except PixApiError as refusal:
            if not refusal.permanent:
                raise
            # Paid or removed in between, perhaps by our own first try; what it is now decides.
            now_is = self._find(charge_id)
            if _status(now_is) is ChargeStatus.ACTIVE:
                raise
            return self._charge(now_is)

    @override
    def get_payment(self, payment_id: str) -> ReceivedPayment:
        return _payment(self._client.get_pix(payment_id))

    @override
    def list_received(self, *, since: datetime, until: datetime) -> Iterator[ReceivedPayment]:
        return map(_payment, self._client.list_pix(start=since, end=until))

    @override
    def parse_webhook(self, body: bytes) -> list[ReceivedPayment]:
        return [_payment(pix) for pix in parse_webhook(body)]

    @override
    def refund(self, *, payment_id: str, refund_id: str, amount: Decimal, reason: str) -> ProviderRefund:
        try:
            found = self._client.refund(
                end_to_end_id=payment_id, refund_id=refund_id, amount=amount, reason=reason
            )
        except PixApiError as refusal:
            if not refusal.permanent:
                raise
            found = self._refund_already_made(payment_id, refund_id, amount, refusal)
        return _refund(found)

    def _put(self, request: ChargeRequest) -> CobPayload:
        debtor = Debtor(request.payer.document, request.payer.name) if request.payer else None
        if request.due is None:
            valid_for = _DEFAULT_VALIDITY if request.valid_for is None else request.valid_for
            seconds = int(valid_for.total_seconds())
            if seconds < 1:
                raise ProviderError("A cobrança já nasceria vencida.", permanent=True, code="expired")
            immediate = CobRequest(
                amount=request.amount,
                key=self._key,
                expires_in=seconds,
                debtor=debtor,
                prompt=request.prompt,
            )
            return self._client.put_cob(request.reference, immediate)
        if debtor is None:
            raise ProviderError(
                "Uma cobrança com vencimento precisa de nome e CPF ou CNPJ.", permanent=True, code="payer"
            )
        with_due_date = CobvRequest(
            amount=request.amount,
            key=self._key,
            due_on=request.due.due_on,
            valid_days=request.due.valid_days,
            debtor=debtor,
            fine_percent=request.due.fine_percent,
            interest_percent_month=request.due.interest_percent_month,
            prompt=request.prompt,
        )
        return self._client.put_cobv(request.reference, with_due_date)

    def _already_made(self, request: ChargeRequest, refusal: PixApiError) -> ProviderCharge:
        """Some providers refuse a txid that exists instead of repeating their answer."""
        try:
            found = self._find(request.reference)
        except ProviderError:
            raise refusal from None
        due_on = request.due.due_on if request.due else None
        if (found.amount, found.due_on) != (request.amount, due_on):
            raise refusal
        return self._charge(found)

    def _refund_already_made(
        self, payment_id: str, refund_id: str, amount: Decimal, refusal: PixApiError
    ) -> RefundPayload:
        try:
            found = self._client.get_refund(end_to_end_id=payment_id, refund_id=refund_id)
        except ProviderError:
            raise refusal from None
        if found.amount != amount:
            raise refusal
        return found

    def _find(self, charge_id: str) -> CobPayload:
        """A txid is unique over both kinds of charge; immediate ones are the many."""
        try:
            return self._client.get_cob(charge_id)
        except PixApiError as refusal:
            if refusal.status != NOT_FOUND:
                raise
        return self._client.get_cobv(charge_id)

    def _charge(self, cob: CobPayload) -> ProviderCharge:
        return ProviderCharge(
            charge_id=cob.txid,
            status=_status(cob),
            amount=cob.amount,
            pix_code=cob.code or self._own_code(cob.location),
            expires_at=_expiry(cob),
            due_on=cob.due_on,
            payments=tuple(map(_payment, cob.pix)),
        )

    def _own_code(self, location: str) -> str:
        """The API may leave the code to us. A charge taken off its location has none."""
        if not location:
            return ""
        return build_dynamic(
            url=location.rpartition("://")[2],
            merchant_name=self._merchant_name,
            merchant_city=self._merchant_city,
        )


def _status(cob: CobPayload) -> ChargeStatus:
    return _STATUSES.get(cob.status, ChargeStatus.UNKNOWN)


def _expiry(cob: CobPayload) -> datetime | None:
    if cob.due_on is not None or cob.expires_in is None:
        return None
    return cob.created_at + timedelta(seconds=cob.expires_in)


def _payment(pix: ReceivedPix) -> ReceivedPayment:
    parts = pix.components
    return ReceivedPayment(
        payment_id=pix.end_to_end_id,
        charge_id=pix.txid or None,
        amount=pix.amount,
        paid_at=pix.at,
        components=Components(
            original=parts.original,
            fine=parts.fine,
            interest=parts.interest,
            rebate=parts.rebate,
            discount=parts.discount,
        )
        if parts
        else None,
        payer=Payer(name=pix.payer.name, document=pix.payer.document) if pix.payer else None,
        payer_message=pix.message,
        refunds=tuple(map(_refund, pix.refunds)),
    )


def _refund(refund: RefundPayload) -> ProviderRefund:
    return ProviderRefund(
        refund_id=refund.refund_id,
        amount=refund.amount,
        status=_REFUND_STATUSES.get(refund.status, RefundStatus.UNKNOWN),
        forced=refund.nature.startswith("MED"),
        settled_at=refund.settled_at,
    )
