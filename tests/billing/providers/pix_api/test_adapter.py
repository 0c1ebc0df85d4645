import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.charges import LateChargeTerms, late_charge
from billing.pix.brcode import build_dynamic
from billing.providers.base import (
    ChargeRequest,
    ChargeStatus,
    Components,
    DueTerms,
    Payer,
    RefundStatus,
)
from billing.providers.pix_api.adapter import PixApiProvider
from billing.providers.pix_api.client import PixApiClient
from commons.http import ProviderError
from tests.billing.providers.canned import CannedServer
from tests.simulators.pix.world import KEY, PixWorld, new_txid

NOON = datetime(2026, 10, 5, 15, tzinfo=UTC)
ANA = Payer(name="Ana Souza", document="52998224725")


@pytest.fixture
def provider(world: PixWorld, client: PixApiClient) -> PixApiProvider:
    world.set_clock(NOON.isoformat())
    return PixApiProvider(client, key=KEY, merchant_name="Academia", merchant_city="Recife")


@pytest.fixture
def canned_provider(canned_client: PixApiClient) -> PixApiProvider:
    return PixApiProvider(canned_client, key=KEY, merchant_name="Academia", merchant_city="Recife")


def fixed(amount: str = "89.90", **changes: Any) -> ChargeRequest:
    facts: dict[str, Any] = {
        "reference": new_txid(),
        "amount": Decimal(amount),
        "valid_for": timedelta(hours=9),
        "payer": ANA,
    }
    return ChargeRequest(**(facts | changes))


def with_due_date(amount: str = "349.90", **changes: Any) -> ChargeRequest:
    due = DueTerms(
        due_on=date(2026, 10, 7), valid_days=90, fine_percent=Decimal(2), interest_percent_month=Decimal(1)
    )
    return fixed(amount, valid_for=None, due=due, **changes)


def charge_body(txid: str, **changes: Any) -> bytes:
    body = {
        "txid": txid,
        "status": "ATIVA",
        "valor": {"original": "89.90"},
        "calendario": {"criacao": "2026-10-05T15:00:00Z", "expiracao": 60},
        "loc": {"location": "pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca25"},
    }
    return json.dumps(body | changes).encode()


def test_create_charge_expires_after_the_time_that_was_asked_for(provider: PixApiProvider) -> None:
    assert provider.create_charge(fixed()).expires_at == NOON + timedelta(hours=9)
    assert provider.create_charge(fixed(valid_for=None)).expires_at == NOON + timedelta(days=1)


