"""Every list of the office, whatever its model: it opens, totals, and costs the same for three rows as for one."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lab.bench import large_book

pytestmark = pytest.mark.django_db

NAMES = sorted(model._meta.label_lower for model in admin.site._registry)
# One row by nature, or rows that no book brings.
SINGLE = {"commons.organisation", "compliance.contactsettings", "auth.user", "auth.group"}


def lists() -> dict[str, str]:
    return {name: reverse(f"admin:{name.replace('.', '_')}_changelist") for name in NAMES}


def cost(client: Client, url: str) -> tuple[int, int]:
    """How many queries a page takes, and how many rows its list has."""
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url)
    assert page.status_code == 200, url
    return len(captured), page.context["cl"].queryset.count()


@pytest.fixture
def costs(office: Client, business_now: object) -> dict[str, list[tuple[int, int]]]:
    """Of every list: queries and rows with one row, and with three."""
    large_book.write(1)
    for url in lists().values():
        # What is read once per process.
        office.get(url)
    few = {name: cost(office, url) for name, url in lists().items()}
    large_book.write(1)
    large_book.write(1)
    return {name: [few[name], cost(office, url)] for name, url in lists().items()}


def test_no_list_asks_the_database_once_for_every_row(costs: dict[str, list[tuple[int, int]]]) -> None:
    assert {name: (few, many) for name, ((few, _), (many, _)) in costs.items() if few != many} == {}


def test_every_list_was_tried_with_rows(costs: dict[str, list[tuple[int, int]]]) -> None:
    # A model whose rows `lab.bench.large_book` cannot guess is filled there by name.
    assert {name: rows for name, (_, (_, rows)) in costs.items() if rows < 3 and name not in SINGLE} == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_list_counts_its_filter_and_offers_its_export(name: str, office: Client, book: object) -> None:
    app, model = name.split(".")

    totals = office.get(reverse("lists:totals", args=[app, model]))
    export = office.get(reverse("lists:export", args=[app, model]))

    assert (totals.status_code, "figures" in totals.context) == (200, True)
    assert export.status_code == 200
