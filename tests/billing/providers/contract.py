"""What every payment provider must do, whatever it speaks. A provider's test takes the classes that apply.

`Stage` is the provider with somebody behind it who can pay.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

import pytest

from billing.pix.brcode import parse
from billing.providers.base import (
    Capability,
    ChargeRequest,
    ChargeStatus,
    PaymentProvider,
    ProviderCharge,
    ProviderRefund,
    RefundStatus,
    Unsupported,
)
from commons.http import ProviderError

AMOUNT = Decimal("89.90")


class Stage(Protocol):
    """A provider that can be tested."""

    @property
    def provider(self) -> PaymentProvider: ...

    def now(self) -> datetime:
        """The instant at the provider."""

    def new_reference(self) -> str:
        """A reference that was never used."""

    def pay(self, charge: ProviderCharge) -> str:
        """Pays the charge in full; the payment's id."""

    def webhook_bodies(self, count: int) -> list[bytes]:
        """The bodies of the calls made to us, once there are `count`."""


def make(stage: Stage, amount: Decimal = AMOUNT) -> ProviderCharge:
    request = ChargeRequest(reference=stage.new_reference(), amount=amount, valid_for=timedelta(hours=2))
    return stage.provider.create_charge(request)


def refund(stage: Stage, payment_id: str, amount: Decimal) -> ProviderRefund:
    return stage.provider.refund(
        payment_id=payment_id, refund_id="volta1", amount=amount, reason="pago em dobro"
    )


class MakesCharges:
    def test_create_charge_answers_an_active_charge_that_can_be_paid(self, stage: Stage) -> None:
        reference = stage.new_reference()

        charge = stage.provider.create_charge(
            ChargeRequest(reference=reference, amount=AMOUNT, valid_for=timedelta(hours=2))
        )

        assert (charge.charge_id, charge.status, charge.amount) == (reference, ChargeStatus.ACTIVE, AMOUNT)
        assert (charge.payments, charge.due_on) == ((), None)
        code = parse(charge.pix_code)
        assert (code.key is None) == (code.url is not None)

    def test_create_charge_asked_twice_makes_one_charge(self, stage: Stage) -> None:
        request = ChargeRequest(
            reference=stage.new_reference(), amount=AMOUNT, valid_for=timedelta(hours=2), prompt="Mensalidade"
        )

        assert stage.provider.create_charge(request) == stage.provider.create_charge(request)

    @pytest.mark.parametrize("reference", ["", "with-hyphen", "x" * 36])
    def test_create_charge_with_an_impossible_reference_is_refused_for_good(
        self, stage: Stage, reference: str
    ) -> None:
        with pytest.raises(ProviderError) as refusal:
            stage.provider.create_charge(ChargeRequest(reference=reference, amount=AMOUNT))

        assert (refusal.value.permanent, refusal.value.ambiguous) == (True, False)


class KnowsItsLimits:
    @pytest.mark.parametrize(
        ("capability", "act"),
        [
            (Capability.STATUS, lambda stage: stage.provider.get_charge("a" * 32)),
            (Capability.STATUS, lambda stage: stage.provider.get_payment("E" * 32)),
            (Capability.CLOSE, lambda stage: stage.provider.close_charge("a" * 32)),
            (
                Capability.LIST,
                lambda stage: [*stage.provider.list_received(since=stage.now(), until=stage.now())],
            ),
            (Capability.WEBHOOK, lambda stage: stage.provider.parse_webhook(b"{}")),
            (Capability.REFUND, lambda stage: refund(stage, "E" * 32, AMOUNT)),
        ],
    )
    def test_what_is_not_among_the_capabilities_is_unsupported_and_nothing_else_is(
        self, stage: Stage, capability: Capability, act: Callable[[Stage], object]
    ) -> None:
        unsupported = False
        try:
            act(stage)
        except Unsupported as refusal:
            unsupported = refusal.permanent
        except ProviderError:
            pass  # nothing like that exists there: an answer, not a limit

        assert unsupported == (capability not in stage.provider.capabilities)


