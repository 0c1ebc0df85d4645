"""The set of texts: complete in each language, put where a text is missing, never over one."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from conversations.library.loading import LANGUAGES, ensure_library, library, name_of
from conversations.models import MessageTemplate
from conversations.stages import RULES, Stage, Variant
from conversations.variables import VARIABLES, names_in

WITH_VARIANTS = {
    (Stage.LATE_1_7, Variant.FIRST),
    (Stage.LATE_1_7, Variant.REPEAT),
    (Stage.LATE_8_30, Variant.FIRST),
    (Stage.LATE_8_30, Variant.REPEAT),
    (Stage.NEGOTIATION, Variant.REPEAT),
}


def test_every_stage_has_its_rules():
    assert set(RULES) == set(Stage)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_complete(language: str):
    texts = [(text.stage, text.variant) for text in library() if text.language == language]

    assert sorted(texts) == sorted({(stage, Variant.ANY) for stage in Stage} | WITH_VARIANTS)


def test_both_languages_ask_for_the_same_answers_and_values():
    """A translation that forgets a button or an amount is another message."""
    portuguese = {(t.stage, t.variant): t for t in library() if t.language == "pt_BR"}
    spanish = {(t.stage, t.variant): t for t in library() if t.language == "es"}

    for key, text in portuguese.items():
        other = spanish[key]
        assert [identifier for identifier, _ in other.buttons] == [
            identifier for identifier, _ in text.buttons
        ]
        assert set(names_in(other.body)) == set(names_in(text.body)), key
        assert {title for _, title in text.buttons}.isdisjoint({title for _, title in other.buttons})


def test_only_what_is_said_in_a_chat_has_no_email_and_no_sms():
    without = {
        text.stage for text in library() if not (text.email_subject and text.email_body and text.sms_body)
    }

    assert without == {Stage.AWAY}


def test_texts_use_known_variables_only():
    used = {name for t in library() for name in names_in(t.body, t.email_subject, t.email_body, t.sms_body)}

    assert used - set(VARIABLES) == set()


def test_neutral_is_what_its_stage_says(db: None):
    ensure_library()

    neutral = set(MessageTemplate.objects.filter(neutral=True).values_list("stage", flat=True))
    assert neutral == {Stage.IDENTIFY, Stage.CONTACT_CHECK, Stage.WELCOME, Stage.AWAY, Stage.READ_NO_REPLY}


def test_missing_texts_are_made_once_and_what_is_there_stays(db: None):
    kept = MessageTemplate.objects.create(
        name="nosso_aviso", stage=Stage.LATE_1_7, language="pt_BR", body="Oi.", version=7
    )

    assert ensure_library() == len(library()) - 1
    assert ensure_library() == 0
    assert list(
        MessageTemplate.objects.filter(stage=Stage.LATE_1_7, variant="", language="pt_BR").values_list(
            "pk", "body"
        )
    ) == [(kept.pk, "Oi.")]
    assert set(MessageTemplate.objects.exclude(pk=kept.pk).values_list("status", "version")) == {("DRAFT", 1)}


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"stage": "late_1_7", "variant": "", "version": 1}, "late_1_7_v1"),
        ({"stage": "late_1_7", "variant": "first", "version": 12}, "late_1_7_first_v12"),
    ],
)
def test_version_has_a_name_of_its_own(parts: dict[str, str | int], name: str):
    assert name_of(**parts) == name  # type: ignore[arg-type]


def test_stages_of_before_get_their_names_and_what_went_out_becomes_the_newest_version(db: None):
    """Rows as an installation had them: the oldest approved text of a stage was the one that left."""
    first = MessageTemplate.objects.create(name="a", stage="after_2", body="a", status="REJECTED", version=11)
    used = MessageTemplate.objects.create(name="b", stage="after_2", body="b", status="APPROVED", version=12)
    later = MessageTemplate.objects.create(name="c", stage="after_2", body="c", status="APPROVED", version=13)
    other = MessageTemplate.objects.create(name="d", stage="receipt", body="d", version=14)
    migration = import_module("conversations.migrations.0006_stages")

    migration.rename_and_number(apps, None)

    rows = MessageTemplate.objects.in_bulk()
    assert {(t.name, t.stage, t.version) for t in rows.values()} == {
        ("a", "late_1_7", 1),
        ("c", "late_1_7", 2),
        ("b", "late_1_7", 3),
        ("d", "receipt", 1),
    }
    assert [rows[t.pk].retired_at is None for t in (first, used, later, other)] == [True, True, False, True]
