"""Messages on their way: to telephones, and back as statuses and answers that are signed."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from simulators.context import Context
from simulators.faults import Fault

SYSTEM = "sms"
_MESSAGE = "sms.message"
_CHAT = "sms.chat."
# How often a call to the product is tried, and the seconds between.
_TRIES = 4
_WAIT = 0.3


def digits(phone: str) -> str:
    """Return a number without anything but its digits."""
    return "".join(filter(str.isdigit, phone))


class Carrier:
    """The provider's account and everybody's SMS inbox."""

    def __init__(self, context: Context) -> None:
        """Read the account from the environment, with defaults for the local demo."""
        self.context = context
        read = context.settings.read
        self.account = read("SMS_ACCOUNT_SID") or "AC00000000000000000000000000000000"
        self.token = read("SMS_AUTH_TOKEN") or "demo-sms-token"
        self._store = context.store
        self._journal = context.journal(SYSTEM)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._tasks

    def fault(self, point: str, *, phone: str) -> Fault | None:
        """Return what is planned to go wrong there for that number."""
        return self.context.faults.take(SYSTEM, point, phone=phone)

    def take(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Accept a message and let it travel; the answer of the API."""
        message: dict[str, Any] = {
            "sid": f"SM{uuid4().hex}",
            "to": form["To"],
            "from": form.get("From", ""),
            "service": form.get("MessagingServiceSid", ""),
            "body": form["Body"],
            "at": self.context.clock.now().isoformat(),
            "status": "queued",
            "mine": False,
        }
        self._store.put(_MESSAGE, message["sid"], message)
        self._journal.write(direction="in", kind="message", person=form["To"], sid=message["sid"])
        self._spawn(self._travel(message, form.get("StatusCallback", "")))
        return message

    def chat(self, phone: str) -> list[dict[str, Any]]:
        """Return what a telephone shows, oldest first."""
        return self._store.all(_CHAT + digits(phone))

    def numbers(self) -> list[str]:
        """Return the digits of every telephone that ever got a message."""
        return [name.removeprefix(_CHAT) for name in self._store.names(_CHAT)]

    def say(self, *, phone: str, to: str, text: str) -> str:
        """Let somebody write to the business; the message's id."""
        message: dict[str, Any] = {
            "sid": f"SM{uuid4().hex}",
            "to": to,
            "from": f"+{digits(phone)}",
            "body": text,
            "at": self.context.clock.now().isoformat(),
            "status": "received",
            "mine": True,
        }
        self._store.put(_CHAT + digits(phone), message["sid"], message)
        self.context.bus.publish("post", None)
        call = {
            "MessageSid": message["sid"],
            "SmsSid": message["sid"],
            "AccountSid": self.account,
            "From": message["from"],
            "To": to,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
        }
        self._spawn(self._tell(f"{self.context.settings.public_url}/webhooks/sms/", call))
        return str(message["sid"])

    def reset(self) -> None:
        """Forget every message and every fault."""
        self._store.clear("sms.")
        self.context.faults.clear(SYSTEM)

    async def stop(self) -> None:
        """End what is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _travel(self, message: dict[str, Any], callback: str) -> None:
        fault = self.fault("delivery", phone=message["to"])
        action = "" if fault is None else fault.action
        if action != "fail":
            self._store.put(_CHAT + digits(message["to"]), message["sid"], message)
            self.context.bus.publish("post", None)
        await self._report(message, "sent", callback)
        if fault is not None and action == "fail":
            code = str(fault.options.get("code", 30003))
            await self._report(message, "undelivered", callback, code=code)
        elif action != "silent":
            await self._report(message, "delivered", callback)

    async def _report(self, message: dict[str, Any], status: str, callback: str, *, code: str = "") -> None:
        message["status"] = status
        self._store.put(_MESSAGE, message["sid"], message)
        if not callback:
            return
        call = {
            "MessageSid": message["sid"],
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": self.account,
            "To": message["to"],
            "From": message["from"],
        }
        call |= {"MessagingServiceSid": message["service"]} if message["service"] else {}
        call |= {"ErrorCode": code} if code else {}
        await self._tell(callback, call)

    async def _tell(self, url: str, call: dict[str, str]) -> None:
        """Call the product, signed; a few times, then never again."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(url, call, self.token),
        }
        status = 0
        for _ in range(_TRIES):
            try:
                answer = await self.context.http.post(url, content=urlencode(call), headers=headers)
                status = answer.status_code
            except httpx.HTTPError:
                status = 0
            if status and status < 500:
                break
            await asyncio.sleep(_WAIT)
        self._journal.write(direction="out", kind="webhook", url=url, form=call, status=status)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """Return the header by which the product knows who calls."""
    listed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), listed.encode(), hashlib.sha1).digest()).decode()
