from dataclasses import replace

import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.receiver import Receiver, eventually
from tests.simulators.whatsapp.api import ANA, NOON, REMINDER, Api


def start(server: ServerThread, receiver: Receiver) -> Api:
    api = Api(server, receiver)
    api.clock(NOON)
    return api


def test_chats_people_templates_and_orders_of_things_survive(
    own_settings: SimulatorSettings, receiver: Receiver
) -> None:
    with ServerThread(own_settings) as server:
        first = start(server, receiver)
        first.control("seed", people=[{"phone": ANA, "name": "Ana Souza"}], templates=[REMINDER])
        first.control("inbound", phone=ANA, text="oi")
        first.text("olá")
        first.settle()
        before = first.chat()
        first.http.close()

    with ServerThread(own_settings) as server:
        second = Api(server, receiver)
        after = second.chat()
        still_open = second.statuses(second.text("a janela continua aberta"))
        template = second.statuses(second.template())
        second.http.close()

    assert after == before
    assert (still_open, template) == (["sent", "delivered"], ["sent", "delivered"])


def test_a_webhook_not_yet_taken_is_delivered_after_the_restart(
    own_settings: SimulatorSettings, receiver: Receiver
) -> None:
    receiver.answers = [500]
    with ServerThread(own_settings) as server:
        first = start(server, receiver)
        first.control("webhooks", compression=1)
        first.control("inbound", phone=ANA, name="Ana", text="não me perca")
        first.settle()
        first.control("webhooks", compression=1000)
        first.http.close()
    taken_before = receiver.messages()

    with ServerThread(own_settings):
        eventually(receiver.messages)

    assert taken_before == []
    assert [message["text"]["body"] for message in receiver.messages()] == ["não me perca"]
    assert set(receiver.signed()) == {True}


def test_a_message_under_way_reaches_the_phone_after_the_restart(
    own_settings: SimulatorSettings, receiver: Receiver
) -> None:
    with ServerThread(own_settings) as server:
        first = start(server, receiver)
        first.control("seed", people=[{"phone": ANA, "name": "Ana", "script": {"seconds": 60}}])
        first.control("inbound", phone=ANA, text="oi")
        wamid = first.text("devagar")
        eventually(lambda: receiver.statuses(wamid))
        first.http.close()

    with ServerThread(own_settings):
        eventually(lambda: len(receiver.statuses(wamid)) == 2)

    assert [status["status"] for status in receiver.statuses(wamid)] == ["sent", "delivered"]


@pytest.mark.parametrize("keep_account", [True, False])
def test_a_reset_forgets_people_and_keeps_the_account_where_told(
    own_settings: SimulatorSettings, receiver: Receiver, keep_account: bool
) -> None:
    settings = replace(own_settings)
    with ServerThread(settings) as server:
        api = start(server, receiver)
        api.control(
            "seed", people=[{"phone": ANA, "name": "Ana"}], templates=[REMINDER], business={"name": "X"}
        )
        api.control("reset", keep_account=keep_account)
        people, templates = api.look("people")["people"], api.look("templates")["templates"]
        name = api.graph("GET", "106540352242922").json()["verified_name"]
        api.http.close()

    assert (people, len(templates), name) == (
        [],
        1 if keep_account else 0,
        "X" if keep_account else "Academia Horizonte",
    )
