"""Policies: what is live, drafts, and the page of one version with its effect and its verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import policy_terms
from cases.enums import PolicyKind, PolicyStatus
from cases.models import PolicyVersion
from cases.services import policies
from cases.services.policies import PolicyRefused
from commons import clock
from commons.models import Organisation
from commons.money import brl
from office.policy_desk import effect
from office.policy_desk.forms import SampleForm, TermsForm
from office.shell import page, staff, user_of

# Cases and their policies are read by many; the desk is for those who may read the settings.
SEE = ("cases.view_policyversion", "commons.view_organisation")
CHANGE = "cases.change_policyversion"
PUBLISH = "cases.publish_policyversion"
_SAMPLE: dict[str, Any] = {"valor": Decimal("119.90"), "dias": 45}
_PAST = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """One policy: what is in force now, and its versions."""

    kind: PolicyKind
    lines: list[tuple[str, str]]
    live: PolicyVersion | None
    open: list[PolicyVersion]
    past: list[PolicyVersion]


@require_GET
@staff(*SEE)
def index(request: HttpRequest) -> HttpResponse:
    organisation = Organisation.objects.filter(pk=1).first()
    versions = list(
        PolicyVersion.objects.select_related("created_by", "submitted_by", "published_by").order_by("-number")
    )
    desks = [] if organisation is None else [_desk(kind, organisation, versions) for kind in PolicyKind]
    return page(
        request,
        "policies/index",
        "Políticas",
        desks=desks,
        may_change=request.user.has_perm(CHANGE),
        may_publish=request.user.has_perm(PUBLISH),
    )


@require_POST
@staff(*SEE, CHANGE)
def start(request: HttpRequest, kind: str) -> HttpResponse:
    made = policies.start(kind=_kind(kind), user=user_of(request), now=clock.now())
    return redirect("policies:version", made.pk)


@require_POST
@staff(*SEE, PUBLISH)
def roll_back(request: HttpRequest, kind: str) -> HttpResponse:
    try:
        again = policies.roll_back(
            kind=_kind(kind), user=user_of(request), reason=request.POST.get("reason", ""), now=clock.now()
        )
    except PolicyRefused as refused:
        messages.error(request, f"{refused} Nada mudou.")
    else:
        messages.success(request, f"{again} está no ar. {again.note}")
    return redirect("policies:index")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*SEE)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: its numbers (a form while it is a draft), what it would do, and what may be done with it."""
    found = get_object_or_404(
        PolicyVersion.objects.select_related("created_by", "submitted_by", "published_by", "based_on"),
        pk=version_id,
    )
    editable = found.status == PolicyStatus.DRAFT and request.user.has_perm(CHANGE)
    form = TermsForm(request.POST if request.method == "POST" else None, version=found)
    if request.method == "POST":
        if not editable:
            messages.error(request, "Esta versão não é um rascunho: comece outra para mudar.")
            return redirect("policies:version", version_id)
        if form.is_valid():
            try:
                policies.edit(version_id=version_id, values=form.cleaned_data, note=form.cleaned_data["note"])
            except PolicyRefused as refused:
                messages.error(request, f"{refused} Nada foi gravado.")
            else:
                messages.success(request, "Rascunho salvo. Veja abaixo o efeito em casos reais.")
            return redirect("policies:version", version_id)
    today = clock.today(Organisation.current().zone)
    sample = SampleForm(request.GET if "valor" in request.GET else None, initial=_SAMPLE)
    asked: dict[str, Any] = sample.cleaned_data if sample.is_bound and sample.is_valid() else _SAMPLE
    is_seen = found.status in {PolicyStatus.DRAFT, PolicyStatus.REVIEW}
    return page(
        request,
        "policies/version",
        str(found),
        status=422 if form.errors else 200,
        version=found,
        form=form if editable else None,
        lines=lines(found),
        sample_form=sample,
        sample=effect.sample(found, amount=asked["valor"], days=asked["dias"], today=today)
        if is_seen
        else None,
        examples=effect.examples(found, today=today) if is_seen else [],
        may_change=request.user.has_perm(CHANGE),
        may_publish=request.user.has_perm(PUBLISH),
        is_own=found.submitted_by_id == user_of(request).pk,
    )


@require_POST
@staff(*SEE, CHANGE)
def act(request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
    """One of the verbs of the page. A refusal is a sentence, and nothing was changed."""
    if verb not in _VERBS:
        raise Http404
    get_object_or_404(PolicyVersion, pk=version_id)
    try:
        sentence = _VERBS[verb](request, version_id)
    except PolicyRefused as refused:
        for each in refused.sentences:
            messages.error(request, each)
    else:
        messages.success(request, sentence)
        if verb == "descartar":
            return redirect("policies:index")
    return redirect("policies:version", version_id)


@require_POST
@staff(*SEE, PUBLISH)
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """The second person's yes."""
    get_object_or_404(PolicyVersion, pk=version_id)
    try:
        made = policies.publish(version_id=version_id, user=user_of(request), now=clock.now())
    except PolicyRefused as refused:
        for each in refused.sentences:
            messages.error(request, each)
    else:
        messages.success(request, f"{made} está no ar para todos, desde agora.")
    return redirect("policies:version", version_id)


def lines(found: PolicyVersion) -> list[tuple[str, str]]:
    """The numbers of a version as people read them."""
    return _lines(PolicyKind(found.kind), found.terms)


def _lines(kind: PolicyKind, terms: Any) -> list[tuple[str, str]]:
    numbers = policy_terms.flat(kind, terms)
    return [
        (
            term.title.removesuffix(" (R$)"),
            brl(numbers[term.key])
            if term.is_money and term.section
            else str(numbers[term.key]).replace(".", ","),
        )
        for term in policy_terms.TERMS[kind]
    ]


def _desk(kind: PolicyKind, organisation: Organisation, versions: list[PolicyVersion]) -> Desk:
    own = [each for each in versions if each.kind == kind]
    return Desk(
        kind=kind,
        lines=_lines(kind, policy_terms.in_force(kind, organisation)),
        live=next((each for each in own if each.status == PolicyStatus.LIVE), None),
        open=[each for each in own if each.status in {PolicyStatus.DRAFT, PolicyStatus.REVIEW}],
        past=[each for each in own if each.status == PolicyStatus.RETIRED][:_PAST],
    )


def _kind(written: str) -> PolicyKind:
    if written not in PolicyKind.values:
        raise Http404
    return PolicyKind(written)


def _submit(request: HttpRequest, version_id: int) -> str:
    policies.submit(version_id=version_id, user=user_of(request), now=clock.now())
    return "Aprovação pedida. Outra pessoa com o direito de publicar decide."


def _withdraw(request: HttpRequest, version_id: int) -> str:
    policies.withdraw(version_id=version_id, user=user_of(request), reason=request.POST.get("reason", ""))
    return "A versão voltou a ser rascunho."


def _discard(_request: HttpRequest, version_id: int) -> str:
    policies.discard(version_id=version_id)
    return "Rascunho descartado."


_VERBS: dict[str, Callable[[HttpRequest, int], str]] = {
    "pedir": _submit,
    "voltar": _withdraw,
    "descartar": _discard,
}
