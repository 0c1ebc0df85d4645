"""The page of the stops: what is stopped, stopping, releasing, and the band above every page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from commons import clock
from compliance.models import Switch
from tests.cadence.world import Followed, house
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

INDEX, STOP, RELEASE = reverse("stops:index"), reverse("stops:stop"), reverse("stops:release")
HOME = reverse("admin:index")


def stopped(client: Client, **said: str) -> Any:
    return client.post(STOP, {"scope": "all", "reason": "Texto errado", "until": "released", **said})


def throws() -> list[tuple[Any, ...]]:
    rows = Switch.objects.order_by("pk")
    return list(rows.values_list("scope", "key", "stopped", "reason", "ends_at"))


def band(client: Client) -> str:
    """What stands above the first page; empty without a band."""
    page = client.get(HOME).content.decode()
    return page.partition('class="of-band"')[2].partition("</p>")[0].partition("</strong>")[2]


def test_everything_stops_with_one_button_and_nothing_leaves(supervisor: Client) -> None:
    member = Followed.late(3)

    stopped(supervisor)
    member.plan()

    assert throws() == [("all", "", True, "Texto errado", None)]
    assert Switch.objects.get().author == f"user:{User.objects.get(groups__name='Supervisão').pk}"
    assert member.decisions() == [("refuse", "kill_switch")]


@pytest.mark.parametrize(
    ("said", "ends_at"),
    [
        ({"until": "hour"}, "2026-11-24T11:00"),
        ({"until": "today"}, "2026-11-25T00:00"),
        ({"until": "moment", "ends_at": "2026-11-25T08:30"}, "2026-11-25T08:30"),
    ],
)
def test_stop_may_end_by_itself(supervisor: Client, said: dict[str, str], ends_at: str) -> None:
    stopped(supervisor, **said)

    assert [row[4] for row in throws()] == [datetime.fromisoformat(ends_at).replace(tzinfo=clock.SAO_PAULO)]


def test_case_refused_by_a_stop_that_ends_is_looked_at_when_it_does(supervisor: Client) -> None:
    member = Followed.late(3)
    stopped(supervisor, until="hour")

    member.plan()

    wait = member.case.next_contact_at - NOW
    assert timedelta(hours=1) <= wait < timedelta(hours=4)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "Diga por que os envios devem parar."),
        ({"scope": "channel", "key": ""}, "Escolha o que deve parar."),
        ({"scope": "channel", "key": "pombo"}, "Escolha o que deve parar."),
        ({"scope": "all", "key": "x"}, "Escolha o que deve parar."),
        ({"until": "moment"}, "Diga o dia e a hora em que a parada termina."),
        ({"until": "moment", "ends_at": "2026-11-01T08:00"}, "O fim da parada precisa estar no futuro."),
    ],
)
def test_what_cannot_be_stopped_is_said_and_nothing_changes(
    supervisor: Client, said: dict[str, str], sentence: str
) -> None:
    answer = stopped(supervisor, **said)

    assert (answer.status_code, answer.context["error"], throws()) == (422, sentence, [])


def test_each_kind_of_thing_is_stopped_by_its_name(supervisor: Client) -> None:
    house()
    options = {choice.scope.value: choice.options for choice in supervisor.get(INDEX).context["choices"]}

    for scope, known in options.items():
        stopped(supervisor, scope=scope, **({"key": known[0][0]} if known else {}))

    rows = supervisor.get(INDEX).context["standing"]
    said = [row.what for row in rows]
    assert {row.who for row in rows} == {"Ana"}
    assert list(options) == ["all", "agent", "step", "channel", "sender", "state"]
    assert said[0] == "Tudo"
    assert {"O robô", "Canal: WhatsApp", "Número de envio: Academia Exemplo", "Estado: Brasil: AC"} <= set(
        said
    )


def test_release_needs_a_reason_and_ends_the_stop(supervisor: Client) -> None:
    stopped(supervisor, scope="channel", key="email")

    refused = supervisor.post(RELEASE, {"scope": "channel", "key": "email", "reason": " "})
    assert (refused.status_code, len(throws())) == (422, 1)

    supervisor.post(RELEASE, {"scope": "channel", "key": "email", "reason": "Corrigido"})
    assert throws()[1] == ("channel", "email", False, "Corrigido", None)
    # Pressing again writes nothing.
    supervisor.post(RELEASE, {"scope": "channel", "key": "email", "reason": "Corrigido"})
    assert len(throws()) == 2
    assert list(supervisor.get(INDEX).context["standing"]) == []


def test_band_stands_above_every_page_while_anything_is_stopped(supervisor: Client, auditor: Client) -> None:
    assert band(supervisor) == ""

    stopped(supervisor, scope="agent", until="hour")

    assert band(supervisor) == ": O robô até 24/11 11:00."
    assert band(auditor) == ": O robô até 24/11 11:00."
    clock.move(to=NOW + timedelta(hours=1), frozen=True)
    assert band(supervisor) == ""


def test_reading_alone_neither_stops_nor_releases(
    supervisor: Client, auditor: Client, operator: Client
) -> None:
    stopped(supervisor)
    said = {"scope": "all", "reason": "x", "until": "released"}

    assert [auditor.get(INDEX).status_code, operator.get(INDEX).status_code] == [200, 403]
    assert [auditor.post(url, said).status_code for url in (STOP, RELEASE)] == [403, 403]
    assert [supervisor.get(url).status_code for url in (STOP, RELEASE)] == [405, 405]
    assert len(throws()) == 1


def test_throws_are_read_in_the_admin_and_not_written(supervisor: Client) -> None:
    stopped(supervisor)
    one = reverse("admin:compliance_switch_change", args=[Switch.objects.get().pk])

    assert supervisor.get(reverse("admin:compliance_switch_changelist")).status_code == 200
    assert supervisor.get(reverse("admin:compliance_switch_add")).status_code == 403
    assert supervisor.post(one, {"reason": "outro"}).status_code == 403
