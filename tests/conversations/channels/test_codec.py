"""Contents survive the outbox: to JSON and back, and what is not one is refused."""

from __future__ import annotations

import json
import typing
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.channels.codec import from_payload, to_payload
from conversations.channels.content import (
    Audio,
    Button,
    Buttons,
    ContactInfoRequest,
    Content,
    CopyCodeParam,
    Document,
    HeaderText,
    Image,
    LinkButton,
    ListMenu,
    ListRow,
    ListSection,
    Mail,
    OrderCharge,
    OrderItem,
    OrderParam,
    OrderState,
    OrderUpdate,
    PaymentParam,
    PaymentState,
    PixCode,
    PixKeyType,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    TemplateCategory,
    Text,
    UrlParam,
)

words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
amounts = st.decimals(0, 10**8, places=2, allow_nan=False)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
blobs = st.none() | st.binary(max_size=30)

images = st.builds(Image, mime=words, media_id=words, data=blobs, caption=words)
documents = st.builds(Document, filename=words, mime=words, media_id=words, data=blobs, caption=words)
headers = words | images | documents
rows = st.builds(ListRow, words, words, words)
sections = st.builds(ListSection, st.lists(rows, max_size=3).map(tuple), words)
charges = st.builds(OrderCharge, amounts, words)
orders = st.builds(
    PixOrder,
    reference_id=words,
    body=words,
    total=amounts,
    pix=st.none() | st.builds(PixCode, words, words, words, st.sampled_from(PixKeyType)),
    boleto_line=words,
    link=words,
    items=st.lists(st.builds(OrderItem, words, words, amounts, st.integers(1, 9)), max_size=2).map(tuple),
    tax=charges,
    shipping=charges,
    discount=charges,
    expires_at=st.none() | instants,
    expiry_note=words,
    header=st.none() | images,
    footer=words,
)
indexes = st.integers(0, 9)
params = st.one_of(
    st.builds(QuickReplyParam, indexes, words),
    st.builds(UrlParam, indexes, words),
    st.builds(CopyCodeParam, indexes, words),
    st.builds(PaymentParam, indexes, words, words, words, st.none() | amounts),
    st.builds(OrderParam, indexes, orders),
)
CONTENTS: dict[type, st.SearchStrategy[Any]] = {
    Text: st.builds(Text, words, st.booleans()),
    Buttons: st.builds(
        Buttons, words, st.lists(st.builds(Button, words, words), max_size=3).map(tuple), headers, words
    ),
    ListMenu: st.builds(ListMenu, words, words, st.lists(sections, max_size=2).map(tuple), words, words),
    LinkButton: st.builds(LinkButton, words, words, words, headers, words),
    ContactInfoRequest: st.builds(ContactInfoRequest, words),
    Mail: st.builds(Mail, subject=words, body=words, unsubscribe=words, automatic=st.booleans()),
    Image: images,
    Document: documents,
    Audio: st.builds(Audio, mime=words, media_id=words, data=blobs, voice=st.booleans()),
    Template: st.builds(
        Template,
        name=words,
        language=words,
        category=st.sampled_from(TemplateCategory),
        body_params=st.lists(words, max_size=3) | st.dictionaries(words, words, max_size=3),
        header=st.none() | st.builds(HeaderText, words, words) | images | documents,
        buttons=st.lists(params, max_size=3).map(tuple),
    ),
    PixOrder: orders,
    OrderUpdate: st.builds(
        OrderUpdate,
        reference_id=words,
        body=words,
        order=st.none() | st.sampled_from(OrderState),
        description=words,
        payment=st.none() | st.sampled_from(PaymentState),
        paid_at=st.none() | instants,
    ),
    Reaction: st.builds(Reaction, words, words),
}


@settings(max_examples=300, deadline=None)
@given(st.one_of(*CONTENTS.values()))
def test_content_through_json_is_the_same_content(content: Content) -> None:
    stored = json.loads(json.dumps(to_payload(content), allow_nan=False))

    assert from_payload(stored) == content


