"""How a template reads: with typical values, or as one member would get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from billing import selectors as billing
from cadence import loading, plans
from cadence.engine.traits import History
from cadence.texts import NEUTRAL_STAGE, Wanted, values_of
from commons import clock
from commons.models import Organisation
from conversations import templates
from conversations.library.loading import email_closing
from conversations.models import MessageTemplate
from conversations.stages import Variant
from conversations.template_lint.structure import sms_parts
from conversations.variables import EXAMPLES, PATTERN, VARIABLES, names_in
from members import selectors as members
from members.enums import ContactPointState
from members.models import ContactPoint, Member

# What a text shows in the place of a value that nobody knows yet.
_HOLE = "⟨{name}⟩"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `kind` is `words`, `value` or `missing`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A variable without a value, what it would hold, and which channels ask for it."""

    name: str
    meaning: str
    where: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A template on each channel, and what it lacks to leave."""

    body: tuple[Piece, ...]
    email_subject: tuple[Piece, ...]
    email_body: tuple[Piece, ...]
    email_closing: str
    email_identification: str
    email_lacks: str
    sms: tuple[Piece, ...]
    sms_parts: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class AsMember:
    """A member as the texts see them: the values they give, and the text they would get at this stage."""

    member: Member
    values: Mapping[str, str]
    chosen: MessageTemplate | None
    is_confirmed: bool
    reason: str


def typical_preview(template: MessageTemplate, *, organisation: Organisation | None) -> Preview:
    """With the values a reviewer at WhatsApp sees."""
    return preview(template, EXAMPLES, organisation=organisation)


def preview(
    template: MessageTemplate, values: Mapping[str, str], *, organisation: Organisation | None
) -> Preview:
    """With these values; a variable without one is shown as a hole and named."""
    filled = EXAMPLES | {name: value for name, value in values.items() if value}
    identification, lacks = "", ""
    if organisation is not None:
        try:
            identification = templates.identification(template, organisation)
        except templates.MissingVariable as error:
            lacks = str(error).partition(": ")[2]
    return Preview(
        body=pieces(template.body, values),
        email_subject=pieces(template.email_subject, values),
        email_body=pieces(template.email_body, values),
        email_closing=email_closing(template.language),
        email_identification=identification,
        email_lacks=lacks,
        sms=pieces(template.sms_body, values),
        sms_parts=sms_parts("".join(piece.text for piece in pieces(template.sms_body, filled))),
        missing=_missing(template, values),
    )


def _missing(template: MessageTemplate, values: Mapping[str, str]) -> tuple[Missing, ...]:
    channels = {
        "WhatsApp": names_in(template.body),
        "e-mail": names_in(template.email_subject, template.email_body),
        "SMS": names_in(template.sms_body),
    }
    every = dict.fromkeys(name for names in channels.values() for name in names)
    return tuple(
        Missing(
            name,
            VARIABLES[name].meaning if name in VARIABLES else "variável que não existe",
            ", ".join(channel for channel, names in channels.items() if name in names),
        )
        for name in every
        if not values.get(name)
    )


def pieces(text: str, values: Mapping[str, str]) -> tuple[Piece, ...]:
    """`text` cut at its variables."""
    found: list[Piece] = []
    end = 0
    for match in PATTERN.finditer(text):
        if match.start() > end:
            found.append(Piece("words", text[end : match.start()]))
        value = values.get(match[1], "")
        found.append(Piece("value", value) if value else Piece("missing", _HOLE.format(name=match[1])))
        end = match.end()
    if end < len(text):
        found.append(Piece("words", text[end:]))
    return tuple(found)


def as_member(member: Member, template: MessageTemplate, *, now: datetime) -> AsMember:
    """What this member's record gives to the text, by the same rules as the régua's own messages.

    Nothing is written: looking sends nothing and decides nothing.
    """
    organisation = Organisation.current()
    today = clock.local(now, organisation.zone).date()
    point = members.preferred_contact_point(member_id=member.pk) or ContactPoint(member=member)
    confirmed = point.state == ContactPointState.CONFIRMED
    wanted = Wanted(
        stage=template.stage, language=member.language, history=_history(member, template, now=now)
    )
    values = values_of(point=point, balance=billing.balance(member.pk, on=today), wanted=wanted, now=now)
    stage = template.stage if confirmed or template.neutral else NEUTRAL_STAGE
    chosen = templates.sendable(
        stage=stage,
        neutral=not confirmed,
        language=templates.template_language(member.language),
        variant=wanted.variant,
    )
    return AsMember(
        member=member,
        values=values,
        chosen=chosen,
        is_confirmed=confirmed,
        reason=_reason(chosen, template, confirmed=confirmed),
    )


def _history(member: Member, template: MessageTemplate, *, now: datetime) -> History:
    """How the member has paid so far; what the text supposes, where nothing tells."""
    version = plans.live_version()
    zone = Organisation.current().zone
    if version is not None:
        # As the snapshot has it: made anew it would be written, and looking writes nothing.
        views = loading.load_views([member.pk], version=plans.plan_of(version), now=now, zone=zone)
        if views:
            return views[0].traits(clock.local(now, zone).date()).history
    return History.RECURRENT if template.variant == Variant.REPEAT else History.FIRST_DELAY


def _reason(chosen: MessageTemplate | None, template: MessageTemplate, *, confirmed: bool) -> str:
    if chosen is None:
        return "Nesta etapa não sairia nada: nenhum texto aprovado serve a este membro."
    if chosen.pk == template.pk:
        return "É este o texto que o membro receberia nesta etapa."
    if not confirmed and not template.neutral:
        return f"O contato ainda não disse quem é: sairia “{chosen}”, sem falar de dinheiro."
    return f"Nesta etapa sairia “{chosen}”: combina mais com o idioma e o histórico do membro, ou é o que está no ar."
