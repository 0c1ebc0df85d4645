"""Whole deliveries: batches, repeats, broken items, hostile bytes, size."""

from __future__ import annotations

import copy
import json
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.channels.whatsapp.items import (
    Echo,
    InboundMessage,
    Item,
    StatusUpdate,
    UnknownChange,
    Unparsable,
)
from conversations.channels.whatsapp.payloads import parse
from tests.conversations.channels import examples as ex

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def numbered(count: int) -> list[dict[str, Any]]:
    return [ex.text(f"mensagem {n}", id=f"wamid.{n}") for n in range(count)]


def texts(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, InboundMessage)]


class TestBatch:
    def test_every_entry_change_and_message_is_visited_in_order(self) -> None:
        one, two, three, four = numbered(4)
        body = {
            "object": "whatsapp_business_account",
            "entry": [
                ex.entry(ex.messages(one, two), ex.statuses(ex.status("read"), ex.failed())),
                ex.entry(ex.messages(three), account_id="2"),
                ex.entry(ex.messages(four), ex.template_status()),
            ],
        }

        items = parse(ex.raw(body))

        assert [type(item).__name__ for item in items] == [
            "InboundMessage",
            "InboundMessage",
            "StatusUpdate",
            "StatusUpdate",
            "InboundMessage",
            "InboundMessage",
            "TemplateUpdate",
        ]
        assert texts(items) == [f"mensagem {n}" for n in range(4)]
        assert [item.account_id for item in items if isinstance(item, InboundMessage)] == [
            ex.ACCOUNT_ID,
            ex.ACCOUNT_ID,
            "2",
            ex.ACCOUNT_ID,
        ]

    def test_messages_statuses_and_errors_of_one_change_all_arrive(self) -> None:
        change = ex.messages(ex.text())
        change["value"]["statuses"] = [ex.status()]
        change["value"]["errors"] = [{"code": 131042}]

        items = parse(ex.raw(ex.delivery(change)))

        assert [type(item).__name__ for item in items] == ["InboundMessage", "StatusUpdate", "AccountUpdate"]

    def test_broken_items_take_nothing_else_with_them(self) -> None:
        one, two = numbered(2)
        change = ex.messages(one, None, "x", ex.without(ex.text(), "id"), {}, two)  # type: ignore[arg-type]
        broken_statuses = ex.statuses(ex.without(ex.status(), "id"), ex.status(), 7)  # type: ignore[arg-type]
        body = ex.delivery(change, {"field": "messages"}, "nonsense", broken_statuses)  # type: ignore[arg-type]
        body["entry"] += [None, {"id": "1"}]

        items = parse(ex.raw(body))

        assert texts(items) == ["mensagem 0", "mensagem 1"]
        assert sum(isinstance(item, StatusUpdate) for item in items) == 1
        assert [item.reason for item in items if isinstance(item, Unparsable)] == [
            "not an object",
            "not an object",
            "a message without id",
            "a message without id",
            "a change without field or value",
            "a change without field or value",
            "a status without message id or status",
            "not an object",
            "an entry without changes",
            "an entry without changes",
        ]

    def test_unparsable_item_keeps_what_arrived(self) -> None:
        (item,) = parse(ex.raw(ex.delivery(ex.messages(ex.without(ex.text(), "id")))))

        assert isinstance(item, Unparsable)
        assert item.raw == ex.without(ex.text(), "id")


