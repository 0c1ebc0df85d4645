"""What a text was allowed to state comes back whole from where it is kept."""

import json

from hypothesis import given
from hypothesis import strategies as st

from compliance.content.facts import ChargeFact, FactSet
from conversations.outbox.facts_json import from_json, to_json

MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
CHARGES = st.builds(
    ChargeFact,
    original=MONEY,
    fine=MONEY,
    interest=MONEY,
    total=MONEY,
    collection_fee=MONEY,
    discount=MONEY,
)


@given(
    st.builds(
        FactSet,
        today=...,
        dates=...,
        deadlines=...,
        counts=...,
        links=...,
        verbatim=...,
        consequences=...,
        amounts=st.frozensets(MONEY),
        percents=st.frozensets(MONEY),
        charges=st.lists(CHARGES, max_size=3).map(tuple),
    )
)
def test_any_facts_come_back_as_they_were(facts: FactSet) -> None:
    assert from_json(json.loads(json.dumps(to_json(facts)))) == facts
