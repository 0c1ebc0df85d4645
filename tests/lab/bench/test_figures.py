"""The report's arithmetic."""

from __future__ import annotations

import pytest

from lab.bench.figures import Figure, Run, percentile, rounded


def runs(*rates: float) -> tuple[Run, ...]:
    return tuple(Run(count=100, seconds=100 / rate) for rate in rates)


def figure(ours: tuple[Run, ...], limit: tuple[Run, ...]) -> Figure:
    return Figure(unit="things/s", ours=ours, limit=limit, limit_is="least", stored=300, more={"x": 1})


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1.0), (1, 1.0), (50, 5.0), (51, 6.0), (90, 9.0), (99, 10.0), (100, 10.0)]
)
def test_percentile_is_a_value_that_occurred(percent: float, expected: float) -> None:
    values = [float(n) for n in (10, 1, 9, 2, 8, 3, 7, 4, 6, 5)]

    assert percentile(values, percent) == expected


def test_percentile_of_one_is_that_one_and_of_none_is_refused() -> None:
    assert percentile([4.0], 99) == 4.0
    with pytest.raises(ValueError, match="no percentile"):
        percentile([], 50)


def test_share_is_of_the_medians_and_its_range_is_run_by_run() -> None:
    made = figure(runs(50, 10, 40), runs(100, 80, 50)).as_json()

    assert made == {
        "unit": "things/s",
        "figure": {"per_second": 40.0, "min": 10.0, "max": 50.0, "runs": 3, "each": 100},
        "limit": {"per_second": 80.0, "min": 50.0, "max": 100.0, "runs": 3, "each": 100, "is": "least"},
        "share": 0.5,
        "share_min": 0.125,
        "share_max": 0.8,
        "stored": 300,
        "x": 1,
    }


def test_latencies_are_the_medians_of_the_runs_own() -> None:
    slow = Run(2, 1.0, (90.0, 100.0))
    ours = (Run(2, 1.0, (1.0, 2.0)), slow, Run(2, 1.0, (3.0, 5.0)))

    made = figure(ours, ours).as_json()["figure"]

    assert (made["p50_ms"], made["p99_ms"]) == (3.0, 5.0)


def test_latencies_are_left_out_where_a_run_has_none() -> None:
    ours = (Run(2, 1.0, (1.0, 2.0)), Run(2, 1.0))

    assert "p50_ms" not in figure(ours, ours).as_json()["figure"]


@pytest.mark.parametrize(
    ("value", "expected"), [(12345.6, 12300.0), (0.034567, 0.0346), (9.999, 10.0), (0, 0)]
)
def test_rounding_keeps_three_digits(value: float, expected: float) -> None:
    assert rounded(value) == expected
