"""The live stream through a real server: who may listen, and that what changes arrives."""

from __future__ import annotations

import socket
import time
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from conversations import live
from conversations.models import Conversation
from tests.conversations.native.conftest import Web, cut_all_connections
from tests.conversations.world import NOW, make_sender

_SECONDS = 10.0
_EVENT = b"event: conversation\ndata: "


class Page:
    """An open page: a connection that reads the stream, as an EventSource does."""

    def __init__(self, web: Web, cookies: str) -> None:
        parts = urlsplit(web.url)
        self._socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=0.1)
        self._socket.sendall(f"GET /live/ HTTP/1.1\r\nHost: x\r\nCookie: {cookies}\r\n\r\n".encode())
        self._read = b""
        self._until(b"retry: 2000")

    def told(self, count: int, *, seconds: float = _SECONDS) -> list[str]:
        """The conversations it was told to look at again, once there are `count` of them."""
        deadline = time.monotonic() + seconds
        while self._read.count(_EVENT) < count and time.monotonic() < deadline:
            self._receive()
        return [part.split(b"\n")[0].decode() for part in self._read.split(_EVENT)[1:]]

    def ends(self) -> bool:
        """Whether the server ends the stream."""
        deadline = time.monotonic() + _SECONDS
        while not self._read.endswith(b"\r\n0\r\n\r\n") and time.monotonic() < deadline:
            self._receive()
        return time.monotonic() < deadline

    def _until(self, mark: bytes) -> None:
        deadline = time.monotonic() + _SECONDS
        while mark not in self._read:
            assert time.monotonic() < deadline, self._read
            self._receive()

    def _receive(self) -> None:
        try:
            self._read += self._socket.recv(65536)
        except TimeoutError:
            return

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def cookies_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.fixture
def ana(transactional_db: None) -> User:
    return User.objects.create_user("ana", password="uma senha longa", is_staff=True)


@pytest.fixture
def conversation(transactional_db: None) -> Conversation:
    return Conversation.objects.create(sender=make_sender(), stranger_hash="x" * 64, created_at=NOW)


def test_every_open_page_is_told_which_conversation_changed(
    web: Web, ana: User, conversation: Conversation
) -> None:
    with Page(web, cookies_of(ana)) as first, Page(web, cookies_of(ana)) as second:
        live.touch(conversation.pk)
        live.touch(conversation.pk)

        assert first.told(2) == second.told(2) == [str(conversation.pk)] * 2


def test_change_that_is_undone_is_not_told(web: Web, ana: User, conversation: Conversation) -> None:
    other = Conversation.objects.create(sender=conversation.sender, stranger_hash="y" * 64, created_at=NOW)
    with Page(web, cookies_of(ana)) as page:
        with transaction.atomic():
            live.touch(conversation.pk)
            transaction.set_rollback(True)
        live.touch(other.pk)

        assert page.told(1) == [str(other.pk)]


def _status(web: Web, cookies: str) -> int:
    found = {name: morsel.value for name, morsel in SimpleCookie(cookies).items()}
    with httpx.Client(cookies=found) as http, http.stream("GET", f"{web.url}/live/") as answer:
        return answer.status_code


class TestStrangers:
    @pytest.mark.parametrize("cookies", ["", "sessionid=", "sessionid=abc", "other=1"])
    def test_anonymous_is_refused(self, web: Web, cookies: str) -> None:
        assert _status(web, cookies) == 403

    def test_who_is_no_staff_is_refused(self, web: Web, ana: User) -> None:
        cookies = cookies_of(ana)
        User.objects.update(is_staff=False)

        assert _status(web, cookies) == 403

    def test_who_was_switched_off_is_refused(self, web: Web, ana: User) -> None:
        cookies = cookies_of(ana)
        User.objects.update(is_active=False)

        assert _status(web, cookies) == 403

    def test_session_from_before_a_new_password_is_refused(self, web: Web, ana: User) -> None:
        cookies = cookies_of(ana)
        ana.set_password("outra senha longa")
        ana.save()

        assert _status(web, cookies) == 403


def test_after_the_database_was_away_pages_open_and_hear_again(
    web: Web, ana: User, conversation: Conversation
) -> None:
    with Page(web, cookies_of(ana)) as before:
        cut_all_connections()
        # A browser opens an ended stream again, and then looks at everything.
        assert before.ends()

    deadline = time.monotonic() + _SECONDS
    told: list[str] = []
    while not told and time.monotonic() < deadline:
        with Page(web, cookies_of(ana)) as page:
            live.touch(conversation.pk)
            told = page.told(1, seconds=0.5)
    assert told == [str(conversation.pk)]
