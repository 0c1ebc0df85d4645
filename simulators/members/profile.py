"""What somebody is like: drawn once from their number, and the ground truth of the simulated world.

Everything a profile decides is decided before anybody is contacted: whether and when they would pay by
themselves, whether a contact makes them pay, what they answer. The same number always gives the same person.
"""

import math
import random
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from simulators.members.hours import WAKING_HOURS_A_DAY

# Of those who are not late yet, so many pay around the due day, as they always do.
PUNCTUAL = 0.72
# Of those who are late, so many would pay by themselves sooner or later; half of these within ten days.
CURES_ALONE = 0.34
# So many pay because somebody wrote to them, whatever they would have done by themselves. Drawn
# independently of the two above: this is the effect a pilot has to find.
MOVED_BY_CONTACT = 0.30

_PUNCTUAL_DAYS = (-2, -1, 0, 0, 0, 1)
_MEAN_CURE_DAYS = 14.0
# A talkative person answers most messages, a quiet one hardly any.
_RESPONDS = (0.1, 0.25, 0.35, 0.7)
_ANSWER_MINUTES = 6.0
_ANSWER_SPREAD = 0.9


class Ask(StrEnum):
    """What somebody wants once they talk. `COUNTER` says nothing and pays with the boleto they always use."""

    PIX = "pix"
    BALANCE = "balance"
    PROMISE = "promise"
    COUNTER = "counter"
    CLAIM = "claim"
    OPT_OUT = "opt_out"
    WRONG = "wrong"
    PERSON = "person"


# What those ask who pay because of a contact, and what the others ask if they answer at all.
_MOVED_ASKS = {Ask.PIX: 50, Ask.BALANCE: 15, Ask.PROMISE: 15, Ask.COUNTER: 20}
_OTHER_ASKS = {
    Ask.BALANCE: 27,
    Ask.PROMISE: 25,
    Ask.CLAIM: 15,
    Ask.PIX: 11,
    Ask.PERSON: 9,
    Ask.OPT_OUT: 8,
    Ask.WRONG: 5,
}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One person's nature.

    `punctual`: days from the due day on which they pay what is not late yet; `self_cure`: days after the due
    day (after the first day of the simulation for what was late already) on which they pay by themselves;
    `pays_after_contact`: waking hours after the first message that reached them within which they pay because
    of it. None for each: they don't. `responds`: the chance that they answer a message of ours;
    `answer_minutes`: how long they usually take; `reads`: whether the ticks turn blue when they don't answer.
    """

    punctual: int | None
    self_cure: int | None
    pays_after_contact: int | None
    responds: float
    answer_minutes: float
    ask: Ask
    reads: bool

    @classmethod
    def draw(cls, seed: int) -> Self:
        """Return the person of that number.

        Everything is drawn for everybody and in one order, so that no outcome moves the draws behind it.
        """
        dice = random.Random(f"member {seed}")  # noqa: S311 -- a reproducible person, no secret
        punctual = dice.random() < PUNCTUAL
        punctual_day = dice.choice(_PUNCTUAL_DAYS)
        cures = dice.random() < CURES_ALONE
        cure_day = 1 + int(dice.expovariate(1 / _MEAN_CURE_DAYS))
        moved = dice.random() < MOVED_BY_CONTACT
        hours = dice.randint(WAKING_HOURS_A_DAY, 4 * WAKING_HOURS_A_DAY)
        responds = dice.choice(_RESPONDS)
        minutes = dice.lognormvariate(math.log(_ANSWER_MINUTES), _ANSWER_SPREAD)
        asks = _MOVED_ASKS if moved else _OTHER_ASKS
        ask = dice.choices(list(asks), weights=list(asks.values()))[0]
        return cls(
            punctual=punctual_day if punctual else None,
            self_cure=cure_day if cures else None,
            pays_after_contact=hours if moved else None,
            responds=responds,
            answer_minutes=round(min(max(minutes, 1.0), 180.0), 1),
            ask=ask,
            reads=dice.random() < 0.75,
        )

    def changed(self, wishes: dict[str, Any]) -> Self:
        """Return the same person with some traits set by hand. Raises ValueError for one that is unknown."""
        unknown = sorted(set(wishes) - {field.name for field in fields(self)})
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is no trait of a profile")
        if "ask" in wishes:
            wishes = wishes | {"ask": Ask(wishes["ask"])}
        return replace(self, **wishes)

    @property
    def is_moved(self) -> bool:
        """Whether a contact makes them pay."""
        return self.pays_after_contact is not None

    def pays_alone_after(self, *, late: bool) -> int | None:
        """Return the days after which they pay if nobody ever writes to them; None for never."""
        if not late and self.punctual is not None:
            return self.punctual
        return self.self_cure

    def pays_within(self, days: int, *, late: bool, contacted: bool) -> bool:
        """Return whether they will have paid: the two potential outcomes of one person."""
        alone = self.pays_alone_after(late=late)
        if alone is not None and alone <= days:
            return True
        return (
            contacted
            and self.pays_after_contact is not None
            and (self.pays_after_contact <= days * WAKING_HOURS_A_DAY)
        )


def effect(profiles: list[Profile], *, days: int, late: bool = True) -> tuple[float, float]:
    """Return the shares who pay within `days` if nobody is contacted, and if everybody is."""
    if not profiles:
        return 0.0, 0.0
    alone = sum(profile.pays_within(days, late=late, contacted=False) for profile in profiles)
    contacted = sum(profile.pays_within(days, late=late, contacted=True) for profile in profiles)
    return alone / len(profiles), contacted / len(profiles)
