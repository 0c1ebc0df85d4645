"""The queue of contacts to put right: what it shows, and the one act that answers each question."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members import services
from members.enums import Channel, ContactPointState, HygieneProblem, HygieneState, Resolution
from members.models import ContactPoint, HygieneTask
from office.contacts import finding, hygiene
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.members import ContactPointFactory, MemberFactory
from tests.office.contacts.world import refusal

pytestmark = pytest.mark.django_db

Problem = HygieneProblem


def task(problem: str = Problem.INVALID, **evidence: Any) -> HygieneTask:
    point: ContactPoint = ContactPointFactory()
    return HygieneTask.objects.create(
        member=point.member, contact_point=point, problem=problem, evidence=evidence, found_at=NOW
    )


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def answer(client: Client, asked: HygieneTask, act: str, **said: str) -> Any:
    return client.post(reverse("contacts:hygiene_answer", args=[asked.pk]), {"act": act, **said})


@pytest.mark.parametrize(
    ("problem", "evidence", "expected"),
    [
        (
            Problem.INVALID,
            {"failures": 2, "failed_at": "2026-11-23T13:00:00+00:00", "code": "131026"},
            "O WhatsApp não entregou 2 vezes, a última em 23/11/2026 (código 131026)."
            " O número pode não ter WhatsApp.",
        ),
        (
            Problem.BOUNCED,
            {"failures": 1, "failed_at": "2026-11-23T13:00:00+00:00"},
            "O e-mail voltou 1 vez, a última em 23/11/2026.",
        ),
        (
            Problem.NOT_REACHED,
            {"contacts": 3, "first_at": "2026-11-01T13:00:00+00:00"},
            "3 contatos desde 01/11/2026 e nenhum foi entregue."
            " Suspeite do número ou da técnica, não da pessoa.",
        ),
        (
            Problem.UNANSWERED,
            {"contacts": 4, "read": 2, "first_at": "2026-11-01T13:00:00+00:00"},
            "4 contatos desde 01/11/2026, 2 com leitura e sem resposta.",
        ),
    ],
)
def test_evidence_is_told_as_a_sentence(
    db: None, problem: str, evidence: dict[str, Any], expected: str
) -> None:
    assert hygiene.why(task(problem, **evidence)) == expected


def test_every_problem_has_its_sentence(db: None) -> None:
    assert [problem for problem in Problem if not hygiene.why(task(problem))] == []


class TestQueue:
    def test_worst_comes_first_and_each_problem_has_its_number(self, finance: Client) -> None:
        silent, invalid = task(Problem.UNREAD), task(Problem.INVALID)

        page = finance.get(reverse("contacts:hygiene"))

        assert [row.task for row in page.context["rows"]] == [invalid, silent]
        assert [(tab.problem, tab.count) for tab in page.context["tabs"]] == [
            ("", 2),
            (Problem.INVALID, 1),
            (Problem.UNREAD, 1),
        ]

    def test_one_problem_is_asked_for_by_address(self, finance: Client) -> None:
        silent, _ = task(Problem.UNREAD), task(Problem.INVALID)

        page = finance.get(reverse("contacts:hygiene"), {"problema": "unread"})

        assert [row.task for row in page.context["rows"]] == [silent]

    def test_what_was_put_off_is_a_list_of_its_own(self, finance: Client) -> None:
        asked = task()
        services.look_again_later(
            task_id=asked.pk, on=NOW.date() + timedelta(days=3), reason="", actor="user:1", now=NOW
        )

        assert finance.get(reverse("contacts:hygiene")).context["rows"] == []
        later = finance.get(reverse("contacts:hygiene"), {"ver": "depois"})
        assert [row.task for row in later.context["rows"]] == [asked]

    def test_home_counts_what_is_open_and_leads_there(self, finance: Client) -> None:
        task()
        services.retire_contact(task_id=task().pk, reason="x", actor="user:1", now=NOW)

        (queue,) = [
            each for each in finance.get("/admin/").context["queues"] if each.title == "Contatos a corrigir"
        ]

        assert (queue.count, queue.link) == (1, reverse("contacts:hygiene"))

    def test_empty_queue_says_what_is_looked_for(self, finance: Client) -> None:
        assert "Nenhum contato a corrigir" in finance.get(reverse("contacts:hygiene")).content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_cost_does_not_grow_with_the_tasks(
        self, finance: Client, count: int, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(count):
            task()

        with django_assert_max_num_queries(10) as found:
            finance.get(reverse("contacts:hygiene"))

        assert len(found) == 10

    def test_stranger_to_the_queue_is_turned_away(self, person: Any) -> None:
        nobody = person("view_member")

        assert nobody.get(reverse("contacts:hygiene")).status_code == 403
        assert nobody.get(reverse("contacts:hygiene_task", args=[task().pk])).status_code == 403


class TestAnswers:
    def test_right_number_is_typed_and_used(self, finance: Client) -> None:
        asked = task()

        answer(finance, asked, "correct", address="11 98765-4321", reason="ligou")

        assert reload(asked).resolution == Resolution.CORRECTED
        assert ContactPoint.objects.latest("pk").address == "+5511987654321"

    def test_number_that_is_none_is_said_on_the_page_with_what_was_typed(self, finance: Client) -> None:
        asked = task()

        page = answer(finance, asked, "correct", address="1234")

        assert page.status_code == 422
        text = page.content.decode()
        assert ("quantidade de algarismos errada. Nada mudou." in text, 'value="1234"' in text) == (
            True,
            True,
        )
        assert reload(asked).state == HygieneState.OPEN

    def test_owner_is_chosen_between_the_two(self, finance: Client) -> None:
        owner = ContactPointFactory()
        claimed = services.add_contact_point(
            member=MemberFactory(), channel=Channel.WHATSAPP, address=owner.address, now=NOW, actor="system"
        )
        finding.find(now=NOW)
        asked = HygieneTask.objects.get()

        page = finance.get(reverse("contacts:hygiene_task", args=[asked.pk]))
        answer(finance, asked, "own", member=str(claimed.member_id), reason="contrato")

        assert page.context["rivals"] == [owner.member, claimed.member]
        assert [reload(owner).state, reload(claimed).state] == [
            ContactPointState.WRONG,
            ContactPointState.UNVERIFIED,
        ]

    @pytest.mark.parametrize(
        ("act", "said", "expected"),
        [
            ("wrong", {"reason": "atendeu outra"}, (HygieneState.RESOLVED, Resolution.MARKED_WRONG)),
            ("retire", {"reason": "não existe"}, (HygieneState.RESOLVED, Resolution.RETIRED)),
            (
                "keep",
                {"reason": "certo", "until": "2026-12-24"},
                (HygieneState.RESOLVED, Resolution.KEPT),
            ),
            ("later", {"reason": "", "on": "2026-12-01"}, (HygieneState.LATER, "")),
        ],
    )
    def test_each_act_answers_the_question(
        self, finance: Client, act: str, said: dict[str, str], expected: tuple[str, str]
    ) -> None:
        asked = task()

        assert answer(finance, asked, act, **said).status_code == 302
        assert (reload(asked).state, reload(asked).resolution) == expected

    @pytest.mark.parametrize(
        ("act", "said"),
        [
            ("", {}),
            ("erase", {"reason": "x"}),
            ("keep", {"reason": "x", "until": "amanhã"}),
            ("later", {"on": "2026-11-24"}),
            ("own", {"member": "²", "reason": "x"}),
            ("retire", {"reason": "  "}),
        ],
    )
    def test_act_that_makes_no_sense_changes_nothing(
        self, finance: Client, act: str, said: dict[str, str]
    ) -> None:
        asked = task()

        assert answer(finance, asked, act, **said).status_code == 422
        assert reload(asked).state == HygieneState.OPEN

    def test_reader_reads_and_cannot_answer(self, reader: Client) -> None:
        asked = task()

        page = reader.get(reverse("contacts:hygiene_task", args=[asked.pk]))

        assert "Peça a quem cuida dos cadastros" in page.content.decode()
        assert answer(reader, asked, "retire", reason="x").status_code == 403
        assert reload(asked).state == HygieneState.OPEN

    def test_answered_task_shows_what_was_said(self, finance: Client) -> None:
        asked = task()
        answer(finance, asked, "retire", reason="não existe mais")

        page = finance.get(reverse("contacts:hygiene_task", args=[asked.pk])).content.decode()

        assert "Já respondida: Fora de uso" in page


def test_list_of_contacts_shows_how_good_each_is(
    client: Client, office: None, django_user_model: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(
        django_user_model.objects.create_superuser("m", password="uma senha longa"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    point = ContactPointFactory()
    InvoiceFactory(member=point.member, due_date=date(2026, 11, 5), now=NOW)
    refusal(point)

    page = client.get(reverse("admin:members_contactpoint_changelist")).content.decode()

    assert "10 (fraco)" in page


def test_person_may_ask_for_a_look(client: Client, office: None, django_user_model: Any) -> None:
    client.force_login(
        django_user_model.objects.create_superuser("m", password="uma senha longa"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    point = ContactPointFactory()

    for _ in range(2):
        client.post(
            reverse("admin:members_contactpoint_changelist"),
            {"action": "ask_for_review", "_selected_action": [point.pk]},
        )
    finding.find(now=NOW)

    assert list(HygieneTask.objects.values_list("contact_point", "problem", "state")) == [
        (point.pk, Problem.REVIEW, HygieneState.OPEN)
    ]