def test_create_charge_that_would_be_born_expired_never_leaves(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    with pytest.raises(ProviderError) as refusal:
        canned_provider.create_charge(fixed(valid_for=timedelta(0)))

    assert (refusal.value.message, canned.seen) == ("A cobrança já nasceria vencida.", [])


def test_create_charge_with_due_date_is_paid_with_the_charges_of_the_day(
    world: PixWorld, provider: PixApiProvider
) -> None:
    charge = provider.create_charge(with_due_date())
    world.set_clock("2026-11-21T15:00:00+00:00")
    world.bank("pay", code=charge.pix_code, payer_name="Ana")

    (payment,) = provider.get_charge(charge.charge_id).payments

    ours = late_charge(
        principal=Decimal("349.90"), due_on=date(2026, 10, 7), on=date(2026, 11, 21), terms=LateChargeTerms()
    )
    assert (charge.due_on, charge.expires_at) == (date(2026, 10, 7), None)
    assert payment.amount == ours.total == Decimal("362.13")
    assert payment.components == Components(
        original=ours.principal,
        fine=ours.fine,
        interest=ours.interest,
        rebate=Decimal(0),
        discount=Decimal(0),
    )


def test_create_charge_with_due_date_needs_a_payer(provider: PixApiProvider) -> None:
    with pytest.raises(ProviderError) as refusal:
        provider.create_charge(with_due_date(payer=None))

    assert (refusal.value.permanent, refusal.value.code) == (True, "payer")


def test_create_charge_again_after_it_was_paid_answers_the_paid_charge(
    world: PixWorld, provider: PixApiProvider
) -> None:
    request = fixed()
    provider.create_charge(request)
    world.control("pay", txid=request.reference)

    # Another purpose makes it another request, which the provider refuses; the money asked for is the same.
    again = provider.create_charge(fixed(reference=request.reference, prompt="outra vez"))

    assert (again.status, len(again.payments)) == (ChargeStatus.PAID, 1)


@pytest.mark.parametrize(
    "change", [{"amount": Decimal("99.90")}, {"due": with_due_date().due, "valid_for": None}]
)
def test_create_charge_with_a_used_reference_and_other_money_is_refused(
    world: PixWorld, provider: PixApiProvider, change: dict[str, Any]
) -> None:
    request = fixed()
    provider.create_charge(request)
    world.control("pay", txid=request.reference)

    with pytest.raises(ProviderError) as refusal:
        provider.create_charge(fixed(**{"reference": request.reference} | change))

    assert refusal.value.permanent


def test_create_charge_refused_tells_the_first_reason_even_when_looking_back_fails(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    request = fixed()
    path = f"/cob/{request.reference}"
    canned.answer("PUT", path, (400, b'{"type": "https://x.example/CobOperacaoInvalida"}'))
    canned.answer("GET", path, (503, b""))

    with pytest.raises(ProviderError) as refusal:
        canned_provider.create_charge(request)

    assert refusal.value.code == "CobOperacaoInvalida"


def test_create_charge_answered_without_a_code_gets_one_of_ours(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    request = fixed()
    canned.answer("PUT", f"/cob/{request.reference}", (201, charge_body(request.reference)))

    assert canned_provider.create_charge(request).pix_code == build_dynamic(
        url="pix.example.com/qr/v2/9d36b84fc70b478fb95c12729b90ca25",
        merchant_name="Academia",
        merchant_city="Recife",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pixCopiaECola": "000201..."}, "000201..."),
        ({"loc": {"location": "https://pix.example.com/a"}}, None),
        ({"loc": None}, ""),
    ],
)
def test_get_charge_takes_the_code_from_wherever_there_is_one(
    canned: CannedServer, canned_provider: PixApiProvider, changes: dict[str, Any], code: str | None
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (200, charge_body(txid, **changes)))
    expected = (
        code
        if code is not None
        else build_dynamic(url="pix.example.com/a", merchant_name="Academia", merchant_city="Recife")
    )

    assert canned_provider.get_charge(txid).pix_code == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ATIVA", ChargeStatus.ACTIVE),
        ("CONCLUIDA", ChargeStatus.PAID),
        ("REMOVIDA_PELO_USUARIO_RECEBEDOR", ChargeStatus.CLOSED),
        ("REMOVIDA_PELO_PSP", ChargeStatus.CLOSED),
        ("SUSPENSA", ChargeStatus.UNKNOWN),
    ],
)
def test_get_charge_translates_every_status_and_admits_what_it_does_not_know(
    canned: CannedServer, canned_provider: PixApiProvider, status: str, expected: ChargeStatus
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (200, charge_body(txid, status=status)))

    assert canned_provider.get_charge(txid).status is expected


def test_get_charge_in_trouble_does_not_take_it_for_the_other_kind(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (503, b""))

    with pytest.raises(ProviderError) as refusal:
        canned_provider.get_charge(txid)

    assert (refusal.value.permanent, ("GET", f"/cobv/{txid}") in canned.seen) == (False, False)


def test_close_charge_with_due_date_closes_it(provider: PixApiProvider) -> None:
    charge = provider.create_charge(with_due_date())

    assert provider.close_charge(charge.charge_id).status is ChargeStatus.CLOSED


