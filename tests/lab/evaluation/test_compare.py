"""What holds of a projection, and what counts as said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lab.evaluation import compare
from tests.lab.evaluation.builders import message
from tests.lab.evaluation.test_mentions import CODE

PROMISES = [
    {"date": "2026-11-25", "amount": None, "status": "open"},
    {"date": "2026-11-20", "amount": "100.00", "status": "replaced"},
]


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("identity", "confirmed", "confirmed"),
        ("opted_out", False, False),
        ("hold_reasons", ["promise", "human"], ["human", "promise"]),
        ("promises", [{"status": "replaced"}, {"date": date(2026, 11, 25), "status": "open"}], PROMISES),
        ("promises", [{"amount": "100.0", "status": "replaced"}, {"status": "open"}], PROMISES),
        ("security_events", ">=1", 2),
        ("security_events", 0, 0),
        ("pauses", [], []),
        ("agreements", [], [{"installments": 2, "total": "1.00", "status": "proposed"}]),
    ],
)
def test_what_holds_brings_no_difference(key: str, wanted: Any, found: Any) -> None:
    assert compare.differences({key: wanted}, {key: found, "case_state": "soft"}) == []


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("identity", "confirmed", "locked"),
        ("hold_reasons", ["promise"], ["human", "promise"]),
        ("promises", [{"status": "open"}], PROMISES),
        ("promises", [{"status": "open"}, {"status": "open"}], PROMISES),
        ("promises", [{"amount": "100.00", "status": "open"}, {"status": "replaced"}], PROMISES),
        ("promises", [], PROMISES),
        ("security_events", ">=3", 2),
        ("agreements", [{"status": "proposed"}], []),
        ("agreements", [], [{"status": "accepted"}]),
        ("language", "es", None),
    ],
)
def test_what_does_not_hold_is_named_once(key: str, wanted: Any, found: Any) -> None:
    (difference,) = compare.differences({key: wanted}, {key: found})
    assert difference.startswith(f"{key}: expected ")


def test_key_that_the_projection_lacks_does_not_hold() -> None:
    assert compare.differences({"pauses": []}, {}) == ["pauses: the projection does not have it"]


def test_one_alternative_that_holds_is_enough() -> None:
    blocks = [{"identity": "locked"}, {"identity": "confirmed"}]
    assert compare.alternatives(blocks, {"identity": "confirmed"}) == []
    assert compare.alternatives([], {"identity": "confirmed"}) == []


def test_alternatives_of_which_none_holds_are_one_difference() -> None:
    blocks = [{"identity": "locked"}, {"identity": "unconfirmed"}]
    assert compare.alternatives(blocks, {"identity": "confirmed"}) == [
        "any_of: none holds (identity: expected locked, found confirmed"
        " | identity: expected unconfirmed, found confirmed)"
    ]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ({"money": "247.32"}, "Total: R$ 247,32."),
        ({"date": date(2026, 11, 25)}, "Anotei para 25/11/2026, quarta-feira."),
        ({"installments": 3}, "em 3 parcelas"),
        ({"any": ["Condolências", "sinto muito"]}, "SINTO MUITO pela perda"),
        ({"any": ["verific"]}, "Vamos fazer a verificação"),
        ({"payment_code": "pix"}, CODE),
    ],
)
def test_fact_that_was_said_is_found_and_may_be_forbidden(fact: dict[str, Any], text: str) -> None:
    details = {"means": [{"method": "pix", "status": "active", "code": CODE, "link": ""}]}
    assert compare.unsaid([fact], [message("Oi"), message(text)], details) == []
    assert len(compare.said([fact], [message("Oi"), message(text)], details)) == 1


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ({"money": "247.32"}, "Total: R$ 247,23."),
        ({"date": date(2026, 11, 25)}, "Anotei para 25/11/2026, quinta-feira."),
        ({"installments": 3}, "a parcela 3 vence"),
        ({"any": ["sinto muito"]}, "sinto"),
        ({"payment_code": "pix"}, CODE[:-1]),
    ],
)
def test_fact_that_was_not_said_is_missed(fact: dict[str, Any], text: str) -> None:
    details = {"means": [{"method": "pix", "status": "active", "code": CODE, "link": ""}]}
    assert len(compare.unsaid([fact], [message(text)], details)) == 1
    assert compare.said([fact], [message(text)], details) == []


def test_code_of_a_means_that_is_not_active_does_not_count() -> None:
    details = {"means": [{"method": "pix", "status": "expired", "code": CODE, "link": ""}]}
    assert compare.is_said({"payment_code": "pix"}, [message(CODE)], details) is False


def test_titles_of_buttons_are_said_too() -> None:
    assert compare.is_said({"any": ["2x de"]}, [message("Escolha", titles=("2x de R$ 123,66",))], {}) is True


def test_unknown_kind_of_fact_is_an_error() -> None:
    with pytest.raises(ValueError, match="colour"):
        compare.is_said({"colour": "red"}, [message("red")], {})
