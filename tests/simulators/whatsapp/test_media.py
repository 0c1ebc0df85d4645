import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, NUMBER, Api

PDF = b"%PDF-1.4 um boleto"
OGG = b"OggS voz"


def upload(api: Api, raw: bytes = PDF, mime: str = "application/pdf", name: str = "b.pdf") -> httpx.Response:
    return api.graph(
        "POST",
        f"{NUMBER}/media",
        data={"messaging_product": "whatsapp", "type": mime},
        files={"file": (name, raw, mime)},
    )


def download(api: Api, url: str, token: str = "demo-access-token") -> httpx.Response:
    return api.http.get(url, headers={"Authorization": f"Bearer {token}"})


def received(api: Api, **given: Any) -> dict[str, Any]:
    api.control("inbound", phone=ANA, **given)
    (message,) = eventually(api.receiver.messages)
    told: dict[str, Any] = message[message["type"]]
    return told


def test_an_uploaded_file_is_sent_by_id_and_seen(open_api: Api) -> None:
    identifier = upload(open_api).json()["id"]

    wamid = open_api.send(
        type="document", document={"id": identifier, "filename": "boleto.pdf", "caption": "Segue"}
    )

    assert open_api.statuses(wamid) == ["sent", "delivered"]
    shown = open_api.chat()[-1]
    assert (shown["media"]["filename"], shown["text"]) == ("boleto.pdf", "Segue")
    assert open_api.http.get(f"/control/whatsapp/media/{identifier}").content == PDF


def test_lookup_tells_hash_size_and_an_address_that_wants_the_token(api: Api) -> None:
    identifier = upload(api).json()["id"]

    found = api.graph("GET", identifier).json()

    if api.contract is not None:
        api.contract.check_object("media", found)
    assert (found["sha256"], found["file_size"]) == (hashlib.sha256(PDF).hexdigest(), str(len(PDF)))
    assert found["mime_type"] == "application/pdf"
    assert download(api, found["url"]).content == PDF
    assert download(api, found["url"], token="wrong").status_code == 401
    assert api.http.get(found["url"]).status_code == 401


def test_a_deleted_file_is_an_unknown_object(open_api: Api) -> None:
    identifier = upload(open_api).json()["id"]

    assert open_api.graph("DELETE", identifier).json() == {"success": True}
    assert open_api.graph("GET", identifier).json()["error"]["error_subcode"] == 33
    assert open_api.error(type="document", document={"id": identifier})["code"] == 100


def test_an_upload_is_kept_30_days(api: Api) -> None:
    identifier = upload(api).json()["id"]

    api.clock("2026-12-24T11:59:00-03:00")
    kept = api.graph("GET", identifier).status_code
    api.clock("2026-12-24T12:00:00-03:00")

    assert (kept, api.graph("GET", identifier).status_code) == (200, 400)


@pytest.mark.parametrize(
    ("raw", "mime"),
    [(b"x", "application/zip"), (b"", "application/pdf"), (b"x" * (5 * 1024 * 1024 + 1), "image/png")],
)
def test_an_upload_the_network_does_not_take_is_refused(api: Api, raw: bytes, mime: str) -> None:
    assert upload(api, raw, mime).json()["error"]["code"] == 100


def test_an_upload_without_product_or_file_is_refused(api: Api) -> None:
    no_product = api.graph("POST", f"{NUMBER}/media", files={"file": ("b.pdf", PDF, "application/pdf")})
    no_file = api.graph("POST", f"{NUMBER}/media", data={"messaging_product": "whatsapp"}, files={"x": b"y"})

    assert (no_product.json()["error"]["code"], no_file.json()["error"]["code"]) == (100, 100)


@pytest.mark.parametrize(
    ("kind", "mime"), [("audio", "audio/opus"), ("image", "application/pdf"), ("sticker", "image/png")]
)
def test_a_file_of_the_wrong_kind_fails_later_with_131053(open_api: Api, kind: str, mime: str) -> None:
    identifier = upload(open_api, OGG, mime, "f").json()["id"]

    wamid = open_api.send(type=kind, **{kind: {"id": identifier}})

    assert open_api.failure(wamid) == 131053


def test_a_voice_note_in_ogg_arrives(open_api: Api) -> None:
    identifier = upload(open_api, OGG, "audio/ogg; codecs=opus", "voz.ogg").json()["id"]

    wamid = open_api.send(type="audio", audio={"id": identifier, "voice": True})

    assert open_api.statuses(wamid) == ["sent", "delivered"]
    assert open_api.chat()[-1]["media"]["voice"] is True


