"""Through which channels, as what, and how often at most a case is contacted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cadence.engine.reach import channels_to_try, kind_of, pace_of
from cadence.engine.segments import Rule
from cadence.engine.steps import Pace
from cadence.engine.view import PointView
from cadence.enums import Trigger
from compliance.enums import ContactKind
from compliance.packs.model import ContactLimits
from conversations.stages import Stage
from tests.cadence.engine.world import rule, seen, step, traits, version

EVERYBODY = Rule()


def at_home(*channels: str, preferred: str = ""):
    points = {each: PointView(number, each, "confirmed") for number, each in enumerate(channels, 1)}
    return seen(points=points, preferred_channel=preferred)


CYCLE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("reachable", "preferred", "expected"),
    [
        (["sms", "email", "whatsapp"], "", ["whatsapp", "email", "sms"]),
        (["sms", "email", "whatsapp"], "sms", ["sms", "whatsapp", "email"]),
        (["sms", "whatsapp"], "email", ["whatsapp", "sms"]),
        (["sms"], "", ["sms"]),
        (["voice"], "voice", []),
        ([], "whatsapp", []),
    ],
)
def test_channels_are_tried_in_the_step_s_order_and_the_member_s_choice_first(reachable, preferred, expected):
    tried = step("a", channels=("whatsapp", "email", "sms"))

    assert channels_to_try(tried, at_home(*reachable, preferred=preferred), cycle=CYCLE) == expected


def test_channel_on_which_the_message_of_this_cycle_did_not_arrive_is_not_tried_again():
    tried = step("a", channels=("whatsapp", "email", "sms"))
    view = at_home("whatsapp", "email", "sms", preferred="")
    view.failed = {("a", CYCLE): frozenset({"whatsapp"}), ("b", CYCLE): frozenset({"email"})}

    assert channels_to_try(tried, view, cycle=CYCLE) == ["email", "sms"]
    assert channels_to_try(tried, view, cycle=CYCLE - timedelta(days=30)) == ["whatsapp", "email", "sms"]


@pytest.mark.parametrize(
    ("asked", "is_neutral", "expected"),
    [
        (step("a", -3), False, ContactKind.PRE_DUE),
        (step("a", 0), True, ContactKind.PRE_DUE),
        (step("a", 1), False, ContactKind.COLLECTION),
        (step("a", 0, trigger=Trigger.READ), False, ContactKind.COLLECTION),
        (step("a", 40, stage=Stage.SUSPENSION_NOTICE), False, ContactKind.NOTICE),
        # The greeting that leaves in its place tells nothing of a suspension.
        (step("a", 40, stage=Stage.SUSPENSION_NOTICE), True, ContactKind.COLLECTION),
    ],
)
def test_kind_is_what_the_member_will_read(asked, is_neutral, expected):
    assert kind_of(asked, is_neutral=is_neutral) == expected


def test_pace_is_the_strictest_of_those_whose_people_the_case_belongs_to():
    plan = version(
        paces=(
            Pace(EVERYBODY, ContactLimits(max_per_30d=8, min_gap_hours=24)),
            Pace(rule(("uf", "in", ["SP"])), ContactLimits(max_per_30d=9, min_gap_hours=72)),
            Pace(rule(("uf", "in", ["RJ"])), ContactLimits(max_per_30d=1)),
        )
    )

    assert pace_of(plan, traits(uf="SP")) == ContactLimits(max_per_30d=8, min_gap_hours=72)


def test_pace_of_people_in_no_segment_is_the_policy_s_own():
    plan = version(paces=(Pace(rule(("uf", "in", ["RJ"])), ContactLimits(max_per_30d=1)),))

    assert (pace_of(plan, traits(uf="SP")), pace_of(version(), traits())) == (None, None)
