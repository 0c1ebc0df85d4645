"""What somebody wants to send, as the gate sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from compliance.content.facts import FactSet
from compliance.enums import ContactKind
from compliance.packs.model import ContactLimits

CADENCE = "cadence"
AGENT = "agent"
SYSTEM = "system"
_PERSON = "person:"


@dataclass(frozen=True, slots=True)
class TemplateState:
    """A message template as the provider knows it. `category` is utility, marketing or authentication."""

    name: str
    active: bool
    category: str = "utility"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequest:
    """One message to one contact point, complete: what is judged is what is sent.

    `text` is the rendered body, `buttons` the titles a member may press. `invoice_ids` are the invoices it
    is about; empty means the whole case. `author` is "cadence", "agent", "system" or "person:<id>".

    A stranger who wrote to us has no member and may have no contact point: only a reply can go there.

    `answers_inbound_at`: when the member's message came that this one answers; a `reply` needs it.
    `payment_at`: when the payment was made that a `receipt` confirms. `service_window_until`: until when
    the provider takes free text without a template. `segments`: keys of the segments the case is in, of those
    that a switch or a black-out names. `deferrals`: how often the planner has already put this step off.
    `limits`: less often than the policy says, for people like this one. `itemised_link`: a button or
    link leads to the page that explains every amount. `sender_key`: id of the number it leaves from, for
    switches.
    """

    member_id: int | None
    contact_point_id: int | None
    channel: str
    kind: ContactKind
    text: str
    author: str
    facts: FactSet = field(default_factory=FactSet)
    buttons: tuple[str, ...] = ()
    template: TemplateState | None = None
    sender_active: bool = True
    sender_key: str = ""
    case_id: int | None = None
    invoice_ids: tuple[int, ...] = ()
    answers_inbound_at: datetime | None = None
    payment_at: datetime | None = None
    service_window_until: datetime | None = None
    step_key: str | None = None
    segments: tuple[str, ...] = ()
    deferrals: int = 0
    limits: ContactLimits | None = None
    itemised_link: bool = False

    @property
    def by_person(self) -> bool:
        """Whether a person of the staff wrote it."""
        return self.author.startswith(_PERSON)

    @property
    def words(self) -> str:
        """Everything the member would read."""
        return "\n".join((self.text, *self.buttons))
