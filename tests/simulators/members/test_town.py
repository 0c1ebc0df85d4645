"""Everything over real HTTP: the business's messages in, the members' messages and payments out."""

import time

import httpx

from simulators.members.town import PUSH_SECONDS
from simulators.server import ServerThread
from tests.simulators.members.business import ANA, INVOICE, MENU, WHO, Business
from tests.simulators.receiver import eventually


def test_person_who_is_moved_says_who_she_is_asks_for_the_pix_and_pays_it(business: Business) -> None:
    business.settle_ana(pays_after_contact=40)
    business.greet()
    business.at("11:00")
    business.say(WHO)
    business.at("12:00")
    business.say(MENU)
    business.at("13:00")
    business.say("Aqui está o Pix de R$ 122,60.")
    business.say(business.charge())
    business.at("17:00")

    name, *_ = heard = business.heard()
    assert (name, "Ana" in heard[1], "725" in heard[1], "pix" in heard[2].lower()) == (
        "Sou eu",
        True,
        True,
        True,
    )
    assert len(heard) == 3
    assert [amount for _txid, amount in business.received()] == ["122.60"]
    assert [invoice["paid"] for invoice in business.ana()["invoices"]] == [True]


def test_push_of_the_clock_is_answered_when_the_product_knows_of_everything(business: Business) -> None:
    business.settle_ana(self_cure=1)
    alone_at = business.ana()["alone_at"]

    business.at("23:00", day=25)

    assert alone_at.startswith("2026-11-25T")
    assert business.received() == [(INVOICE["number"], "122.64")]


def test_person_nobody_writes_to_and_who_would_not_pay_alone_never_pays(business: Business) -> None:
    business.settle_ana(pays_after_contact=14)

    for day in range(25, 31):
        business.at("21:00", day=day)

    assert (business.received(), business.heard()) == ([], [])


def test_person_who_is_moved_pays_as_usual_when_the_chat_leads_nowhere(business: Business) -> None:
    business.settle_ana(pays_after_contact=14)
    business.greet()
    business.at("11:00")
    business.at("21:00")
    assert business.received() == []

    business.at("12:00", day=25)

    assert [txid for txid, _amount in business.received()] == [INVOICE["number"]]


def test_person_who_wants_no_messages_presses_the_button_and_says_no_more(business: Business) -> None:
    business.settle_ana(ask="opt_out")
    business.greet()
    business.at("11:00")
    business.say("Pronto, não vamos mais enviar mensagens por aqui. Se precisar, é só chamar.")
    business.at("21:00", day=26)

    assert business.heard() == ["Não receber mais"]


def test_person_who_answers_nothing_may_still_read(business: Business) -> None:
    business.settle_ana(responds=0.0)
    business.greet()
    business.at("12:00")
    business.api.settle()

    assert business.heard() == []
    assert [status["status"] for status in business.receiver.statuses()][-1] == "read"


def test_person_whom_a_human_plays_is_left_to_the_human(business: Business) -> None:
    business.settle_ana(pays_after_contact=40)
    business.api.control("inbound", phone=ANA, text="quem fala?")
    business.greet()
    business.at("10:50")
    played = business.heard()
    business.at("11:30")
    business.greet()
    business.at("12:30")

    assert played == ["quem fala?"]
    assert business.heard() == ["quem fala?", "Sou eu"]


def test_person_whose_phone_is_open_on_a_page_is_left_to_the_page(business: Business) -> None:
    business.settle_ana(pays_after_contact=14)
    with business.api.http.stream("GET", "/events", params={"p": ANA.lstrip("+")}) as page:
        news = page.iter_lines()
        next(news)
        business.greet()
        business.at("20:00")
        assert business.heard() == []

    business.greet()
    business.at("21:00")

    assert business.heard() == ["Sou eu"]


def test_person_says_one_thing_at_a_time_however_often_the_clock_is_pushed(business: Business) -> None:
    business.settle_ana(pays_after_contact=40)
    business.greet()
    for minute in range(20, 31):
        business.at(f"10:{minute}")

    assert business.heard() == ["Sou eu"]


def test_paused_town_stands_still_until_it_is_resumed(business: Business) -> None:
    business.settle_ana(self_cure=1)
    # As the switch on the phone page does.
    business.api.http.post("/faults", json={"name": "alive", "on": False}).raise_for_status()
    business.at("21:00", day=26)
    paused = business.received()

    business.control("resume")
    business.at("21:30", day=26)

    assert (paused, len(business.received())) == ([], 1)


def test_life_goes_on_without_any_push_when_the_clock_runs(business: Business) -> None:
    business.settle_ana(self_cure=1)
    due = business.ana()["alone_at"]
    business.control("pause")
    business.clock(due)
    business.control("resume")

    assert eventually(business.received, seconds=4) != []


def test_town_remembers_its_plans_over_a_restart(business: Business) -> None:
    business.settle_ana(self_cure=2)
    before = business.ana()
    server = business.api.server
    server.stop()

    with ServerThread(server.settings):
        after = business.ana()

    assert after == before


def test_town_is_empty_once_the_network_was_reset_for_another_scene(business: Business) -> None:
    business.settle_ana(self_cure=1)
    business.api.control("seed", reset=True, people=[{"phone": "+5511900000077", "name": "Rui"}])

    business.at("21:00", day=26)

    assert business.received() == []
    assert business.api.http.get("/control/members/people").json() == {"people": []}


def test_truth_tells_both_potential_outcomes(business: Business) -> None:
    business.settle_ana(pays_after_contact=14)

    told = business.api.http.get("/control/members/truth").json()

    assert told["potential"]["late_at_start"] == {
        "people": 1,
        "pay_alone": 0.0,
        "pay_contacted": 1.0,
        "effect_points": 100.0,
    }


def test_seed_with_a_trait_nobody_has_is_refused_and_changes_nothing(business: Business) -> None:
    body = {"people": [{"seed": 1, "profile": {"courage": 1}}]}

    answer = business.api.http.post("/control/members/seed", json=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "courage is no trait of a profile")
    assert business.api.http.get("/control/members/people").json() == {"people": []}


def test_many_who_are_due_at_once_begin_at_a_bounded_pace(business: Business) -> None:
    people = [
        {
            "key": f"P{number}",
            "seed": number,
            "invoices": [INVOICE | {"number": f"{number:04d}2611"}],
            "profile": {"self_cure": 1, "pays_after_contact": None},
        }
        for number in range(30)
    ]
    business.control("seed", people=people)
    begun = time.monotonic()

    business.at("22:00", day=25)

    seconds = time.monotonic() - begun
    assert 29 / 20 <= seconds < PUSH_SECONDS + 1
    assert len(business.received()) == 30


def test_clock_is_pushed_although_the_product_is_away(business: Business) -> None:
    business.settle_ana(self_cure=1)
    business.receiver.answers = []
    business.bank.delete("/webhook/5f1a9f6e-6c0b-4d57-9a3e-2f4f6f0c8b11")

    answer = httpx.post(
        f"{business.url}/control/clock", json={"now": "2026-11-26T21:00:00-03:00", "frozen": True}, timeout=10
    )

    assert answer.status_code == 200


def test_person_who_has_just_paid_says_no_more_in_a_conversation_under_way(business: Business) -> None:
    business.settle_ana(ask="balance", self_cure=0)
    business.at("10:30")
    business.greet()
    business.clock(business.ana()["alone_at"])
    business.say(WHO)
    business.at("21:40")

    assert (len(business.received()), business.heard()) == (1, ["Sou eu"])
