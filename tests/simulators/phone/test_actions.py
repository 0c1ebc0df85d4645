import hashlib
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.phone.test_ogg import TWENTY_MS, webm
from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, Api

KEY = ANA.lstrip("+")


def post(api: Api, path: str, body: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
    return api.http.post(path, json=body or {}, **more)


def page(api: Api, phone: str = KEY) -> str:
    return str(api.http.get(f"/chat/{phone}").json()["html"])


def test_a_text_written_on_the_page_reaches_the_product(api: Api) -> None:
    post(api, f"/chat/{KEY}/text", {"text": "  manda o pix  "})
    api.settle()

    assert api.receiver.messages()[-1]["text"] == {"body": "manda o pix"}


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        (f"/chat/{KEY}/text", {"text": " "}, 409, "Escreva uma mensagem."),
        (f"/chat/{KEY}/tap", {"title": "Sim"}, 409, "Nenhum botão “Sim” foi oferecido."),
        ("/chat/551199/text", {"text": "oi"}, 404, "Esta pessoa não existe mais."),
        ("/people", {"name": "X", "phone": "123"}, 409, "Este número não parece completo. Use DDD e número."),
        ("/people", {"name": " ", "phone": "11912345678"}, 409, "Diga o nome da pessoa."),
        ("/faults", {"name": "explode", "on": True}, 409, "Este controle não existe."),
        ("/clock", {}, 409, "Diga para onde o relógio vai."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    api: Api, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    answer = post(api, path, body)

    assert (answer.status_code, answer.json()) == (status, {"error": sentence})


def test_another_page_cannot_act_for_the_person(api: Api) -> None:
    answer = post(api, f"/chat/{KEY}/text", {"text": "oi"}, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_a_new_person_joins_with_the_countrys_code(api: Api) -> None:
    answer = post(api, "/people", {"name": "Diego", "phone": "(31) 97777-6666"})

    assert answer.json() == {"phone": "5531977776666"}
    assert "Diego" in api.http.get("/people").text


def test_a_recording_becomes_a_voice_message_in_ogg(api: Api) -> None:
    meaning = {"transcript": "pago amanhã", "confidence": 0.95}

    api.http.post(
        f"/chat/{KEY}/file",
        data={"kind": "audio", "voice": "1", "meaning": json.dumps(meaning)},
        files={"file": ("voz.webm", webm([TWENTY_MS + b"x"] * 3, live=True), "audio/webm")},
    )

    audio = eventually(lambda: [m for m in api.receiver.messages() if m["type"] == "audio"])[0]["audio"]
    assert (audio["mime_type"], audio["voice"]) == ("audio/ogg; codecs=opus", True)
    raw = api.http.get(f"/media/{audio['id']}").content
    assert raw.startswith(b"OggS")
    assert api.look("meaning", sha256=hashlib.sha256(raw).hexdigest()) == {"meaning": meaning}


def test_a_broken_recording_is_refused(api: Api) -> None:
    answer = api.http.post(
        f"/chat/{KEY}/file",
        data={"kind": "audio", "voice": "1"},
        files={"file": ("voz.webm", b"nothing", "audio/webm")},
    )

    assert (answer.status_code, "arquivo de áudio" in answer.json()["error"]) == (409, True)


def test_the_same_reaction_twice_takes_it_back(api: Api) -> None:
    wamid = api.text("olá")
    api.settle()

    for _ in range(2):
        post(api, f"/chat/{KEY}/reaction", {"wamid": wamid, "emoji": "👍"})
    api.settle()

    told = [message["reaction"] for message in api.receiver.messages() if message["type"] == "reaction"]
    assert told == [{"message_id": wamid, "emoji": "👍"}, {"message_id": wamid}]


def test_a_file_that_could_run_is_offered_as_a_download(api: Api) -> None:
    api.http.post(
        f"/chat/{KEY}/file",
        data={"kind": "document"},
        files={"file": ("a.html", b"<script>alert(1)</script>", "text/html")},
    )
    document = eventually(lambda: [m for m in api.receiver.messages() if m["type"] == "document"])[0][
        "document"
    ]

    answer = api.http.get(f"/media/{document['id']}")

    assert answer.headers["content-disposition"] == 'attachment; filename="a.html"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_names_and_texts_cannot_bring_markup(api: Api) -> None:
    api.control("seed", people=[{"phone": ANA, "name": "<img src=x onerror=alert(1)>"}])
    api.text("<script>alert(1)</script>")
    api.settle()

    assert "<script>" not in page(api)
    assert "<img src=x" not in api.http.get("/people").text


def test_static_files_stay_inside_their_folder(api: Api) -> None:
    codes = [
        api.http.get(f"/static/{name}").status_code for name in ("phone.css", "nothing.css", "..%2fpage.py")
    ]

    assert codes == [200, 404, 404]


def test_the_page_loads_nothing_from_elsewhere(api: Api) -> None:
    answer = api.http.get("/")

    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert "http://" not in answer.text
    assert "https://" not in answer.text


@pytest.mark.parametrize("wish", [{"advance": "1h"}, {"advance": "1d"}, {"jump": "next_window"}])
def test_the_clock_is_moved_by_the_product_with_the_lab_token(api: Api, wish: dict[str, str]) -> None:
    answer = post(api, "/clock", wish)

    (path, headers, body), *rest = api.receiver.other
    assert (answer.status_code, answer.json()) == (200, {"clock": "ter 24/11/2026 12:00"})
    assert (path, headers["x-lab-token"], body, rest) == ("/lab/clock", "lab-token", wish, [])


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (500, {"error": "A régua parou."}, "A régua parou."),
        (500, {}, "O relógio não andou (erro 500). Nada se perdeu; tente de novo."),
        (404, {}, "O relógio só anda na demonstração, e esta não deu permissão."),
    ],
)
def test_a_clock_that_does_not_move_says_why(
    api: Api, status: int, body: dict[str, str], sentence: str
) -> None:
    api.receiver.lab_answer = (status, body)

    assert post(api, "/clock", {"advance": "1h"}).json() == {"error": sentence}


def test_without_the_product_the_clock_says_so(settings: SimulatorSettings) -> None:
    with ServerThread(replace(settings, public_url="http://127.0.0.1:9")) as server:
        answer = httpx.post(f"{server.url}/clock", json={"advance": "1h"}, trust_env=False)

    assert answer.json() == {"error": "O Em Dia não respondeu. Confira se ele está no ar e tente de novo."}


def test_switches_are_faults_and_show_their_state(api: Api) -> None:
    post(api, "/faults", {"name": "fail_next", "on": True})
    post(api, "/faults", {"name": "slow", "on": True})
    on = api.http.get("/state").json()["faults"]
    error = api.error(type="text", text={"body": "oi"})
    after = api.http.get("/state").json()["faults"]
    post(api, "/faults", {"name": "slow", "on": False})

    assert (on, error["code"], after) == (
        {"fail_next": True, "slow": True, "alive": True},
        131000,
        {"fail_next": False, "slow": True, "alive": True},
    )
    assert api.look("fault")["faults"] == []


def test_blocking_and_offers_are_told_to_the_network(api: Api) -> None:
    shown = post(api, f"/person/{KEY}", {"blocked": True, "marketing_stopped": True}).json()
    api.settle()

    assert (shown["blocked"], shown["marketing_stopped"]) == (True, True)
    assert api.failure(api.text("oi")) == 131026
    assert api.receiver.values("user_preferences")[0]["user_preferences"][0]["value"] == "stop"
