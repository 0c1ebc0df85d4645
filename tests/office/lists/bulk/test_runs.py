"""Acts on many rows: seen beforehand, done once, told in each member's history, undone where nobody changed it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases.enums import DisputeReason, EscalationReason, HoldReason
from cases.models import Case, Escalation, Hold
from cases.services import concerns, holds
from commons import history
from commons.models import HistoryEntry
from members.models import Member
from office.lists.bulk import running, services
from office.lists.bulk.case_acts import HoldCases
from office.lists.bulk.enums import RunState
from office.lists.bulk.registry import ACTS
from office.models import BulkRow, BulkRun
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

CASES = reverse("admin:cases_case_changelist")
WHY = "Enchente na cidade"


def case(member: Member) -> Case:
    return Case.objects.get(member=member)


def select(
    client: Client, action: str, rows: list[int], *, url: str = CASES, across: bool = False
) -> BulkRun:
    answer = client.post(
        url, {"action": action, "_selected_action": rows, "select_across": "1" if across else "0", "index": 0}
    )
    run = BulkRun.objects.latest("pk")
    assert answer.headers["Location"] == reverse("lists:bulk", args=[run.pk])
    return run


def press(client: Client, run: BulkRun, name: str = "bulk_start", **fields: str) -> Any:
    return client.post(
        reverse(f"lists:{name}", args=[run.pk]), {"reason": WHY, "until": "2026-11-30", **fields}, follow=True
    )


def outcomes(run: BulkRun) -> dict[int, tuple[str, str]]:
    return {row.object_id: (row.left_out, row.outcome) for row in run.rows.all()}


def story(member: Member) -> list[tuple[str, str]]:
    lines = HistoryEntry.objects.filter(member_id=member.pk, kind__startswith="bulk.").order_by("sequence")
    return [(line.sentence, line.actor) for line in lines]


def marina() -> str:
    return f"user:{User.objects.get(username='marina').pk}"


def test_preview_says_who_takes_part_and_who_stays_out_and_why(office: Client, book: list[Member]) -> None:
    concerns.open_dispute(case=case(book[0]), reason=DisputeReason.AMOUNT, words="", author="agent", now=NOW)
    run = select(office, "bulk_hold", [case(member).pk for member in book])

    page = office.get(reverse("lists:bulk", args=[run.pk]))

    text = page.content.decode()
    assert '<a href="?grupo=in">2 casos serão segurados</a>' in text
    assert '<a href="?grupo=out-disputed">1 em contestação</a> fica de fora.' in text
    assert ">Segurar 2 casos<" in text
    (row,) = office.get(reverse("lists:bulk", args=[run.pk]), {"grupo": "out-disputed"}).context["page"]
    assert row.member == book[0]
    assert Hold.objects.filter(reason=HoldReason.HARDSHIP).count() == 0


def test_all_rows_of_the_filter_are_taken_and_no_others(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("office.admin.base.OfficeAdmin.list_per_page", 1)

    run = select(office, "bulk_hold", [case(book[0]).pk], url=f"{CASES}?state__exact=soft", across=True)

    assert set(outcomes(run)) == {case(book[0]).pk, case(book[2]).pk}


def test_hold_is_placed_until_the_day_and_told_with_reason_and_name(
    office: Client, book: list[Member]
) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])

    page = press(office, run)

    hold = Hold.objects.get(case=case(book[2]))
    assert (hold.reason, hold.author, hold.note) == (HoldReason.HARDSHIP, marina(), WHY)
    assert hold.ends_at.isoformat() == "2026-12-01T02:59:59+00:00"
    assert story(book[2]) == [
        (f"Régua segurada até 30/11/2026 (ação em massa nº {run.pk}). Motivo: {WHY}", marina())
    ]
    assert "terminada" in page.content.decode()
    assert outcomes(run) == {case(book[2]).pk: ("", "done")}
    assert history.first_broken_line(book[2].pk) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": " "}, "Diga por quê: o motivo fica na história de cada membro."),
        ({"until": ""}, "Escolha uma data de hoje até daqui a 180 dias."),
        ({"until": "2026-11-23"}, "Escolha uma data de hoje até daqui a 180 dias."),
        ({"until": "2028-01-01"}, "Escolha uma data de hoje até daqui a 180 dias."),
    ],
)
def test_nothing_begins_without_reason_and_end(
    office: Client, book: list[Member], fields: dict[str, str], sentence: str
) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])

    page = press(office, run, **fields)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert Hold.objects.filter(case=case(book[2])).count() == 0


def test_pressed_twice_or_run_twice_it_happens_once(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])
    press(office, run)

    again = press(office, run)
    assert running.work(run_id=run.pk, now=NOW)
    BulkRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    assert running.work(run_id=run.pk, now=NOW)

    assert "Esta ação já começou." in again.content.decode()
    assert Hold.objects.filter(case=case(book[2])).count() == 1
    assert len(story(book[2])) == 1


def test_row_that_changed_since_the_preview_stays_as_it_is(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])
    holds.place(case=case(book[2]), reason=HoldReason.HARDSHIP, author="agent", now=NOW)

    press(office, run)

    row = BulkRow.objects.get(run=run)
    assert (row.outcome, row.detail) == (
        "skipped",
        "mudou desde a conferência: já segurados pelo mesmo motivo",
    )
    assert Hold.objects.get(case=case(book[2])).author == "agent"


def test_interrupted_run_goes_on_where_it_was(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = select(office, "bulk_hold", [case(book[0]).pk, case(book[2]).pk])
    services.start(run_id=run.pk, reason=WHY, ends_at=NOW + timedelta(days=3), now=NOW)

    assert not running.work(run_id=run.pk, now=NOW, seconds=0)
    assert sorted(outcome for _, outcome in outcomes(run).values()) == ["", "done"]
    assert running.work(run_id=run.pk, now=NOW)

    assert sorted(outcome for _, outcome in outcomes(run).values()) == ["done", "done"]
    assert BulkRun.objects.get(pk=run.pk).state == RunState.DONE


def test_trouble_with_one_row_is_told_there_and_stops_no_other(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = case(book[0]).pk
    whole = HoldCases.do

    def do(self: HoldCases, wish: Any) -> Any:
        made = whole(self, wish)
        if wish.object_id == broken:
            raise RuntimeError("segredo do membro")
        return made

    monkeypatch.setattr(HoldCases, "do", do)
    run = select(office, "bulk_hold", [broken, case(book[2]).pk])
    press(office, run)

    assert outcomes(run) == {broken: ("", "failed"), case(book[2]).pk: ("", "done")}
    assert (
        BulkRow.objects.get(object_id=broken).detail == "algo inesperado aconteceu; a linha ficou como estava"
    )
    assert Hold.objects.filter(case=broken, reason=HoldReason.HARDSHIP).count() == 0
    assert story(book[0]) == []


def test_large_selection_is_looked_at_and_done_in_the_background(
    office: Client, book: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PREPARED_AT_ONCE", 1)
    monkeypatch.setattr(services, "DONE_AT_ONCE", 1)
    sent: list[int] = []
    monkeypatch.setattr("office.lists.bulk.tasks.work_bulk_run.delay", lambda *, run_id: sent.append(run_id))

    run = select(office, "bulk_hold", [case(book[0]).pk, case(book[2]).pk])
    waiting = office.get(reverse("lists:bulk", args=[run.pk])).content.decode()
    assert sent == [run.pk]
    assert "Conferindo as linhas: 0 de 2 linhas." in waiting
    running.work(run_id=run.pk, now=NOW)
    press(office, run)
    assert sent == [run.pk, run.pk]
    running.work(run_id=run.pk, now=NOW)

    done = office.get(reverse("lists:bulk_progress", args=[run.pk]))
    assert done.headers["HX-Refresh"] == "true"
    assert Hold.objects.filter(reason=HoldReason.HARDSHIP).count() == 2


def test_lost_task_is_taken_up_after_a_silence(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])
    services.start(run_id=run.pk, reason=WHY, ends_at=NOW + timedelta(days=3), now=NOW)
    beat = BulkRun.objects.get(pk=run.pk).beat_at

    assert services.abandoned(real_now=beat + services.SILENCE) == []
    assert services.abandoned(real_now=beat + services.SILENCE * 2) == [run.pk]


def test_undo_releases_what_the_act_held_and_nobody_changed(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_hold", [case(book[0]).pk, case(book[2]).pk])
    press(office, run)
    holds.place(
        case=case(book[0]),
        reason=HoldReason.HARDSHIP,
        author="agent",
        now=NOW,
        ends_at=NOW + timedelta(days=90),
    )

    press(office, run, "bulk_undo", reason="A água baixou")

    undone = {row.member_id: row.undone for row in run.rows.all()}
    assert undone == {book[0].pk: "kept", book[2].pk: "undone"}
    assert Hold.objects.get(case=case(book[2]), reason=HoldReason.HARDSHIP).released_by == marina()
    assert Hold.objects.get(case=case(book[0]), reason=HoldReason.HARDSHIP).released_at is None
    assert [sentence for sentence, _ in story(book[2])][-1] == (
        f"Régua liberada (ação em massa nº {run.pk}). Motivo: A água baixou"
    )
    assert "Só uma ação terminada pode ser desfeita." in press(office, run, "bulk_undo").content.decode()


def test_giving_up_leaves_nothing(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])

    press(office, run, "bulk_discard")

    assert BulkRow.objects.count() == 0
    assert BulkRun.objects.get(pk=run.pk).selection == []
    assert office.get(reverse("lists:bulk", args=[run.pk])).status_code == 404


def test_release_lifts_a_person_s_hold_and_not_the_rest_after_a_grave_matter(
    office: Client, book: list[Member]
) -> None:
    holds.place(case=case(book[0]), reason=HoldReason.HARDSHIP, author="user:1", now=NOW)
    concerns.escalate(case=case(book[2]), reason=EscalationReason.BEREAVEMENT, raised_by="agent", now=NOW)
    run = select(office, "bulk_release", [case(member).pk for member in book])

    press(office, run)

    assert outcomes(run) == {
        case(book[0]).pk: ("", "done"),
        case(book[1]).pk: ("not_held", ""),
        case(book[2]).pk: ("grave", ""),
    }
    assert Hold.objects.filter(reason=HoldReason.HARDSHIP, released_at=None).count() == 1


def test_escalating_and_taking_it_back(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_escalate", [case(book[1]).pk, case(book[2]).pk])
    press(office, run)

    assert outcomes(run)[case(book[1]).pk] == ("with_team", "")
    escalation = Escalation.objects.get(case=case(book[2]))
    assert (case(book[2]).state, escalation.raised_by, escalation.summary) == ("escalated", marina(), WHY)

    press(office, run, "bulk_undo")
    assert case(book[2]).state == "soft"


def test_handing_back_leaves_delicate_and_other_people_s_cases(office: Client, book: list[Member]) -> None:
    concerns.escalate(case=case(book[2]), reason=EscalationReason.LEGAL, raised_by="agent", now=NOW)
    concerns.escalate(case=case(book[0]), reason=EscalationReason.COMPLAINT, raised_by="agent", now=NOW)
    other = User.objects.create_user("rita", password="uma senha longa")
    Escalation.objects.filter(case=case(book[0])).update(owner=other)
    run = select(office, "bulk_hand_back", [case(member).pk for member in book])

    press(office, run)

    assert outcomes(run) == {
        case(book[0]).pk: ("others", ""),
        case(book[1]).pk: ("", "done"),
        case(book[2]).pk: ("sensitive", ""),
    }
    assert case(book[1]).state == "soft"
    assert "Desfazer esta ação" not in office.get(reverse("lists:bulk", args=[run.pk])).content.decode()


def test_stopped_robot_stays_stopped_until_undone(office: Client, book: list[Member]) -> None:
    run = select(office, "bulk_stop", [case(book[2]).pk])
    press(office, run)

    hold = Hold.objects.get(case=case(book[2]))
    assert (hold.reason, hold.ends_at) == (HoldReason.HUMAN, None)
    press(office, run, "bulk_undo")
    assert Hold.objects.get(pk=hold.pk).released_at is not None


def test_who_may_only_look_neither_sees_the_actions_nor_begins_one(
    office: Client, client: Client, book: list[Member]
) -> None:
    run = select(office, "bulk_hold", [case(book[2]).pk])
    user = User.objects.create_user("lia", password="uma senha longa", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_case"))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert "bulk_hold" not in client.get(CASES).content.decode()
    client.post(CASES, {"action": "bulk_hold", "_selected_action": [case(book[2]).pk], "index": 0})
    assert BulkRun.objects.count() == 1
    for name in ("bulk", "bulk_progress"):
        assert client.get(reverse(f"lists:{name}", args=[run.pk])).status_code == 404
    for name in ("bulk_start", "bulk_undo", "bulk_discard"):
        assert press(client, run, name).status_code == 404
    assert client.get(reverse("lists:bulk_history")).context["rows"] == []


def test_button_of_a_case_asks_for_the_permission_to_act(client: Client, book: list[Member]) -> None:
    user = User.objects.create_user("lia", password="uma senha longa", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_case"))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    url = reverse("admin:cases_case_hold_week", args=[case(book[2]).pk])

    assert client.get(url).status_code == 403
    assert Hold.objects.filter(case=case(book[2])).count() == 0


def test_history_lists_every_act_with_its_reason(office: Client, book: list[Member]) -> None:
    assert "Ainda não houve ações em massa" in office.get(reverse("lists:bulk_history")).content.decode()
    run = select(office, "bulk_hold", [case(book[2]).pk])
    press(office, run)

    page = office.get(reverse("lists:bulk_history"))

    assert [(found.pk, act.title) for found, act in page.context["rows"]] == [(run.pk, "Segurar a régua")]
    assert WHY in page.content.decode()


@pytest.mark.parametrize("key", sorted(ACTS))
def test_judging_costs_the_same_for_more_rows(
    key: str, book: list[Member], django_assert_max_num_queries: Any
) -> None:
    act = ACTS[key]
    ids = [case(member).pk for member in book] if act.listed == "cases.case" else [m.pk for m in book]

    with django_assert_max_num_queries(3) as few:
        act.judge(ids[:1], user_id=1, now=NOW)
    with django_assert_max_num_queries(3) as many:
        act.judge(ids, user_id=1, now=NOW)

    assert len(many) == len(few)
