from datetime import timedelta

import pytest

from cases import selectors
from cases.enums import HoldReason
from cases.models import Hold
from cases.services import holds
from tests.cases.world import NOW, World

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REASON = HoldReason.HARDSHIP


def place(world: World, **changes) -> Hold:
    facts = {"reason": REASON, "author": "agent", "now": NOW, "ends_at": NOW + 3 * DAY}
    return holds.place(case=world.case, **{**facts, **changes})


def test_hold_is_active_from_its_start_until_its_end():
    world = World.build()
    place(world)

    active = [
        selectors.active_holds(world.case, now=NOW + moment).count()
        for moment in (-DAY, 0 * DAY, 3 * DAY - timedelta(seconds=1), 3 * DAY)
    ]

    assert active == [0, 1, 1, 0]
    assert world.story("hold.") == ["hold.placed"]


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        (3, 5, 5),  # lengthened
        (5, 3, 5),  # never shortened
        (3, None, None),  # without an end is later than any
        (None, 3, None),
        (None, None, None),
    ],
)
def test_hold_for_the_same_reason_ends_at_the_later_of_both(first, second, ends):
    world = World.build()
    moment = {None: None, 3: NOW + 3 * DAY, 5: NOW + 5 * DAY}

    one = place(world, ends_at=moment[first])
    two = place(world, ends_at=moment[second])

    assert (one.pk, Hold.objects.get().ends_at) == (two.pk, moment[ends])


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [([1], [2], [1, 2]), ([1], [1], [1]), ([1], None, []), (None, [1], []), (None, None, [])],
)
def test_hold_for_the_same_reason_covers_what_both_cover(first, second, covered):
    world = World.build()

    place(world, invoice_ids=first)
    place(world, invoice_ids=second)

    assert Hold.objects.get().invoice_ids == covered


def test_widened_hold_is_told_and_an_equal_one_is_not():
    world = World.build()
    place(world)
    place(world)
    place(world, ends_at=NOW + 4 * DAY)

    assert world.story("hold.") == ["hold.placed", "hold.widened"]


def test_hold_for_another_reason_is_another_row():
    world = World.build()
    place(world)
    place(world, reason=HoldReason.DISPUTE)

    assert sorted(selectors.active_holds(world.case, now=NOW).values_list("reason", flat=True)) == [
        "dispute",
        "hardship",
    ]


def test_hold_that_ended_is_not_lengthened_but_placed_anew():
    world = World.build()
    place(world)
    place(world, now=NOW + 3 * DAY, ends_at=NOW + 9 * DAY)

    assert list(Hold.objects.order_by("pk").values_list("starts_at", flat=True)) == [NOW, NOW + 3 * DAY]


def test_release_ends_the_holds_of_its_reason_only():
    world = World.build()
    place(world)
    place(world, reason=HoldReason.DISPUTE)

    released = [
        holds.release(case=world.case, reason=REASON, author="user:3", now=NOW + DAY) for _ in range(2)
    ]

    assert released == [True, False]
    row = Hold.objects.get(reason=REASON)
    assert (row.released_at, row.released_by) == (NOW + DAY, "user:3")
    assert selectors.active_holds(world.case, now=NOW + DAY).get().reason == HoldReason.DISPUTE
    assert world.story("hold.released") == ["hold.released"]
