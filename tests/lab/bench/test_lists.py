"""The report about lists: which page is slowest, and which exceed what was promised."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from lab.bench.filler import Filler
from lab.bench.lists import PageFigures, Plan
from lab.bench.lists_book import pages
from members.models import ContactPoint, Member
from tests.factories.members import MemberFactory


def test_report_names_the_slowest_page_and_those_over_the_limit() -> None:
    made = PageFigures(
        plan=Plan(members=10, requests=3),
        pages={"quick": (10.0, 20.0, 30.0), "slow": (100.0, 450.0, 600.0), "fair": (299.0, 300.0, 300.0)},
        empty=("a.b",),
        book_seconds=1.0,
    ).as_json()

    assert (made["slowest"], made["share"], made["over_limit"]) == ("slow", 2.0, ["slow"])
    assert list(made["pages"]) == ["slow", "fair", "quick"]
    assert made["pages"]["quick"] == {"p50_ms": 20.0, "p95_ms": 30.0}
    assert made["lists_without_rows"] == ["a.b"]


def test_every_list_of_the_office_is_measured() -> None:
    found = pages()

    assert {model._meta.label_lower for model in admin.site._registry} <= set(found)
    assert found["receivables by plano"] == f"{reverse('lists:aging')}?por=plano"


@pytest.mark.django_db
def test_filled_rows_are_whole_and_leave_room_for_the_product_s_own() -> None:
    filler = Filler()
    members = filler.fill(Member, 3, name=lambda n: f"Ana {n}", external_id=lambda n: f"B{n}", document="529")
    filler.fill(ContactPoint, 2, address_hash=lambda n: f"{n}", created_at=MemberFactory().created_at)

    found = Member.objects.filter(pk__in=members).order_by("pk")
    assert [(member.name, member.document, member.country) for member in found] == [
        ("Ana 0", "529", "BR"),
        ("Ana 1", "529", "BR"),
        ("Ana 2", "529", "BR"),
    ]
    assert list(ContactPoint.objects.order_by("pk").values_list("member_id", flat=True)) == list(members)[:2]
    assert MemberFactory().pk > max(members)


@pytest.mark.django_db
def test_column_that_is_none_and_row_that_belongs_to_nobody_are_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        Filler().fill(Member, 1, colour="red")
    with pytest.raises(KeyError):
        Filler().fill(ContactPoint, 1)
