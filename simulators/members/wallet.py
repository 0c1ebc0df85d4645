"""How a person pays: with a code, at the simulated bank, over its own address, as the phone page does."""

from decimal import Decimal

import httpx

from simulators.context import Context
from simulators.pix.account import DEFAULT_KEY
from simulators.pix.brcode import write_static

_OK = 200
_CONFLICT = 409


class BankRefused(Exception):
    """The bank would not pay this code; the sentence is the bank's."""

    def __init__(self, message: str, *, already_paid: bool = False) -> None:
        """Say whether that is because somebody paid it before."""
        super().__init__(message)
        self.already_paid = already_paid


class BankAway(Exception):
    """The bank did not answer. Nobody knows whether it paid; it may be asked again."""


class Wallet:
    """Somebody's bank app."""

    def __init__(self, context: Context) -> None:
        """Pay to the creditor of the settings."""
        self._http = context.http
        self._address = f"{context.settings.own_url}/pix/bank"
        self._key = context.settings.pix.key or DEFAULT_KEY
        self._payee = context.settings.whatsapp.verified_name

    async def price(self, code: str) -> Decimal:
        """Return what a code asks for today. Raises `BankRefused`, `BankAway`."""
        answer = await self._ask("lookup", {"code": code})
        return Decimal(str(answer["amount"] or 0))

    async def pay(self, code: str, *, payer: str) -> str:
        """Pay a code; return the end-to-end id. Raises `BankRefused`, `BankAway`."""
        answer = await self._ask("pay", {"code": code, "payer_name": payer})
        return str(answer["end_to_end_id"])

    def usual_code(self, number: str, amount: Decimal) -> str:
        """Return the code of the boleto people have at home: the invoice's number is its reference."""
        reference = "".join(char for char in number if char.isalnum())[:25]
        return write_static(self._key, amount, reference, self._payee, "Sao Paulo")

    async def _ask(self, what: str, body: dict[str, str]) -> dict[str, object]:
        try:
            answer = await self._http.post(f"{self._address}/{what}", json=body)
        except httpx.HTTPError as error:
            raise BankAway(type(error).__name__) from error
        if answer.status_code != _OK:
            paid = answer.status_code == _CONFLICT
            raise BankRefused(str(answer.json().get("error", answer.status_code)), already_paid=paid)
        result: dict[str, object] = answer.json()
        return result
