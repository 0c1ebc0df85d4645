"""Versions of a text: drafts are edited, what was submitted is followed by the next one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from conversations import template_versions as versions
from conversations.models import MessageTemplate
from conversations.template_life import LifeRefused
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

TEXTS = versions.Texts(
    body="Oi, {{nome}}.",
    footer="Até logo.",
    buttons=[("menu:person", "Falar com pessoa")],
    email_subject="Oi",
    email_body="Corpo",
    sms_body="Curto",
)


@pytest.fixture
def text() -> MessageTemplate:
    return MessageTemplate.objects.create(
        name="late_1_7_v1", stage="late_1_7", status="APPROVED", live_since=NOW, body="Oi.", sms_body="Oi!",
        buttons=[{"id": "x", "title": "X"}],
    )  # fmt: skip


@pytest.fixture
def somebody() -> User:
    return User.objects.create_user("marina", first_name="Marina")


def draft(text: MessageTemplate, owner: User | None = None) -> MessageTemplate:
    return versions.draft_next(template_id=text.pk, actor="user:1", owner_id=owner and owner.pk, now=NOW)


def test_next_version_starts_with_the_words_of_this_one_and_keeps_it_as_its_stand_in(
    text: MessageTemplate, somebody: User
):
    made = draft(text, somebody)

    text.refresh_from_db()
    assert (made.name, made.version, made.status, made.owner) == ("late_1_7_v2", 2, "DRAFT", somebody)
    assert (made.body, made.sms_body, made.buttons, made.fallback) == (
        "Oi.",
        "Oi!",
        [{"id": "x", "title": "X"}],
        text,
    )
    assert (text.body, text.is_live) == ("Oi.", True)


def test_one_draft_at_a_time(text: MessageTemplate):
    assert draft(text) == draft(text)
    assert MessageTemplate.objects.count() == 2


def test_number_of_a_discarded_draft_is_not_used_again(text: MessageTemplate):
    versions.discard(template_id=draft(text).pk, actor="user:1", now=NOW)

    assert draft(text).name == "late_1_7_v3"


def test_next_version_of_a_refused_one_keeps_the_stand_in_it_had(text: MessageTemplate):
    refused = draft(text)
    MessageTemplate.objects.filter(pk=refused.pk).update(status="REJECTED")

    assert draft(refused).fallback == text


def test_variant_is_a_text_of_its_own(text: MessageTemplate):
    made = versions.draft_variant(
        template_id=text.pk, variant="repeat", actor="user:1", owner_id=None, now=NOW
    )

    assert (made.name, made.version, made.variant, made.body) == ("late_1_7_repeat_v1", 1, "repeat", "Oi.")


def test_draft_takes_new_words_and_remembers_who_wrote_them(text: MessageTemplate):
    made = draft(text)

    versions.edit(template_id=made.pk, texts=TEXTS, actor="user:3", now=NOW)

    made.refresh_from_db()
    assert [getattr(made, field) for field in versions.TEXT_FIELDS] == [
        "Oi, {{nome}}.",
        "Até logo.",
        [{"id": "menu:person", "title": "Falar com pessoa"}],
        "Oi",
        "Corpo",
        "Curto",
    ]
    assert list(made.events_told.order_by("pk").values_list("actor", "sentence")) == [
        ("user:1", "Rascunho criado a partir de “late_1_7_v1”."),
        ("user:3", "Texto do rascunho alterado."),
    ]


@pytest.mark.parametrize("status", ["PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED", "DISCARDED"])
def test_what_was_submitted_is_never_edited_nor_discarded(text: MessageTemplate, status: str):
    MessageTemplate.objects.update(status=status)

    with pytest.raises(LifeRefused, match="próxima versão"):
        versions.edit(template_id=text.pk, texts=TEXTS, actor="user:1", now=NOW)
    with pytest.raises(LifeRefused, match="próxima versão"):
        versions.discard(template_id=text.pk, actor="user:1", now=NOW)

    text.refresh_from_db()
    assert (text.body, text.status) == ("Oi.", status)


def test_owner_is_written_down_once(text: MessageTemplate, somebody: User):
    for _ in range(2):
        versions.own(template_id=text.pk, owner_id=somebody.pk, name="Marina", actor="user:1", now=NOW)

    text.refresh_from_db()
    assert text.owner == somebody
    assert list(text.events_told.values_list("sentence", flat=True)) == ["Responsável: Marina."]


def other(**changes: object) -> MessageTemplate:
    given = {"name": "outro", "stage": "late_8_30", "status": "APPROVED", "body": "Oi."} | changes
    return MessageTemplate.objects.create(**given)


def test_stand_in_is_named_and_taken_away(text: MessageTemplate):
    second = other()

    versions.set_fallback(template_id=text.pk, fallback_id=second.pk, actor="user:1", now=NOW)
    versions.set_fallback(template_id=text.pk, fallback_id=second.pk, actor="user:1", now=NOW)
    versions.set_fallback(template_id=text.pk, fallback_id=None, actor="user:1", now=NOW)

    text.refresh_from_db()
    assert text.fallback is None
    assert list(text.events_told.order_by("pk").values_list("sentence", flat=True)) == [
        "Reserva: “outro”.",
        "Ficou sem reserva.",
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"language": "es"}, "idioma"), ({"status": "PAUSED"}, "aprovada")],
)
def test_stand_in_that_could_not_speak_is_refused(text: MessageTemplate, changes: dict[str, str], why: str):
    with pytest.raises(LifeRefused, match=why):
        versions.set_fallback(template_id=text.pk, fallback_id=other(**changes).pk, actor="user:1", now=NOW)


def test_neutral_text_has_neutral_stand_ins_only(text: MessageTemplate):
    MessageTemplate.objects.update(neutral=True)
    second, third = other(), other(name="neutro", stage="due_day", neutral=True)
    text.refresh_from_db()

    with pytest.raises(LifeRefused, match="neutra"):
        versions.set_fallback(template_id=text.pk, fallback_id=second.pk, actor="user:1", now=NOW)
    assert versions.possible_fallbacks(text) == [third]


def test_stand_ins_form_no_circle(text: MessageTemplate):
    second = other(fallback=text)

    with pytest.raises(LifeRefused, match="si mesmo"):
        versions.set_fallback(template_id=text.pk, fallback_id=second.pk, actor="user:1", now=NOW)
    with pytest.raises(LifeRefused, match="si mesmo"):
        versions.set_fallback(template_id=text.pk, fallback_id=text.pk, actor="user:1", now=NOW)


def test_possible_stand_ins_begin_with_the_same_stage(text: MessageTemplate):
    far = other()
    near = other(name="perto", stage="late_1_7", variant="first")
    other(name="parado", stage="late_1_7", variant="repeat", status="PAUSED")
    other(name="es", language="es")

    assert versions.possible_fallbacks(text) == [near, far]
