"""What the page of one template shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from commons.text import fold
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate
from conversations.stages import Variant
from conversations.template_lint.lint import lint
from conversations.template_lint.reading import Reading, reading
from conversations.template_sync import country
from conversations.variables import EXAMPLES
from members.models import Member
from office.pages import members_by_exact_value
from office.templates_desk.preview import Piece, pieces
from office.templates_desk.results import NONE, Results, results_of

FOUND_LIMIT = 10


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the text, with what came of it."""

    template: MessageTemplate
    results: Results


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another variant of the same stage and language, as it reads."""

    template: MessageTemplate
    body: tuple[Piece, ...]
    reading: Reading | None


def versions_of(template: MessageTemplate, *, now: datetime) -> list[VersionRow]:
    """Every version of this text, the newest first."""
    family = list(
        MessageTemplate.objects.filter(
            stage=template.stage, variant=template.variant, language=template.language
        )
        .select_related("owner", "fallback")
        .order_by("-version")
    )
    results = results_of([each.pk for each in family], now=now)
    return [VersionRow(each, results.get(each.pk, NONE)) for each in family]


def siblings_of(template: MessageTemplate) -> list[Sibling]:
    """The newest version that may go out of each variant, this text's own included, in their order."""
    newest: dict[str, MessageTemplate] = {}
    for each in _current(template):
        newest.setdefault(each.variant, each)
    newest[template.variant] = template
    order = list(Variant.values)
    return [
        Sibling(each, pieces(each.body, EXAMPLES), reading(each.body, language=each.language))
        for each in sorted(newest.values(), key=lambda t: order.index(t.variant))
    ]


def missing_variants(template: MessageTemplate) -> list[Variant]:
    """For whom this stage has no text of its own yet."""
    present = set(_current(template).values_list("variant", flat=True))
    return [variant for variant in Variant if variant not in present]


def translations_of(template: MessageTemplate) -> QuerySet[MessageTemplate]:
    """The same text in the other languages, the newest version first."""
    return (
        MessageTemplate.objects.filter(stage=template.stage, variant=template.variant)
        .exclude(language=template.language)
        .exclude(status=TemplateStatus.DISCARDED)
        .order_by("language", "-version")
    )


def drafts() -> tuple[list[MessageTemplate], list[MessageTemplate]]:
    """The drafts that may be submitted, and those that something blocks."""
    ready: list[MessageTemplate] = []
    blocked: list[MessageTemplate] = []
    where = country()
    for template in MessageTemplate.objects.filter(status=TemplateStatus.DRAFT).order_by("pk"):
        stopped = any(finding.blocks for finding in lint(template, country=where))
        (blocked if stopped else ready).append(template)
    return ready, blocked


def find_members(term: str) -> list[Member]:
    """Members by whole document, phone or e-mail, else by code or a part of the name."""
    term = term.strip()
    exact = members_by_exact_value(term)
    people = Member.objects.filter(voided_at=None)
    if exact:
        return list(people.filter(pk__in=exact)[:FOUND_LIMIT])
    by_code = list(people.filter(external_id=term)[:FOUND_LIMIT])
    return by_code or list(people.filter(folded_name__contains=fold(term))[:FOUND_LIMIT])


def _current(template: MessageTemplate) -> QuerySet[MessageTemplate]:
    return (
        MessageTemplate.objects.filter(stage=template.stage, language=template.language, retired_at=None)
        .exclude(status=TemplateStatus.DISCARDED)
        .order_by("-version")
    )