class TestKey:
    """What makes two deliveries the same event."""

    def test_every_kind_of_item_has_a_key_of_its_own(self) -> None:
        changes = [copy.deepcopy(change) for change in ex.CHANGES.values()]
        for number, change in enumerate(changes):
            for message in change["value"].get("messages", []):
                message["id"] = f"wamid.{number}"

        items = parse(ex.raw(ex.delivery(*changes, time=ex.SENT_AT_SECONDS)))

        assert len(items) == len(ex.CHANGES)
        assert [key for key, times in Counter(item.key for item in items).items() if times > 1] == []

    @pytest.mark.parametrize("name", sorted(ex.CHANGES))
    def test_redelivery_has_the_same_key_alone_or_in_a_batch(self, name: str) -> None:
        alone = parse(ex.raw(ex.delivery(ex.CHANGES[name], time=ex.SENT_AT_SECONDS)))
        batched = parse(
            ex.raw(ex.delivery(ex.capability(), ex.CHANGES[name], ex.history(), time=ex.SENT_AT_SECONDS))
        )

        assert [item.key for item in alone] == [item.key for item in batched[1:-1]]

    def test_same_message_id_on_two_numbers_is_two_messages(self) -> None:
        other = ex.messages(ex.text())
        other["value"]["metadata"] = {"phone_number_id": "2"}

        keys = [item.key for item in parse(ex.raw(ex.delivery(ex.messages(ex.text()), other)))]

        assert keys == [f"message:{number}:{ex.text()['id']}" for number in (ex.PHONE_NUMBER_ID, "2")]

    def test_each_step_of_a_status_is_an_event(self) -> None:
        later = str(ex.SENT_AT_SECONDS + 1)
        change = ex.statuses(ex.status("sent"), ex.status("read"), ex.status("read", timestamp=later))

        keys = [item.key for item in parse(ex.raw(ex.delivery(change)))]

        assert keys == [
            f"status:wamid.OURS:sent:{ex.SENT_AT}",
            f"status:wamid.OURS:read:{ex.SENT_AT}",
            f"status:wamid.OURS:read:{later}",
        ]

    def test_echo_of_a_message_is_not_the_message(self) -> None:
        items = parse(ex.raw(ex.delivery(ex.echo(), ex.messages(ex.text(id="wamid.ECHO")))))

        assert len({item.key for item in items}) == 2


class TestBytes:
    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"", "not JSON: JSONDecodeError"),
            (b"<html>", "not JSON: JSONDecodeError"),
            (b'{"entry": [', "not JSON: JSONDecodeError"),
            (b"[" * 100_000, "not JSON: ValueError"),
            (b"[]", "no entries"),
            (b'"entry"', "no entries"),
            (b'{"object": "page"}', "no entries"),
            (b'{"entry": {}}', "no entries"),
        ],
    )
    def test_body_that_is_no_delivery_is_one_unparsable(self, raw: bytes, reason: str) -> None:
        (item,) = parse(raw)

        assert isinstance(item, Unparsable)
        assert item.reason == reason

    def test_nul_and_half_surrogates_are_gone_everywhere(self) -> None:
        body = ex.raw(ex.delivery(ex.messages(ex.text("a\x00b\ud83d fim 😀"))))

        (item,) = parse(body)

        assert isinstance(item, InboundMessage)
        assert item.text == "ab\ufffd fim 😀"
        assert item.raw["text"] == {"body": "ab\ufffd fim 😀"}
        json.dumps(item.raw, ensure_ascii=False).encode()

    def test_raw_utf8_and_invalid_utf8_are_both_read(self) -> None:
        clear = json.dumps(ex.delivery(ex.messages(ex.text("maçã"))), ensure_ascii=False).encode()

        assert texts(parse(clear)) == ["maçã"]
        assert texts(parse(clear.replace("ç".encode(), b"\xff"))) == ["ma\ufffdã"]
        assert texts(parse(b"\xef\xbb\xbf" + clear)) == ["maçã"]

    def test_numbers_no_database_takes_become_nothing(self) -> None:
        body = ex.raw(ex.delivery(ex.messages(ex.location())))
        odd = body.replace(b"-23.5613", b"NaN").replace(b"-46.6565", b"1e999")

        (item,) = parse(odd)

        assert isinstance(item, InboundMessage)
        assert item.location is None
        assert item.raw["location"]["latitude"] is None
        assert item.raw["location"]["longitude"] is None

    def test_endless_number_is_not_read_and_loses_nothing(self) -> None:
        body = ex.raw(ex.delivery(ex.messages(ex.text("oi", extra=7))))

        assert texts(parse(body.replace(b'"extra": 7', b'"extra": ' + b"7" * 5000))) == ["oi"]

    def test_deep_nesting_inside_one_message_leaves_the_others(self) -> None:
        one, two = numbered(2)
        deep = b'{"a":' * 300 + b"1" + b"}" * 300
        body = ex.raw(ex.delivery(ex.messages(one, two, ex.text(id="deep", odd="DEEP\x00"))))

        items = parse(body.replace(b'"DEEP\\u0000"', deep))

        assert texts(items)[:2] == ["mensagem 0", "mensagem 1"]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered_with_items(raw: bytes) -> None:
    assert isinstance(parse(raw), list)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(ex.CHANGES)),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=3)), min_size=1, max_size=4),
)
def test_damaged_bytes_of_a_real_delivery_are_answered_with_items(
    name: str, damages: list[tuple[int, bytes]]
) -> None:
    raw = ex.raw(ex.delivery(ex.CHANGES[name]))
    for place, bytes_ in damages:
        raw = raw[: place % len(raw)] + bytes_ + raw[place % len(raw) + 1 :]

    items = parse(raw)

    json.dumps([item.raw for item in items], allow_nan=False, ensure_ascii=False).encode()