class SaysStatus:
    def test_get_charge_after_payment_says_so_with_the_payment(self, stage: Stage) -> None:
        charge = make(stage)
        payment_id = stage.pay(charge)

        found = stage.provider.get_charge(charge.charge_id)

        assert (found.status, found.amount, found.pix_code) == (ChargeStatus.PAID, AMOUNT, charge.pix_code)
        (payment,) = found.payments
        assert (payment.payment_id, payment.charge_id, payment.amount) == (
            payment_id,
            charge.charge_id,
            AMOUNT,
        )
        assert payment.paid_at.utcoffset() is not None
        assert stage.provider.get_payment(payment_id) == payment

    def test_get_charge_before_payment_is_the_charge_that_was_made(self, stage: Stage) -> None:
        charge = make(stage)

        assert stage.provider.get_charge(charge.charge_id) == charge

    def test_what_never_was_is_a_permanent_error(self, stage: Stage) -> None:
        for ask in (stage.provider.get_charge, stage.provider.get_payment):
            with pytest.raises(ProviderError) as refusal:
                ask("E9999900420261121150400000000000")

            assert refusal.value.permanent


class Closes:
    def test_close_charge_closes_it_once_and_for_all(self, stage: Stage) -> None:
        charge = make(stage)

        closed = stage.provider.close_charge(charge.charge_id)
        again = stage.provider.close_charge(charge.charge_id)

        assert (closed.status, again) == (ChargeStatus.CLOSED, closed)
        assert stage.provider.get_charge(charge.charge_id).status is ChargeStatus.CLOSED

    def test_close_charge_that_was_paid_says_so(self, stage: Stage) -> None:
        charge = make(stage)
        payment_id = stage.pay(charge)

        found = stage.provider.close_charge(charge.charge_id)

        assert (found.status, found.payments[0].payment_id) == (ChargeStatus.PAID, payment_id)


class Lists:
    def test_list_received_gives_what_arrived_in_the_interval(self, stage: Stage) -> None:
        before = stage.now()
        first, second = stage.pay(make(stage)), stage.pay(make(stage, Decimal("12.34")))
        after = stage.now()

        found = list(stage.provider.list_received(since=before, until=after + timedelta(seconds=1)))
        earlier = stage.provider.list_received(
            since=before - timedelta(hours=2), until=before - timedelta(hours=1)
        )

        assert [payment.payment_id for payment in found] == [first, second]
        assert [payment.amount for payment in found] == [AMOUNT, Decimal("12.34")]
        assert found[0] == stage.provider.get_payment(first)
        assert list(earlier) == []


class CallsUs:
    def test_parse_webhook_gives_the_payment_the_call_is_about(self, stage: Stage) -> None:
        payment_id = stage.pay(make(stage))
        (body,) = stage.webhook_bodies(1)

        assert stage.provider.parse_webhook(body) == [stage.provider.get_payment(payment_id)]

    @pytest.mark.parametrize("body", [b"{}", b'{"evento": "teste_webhook"}'])
    def test_parse_webhook_of_an_unknown_event_gives_nothing(self, stage: Stage, body: bytes) -> None:
        assert stage.provider.parse_webhook(body) == []

    @pytest.mark.parametrize("body", [b"", b"pix=1", b"[]", b"\xff\xfe"])
    def test_parse_webhook_of_something_else_is_a_permanent_error(self, stage: Stage, body: bytes) -> None:
        with pytest.raises(ProviderError) as refusal:
            stage.provider.parse_webhook(body)

        assert refusal.value.permanent


class Refunds:
    def test_refund_gives_part_of_the_money_back_once(self, stage: Stage) -> None:
        payment_id = stage.pay(make(stage))
        part = Decimal("9.90")

        first = refund(stage, payment_id, part)
        refund(stage, payment_id, part)

        (found,) = stage.provider.get_payment(payment_id).refunds
        assert (first.refund_id, first.amount, first.forced) == ("volta1", part, False)
        assert (found.refund_id, found.amount, found.status) == ("volta1", part, RefundStatus.DONE)
        assert found.settled_at is not None

    def test_refund_of_more_than_there_is_is_refused_for_good(self, stage: Stage) -> None:
        payment_id = stage.pay(make(stage))

        with pytest.raises(ProviderError) as refusal:
            refund(stage, payment_id, AMOUNT + Decimal("0.01"))

        assert refusal.value.permanent
        assert stage.provider.get_payment(payment_id).refunds == ()
