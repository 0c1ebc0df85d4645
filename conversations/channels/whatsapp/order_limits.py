"""The rules of Brazil's payment messages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from conversations.channels.content import OrderUpdate, PaymentParam, PixOrder
from conversations.channels.errors import ContentError
from conversations.channels.whatsapp.checks import at_most, required

_REFERENCE: Final = re.compile(r"[A-Za-z0-9_.\-]{1,60}")
_BODY: Final = 1024
_NAME: Final = 60
_EXPIRY_NOTE: Final = 120
_SHORTEST_LIFE: Final = timedelta(seconds=300)
_LARGEST: Final = Decimal("99999999.99")
_ZERO: Final = Decimal("0.00")


def check_order(order: PixOrder, *, now: datetime) -> None:
    """A whole order message: what is shown around it and its amounts."""
    required(order.body, "O texto")
    at_most(order.body, _BODY, "O texto")
    at_most(order.footer, _NAME, "O rodapé")
    if order.header is not None and not order.items:
        raise ContentError("Só um pedido com itens leva imagem.")
    check_amounts(order, now=now)


def check_amounts(order: PixOrder, *, now: datetime) -> None:
    """The part a template button carries too: reference, means, items, sums, expiry."""
    _reference(order.reference_id)
    if order.pix is None and not order.boleto_line and not order.link:
        raise ContentError("O pedido não tem Pix, boleto nem link.")
    if order.pix is not None:
        required(order.pix.code, "O código Pix")
        required(order.pix.merchant_name, "O nome de quem recebe o Pix")
        required(order.pix.key, "A chave Pix")
    _amount(order.total, "O total", at_least=Decimal("0.01"))
    for charge in (order.tax, order.shipping, order.discount):
        _amount(charge.amount, "Um dos valores do pedido", at_least=_ZERO)
        at_most(charge.description, _NAME, "A descrição de um valor")
    for item in order.items:
        required(item.name, "O nome do item")
        at_most(item.name, _NAME, "O nome do item")
        _amount(item.amount, "O valor do item", at_least=_ZERO)
        if item.quantity < 1:
            raise ContentError("A quantidade de um item é menor que 1.")
    _sum(order)
    _expiry(order, now=now)


def check_update(update: OrderUpdate) -> None:
    _reference(update.reference_id)
    required(update.body, "O texto")
    at_most(update.body, _BODY, "O texto")
    at_most(update.description, _EXPIRY_NOTE, "A descrição")
    if update.order is None and update.payment is None:
        raise ContentError("A atualização não diz nada do pedido nem do pagamento.")
    if update.description and update.order is None:
        raise ContentError("A descrição acompanha a situação do pedido.")


def check_payment_param(param: PaymentParam) -> None:
    if [bool(param.pix_code), bool(param.boleto_line), bool(param.link)].count(True) != 1:
        raise ContentError("O botão de pagamento leva um só meio: Pix, boleto ou link.")
    if param.total is not None:
        _amount(param.total, "O total", at_least=Decimal("0.01"))


def _reference(reference_id: str) -> None:
    if not _REFERENCE.fullmatch(reference_id):
        raise ContentError("A referência do pedido tem de 1 a 60 letras, algarismos, ponto, hífen ou _.")


def _amount(amount: Decimal, what: str, *, at_least: Decimal) -> None:
    if not amount.is_finite() or abs(amount) > _LARGEST or amount != amount.quantize(_ZERO):
        raise ContentError(f"{what} não é um valor em reais e centavos.")
    if amount < at_least:
        raise ContentError(f"{what} é baixo demais.")


def _sum(order: PixOrder) -> None:
    charges = (order.tax, order.shipping, order.discount)
    if not order.items:
        if any(charge.amount for charge in charges):
            raise ContentError("Um pedido sem itens mostra só o total.")
        return
    total = order.subtotal + order.tax.amount + order.shipping.amount - order.discount.amount
    if total != order.total:
        raise ContentError("A soma dos itens não confere com o total do pedido.")


def _expiry(order: PixOrder, *, now: datetime) -> None:
    at_most(order.expiry_note, _EXPIRY_NOTE, "O aviso de vencimento")
    if order.expires_at is None:
        return
    if not order.items:
        raise ContentError("Só um pedido com itens tem validade.")
    if order.expires_at < now + _SHORTEST_LIFE:
        raise ContentError("A validade do pedido precisa de ao menos 5 minutos.")
