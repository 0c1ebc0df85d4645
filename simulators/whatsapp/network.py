"""The whole simulated WhatsApp, put together; what routes, controls and the phone page work with."""

from typing import Any

from simulators.context import Context
from simulators.whatsapp.account import Business
from simulators.whatsapp.chats import Chats
from simulators.whatsapp.inbound import Inbox
from simulators.whatsapp.limits import RateLimiter
from simulators.whatsapp.media import MediaStore
from simulators.whatsapp.people import People, Person
from simulators.whatsapp.phones import NotANumberError, canonical
from simulators.whatsapp.postman import Postman
from simulators.whatsapp.sending import Sender
from simulators.whatsapp.speech import Speech
from simulators.whatsapp.statuses import Statuses
from simulators.whatsapp.templates.library import Library
from simulators.whatsapp.templates.review import Reviewer
from simulators.whatsapp.timers import Timers
from simulators.whatsapp.updates import Update

# What a reset of the chats alone leaves as it is.
_KEPT_WITH_CHATS = ("whatsapp.templates", "whatsapp.template_names", "whatsapp.verdicts", "whatsapp.settings")
_TICK_SECONDS = 0.5


class UnknownPersonError(LookupError):
    """Nobody has this number."""


class WhatsApp:
    """One business, its number, and everybody it can write to."""

    def __init__(self, context: Context) -> None:
        """Build all parts on the store of `context`."""
        self.context = context
        self.timers = Timers()
        self.business = Business(context.settings.whatsapp, context.store)
        self.people = People(context.store)
        self.chats = Chats(context.store)
        self.media = MediaStore(context)
        self.library = Library(context.store, context.clock)
        self.limiter = RateLimiter(context.store)
        self.journal = context.journal("whatsapp")
        self.postman = Postman(context, self.business, self.timers)
        self.statuses = Statuses(
            context,
            business=self.business,
            people=self.people,
            chats=self.chats,
            postman=self.postman,
            timers=self.timers,
        )
        self.reviewer = Reviewer(
            context.store,
            context.clock,
            library=self.library,
            business=self.business,
            postman=self.postman,
            timers=self.timers,
        )
        self.sender = Sender(
            context,
            business=self.business,
            people=self.people,
            chats=self.chats,
            media=self.media,
            library=self.library,
            statuses=self.statuses,
            limiter=self.limiter,
            timers=self.timers,
        )
        self.speech = Speech(chats=self.chats, media=self.media)
        self.inbox = Inbox(
            context, business=self.business, people=self.people, chats=self.chats, postman=self.postman
        )
        self.postman.on_acknowledged = self.inbox.acknowledged
        self.postman.on_given_up = self.inbox.given_up
        self._ticker = Timers()

    async def start(self) -> None:
        """Take up what a stop interrupted."""
        self.postman.resume()
        self.statuses.resume()
        self.reviewer.resume()
        self._ticker.later(_TICK_SECONDS, self._tick)

    async def stop(self) -> None:
        """Let go of everything under way; the store remembers what is not finished."""
        await self._ticker.cancel()
        await self.timers.cancel()

    async def _tick(self) -> None:
        self.reviewer.end_pauses()
        self._ticker.later(_TICK_SECONDS, self._tick)

    def person(self, phone: str) -> Person:
        """Return the person with this number, however written.

        Raises `UnknownPersonError`, `NotANumberError`.
        """
        found = self.people.find(canonical(phone))
        if found is None:
            raise UnknownPersonError(phone)
        return found

    def join(self, phone: str, name: str = "") -> Person:
        """Return the person with this number, who joins the network if need be."""
        try:
            return self.person(phone)
        except UnknownPersonError:
            return self.people.add(phone=canonical(phone), name=name)

    def change_person(self, person: Person, **facts: Any) -> None:
        """Change facts about a person; coming online delivers what waited in both directions."""
        came_online = facts.get("online") is True and not person.online
        for name, value in facts.items():
            setattr(person, name, value)
        self.people.save(person)
        if came_online:
            self.statuses.come_online(person)
            self.inbox.come_online(person)
        self.context.bus.publish("people", {"person": person.phone})

    def tell(self, field: str, value: dict[str, Any], person: str = "") -> None:
        """Send any webhook field with any value, for account news."""
        moment = int(self.context.clock.now().timestamp())
        self.postman.post([Update(field=field, value=value, kind="account", person=person, moment=moment)])

    def idle(self) -> bool:
        """Return whether nothing is on its way; waiting for a later retry does not count."""
        return self.postman.unfinished == 0 and self.timers.pending <= self.postman.sleeping

    async def reset(self, *, keep_account: bool = False) -> None:
        """Forget people and chats; templates, number and settings too unless `keep_account`."""
        await self.timers.cancel()
        self.postman.forget()
        store = self.context.store
        if keep_account:
            with store.transaction():
                for name in store.names("whatsapp."):
                    if not name.startswith(_KEPT_WITH_CHATS):
                        store.clear(name)
        else:
            store.clear("whatsapp.")
            self.business.reset()
        self.media.forget()
        self.context.faults.clear("whatsapp")
        self.people.reload()
        self.postman.reload()
        self.limiter.reload()
        self.context.bus.publish("people", None)


__all__ = ["NotANumberError", "UnknownPersonError", "WhatsApp"]
