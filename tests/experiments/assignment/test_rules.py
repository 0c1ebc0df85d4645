"""Who takes part and who is left alone: the same for everybody who asks, and exactly in the shares that were set."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.assignment.rules import Segment, in_holdout, stratum_of

D = Decimal
TRAITS = {
    "kind": "person",
    "uf": "SP",
    "product": "Plano Ouro",
    "overdue": True,
    "days_late": 20,
    "amount": "250.00",
}


def includes(segment: dict[str, Any], **changes: Any) -> bool:
    return Segment.of(segment).includes({**TRAITS, **changes})


class TestSegment:
    @pytest.mark.parametrize(
        ("segment", "changes", "expected"),
        [
            ({}, {}, True),
            ({}, {"overdue": False}, False),
            ({"overdue_only": False}, {"overdue": False}, True),
            ({"min_amount": "250.00"}, {}, True),
            ({"min_amount": "250.01"}, {}, False),
            ({"max_amount": "250.00"}, {}, True),
            ({"max_amount": "249.99"}, {}, False),
            ({"min_amount": "", "max_amount": None}, {}, True),
            ({"min_days_late": 20, "max_days_late": 20}, {}, True),
            ({"min_days_late": 21}, {}, False),
            ({"max_days_late": 19}, {}, False),
            ({"ufs": ["SP", "RJ"]}, {}, True),
            ({"ufs": ["RJ"]}, {}, False),
            ({"ufs": []}, {"uf": ""}, True),
            ({"products": ["Plano Ouro"]}, {}, True),
            ({"products": ["Plano Prata"]}, {}, False),
            ({"kinds": ["company"]}, {}, False),
            ({"kinds": ["company", "person"]}, {}, True),
        ],
    )
    def test_bounds_are_inclusive_and_an_empty_one_asks_nothing(self, segment, changes, expected: bool):
        assert includes(segment, **changes) is expected

    def test_bound_nobody_knows_is_refused(self):
        with pytest.raises(ValueError, match="segmento desconhecido: cidade, idade"):
            Segment.of({"idade": 3, "cidade": "x", "ufs": []})


@pytest.mark.parametrize(
    ("amount", "days", "stratum"),
    [
        ("0.00", 0, "valor0-atraso0"),
        ("100.00", 7, "valor0-atraso0"),
        ("100.01", 8, "valor1-atraso1"),
        ("250.00", 30, "valor1-atraso1"),
        ("250.01", 31, "valor2-atraso2"),
        ("600.00", 90, "valor2-atraso2"),
        ("600.01", 91, "valor3-atraso3"),
    ],
)
def test_stratum_is_a_band_of_amount_and_one_of_age(amount: str, days: int, stratum: str):
    assert stratum_of({"amount": amount, "days_late": days}) == stratum


SALTS = st.text("0123456789abcdef", min_size=32, max_size=32)
STRATA = st.sampled_from(["valor0-atraso0", "valor3-atraso2"])


def left_alone(salt: str, stratum: str, percent: Decimal, count: int) -> list[bool]:
    return [in_holdout(salt=salt, stratum=stratum, position=n, percent=percent) for n in range(count)]


class TestHoldout:
    @settings(deadline=None)
    @given(SALTS, STRATA, st.integers(1, 50))
    def test_every_block_holds_exactly_the_share(self, salt: str, stratum: str, percent: int):
        # The smallest number of members, from five up, of which `percent` is a whole number.
        size = next(size for size in range(5, 101) if percent * size % 100 == 0)

        found = left_alone(salt, stratum, D(percent), 3 * size)

        blocks = [sum(found[start : start + size]) for start in range(0, 3 * size, size)]
        assert blocks == [percent * size // 100] * 3

    @settings(deadline=None)
    @given(SALTS, st.sampled_from([("20.00", 5, 1), ("50.00", 6, 3), ("25.00", 8, 2), ("10.00", 10, 1)]))
    def test_small_blocks_keep_the_share_from_the_first_members_on(
        self, salt: str, case: tuple[str, int, int]
    ):
        percent, size, alone = case
        found = left_alone(salt, "valor1-atraso1", D(percent), 5 * size)

        assert [sum(found[n * size : (n + 1) * size]) for n in range(5)] == [alone] * 5

    @settings(deadline=None)
    @given(SALTS, st.decimals("1", "50", places=2))
    def test_share_that_divides_no_block_is_kept_over_many(self, salt: str, percent: Decimal):
        found = left_alone(salt, "valor0-atraso0", percent, 500)

        # Never further from the share than one block's (of at most a hundred members) and a fraction of a member.
        drift = [abs(sum(found[:count]) - percent * count / 100) for count in range(0, 501, 50)]
        assert [each for each in drift if each >= percent + 1] == []

    def test_shares_of_a_third_do_not_lose_their_fractions(self):
        found = left_alone("0" * 32, "valor0-atraso0", D("33.33"), 10_000)

        assert [sum(found), sum(found[:100])] == [3333, 33]

    @settings(deadline=None)
    @given(SALTS, STRATA, st.integers(0, 5000), st.decimals("1", "50", places=2))
    def test_draw_is_the_same_whenever_it_is_asked_for(self, salt, stratum, position, percent):
        facts = {"salt": salt, "stratum": stratum, "position": position, "percent": percent}

        assert in_holdout(**facts) is in_holdout(**facts)

    def test_draw_was_never_different_from_today_s(self):
        """Those assigned stay where they are: the draw is part of what is stored."""
        found = left_alone("00112233445566778899aabbccddeeff", "valor1-atraso2", D("20.00"), 20)

        assert [place for place, alone in enumerate(found) if alone] == [0, 5, 13, 17]

    def test_salt_and_stratum_decide_who(self):
        draws = {
            tuple(left_alone(salt * 32, stratum, D("20.00"), 50))
            for salt in ("0", "1", "2")
            for stratum in ("valor0-atraso0", "valor1-atraso0")
        }

        assert len(draws) == 6
