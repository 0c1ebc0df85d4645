"""The house's own sentences are said where they belong, and the shipped ones where nothing was written."""

from __future__ import annotations

import pytest

from commons.models import Organisation
from conversations import house_texts
from conversations.agent import phrases
from tests.cases.world import at
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

CLOSED = "2026-11-24 20:00"


def house(**fields: object) -> Organisation:
    made: Organisation = OrganisationFactory(
        support_hours={"monday_to_friday": "08:00-12:00,13:00-18:00"}, **fields
    )
    return made


@pytest.mark.parametrize(
    ("now", "own", "said"),
    [
        (CLOSED, "", "ela responde por aqui quarta-feira, 25/11, a partir das 8h."),
        (
            CLOSED,
            "Voltamos {quando}, na {organizacao}.",
            "Voltamos quarta-feira, 25/11, a partir das 8h, na Academia Exemplo.",
        ),
        ("2026-11-24 12:30", "Voltamos {quando}.", "Voltamos hoje, a partir das 13h."),
        ("2026-11-24 09:00", "Voltamos {quando}.", "Ela responde assim que puder."),
    ],
)
def test_people_out_of_hours_are_spoken_for_in_the_house_s_words(now: str, own: str, said: str) -> None:
    house(away_text=own)

    assert phrases.person_answers(now=at(now)).endswith(said)
    assert phrases.hand_over_line(now=at(now)).startswith("Vou passar para uma pessoa da nossa equipe. ")


def test_day_with_hours_of_its_own_wins_over_weekday_and_holiday() -> None:
    house(hours_exceptions={"2026-12-25": "09:00-10:00", "2026-11-25": "none"})

    assert "quinta-feira, 26/11" in phrases.person_answers(now=at(CLOSED))
    assert phrases.person_answers(now=at("2026-12-25 09:30")) == "Ela responde assim que puder."


def test_shipped_sentence_may_be_said() -> None:
    assert house_texts.problems(house_texts.DEFAULT_AWAY, country="BR", says_when=True) == []
