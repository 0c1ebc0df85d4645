"""One line through what was sent, what was not, and what else happened: complete, in order, without holes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from commons.history import append
from conversations.models import Message
from office.passports.timeline import Line, Moment, Show, timeline
from tests.conversations.world import NOW, Talk
from tests.office.passports.contacts import not_sent

pytestmark = pytest.mark.django_db


def of(talk: Talk, show: Show = Show.ALL, **more: object) -> list[Moment]:
    return timeline(talk.world.member.pk, show=show, **more).moments  # type: ignore[arg-type]


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


class TestWhatItShows:
    def test_messages_not_sent_contacts_and_events_are_one_line_newest_first(self, talk: Talk):
        refused = not_sent(talk, at=after(3))

        moments = of(talk)

        assert [moment.at for moment in moments] == sorted((each.at for each in moments), reverse=True)
        assert [moment.title for moment in moments[:3]] == [
            "Recusado: cobrança, etapa depois-7"
            if refused.verdict == "refuse"
            else "Adiado: cobrança, etapa depois-7",
            "Membro escreveu",
            "Mensagem na fila",
        ]
        assert "Passou do vencimento: contato amigável." in [moment.text for moment in moments]

    def test_message_is_told_once_with_its_state_of_now(self, talk: Talk):
        body = Message.objects.order_by("pk")[0].body

        assert [moment.text for moment in of(talk)].count(body) == 1

    def test_every_contact_and_non_contact_says_why(self, talk: Talk):
        refused = not_sent(talk, at=after(3))
        sent = Message.objects.order_by("pk")[0]

        whys = {moment.tone: moment.why for moment in of(talk) if moment.why}

        assert whys == {
            refused.verdict: reverse("admin:compliance_decision_change", args=[refused.pk]),
            "out": reverse("inbox:why", args=[sent.pk]),
        }

    def test_failed_message_says_the_cause(self, talk: Talk):
        Message.objects.filter(direction="out").update(state="failed", failure="O número não tem WhatsApp.")

        (moment,) = [each for each in of(talk) if each.title == "Mensagem falhou"]

        assert moment.tone == "refuse"
        assert moment.text.endswith("O número não tem WhatsApp.")

    def test_draft_that_never_was_a_contact_is_not_shown(self, talk: Talk):
        Message.objects.filter(direction="out").update(state="superseded")

        assert [moment for moment in of(talk) if moment.tone == "out"] == []

    def test_same_obstacle_again_and_again_is_one_line_with_its_count(self, talk: Talk):
        for minutes in (10, 20, 30):
            not_sent(talk, at=after(minutes))

        (moment,) = of(talk, Show.NOT_SENT)

        assert (moment.times, moment.since, moment.at) == (3, after(10), after(30))

    def test_another_step_or_something_between_begins_a_new_line(self, talk: Talk):
        not_sent(talk, at=after(10))
        not_sent(talk, at=after(20), step="depois-15")
        append(
            member_id=talk.world.member.pk, kind="case.note", sentence="Algo.", at=after(25), actor="system"
        )
        not_sent(talk, at=after(30), step="depois-15")

        assert [moment.times for moment in of(talk) if moment.tone in {"defer", "refuse"}] == [1, 1, 1]

    @pytest.mark.parametrize(
        ("show", "tones"),
        [
            (Show.CONTACTS, {"in", "out"}),
            (Show.NOT_SENT, {"defer", "refuse"}),
            (Show.EVENTS, {"event"}),
        ],
    )
    def test_each_view_shows_its_own(self, show: Show, tones: set[str], talk: Talk):
        not_sent(talk, at=after(3))

        found = {moment.tone for moment in of(talk, show)}

        assert found != set()
        assert found <= tones


class TestPages:
    def walk(self, talk: Talk, *, limit: int) -> list[str]:
        """Every text of the line, page by page."""
        texts: list[str] = []
        before = None
        for _ in range(200):
            line: Line = timeline(talk.world.member.pk, before=before, limit=limit)
            texts += [f"{moment.title}|{moment.text}" for moment in line.moments]
            if line.older is None:
                return texts
            before = line.older
        raise AssertionError("the line never ends")

    def test_pages_together_are_the_whole_line(self, talk: Talk):
        for number in range(12):
            append(
                member_id=talk.world.member.pk,
                kind="case.note",
                sentence=f"Nota {number}.",
                at=after(number // 2 + 5),
                actor="system",
            )
        whole = [f"{moment.title}|{moment.text}" for moment in of(talk, limit=500)]

        assert self.walk(talk, limit=6) == whole
        assert len(whole) > 12

    def test_line_that_fits_one_page_has_no_next(self, talk: Talk):
        assert timeline(talk.world.member.pk, limit=500).older is None

    def test_more_at_one_instant_than_a_page_holds_still_ends(self, talk: Talk):
        for number in range(9):
            append(
                member_id=talk.world.member.pk, kind="x.y", sentence=f"{number}", at=after(5), actor="system"
            )

        assert len(self.walk(talk, limit=4)) >= 4


def test_member_without_a_story_has_an_empty_line(talk: Talk) -> None:
    assert timeline(10**9) == Line([], None)