def test_every_content_is_tried_above() -> None:
    assert set(CONTENTS) == set(typing.get_args(Content))


def test_stored_form_is_versioned_typed_and_short() -> None:
    assert to_payload(Text("Oi")) == {"v": 1, "type": "text", "body": "Oi"}
    assert to_payload(Buttons("Pagar?", (Button("y", "Sim"),), header=Image(media_id="1"))) == {
        "v": 1,
        "type": "buttons",
        "body": "Pagar?",
        "buttons": [{"type": "button", "id": "y", "title": "Sim"}],
        "header": {"type": "image", "media_id": "1"},
    }
    order = PixOrder(
        reference_id="INV-1.1",
        body="Fatura",
        total=Decimal("120.50"),
        pix=PixCode("000201", "Academia", "k"),
        items=(OrderItem("1", "Mensalidade", Decimal("120.50")),),
        expires_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    assert to_payload(order) == {
        "v": 1,
        "type": "pix_order",
        "reference_id": "INV-1.1",
        "body": "Fatura",
        "total": "120.50",
        "pix": {"type": "pix_code", "code": "000201", "merchant_name": "Academia", "key": "k"},
        "items": [{"type": "item", "id": "1", "name": "Mensalidade", "amount": "120.50"}],
        "expires_at": "2026-11-22T12:00:00+00:00",
    }


def test_amount_keeps_its_two_places() -> None:
    order = PixOrder(reference_id="a", body="b", total=Decimal("120.00"), link="https://x.com")

    read = from_payload(to_payload(order))

    assert isinstance(read, PixOrder)
    assert str(read.total) == "120.00"


def test_nul_characters_are_dropped_on_the_way_in() -> None:
    assert from_payload(to_payload(Text("a\x00b"))) == Text("ab")


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ({}, "version"),
        ({"v": 2, "type": "text", "body": "x"}, "version"),
        ({"v": 1}, "not an outbound content"),
        ({"v": 1, "type": "fax", "body": "x"}, "not an outbound content"),
        # A part of a content is not one.
        ({"v": 1, "type": "row", "id": "1", "title": "x"}, "not an outbound content"),
        ({"v": 1, "type": "text"}, "incomplete"),
        ({"v": 1, "type": "text", "body": 7}, "another shape"),
        ({"v": 1, "type": "text", "body": "x", "colour": "red"}, "unknown fields"),
        ({"v": 1, "type": "buttons", "body": "x", "buttons": {}}, "another shape"),
        ({"v": 1, "type": "buttons", "body": "x", "buttons": ["a"]}, "without its type"),
        (
            {"v": 1, "type": "buttons", "body": "x", "buttons": [{"type": "row", "id": "1", "title": "t"}]},
            "shape",
        ),
        (
            {"v": 1, "type": "buttons", "body": "x", "buttons": [], "header": {"type": "audio"}},
            "another shape",
        ),
        ({"v": 1, "type": "buttons", "body": "x", "buttons": [], "header": 7}, "another shape"),
        ({"v": 1, "type": "template", "name": "x", "category": "spam"}, "TemplateCategory"),
        ({"v": 1, "type": "template", "name": "x", "body_params": [1]}, "another shape"),
        ({"v": 1, "type": "template", "name": "x", "buttons": [{"type": "fax"}]}, "unknown part"),
        ({"v": 1, "type": "pix_order", "reference_id": "1", "body": "x", "total": "abc"}, "unreadable"),
        ({"v": 1, "type": "pix_order", "reference_id": "1", "body": "x", "total": 1.5}, "another shape"),
        ({"v": 1, "type": "image", "data": "???"}, "another shape|unreadable"),
    ],
)
def test_anything_else_is_refused_with_a_reason(payload: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        from_payload(payload)
