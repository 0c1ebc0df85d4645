from pathlib import Path

import pytest

from simulators.faults import FOREVER, Fault, Faults
from simulators.store import Store


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    return Faults(Store(tmp_path / "s"))


def plan(faults: Faults, **more: object) -> Fault:
    facts: dict[str, object] = {"system": "bank", "point": "send", "action": "fail"} | more
    return faults.plan(Fault(**facts))  # type: ignore[arg-type]


def test_take_counts_down_and_then_all_is_well(faults: Faults) -> None:
    plan(faults, times=2)

    taken = [faults.take("bank", "send") for _ in range(3)]

    assert [fault.action if fault else None for fault in taken] == ["fail", "fail", None]


def test_take_forever_until_cleared(faults: Faults) -> None:
    fault = plan(faults, times=FOREVER)

    before = [faults.take("bank", "send") is not None for _ in range(5)]
    cleared = faults.clear("bank", fault.id)

    assert (before, cleared, faults.take("bank", "send")) == ([True] * 5, 1, None)


def test_take_only_where_system_point_and_facts_are_meant(faults: Faults) -> None:
    plan(faults, match={"phone": "1"})

    missed = [
        faults.take("shop", "send", phone="1"),
        faults.take("bank", "read", phone="1"),
        faults.take("bank", "send", phone="2"),
        faults.take("bank", "send"),
    ]

    assert missed == [None] * 4
    assert faults.take("bank", "send", phone="1", type="text") is not None


def test_the_first_planned_is_taken_first(faults: Faults) -> None:
    plan(faults, action="delay")
    plan(faults, action="fail")

    assert [
        fault.action for fault in (faults.take("bank", "send"), faults.take("bank", "send")) if fault
    ] == [
        "delay",
        "fail",
    ]


def test_faults_survive_a_restart(tmp_path: Path) -> None:
    plan(Faults(Store(tmp_path / "s")), options={"code": 7})

    taken = Faults(Store(tmp_path / "s")).take("bank", "send")

    assert taken is not None
    assert taken.options == {"code": 7}


def test_clear_leaves_other_systems_alone(faults: Faults) -> None:
    plan(faults)
    plan(faults, system="shop")

    assert (faults.clear("bank"), len(faults.planned("bank")), len(faults.planned("shop"))) == (1, 0, 1)


@pytest.mark.parametrize("times", [0, -2])
def test_a_fault_that_never_happens_is_refused(faults: Faults, times: int) -> None:
    with pytest.raises(ValueError, match="times"):
        plan(faults, times=times)
