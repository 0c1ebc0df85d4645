"""What a creditor may set, in every country: less, never more, and nothing of what is hard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compliance.packs import narrowing
from compliance.packs.loader import load_pack
from compliance.packs.model import ContactLimits
from compliance.packs.windows import Window
from tests.compliance.packs.test_countries import COUNTRIES


def refusal(country: str, **wishes: object) -> list[str]:
    with pytest.raises(narrowing.WouldWiden) as refused:
        narrowing.check(load_pack(country), ContactLimits(**wishes))  # type: ignore[arg-type]
    return refused.value.sentences


WIDEST = {
    "AR": "seg a sex 08:00-20:00; sáb 10:00-12:00; dom sem contato",
    "BR": "seg a sex 08:00-20:00; sáb 08:00-14:00; dom sem contato",
    "CL": "seg a sex 08:00-20:00; sáb 08:00-20:00; dom sem contato",
    "CO": "seg a sex 07:00-19:00; sáb 08:00-15:00; dom sem contato",
    "MX": "seg a sex 07:00-22:00; sáb 07:00-22:00; dom sem contato",
    "PE": "seg a sex 07:00-20:00; sáb sem contato; dom sem contato",
}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("end", ["start", "end"])
@pytest.mark.parametrize("day", ["weekday", "saturday", "sunday"])
def test_window_a_minute_wider_is_refused_and_says_how_far_it_may_go(
    country: str, day: str, end: str
) -> None:
    limit = load_pack(country).default_windows.limit
    ranges = getattr(limit, day)
    if ranges:
        edge = ranges[0]
        wider = (
            replace(edge, start=edge.start.replace(hour=edge.start.hour - 1, minute=59))
            if end == "start"
            else replace(edge, end=edge.end.replace(minute=1))
        )
    else:
        (wider,) = Window.parse(weekday="10:00-10:30").weekday

    sentences = refusal(country, window=replace(limit, **{day: (wider,)}))

    assert sentences == [f"O horário passa do que a lei permite. O máximo é: {WIDEST[country]}."]


@pytest.mark.parametrize("country", COUNTRIES)
def test_whole_limit_may_be_set(country: str) -> None:
    pack = load_pack(country)

    narrowing.check(pack, ContactLimits(window=pack.default_windows.limit))


NAMES = {
    "max_messages_7d": "mensagens em sete dias",
    "max_calls_7d": "ligações em sete dias",
    "max_per_30d": "contatos em trinta dias",
}


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", NAMES)
def test_cap_takes_less_and_no_more(country: str, name: str) -> None:
    pack = load_pack(country)
    bounded = getattr(pack.caps, name)

    if bounded is None:
        for wanted in (0, 99):
            narrowing.check(pack, ContactLimits(**{name: wanted}))
        assert refusal(country, **{name: -1}) == [f"O limite de {NAMES[name]} não pode ser negativo."]
    elif bounded.hard:
        for wanted in (0, bounded.limit, bounded.limit + 1):
            assert refusal(country, **{name: wanted}) == [
                f"O limite de {NAMES[name]} é fixo neste país ({bounded.limit}) e não se muda."
            ]
    else:
        for wanted in (0, bounded.limit):
            narrowing.check(pack, ContactLimits(**{name: wanted}))
        for wanted in (-1, bounded.limit + 1):
            assert refusal(country, **{name: wanted}) == [
                f"O limite de {NAMES[name]} vai de 0 a {bounded.limit}."
            ]


@pytest.mark.parametrize(
    ("country", "hours", "sentence"),
    [
        ("BR", 47, "O intervalo entre contatos não pode ser menor que 48 horas."),
        ("MX", 47, "O intervalo entre contatos não pode ser menor que 48 horas."),
        ("PE", 47, "O intervalo entre contatos não pode ser menor que 48 horas."),
        ("AR", 71, "O intervalo entre contatos não pode ser menor que 72 horas."),
        ("CO", -1, "O intervalo entre contatos não pode ser menor que 0 horas."),
        ("CL", 71, "O intervalo entre contatos é fixo neste país (3 dias) e não se muda."),
        ("CL", 96, "O intervalo entre contatos é fixo neste país (3 dias) e não se muda."),
    ],
)
def test_shorter_gap_is_refused(country: str, hours: int, sentence: str) -> None:
    assert refusal(country, min_gap_hours=hours) == [sentence]


@pytest.mark.parametrize(("country", "hours"), [("BR", 48), ("MX", 72), ("PE", 48), ("AR", 72), ("CO", 0)])
def test_longer_gap_may_be_set(country: str, hours: int) -> None:
    narrowing.check(load_pack(country), ContactLimits(min_gap_hours=hours))


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("minutes", [0, 1441])
def test_age_of_the_balance_keeps_its_bounds(country: str, minutes: int) -> None:
    assert refusal(country, balance_max_age_minutes=minutes) == ["A idade do saldo vai de 1 a 1440 minutos."]


def test_creditor_s_settings_of_one_country_are_cut_to_what_another_one_allows() -> None:
    brazilian = ContactLimits(
        window=Window.parse(weekday="08:00-20:00", saturday="08:00-14:00"), max_messages_7d=3, max_calls_7d=2
    )

    chile = narrowing.apply(load_pack("CL"), brazilian)
    peru = narrowing.apply(load_pack("PE"), brazilian)

    assert (chile.max_messages_7d, chile.max_calls_7d) == (2, 1)
    assert chile.window("RM") == Window.parse(weekday="08:00-20:00", saturday="08:00-14:00")
    assert peru.window("15") == Window.parse(weekday="08:00-20:00")
