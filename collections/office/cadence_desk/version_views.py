"""`/admin/regua/`: the versions of the régua, their editor, and their way to the air."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from cadence import plans, validation, versions
from cadence.enums import VersionStatus
from cadence.models import Cadence, CadenceVersion, PaceRule, Step
from cadence.presets import all as ready_made
from cadence.presets import start_from
from cadence.versions import VersionRefused
from commons import clock
from members.models import Member
from office.cadence_desk import line
from office.cadence_desk.forms import PaceForm, RehearsalForm, StepForm
from office.shell import page, staff, user_of

VIEW = "cadence.view_cadenceversion"
EDIT = "cadence.change_cadenceversion"
PUBLISH = "cadence.publish_cadenceversion"
_LISTED = 20


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """What is live, what waits, what was before."""
    found = list(
        CadenceVersion.objects.filter(cadence__is_default=True).select_related(
            "cadence", "created_by", "submitted_by", "published_by"
        )[:_LISTED]
    )
    live = next((each for each in found if each.status == VersionStatus.LIVE), None)
    return page(
        request,
        "cadence/index",
        "Régua",
        live=live,
        columns=line.columns(live, ()) if live else [],
        open=[each for each in found if each.status in {VersionStatus.DRAFT, VersionStatus.REVIEW}],
        past=[each for each in found if each.status == VersionStatus.RETIRED],
        presets=ready_made(),
        may_edit=request.user.has_perm(EDIT),
        may_publish=request.user.has_perm(PUBLISH),
    )


@require_GET
@staff(VIEW)
def editor(request: HttpRequest, version_id: int) -> HttpResponse:
    """The line of days of one version."""
    version = _version(version_id)
    live = plans.live_version()
    problems = validation.problems_of(version)
    return page(
        request,
        "cadence/editor",
        f"Régua, versão {version.number}",
        version=version,
        live=live,
        columns=line.columns(version, problems),
        problems=problems,
        blocking=sum(problem.blocks for problem in problems),
        changes=line.changes(version, live),
        paces=version.paces.select_related("segment"),
        pace_form=PaceForm(),
        rehearsal=versions.rehearsal_of(version),
        last=version.rehearsals.first(),
        rehearsal_form=RehearsalForm(),
        may_edit=request.user.has_perm(EDIT) and version.is_editable,
        may_submit=request.user.has_perm(EDIT),
        may_publish=request.user.has_perm(PUBLISH) and request.user.pk != version.submitted_by_id,
        is_mine=request.user.pk == version.submitted_by_id,
    )


@require_POST
@staff(EDIT)
def copy(request: HttpRequest, version_id: int) -> HttpResponse:
    draft = versions.draft_from(
        source=_version(version_id),
        user=user_of(request),
        now=clock.now(),
        note=request.POST.get("note", "")[:300],
    )
    messages.success(request, f"Rascunho da versão {draft.number} criado. Nada muda até ser publicado.")
    return redirect("regua:editor", draft.pk)


@require_POST
@staff(EDIT)
def start_preset(request: HttpRequest, key: str) -> HttpResponse:
    try:
        draft = start_from(preset_key=key, user=user_of(request), now=clock.now())
    except KeyError:
        messages.error(request, "Esse modelo de régua não existe.")
        return redirect("regua:index")
    messages.success(request, "Rascunho criado a partir do modelo. Ajuste, ensaie e peça aprovação.")
    return redirect("regua:editor", draft.pk)


@staff(EDIT)
def step(request: HttpRequest, version_id: int, step_id: int | None = None) -> HttpResponse:
    """One step of a draft, and what a member would read of it."""
    version = _version(version_id)
    if not version.is_editable:
        messages.error(request, "Esta versão não é um rascunho: faça uma cópia para mudar.")
        return redirect("regua:editor", version.pk)
    known = None if step_id is None else get_object_or_404(Step, pk=step_id, version=version)
    form = StepForm(request.POST or None, instance=known or Step(version=version), version=version)
    if request.method == "POST" and form.is_valid():
        try:
            saved = versions.save_step(version=version, values=form.cleaned_data, step=known)
        except (ValidationError, VersionRefused) as error:
            form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
        else:
            messages.success(request, f"Etapa “{saved.name}” guardada no rascunho.")
            return redirect("regua:editor", version.pk)
    return page(
        request,
        "cadence/step",
        known.name if known else "Nova etapa",
        version=version,
        step=known,
        form=form,
        preview=_preview(request, known),
        wanted=request.GET.get("membro", ""),
        status=400 if request.method == "POST" else 200,
    )


@require_POST
@staff(EDIT)
def remove_step(request: HttpRequest, version_id: int, step_id: int) -> HttpResponse:
    found = get_object_or_404(Step.objects.select_related("version"), pk=step_id, version_id=version_id)
    return _do(
        request, version_id, lambda: versions.remove_step(step=found), f"Etapa “{found.name}” retirada."
    )


@require_POST
@staff(EDIT)
def add_pace(request: HttpRequest, version_id: int) -> HttpResponse:
    form = PaceForm(request.POST)
    if not form.is_valid() or all(value is None for value in form.values.values()):
        messages.error(request, "Escolha o segmento e ao menos um limite. Nada foi gravado.")
        return redirect("regua:editor", version_id)
    segment = form.cleaned_data["segment"]
    return _do(
        request,
        version_id,
        lambda: versions.save_pace(version=_version(version_id), segment=segment, values=form.values),
        f"Ritmo de “{segment}” guardado no rascunho.",
    )


@require_POST
@staff(EDIT)
def remove_pace(request: HttpRequest, version_id: int, pace_id: int) -> HttpResponse:
    pace = get_object_or_404(PaceRule.objects.select_related("version"), pk=pace_id, version_id=version_id)
    return _do(request, version_id, lambda: versions.remove_pace(pace=pace), "Ritmo retirado do rascunho.")


@require_POST
@staff(EDIT)
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    return _do(
        request,
        version_id,
        lambda: versions.submit(version_id=version_id, user=user_of(request), now=clock.now()),
        "Aprovação pedida. Outra pessoa com esse poder publica.",
    )


@require_POST
@staff(VIEW)
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    """By whoever asked for the approval, or by whoever may give it."""
    version = _version(version_id)
    if request.user.pk != version.submitted_by_id and not request.user.has_perm(PUBLISH):
        messages.error(request, "Só quem pediu a aprovação, ou quem pode aprovar, devolve ao rascunho.")
        return redirect("regua:editor", version_id)
    reason = request.POST.get("reason", "")
    return _do(
        request,
        version_id,
        lambda: versions.withdraw(version_id=version_id, user=user_of(request), reason=reason),
        "De volta a rascunho.",
    )


@require_POST
@staff(PUBLISH)
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    return _do(
        request,
        version_id,
        lambda: versions.publish(version_id=version_id, user=user_of(request), now=clock.now()),
        "No ar, para todos, desde agora.",
    )


@require_POST
@staff(EDIT)
def discard(request: HttpRequest, version_id: int) -> HttpResponse:
    try:
        versions.discard(version_id=version_id)
    except VersionRefused as refused:
        return _refused(request, refused, version_id)
    messages.success(request, "Rascunho descartado.")
    return redirect("regua:index")


@require_POST
@staff(PUBLISH)
def roll_back(request: HttpRequest) -> HttpResponse:
    cadence = get_object_or_404(Cadence, is_default=True)
    try:
        version = versions.roll_back(
            cadence=cadence, user=user_of(request), reason=request.POST.get("reason", ""), now=clock.now()
        )
    except VersionRefused as refused:
        for sentence in refused.sentences:
            messages.error(request, sentence)
        return redirect("regua:index")
    messages.success(
        request, f"{version.note}. Está no ar, para todos, desde agora, como versão {version.number}."
    )
    return redirect("regua:index")


def _version(version_id: int) -> CadenceVersion:
    return get_object_or_404(
        CadenceVersion.objects.select_related("cadence", "submitted_by", "published_by", "based_on"),
        pk=version_id,
    )


def _do(request: HttpRequest, version_id: int, act: Any, said: str) -> HttpResponse:
    """Does it and says so; what is refused is said, and nothing has changed."""
    try:
        act()
    except VersionRefused as refused:
        return _refused(request, refused, version_id)
    messages.success(request, said)
    return redirect("regua:editor", version_id)


def _refused(request: HttpRequest, refused: VersionRefused, version_id: int) -> HttpResponse:
    for sentence in refused.sentences:
        messages.error(request, sentence)
    return redirect("regua:editor", version_id)


def _preview(request: HttpRequest, known: Step | None) -> line.Preview | None:
    """For the member whose code or number was asked for, else for somebody it fits."""
    if known is None:
        return None
    wanted = request.GET.get("membro", "").strip()
    members = Member.objects.filter(voided_at=None, invoices__status="open").distinct()
    if wanted:
        by_code = members.filter(external_id=wanted)
        member = by_code.first() or (members.filter(pk=int(wanted)).first() if wanted.isdecimal() else None)
        member = member or members.filter(folded_name__startswith=wanted.lower()).first()
    else:
        member = members.order_by("pk").first()
    return None if member is None else line.preview(plans.step_plan(known), member, now=clock.now())
