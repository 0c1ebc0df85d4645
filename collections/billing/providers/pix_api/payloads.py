"""What is sent to and read from the API Pix, typed. Reading forgives; sending does not.

New fields and new values of enumerations are backward compatible by the API's own word, so they are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from commons.http import ProviderError
from commons.money import money

FINE_PERCENT = 2
"""`modalidade` of a fine given as a percentage."""
INTEREST_PERCENT_A_MONTH = 3
"""`modalidade` of interest in percent a month, calendar days. A daily rate cannot be said in two places."""

_CPF_LENGTH = 11
_PROMPT_LENGTH = 140
_NAME_LENGTH = 200


def load(content: bytes) -> Any:
    """JSON whose numbers never pass through a float. Raises a permanent ProviderError."""
    try:
        return json.loads(content, parse_float=Decimal)
    except ValueError as error:
        raise ProviderError(
            "O banco respondeu algo que não é JSON.", permanent=True, code="unreadable"
        ) from error


# --- Sent ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Debtor:
    """CPF or CNPJ without punctuation, and a name."""

    document: str = field(repr=False)
    name: str = field(repr=False)

    def body(self) -> dict[str, str]:
        kind = "cpf" if len(self.document) == _CPF_LENGTH else "cnpj"
        return {kind: self.document, "nome": self.name[:_NAME_LENGTH]}


@dataclass(frozen=True, slots=True, kw_only=True)
class CobRequest:
    """An immediate charge: a fixed amount that can be paid for `expires_in` seconds from its creation."""

    amount: Decimal
    key: str
    expires_in: int
    debtor: Debtor | None = None
    prompt: str = ""

    def body(self) -> dict[str, Any]:
        return _without_empty(
            {
                "calendario": {"expiracao": self.expires_in},
                "devedor": self.debtor.body() if self.debtor else None,
                "valor": {"original": amount_text(self.amount)},
                "chave": self.key,
                "solicitacaoPagador": self.prompt[:_PROMPT_LENGTH],
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CobvRequest:
    """A charge with a due date; fine (percent) and interest (percent a month) are added by the provider."""

    amount: Decimal
    key: str
    due_on: date
    valid_days: int
    debtor: Debtor
    fine_percent: Decimal
    interest_percent_month: Decimal
    prompt: str = ""

    def body(self) -> dict[str, Any]:
        value: dict[str, Any] = {"original": amount_text(self.amount)}
        if self.fine_percent:
            value["multa"] = {"modalidade": FINE_PERCENT, "valorPerc": amount_text(self.fine_percent)}
        if self.interest_percent_month:
            rate = amount_text(self.interest_percent_month)
            value["juros"] = {"modalidade": INTEREST_PERCENT_A_MONTH, "valorPerc": rate}
        return _without_empty(
            {
                "calendario": {
                    "dataDeVencimento": self.due_on.isoformat(),
                    "validadeAposVencimento": self.valid_days,
                },
                "devedor": self.debtor.body(),
                "valor": value,
                "chave": self.key,
                "solicitacaoPagador": self.prompt[:_PROMPT_LENGTH],
            }
        )


def amount_text(value: Decimal) -> str:
    r"""`value` as the API writes amounts and percentages, `\d{1,10}\.\d{2}`. Raises ValueError."""
    amount = money(value)
    if not 0 <= amount < 10**10:
        raise ValueError(f"out of the range of the API: {value}")
    return str(amount)


def _without_empty(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in (None, "")}


# --- Read ---------------------------------------------------------------------------------------------------


# The errors below do not repeat the value: they end up in tracebacks.


def _amount(value: object) -> Decimal:
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        with suppress(ValueError):
            return money(value)
    raise ValueError("not an amount")


def _instant(value: object) -> datetime:
    """RFC 3339; a missing offset is UTC, which is what the API writes."""
    if isinstance(value, str):
        with suppress(ValueError):
            instant = datetime.fromisoformat(value)
            return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    raise ValueError("not an instant")


def _as_list(value: object) -> object:
    """The API's own example shows one object where its schema says a list."""
    if value is None:
        return []
    return [value] if isinstance(value, dict) else value


