"""What the provider tells of a template: state, category, quality; what goes live; story and alarms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from conversations import template_life, templates
from conversations.enums import AlarmKind
from conversations.models import MessageTemplate, TemplateAlarm, TemplateEvent
from conversations.template_life import LifeRefused, News
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def make(name: str = "late_1_7_v1", **changes: object) -> MessageTemplate:
    given = {"stage": "late_1_7", "status": "PENDING", "body": "Oi."} | changes
    return MessageTemplate.objects.create(name=name, **given)


def live(name: str = "late_1_7_v1", **changes: object) -> MessageTemplate:
    return make(name, **({"status": "APPROVED", "live_since": NOW} | changes))


def follow(template: MessageTemplate, **news: str) -> bool:
    changed = template_life.follow(template_id=template.pk, news=News(**news), now=LATER)
    template.refresh_from_db()
    return changed


def story(template: MessageTemplate) -> list[str]:
    return list(template.events_told.order_by("pk").values_list("sentence", flat=True))


def alarms(template: MessageTemplate) -> list[tuple[str, bool]]:
    """Kind, and whether it is open."""
    rows = template.alarms.order_by("pk").values_list("kind", "resolved_at")
    return [(kind, resolved is None) for kind, resolved in rows]


def test_approved_version_goes_live_in_the_place_of_the_one_before():
    old, new = live(), make("late_1_7_v2", version=2)

    assert follow(new, status="APPROVED")

    old.refresh_from_db()
    assert (new.is_live, new.live_since, old.is_live, old.retired_at) == (True, LATER, False, LATER)
    assert templates.sendable(stage="late_1_7", neutral=False) == new
    assert story(new) == ["Aprovado.", "Foi ao ar."]
    assert story(old) == ["Substituído por “late_1_7_v2”."]


@pytest.mark.parametrize("other", [{"variant": "first"}, {"language": "es"}, {"stage": "late_8_30"}])
def test_other_texts_stay_live(other: dict[str, str]):
    bystander = live(**other)

    follow(make("late_1_7_v2", version=2), status="APPROVED")

    bystander.refresh_from_db()
    assert bystander.is_live


def test_while_the_next_version_is_under_review_or_refused_the_one_before_stays():
    old, new = live(), make("late_1_7_v2", version=2)

    follow(new, status="REJECTED", reason="ABUSIVE_CONTENT")

    old.refresh_from_db()
    assert (old.is_live, new.rejected_reason) == (True, "conteúdo que soa abusivo")
    assert alarms(new) == [(AlarmKind.REJECTED, True)]
    assert story(new) == ["O WhatsApp recusou “late_1_7_v2”. Motivo: conteúdo que soa abusivo."]
    assert templates.sendable(stage="late_1_7", neutral=False) == old


@pytest.mark.parametrize(
    ("event", "verb"), [("PAUSED", "pausou"), ("DISABLED", "desativou"), ("DELETED", "desativou")]
)
def test_stopped_text_raises_an_alarm_that_names_who_speaks_instead(event: str, verb: str):
    before = live("late_1_7_v1", retired_at=NOW)
    text = live("late_1_7_v2", version=2, fallback=before)

    follow(text, status=event)

    assert templates.sendable(stage="late_1_7", neutral=False) == before
    assert alarms(text) == [(AlarmKind.STOPPED, True)]
    assert story(text) == [f"O WhatsApp {verb} “late_1_7_v2”. Entra no lugar: “late_1_7_v1”."]


def test_stopped_text_without_a_stand_in_says_that_the_stage_stands_still():
    text = live()

    follow(text, status="PAUSED")

    assert story(text) == [
        "O WhatsApp pausou “late_1_7_v1”. Nada sai no lugar: a etapa “1 a 7 dias de atraso” está parada."
    ]


def test_text_that_comes_back_resolves_its_alarm():
    text = live()
    follow(text, status="PAUSED")

    follow(text, status="APPROVED")

    assert (text.is_live, text.live_since, alarms(text)) == (True, NOW, [(AlarmKind.STOPPED, False)])
    assert story(text)[1:] == ["Aprovado.", "Alarme resolvido: parou de sair."]


def test_version_that_was_stopped_while_another_went_live_does_not_come_back_beside_it():
    old, new = live(), make("late_1_7_v2", version=2)
    follow(old, status="PAUSED")
    follow(new, status="APPROVED")

    follow(old, status="APPROVED")

    assert (old.is_live, new.is_live) == (False, True)


def test_pause_of_what_nobody_sends_is_a_line_and_no_alarm():
    text = live(retired_at=NOW)

    follow(text, status="PAUSED")

    assert (story(text), alarms(text)) == (["Pausado."], [])


def test_dearer_category_of_a_live_text_raises_an_alarm_until_it_is_cheap_again():
    text = live()

    follow(text, category="MARKETING")
    assert alarms(text) == [(AlarmKind.CATEGORY, True)]
    assert story(text) == ["O WhatsApp passou “late_1_7_v1” de utilidade a marketing: o preço muda."]

    follow(text, category="UTILITY")
    assert (text.category, alarms(text)) == ("UTILITY", [(AlarmKind.CATEGORY, False)])


def test_announced_category_raises_an_alarm_once_even_after_it_was_seen_to():
    text = live()

    assert not follow(text, coming_category="MARKETING")
    assert alarms(text) == [(AlarmKind.CATEGORY, True)]
    template_life.resolve_alarm(alarm_id=text.alarms.get().pk, actor="user:1", now=LATER)
    follow(text, coming_category="MARKETING")

    assert (text.category, alarms(text)) == ("UTILITY", [(AlarmKind.CATEGORY, False)])


def test_version_approved_in_a_dearer_category_does_not_replace_a_cheap_one():
    old, new = live(), make("late_1_7_v2", version=2)

    follow(new, status="APPROVED", category="MARKETING")

    old.refresh_from_db()
    assert (old.is_live, new.is_live) == (True, False)
    assert templates.sendable(stage="late_1_7", neutral=False) == old
    assert alarms(new) == [(AlarmKind.CATEGORY, True)]
    assert story(new)[-1].startswith("Não foi ao ar")


def test_first_version_in_a_dearer_category_goes_live_with_an_alarm():
    text = make()

    follow(text, status="APPROVED", category="MARKETING")

    assert (text.is_live, alarms(text)) == (True, [(AlarmKind.CATEGORY, True)])


@pytest.mark.parametrize(
    ("before", "after", "raised"),
    [
        ("GREEN", "YELLOW", True),
        ("YELLOW", "RED", True),
        ("UNKNOWN", "RED", True),
        ("UNKNOWN", "GREEN", False),
        ("RED", "YELLOW", False),
        ("GREEN", "UNKNOWN", False),
    ],
)
def test_lost_quality_raises_an_alarm(before: str, after: str, raised: bool):
    text = live(quality=before)

    follow(text, quality=after)

    assert (text.quality, alarms(text)) == (after, [(AlarmKind.QUALITY, True)] if raised else [])


def test_quality_that_recovers_resolves_its_alarm():
    text = live(quality="GREEN")
    follow(text, quality="RED")

    follow(text, quality="GREEN")

    assert alarms(text) == [(AlarmKind.QUALITY, False)]


def test_flag_of_the_provider_changes_no_state_and_raises_an_alarm():
    text = live()

    follow(text, status="FLAGGED")

    assert (text.status, alarms(text)) == ("APPROVED", [(AlarmKind.QUALITY, True)])


def test_same_news_are_told_once():
    text = live()

    assert [follow(text, status="PAUSED", quality="RED") for _ in range(3)] == [True, False, False]
    assert len(story(text)) == 2


def test_unknown_news_change_nothing():
    text = live()

    assert not follow(text, status="LIMIT_EXCEEDED")
    assert (text.status, story(text), text.synced_at) == ("APPROVED", [], LATER)


def test_approved_version_of_before_can_be_put_back():
    old = live(retired_at=NOW)
    new = live("late_1_7_v2", version=2)

    template_life.put_live(template_id=old.pk, actor="user:1", now=LATER)

    assert templates.sendable(stage="late_1_7", neutral=False) == old
    assert story(new) == ["Substituído por “late_1_7_v1”."]
    assert TemplateEvent.objects.filter(template=old).values_list("actor", "sentence").get() == (
        "user:1",
        "Foi ao ar.",
    )


@pytest.mark.parametrize("status", ["DRAFT", "PENDING", "REJECTED", "PAUSED"])
def test_what_is_not_approved_cannot_be_put_on_air(status: str):
    text = make(status=status)

    with pytest.raises(LifeRefused, match="aprovada"):
        template_life.put_live(template_id=text.pk, actor="user:1", now=NOW)


def test_putting_the_live_one_on_air_is_nothing_new():
    text = live()

    template_life.put_live(template_id=text.pk, actor="user:1", now=LATER)

    text.refresh_from_db()
    assert (text.live_since, story(text)) == (NOW, [])


def test_alarm_is_resolved_by_somebody_once():
    text = live()
    follow(text, status="PAUSED")
    alarm = TemplateAlarm.objects.get()

    template_life.resolve_alarm(alarm_id=alarm.pk, actor="user:7", now=LATER)
    template_life.resolve_alarm(alarm_id=alarm.pk, actor="user:8", now=LATER + timedelta(days=1))

    alarm.refresh_from_db()
    assert (alarm.resolved_by, alarm.resolved_at) == ("user:7", LATER)
    assert story(text)[-1] == "Alarme resolvido: parou de sair."


def test_story_is_never_changed():
    text = live()
    follow(text, status="PAUSED")

    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        TemplateEvent.objects.update(sentence="Nada houve.")
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        TemplateEvent.objects.all().delete()
