"""`/admin/contatos/livro/`: the book, its export, and what members say to us outside of the product."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from commons import clock
from commons.text import fold
from members.enums import MarkKind
from members.models import Member
from members.services import NotAnOptIn
from office import pages
from office.admin.base import actor_of
from office.contacts import book, entries, sheets
from office.contacts.book_forms import BookFilterForm, EntryForm
from office.contacts.shell import page, query_without_page, staff
from office.dossier.masking import masked

log = logging.getLogger(__name__)

VIEW = ("members.view_suppressionmark", "members.view_consent")
# What a line of each kind takes to write.
ADD = {
    book.CONSENT: "members.add_consent",
    MarkKind.OPT_OUT.value: "members.add_suppressionmark",
    MarkKind.WRONG_NUMBER.value: "members.add_suppressionmark",
}
_ROWS = 50
_FOUND = 20
_HEADER = (
    "Quando",
    "Tipo",
    "Membro",
    "Código",
    "Canal",
    "Contato",
    "Como foi dito",
    "Palavras ou texto",
    "Prova",
    "Registrado por",
    "Situação",
    "Terminou em",
    "Por quê",
    "Por quem",
)


class _BookPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """The two tables are counted apart: cheaper than counting their union."""

    def __init__(self, wanted: book.BookFilter) -> None:
        super().__init__(book.keys(wanted), _ROWS)
        self._wanted = wanted

    @cached_property
    def count(self) -> int:
        return book.count(self._wanted)


@require_GET
@staff(*VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """The book, by kind, channel, how it was said and period."""
    form = BookFilterForm(request.GET)
    if not form.is_valid():
        return page(request, "book", "Opt-outs e consentimentos", status=422, form=form)
    wanted = form.wanted()
    found = _BookPaginator(wanted).get_page(request.GET.get("p"))
    return page(
        request,
        "book",
        "Opt-outs e consentimentos",
        form=form,
        page=found,
        lines=book.lines(found.object_list),
        query=query_without_page(request),
        member=Member.objects.filter(pk=wanted.member_id).first() if wanted.member_id else None,
        may_add=_may_add(request),
    )


@require_GET
@staff(*VIEW)
def export(request: HttpRequest, form_of: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The lines of the filter, all of them and nothing else; addresses masked, also inside what was said."""
    form = BookFilterForm(request.GET)
    if not form.is_valid():
        return page(request, "book", "Opt-outs e consentimentos", status=422, form=form)
    wanted = form.wanted()
    # Who took how much out of the house; no word of what.
    log.info("book exported: actor=%s form=%s lines=%s", actor_of(request), form_of, book.count(wanted))
    rows = (_cells(line) for line in book.every_line(wanted))
    name = f"opt-outs-e-consentimentos-{clock.today():%Y-%m-%d}.{form_of}"
    if form_of == "xlsx":
        return FileResponse(
            sheets.workbook("Opt-outs e consentimentos", _HEADER, rows),
            as_attachment=True,
            filename=name,
            content_type=sheets.XLSX_TYPE,
        )
    response = StreamingHttpResponse(sheets.csv_lines(_HEADER, rows), content_type=sheets.CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@staff(*VIEW)
def find_member(request: HttpRequest) -> HttpResponse:
    """Whose wish it is. Asked by POST: a document or a telephone has no place in an address."""
    if not _may_add(request):
        raise PermissionDenied
    term = request.POST.get("q", "").strip()[:120]
    return page(
        request,
        "entry_member",
        "De quem é o pedido?",
        term=term,
        asked=request.method == "POST",
        found=_members(term) if term else [],
    )


@staff(*VIEW)
def entry(request: HttpRequest, member_id: int) -> HttpResponse:
    """What was said; then what follows from it; then, confirmed, the line in the book."""
    if not _may_add(request):
        raise PermissionDenied
    member = get_object_or_404(Member, pk=member_id, voided_at=None)
    now = clock.now()
    title = f"Registrar pedido de {member.name}"
    form = EntryForm(
        request.POST or None,
        member=member,
        now=now,
        initial={"said_at": clock.local(now), "kind": request.GET.get("tipo", "")},
    )
    if request.method != "POST" or not form.is_valid():
        return page(request, "entry", title, status=422 if form.errors else 200, form=form, member=member)
    said = entries.Entry.of(form.cleaned_data)
    if not request.user.has_perm(ADD[said.kind]):
        raise PermissionDenied
    if "confirmar" not in request.POST:
        effect = entries.effect_of(said, member=member, now=now)
        return page(request, "entry_effect", title, form=form, member=member, effect=effect, said=said)
    try:
        with transaction.atomic():
            told = entries.record(said, member=member, actor=actor_of(request), now=now)
    except NotAnOptIn as refused:
        form.add_error(None, str(refused))
        return page(request, "entry", title, status=409, form=form, member=member)
    messages.success(request, told)
    return redirect(f"{reverse('contacts:book')}?membro={member.pk}")


def _may_add(request: HttpRequest) -> bool:
    return any(request.user.has_perm(permission) for permission in ADD.values())


def _members(term: str) -> QuerySet[Member]:
    """By whole document, telephone, e-mail or code, else by part of the name."""
    members = Member.objects.filter(voided_at=None)
    exact = pages.members_by_exact_value(term)
    if exact:
        return members.filter(pk__in=exact)[:_FOUND]
    by_code = members.filter(external_id=term)
    if by_code.exists():
        return by_code
    return members.filter(folded_name__contains=fold(term))[:_FOUND]


def _cells(line: book.Line) -> tuple[str, ...]:
    return (
        f"{clock.local(line.at):%d/%m/%Y %H:%M}",
        line.kind_label,
        line.member.name if line.member else "",
        (line.member.external_id or "") if line.member else "",
        line.channel,
        line.contact,
        masked(line.source),
        masked(line.said),
        masked(line.evidence),
        line.recorded_by,
        line.standing,
        f"{clock.local(line.ended_at):%d/%m/%Y %H:%M}" if line.ended_at else "",
        masked(line.ended_because),
        line.ended_by,
    )
