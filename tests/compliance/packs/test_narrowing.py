from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.packs import narrowing
from compliance.packs.model import Bounded, ContactLimits
from compliance.packs.windows import Window
from tests.compliance.builders import BR
from tests.compliance.packs.test_windows import windows


def test_23_setting_that_widens_the_window_is_refused_with_a_sentence() -> None:
    wide = ContactLimits(window=Window.parse(weekday="07:00-22:00"))

    with pytest.raises(narrowing.WouldWiden) as refusal:
        narrowing.check(BR, wide)

    assert refusal.value.sentences == [
        "O horário passa do que a lei permite. O máximo é: "
        "seg a sex 08:00-20:00; sáb 08:00-14:00; dom sem contato."
    ]


def test_setting_up_to_the_limit_moves_the_default() -> None:
    limits = ContactLimits(window=Window.parse(weekday="08:00-20:00", saturday="08:00-14:00"))

    pack = narrowing.narrow(BR, limits)

    assert pack.window("SP") == Window.parse(weekday="08:00-20:00", saturday="08:00-14:00")
    # Where a state allows less, less it is.
    assert pack.window("RJ") == Window.parse(weekday="09:00-19:00")
    assert pack.window("ES") == Window.parse(weekday="08:00-19:00")
    assert pack.window(None) == Window.parse(weekday="09:00-19:00")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (ContactLimits(max_messages_7d=4), "O limite de mensagens em sete dias vai de 0 a 3."),
        (ContactLimits(max_calls_7d=3), "O limite de ligações em sete dias vai de 0 a 2."),
        (ContactLimits(max_per_30d=-1), "O limite de contatos em trinta dias vai de 0 a 8."),
        (ContactLimits(min_gap_hours=24), "O intervalo entre contatos não pode ser menor que 48 horas."),
        (ContactLimits(balance_max_age_minutes=1441), "A idade do saldo vai de 1 a 1440 minutos."),
        (
            ContactLimits(window=Window.parse(weekday="09:00-09:15")),
            "O horário não deixa nenhum momento para contato.",
        ),
        (ContactLimits(window=Window()), "O horário não deixa nenhum momento para contato."),
        (
            ContactLimits(window=Window.parse(weekday="09:00-19:00", sunday="10:00-12:00")),
            "O horário passa do que a lei permite. O máximo é: "
            "seg a sex 08:00-20:00; sáb 08:00-14:00; dom sem contato.",
        ),
    ],
)
def test_setting_outside_the_limit_is_refused_with_its_sentence(limits: ContactLimits, sentence: str) -> None:
    with pytest.raises(narrowing.WouldWiden) as refusal:
        narrowing.narrow(BR, limits)

    assert refusal.value.sentences == [sentence]


def test_every_refused_setting_is_named_at_once() -> None:
    with pytest.raises(narrowing.WouldWiden) as refusal:
        narrowing.check(BR, ContactLimits(max_messages_7d=9, min_gap_hours=1))

    assert len(refusal.value.sentences) == 2


def test_narrow_settings_are_used() -> None:
    limits = ContactLimits(
        max_messages_7d=1, max_calls_7d=0, max_per_30d=4, min_gap_hours=72, balance_max_age_minutes=10
    )

    pack = narrowing.narrow(BR, limits)

    assert (pack.max_messages_7d, pack.max_calls_7d, pack.max_per_30d) == (1, 0, 4)
    assert (pack.min_gap, pack.balance_max_age) == (timedelta(hours=72), timedelta(minutes=10))


def test_stored_setting_that_a_newer_pack_forbids_is_cut() -> None:
    newer = replace(BR, caps=replace(BR.caps, max_messages_7d=Bounded(shipped=1, limit=2)))

    pack = narrowing.apply(newer, ContactLimits(max_messages_7d=3, min_gap_hours=10))

    assert (pack.max_messages_7d, pack.min_gap) == (2, timedelta(hours=48))


@given(
    window=windows(),
    messages=st.integers(-5, 50),
    month=st.integers(-5, 50),
    gap=st.integers(0, 400),
    state=st.sampled_from([None, "SP", "RJ", "ES", "AM", "AL", "MG", "XX"]),
)
def test_no_setting_ever_passes_a_limit(
    window: Window, messages: int, month: int, gap: int, state: str | None
) -> None:
    limits = ContactLimits(window=window, max_messages_7d=messages, max_per_30d=month, min_gap_hours=gap)

    pack = narrowing.apply(BR, limits)

    assert pack.window(state).within(BR.windows(state).limit)
    assert (pack.max_messages_7d <= 3, pack.max_per_30d <= 8) == (True, True)
    assert pack.min_gap >= timedelta(hours=48)
