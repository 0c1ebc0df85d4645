"""The table of error codes and the reading of every shape an error comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.http import ProviderError
from conversations.channels.errors import Backoff, ChannelError, ContactAction, Remedy, Scope
from conversations.channels.whatsapp.errors import RULES, SUBCODES, classify, from_network


def answer(code: object, **parts: Any) -> dict[str, Any]:
    """The body of a refused call."""
    error = {
        "message": f"(#{code}) Something",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": "Why it was refused."},
        "fbtrace_id": "Az8",
        **parts,
    }
    return {"error": error}


def reasons(*codes: int) -> list[dict[str, Any]]:
    """The errors of a failed status."""
    return [{"code": code, "title": "T", "error_data": {"details": "D"}} for code in codes]


# Written a second time from Meta's documentation, not derived from the table under test:
# code: (remedy, permanent, ambiguous when answered to a call, what it teaches about the contact)
EXPECTED = {
    0: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    1: (Remedy.RETRY, False, True, ContactAction.NONE),
    2: (Remedy.RETRY, False, True, ContactAction.NONE),
    3: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    4: (Remedy.RETRY, False, False, ContactAction.NONE),
    10: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    33: (Remedy.PAUSE_SENDER, True, False, ContactAction.NONE),
    100: (Remedy.BUG, True, False, ContactAction.NONE),
    104: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    190: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    200: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    299: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    368: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    2040: (Remedy.NEVER, True, False, ContactAction.PLAIN_MESSAGE),
    2046: (Remedy.BUG, True, False, ContactAction.NONE),
    2047: (Remedy.BUG, True, False, ContactAction.NONE),
    80007: (Remedy.RETRY, False, False, ContactAction.NONE),
    130403: (Remedy.NEVER, True, False, ContactAction.UNBLOCK),
    130429: (Remedy.RETRY, False, False, ContactAction.NONE),
    130472: (Remedy.NEVER, True, False, ContactAction.OTHER_CHANNEL),
    130497: (Remedy.CONTACT, True, False, ContactAction.OTHER_CHANNEL),
    131000: (Remedy.RETRY, False, True, ContactAction.NONE),
    131005: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    131008: (Remedy.BUG, True, False, ContactAction.NONE),
    131009: (Remedy.BUG, True, False, ContactAction.NONE),
    131016: (Remedy.RETRY, False, True, ContactAction.NONE),
    131021: (Remedy.NEVER, True, False, ContactAction.NONE),
    131026: (Remedy.CONTACT, True, False, ContactAction.TRY_OTHER_VARIANT),
    131030: (Remedy.BUG, True, False, ContactAction.NONE),
    131031: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    131037: (Remedy.PAUSE_SENDER, False, False, ContactAction.NONE),
    131042: (Remedy.PAUSE_ACCOUNT, False, False, ContactAction.NONE),
    131045: (Remedy.PAUSE_SENDER, False, False, ContactAction.NONE),
    131047: (Remedy.TEMPLATE, True, False, ContactAction.NONE),
    131048: (Remedy.PAUSE_SENDER, True, False, ContactAction.NONE),
    131049: (Remedy.NEVER, True, False, ContactAction.SPACE_OUT),
    131050: (Remedy.NEVER, True, False, ContactAction.OPT_OUT_MARKETING),
    131051: (Remedy.BUG, True, False, ContactAction.NONE),
    131052: (Remedy.MEDIA, True, False, ContactAction.ASK_TO_RESEND),
    131053: (Remedy.MEDIA, False, False, ContactAction.NONE),
    131055: (Remedy.BUG, True, False, ContactAction.NONE),
    131056: (Remedy.RETRY, False, False, ContactAction.NONE),
    131057: (Remedy.RETRY, False, False, ContactAction.NONE),
    131062: (Remedy.CONTACT, True, False, ContactAction.USE_PHONE),
    131063: (Remedy.BUG, True, False, ContactAction.NONE),
    131064: (Remedy.HOLD_TEMPLATE, False, False, ContactAction.NONE),
    132000: (Remedy.SYNC_TEMPLATES, True, False, ContactAction.NONE),
    132001: (Remedy.SYNC_TEMPLATES, True, False, ContactAction.NONE),
    132005: (Remedy.BUG, True, False, ContactAction.NONE),
    132007: (Remedy.NEVER, True, False, ContactAction.NONE),
    132008: (Remedy.SYNC_TEMPLATES, True, False, ContactAction.NONE),
    132012: (Remedy.SYNC_TEMPLATES, True, False, ContactAction.NONE),
    132015: (Remedy.HOLD_TEMPLATE, False, False, ContactAction.NONE),
    132016: (Remedy.HOLD_TEMPLATE, True, False, ContactAction.NONE),
    132018: (Remedy.SYNC_TEMPLATES, True, False, ContactAction.NONE),
    132068: (Remedy.NEVER, True, False, ContactAction.NONE),
    132069: (Remedy.RETRY, False, False, ContactAction.NONE),
    133010: (Remedy.PAUSE_SENDER, False, False, ContactAction.NONE),
    133016: (Remedy.PAUSE_SENDER, False, False, ContactAction.NONE),
    134100: (Remedy.BUG, True, False, ContactAction.NONE),
    135000: (Remedy.BUG, True, False, ContactAction.NONE),
    137000: (Remedy.CONTACT, True, False, ContactAction.VERIFY_IDENTITY),
    2494100: (Remedy.RETRY, False, False, ContactAction.NONE),
}


@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_each_code_has_its_reaction(code: int) -> None:
    error = classify(answer(code), http_status=400)

    assert (error.remedy, error.permanent, error.ambiguous, error.contact_action) == EXPECTED[code]
    assert (error.code, error.is_known, error.http_status, error.trace_id) == (str(code), True, 400, "Az8")
    assert error.details == f"(#{code}) Something | Why it was refused."


def test_every_code_of_the_table_is_tested_here() -> None:
    assert set(RULES) == set(EXPECTED) - {200, 299}


def test_sentences_are_for_people_and_retries_know_their_waits() -> None:
    rules = [*RULES.values(), *SUBCODES.values()]

    assert [rule.sentence for rule in rules if not rule.sentence.endswith(".")] == []
    assert [rule for rule in rules if rule.remedy is Remedy.RETRY and rule.backoff is None] == []
    assert [rule for rule in rules if rule.remedy is Remedy.RETRY and rule.permanent] == []


class TestStatus:
    def test_reasons_of_a_failed_status_are_never_ambiguous(self) -> None:
        error = classify(reasons(131000))

        assert (error.remedy, error.ambiguous, error.details) == (Remedy.RETRY, False, "T | D")

    def test_first_known_reason_counts(self) -> None:
        assert classify(reasons(999_999, 131047, 131026)).code == "131047"
        assert classify(reasons(999_999, 999_998)).code == "999999"

    def test_no_reason_at_all_is_still_an_error(self) -> None:
        error = classify([])

        assert (error.remedy, error.permanent, error.is_known) == (Remedy.NEVER, True, False)

    def test_elements_that_are_no_objects_are_passed_over(self) -> None:
        assert classify([None, "x", *reasons(131026)]).code == "131026"


class TestUnknown:
    def test_unknown_code_of_a_refusal_ends_the_message(self) -> None:
        error = classify(answer(999_999), http_status=400)

        assert (error.remedy, error.permanent, error.ambiguous, error.is_known) == (
            Remedy.NEVER,
            True,
            False,
            False,
        )

    def test_unknown_but_transient_may_be_tried_again_after_looking(self) -> None:
        error = classify(answer(999_999, is_transient=True), http_status=400)

        assert (error.remedy, error.permanent, error.ambiguous) == (Remedy.RETRY, False, True)

    @pytest.mark.parametrize(
        ("http_status", "remedy", "ambiguous"),
        [
            (200, Remedy.RETRY, True),
            (302, Remedy.RETRY, True),
            (400, Remedy.NEVER, False),
            (401, Remedy.PAUSE_ACCOUNT, False),
            (403, Remedy.PAUSE_ACCOUNT, False),
            (404, Remedy.NEVER, False),
            (408, Remedy.RETRY, True),
            (429, Remedy.RETRY, False),
            (500, Remedy.RETRY, True),
            (502, Remedy.RETRY, True),
            (503, Remedy.RETRY, True),
            (None, Remedy.NEVER, False),
        ],
    )
    def test_answer_without_code_is_judged_by_its_status(
        self, http_status: int | None, remedy: Remedy, ambiguous: bool
    ) -> None:
        error = classify(None, http_status=http_status)

        assert (error.remedy, error.ambiguous) == (remedy, ambiguous)
        assert error.code == (f"http {http_status}" if http_status else "")

    def test_subcode_explains_a_general_code(self) -> None:
        error = classify(answer(100, error_subcode=2388024), http_status=400)

        assert error.message == "Já existe um modelo com esse nome nesse idioma."
        assert (error.code, error.remedy) == ("100", Remedy.NEVER)

    def test_code_as_text_is_read_and_nonsense_is_not(self) -> None:
        assert classify(answer("131026")).code == "131026"
        assert classify(answer(True)).code == ""
        assert classify(answer("²")).code == ""


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["error", "code", "error_data", "details", "message", "title", "error_subcode"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_any_problem_is_classified(problem: Any) -> None:
    error = classify(problem, http_status=400)

    assert isinstance(error, ChannelError)
    assert error.message


class TestNetwork:
    def test_answer_that_never_came_is_ambiguous(self) -> None:
        error = from_network(ProviderError("demorou", ambiguous=True, code="timeout"))

        assert (error.remedy, error.ambiguous, error.permanent) == (Remedy.RETRY, True, False)
        assert error.code == "timeout"

    def test_request_that_never_left_is_not(self) -> None:
        error = from_network(ProviderError("não conectou", code="connect"))

        assert (error.remedy, error.ambiguous, error.message) == (Remedy.RETRY, False, "não conectou")

    def test_address_that_is_refused_is_ours_to_repair(self) -> None:
        error = from_network(ProviderError("interno", permanent=True, code="private"))

        assert (error.remedy, error.permanent, error.backoff) == (Remedy.BUG, True, None)


class TestBackoff:
    def test_pair_rate_waits_powers_of_four_for_this_contact_only(self) -> None:
        error = classify(answer(131056))

        assert error.scope is Scope.CONTACT
        assert error.backoff is not None
        assert [error.backoff.delay(n).total_seconds() for n in range(5)] == [1, 4, 16, 64, 256]

    def test_throughput_slows_the_whole_number_up_to_a_minute(self) -> None:
        error = classify(answer(130429))

        assert error.scope is Scope.SENDER
        assert error.backoff is not None
        assert [error.backoff.delay(n).total_seconds() for n in (0, 3, 6, 99)] == [1, 8, 60, 60]

    def test_marketing_fatigue_waits_a_day_and_longer_each_time(self) -> None:
        backoff = classify(answer(131049)).backoff

        assert backoff is not None
        assert [backoff.delay(n) for n in range(3)] == [
            timedelta(days=1),
            timedelta(days=2),
            timedelta(days=4),
        ]

    def test_attempts_run_out(self) -> None:
        backoff = Backoff(first=timedelta(seconds=1), longest=timedelta(seconds=9), tries=3)

        assert [backoff.is_exhausted(n) for n in range(4)] == [False, False, True, True]

    def test_negative_attempt_is_refused(self) -> None:
        with pytest.raises(ValueError, match="count from 0"):
            Backoff(first=timedelta(), longest=timedelta()).delay(-1)

    @settings(deadline=None)
    @given(
        st.integers(0, 10_000),
        st.integers(0, 100_000),
        st.integers(1, 50),
        st.integers(0, 10**6),
        st.floats(0, 0.99),
    )
    def test_wait_grows_to_the_longest_and_jitter_adds_up_to_a_quarter(
        self, first: int, longest: int, factor: int, attempt: int, jitter: float
    ) -> None:
        backoff = Backoff(timedelta(seconds=first), timedelta(seconds=longest), factor)

        wait = backoff.delay(attempt)

        assert wait == timedelta(seconds=min(first * factor ** min(attempt, 40), longest))
        assert wait <= backoff.delay(attempt + 1)
        assert wait <= backoff.delay(attempt, jitter=jitter) <= wait * 1.25


def test_error_is_kept_as_plain_values() -> None:
    assert classify(answer(131026), http_status=400).to_payload() == {
        "code": "131026",
        "message": RULES[131026].sentence,
        "remedy": "contact",
        "contact_action": "try_other_variant",
        "permanent": True,
        "ambiguous": False,
        "details": "(#131026) Something | Why it was refused.",
        "http_status": 400,
        "trace_id": "Az8",
    }
