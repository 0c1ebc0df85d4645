"""The texts of a rehearsal: chosen as the planner would, judged once for all who read the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cadence import aiming, loading, segments
from cadence.engine import schedule
from cadence.rehearsal.words import Text, Words
from commons.clock import SAO_PAULO
from compliance.enums import SwitchScope
from compliance.gate.evaluate import judge_words
from compliance.gate.situation import Situation
from compliance.models import Switch
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate
from tests.cadence.world import TODAY, Followed, live_plan
from tests.cases.world import NOW
from tests.compliance.builders import BR, request, situation

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def text_of(who: Followed, words: Words | None = None, **view_changes: Any) -> Text | None:
    """Of what is due for them now."""
    aiming.refresh_traits(now=NOW)
    (view,) = loading.load_views([who.member.pk], version=live_plan(), now=NOW, zone=SAO_PAULO)
    view = replace(view, **view_changes)
    due = schedule.due_step(view, live_plan(), now=NOW, zone=SAO_PAULO)
    assert due is not None
    words = words or Words(zone=SAO_PAULO, now=NOW)
    return words.text(view, due.step, point=view.points["whatsapp"], due=due, now=NOW)


def template(who: Followed, **view_changes: Any) -> str | None:
    found = text_of(who, **view_changes)
    return None if found is None else found.template.name


def test_first_delay_and_a_repeated_one_read_differently():
    who = Followed.late(2)
    (view,) = loading.load_views([who.member.pk], version=live_plan(), now=NOW, zone=SAO_PAULO)

    assert (template(who), template(who, past=replace(view.past, late_before=1))) == (
        "late_1_7_first_v1",
        "late_1_7_repeat_v1",
    )


def test_who_has_not_said_who_they_are_reads_nothing_of_a_debt():
    assert template(Followed.late(2, confirmed=False)) == "identify_v1"


def test_without_an_approved_template_there_is_no_text():
    who = Followed.late(2)
    MessageTemplate.objects.filter(stage="late_1_7").update(status=TemplateStatus.REJECTED)

    assert text_of(who) is None


def test_amounts_and_dates_make_no_difference_to_the_rules():
    one, other = Followed.late(2), Followed.late(3)

    texts = [text_of(each) for each in (one, other)]

    assert len({each.alike for each in texts if each is not None}) == 1
    assert None not in texts


def test_number_of_invoices_and_what_they_are_called_do():
    one, two = Followed.late(2), Followed.owing(TODAY - 2 * DAY, TODAY - 3 * DAY)
    words = Words(zone=SAO_PAULO, now=NOW)
    (view,) = loading.load_views([one.member.pk], version=live_plan(), now=NOW, zone=SAO_PAULO)
    renamed = tuple(replace(each, words="Taxa de matrícula") for each in view.invoices)

    texts = [text_of(one, words), text_of(two, words), text_of(one, words, invoices=renamed)]

    assert len({each.alike for each in texts if each is not None}) == 3


class TestJudging:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[Situation]:
        """The situations in which words were really judged."""
        found: list[Situation] = []

        def counted(contact: Any, there: Situation, *rest: Any) -> Any:
            found.append(there)
            return judge_words(contact, there, *rest)

        monkeypatch.setattr("cadence.rehearsal.words.judge_words", counted)
        return found

    def judged(self, words: Words, who: Followed, there: Situation) -> Any:
        text = text_of(who, words)
        assert text is not None
        contact = request(
            member_id=who.member.pk,
            contact_point_id=who.point.pk,
            text="",
            template=text.template,
            invoice_ids=tuple(who.member.invoices.values_list("pk", flat=True)),
        )
        return words.judged(text, contact, there, BR, NOW)

    def test_words_are_judged_once_for_all_who_read_the_same(self, asked):
        people = [Followed.late(2), Followed.late(3), Followed.late(2)]
        words = Words(zone=SAO_PAULO, now=NOW)

        results = [self.judged(words, who, situation()) for who in people]

        assert len(asked) == 1
        assert results == [results[0]] * 3
        assert {each.passed for each in results[0]} == {True}

    def test_situation_that_rules_about_words_ask_for_is_judged_anew(self, asked):
        who = Followed.late(2)
        words = Words(zone=SAO_PAULO, now=NOW)

        for there in (situation(), situation(never_contacted=True), situation(identity_confirmed=False)):
            self.judged(words, who, there)

        assert len(asked) == 3


def test_segments_are_those_that_a_switch_names_and_the_case_is_in():
    who = Followed.late(7)
    for name, days in (("Atrasados", 5), ("Muito atrasados", 50), ("Sem chave", 1)):
        asked = [{"field": "aging", "operator": "min", "value": days}]
        segments.save(name=name, conditions=asked, author=None, now=NOW)
    for key in ("atrasados", "muito-atrasados"):
        Switch.objects.create(
            scope=SwitchScope.SEGMENT, key=key, stopped=True, reason="Erro", author="user:1", at=NOW
        )

    found = Words(zone=SAO_PAULO, now=NOW).segments(who.view().traits(date(2026, 11, 24)))

    assert found == ("atrasados",)
