"""`/admin/contatos/livro/`: the book, its export, and what members say to us outside of the product."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from commons.text import fold
from members.enums import MarkKind
from members.models import Member
from members.services import NotAnOptIn
from office import pages
from office.admin.base import actor_of
from office.contacts import book, book_rows, entries
from office.contacts.book_forms import BookFilterForm, EntryForm
from office.lists.exporting import CONTENT_TYPES, REASON_LENGTH, FileFormat, file_name
from office.lists.views import EXPORT
from office.models import ListExport
from office.shell import page, query_without_page, staff, user_of

VIEW = ("members.view_suppressionmark", "members.view_consent")
# What a line of each kind takes to write.
ADD = {
    book.CONSENT: "members.add_consent",
    MarkKind.OPT_OUT.value: "members.add_suppressionmark",
    MarkKind.WRONG_NUMBER.value: "members.add_suppressionmark",
}
_ROWS = 50
_FOUND = 20
_TITLE = "Opt-outs e consentimentos"


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
        return page(request, "contacts/book", _TITLE, status=422, form=form)
    wanted = form.wanted()
    found = _BookPaginator(wanted).get_page(request.GET.get("p"))
    return page(
        request,
        "contacts/book",
        _TITLE,
        form=form,
        page=found,
        lines=book.lines(found.object_list),
        query=query_without_page(request),
        member=Member.objects.filter(pk=wanted.member_id).first() if wanted.member_id else None,
        may_add=_may_add(request),
        may_export=request.user.has_perm(EXPORT),
    )


@require_POST
@staff(*VIEW, EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """The lines of the filter, all of them and nothing else; written to the log of exports before they leave."""
    form = BookFilterForm(request.GET)
    form_of, reason = request.POST.get("format", ""), " ".join(request.POST.get("reason", "").split())
    if not form.is_valid() or form_of not in FileFormat.values:
        return page(request, "contacts/book", _TITLE, status=422, form=form)
    if not reason:
        messages.error(request, "Diga para que serve esta cópia: ela leva dados de pessoas. Nada saiu.")
        return redirect(f"{reverse('contacts:book')}?{request.GET.urlencode()}")
    wanted = form.wanted()
    log = ListExport.objects.create(
        user=user_of(request),
        listed="members.book",
        title=_TITLE,
        format=form_of,
        query=request.GET.urlencode(),
        columns=list(book_rows.TITLES),
        rows=book.count(wanted),
        personal=True,
        reason=reason[:REASON_LENGTH],
        at=clock.now(),
    )
    response = StreamingHttpResponse(
        book_rows.pieces(log, wanted), content_type=CONTENT_TYPES[FileFormat(form_of)]
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name(log)}"'
    response["Cache-Control"] = "no-store"
    return response


@staff(*VIEW)
def find_member(request: HttpRequest) -> HttpResponse:
    """Whose wish it is. Asked by POST: a document or a telephone has no place in an address."""
    if not _may_add(request):
        raise PermissionDenied
    term = request.POST.get("q", "").strip()[:120]
    return page(
        request,
        "contacts/entry_member",
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
        return page(
            request, "contacts/entry", title, status=422 if form.errors else 200, form=form, member=member
        )
    said = entries.Entry.of(form.cleaned_data)
    if not request.user.has_perm(ADD[said.kind]):
        raise PermissionDenied
    if "confirmar" not in request.POST:
        effect = entries.effect_of(said, member=member, now=now)
        return page(
            request, "contacts/entry_effect", title, form=form, member=member, effect=effect, said=said
        )
    try:
        with transaction.atomic():
            told = entries.record(said, member=member, actor=actor_of(request), now=now)
    except NotAnOptIn as refused:
        form.add_error(None, str(refused))
        return page(request, "contacts/entry", title, status=409, form=form, member=member)
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
