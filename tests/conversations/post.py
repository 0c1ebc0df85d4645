"""The simulated mail server and SMS provider as tests steer and read them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from pytest_django.fixtures import Settings

from conversations import senders
from conversations.channels.sms import signature
from conversations.intake import journal, processing
from conversations.models import Sender
from members.enums import Channel
from simulators.server import ServerThread
from tests.conversations.world import NOW
from tests.simulators.receiver import Receiver, eventually

ACCOUNT, TOKEN = "AC00000000000000000000000000000000", "demo-sms-token"
MAILBOX = "retornos@academia.example"
FROM = "contato@academia.example"
NUMBER = "+551140000480"
ANA_MAIL, ANA_PHONE = "ana@exemplo.com.br", "+5511987654321"


class Post:
    """Controls over HTTP; `receiver` stands where the product's webhook would be."""

    def __init__(self, server: ServerThread, receiver: Receiver) -> None:
        self._receiver = receiver
        self.url = server.url
        self._http = httpx.Client(base_url=server.url, timeout=20, trust_env=False)
        for system in ("email", "sms"):
            self.tell(system, "reset")
        self._receiver.forget()
        moved = self._http.post("/control/clock", json={"now": NOW.isoformat(), "frozen": True})
        moved.raise_for_status()
        self.ports: dict[str, int] = self.look("email", "ports")

    def tell(self, system: str, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/control/{system}/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def look(self, system: str, path: str, **query: Any) -> Any:
        answer = self._http.get(f"/control/{system}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def breaks(self, system: str, point: str, action: str, times: int = 1, **options: Any) -> None:
        """Something goes wrong there, the next so many times."""
        self.tell(system, "fault", point=point, action=action, times=times, options=options)

    def mails(self, address: str = ANA_MAIL) -> list[dict[str, Any]]:
        return list(self.look("email", "mails", address=address)["mails"])

    def texts(self, phone: str = ANA_PHONE) -> list[str]:
        """What the telephone shows from us."""
        shown = self.look("sms", "messages", phone=phone)["messages"]
        return [message["body"] for message in shown if not message["mine"]]

    def returns(self, raw: bytes) -> None:
        """A letter, byte for byte, in the mailbox for answers."""
        self.tell("email", "raw", content=base64.b64encode(raw).decode())

    def pass_on(self) -> int:
        """Gives the product what the SMS provider has called so far; how many calls that were."""
        eventually(lambda: self.look("sms", "idle")["idle"])
        calls = list(self._receiver.calls)
        self._receiver.calls.clear()
        for path, raw, headers in calls:
            url = urlsplit(path)
            request = journal.store_sms(
                raw=raw,
                url=f"{self._receiver.url}{path}",
                query=url.query,
                signed=headers[signature.HEADER.lower()],
                now=NOW,
            )
            processing.process(request_id=request.pk, now=NOW)
        return len(calls)

    def close(self) -> None:
        self._http.close()


@contextmanager
def post_for(settings: Settings, server: ServerThread, receiver: Receiver) -> Iterator[Post]:
    """Both channels set up as an environment would, pointing at the simulators."""
    post = Post(server, receiver)
    settings.MAIL_HOST = settings.MAIL_POP_HOST = "127.0.0.1"
    settings.MAIL_PORT, settings.MAIL_POP_PORT = post.ports["smtp"], post.ports["pop"]
    settings.MAIL_SECURITY = settings.MAIL_POP_SECURITY = "none"
    settings.MAIL_RETURNS = settings.MAIL_POP_USER = MAILBOX
    settings.MAIL_POP_PASSWORD = "x"
    settings.SMS_API_URL = f"{post.url}/sms"
    settings.SMS_ACCOUNT_SID, settings.SMS_AUTH_TOKEN = ACCOUNT, [TOKEN]
    settings.OUTBOUND_PRIVATE_ALLOWED = [post.url]
    settings.PUBLIC_URL = receiver.url
    senders._sms.cache_clear()
    yield post
    # A test may have taken it away.
    settings.SMS_AUTH_TOKEN = [TOKEN]
    senders._sms(NUMBER).close()
    senders._sms.cache_clear()
    post.close()


def mail_sender() -> Sender:
    return Sender.objects.get_or_create(
        provider_id=FROM, defaults={"channel": Channel.EMAIL, "name": "Academia Exemplo"}
    )[0]


def sms_sender() -> Sender:
    return Sender.objects.get_or_create(
        provider_id=NUMBER, defaults={"channel": Channel.SMS, "name": "Academia Exemplo"}
    )[0]
