"""The synthetic members at work: they look at their chats, answer, and pay when their time has come.

1. Whenever the clock is pushed, and about once a second, everybody whose phone changed takes in what arrived.
2. What became due by the business clock is done, the earliest first, at a bounded pace.
3. A push is answered when all of that is done and the product has been told, or after `PUSH_SECONDS`.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from simulators.context import Context
from simulators.members.answers import take_in
from simulators.members.census import Census
from simulators.members.hearing import hear
from simulators.members.mind import Invoice, Mind
from simulators.members.pace import Pace
from simulators.members.wallet import BankAway, BankRefused, Wallet
from simulators.pix.calendar import day_of
from simulators.store import Document
from simulators.whatsapp.chats import FROM_BUSINESS, FROM_PERSON
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.speech import NotPossibleError, Said

PUSH_SECONDS = 5.0
LOOP_SECONDS = 1.0
# Somebody on the phone page played this person within the last business hour: the chat is theirs.
HANDS_OFF = timedelta(hours=1)
# Of business time, which is real time unless somebody moves it.
BETWEEN_MESSAGES = timedelta(minutes=1)

_LATEST = 16
_TRY_AGAIN = timedelta(minutes=10)
_PIX_CALLS = "pix.calls"
# What is said by a synthetic member carries this mark in the chat; what has none was said by hand.
_MARK = "synthetic"

_log = logging.getLogger(__name__)


class Town:
    """Everybody, and what they do."""

    def __init__(self, context: Context, network: WhatsApp) -> None:
        """Live on the given network, by the clock of `context`."""
        self._context = context
        self._clock = context.clock
        self._network = network
        self._journal = context.journal("members")
        self._wallet = Wallet(context)
        self._pace = Pace()
        self._busy = asyncio.Lock()
        self._seen: dict[str, tuple[int, str, str]] = {}
        self.census = Census(context.store)

    async def live(self) -> None:
        """Go on for ever, a look about every second."""
        while True:
            await asyncio.sleep(LOOP_SECONDS)
            if not self._busy.locked():
                await self.catch_up(seconds=LOOP_SECONDS, deliver=False)

    async def clock_moved(self) -> None:
        """Do what became due by the push, and let the product hear of it before the push is answered."""
        await self.catch_up(seconds=PUSH_SECONDS, deliver=True)

    async def catch_up(self, *, seconds: float, deliver: bool) -> None:
        """Take in what arrived and do what is due, for at most so many real seconds; the rest stays due."""
        if not len(self.census) or self.census.paused:
            return
        deadline = asyncio.get_running_loop().time() + seconds
        async with self._busy:
            try:
                if deliver:
                    await _until(self._network.idle, deadline)
                if self._world_ended():
                    return
                self._look_around()
                await self._act(deadline)
                if deliver:
                    await _until(self._told, deadline)
            except Exception:  # noqa: BLE001 -- one odd person must not stop the clock of all systems
                _log.exception("a synthetic member failed")

    def _world_ended(self) -> bool:
        """Whether the network was emptied for another scene: the town goes with it."""
        phones = [mind.phone for mind in self.census if mind.phone]
        if not phones or any(self._network.people.get(phone) is not None for phone in phones):
            return False
        self.forget()
        return True

    def introduction(self, phone: str) -> str:
        """What the holder of `phone` says when asked who they are ("Ana 123"); empty for whom we do not know."""
        known = next((mind for mind in self.census if mind.phone == phone and mind.digits), None)
        return f"{known.first_name} {known.digits}" if known else ""

    def forget(self) -> None:
        """Empty the town."""
        self.census.forget()
        self._seen.clear()

    def _look_around(self) -> None:
        for mind in self.census:
            person = self._network.people.get(mind.phone) if mind.phone else None
            if person is None:
                continue
            sign = (person.unread, person.active_at, person.preview)
            if self._seen.get(mind.key) == sign:
                continue
            self._seen[mind.key] = sign
            self._look(mind, by_hand=self.is_played(person))

    def _look(self, mind: Mind, *, by_hand: bool) -> None:
        """Take in what the business said since the last look; a chat that is played is only followed."""
        new = self._new_messages(mind)
        if not new:
            return
        mind.heard = new[-1]["wamid"]
        heard, at = hear(new), datetime.fromisoformat(new[-1]["at"])
        if not by_hand:
            take_in(mind, heard, at=at)
        else:
            mind.fall_silent()
            if heard.code:
                mind.code, mind.code_at = heard.code, at
        self.census.save(mind)

    def _new_messages(self, mind: Mind) -> list[Document]:
        chat = self._network.chats.of(mind.phone, latest=_LATEST)
        places = [number for number, message in enumerate(chat) if message["wamid"] == mind.heard]
        behind = chat[places[0] + 1 :] if places else chat
        return [message for message in behind if message["from"] == FROM_BUSINESS and message["shown"]]

    def is_played(self, person: Person) -> bool:
        """Return whether a human is this person: the page shows their chat, or they wrote by hand lately."""
        if self._context.bus.is_watched(person.phone):
            return True
        since = (self._clock.now() - HANDS_OFF).isoformat()
        return any(
            message["from"] == FROM_PERSON and message["at"] >= since and not message.get(_MARK)
            for message in self._network.chats.of(person.phone, latest=_LATEST)
        )

    async def _act(self, deadline: float) -> None:
        now = self._clock.now()
        due = [(instant, mind) for mind in self.census if (instant := mind.next_at()) and instant <= now]
        for _instant, mind in sorted(due, key=lambda one: one[0]):
            if asyncio.get_running_loop().time() > deadline:
                return
            person = self._network.people.get(mind.phone) if mind.phone else None
            if mind.phone and (person is None or self.is_played(person)):
                continue
            if person is not None and mind.say_at is not None and mind.say_at <= now:
                await self._speak(mind, person, now)
            if mind.pays_now(now):
                await self._pay(mind, now)
            self.census.save(mind)

    async def _speak(self, mind: Mind, person: Person, now: datetime) -> None:
        if mind.said_at is not None and now - mind.said_at < BETWEEN_MESSAGES:
            return
        answer, mind.saying, mind.say_at = mind.saying, None, None
        if answer is None:
            return
        await self._pace.turn()
        self._network.statuses.look_at_chat(person)
        if answer.do == "read":
            return
        try:
            wamids = self._network.inbox.say(person, [self._said(person, answer.do, answer.words)])
        except NotPossibleError:
            mind.fall_silent()
            return
        for wamid in wamids:
            self._network.chats.change(wamid, lambda message: message.update({_MARK: True}))
        mind.said_at = now
        mind.spoken += 1
        self._journal.write(direction="out", kind="said", person=mind.key, do=answer.do, words=answer.words)

    def _said(self, person: Person, do: str, words: str) -> Said:
        if do == "tap":
            with suppress(NotPossibleError):
                return self._network.speech.tap(person, words)
        return self._network.speech.text(words)

    async def _pay(self, mind: Mind, now: datetime) -> None:
        """Pay with today's code from the chat where there is one, else with the boletos at home."""
        try:
            if not await self._pay_by_code(mind, now):
                for invoice in mind.due(now):
                    await self._pay_as_usual(mind, invoice, now)
        except BankAway:
            # Whether it paid is not known; a second payment of the same code is refused.
            mind.pay_at = mind.pay_by = mind.alone_at = now + _TRY_AGAIN
            return
        mind.stop_paying()
        mind.plan_alone(now)

    async def _pay_by_code(self, mind: Mind, now: datetime) -> bool:
        """Whether a code did it: one of today's, or one that a human paid in this person's place."""
        if not mind.code or mind.code_at is None:
            return False
        try:
            price = await self._wallet.price(mind.code)
            if day_of(mind.code_at) != day_of(now):
                return False
            await self._pace.turn()
            await self._wallet.pay(mind.code, payer=mind.first_name)
        except BankRefused as refusal:
            if refusal.already_paid:
                for invoice in mind.due(mind.code_at):
                    invoice.paid = True
            return refusal.already_paid
        for invoice in mind.covered_by(price, now):
            invoice.paid = True
        self._journal.write(direction="out", kind="paid", person=mind.key, way="code", amount=str(price))
        return True

    async def _pay_as_usual(self, mind: Mind, invoice: Invoice, now: datetime) -> None:
        amount = invoice.amount_on(day_of(now))
        await self._pace.turn()
        try:
            await self._wallet.pay(self._wallet.usual_code(invoice.number, amount), payer=mind.first_name)
        except BankRefused as refusal:
            _log.warning("a synthetic member could not pay: %s", refusal)
        invoice.paid = True
        self._journal.write(direction="out", kind="paid", person=mind.key, way="usual", amount=str(amount))

    def _told(self) -> bool:
        """Whether the product was told of everything that was said and paid, first tries counted."""
        if not self._network.idle():
            return False
        now = time.time()
        calls = self._context.store.all(_PIX_CALLS)
        return not any(not (call["attempt"] or call["held"]) and call["due"] <= now for call in calls)


async def _until(condition: Callable[[], bool], deadline: float) -> None:
    while not condition() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
