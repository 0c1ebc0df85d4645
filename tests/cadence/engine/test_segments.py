"""Conditions on a case: what each of them asks, which cannot be asked, and that they are kept as they were said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.engine.segments import FIELDS, OPERATORS, BadCondition, Kind, Rule
from cadence.engine.traits import History, Traits
from tests.cadence.engine.world import rule, traits

D = Decimal


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        (("amount", "min", "119.90"), {"amount": D("119.90")}, {"amount": D("119.89")}),
        (("amount", "max", "119.90"), {"amount": D("119.90")}, {"amount": D("119.91")}),
        (("aging", "min", 5), {"aging": 5}, {"aging": 4}),
        (("aging", "max", 5), {"aging": 5}, {"aging": 6}),
        (("uf", "in", ["RJ", "SP"]), {"uf": "RJ"}, {"uf": "MG"}),
        (("uf", "not_in", ["RJ", "SP"]), {"uf": ""}, {"uf": "SP"}),
        (("history", "in", ["new"]), {"history": History.NEW}, {"history": History.PUNCTUAL}),
        (("tags", "any", ["fiel", "vip"]), {"tags": frozenset({"vip"})}, {"tags": frozenset({"outra"})}),
        (("tags", "none", ["fiel", "vip"]), {"tags": frozenset()}, {"tags": frozenset({"vip", "outra"})}),
    ],
)
def test_condition_holds_up_to_its_border(condition, inside, outside):
    asked = rule(condition)

    assert (asked.holds(traits(**inside)), asked.holds(traits(**outside))) == (True, False)


def test_every_condition_must_hold():
    asked = rule(("aging", "min", 5), ("uf", "in", ["SP"]))

    assert [
        asked.holds(traits(aging=days, uf=uf)) for days, uf in ((5, "SP"), (4, "SP"), (5, "RJ"), (4, "RJ"))
    ] == [True, False, False, False]


def test_no_condition_is_everybody():
    assert Rule.of([]).holds(traits())


def test_single_word_is_a_list_of_one():
    assert rule(("uf", "in", "SP")) == rule(("uf", "in", ["SP"]))


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_a_trait(name: str):
    assert name in Traits.__dataclass_fields__


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("signo", "in", ["touro"]),
        ("amount", "in", ["1"]),
        ("uf", "min", 1),
        ("tags", "in", ["fiel"]),
        ("amount", "min", -1),
        ("amount", "min", "NaN"),
        ("amount", "max", "Infinity"),
        ("amount", "min", "muito"),
        ("amount", "min", None),
        ("aging", "min", "-1"),
        ("aging", "min", "1.5"),
        ("aging", "max", ""),
        ("aging", "max", True),
        ("uf", "in", []),
        ("uf", "in", [""]),
        ("uf", "in", ["SP", ""]),
        ("uf", "in", None),
        ("tags", "any", [None]),
    ],
)
def test_condition_nobody_can_answer_is_refused(name, operator, value):
    with pytest.raises(BadCondition):
        rule((name, operator, value))


@pytest.mark.parametrize("data", [{}, {"field": "uf"}, {"field": "uf", "operator": "in"}])
def test_condition_that_is_not_whole_is_refused(data: dict[str, Any]):
    with pytest.raises(BadCondition):
        Rule.of([data])


@pytest.mark.parametrize(
    "conditions",
    [
        [("aging", "min", 10), ("aging", "max", 9)],
        [("amount", "max", "9.99"), ("amount", "min", "10")],
        [("aging", "min", 10), ("aging", "max", 9), ("aging", "max", 12)],
        [("aging", "min", 10), ("aging", "min", 1), ("aging", "max", 9)],
    ],
)
def test_bounds_that_nothing_lies_between_are_refused(conditions):
    with pytest.raises(BadCondition, match=r"Nada fica entre 10 e 9(\.99)?\."):
        rule(*conditions)


def test_bounds_that_meet_are_one_value():
    asked = rule(("aging", "min", 10), ("aging", "max", 10))

    assert [asked.holds(traits(aging=days)) for days in (9, 10, 11)] == [False, True, False]


WORDS = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.MONEY: st.decimals(0, 10**6, places=2).map(str),
    Kind.NUMBER: st.integers(0, 10**4),
    Kind.CHOICE: WORDS,
    Kind.TAGS: WORDS,
}
CONDITIONS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(OPERATORS[FIELDS[name]]), VALUES[FIELDS[name]])
)
TRAITS = st.builds(
    traits,
    amount=st.decimals(0, 10**6, places=2),
    aging=st.integers(0, 10**4),
    tags=st.frozensets(st.text(min_size=1, max_size=8), max_size=3),
    uf=st.sampled_from(["", "SP", "RJ"]),
)


@given(CONDITIONS, TRAITS)
def test_condition_is_kept_as_it_was_said(condition, found):
    asked = rule(condition)
    kept = Rule.of(asked.to_json())

    assert (kept, kept.to_json(), kept.holds(found)) == (asked, asked.to_json(), asked.holds(found))


@given(
    st.sampled_from([name for name, kind in FIELDS.items() if kind in {Kind.TAGS, Kind.CHOICE}]),
    WORDS,
    TRAITS,
)
def test_of_two_opposite_conditions_one_holds(name, words, found):
    either, other = OPERATORS[FIELDS[name]]

    assert rule((name, either, words)).holds(found) is not rule((name, other, words)).holds(found)


@given(CONDITIONS, CONDITIONS, TRAITS)
def test_more_conditions_are_never_more_people(one, other, found):
    try:
        both = rule(one, other)
    except BadCondition:
        assert not (rule(one).holds(found) and rule(other).holds(found))
        return
    assert both.holds(found) is (rule(one).holds(found) and rule(other).holds(found))
