"""What becomes of an accepted message: the way to the person's phone and the statuses told about it.

The person's script bends the normal way (`people.SCRIPTS`):

- `normal`: sent, delivered when the phone is online, read when the chat is seen (or after `auto_read` s);
- `failed`: only a failed status with `code`; `failed_after_delivered`: a failed one behind delivered;
- `dropped`: accepted and never heard of again; `no_status`: shown but never reported;
- `read_without_delivered`; `out_of_order`: delivered before sent; `duplicates`: each status twice.
"""

from datetime import datetime
from typing import Any

from simulators.context import Context
from simulators.store import Document
from simulators.whatsapp.account import Business
from simulators.whatsapp.chats import Chats
from simulators.whatsapp.errors import status_error
from simulators.whatsapp.people import People, Person
from simulators.whatsapp.postman import Postman
from simulators.whatsapp.pricing import NO_CONVERSATION_SINCE, Meter
from simulators.whatsapp.timers import Timers
from simulators.whatsapp.updates import Update

DELIVERY_SECONDS = 0.2
_RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 9}


class Statuses:
    """Moves outbound messages along and reports it."""

    def __init__(
        self,
        context: Context,
        *,
        business: Business,
        people: People,
        chats: Chats,
        postman: Postman,
        timers: Timers,
    ) -> None:
        """Work on the given parts of the network."""
        self._clock = context.clock
        self._bus = context.bus
        self._business = business
        self._people = people
        self._chats = chats
        self._postman = postman
        self._timers = timers
        self._meter = Meter(context.store)

    def begin(self, person: Person | None, wamid: str, *, failure: int | None = None) -> None:
        """Take an accepted message on its way; with `failure`, to that error instead of to the phone."""
        self._timers.later(0, lambda: self._travel(person, wamid, failure))

    async def _travel(self, person: Person | None, wamid: str, failure: int | None) -> None:
        script = {"name": "normal"} if person is None else person.script
        if failure is not None:
            self.fail(wamid, failure)
            return
        name = script["name"]
        if person is None or name == "dropped":
            return
        if name == "failed":
            self.fail(wamid, int(script.get("code", 131026)), str(script.get("details", "")))
            return
        if name != "out_of_order":
            self.tell(wamid, "sent")
        if person.blocked == "silent":
            return
        if person.online:
            self._timers.later(
                float(script.get("seconds", DELIVERY_SECONDS)), lambda: self._arrive(person, wamid)
            )

    async def _arrive(self, person: Person, wamid: str) -> None:
        """Show the message on the phone and report it as the script says."""
        found = self._chats.find(wamid)
        if found is None or found[1]["shown"]:
            return
        self._show(person, wamid)
        name = person.script["name"]
        if name == "read_without_delivered":
            self._chats.change(wamid, lambda message: message.update(status="delivered"))
        else:
            self.tell(wamid, "delivered")
        if name == "out_of_order":
            self.tell(wamid, "sent")
        if name == "failed_after_delivered":
            self.fail(wamid, int(person.script.get("code", 131026)))
        if "auto_read" in person.script:
            self._timers.later(float(person.script["auto_read"]), lambda: self._read_later(person))

    async def _read_later(self, person: Person) -> None:
        self.look_at_chat(person)

    def _show(self, person: Person, wamid: str) -> None:
        message = self._chats.change(wamid, lambda kept: kept.update(shown=True))
        if message is None:
            return
        if message["content"].get("reaction"):
            self._react(message["content"]["reaction"])
        else:
            person.unread += 1
            person.preview = preview(message)
            person.active_at = message["at"]
            self._people.save(person)
        self._bus.publish("chat", {"person": person.phone, "wamid": wamid, "by": "business"})

    def _react(self, reaction: dict[str, str]) -> None:
        def change(message: Document) -> None:
            message["business_reaction"] = reaction["emoji"]

        self._chats.change(reaction["message_id"], change)

    def come_online(self, person: Person) -> None:
        """Deliver what waited while the phone was off."""
        for message in self._chats.of(person.phone):
            waiting = message["from"] == "business" and not message["shown"]
            if waiting and message["status"] in {"accepted", "sent"} and person.script["name"] != "dropped":
                wamid = message["wamid"]
                self._timers.later(DELIVERY_SECONDS, lambda wamid=wamid: self._arrive(person, wamid))  # type: ignore[misc]

    def look_at_chat(self, person: Person) -> int:
        """The person sees the chat: everything shown becomes read. Return how many messages that was."""
        seen = [
            message["wamid"]
            for message in self._chats.of(person.phone)
            if message["from"] == "business" and message["shown"] and not message.get("seen")
        ]
        for wamid in seen:
            self._chats.change(wamid, lambda message: message.update(seen=True))
            if person.read_receipts:
                self.tell(wamid, "read")
        if seen or person.unread:
            person.unread = 0
            self._people.save(person)
            self._bus.publish("people", None)
        return len(seen)

    def play(self, wamid: str) -> bool:
        """The person listens to a voice message of the business; told once. Return whether it was news."""
        found = self._chats.find(wamid)
        if found is None or not found[1]["shown"] or found[1].get("played"):
            return False
        if not (found[1]["content"].get("media") or {}).get("voice"):
            return False
        self._chats.change(wamid, lambda message: message.update(played=True))
        person = self._people.get(found[0])
        if person is not None and person.read_receipts:
            self.tell(wamid, "played")
        return True

    def tell(self, wamid: str, status: str) -> None:
        """Record a status and report it, unless the person's script keeps it silent."""
        found = self._chats.find(wamid)
        if found is None:
            return
        phone, message = found
        person = self._people.get(phone)
        if message["status"] == "failed" or message.get("placed") or person is None:
            return
        now = self._clock.now()
        if _RANK[status] > _RANK[message["status"]]:
            message["status"] = status
        message["statuses"].append({"status": status, "at": now.isoformat()})
        pricing = self._pricing(message, status, now)
        self._chats.change(wamid, lambda kept: kept.update(message))
        self._bus.publish("chat", {"person": phone, "wamid": wamid})
        name = person.script["name"]
        if name == "no_status":
            return
        for _ in range(2 if name == "duplicates" else 1):
            self._report(person, message, status, now, pricing)

    def fail(self, wamid: str, code: int, details: str = "") -> None:
        """Report that the message failed; on the phone it never appears."""
        found = self._chats.find(wamid)
        if found is None:
            return
        phone, message = found
        now = self._clock.now()
        error = status_error(code, details)
        message["status"] = "failed"
        message["error"] = {"code": code, "title": error["title"]}
        message["statuses"].append({"status": "failed", "at": now.isoformat(), "code": code})
        self._chats.change(wamid, lambda kept: kept.update(message))
        self._bus.publish("chat", {"person": phone, "wamid": wamid})
        self._report(self._people.get(phone), message, "failed", now, {"errors": [error]})

    def _pricing(self, message: Document, status: str, now: datetime) -> dict[str, Any]:
        """Return `pricing` for the sent status and for the first of delivered and read, else nothing."""
        told = [entry["status"] for entry in message["statuses"]]
        if status != "sent" and told.count("delivered") + told.count("read") != 1:
            return {}
        if "pricing" not in message:
            message["pricing"] = self._meter.price(message["category"], now)
        extra: dict[str, Any] = {"pricing": message["pricing"]}
        if message["version"] < NO_CONVERSATION_SINCE:
            extra["conversation"] = {
                "id": message["wamid"][-32:],
                "expiration_timestamp": str(int(now.timestamp()) + 86400),
                "origin": {"type": message["category"]},
            }
        return extra

    def _report(
        self, person: Person | None, message: Document, status: str, now: datetime, extra: dict[str, Any]
    ) -> None:
        visible = person is None or person.shows_phone(now) or message["addressed_by"] == "phone"
        moment = int(now.timestamp())
        report: dict[str, Any] = {"id": message["wamid"], "status": status, "timestamp": str(moment)}
        if visible:
            report["recipient_id"] = message["recipient"] if person is None else person.wa_id
        if person is not None and (status != "failed" or message["addressed_by"] == "bsuid"):
            report["recipient_user_id"] = person.bsuid
        if message["callback_data"]:
            report["biz_opaque_callback_data"] = message["callback_data"]
        report |= extra
        value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": self._business.metadata()}
        if person is not None and status != "failed":
            value["contacts"] = [contact_of(person, visible=visible)]
        value["statuses"] = [report]
        update = Update(
            field="messages",
            value=value,
            kind="status",
            person=message["person"],
            wamid=message["wamid"],
            status=status,
            moment=moment,
        )
        self._postman.post([update])

    def resume(self) -> None:
        """After a restart, take up what was under way."""
        for person in self._people:
            if person.online:
                self.come_online(person)


def contact_of(person: Person, *, visible: bool) -> dict[str, Any]:
    """Return the webhook's `contacts` element; without `wa_id` when the phone is hidden."""
    profile = {"name": person.name}
    if person.username:
        profile["username"] = person.username
    contact: dict[str, Any] = {"profile": profile}
    if visible:
        contact["wa_id"] = person.wa_id
    contact["user_id"] = person.bsuid
    return contact


_WORDS = {
    "image": "Foto",
    "video": "Vídeo",
    "document": "Documento",
    "audio": "Áudio",
    "sticker": "Figurinha",
    "location": "Localização",
    "contacts": "Contato",
}


def preview(message: Document) -> str:
    """Return one line about a message for the list of chats."""
    content = message["content"]
    text = content.get("text") or content.get("header") or ""
    return str(text or _WORDS.get(content["type"], "Mensagem")).replace("\n", " ")[:120]
