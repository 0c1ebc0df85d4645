"""SMS against a provider over HTTP: what arrives, and what each failure means for whoever sent it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from commons import http
from conversations.channels.base import Content, Destination, Mail, Text
from conversations.channels.errors import ChannelError, ContactAction, ContentError, Remedy
from conversations.channels.sms.client import SmsClient
from tests.conversations.post import ACCOUNT, ANA_PHONE, NUMBER, TOKEN, Post
from tests.simulators.receiver import eventually

pytestmark = pytest.mark.django_db

ANA = Destination(phone_e164=ANA_PHONE)


@contextmanager
def client(post: Post, **changes: Any) -> Iterator[SmsClient]:
    given: dict[str, Any] = {
        "base_url": f"{post.url}/sms",
        "account": ACCOUNT,
        "token": TOKEN,
        "sender": NUMBER,
        "status_url": "http://127.0.0.1:1/webhooks/sms/status/",
    }
    with SmsClient(**(given | changes)) as made:
        yield made


def failed(post: Post, **changes: Any) -> ChannelError:
    with client(post, **changes) as sms, pytest.raises(ChannelError) as caught:
        sms.send(ANA, Text("Oi, Ana."), correlation="outbox:7")
    return caught.value


def test_message_arrives_under_the_id_that_was_answered(post: Post):
    with client(post) as sms:
        result = sms.send(ANA, Text("Oi, Ana. Tudo bem? ção"))

    assert (post.texts(), result.message_id[:2]) == (["Oi, Ana. Tudo bem? ção"], "SM")


@pytest.mark.parametrize(
    ("destination", "content"),
    [
        (Destination(email="ana@exemplo.com.br"), Text("Oi")),
        (ANA, Text("  ")),
        (ANA, Mail(subject="Oi", body="Oi")),
        (ANA, Text("a" * 1601)),
        (ANA, Text("ã" * 671)),
    ],
)
def test_what_no_sms_carries_leaves_nothing(post: Post, destination: Destination, content: Content):
    with client(post) as sms, pytest.raises(ContentError):
        sms.send(destination, content)

    assert post.look("sms", "journal", kind="message")["entries"] == []


@pytest.mark.parametrize(
    ("code", "remedy", "action", "permanent"),
    [
        (21211, Remedy.CONTACT, ContactAction.OTHER_CHANNEL, True),
        (21614, Remedy.CONTACT, ContactAction.OTHER_CHANNEL, True),
        (21610, Remedy.CONTACT, ContactAction.OPT_OUT, True),
        (21606, Remedy.PAUSE_SENDER, ContactAction.NONE, True),
        (20429, Remedy.RETRY, ContactAction.NONE, False),
        (99999, Remedy.NEVER, ContactAction.NONE, True),
    ],
)
def test_code_of_the_provider_means(
    post: Post, code: int, remedy: Remedy, action: ContactAction, permanent: bool
):
    post.breaks("sms", "send", "fail", code=code)

    error = failed(post)

    assert (error.code, error.remedy, error.contact_action, error.permanent, error.ambiguous) == (
        str(code),
        remedy,
        action,
        permanent,
        False,
    )


def test_wrong_token_stops_the_account(post: Post):
    error = failed(post, token="outro")

    assert (error.code, error.remedy) == ("20003", Remedy.PAUSE_ACCOUNT)


def test_gateway_in_between_leaves_doubt(post: Post):
    post.breaks("sms", "send", "gateway")

    assert failed(post).ambiguous


def test_answer_that_never_came_is_doubt_and_the_message_may_be_there(post: Post):
    post.breaks("sms", "send", "timeout_after", seconds=1)
    impatient = http.client()
    impatient.timeout = httpx.Timeout(0.3)

    error = failed(post, connection=impatient)

    assert (error.ambiguous, eventually(post.texts)) == (True, ["Oi, Ana."])


def test_nobody_listening_is_tried_again(post: Post, settings: Any):
    settings.OUTBOUND_PRIVATE_ALLOWED = ["http://127.0.0.1:1"]

    error = failed(post, base_url="http://127.0.0.1:1")

    assert (error.remedy, error.ambiguous) == (Remedy.RETRY, False)
