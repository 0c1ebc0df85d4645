"""POST /messages: what is checked at once, what is accepted, and what will fail later.

1. Read the envelope and the content; refuse what is malformed (100, 131008, 131009, 132xxx).
2. Find the recipient: `to` (a number, `+` matters), or `recipient` (a business-scoped id).
3. Check references (media ids, orders), the account's standing, and the rate limits.
4. Write the message into the chat and answer 200 with its wamid.
5. Later, by webhook: the statuses, or the failure (window, unknown number, block, media).
"""

from datetime import timedelta
from typing import Any

import httpx

from simulators.context import Context
from simulators.store import Document
from simulators.whatsapp.account import COUNTRY_CODE, Business
from simulators.whatsapp.chats import FROM_BUSINESS, FROM_PERSON, Chats
from simulators.whatsapp.content.interactive import read_interactive
from simulators.whatsapp.content.plain import (
    MEDIA_TYPES,
    read_contacts,
    read_location,
    read_media,
    read_reaction,
    read_text,
)
from simulators.whatsapp.content.shapes import Content
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.fields import Fields
from simulators.whatsapp.identifiers import wamid as new_wamid
from simulators.whatsapp.limits import RateLimiter
from simulators.whatsapp.media import ALLOWED, MediaStore, base_type
from simulators.whatsapp.orders import Orders
from simulators.whatsapp.people import People, Person
from simulators.whatsapp.phones import BUSINESS_SCOPED_ID, NotANumberError, is_brazilian, read_recipient
from simulators.whatsapp.recipients import Recipient
from simulators.whatsapp.statuses import Statuses
from simulators.whatsapp.templates.library import Library
from simulators.whatsapp.templates.parameters import fill_template
from simulators.whatsapp.timers import Timers

_TYPES = ("text", *MEDIA_TYPES, "location", "contacts", "reaction", "interactive", "template")
_ENVELOPE = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
)
TYPING_FOR = timedelta(seconds=25)
_LINK_SECONDS = 10.0
_OK = 200


