"""A payment provider that speaks the Central Bank's API Pix, with the payer's bank beside it.

Immediate charges, charges with a due date, locations, received Pix, refunds and webhooks behave as version
2.9.0 of the specification says. Not simulated: batches (`lotecobv`), Pix Automático, Pix Saque and Pix Troco,
and mutual TLS: tokens are not bound to a certificate here.
"""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from simulators.context import Context, System
from simulators.pix.account import Account
from simulators.pix.api import charge_routes, location_routes, pix_routes, token_route, webhook_routes
from simulators.pix.bank import Bank
from simulators.pix.charges import COB, COBV, Charges
from simulators.pix.controls import Controls
from simulators.pix.gate import Gate
from simulators.pix.jws import Signer
from simulators.pix.locations import Locations
from simulators.pix.payloads import Payloads
from simulators.pix.receipts import Receipts
from simulators.pix.webhooks import SYSTEM, Webhooks


class PixSystem:
    """The provider's routes and its background calls."""

    def __init__(
        self, routes: Sequence[BaseRoute], control_routes: Sequence[BaseRoute], webhooks: Webhooks
    ) -> None:
        """Join what `build` assembled."""
        self.routes = routes
        self.control_routes = control_routes
        self._webhooks = webhooks

    async def startup(self) -> None:
        """Begin to call webhooks, those left over from the last run first."""
        self._webhooks.start()

    async def shutdown(self) -> None:
        """Stop calling."""
        await self._webhooks.stop()


def build(context: Context) -> System:
    """Assemble the provider and the payer's bank."""
    store, clock, faults = context.store, context.clock, context.faults
    journal = context.journal(SYSTEM)
    account = Account(context.settings, store)
    locations = Locations(context.settings, store, clock)
    charges = Charges(account, locations, store, clock)
    webhooks = Webhooks(store=store, clock=clock, faults=faults, journal=journal, http=context.http)
    receipts = Receipts(account, charges, webhooks, store=store, clock=clock, bus=context.bus)
    bank = Bank(account, locations, charges, receipts, clock)
    payloads = Payloads(context.settings, locations, charges, Signer(store), clock)
    gate = Gate(account, faults, journal)
    controls = Controls(
        account=account, bank=bank, receipts=receipts, webhooks=webhooks, faults=faults, store=store
    )
    routes = [
        token_route(account, faults),
        *payloads.routes(),
        *bank.routes(),
        *charge_routes(gate, COB, charges, receipts),
        *charge_routes(gate, COBV, charges, receipts),
        *location_routes(gate, locations, charges),
        *pix_routes(gate, receipts, faults),
        *webhook_routes(gate, webhooks, account),
    ]
    return PixSystem(routes, controls.routes(), webhooks)
