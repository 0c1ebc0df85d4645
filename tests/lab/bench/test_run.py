"""Tiny runs of the real thing: what is reported is what the database holds. Never how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from config.runtime.errors import CannotStart
from lab.bench import dispatch, house, intake, lists, machine


@pytest.fixture
def started(another_database: str, broker_url: str) -> Iterator[house.House]:
    with house.started(
        database_url=another_database, broker_url=broker_url, with_simulators=False, migrate=False
    ) as found:
        yield found


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]  # written below


def test_both_figures_count_what_the_database_holds(started: house.House) -> None:
    url = started.intake.database_url
    taken = intake.measure(started.intake, intake.Plan(requests=40, warm_up=5, connections=4, runs=2))
    sent = dispatch.measure(started.dispatch, dispatch.Plan(messages=3, runs=2))

    assert ask(url, "SELECT count(*) FROM commons_webhookrequest") == [(taken.stored + 2 * 5,)]
    assert ask(url, "SELECT count(*) FROM bench_request") == [(2 * 45,)]
    assert ask(
        url, "SELECT state, count(*), count(DISTINCT provider_id) FROM conversations_message GROUP BY 1"
    ) == [("accepted", sent.stored, sent.stored)]
    assert (taken.stored, sent.stored) == (80, 3)
    for figure, each in ((taken, 40), (sent, 3)):
        made = figure.as_json()
        assert (made["figure"]["runs"], made["figure"]["each"]) == (2, each)
        assert (made["limit"]["runs"], made["limit"]["each"]) == (2, each)
        assert 0 < made["figure"]["p50_ms"] <= made["figure"]["p99_ms"]
        assert made["share_min"] <= made["share_max"]


def test_lists_are_asked_of_the_real_process_over_a_book_of_their_own(started: house.House) -> None:
    measured = lists.measure(started.lists, lists.Plan(members=7, requests=2))

    assert ask(started.intake.database_url, "SELECT count(*) FROM members_member") == [(7,)]
    assert {len(each) for each in measured.pages.values()} == {2}
    made = measured.as_json()
    assert made["pages"]["cases.case"]["p95_ms"] > 0


def test_request_that_is_not_answered_200_is_no_figure(started: house.House) -> None:
    stranger = replace(started.intake, secret="somebody else's")
    plan = intake.Plan(requests=3, warm_up=0, connections=1, runs=1)

    # The bare door shares the secret, so ours is asked alone.
    with pytest.raises(intake.Miscounted, match="'401': 3"):
        intake._run(
            stranger, plan, 0, port=stranger.port, path=intake.OUR_PATH, table="commons_webhookrequest"
        )


def test_database_with_members_is_refused_before_anything_starts(
    another_database: str, broker_url: str
) -> None:
    with psycopg.connect(another_database, autocommit=True) as connection:
        # Somebody is in it; who that is does not matter.
        connection.execute("DROP TABLE members_member CASCADE")
        connection.execute("CREATE TABLE members_member AS SELECT 1")

    with (
        pytest.raises(CannotStart, match="empty database"),
        house.started(database_url=another_database, broker_url=broker_url),
    ):
        pass


def test_machine_says_that_the_tests_own_database_waits_for_no_disk(another_database: str) -> None:
    found = machine.describe(another_database)

    assert (found["durable"], sorted(found["database"])) == (
        False,
        ["fsync", "full_page_writes", "synchronous_commit"],
    )
    assert found["cores"] >= 1
    assert len(found["load_average"]) == 3
