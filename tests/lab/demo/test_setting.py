"""The demo's book is the same on every machine, and its people exist where they are written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from django.db import transaction
from django.db.models import Count, Q, Sum
from pytest_django import Settings

from commons.models import Organisation
from conversations.models import MessageTemplate
from lab.demo import book, setting
from members.models import ContactPoint, Member
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

SIZE = 40


@pytest.fixture
def house(business_clock: Callable[[datetime], None]) -> Organisation:
    business_clock(NOW)
    return setting.organisation()


@pytest.fixture
def town(tmp_path: Path, settings: Settings) -> Iterator[SimulatorSettings]:
    """The simulators, with no product that they could call."""
    given = replace(SimulatorSettings(), port=0, data_dir=tmp_path, public_url="http://127.0.0.1:9")
    with ServerThread(given) as server:
        settings.SIM_URL = server.url
        yield server.settings


def picture() -> list[tuple[str, str, int, Decimal]]:
    """Who is in the book, with how many open invoices of which total."""
    owed = Q(invoices__status="open")
    members = Member.objects.annotate(
        count=Count("invoices", owed), total=Sum("invoices__amount", filter=owed)
    )
    return [(m.name, m.document, m.count, m.total or Decimal(0)) for m in members.order_by("external_id")]


def test_book_is_the_same_each_time_it_is_written(house: Organisation) -> None:
    pictures = []
    for _ in range(2):
        with transaction.atomic():
            book.write(now=NOW, members_count=SIZE)
            pictures.append(picture())
            transaction.set_rollback(True)

    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == SIZE
    # In every situation there is somebody: up to date, one invoice open, several.
    assert {min(count, 2) for _, _, count, _ in pictures[0]} == {0, 1, 2}


def test_people_of_the_book_have_telephones_and_whoever_is_imported_gets_one(
    house: Organisation, town: SimulatorSettings
) -> None:
    book.write(now=NOW, members_count=SIZE)
    setting.simulators()

    def people() -> str:
        return httpx.get(f"{town.own_url}/people", trust_env=False).text

    points = ContactPoint.objects.filter(channel="whatsapp", voided_at=None)
    known = people()
    assert [point.pk for point in points if point.address.lstrip("+") not in known] == []
    opening = MessageTemplate.objects.get(stage="identify", language="pt_BR")
    filled = [{"type": "text", "parameter_name": name, "text": "x"} for name in ("organizacao", "nome")]
    assert "5511955550000" not in known
    account = town.whatsapp
    answer = httpx.post(
        f"{town.own_url}/whatsapp/v23.0/{account.phone_number_id}/messages",
        headers={"Authorization": f"Bearer {account.access_token}"},
        json={
            "messaging_product": "whatsapp",
            "to": "+5511955550000",
            "type": "template",
            "template": {
                "name": opening.name,
                "language": {"code": opening.language},
                "components": [{"type": "body", "parameters": filled}],
            },
        },
        trust_env=False,
    )
    assert (answer.status_code, "5511955550000" in people()) == (200, True), answer.text
