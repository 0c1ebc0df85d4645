"""Forbidden content in both languages, near misses, records, and what only a person may say."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from compliance.content import check as checks
from compliance.content.check import check
from compliance.content.facts import Consequence, ConsequenceKind, FactSet
from compliance.packs.model import RulePack
from tests.compliance.builders import BR
from tests.compliance.content.allowed import NEAR_MISSES, ORDINARY
from tests.compliance.content.forbidden import ALSO, PORTUGUESE, REASON_QUESTIONS, SPANISH

TODAY = date(2026, 11, 24)
BARE = FactSet(today=TODAY)
NOTICE = Consequence(
    ConsequenceKind.SERVICE_SUSPENSION, notice_on=date(2026, 11, 2), from_on=date(2026, 11, 17)
)
FACTS = FactSet(
    today=date(2026, 11, 10),
    amounts=frozenset({Decimal("2.40"), Decimal("0.80"), Decimal("123.20")}),
    percents=frozenset({Decimal(2)}),
    counts=frozenset({2}),
    deadlines=frozenset({date(2026, 11, 30)}),
    consequences=(NOTICE,),
)
LIGHT = {"F10", "F18", "F21", "F23", "F24", "ungrounded_count", "ungrounded_date"}

BLOCKED = [
    pytest.param(category, text, id=f"{category}-{text[:32]}")
    for language in (PORTUGUESE, SPANISH)
    for category, texts in language.items()
    for text in texts
]


def _ids(text: str, facts: FactSet = BARE, *, author: str = "agent", identity: bool = True) -> set[str]:
    return {
        each.id for each in check(text, facts=facts, identity_confirmed=identity, country="BR", author=author)
    }


@pytest.mark.parametrize(("category", "text"), BLOCKED)
def test_20_forbidden_sentence_is_found_as_its_category(category: str, text: str) -> None:
    assert _ids(text) == {category} | ALSO.get(text, set())


@pytest.mark.parametrize("text", NEAR_MISSES + ORDINARY)
def test_20_near_miss_passes(text: str) -> None:
    assert _ids(text, FACTS) == set()


@pytest.mark.parametrize("language", [PORTUGUESE, SPANISH])
def test_20_every_category_has_its_examples(language: dict[str, list[str]]) -> None:
    categories = {f"F{number:02}" for number in range(1, 25)} - {"F21"}

    assert set(language) == categories
    assert min(len(texts) for texts in language.values()) >= 4


@pytest.mark.parametrize("text", REASON_QUESTIONS)
def test_20_reason_question_is_found_only_where_it_is_forbidden(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ids(text) == set()

    strict: RulePack = replace(BR, may_ask_reason=False)
    monkeypatch.setattr(checks, "load_pack", {"BR": strict}.__getitem__)

    assert _ids(text) == {"F21"}


@pytest.mark.parametrize(("category", "text"), BLOCKED)
def test_severity_is_that_of_the_category(category: str, text: str) -> None:
    findings = check(text, facts=BARE, identity_confirmed=True, country="BR", author="agent")

    assert {each.severity for each in findings if each.id == category} == {2 if category in LIGHT else 3}


@pytest.mark.parametrize(
    "text",
    [
        "C A L O T E I R O não, mas caloteiro sim.",
        "*Caloteiro*.",
        "_calo\u200bteiro_",
        "CALOTEIRO!!!",
        "Voce pode ser preso",
        "VOCÊ PODE SER PRESO",
    ],
)
def test_disguised_words_are_found(text: str) -> None:
    assert _ids(text) in ({"F07"}, {"F01"})


def test_person_may_say_to_be_one() -> None:
    text = "Sou uma pessoa da equipe, não sou um robô."

    assert _ids(text, author="person:4") == set()
    assert _ids(text, author="agent") == {"F11"}


class TestServiceSuspension:
    """A consequence may be told from its record only, in its dates only."""

    RIGHT = "O serviço pode ser suspenso a partir de 17/11."

    def test_without_a_record_it_is_refused(self) -> None:
        assert _ids(self.RIGHT, replace(FACTS, consequences=(), dates=frozenset({date(2026, 11, 17)}))) == {
            "F13"
        }

    def test_17_notice_of_2_november_allows_no_earlier_date_than_17(self) -> None:
        dates = frozenset({date(2026, 11, 16), date(2026, 11, 5)})

        assert _ids(self.RIGHT, FACTS) == set()
        assert _ids("O serviço pode ser suspenso a partir de 16/11.", replace(FACTS, dates=dates)) == {"F13"}

    def test_shorter_notice_than_the_norm_s_allows_no_mention(self) -> None:
        hasty = replace(NOTICE, from_on=date(2026, 11, 16))

        assert _ids("O serviço pode ser suspenso.", replace(FACTS, consequences=(hasty,))) == {"F13"}

    @pytest.mark.parametrize(("today", "found"), [(date(2026, 11, 16), {"F13"}), (date(2026, 11, 17), set())])
    def test_at_once_is_true_only_from_its_day(self, today: date, found: set[str]) -> None:
        assert _ids("Seu acesso será bloqueado hoje.", replace(FACTS, today=today)) == found

    def test_record_of_one_consequence_allows_no_other(self) -> None:
        assert _ids("Seu nome vai para o SPC.", FACTS) == {"F12"}


class TestNegativeListing:
    """Ten days after a delivered notice; in Paraná five, and only after thirty days of arrears."""

    TEXT = "Conforme o aviso, seu nome vai para o SPC em 20/11."
    LISTING = Consequence(
        ConsequenceKind.NEGATIVE_LISTING, notice_on=date(2026, 11, 13), from_on=date(2026, 11, 20)
    )

    @pytest.mark.parametrize(
        ("state", "days", "overdue_since", "found"),
        [
            ("SP", 7, date(2026, 11, 1), {"F12"}),
            ("SP", 10, date(2026, 11, 1), set()),
            ("SP", 10, None, set()),
            ("PR", 7, date(2026, 10, 21), set()),
            ("PR", 7, date(2026, 10, 22), {"F12"}),
            ("PR", 4, date(2026, 9, 1), {"F12"}),
            ("PR", 10, None, {"F12"}),
            (None, 10, date(2026, 10, 22), {"F12"}),
            (None, 10, date(2026, 10, 21), set()),
            (None, 7, date(2026, 10, 21), {"F12"}),
        ],
    )
    def test_mention_keeps_to_the_days_of_the_state(
        self, state: str | None, days: int, overdue_since: date | None, found: set[str]
    ) -> None:
        record = replace(self.LISTING, notice_on=self.LISTING.from_on - timedelta(days=days))
        findings = check(
            self.TEXT,
            facts=replace(BARE, consequences=(record,)),
            identity_confirmed=True,
            country="BR",
            author="agent",
            state=state,
            overdue_since=overdue_since,
        )

        assert {each.id for each in findings} == found

    def test_where_no_norm_gives_the_days_no_record_makes_it_lawful(self) -> None:
        long_ago = replace(self.LISTING, notice_on=date(2026, 1, 1))
        facts = replace(BARE, consequences=(long_ago, replace(NOTICE, notice_on=date(2026, 1, 1))))
        for text, category in [(self.TEXT, "F12"), ("El servicio puede ser suspendido el 17/11.", "F13")]:
            findings = check(
                text, facts=facts, identity_confirmed=True, country="MX", author="agent", state="JC"
            )
            assert {each.id for each in findings} == {category}


class TestUrgency:
    def test_only_today_is_true_on_the_day_an_offer_ends(self) -> None:
        ends_today = replace(BARE, deadlines=frozenset({TODAY}))

        assert _ids("O desconto vale só hoje.", ends_today) == set()
        assert _ids("O desconto vale só hoje.", BARE) == {"F10"}

    def test_last_chance_is_never_true(self) -> None:
        assert _ids("É a sua última chance.", replace(BARE, deadlines=frozenset({TODAY}))) == {"F10"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pague a fatura de 2020.", {"F22"}),
        # Some of that year is still young enough.
        ("Pague a fatura de 2021.", set()),
        ("Sua matrícula é de 2015.", set()),
    ],
)
def test_old_year_is_found_beside_an_invitation_to_pay(text: str, found: set[str]) -> None:
    assert _ids(text) == found


@pytest.mark.parametrize(("percent", "found"), [("2", set()), ("2,1", {"F14"}), ("10", {"F14"})])
def test_11_fine_above_two_percent_is_found_even_as_a_fact(percent: str, found: set[str]) -> None:
    known = replace(BARE, percents=frozenset({Decimal(2), Decimal("2.1"), Decimal(10)}))

    assert _ids(f"A multa é de {percent}%.", known) == found


def test_excerpt_quotes_the_text_as_written() -> None:
    findings = check("Ah, CALOTEIRO!", facts=BARE, identity_confirmed=True, country="BR", author="agent")

    assert [each.excerpt for each in findings] == ["CALOTEIRO"]


@pytest.mark.parametrize("text", ["", " ", "👍", "\n\n", "🙂 Oi!"])
def test_text_without_words_passes(text: str) -> None:
    assert _ids(text, identity=False) == set()
