"""Figures of a rehearsal add up, in whatever parts the book was cut."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cadence.rehearsal.simulate import Attempt, Outcome
from cadence.rehearsal.tally import EXAMPLES, Difference, Tally, by_day, path_of
from commons.clock import SAO_PAULO
from tests.cases.world import at

HOUR = timedelta(hours=1)
START = at("2026-11-24 09:00")


def attempt(outcome: Outcome, *, hours: int = 0, key: str = "depois-2", **more: str) -> Attempt:
    category = "utility" if outcome in {Outcome.ALLOW, Outcome.AWAITING} else ""
    return Attempt(1, START + hours * HOUR, key, "whatsapp", outcome, **{"category": category, **more})


def tallied(*members: list[Attempt]) -> Tally:
    tally = Tally()
    for attempts in members:
        tally.add_member(attempts, zone=SAO_PAULO)
    return tally


def test_every_attempt_is_counted_and_only_what_leaves_costs():
    tally = tallied(
        [
            attempt(Outcome.DEFER, rule="window"),
            attempt(Outcome.ALLOW, hours=15),
            attempt(Outcome.ALLOW, hours=120, key="depois-7"),
        ],
        [attempt(Outcome.AWAITING, hours=15), attempt(Outcome.REFUSE, hours=39, rule="hold")],
        [],
    )

    assert tally.to_json() == {
        "attempts": {"allow": 2, "awaiting": 1, "defer": 1, "refuse": 1},
        "steps": {
            "depois-2|allow": 1,
            "depois-2|awaiting": 1,
            "depois-2|defer": 1,
            "depois-2|refuse": 1,
            "depois-7|allow": 1,
        },
        "rules": {"defer|window": 1, "refuse|hold": 1},
        "hours": {"2026-11-25T00|whatsapp": 1, "2026-11-29T09|whatsapp": 1},
        "prices": {"whatsapp|utility": 2},
        "asked_of_people": {"2026-11-25": 1},
        "touches": {"0": 2, "2": 1},
    }


ATTEMPTS = st.builds(
    lambda outcome, hours, key: attempt(outcome, hours=hours, key=key, rule=outcome.value),
    st.sampled_from(Outcome),
    st.integers(0, 80),
    st.sampled_from(["antes-3", "depois-2"]),
)
MEMBERS = st.lists(st.lists(ATTEMPTS, max_size=4), max_size=6)


@given(MEMBERS, st.integers(0, 6))
def test_parts_add_up_to_the_whole_through_json(members, cut):
    first, second = tallied(*members[:cut]), tallied(*members[cut:])

    together = Tally.of(json.loads(json.dumps(first.to_json())))
    together.merge(Tally.of(json.loads(json.dumps(second.to_json()))))

    assert together == tallied(*members)


@given(MEMBERS)
def test_every_member_and_every_attempt_is_in_the_figures_once(members):
    tally = tallied(*members)

    assert (tally.touches.total(), tally.attempts.total(), tally.steps.total()) == (
        len(members),
        sum(map(len, members)),
        sum(map(len, members)),
    )
    assert (sum(by_day(tally.hours).values()), tally.prices.total()) == (tally.attempts["allow"],) * 2


def test_hours_of_one_day_are_one_day():
    assert by_day({"2026-11-25T09|email": 2, "2026-11-24T09|whatsapp": 3, "2026-11-24T10|whatsapp": 4}) == {
        "2026-11-24": 7,
        "2026-11-25": 2,
    }


class TestDifference:
    SAME = (("2026-11-24", "depois-2", "whatsapp"),)

    def test_path_is_what_leaves_and_what_people_are_asked_for(self):
        attempts = [attempt(outcome, hours=15) for outcome in Outcome]

        assert path_of(attempts, zone=SAO_PAULO) == (("2026-11-25", "depois-2", "whatsapp"),) * 2

    def test_only_members_with_another_path_are_counted_as_changed(self):
        difference = Difference()
        for member_id, ours in enumerate(((), self.SAME, self.SAME * 3), 1):
            difference.add_member(member_id, ours=ours, live=self.SAME)

        assert difference.to_json() == {
            "members": 3,
            "changed": 2,
            "by_contacts": {"+2": 1, "-1": 1},
            "examples": [
                {"member": 1, "ours": [], "live": list(self.SAME)},
                {"member": 3, "ours": list(self.SAME * 3), "live": list(self.SAME)},
            ],
        }

    def test_same_number_of_contacts_on_other_days_is_a_change_of_none(self):
        difference = Difference()

        difference.add_member(1, ours=(("2026-11-25", "depois-2", "whatsapp"),), live=self.SAME)

        assert difference.by_contacts == {"+0": 1}

    def test_a_part_keeps_a_few_examples_and_the_whole_a_few_more(self):
        whole = Difference()
        for part in range(3):
            difference = Difference()
            for member_id in range(EXAMPLES + 5):
                difference.add_member(100 * part + member_id, ours=(), live=self.SAME)
            whole.merge(Difference.of(json.loads(json.dumps(difference.to_json()))))

        assert (whole.members, whole.changed) == (45, 45)
        assert [each["member"] for each in whole.examples] == [*range(10), *range(100, 110)]
