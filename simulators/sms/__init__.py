"""An SMS provider that speaks Twilio's Messages API, and the telephones its messages arrive on."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from simulators.context import Context, System
from simulators.sms.api import api_routes
from simulators.sms.carrier import Carrier
from simulators.sms.controls import control_routes


class SmsSystem:
    """The API below /sms; provides `Carrier` to later systems."""

    def __init__(self, context: Context) -> None:
        """Build the carrier and its routes."""
        self.carrier = Carrier(context)
        context.provide(self.carrier)
        self.routes: Sequence[BaseRoute] = api_routes(self.carrier)
        self.control_routes: Sequence[BaseRoute] = control_routes(self.carrier)

    async def startup(self) -> None:
        """Nothing is left over from the last run."""

    async def shutdown(self) -> None:
        """Stop what is on its way."""
        await self.carrier.stop()


def build(context: Context) -> System:
    """Build the system."""
    return SmsSystem(context)