@settings(deadline=None)
@given(json_values)
def test_any_json_is_answered_with_items(body: Any) -> None:
    assert len(parse(json.dumps(body).encode())) == 1 or isinstance(body, dict)


@st.composite
def mutilated_changes(draw: st.DrawFn) -> Any:
    """A real change with some of its values, at any depth, removed or replaced by anything."""
    change = copy.deepcopy(ex.CHANGES[draw(st.sampled_from(sorted(ex.CHANGES)))])
    for _ in range(draw(st.integers(1, 4))):
        node: Any = change
        while isinstance(node, (dict, list)) and node:
            key = (
                draw(st.sampled_from(sorted(node)))
                if isinstance(node, dict)
                else draw(st.integers(0, len(node) - 1))
            )
            if draw(st.booleans()):
                if isinstance(node, dict) and draw(st.booleans()):
                    del node[key]
                else:
                    node[key] = draw(json_values)
                break
            node = node[key]
    return change


@settings(max_examples=400, deadline=None)
@given(mutilated_changes())
def test_mutilated_change_never_raises_and_never_loses_its_neighbour(change: Any) -> None:
    items = parse(ex.raw(ex.delivery(change, ex.messages(ex.text("vizinha", id="wamid.NEIGHBOUR")))))

    assert texts(items)[-1:] == ["vizinha"]
    assert all(item.key for item in items)
    # Whatever was read can be stored as JSON by PostgreSQL.
    stored = json.dumps([item.raw for item in items], allow_nan=False)
    assert "\\u0000" not in stored


def test_full_batch_of_a_thousand_in_three_megabytes_takes_few_decodings() -> None:
    padding = "é 😀 " * 135
    found = [ex.text(f"{n} {padding}", id=f"wamid.{n}") for n in range(1000)]
    raw = ex.raw(ex.delivery(ex.messages(*found)))
    assert 2_500_000 < len(raw) < 3_500_000

    started = time.perf_counter()
    json.loads(raw)
    decoding = time.perf_counter() - started
    started = time.perf_counter()
    items = parse(raw)
    parsing = time.perf_counter() - started

    assert texts(items) == [f"{n} {padding}" for n in range(1000)]
    # Stated against plain decoding of the same bytes in the same run: absolute times mean nothing here.
    assert parsing < max(20 * decoding, 0.5)


def test_thousand_statuses_and_echoes_are_all_there() -> None:
    steps = [ex.status("delivered", id=f"wamid.{n}") for n in range(999)]

    items = parse(ex.raw(ex.delivery(ex.statuses(*steps), ex.echo(), ex.history())))

    assert Counter(type(item) for item in items) == {StatusUpdate: 999, Echo: 1, UnknownChange: 1}
