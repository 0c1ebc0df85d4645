"""A rehearsal of the whole book, part by part, by any number of workers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from cadence import tasks
from cadence.enums import RehearsalStatus
from cadence.models import Rehearsal, RehearsalChunk, RehearsedContact
from cadence.rehearsal import running
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 2)


def book(members: int = 5) -> list[int]:
    """Late members, and the ids they have."""
    return [Followed.late(20).member.pk for _ in range(members)]


def ask(*, days: int = 10, **more: Any) -> Rehearsal:
    return running.ask(version=editing.live(), user=None, now=NOW, days=days, **more)


def run(rehearsal: Rehearsal, *parts: int) -> Rehearsal:
    """These parts of it, or all."""
    for number in parts or range(rehearsal.chunks):
        running.run_part(rehearsal_id=rehearsal.pk, number=number)
    return Rehearsal.objects.get(pk=rehearsal.pk)


def rows(rehearsal: Rehearsal) -> list[tuple[bool, int, str, str]]:
    found = RehearsedContact.objects.filter(rehearsal=rehearsal).order_by("is_live", "member_id", "at")
    return list(found.values_list("is_live", "member_id", "step_key", "outcome"))


def results(rehearsal: Rehearsal) -> list[bool]:
    """Of each part whether it was rehearsed."""
    parts = RehearsalChunk.objects.filter(rehearsal=rehearsal).order_by("number")
    return [part.result is not None for part in parts]


class TestAsking:
    def test_book_is_cut_into_parts_and_each_is_asked_for_once_they_are_stored(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ):
        ids = book(5)
        asked: list[tuple[int, int]] = []

        with django_capture_on_commit_callbacks() as waiting:
            rehearsal = ask(start=lambda *part: asked.append(part))
        before = list(asked)
        for callback in waiting:
            callback()

        parts = RehearsalChunk.objects.filter(rehearsal=rehearsal).order_by("number")
        assert [part.member_ids for part in parts] == [ids[:2], ids[2:4], ids[4:]]
        assert (before, asked) == ([], [(rehearsal.pk, number) for number in range(3)])
        assert (rehearsal.status, rehearsal.cases, rehearsal.chunks, rehearsal.starts_at) == (
            RehearsalStatus.RUNNING,
            5,
            3,
            NOW,
        )

    def test_empty_book_is_done_at_once(self):
        rehearsal = ask()

        assert (rehearsal.status, rehearsal.cases, rehearsal.chunks) == (RehearsalStatus.DONE, 0, 0)
        assert (rehearsal.summary["ours"]["messages"], rehearsal.finished_at is not None) == (0, True)

    @pytest.mark.parametrize("days", [0, 91])
    def test_span_that_makes_no_sense_is_refused(self, days: int):
        editing.live()

        with pytest.raises(ValueError, match="Ensaie de 1 a 90 dias"):
            ask(days=days)

        assert Rehearsal.objects.count() == 0

    def test_members_are_those_who_owe_or_will_within_the_days(self):
        late, coming, far = (
            Followed.late(20),
            Followed.owing(TODAY + 17 * DAY),
            Followed.owing(TODAY + 18 * DAY),
        )

        assert running.members_concerned(now=NOW, days=10) == [late.member.pk, coming.member.pk]
        assert running.members_concerned(now=NOW, days=11) == [
            late.member.pk,
            coming.member.pk,
            far.member.pk,
        ]

    def test_rows_of_old_rehearsals_go_and_their_summaries_stay(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(running, "KEPT", 2)
        book(1)
        first, second = (run(ask()) for _ in range(2))

        third = run(ask())

        assert [len(rows(each)) for each in (first, second, third)] == [0, 1, 1]
        assert Rehearsal.objects.get(pk=first.pk).summary == first.summary


class TestParts:
    def test_last_part_sums_up(self):
        ids = book(3)
        rehearsal = ask()

        half = run(rehearsal, 0)
        done = run(rehearsal, 1)

        assert (half.status, half.summary, half.finished_at) == (RehearsalStatus.RUNNING, {}, None)
        assert (done.status, done.summary["ours"]["messages"], done.summary["ours"]["members"]) == (
            RehearsalStatus.DONE,
            3,
            3,
        )
        assert rows(done) == [(False, member_id, "depois-15", "allow") for member_id in ids]
        assert results(done) == []

    def test_order_of_the_parts_is_no_matter(self):
        book(5)

        forwards, backwards = run(ask(), 0, 1, 2), run(ask(), 2, 0, 1)

        assert backwards.summary == forwards.summary

    def test_whole_book_in_one_part_has_the_same_figures(self, monkeypatch: pytest.MonkeyPatch):
        book(5)
        cut = run(ask())
        monkeypatch.setattr(running, "PART", 100)

        whole = run(ask())

        assert (cut.chunks, whole.chunks) == (3, 1)
        assert whole.summary == cut.summary

    def test_part_that_runs_twice_changes_nothing(self):
        book(3)
        rehearsal = run(ask(), 0)
        before = rows(rehearsal), results(rehearsal)

        again = run(rehearsal, 0)

        assert ((rows(again), results(again)), again.status) == (before, RehearsalStatus.RUNNING)
        assert before[1] == [True, False]

    def test_part_after_the_summary_changes_nothing(self):
        book(3)
        done = run(ask())
        before = rows(done)

        again = run(done, 0, 1)

        assert (rows(again), again.finished_at, again.summary) == (before, done.finished_at, done.summary)

    @pytest.mark.parametrize("members", [3, 2])
    def test_part_that_another_worker_did_meanwhile_is_left_as_it_is(
        self, members: int, monkeypatch: pytest.MonkeyPatch
    ):
        """With one part of two left, and with the rehearsal summed up."""
        book(members)
        rehearsal = ask()
        rehearse = running._rehearse
        finished: list[Rehearsal] = []

        def overtaken(*args: Any) -> Any:
            monkeypatch.setattr(running, "_rehearse", rehearse)
            finished.append(run(rehearsal, 0))
            return rehearse(*args)

        monkeypatch.setattr(running, "_rehearse", overtaken)
        slow = run(rehearsal, 0)

        (quick,) = finished
        assert len(rows(slow)) == 2
        assert (slow.status, slow.summary, slow.finished_at) == (
            quick.status,
            quick.summary,
            quick.finished_at,
        )
        assert slow.status == (RehearsalStatus.RUNNING if members == 3 else RehearsalStatus.DONE)


class TestFailing:
    def test_rehearsal_that_failed_says_so_and_goes_no_further(self):
        book(3)
        rehearsal = run(ask(), 0)

        running.fail(rehearsal_id=rehearsal.pk, error="x" * 300)
        failed = run(rehearsal, 1)

        assert (failed.status, failed.error, failed.summary) == (RehearsalStatus.FAILED, "x" * 200, {})
        assert (results(failed), failed.finished_at is not None) == ([True, False], True)

    def test_what_is_done_fails_no_more(self):
        book(1)
        done = run(ask())

        running.fail(rehearsal_id=done.pk, error="tarde demais")

        now = Rehearsal.objects.get(pk=done.pk)
        assert (now.status, now.error, now.finished_at) == (RehearsalStatus.DONE, "", done.finished_at)

    def test_error_of_ours_is_no_error_of_the_queue(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ):
        book(1)
        rehearsal = ask()

        def broken(*args: Any) -> Any:
            raise ZeroDivisionError

        monkeypatch.setattr(running, "_rehearse", broken)
        tasks.rehearse_part(rehearsal_id=rehearsal.pk, number=0)

        failed = Rehearsal.objects.get(pk=rehearsal.pk)
        assert (failed.status, failed.error) == (
            RehearsalStatus.FAILED,
            "O ensaio parou por um erro nosso. Nada mudou na régua; ensaie de novo.",
        )
        assert [record.levelname for record in caplog.records if record.name == "cadence.tasks"] == ["ERROR"]


def test_version_that_is_live_differs_from_itself_in_nothing():
    book(3)

    summary = run(ask()).summary

    assert summary["difference"] == {"members": 3, "changed": 0, "by_contacts": {}, "examples": []}
    assert summary["live"] == summary["ours"]


def test_draft_is_compared_with_what_is_live():
    (member_id,) = book(1)
    draft = editing.draft(editing.person("ana"))
    editing.change(draft, "depois-15", active=False)

    done = run(running.ask(version=draft, user=None, now=NOW, days=10))

    difference = done.summary["difference"]
    assert (difference["members"], difference["changed"], difference["by_contacts"]) == (1, 1, {"+0": 1})
    assert rows(done) == [
        (False, member_id, "depois-7", "allow"),
        (True, member_id, "depois-15", "allow"),
    ]
