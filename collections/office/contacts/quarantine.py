"""Numbers in quarantine: since when, who said so, on what evidence, and what they were taken away from.

Nothing here names a debt: whoever looks at the screen beside a stranger's number learns nothing about anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from billing.enums import InvoiceStatus
from billing.models import Invoice
from cases.enums import CaseState
from cases.models import Case
from compliance.content.disclosure import debt_words
from compliance.content.folding import fold
from conversations.models import Conversation
from members import selectors
from members.enums import ContactPointState, MarkKind
from members.models import ContactPoint, SuppressionMark
from office.contacts.book import names_of


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One number, as the screen shows it."""

    point: ContactPoint
    since: datetime
    said_by: str
    source: str
    # What was said, unless it would name a debt; then it is read in the conversation.
    words: str
    words_hidden: bool
    evidence: str
    conversation_id: int | None
    case_id: int | None
    items: tuple[str, ...]
    review_on: date | None
    is_due: bool

    @property
    def is_marked_only(self) -> bool:
        """Somebody said it is not theirs, and it is in use all the same: confirmed since, or in another record."""
        return self.point.state != ContactPointState.WRONG


def points() -> QuerySet[ContactPoint]:
    """Contact points of another person, and those marked so whatever their state; what is to be reviewed first."""
    marks = SuppressionMark.objects.filter(kind=MarkKind.WRONG_NUMBER, lifted_at=None)
    own = marks.filter(subject_hash=OuterRef("address_hash"))
    line = marks.filter(subject_hash=OuterRef("match_hash"), channel=OuterRef("channel"))
    return (
        ContactPoint.objects.filter(voided_at=None)
        .filter(
            Q(state=ContactPointState.WRONG)
            | Q(Exists(own)) & ~Q(address_hash="")
            | Q(Exists(line)) & ~Q(match_hash="")
        )
        .annotate(review_on=Subquery(own.order_by("-at", "pk").values("review_on")[:1]))
        .select_related("member")
        .order_by(F("review_on").asc(nulls_first=True), "pk")
    )


def rows(found: Sequence[ContactPoint], *, today: date) -> list[Quarantined]:
    """These contact points with everything the screen says. Five queries, however many."""
    marks = selectors.marks_of(found)
    member_ids = [point.member_id for point in found]
    talks = dict(
        Conversation.objects.filter(contact_point__in=found)
        .order_by("last_message_at")
        .values_list("contact_point_id", "pk")
    )
    cases = dict(
        Case.objects.filter(member_id__in=member_ids)
        .exclude(state=CaseState.SETTLED)
        .values_list("member_id", "pk")
    )
    items: dict[int, list[str]] = defaultdict(list)
    for member_id, number in (
        Invoice.objects.filter(member_id__in=member_ids, status__in=InvoiceStatus.collectable())
        .order_by("due_date", "pk")
        .values_list("member_id", "number")
    ):
        items[member_id].append(number)
    people = names_of({mark.actor for mark in marks.values()})
    return [
        _row(
            point,
            marks.get(point.pk),
            conversation_id=talks.get(point.pk),
            case_id=cases.get(point.member_id),
            items=tuple(items[point.member_id]),
            people=people,
            today=today,
        )
        for point in found
    ]


def _row(
    point: ContactPoint,
    mark: SuppressionMark | None,
    *,
    conversation_id: int | None,
    case_id: int | None,
    items: tuple[str, ...],
    people: dict[str, str],
    today: date,
) -> Quarantined:
    words = mark.words if mark else ""
    evidence = mark.evidence if mark else ""
    hidden = _names_a_debt(words) or _names_a_debt(evidence)
    return Quarantined(
        point=point,
        since=mark.at if mark else point.state_since or point.created_at,
        said_by=_who(mark, people),
        source=mark.source if mark else "escolha do dono do contato",
        words="" if _names_a_debt(words) else words,
        words_hidden=hidden,
        evidence="" if _names_a_debt(evidence) else evidence,
        conversation_id=conversation_id,
        case_id=case_id,
        items=items,
        review_on=mark.review_on if mark else None,
        is_due=mark is not None and mark.review_on is not None and mark.review_on <= today,
    )


def _who(mark: SuppressionMark | None, people: dict[str, str]) -> str:
    if mark is None:
        return "Equipe"
    # Whoever answered there is just not the member, whatever the row calls them.
    return "Quem atende lá" if mark.actor == "member" else people.get(mark.actor, mark.actor)


def _names_a_debt(text: str) -> bool:
    return bool(text) and bool(debt_words(fold(text)))
