"""Files that people send: fetched over HTTP, checked, kept under a name of our own."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from conversations import tasks
from conversations.intake import media
from conversations.models import Media, Message
from tests.conversations.network import Network
from tests.conversations.world import Talk

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(64))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def sent(network: Network, talk: Talk, folder: Path) -> Media:
    """A document whose name tries to leave our folder."""
    network.knows(talk)
    network.tell(
        "inbound",
        phone=talk.world.point.address,
        type="document",
        filename="../../../etc/cron.d/emdia",
        content=base64.b64encode(JPEG).decode(),
    )
    assert network.pass_on() == 1
    return Media.objects.get()


def test_file_is_fetched_once_under_our_own_name(sent: Media, folder: Path, network: Network) -> None:
    media.fetch(media_id=sent.pk)
    media.fetch(media_id=sent.pk)

    sent.refresh_from_db()
    assert [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()] == [
        Path("inbound") / str(sent.pk)
    ]
    assert (folder / sent.path).read_bytes() == JPEG
    assert (sent.size, sent.attempts, sent.error) == (len(JPEG), 1, "")


def test_digest_of_the_webhook_is_what_we_check(sent: Media) -> None:
    assert base64.b64decode(sent.sha256) == hashlib.sha256(JPEG).digest()


def test_file_that_differs_from_what_was_announced_is_not_kept(sent: Media, folder: Path) -> None:
    Media.objects.filter(pk=sent.pk).update(
        sha256=base64.b64encode(hashlib.sha256(b"outro").digest()).decode()
    )

    media.fetch(media_id=sent.pk)

    sent.refresh_from_db()
    assert (sent.path, sent.error) == ("", "O arquivo chegou diferente do que foi enviado.")
    assert not folder.exists()


def test_file_too_large_is_refused_for_good(
    sent: Media, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MAX_BYTES", len(JPEG) - 1)

    media.fetch(media_id=sent.pk)

    sent.refresh_from_db()
    assert (sent.path, sent.error, sent.attempts) == ("", "Arquivo grande demais.", media.TRIES)


def test_failing_download_is_tried_five_times_then_left(sent: Media, network: Network) -> None:
    network.tell("fault", point="media", action="fail", times=-1)

    for _ in range(7):
        tasks.fetch_media()

    sent.refresh_from_db()
    assert (sent.path, sent.attempts) == ("", media.TRIES)
    assert sent.error != ""


def test_message_shows_what_was_sent_before_it_is_fetched(sent: Media) -> None:
    message = Message.objects.get(media=sent)
    assert (message.kind, message.body.startswith("📎")) == ("document", True)
