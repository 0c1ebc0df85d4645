"""One synthetic person: who they are, what they owe, what they remember and what they are about to do."""

import random
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from simulators.members.hours import at_hour, awake
from simulators.members.profile import Ask, Profile
from simulators.pix.amounts import quote
from simulators.pix.calendar import BRASILIA, day_of
from simulators.store import Document

# What every contract of the demo says about paying late, as a Pix charge writes it: 2 % once, 1 % a month.
_LATE = {
    "multa": {"modalidade": 2, "valorPerc": "2.00"},
    "juros": {"modalidade": 3, "valorPerc": "1.00"},
}
# Two systems may round charges differently.
_ROUNDING = Decimal("0.05")
_INSTANTS = ("since", "contacted_at", "code_at", "pay_at", "pay_by", "alone_at", "say_at", "said_at")


@dataclass(kw_only=True)
class Invoice:
    """Something owed. `number` as the business writes it; `amount` in reais, `due` a day, both as text."""

    number: str
    amount: str
    due: str
    paid: bool = False

    @property
    def due_day(self) -> date:
        """The day it falls due."""
        return date.fromisoformat(self.due)

    def amount_on(self, day: date) -> Decimal:
        """Return what a bank would ask for on that day, late charges included."""
        return quote({"original": self.amount} | _LATE, self.due_day, day).total


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody is about to do in their chat: say words, press the button of that title, or only read."""

    do: str
    words: str = ""

    @classmethod
    def say(cls, words: str) -> Self:
        """Write that."""
        return cls(do="say", words=words)

    @classmethod
    def tap(cls, title: str) -> Self:
        """Press that."""
        return cls(do="tap", words=title)


READ = Answer(do="read")


@dataclass(kw_only=True)
class Mind:
    """Everything about one person; a document in the store.

    `since`: when they came into the world, `late_at_start` whether something was overdue then. `heard`: the
    newest message they took in. `wish`: what they want in this conversation (None: nothing any more), `asked`
    how often they said so, `tries` how often they told who they are, `spoken` how often they wrote in all of
    it. `saying` is done at `say_at`; `said_at`: when they last wrote. `pay_at`: when they pay with `code`;
    `pay_by`: when they pay in any case, because a contact moved them; `alone_at`: when they would anyway.
    """

    key: str
    phone: str
    seed: int
    first_name: str
    digits: str
    profile: Profile
    since: datetime
    invoices: list[Invoice] = field(default_factory=list)
    late_at_start: bool = False
    heard: str = ""
    contacts: int = 0
    contacted_at: datetime | None = None
    wish: Ask | None = None
    asked: int = 0
    tries: int = 0
    spoken: int = 0
    code: str = ""
    code_at: datetime | None = None
    pay_at: datetime | None = None
    pay_by: datetime | None = None
    alone_at: datetime | None = None
    promised: str = ""
    saying: Answer | None = None
    say_at: datetime | None = None
    said_at: datetime | None = None

    def dice(self, what: str) -> random.Random:
        """Return the dice for one decision; the same decision always falls the same."""
        return random.Random(f"{self.seed} {what}")  # noqa: S311 -- reproducible, no secret

    @property
    def unpaid(self) -> list[Invoice]:
        """What is owed still, oldest first."""
        return sorted((invoice for invoice in self.invoices if not invoice.paid), key=lambda one: one.due)

    def late(self, now: datetime) -> list[Invoice]:
        """Return what is past its due day."""
        return [invoice for invoice in self.unpaid if invoice.due_day < day_of(now)]

    def due(self, now: datetime, *, ahead: timedelta = timedelta(days=3)) -> list[Invoice]:
        """Return what somebody who pays now would pay: what is late, due today or in the next days."""
        return [invoice for invoice in self.unpaid if invoice.due_day <= day_of(now + ahead)]

    def covered_by(self, amount: Decimal, now: datetime) -> list[Invoice]:
        """Return the invoices that a code over that amount stands for: as many of the oldest as it pays."""
        left = amount
        covered = []
        for invoice in self.unpaid:
            left -= invoice.amount_on(day_of(now))
            if left < -_ROUNDING:
                break
            covered.append(invoice)
        return covered

    def plan_alone(self, now: datetime) -> None:
        """Decide when they would pay what is left without hearing from anybody."""
        self.alone_at = None
        if not self.unpaid:
            return
        late = bool(self.late(now))
        days = self.profile.pays_alone_after(late=late)
        if days is None:
            return
        first_due = datetime.combine(self.unpaid[0].due_day, time(), BRASILIA)
        hour = self.dice("pays alone").uniform(9, 20)
        self.alone_at = max(at_hour(self.since if late else first_due, days=days, hour=hour), awake(now))

    def next_at(self) -> datetime | None:
        """Return when there is something to do next, as far as is known."""
        known = [self.say_at, *((self.pay_at, self.pay_by, self.alone_at) if self.unpaid else ())]
        return min((instant for instant in known if instant is not None), default=None)

    def pays_now(self, now: datetime) -> bool:
        """Return whether one of the moments to pay has come."""
        return bool(self.unpaid) and any(
            instant is not None and instant <= now for instant in (self.pay_at, self.pay_by, self.alone_at)
        )

    def stop_paying(self) -> None:
        """Forget every plan to pay: it was carried out. Who owes nothing any more has nothing to say."""
        self.code, self.code_at = "", None
        self.pay_at = self.pay_by = self.alone_at = None
        if not self.unpaid:
            self.fall_silent()

    def fall_silent(self) -> None:
        """End the conversation from this side."""
        self.wish, self.saying, self.say_at = None, None, None

    def document(self) -> Document:
        """Return it as JSON."""
        doc = asdict(self)
        for name in _INSTANTS:
            doc[name] = None if doc[name] is None else doc[name].isoformat()
        return doc

    @classmethod
    def from_document(cls, doc: Document) -> Self:
        """Rebuild somebody from what the store holds; what a newer version added keeps its default."""
        values: dict[str, Any] = {item.name: doc[item.name] for item in fields(cls) if item.name in doc}
        for name in _INSTANTS:
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        values["profile"] = Profile(**(values["profile"] | {"ask": Ask(values["profile"]["ask"])}))
        values["invoices"] = [Invoice(**invoice) for invoice in values["invoices"]]
        values["wish"] = Ask(values["wish"]) if values.get("wish") else None
        values["saying"] = Answer(**values["saying"]) if values.get("saying") else None
        return cls(**values)
