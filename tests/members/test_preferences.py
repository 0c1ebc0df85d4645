"""What members prefer: how it is written, and who may overrule whom."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.models import HistoryEntry
from compliance.packs.windows import Window
from members import preferences, selectors, services
from members.enums import PreferenceSource
from members.models import ContactPreference, Member
from members.preferences import NO_PREFERENCE, Aspect, Preference
from tests.cases.world import NOW
from tests.factories.members import MemberFactory

INFERRED, IMPORT, DECLARED = PreferenceSource


def put(member: Member, source: PreferenceSource = DECLARED, **values: Any) -> Preference:
    return services.set_preference(member=member, source=source, actor="user:1", now=NOW, **values)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("none", "none"),
        ("nunca", "none"),
        ("09:00-19:00", "09:00-19:00"),
        ("13:30-19, 9 às 12", "09:00-12:00, 13:30-19:00"),
        ("9h - 12h", "09:00-12:00"),
        ("9 as 12 e 14 a 18", "09:00-12:00, 14:00-18:00"),
    ],
)
def test_hours_are_written_in_one_form(written: str, expected: str) -> None:
    assert preferences.hours(written) == expected


@pytest.mark.parametrize("written", ["de manhã", "19-09", "25-26", "9-12, 11-14", "9:70-10"])
def test_hours_that_mean_nothing_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        preferences.hours(written)


minutes = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6, unique=True).map(sorted)


@given(minutes)
def test_every_accepted_hour_is_one_the_gate_understands(instants: list[int]) -> None:
    pairs = zip(instants[::2], instants[1::2], strict=False)
    written = ", ".join(f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in pairs)

    stored = preferences.hours(written)

    assert ", ".join(map(str, Window.parse(weekday=stored).weekday)) == stored
    assert preferences.hours(stored) == stored


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], []), (["20", 5, "5", "last"], [5, 20, "last"]), ([31], [31])],
)
def test_days_of_the_month_are_ordered_and_counted_once(days: list[Any], expected: list[Any]) -> None:
    assert preferences.month_days(days) == expected


@pytest.mark.parametrize("days", [[0], [32], ["x"], ["²"], [-1]])
def test_days_that_no_month_has_are_refused(days: list[Any]) -> None:
    with pytest.raises(ValueError, match="dia do mês"):
        preferences.month_days(days)


def test_cycle_keeps_only_what_says_something() -> None:
    assert preferences.payment_cycle({"weekdays": [3, "1"], "days": []}) == {"weekdays": [1, 3]}
    for wrong in ({"weekdays": [7]}, {"weeks": [1]}):
        with pytest.raises(ValueError, match=r"\w"):
            preferences.payment_cycle(wrong)


@pytest.mark.django_db
class TestSetPreference:
    def test_member_of_whom_nothing_is_known_prefers_nothing(self) -> None:
        member = MemberFactory()

        assert selectors.preference_of(member.pk) == NO_PREFERENCE

    def test_what_is_named_changes_and_the_rest_stays(self) -> None:
        member = MemberFactory()
        put(member, weekday_hours="14-18", paydays=[5])

        found = put(member, paydays=[20, "last"])

        assert found == selectors.preference_of(member.pk)
        assert (found.weekday_hours, found.paydays) == ("14:00-18:00", (20, "last"))
        assert HistoryEntry.objects.filter(member_id=member.pk).latest("sequence").sentence == (
            "Preferências de contato (dita pelo membro): dias em que recebe."
        )

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            (DECLARED, INFERRED, (5,)),
            (DECLARED, IMPORT, (5,)),
            (IMPORT, INFERRED, (5,)),
            (INFERRED, DECLARED, (20,)),
            (INFERRED, INFERRED, (20,)),
            (DECLARED, DECLARED, (20,)),
        ],
    )
    def test_weaker_source_never_replaces_a_stronger(
        self, first: PreferenceSource, second: PreferenceSource, expected: tuple[int, ...]
    ) -> None:
        member = MemberFactory()
        put(member, first, paydays=[5])

        put(member, second, paydays=[20])

        assert selectors.preference_of(member.pk).paydays == expected

    def test_each_aspect_has_a_source_of_its_own(self) -> None:
        member = MemberFactory()
        put(member, weekday_hours="14-18")

        found = put(member, INFERRED, paydays=[5], weekday_hours="9-12")

        assert (found.weekday_hours, found.paydays) == ("14:00-18:00", (5,))
        assert [found.source_of(Aspect.WEEKDAY_HOURS), found.source_of(Aspect.PAYDAYS)] == [
            DECLARED,
            INFERRED,
        ]

    def test_said_again_by_the_member_it_can_no_longer_be_overruled(self) -> None:
        member = MemberFactory()
        put(member, INFERRED, paydays=[5])
        put(member, DECLARED, paydays=[5])

        assert put(member, INFERRED, paydays=[9]).paydays == (5,)

    def test_taken_back_it_may_be_inferred_again(self) -> None:
        member = MemberFactory()
        put(member, paydays=[5])
        put(member, paydays=[])

        assert put(member, INFERRED, paydays=[9]).paydays == (9,)

    def test_same_again_is_no_news(self) -> None:
        member = MemberFactory()
        put(member, paydays=[5])
        before = HistoryEntry.objects.count()

        put(member, paydays=["5"])

        assert HistoryEntry.objects.count() == before

    def test_nonsense_changes_nothing(self) -> None:
        member = MemberFactory()

        with pytest.raises(ValueError, match="dia do mês"):
            put(member, weekday_hours="9-12", paydays=[40])

        assert ContactPreference.objects.count() == 0

    @pytest.mark.parametrize("count", [1, 3])
    def test_many_cost_one_query(self, count: int, django_assert_num_queries: Any) -> None:
        members = [MemberFactory() for _ in range(count)]
        put(members[0], channel="email")

        with django_assert_num_queries(1):
            found = selectors.preferences_of([member.pk for member in members])

        assert [each.channel for each in found.values()] == ["email", *[""] * (count - 1)]
