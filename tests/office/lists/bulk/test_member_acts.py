"""Tags put on and taken off many members; their contacts sent to be looked at."""

import pytest
from django.test import Client
from django.urls import reverse

from members.models import ContactPoint, HygieneTask, Member
from members.services.tags import add_tag
from office.models import BulkRun
from tests.office.admin.conftest import NOW
from tests.office.lists.bulk.test_runs import outcomes, press, select

pytestmark = pytest.mark.django_db

MEMBERS = reverse("admin:members_member_changelist")


def tagged(book: list[Member]) -> list[list[str]]:
    return [Member.objects.get(pk=member.pk).tags for member in book]


def test_tag_is_put_where_it_was_not_and_taken_back_from_there_alone(
    office: Client, book: list[Member]
) -> None:
    add_tag(member_id=book[0].pk, tag="enchente", actor="user:1", now=NOW)
    run = select(office, "bulk_tag", [member.pk for member in book], url=MEMBERS)

    press(office, run, tag="Enchente")

    assert tagged(book) == [["enchente"]] * 3
    assert outcomes(run)[book[0].pk] == ("", "skipped")
    press(office, run, "bulk_undo")
    assert tagged(book) == [["enchente"], [], []]


def test_tag_without_a_name_is_asked_for(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_untag", [book[0].pk], url=MEMBERS)

    page = press(office, run, tag=" ")

    assert page.status_code == 422
    assert "Diga qual é a etiqueta." in page.content.decode()
    assert BulkRun.objects.get(pk=run.pk).started_at is None


def test_contacts_of_many_members_are_asked_about(office: Client, book: list[Member]) -> None:
    ContactPoint.objects.filter(member=book[0]).update(voided_at=NOW)
    run = select(office, "bulk_review", [member.pk for member in book[:2]], url=MEMBERS)

    press(office, run)

    assert outcomes(run) == {book[0].pk: ("no_contact", ""), book[1].pk: ("", "done")}
    (task,) = HygieneTask.objects.filter(problem="review")
    assert (task.member, task.reason) == (book[1], "Enchente na cidade")
