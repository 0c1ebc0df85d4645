"""Which approved text goes out: the member's language and delay first, stand-ins last, always the same one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from conversations import templates
from conversations.models import MessageTemplate
from conversations.stages import Variant

GONE = datetime(2026, 11, 1, tzinfo=UTC)


def text(pk: int, **changes: object) -> MessageTemplate:
    given_ = {"stage": "late_1_7", "status": "APPROVED", "neutral": False, "language": "pt_BR"} | changes
    return MessageTemplate(pk=pk, name=f"t{pk}", body="Oi.", **given_)


def chosen(*candidates: MessageTemplate, **wish: object) -> int | None:
    asked = {"stage": "late_1_7", "neutral": False, "language": "pt_BR", "variant": Variant.ANY} | wish
    found = templates.choose(candidates, **asked)  # type: ignore[arg-type]
    return None if found is None else found.pk


SET = (
    text(1),
    text(2, variant="first"),
    text(3, language="es"),
    text(4, language="es", variant="first"),
    text(5, stage="negotiation"),
    text(6, neutral=True, stage="read_no_reply"),
)


@pytest.mark.parametrize(
    ("wish", "pk"),
    [
        ({}, 1),
        ({"variant": "first"}, 2),
        ({"variant": "repeat"}, 1),
        ({"language": "es"}, 3),
        ({"language": "es", "variant": "first"}, 4),
        ({"language": "es", "variant": "repeat"}, 3),
        ({"language": "en"}, 1),
        ({"stage": "negotiation", "language": "es", "variant": "first"}, 5),
        ({"stage": "receipt"}, None),
        ({"neutral": True}, None),
        ({"neutral": True, "stage": "read_no_reply"}, 6),
    ],
)
def test_closest_text_is_chosen(wish: dict[str, object], pk: int | None):
    assert chosen(*SET, **wish) == pk


@pytest.mark.parametrize("status", ["DRAFT", "PENDING", "REJECTED", "PAUSED", "DISABLED", "DISCARDED"])
def test_only_an_approved_text_leaves(status: str):
    assert chosen(text(1, status=status)) is None
    assert chosen(text(1, status=status), text(2, language="pt_BR", variant="")) == 2


def test_newest_version_goes_out_and_the_one_it_replaced_does_not():
    assert chosen(text(1, version=1, retired_at=GONE), text(2, version=2)) == 2
    assert chosen(text(1, version=3), text(2, version=2)) == 1
    assert chosen(text(1, version=1, retired_at=GONE)) is None


def test_stand_in_takes_over_while_the_text_is_stopped():
    before = text(1, version=1, retired_at=GONE)

    assert chosen(before, text(2, version=2, status="PAUSED", fallback_id=1)) == 1
    assert chosen(before, text(2, version=2, fallback_id=1)) == 2


def test_own_text_for_everybody_comes_before_a_stand_in():
    stopped = text(2, variant="first", status="PAUSED", fallback_id=5)

    assert chosen(text(1), stopped, text(5, stage="negotiation"), variant="first") == 1
    assert chosen(stopped, text(5, stage="negotiation"), variant="first") == 5


def test_stand_in_of_a_stand_in_is_the_last():
    chain = (
        text(1, status="PAUSED", fallback_id=2),
        text(2, stage="due_day", status="DISABLED", fallback_id=3),
        text(3, stage="pre_due"),
    )

    assert chosen(*chain) == 3


def test_stand_ins_in_a_circle_end():
    assert chosen(text(1, status="PAUSED", fallback_id=2), text(2, status="PAUSED", fallback_id=1)) is None


def test_stand_in_that_names_money_goes_to_nobody_unconfirmed():
    stopped = text(1, stage="identify", neutral=True, status="PAUSED", fallback_id=2)

    assert chosen(stopped, text(2, stage="welcome"), stage="identify", neutral=True) is None
    assert chosen(stopped, text(2, stage="welcome", neutral=True), stage="identify", neutral=True) == 2


_ANY_TEXT: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    status=st.sampled_from(["APPROVED", "PAUSED", "PENDING"]),
    language=st.sampled_from(["pt_BR", "es"]),
    variant=st.sampled_from(["", "first", "repeat"]),
    stage=st.sampled_from(["late_1_7", "identify"]),
    neutral=st.booleans(),
    version=st.integers(1, 3),
    retired_at=st.sampled_from([None, GONE]),
    fallback_id=st.sampled_from([None, 1, 2, 3, 4]),
)


@given(
    rows=st.lists(_ANY_TEXT, max_size=6),
    neutral=st.booleans(),
    language=st.sampled_from(["pt_BR", "es"]),
    variant=st.sampled_from(["", "first", "repeat"]),
    data=st.data(),
)
def test_choice_is_lawful_and_the_same_in_whatever_order(
    rows: list[dict[str, object]], neutral: bool, language: str, variant: str, data: st.DataObject
):
    made = [text(pk, **row) for pk, row in enumerate(rows, start=1)]
    shuffled = data.draw(st.permutations(made))

    found = templates.choose(made, stage="late_1_7", neutral=neutral, language=language, variant=variant)

    assert found == templates.choose(
        shuffled, stage="late_1_7", neutral=neutral, language=language, variant=variant
    )
    if found is not None:
        assert found.status == "APPROVED"
        assert found.neutral or not neutral


@pytest.mark.parametrize(
    ("spoken", "written"), [("pt-BR", "pt_BR"), ("es", "es"), ("es-CO", "es"), ("en", "pt_BR")]
)
def test_member_s_language_becomes_one_of_ours(spoken: str, written: str):
    assert templates.template_language(spoken) == written


def test_stored_texts_and_what_stands_in_for_them_are_read_at_once(db: None):
    last = MessageTemplate.objects.create(name="c", stage="due_day", body="c", status="APPROVED")
    second = MessageTemplate.objects.create(
        name="b", stage="pre_due", body="b", status="PAUSED", fallback=last
    )
    MessageTemplate.objects.create(name="a", stage="late_1_7", body="a", status="PAUSED", fallback=second)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert templates.sendable(stage="late_1_7", neutral=False) == last

    assert len(queries) == 1
