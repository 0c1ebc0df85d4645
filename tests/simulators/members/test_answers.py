from datetime import datetime, timedelta

from simulators.members.answers import PATIENCE, take_in
from simulators.members.hearing import Heard, Kind
from simulators.members.mind import READ, Answer, Invoice, Mind
from simulators.members.profile import Profile

TEN = datetime.fromisoformat("2026-11-24T10:00:00-03:00")
GREETING = Heard(kind=Kind.GREETING, buttons=("Sou eu", "Não sou", "Não receber mais"))
NOTICE = Heard(kind=Kind.NOTICE, buttons=("Quero o Pix", "Falar com pessoa", "Não receber mais"))
OFFER = Heard(kind=Kind.OFFER, buttons=("Sim, pode anotar", "Outra data"))
QUESTION = Heard(kind=Kind.QUESTION)
STATEMENT = Heard(kind=Kind.STATEMENT)


def ana(ask: str, *, moved: int | None = None, responds: float = 1.0) -> Mind:
    traits = {
        "ask": ask,
        "pays_after_contact": moved,
        "responds": responds,
        "reads": True,
        "answer_minutes": 5.0,
    }
    return Mind(
        key="ana",
        phone="5511900000001",
        seed=1,
        first_name="Ana",
        digits="725",
        profile=Profile.draw(1).changed(traits | {"self_cure": None, "punctual": None}),
        since=TEN,
        invoices=[Invoice(number="1", amount="119.90", due="2026-11-16")],
    )


def talk(mind: Mind, *heard: Heard, start: datetime = TEN) -> list[Answer | None]:
    """What somebody plans to do after each; an hour lies between, and everything planned in it is done."""
    planned = []
    for hours, said in enumerate(heard):
        take_in(mind, said, at=start + timedelta(hours=hours))
        planned.append(mind.saying)
        mind.spoken += mind.saying is not None
    return planned


def test_notice_is_answered_by_pressing_what_they_want() -> None:
    assert talk(ana("pix"), NOTICE) == [Answer.tap("Quero o Pix")]
    assert talk(ana("person"), NOTICE) == [Answer.tap("Falar com pessoa")]
    assert talk(ana("opt_out"), NOTICE) == [Answer.tap("Não receber mais")]


def test_greeting_that_reaches_somebody_else_is_denied_and_then_left() -> None:
    assert talk(ana("wrong"), GREETING, QUESTION) == [Answer.tap("Não sou"), None]


def test_quiet_person_reads_and_then_hears_nothing_of_what_is_no_contact() -> None:
    assert talk(ana("pix", responds=0.0), GREETING, QUESTION) == [READ, None]


def test_promise_is_named_confirmed_and_kept_by_those_who_mean_it() -> None:
    mind = ana("promise", moved=14)

    named, yes, later = talk(mind, NOTICE, OFFER, STATEMENT)

    assert named is not None
    assert "25/11" in named.words
    assert yes == Answer.tap("Sim, pode anotar")
    assert later == Answer.say("Oi, hoje é o dia que combinei. Manda o Pix?")
    assert mind.say_at is not None
    assert mind.say_at.date().isoformat() == "2026-11-25"


def test_promise_that_went_by_is_not_named_again() -> None:
    mind = ana("promise")
    talk(mind, NOTICE, OFFER, STATEMENT)
    first = mind.promised

    talk(mind, NOTICE, start=TEN + timedelta(days=14))

    assert first < "2026-12-08"
    assert mind.promised > "2026-12-08"


def test_amount_is_all_that_the_curious_want_and_a_code_what_the_moved_want_next() -> None:
    assert talk(ana("balance"), NOTICE, QUESTION)[1] is None

    next_word = talk(ana("balance", moved=20), NOTICE, QUESTION)[1]

    assert next_word is not None
    assert "pix" in next_word.words


def test_wish_is_said_twice_and_no_more() -> None:
    said = talk(ana("pix"), GREETING, QUESTION, QUESTION, QUESTION)

    assert [answer is None for answer in said] == [False, False, False, True]


def test_nobody_argues_for_ever() -> None:
    mind = ana("promise")

    said = talk(mind, NOTICE, *[OFFER] * 20)

    assert sum(answer is not None for answer in said) == PATIENCE


def test_code_is_paid_the_same_day_by_those_a_contact_moves_and_by_nobody_else() -> None:
    code = Heard(kind=Kind.CODE, code="000201")
    late = TEN.replace(hour=21, minute=30)
    moved, other = ana("pix", moved=30), ana("pix")
    for mind in (moved, other):
        take_in(mind, NOTICE, at=TEN)
        take_in(mind, code, at=late)

    assert other.pay_at is None
    assert moved.pay_at is not None
    assert late < moved.pay_at <= TEN.replace(hour=21, minute=50)


def test_code_over_the_oldest_invoice_covers_only_that_one() -> None:
    mind = ana("pix")
    mind.invoices.append(Invoice(number="2", amount="119.90", due="2026-11-20"))

    covered = mind.covered_by(mind.invoices[0].amount_on(TEN.date()), TEN)

    assert [invoice.number for invoice in covered] == ["1"]


def test_mind_comes_back_from_the_store_as_it_went() -> None:
    mind = ana("promise", moved=14)
    talk(mind, NOTICE, OFFER)

    assert Mind.from_document(mind.document()) == mind
