"""What may be said on a channel, in the words of no provider.

Every content is frozen and survives the outbox as JSON (`codec.to_payload`, `codec.from_payload`). Whether
a channel takes it is the channel's to say: nothing here knows a provider's limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    body: str = field(repr=False)
    preview_url: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter with a subject. `unsubscribe` is the address of the one-click way out, empty for none.

    `automatic`: no person wrote it, which tells other machines not to answer.
    """

    subject: str
    body: str = field(repr=False)
    unsubscribe: str = ""
    automatic: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture: the id the provider gave to an upload, or the bytes still to be uploaded."""

    mime: str = "image/jpeg"
    media_id: str = ""
    data: bytes | None = field(default=None, repr=False)
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file. `filename` is what the recipient sees."""

    filename: str
    mime: str = "application/pdf"
    media_id: str = ""
    data: bytes | None = field(default=None, repr=False)
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A sound file; `voice` shows it as a recorded voice message (OGG with Opus only)."""

    mime: str = "audio/ogg"
    media_id: str = ""
    data: bytes | None = field(default=None, repr=False)
    voice: bool = False


Header = str | Image | Document
"""What stands above a body: a short text (empty for none), a picture or a file."""


@dataclass(frozen=True, slots=True)
class Button:
    """An answer the recipient may tap: `id` comes back, `title` is read."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Buttons:
    body: str = field(repr=False)
    buttons: tuple[Button, ...]
    header: Header = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ListSection:
    rows: tuple[ListRow, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class ListMenu:
    """Choices behind one button: `button` opens the sheet with `sections`."""

    body: str = field(repr=False)
    button: str
    sections: tuple[ListSection, ...]
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class LinkButton:
    body: str = field(repr=False)
    label: str
    url: str = field(repr=False)
    header: Header = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class ContactInfoRequest:
    """Asks for the telephone of somebody who is known by a business-scoped id only."""

    body: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on an earlier message; empty takes it away."""

    message_id: str
    emoji: str = ""


class PixKeyType(StrEnum):
    CNPJ = "CNPJ"
    CPF = "CPF"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    EVP = "EVP"


@dataclass(frozen=True, slots=True)
class PixCode:
    """A copy-and-paste code and what the payer sees about the payee."""

    code: str = field(repr=False)
    merchant_name: str = ""
    key: str = field(default="", repr=False)
    key_type: PixKeyType = PixKeyType.EVP


@dataclass(frozen=True, slots=True)
class OrderItem:
    id: str
    name: str
    amount: Decimal
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class OrderCharge:
    """An amount added to or taken from the items, with the words shown beside it."""

    amount: Decimal
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixOrder:
    """An amount to pay inside the conversation, by Pix and optionally by boleto or link.

    `reference_id` is unique per message, not per invoice: sending again takes a new one. Without `items`
    only the total is shown. `total` = sum of the items + `tax` + `shipping` − `discount`.
    """

    reference_id: str
    body: str = field(repr=False)
    total: Decimal
    pix: PixCode | None = None
    boleto_line: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    items: tuple[OrderItem, ...] = ()
    tax: OrderCharge = OrderCharge(Decimal("0.00"))
    shipping: OrderCharge = OrderCharge(Decimal("0.00"))
    discount: OrderCharge = OrderCharge(Decimal("0.00"))
    expires_at: datetime | None = None
    expiry_note: str = ""
    header: Image | None = None
    footer: str = ""

    @property
    def subtotal(self) -> Decimal:
        """The items alone; the total itself where none are named."""
        if not self.items:
            return self.total
        return sum((item.amount * item.quantity for item in self.items), Decimal("0.00"))


class OrderState(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELED = "canceled"


class PaymentState(StrEnum):
    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUpdate:
    """News about an earlier `PixOrder`: `captured` puts the paid mark on it."""

    reference_id: str
    body: str = field(repr=False)
    order: OrderState | None = None
    description: str = ""
    payment: PaymentState | None = None
    paid_at: datetime | None = None


class TemplateCategory(StrEnum):
    UTILITY = "utility"
    MARKETING = "marketing"
    AUTHENTICATION = "authentication"


@dataclass(frozen=True, slots=True)
class HeaderText:
    """The value of the header's one variable; `name` where the template names its parameters."""

    text: str = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class QuickReplyParam:
    """What comes back when the quick reply at `index` is tapped."""

    index: int
    payload: str


@dataclass(frozen=True, slots=True)
class UrlParam:
    """What follows the fixed part of the link button at `index`."""

    index: int
    suffix: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CopyCodeParam:
    index: int
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaymentParam:
    """The means behind a payment button: exactly one of Pix code, boleto line and link."""

    index: int
    pix_code: str = field(default="", repr=False)
    boleto_line: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderParam:
    """A whole order behind the button at `index`; its body and header are the template's."""

    index: int
    order: PixOrder


TemplateHeader = HeaderText | Image | Document
ButtonParam = QuickReplyParam | UrlParam | CopyCodeParam | PaymentParam | OrderParam


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An approved text with its values. `body_params`: by name, or in order for positional templates."""

    name: str
    language: str = "pt_BR"
    category: TemplateCategory = TemplateCategory.UTILITY
    body_params: Mapping[str, str] | Sequence[str] = field(default=(), repr=False)
    header: TemplateHeader | None = None
    buttons: tuple[ButtonParam, ...] = ()

    def __post_init__(self) -> None:
        given = self.body_params
        object.__setattr__(self, "body_params", dict(given) if isinstance(given, Mapping) else tuple(given))


Content = (
    Text
    | Buttons
    | ListMenu
    | LinkButton
    | ContactInfoRequest
    | Mail
    | Image
    | Document
    | Audio
    | Template
    | PixOrder
    | OrderUpdate
    | Reaction
)

MediaContent = Image | Document | Audio


def visible_text(content: Content) -> str:
    """Every word of ours the recipient reads, one block a line: what content checks look at.

    Of a template only the values: its fixed words were checked when it was approved.
    """
    return "\n".join(part for part in _parts(content) if part)


def preview(content: Content) -> str:
    """One short line for lists, in Portuguese."""
    match content:
        case Mail():
            return f"{content.subject}\n\n{content.body}"
        case Image():
            return f"📷 {content.caption or 'foto'}"
        case Document():
            return f"📎 {content.filename}"
        case Audio():
            return "🎤 áudio"
        case Template():
            return f"📄 modelo {content.name}"
        case PixOrder():
            return f"💠 {content.body}"
        case Reaction():
            return f"{content.emoji} reação" if content.emoji else "reação retirada"
        case _:
            return content.body


def _parts(content: Content) -> list[str]:
    match content:
        case Text() | ContactInfoRequest():
            return [content.body]
        case Buttons() | LinkButton():
            labels = [b.title for b in content.buttons] if isinstance(content, Buttons) else [content.label]
            return [*_header(content.header), content.body, content.footer, *labels]
        case ListMenu():
            rows = [text for section in content.sections for text in _section(section)]
            return [content.header, content.body, content.footer, content.button, *rows]
        case Image() | Document():
            return _header(content)
        case Audio() | Reaction():
            return []
        case Template():
            given = content.body_params
            values = list(given.values()) if isinstance(given, Mapping) else list(given)
            orders = [button.order for button in content.buttons if isinstance(button, OrderParam)]
            return [*_header(content.header), *values, *(part for order in orders for part in _parts(order))]
        case PixOrder():
            charges = (content.tax, content.shipping, content.discount)
            names = [item.name for item in content.items]
            notes = [charge.description for charge in charges]
            return [content.body, content.footer, *names, *notes, content.expiry_note]
        case OrderUpdate() | Mail():
            above, below = (
                (content.subject, content.body)
                if isinstance(content, Mail)
                else (content.body, content.description)
            )
            return [above, below]


def _header(header: Header | TemplateHeader | None) -> list[str]:
    match header:
        case None:
            return []
        case str():
            return [header]
        case HeaderText():
            return [header.text]
        case Image():
            return [header.caption]
        case Document():
            return [header.filename, header.caption]


def _section(section: ListSection) -> list[str]:
    return [section.title, *(text for row in section.rows for text in (row.title, row.description))]
