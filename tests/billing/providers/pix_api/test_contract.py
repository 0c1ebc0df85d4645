from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from billing.providers.base import PaymentProvider, ProviderCharge
from billing.providers.pix_api.adapter import PixApiProvider
from billing.providers.pix_api.client import PixApiClient
from tests.billing.providers import contract
from tests.simulators.pix.world import KEY, Inbox, PixWorld

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


class PixApiStage:
    def __init__(self, provider: PaymentProvider, world: PixWorld, inbox: Inbox) -> None:
        self.provider = provider
        self._world = world
        self._inbox = inbox

    def now(self) -> datetime:
        return NOW

    def new_reference(self) -> str:
        return uuid4().hex

    def pay(self, charge: ProviderCharge) -> str:
        answer = self._world.bank("pay", code=charge.pix_code, payer_name="Bia", payer_document="52998224725")
        return str(answer.json()["end_to_end_id"])

    def webhook_bodies(self, count: int) -> list[bytes]:
        self._inbox.wait_for(count)
        return self._inbox.bodies


@pytest.fixture
def stage(world: PixWorld, api: httpx.Client, inbox: Inbox, client: PixApiClient) -> PixApiStage:
    world.set_clock(NOW.isoformat())
    api.put(f"/webhook/{KEY}", json={"webhookUrl": inbox.url})
    provider = PixApiProvider(client, key=KEY, merchant_name="Academia", merchant_city="Recife")
    return PixApiStage(provider, world, inbox)


class TestPixApi(
    contract.MakesCharges,
    contract.KnowsItsLimits,
    contract.SaysStatus,
    contract.Closes,
    contract.Lists,
    contract.CallsUs,
    contract.Refunds,
):
    pass
