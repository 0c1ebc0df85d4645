"""What may be done to many rows at once: who is left out, the act on one row, and its undoing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from commons import history
from office.lists.bulk.enums import LeftOut


@dataclass(frozen=True, slots=True)
class Judged:
    """A selected row before anything happens: whose it is, and why it stays out (empty: it takes part)."""

    member_id: int
    left_out: LeftOut = LeftOut.NONE


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for, with the row it is asked for."""

    run_id: int
    object_id: int
    member_id: int
    actor: str
    user_id: int
    reason: str
    now: datetime
    ends_at: datetime | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What an act did to one row, in words, and the id of what it made."""

    words: str
    made_id: int | None = None


class NothingToDo(Exception):
    """The row is already as wished; `str()` of it says how, in Portuguese."""


class Act(ABC):
    """One kind of act. Its words are Portuguese; `{n}` stands for the counted rows."""

    key: str
    listed: str
    title: str
    permission: str
    # For one and for many: "{n} caso será segurado", "{n} casos serão segurados".
    future: tuple[str, str]
    button: tuple[str, str]
    undo_button: tuple[str, str] | None = None
    needs_end: bool = False
    needs_tag: bool = False

    @abstractmethod
    def judge(self, ids: Collection[int], *, user_id: int, now: datetime) -> dict[int, Judged]:
        """Each row of `ids` that exists; a number of queries that does not grow with them."""

    @abstractmethod
    def do(self, wish: Wish) -> Made:
        """Acts on one row through the services, under its member's lock.

        Raises NothingToDo, and whatever the service refuses with: both leave the row as it was.
        """

    def undo(self, wish: Wish, *, made_id: int | None) -> bool:
        """Takes back what this act made; False when somebody changed it since, and it stays."""
        raise NotImplementedError

    def say_future(self, count: int) -> str:
        return _counted(self.future, count)

    def say_button(self, count: int) -> str:
        return _counted(self.button, count)

    def say_undo(self, count: int) -> str:
        return _counted(self.undo_button, count) if self.undo_button else ""


def tell(wish: Wish, words: str, *, kind: str = "bulk.applied", case_id: int | None = None) -> None:
    """The line of the member's history that says which act on many rows this was, and why."""
    history.append(
        member_id=wish.member_id,
        case_id=case_id,
        kind=kind,
        sentence=f"{words} (ação em massa nº {wish.run_id}). Motivo: {wish.reason}",
        at=wish.now,
        actor=wish.actor,
        run=wish.run_id,
    )


def _counted(words: tuple[str, str], count: int) -> str:
    return words[count != 1].format(n=f"{count:,}".replace(",", "."))