class Sender:
    """The business's end of every chat."""

    def __init__(
        self,
        context: Context,
        *,
        business: Business,
        people: People,
        chats: Chats,
        media: MediaStore,
        library: Library,
        statuses: Statuses,
        limiter: RateLimiter,
        timers: Timers,
    ) -> None:
        """Work on the given parts of the network."""
        self._context = context
        self._business = business
        self._people = people
        self._chats = chats
        self._media = media
        self._library = library
        self._statuses = statuses
        self._limiter = limiter
        self._timers = timers
        self._orders = Orders(context.store)

    def post(self, body: object, *, version: float) -> dict[str, Any]:
        """Answer one POST /messages. Raises `GraphError`."""
        message = Fields(body, "")
        if message.values.get("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
        if message.has("status"):
            return self._mark_read(message)
        return self._send(message, version)

    def _mark_read(self, message: Fields) -> dict[str, Any]:
        message.only("messaging_product", "status", "message_id", "typing_indicator")
        message.choice("status", ("read",))
        found = self._chats.find(message.text("message_id", max_length=512))
        if found is None or found[1]["from"] != FROM_PERSON:
            raise GraphError(131009, "message_id is not a message this number received.")
        person, target = found
        for earlier in self._chats.of(person):
            if earlier["from"] == FROM_PERSON and earlier["status"] in {"sent", "delivered"}:
                self._chats.change(earlier["wamid"], lambda kept: kept.update(status="read"))
            if earlier["wamid"] == target["wamid"]:
                break
        self._context.bus.publish("chat", {"person": person, "wamid": target["wamid"]})
        if message.has("typing_indicator"):
            message.inner("typing_indicator").choice("type", ("text",))
            self._context.bus.publish("typing", {"person": person, "seconds": TYPING_FOR.total_seconds()})
        return {"success": True}

    def _send(self, message: Fields, version: float) -> dict[str, Any]:
        kind = message.choice("type", _TYPES) if message.has("type") else "text"
        message.values["type"] = kind
        message.only(*_ENVELOPE, kind)
        if message.has("recipient_type"):
            message.choice("recipient_type", ("individual",))
        callback_data = message.optional_text("biz_opaque_callback_data", max_length=512)
        template = self._template(message) if kind == "template" else None
        content = self._content(message, kind, template, version)
        recipient = self._recipient(message)
        if (
            template is not None
            and template["category"] == "AUTHENTICATION"
            and recipient.addressed_by == "bsuid"
        ):
            raise GraphError(131062)
        self._check_media(content)
        if self._business.standing.restricted:
            raise GraphError(368)
        self._limiter.count(recipient.key)
        kept = self._keep(message, content, recipient, template, callback_data, version)
        self._timers.later(0, lambda: self._go(recipient, kept))
        answer: dict[str, Any] = {"id": kept["wamid"]}
        if template is not None:
            answer["message_status"] = "accepted"
        return {
            "messaging_product": "whatsapp",
            "contacts": [recipient.contact()],
            "messages": [answer],
        }

    def _template(self, message: Fields) -> Document:
        fields = message.inner("template")
        name = fields.text("name", max_length=512)
        language = fields.inner("language").text("code", max_length=20)
        template = self._library.find(name, language)
        if template is not None and template["status"] == "PAUSED":
            raise GraphError(132015)
        if template is not None and template["status"] == "DISABLED":
            raise GraphError(132016)
        if template is None or template["status"] != "APPROVED":
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        return template

    def _content(self, message: Fields, kind: str, template: Document | None, version: float) -> Content:
        now = self._context.clock.now()
        if template is not None:
            return fill_template(template, message.inner("template"), version=version, now=now)
        if kind == "interactive":
            return read_interactive(message, now=now)
        readers = {
            "text": read_text,
            "location": read_location,
            "contacts": read_contacts,
            "reaction": read_reaction,
        }
        return readers.get(kind, read_media)(message)

    def _recipient(self, message: Fields) -> Recipient:
        to = message.optional_text("to", max_length=140)
        if not to:
            bsuid = message.text("recipient", max_length=140)
            if not BUSINESS_SCOPED_ID.match(bsuid):
                raise GraphError(131009, "Param recipient is not a valid business-scoped user id.")
            return Recipient(input=bsuid, person=self._people.find_by_bsuid(bsuid), addressed_by="bsuid")
        if BUSINESS_SCOPED_ID.match(to):
            # The real network takes this, answers 200 and delivers to nobody.
            return Recipient(input=to, person=None, addressed_by="nobody")
        try:
            number = read_recipient(to, own_country=COUNTRY_CODE)
        except NotANumberError:
            raise GraphError(131009, "Param to is not a valid phone number.") from None
        if number == self._business.number:
            raise GraphError(131021)
        person = self._people.find(number)
        if person is None and self._business.standing.unknown_numbers == "join":
            person = self._people.add(phone=number)
        return Recipient(input=to, person=person, addressed_by="phone", number=number)

    def _check_media(self, content: Content) -> None:
        if content.media is None or not content.media.id:
            return
        known = self._media.get(content.media.id)
        if known is None:
            raise GraphError(
                100,
                f"Param {content.media.kind}['id'] is not a valid whatsapp business account media"
                " attachment ID",
            )
        content.media.mime_type = known["mime_type"]

    def _keep(
        self,
        message: Fields,
        content: Content,
        recipient: Recipient,
        template: Document | None,
        callback_data: str,
        version: float,
    ) -> Document:
        now = self._context.clock.now()
        identifier = new_wamid(recipient.number or recipient.key, inbound=False)
        if content.order is not None:
            self._orders.place(content.order, person=recipient.key, wamid=identifier)
        if content.order_status is not None:
            content.order_status |= {"now": self._orders.change(content.order_status)}
        context = message.values.get("context") or {}
        kept: Document = {
            "wamid": identifier,
            "from": FROM_BUSINESS,
            "person": recipient.key,
            "recipient": recipient.number,
            "addressed_by": recipient.addressed_by,
            "at": now.isoformat(),
            "content": content.document(),
            "quote": str(context.get("message_id", "")) if isinstance(context, dict) else "",
            "status": "accepted",
            "statuses": [],
            "shown": False,
            "category": "service" if template is None else str(template["category"]).lower(),
            "template": None
            if template is None
            else {"name": template["name"], "language": template["language"]},
            "callback_data": callback_data,
            "version": version,
            "payload": message.values,
        }
        self._chats.add(recipient.key, kept)
        person = recipient.person
        if person is not None and recipient.addressed_by == "phone":
            person.in_contact_book = True
            person.phone_used_at = now.isoformat()
            self._people.save(person)
        return kept

    async def _go(self, recipient: Recipient, kept: Document) -> None:
        """Decide whether it will fail, then let it travel."""
        if recipient.addressed_by == "nobody":
            return
        failure = self._failure(recipient, kept)
        if failure is None and not await self._fetch_link(kept):
            failure = 131053
        self._statuses.begin(recipient.person, kept["wamid"], failure=failure)

    def _failure(self, recipient: Recipient, kept: Document) -> int | None:
        person: Person | None = recipient.person
        fault = self._context.faults.take(
            "whatsapp", "delivery", phone=recipient.key, type=kept["content"]["type"]
        )
        if fault is not None:
            return int(fault.options.get("code", 131000))
        if person is None or person.blocked == "undeliverable":
            return 131026
        if person.blocked_by_business:
            return 130403
        if kept["template"] is None and not person.window_open(self._context.clock.now()):
            return 131047
        if kept["template"] is not None and not self._business.standing.payment_method:
            return 131042
        if kept["category"] == "marketing" and person.marketing_stopped:
            return 131050
        pays = kept["content"].get("order") or any(
            button["kind"] in {"pix", "boleto", "link"} for button in kept["content"].get("buttons", [])
        )
        if pays and not is_brazilian(person.phone):
            return 2040
        return None if self._media_fits(kept["content"].get("media")) else 131053

    def _media_fits(self, media: dict[str, Any] | None) -> bool:
        if media is None or not media["id"]:
            return True
        known = self._media.get(media["id"])
        limit, types = ALLOWED[media["kind"]]
        if known is None or known["size"] > limit:
            return False
        # Uploads take audio/opus, sends do not: Ogg has to be uploaded as audio/ogg.
        return base_type(known["mime_type"]) in types and known["mime_type"] != "audio/opus"

    async def _fetch_link(self, kept: Document) -> bool:
        """Fetch media given by link, without following redirects; return whether it could be used."""
        media = kept["content"].get("media")
        if media is None or not media["link"]:
            return True
        try:
            answer = await self._context.http.get(
                media["link"], timeout=_LINK_SECONDS, follow_redirects=False
            )
        except httpx.HTTPError:
            return False
        mime_type = base_type(answer.headers.get("content-type", ""))
        limit, types = ALLOWED[media["kind"]]
        if answer.status_code != _OK or mime_type not in types or len(answer.content) > limit:
            return False
        media["id"] = self._media.upload(answer.content, mime_type, media["filename"])
        self._chats.change(kept["wamid"], lambda message: message["content"].update(media=media))
        return True