def test_a_voice_note_listened_to_is_told_once_as_played(open_api: Api) -> None:
    identifier = upload(open_api, OGG, "audio/ogg", "voz.ogg").json()["id"]
    wamid = open_api.send(type="audio", audio={"id": identifier, "voice": True})
    text = open_api.text()
    open_api.settle()

    heard = [open_api.control("play", wamid=name)["played"] for name in (wamid, wamid, text, "wamid.none")]

    assert heard == [True, False, False, False]
    assert open_api.statuses(wamid) == ["sent", "delivered", "played"]


def test_media_by_link_is_fetched(open_api: Api) -> None:
    identifier = upload(open_api).json()["id"]
    link = f"{open_api.server.url}/media/{identifier}"

    wamid = open_api.send(type="document", document={"link": link, "filename": "boleto.pdf"})

    assert open_api.statuses(wamid) == ["sent", "delivered"]
    fetched = open_api.chat()[-1]["media"]["id"]
    assert open_api.http.get(f"/control/whatsapp/media/{fetched}").content == PDF


def test_media_by_a_link_that_leads_nowhere_fails_later(open_api: Api) -> None:
    wamid = open_api.send(type="document", document={"link": f"{open_api.server.url}/media/1"})

    assert open_api.failure(wamid) == 131053


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("image", {"caption": "olha"}, {"mime_type": "image/jpeg", "caption": "olha"}),
        ("audio", {}, {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
        ("document", {"filename": "c.pdf"}, {"mime_type": "application/pdf", "filename": "c.pdf"}),
        ("sticker", {}, {"mime_type": "image/webp", "animated": False}),
        ("video", {"mime_type": "video/mp4"}, {"mime_type": "video/mp4"}),
    ],
)
def test_inbound_media_tells_type_hash_id_and_address(
    api: Api, kind: str, more: dict[str, str], expected: dict[str, Any]
) -> None:
    raw = f"um {kind}".encode()

    told = received(api, type=kind, content=base64.b64encode(raw).decode(), **more)

    assert {name: told[name] for name in expected} == expected
    assert told["sha256"] == base64.b64encode(hashlib.sha256(raw).digest()).decode()
    assert download(api, told["url"]).content == raw
    looked_up = api.graph("GET", told["id"]).json()
    assert (
        download(api, looked_up["url"])
        .headers["content-type"]
        .startswith(expected["mime_type"].split(";")[0])
    )


def test_inbound_media_lives_seven_days(api: Api) -> None:
    told = received(api, type="image", content=base64.b64encode(b"foto").decode())

    api.clock("2026-12-01T12:00:00-03:00")

    assert api.graph("GET", told["id"]).status_code == 400
    assert download(api, told["url"]).status_code == 404


def test_an_expired_address_is_404_and_a_new_lookup_helps(api: Api) -> None:
    told = received(api, type="image", content=base64.b64encode(b"foto").decode())
    api.control("fault", point="download", action="expire")

    first = download(api, told["url"])
    again = download(api, api.graph("GET", told["id"]).json()["url"])

    assert (first.status_code, again.content) == (404, b"foto")


@pytest.mark.parametrize(("point", "status"), [("media", 500), ("download", 500), ("upload", 400)])
def test_media_may_fail_once_as_planned(api: Api, point: str, status: int) -> None:
    told = received(api, type="image", content=base64.b64encode(b"foto").decode())
    api.control("fault", point=point, action="fail", options={})

    codes = {
        "media": lambda: api.graph("GET", told["id"]).status_code,
        "download": lambda: download(api, told["url"]).status_code,
        "upload": lambda: upload(api).status_code,
    }

    assert (codes[point](), codes[point]()) == (status, 200)


def test_what_a_file_means_is_found_by_its_hash(api: Api) -> None:
    raw = b"comprovante"
    meaning = {"kind": "receipt", "fields": {"amount": "247.32"}, "text": "Pix de R$ 247,32"}
    received(api, type="image", content=base64.b64encode(raw).decode(), meaning=meaning)

    found = api.look("meaning", sha256=hashlib.sha256(raw).hexdigest())
    unknown = api.look("meaning", sha256="0" * 64)

    assert (found, unknown) == ({"meaning": meaning}, {"meaning": {}})


def test_content_that_is_no_base64_is_refused(api: Api) -> None:
    answer = api.http.post("/control/whatsapp/inbound", json={"phone": ANA, "type": "image", "content": "é"})

    assert answer.status_code == 409
