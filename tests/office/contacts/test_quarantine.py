"""The screen of numbers that are somebody else's: what it shows, what it never shows, and the two ways out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from compliance.content.disclosure import debt_words
from compliance.content.folding import fold
from members import selectors, services
from members.enums import ContactPointState
from members.models import ContactPoint, SuppressionMark
from office.contacts import quarantine
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.members import ContactPointFactory, MemberFactory
from tests.office.contacts.world import talk_with

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def wrong(words: str = "não conheço essa pessoa", **changes: Any) -> ContactPoint:
    point = ContactPointFactory(**changes)
    InvoiceFactory(member=point.member, due_date=date(2026, 11, 5), now=NOW)
    services.mark_wrong_number(point=point, source="quem respondeu", actor="member", words=words, now=NOW)
    return ContactPoint.objects.get(pk=point.pk)


def rows(today: date = TODAY) -> list[quarantine.Quarantined]:
    return quarantine.rows(list(quarantine.points()), today=today)


def state_of(point: ContactPoint) -> str:
    return ContactPoint.objects.get(pk=point.pk).state


def test_row_tells_since_when_who_said_so_and_what_it_left(office: None) -> None:
    point = wrong()
    talk = talk_with(point)

    (row,) = rows()

    assert (row.since, row.said_by, row.source, row.words) == (
        NOW,
        "Quem atende lá",
        "quem respondeu",
        "não conheço essa pessoa",
    )
    assert row.items == tuple(point.member.invoices.values_list("number", flat=True))
    assert (row.case_id, row.conversation_id) == (point.member.cases.get().pk, talk.pk)
    assert (row.review_on, row.is_due) == (TODAY + timedelta(days=180), False)


def test_day_of_review_calls_for_attention_and_comes_first(office: None) -> None:
    late, early = wrong(), wrong()
    SuppressionMark.objects.filter(contact_point=early).update(review_on=TODAY)

    assert [(row.point, row.is_due) for row in rows()] == [(early, True), (late, False)]


def test_marked_number_in_use_again_is_shown_as_such(office: None) -> None:
    point = wrong()
    services.confirm_identity(point=point, now=NOW, actor="agent")

    (row,) = rows()

    assert (row.point, row.is_marked_only) == (point, True)


def test_number_that_went_to_another_owner_is_here_without_a_mark(office: None) -> None:
    point = ContactPointFactory(state=ContactPointState.WRONG, state_since=NOW)

    (row,) = rows()

    assert (row.point, row.since, row.review_on) == (point, NOW, None)


@pytest.mark.parametrize(
    "words",
    ["não devo nada, parem de cobrar", "essa dívida não é minha", "já paguei minha fatura de R$ 119,90"],
)
def test_no_word_of_a_debt_stands_on_the_screen(office: None, words: str) -> None:
    wrong(words=words)

    (row,) = rows()

    # The debt is there to be named, and is not.
    assert debt_words(fold(words)) != []
    assert row.case_id is not None
    text = render_to_string("office/contacts/_quarantined.html", {"row": row, "may_act": True})
    assert debt_words(fold(text)) == []
    assert "O texto está na conversa" in text


@pytest.mark.parametrize("count", [1, 3])
def test_cost_does_not_grow_with_the_numbers(
    office: None, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        wrong()

    with django_assert_num_queries(5):
        assert len(rows()) == count


class TestScreen:
    def test_empty_one_says_what_will_be_here(self, finance: Client) -> None:
        assert "Nenhum número em quarentena" in finance.get(reverse("contacts:quarantine")).content.decode()

    def test_reader_sees_and_cannot_act(self, reader: Client) -> None:
        point = wrong()

        page = reader.get(reverse("contacts:quarantine")).content.decode()

        assert point.masked in page
        assert point.address not in page
        assert "Manter em quarentena" not in page
        answer = reader.post(reverse("contacts:quarantine_free", args=[point.pk]))
        assert (answer.status_code, state_of(point)) == (403, ContactPointState.WRONG)

    def test_confirmed_by_the_member_elsewhere_it_comes_back(self, finance: Client) -> None:
        point = wrong()

        finance.post(
            reverse("contacts:quarantine_free", args=[point.pk]),
            {"confirmed_by": "balcão", "evidence": "documento conferido"},
        )

        assert state_of(point) == ContactPointState.UNVERIFIED
        assert not selectors.is_marked_wrong(point)

    def test_without_evidence_it_stays_and_says_why(self, finance: Client) -> None:
        point = wrong()

        page = finance.post(
            reverse("contacts:quarantine_free", args=[point.pk]), {"confirmed_by": "balcão"}, follow=True
        )

        assert [str(message) for message in page.context["messages"]] == [
            "Diga por qual outro canal o membro confirmou o número e o que prova isso. Nada mudou."
        ]
        assert state_of(point) == ContactPointState.WRONG

    def test_kept_it_is_reviewed_in_a_year(self, finance: Client) -> None:
        point = wrong()

        finance.post(reverse("contacts:quarantine_keep", args=[point.pk]), {"reason": "ligamos de novo"})

        assert set(SuppressionMark.objects.values_list("review_on", flat=True)) == {
            TODAY + timedelta(days=365)
        }

    def test_nothing_is_done_by_looking(self, finance: Client) -> None:
        point = wrong()

        assert finance.get(reverse("contacts:quarantine_free", args=[point.pk])).status_code == 405


def test_list_of_contacts_cannot_free_it(client: Client, office: None, django_user_model: Any) -> None:
    client.force_login(
        django_user_model.objects.create_superuser("m", password="uma senha longa"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    point, blocked = wrong(), ContactPointFactory(member=MemberFactory(), state=ContactPointState.BLOCKED)

    client.post(
        reverse("admin:members_contactpoint_changelist"),
        {"action": "use_again", "_selected_action": [point.pk, blocked.pk]},
    )

    assert [state_of(point), state_of(blocked)] == [ContactPointState.WRONG, ContactPointState.UNVERIFIED]
