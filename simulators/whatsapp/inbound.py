"""What people do in their chats, and the webhooks that tell the business."""

from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.context import Context
from simulators.store import Document
from simulators.whatsapp.account import Business
from simulators.whatsapp.chats import FROM_PERSON, Chats
from simulators.whatsapp.identifiers import wamid as new_wamid
from simulators.whatsapp.people import People, Person
from simulators.whatsapp.postman import Postman
from simulators.whatsapp.speech import NotPossibleError, Said, raw
from simulators.whatsapp.statuses import contact_of, preview
from simulators.whatsapp.updates import Update


class Inbox:
    """The people's end of every chat."""

    def __init__(
        self,
        context: Context,
        *,
        business: Business,
        people: People,
        chats: Chats,
        postman: Postman,
    ) -> None:
        """Work on the given parts of the network."""
        self._context = context
        self._business = business
        self._people = people
        self._chats = chats
        self._postman = postman

    def say(
        self, person: Person, messages: list[Said], *, at: datetime | None = None, batch: str = ""
    ) -> list[str]:
        """Let the person say these things, one business second apart; return their wamids.

        `batch` puts them into one webhook (`messages`, `changes` or `entries`). While the phone is offline
        they wait.
        Raises `NotPossibleError` for a person who blocked the business.
        """
        if person.blocked:
            raise NotPossibleError("Você bloqueou esta empresa.")
        first = (at or self._context.clock.now()).astimezone(UTC)
        kept = [
            self._keep(person, said, first + timedelta(seconds=number))
            for number, said in enumerate(messages)
        ]
        if person.online:
            self._tell(person, kept, batch)
        return [message["wamid"] for message in kept]

    def _keep(self, person: Person, said: Said, at: datetime) -> Document:
        message: Document = {
            "wamid": new_wamid(person.wa_id, inbound=True),
            "from": FROM_PERSON,
            "person": person.phone,
            "at": at.isoformat(),
            "content": said.content,
            "quote": said.context,
            "status": "pending",
            "shown": True,
            "webhook": {"type": said.type} | said.body | said.extra,
        }
        self._chats.add(person.phone, message)
        if said.reaction_to:
            emoji = said.content["reaction"]["emoji"]
            self._chats.change(said.reaction_to, lambda target: target.update(person_reaction=emoji))
        else:
            person.preview, person.active_at = preview(message), message["at"]
        self._people.save(person)
        self._context.bus.publish("chat", {"person": person.phone, "wamid": message["wamid"]})
        return message

    def _tell(self, person: Person, messages: list[Document], batch: str = "") -> None:
        for message in messages:
            self._chats.change(message["wamid"], lambda kept: kept.update(status="sent"))
            # A number the business blocked is heard by nobody.
            if not person.blocked_by_business and message["at"] > person.last_inbound_at:
                person.last_inbound_at = message["at"]
        if person.shows_phone(self._context.clock.now()):
            person.phone_used_at = self._context.clock.now().isoformat()
        self._people.save(person)
        if person.blocked_by_business:
            return
        updates = [self._update(person, message) for message in messages]
        if batch:
            self._postman.post(updates, style=batch)
        else:
            for update in updates:
                self._postman.post([update])

    def _update(self, person: Person, message: Document) -> Update:
        visible = person.shows_phone(self._context.clock.now())
        moment = int(datetime.fromisoformat(message["at"]).timestamp())
        told: dict[str, Any] = {"from": person.wa_id} if visible else {}
        told |= {"from_user_id": person.bsuid, "id": message["wamid"], "timestamp": str(moment)}
        if message["quote"]:
            told["context"] = {"from": self._business.number, "id": message["quote"]}
        told |= message["webhook"]
        value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": self._business.metadata()}
        if told["type"] != "system":
            value["contacts"] = [contact_of(person, visible=visible)]
        value["messages"] = [told]
        return Update(
            field="messages",
            value=value,
            kind="message",
            person=person.phone,
            wamid=message["wamid"],
            moment=moment,
        )

    def come_online(self, person: Person) -> None:
        """Send what the person wrote while offline."""
        waiting = [
            message
            for message in self._chats.of(person.phone)
            if message["from"] == FROM_PERSON and message["status"] == "pending"
        ]
        self._tell(person, waiting)

    def acknowledged(self, update: Update) -> None:
        """The product took the webhook: two ticks."""
        self._mark(update, "delivered", {"sent", "failed"})

    def given_up(self, update: Update) -> None:
        """The product never took it: the message failed."""
        self._mark(update, "failed", {"sent"})

    def _mark(self, update: Update, status: str, before: set[str]) -> None:
        if update.kind != "message":
            return

        def change(message: Document) -> None:
            if message["status"] in before:
                message["status"] = status

        self._chats.change(update.wamid, change)
        self._context.bus.publish("chat", {"person": update.person, "wamid": update.wamid})

    def change_number(self, person: Person, phone: str) -> list[str]:
        """Move the person to another number: system messages and the renewed business-scoped id are told."""
        old_number, old_phone = person.wa_id, person.phone
        old_bsuid = self._people.change_number(person, phone)
        self._chats.move(old_phone, person.phone)
        body = f"O número {person.name} mudou de {old_number} para {person.wa_id}"
        told = {"type": "user_changed_number", "body": body, "wa_id": person.wa_id}
        renewed = {"type": "user_changed_user_id", "body": body, "user_id": person.bsuid}
        wamids = []
        for system in (told, renewed):
            said = raw("system", {"system": system}, text=body)
            message = self._keep(person, said, self._context.clock.now())
            update = self._update(person, message)
            update.value["messages"][0]["from"] = old_number
            self._chats.change(message["wamid"], lambda kept: kept.update(status="sent"))
            self._postman.post([update])
            wamids.append(message["wamid"])
        moment = int(self._context.clock.now().timestamp())
        item = {
            "wa_id": person.wa_id,
            "detail": "The user changed their phone number.",
            "user_id": {"previous": old_bsuid, "current": person.bsuid},
            "timestamp": moment,
        }
        self._notice(person, "user_id_update", "user_id_update", item, moment)
        return wamids

    def set_marketing(self, person: Person, *, stopped: bool) -> None:
        """Stop or resume marketing messages; told as `user_preferences`."""
        person.marketing_stopped = stopped
        self._people.save(person)
        moment = int(self._context.clock.now().timestamp())
        item: dict[str, Any] = {"wa_id": person.wa_id, "user_id": person.bsuid}
        if not person.shows_phone(self._context.clock.now()):
            del item["wa_id"]
        item |= {
            "detail": f"User requested to {'stop' if stopped else 'resume'} marketing messages",
            "category": "marketing_messages",
            "value": "stop" if stopped else "resume",
            "timestamp": moment,
        }
        self._notice(person, "user_preferences", "user_preferences", item, moment)

    def _notice(self, person: Person, name: str, key: str, item: dict[str, Any], moment: int) -> None:
        value = {
            "messaging_product": "whatsapp",
            "metadata": self._business.metadata(),
            "contacts": [contact_of(person, visible=person.shows_phone(self._context.clock.now()))],
            key: [item],
        }
        update = Update(field=name, value=value, kind="account", person=person.phone, moment=moment)
        self._postman.post([update])
