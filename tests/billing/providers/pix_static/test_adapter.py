from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.pix.brcode import BrCodeKind, parse
from billing.providers.base import (
    ChargeRequest,
    ChargeStatus,
    DueTerms,
    PaymentProvider,
    ProviderCharge,
    Unsupported,
)
from billing.providers.pix_static.adapter import PixStaticProvider
from commons.http import ProviderError
from tests.billing.providers import contract

KEY = "11222333000181"


class PixStaticStage:
    def __init__(self, provider: PaymentProvider) -> None:
        self.provider = provider

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 15, tzinfo=UTC)

    def new_reference(self) -> str:
        return uuid4().hex[:25]

    def pay(self, charge: ProviderCharge) -> str:
        raise AssertionError("nobody could know that it was paid")

    def webhook_bodies(self, count: int) -> list[bytes]:
        raise AssertionError("nobody calls")


@pytest.fixture
def provider() -> PixStaticProvider:
    return PixStaticProvider(key=KEY, merchant_name="Escola Exemplo", merchant_city="Belo Horizonte")


@pytest.fixture
def stage(provider: PixStaticProvider) -> PixStaticStage:
    return PixStaticStage(provider)


class TestPixStatic(contract.MakesCharges, contract.KnowsItsLimits):
    pass


def test_create_charge_writes_amount_reference_and_purpose_into_the_code(provider: PixStaticProvider) -> None:
    charge = provider.create_charge(
        ChargeRequest(reference="T0172", amount=Decimal("100.00"), prompt="Mensalidade de novembro")
    )

    code = parse(charge.pix_code)
    assert (code.kind, code.key, code.amount, code.txid) == (
        BrCodeKind.STATIC,
        KEY,
        Decimal("100.00"),
        "T0172",
    )
    assert (code.description, code.merchant_name) == ("Mensalidade de novembro", "Escola Exemplo")
    assert (charge.status, charge.expires_at) == (ChargeStatus.ACTIVE, None)


def test_create_charge_with_a_due_date_is_unsupported(provider: PixStaticProvider) -> None:
    terms = DueTerms(
        due_on=date(2026, 12, 10), valid_days=60, fine_percent=Decimal(2), interest_percent_month=Decimal(1)
    )

    with pytest.raises(Unsupported) as refusal:
        provider.create_charge(ChargeRequest(reference="T0172", amount=Decimal("100.00"), due=terms))

    assert refusal.value.message == (
        "Um código Pix estático não calcula multa e juros: ele tem um valor fixo."
    )


@pytest.mark.parametrize(
    ("key", "amount", "sentence"),
    [
        ("não é chave", "1.00", "A chave Pix não tem um formato válido."),
        (KEY, "0.00", "O valor de um código Pix precisa ser maior que zero."),
    ],
)
def test_create_charge_that_no_code_can_say_is_a_permanent_error(
    key: str, amount: str, sentence: str
) -> None:
    provider = PixStaticProvider(key=key, merchant_name="Escola", merchant_city="Recife")

    with pytest.raises(ProviderError) as refusal:
        provider.create_charge(ChargeRequest(reference="T0172", amount=Decimal(amount)))

    assert (refusal.value.message, refusal.value.permanent) == (sentence, True)
