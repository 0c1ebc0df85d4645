"""Counting in SQL says the same of every case as the rule says of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence import counting, loading, traits
from cadence.engine.segments import FIELDS, OPERATORS, BadCondition, Rule
from cadence.engine.traits import History, Response, Risk
from cadence.engine.view import CaseView
from cadence.models import Segment
from cases.models import Case
from commons.clock import SAO_PAULO
from conversations.enums import MessageState
from tests.cadence.engine.world import rule
from tests.cadence.past import FEW, Lived, live_through, lives, undone
from tests.cadence.world import TODAY, Followed, house, live_plan
from tests.cases.world import NOW, at
from tests.office.contacts.world import contact

pytestmark = pytest.mark.django_db

NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 100))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "amount": st.sampled_from(["0", "119.90", "119.91", "239.80", "359.70", "1" + "0" * 20]),
    "aging": NUMBERS,
    "invoices": st.integers(0, 3),
    "tenure_months": st.one_of(st.integers(0, 40), st.integers(10**4, 10**9)),
    "broken_promises": st.integers(0, 3),
    "history": st.lists(st.sampled_from(History.values), min_size=1),
    "response": st.lists(st.sampled_from(Response.values), min_size=1),
    "risk": st.lists(st.sampled_from(Risk.values), min_size=1),
    "kind": st.lists(st.sampled_from(["person", "company"]), min_size=1),
    "product": st.just(["mensal"]),
    "method": st.lists(st.sampled_from(["pix", "boleto", "card"]), min_size=1),
    "tags": st.lists(st.sampled_from(["fiel", "bolsista", "outra"]), min_size=1),
    "uf": st.lists(st.sampled_from(["SP", "RJ", "MG"]), min_size=1),
    "city": st.lists(st.sampled_from(["São Paulo", "Santos"]), min_size=1),
    "state": st.lists(st.sampled_from(["reminder", "soft", "negotiation"]), min_size=1),
}
CONDITIONS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(OPERATORS[FIELDS[name]]), VALUES[name])
)


def answerable(conditions: list[tuple[str, str, Any]]) -> Rule:
    try:
        return rule(*conditions)
    except BadCondition:
        return rule(*conditions[:1])


RULES = st.lists(CONDITIONS, min_size=1, max_size=3).map(answerable)


def refreshed() -> list[CaseView]:
    """All cases as the planner sees them, their snapshot fresh."""
    traits.refresh(now=NOW, today=TODAY, zone=SAO_PAULO.key)
    ids = list(Case.objects.values_list("member_id", flat=True))
    return loading.load_views(ids, version=live_plan(), now=NOW, zone=SAO_PAULO)


def held(asked: Rule, views: list[CaseView]) -> set[int]:
    return {view.case_id for view in views if asked.holds(view.traits(TODAY))}


def counted(asked: Rule) -> set[int]:
    return set(counting.cases_in(asked, today=TODAY).values_list("pk", flat=True))


@FEW
@given(
    drawn=st.lists(lives(st.integers(-80, 7)), min_size=3, max_size=5),
    asked=st.lists(RULES, min_size=20, max_size=40),
)
def test_cases_counted_are_those_the_rule_holds_for(drawn: list[Lived], asked: list[Rule]):
    with undone():
        house()
        for each in drawn:
            live_through(each)
        views = refreshed()
        # Of every field each operator at least once, and each word by itself.
        every = [rule((name, how, each)) for name, how, each in _each_word()]

        for one in [*asked, *every]:
            assert counted(one) == held(one, views), one


def _each_word() -> list[tuple[str, str, str]]:
    words = {"history": History.values, "response": Response.values, "risk": Risk.values}
    return [(name, how, word) for name, known in words.items() for how in ("in", "not_in") for word in known]


@pytest.mark.parametrize("days", [0, 1, 5, 6, 36159, 10**9])
@pytest.mark.parametrize("how", ["min", "max"])
def test_age_is_counted_however_long_ago_is_asked(how: str, days: int):
    Followed.late(5)
    Followed.owing(TODAY)
    views = refreshed()

    assert counted(rule(("aging", how, days))) == held(rule(("aging", how, days)), views)


@pytest.mark.parametrize("joined", ["2025-11-24", "2025-11-25", "2026-01-31", "2026-02-28", "2026-11-24"])
def test_tenure_is_counted_in_whole_months(joined: str):
    Followed.late(5, created_at=at(f"{joined} 00:00"))
    views = refreshed()

    for months in range(14):
        for how in ("min", "max"):
            asked = rule(("tenure_months", how, months))
            assert counted(asked) == held(asked, views), asked


@pytest.mark.parametrize(("hours", "expected"), [(90 * 24, "read"), (91 * 24, "none")])
def test_response_is_counted_up_to_its_last_day(hours: int, expected: str):
    who = Followed.late(5)
    then = NOW - timedelta(hours=hours)
    contact(who.point, MessageState.READ, at=then, delivered_at=then, read_at=then)
    views = refreshed()

    assert [word for word in Response.values if counted(rule(("response", "in", [word])))] == [expected]
    assert [word for word in Response.values if held(rule(("response", "in", [word])), views)] == [expected]


def test_nobody_is_asked_for_is_everybody():
    one, other = Followed.late(5), Followed.late(50)
    refreshed()

    assert counted(Rule()) == {one.case.pk, other.case.pk}


def test_settled_case_is_in_no_segment():
    who = Followed.late(5)
    refreshed()
    Case.objects.filter(pk=who.case.pk).update(state="settled")

    assert counted(Rule()) == set()


class TestOverlaps:
    def segment(self, name: str, *conditions: tuple[str, str, Any]) -> Segment:
        return Segment.objects.create(
            key=name, name=name, conditions=rule(*conditions).to_json(), created_at=NOW
        )

    def test_segments_that_share_cases_come_with_how_many_the_largest_first(self):
        for days in (5, 15, 25):
            Followed.late(days)
        refreshed()
        few = self.segment("poucos", ("aging", "min", 20))
        many = self.segment("muitos", ("aging", "min", 10))
        none = self.segment("nenhum", ("aging", "max", 4))

        found = counting.overlaps(Rule(), [few, none, many], today=TODAY)

        assert [(each.segment, each.cases) for each in found] == [(many, 2), (few, 1)]