def test_close_charge_that_is_paid_in_the_same_moment_says_so(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    txid = new_txid()
    active, paid = charge_body(txid), charge_body(txid, status="CONCLUIDA")
    canned.answer("GET", f"/cob/{txid}", (200, active), (200, paid))
    canned.answer("PATCH", f"/cob/{txid}", (400, b"{}"))

    assert canned_provider.close_charge(txid).status is ChargeStatus.PAID


@pytest.mark.parametrize("status", [400, 503])
def test_close_charge_that_stays_open_is_an_error(
    canned: CannedServer, canned_provider: PixApiProvider, status: int
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (200, charge_body(txid)))
    canned.answer("PATCH", f"/cob/{txid}", (status, b"{}"))

    with pytest.raises(ProviderError) as refusal:
        canned_provider.close_charge(txid)

    assert refusal.value.permanent == (status == 400)


def test_close_charge_in_an_unknown_state_leaves_it_alone(
    canned: CannedServer, canned_provider: PixApiProvider
) -> None:
    txid = new_txid()
    canned.answer("GET", f"/cob/{txid}", (200, charge_body(txid, status="SUSPENSA")))

    assert canned_provider.close_charge(txid).status is ChargeStatus.UNKNOWN
    assert ("PATCH", f"/cob/{txid}") not in canned.seen


def test_payment_of_a_static_code_has_its_txid_and_of_the_bare_key_none(
    world: PixWorld, provider: PixApiProvider
) -> None:
    bare = world.control("pay", key=KEY, amount="5.00", payer_name="Bia", message="mensalidade")

    payment = provider.get_payment(bare["end_to_end_id"])

    assert (payment.charge_id, payment.amount, payment.paid_at) == (None, Decimal("5.00"), NOON)
    assert (payment.payer, payment.payer_message) == (Payer(name="Bia", document=""), "mensalidade")
    assert "Bia" not in repr(payment)


def test_refund_taken_by_the_payment_system_is_marked_as_forced(
    world: PixWorld, provider: PixApiProvider
) -> None:
    charge = provider.create_charge(fixed())
    payment_id = world.control("pay", txid=charge.charge_id)["end_to_end_id"]

    world.control("med", end_to_end_id=payment_id, amount="50.00")

    (refund,) = provider.get_payment(payment_id).refunds
    assert (refund.amount, refund.forced, refund.status) == (Decimal("50.00"), True, RefundStatus.DONE)


def test_refund_starts_as_processing_and_may_fail(world: PixWorld, provider: PixApiProvider) -> None:
    charge = provider.create_charge(fixed())
    payment_id = world.control("pay", txid=charge.charge_id)["end_to_end_id"]
    world.control("fail", point="refund")

    ordered = provider.refund(
        payment_id=payment_id, refund_id="volta1", amount=Decimal("1.00"), reason="em dobro"
    )

    assert ordered.status is RefundStatus.PROCESSING
    assert [refund.status for refund in provider.get_payment(payment_id).refunds] == [RefundStatus.FAILED]


def test_refund_with_a_used_id_and_another_amount_is_refused(
    world: PixWorld, provider: PixApiProvider
) -> None:
    charge = provider.create_charge(fixed())
    payment_id = world.control("pay", txid=charge.charge_id)["end_to_end_id"]
    provider.refund(payment_id=payment_id, refund_id="volta1", amount=Decimal("1.00"), reason="")

    with pytest.raises(ProviderError) as refusal:
        provider.refund(payment_id=payment_id, refund_id="volta1", amount=Decimal("2.00"), reason="")

    assert refusal.value.code == "PixDevolucaoInvalida"


def test_refund_whose_answer_was_lost_is_found_and_not_made_twice(
    world: PixWorld, provider: PixApiProvider
) -> None:
    charge = provider.create_charge(fixed())
    payment_id = world.control("pay", txid=charge.charge_id)["end_to_end_id"]
    world.control("drop", point="api", after=True, match={"operation": "put_devolucao"})

    refund = provider.refund(payment_id=payment_id, refund_id="volta1", amount=Decimal("1.00"), reason="")

    world.forget_broken_answer()
    assert refund.status is RefundStatus.DONE
    assert len(provider.get_payment(payment_id).refunds) == 1