def _if_it_says(name: str) -> Callable[[object], object]:
    """Extras that do not say what they are for count as absent: money must not wait for them."""
    return lambda value: value if isinstance(value, dict) and name in value else None


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Instant = Annotated[datetime, BeforeValidator(_instant)]


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class RefundPayload(_Payload):
    """A `devolucao`: status EM_PROCESSAMENTO, DEVOLVIDO, NAO_REALIZADO or one invented since."""

    refund_id: str = Field(validation_alias="id")
    amount: Amount = Field(validation_alias="valor")
    status: str
    nature: str = Field(default="ORIGINAL", validation_alias="natureza")
    settled_at: Instant | None = Field(default=None, validation_alias=AliasPath("horario", "liquidacao"))


class ComponentsPayload(_Payload):
    """`componentesValor`; a component that is absent is zero."""

    original: Amount = Field(default=Decimal("0.00"), validation_alias=AliasPath("original", "valor"))
    fine: Amount = Field(default=Decimal("0.00"), validation_alias=AliasPath("multa", "valor"))
    interest: Amount = Field(default=Decimal("0.00"), validation_alias=AliasPath("juros", "valor"))
    rebate: Amount = Field(default=Decimal("0.00"), validation_alias=AliasPath("abatimento", "valor"))
    discount: Amount = Field(default=Decimal("0.00"), validation_alias=AliasPath("desconto", "valor"))


class PayerPayload(_Payload):
    """`pagador`, which the standard does not have but several providers add."""

    document: str = Field(default="", validation_alias=AliasChoices("cpf", "cnpj"), repr=False)
    name: str = Field(default="", validation_alias="nome", repr=False)


class ReceivedPix(_Payload):
    """One Pix received, from a webhook or a query. Only Pix made with a charge or a code have a txid."""

    end_to_end_id: str = Field(validation_alias="endToEndId", min_length=1)
    txid: str | None = None
    amount: Amount = Field(validation_alias="valor")
    at: Instant = Field(validation_alias="horario")
    key: str = Field(default="", validation_alias="chave", repr=False)
    message: str = Field(default="", validation_alias="infoPagador", repr=False)
    components: Annotated[ComponentsPayload | None, BeforeValidator(_if_it_says("original"))] = Field(
        default=None, validation_alias="componentesValor"
    )
    payer: Annotated[PayerPayload | None, BeforeValidator(_if_it_says("nome"))] = Field(
        default=None, validation_alias="pagador"
    )
    refunds: Annotated[tuple[RefundPayload, ...], BeforeValidator(_as_list)] = Field(
        default=(), validation_alias="devolucoes"
    )


class CobPayload(_Payload):
    """A charge, immediate (`expires_in` seconds from creation) or with a due date (`due_on`)."""

    txid: str
    status: str
    amount: Amount = Field(validation_alias=AliasPath("valor", "original"))
    created_at: Instant = Field(validation_alias=AliasPath("calendario", "criacao"))
    expires_in: int | None = Field(default=None, validation_alias=AliasPath("calendario", "expiracao"))
    due_on: date | None = Field(default=None, validation_alias=AliasPath("calendario", "dataDeVencimento"))
    valid_days: int | None = Field(
        default=None, validation_alias=AliasPath("calendario", "validadeAposVencimento")
    )
    revision: int = Field(default=0, validation_alias="revisao")
    key: str = Field(default="", validation_alias="chave")
    location: str = Field(default="", validation_alias=AliasChoices(AliasPath("loc", "location"), "location"))
    code: str = Field(default="", validation_alias="pixCopiaECola")
    pix: Annotated[tuple[ReceivedPix, ...], BeforeValidator(_as_list)] = ()
