"""To whom a send is addressed, and how the answer names them."""

from dataclasses import dataclass

from simulators.whatsapp.people import Person
from simulators.whatsapp.phones import digits


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """`addressed_by` is phone, bsuid, or nobody (a business-scoped id put where a number belongs)."""

    input: str
    person: Person | None
    addressed_by: str
    number: str = ""

    @property
    def key(self) -> str:
        """The chat's key: the person's phone, or what was asked for when nobody is there."""
        return self.person.phone if self.person is not None else self.number or self.input

    def contact(self) -> dict[str, str]:
        """Return the answer's `contacts` element: `wa_id` for a number, `user_id` for a scoped id."""
        if self.addressed_by == "bsuid":
            return {"input": self.input, "user_id": self.input}
        if self.person is not None:
            return {"input": self.input, "wa_id": self.person.wa_id}
        return {"input": self.input, "wa_id": self.number or digits(self.input)}
