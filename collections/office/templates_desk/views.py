"""`/admin/modelos/`: the page of one template, its draft, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons import clock
from commons.models import Organisation
from conversations import template_life, template_sync, template_versions
from conversations.channels.errors import ChannelError
from conversations.models import MessageTemplate, TemplateAlarm
from conversations.stages import Variant, rules_of, stage_title
from conversations.template_life import CATEGORY_TITLES, QUALITY_TITLES, LifeRefused
from conversations.template_lint.lint import lint
from conversations.template_lint.reading import reading
from conversations.template_sync import NotSubmittable
from conversations.variables import VARIABLES
from members.models import Member
from office.admin.base import actor_of
from office.shell import staff, user_of
from office.templates_desk import selectors
from office.templates_desk.comparing import compare
from office.templates_desk.forms import FindForm, TextsForm
from office.templates_desk.preview import as_member, preview, typical_preview

VIEW = "conversations.view_messagetemplate"
CHANGE = "conversations.change_messagetemplate"
MEMBERS = "members.view_member"
_STORY = 40
_LIST = "admin:conversations_messagetemplate_changelist"

Verb = Callable[[HttpRequest, MessageTemplate], tuple[int, str]]


@require_GET
@staff(VIEW)
def template_page(request: HttpRequest, template_id: int) -> HttpResponse:
    """Everything about one version; `?membro=` shows it as that member would get it, `?com=` what changed."""
    return _page(request, _template(template_id))


@require_POST
@staff(VIEW, MEMBERS)
def find(request: HttpRequest, template_id: int) -> HttpResponse:
    """The page with the members found; what was typed stands in no address."""
    form = FindForm(request.POST)
    found = selectors.find_members(form.cleaned_data["q"]) if form.is_valid() else []
    return _page(request, _template(template_id), find_form=form, found=found, searched=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(VIEW, CHANGE)
def edit(request: HttpRequest, template_id: int) -> HttpResponse:
    """The words of a draft. What is saved is read by the lint at once; a draft may be wrong."""
    template = _template(template_id)
    if not template.is_draft:
        messages.error(request, "Este modelo já foi enviado: para mudar o texto, crie a próxima versão.")
        return redirect("desk:template", template_id)
    form = TextsForm(request.POST or None, template=template)
    if request.method == "POST" and form.is_valid():
        try:
            template_versions.edit(
                template_id=template_id, texts=form.texts(), actor=actor_of(request), now=clock.now()
            )
        except LifeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Rascunho salvo.")
        return redirect("desk:template", template_id)
    return _shell(
        request,
        "edit",
        f"Texto de {template}",
        422 if form.errors else 200,
        template=template,
        form=form,
        variables=[
            (name, variable)
            for name, variable in VARIABLES.items()
            if variable.neutral or not template.neutral
        ],
    )


@require_POST
@staff(VIEW, CHANGE)
def act(request: HttpRequest, template_id: int, verb: str) -> HttpResponse:
    """One of the verbs of the page. A refusal is a sentence, and nothing was changed."""
    if verb not in _VERBS:
        raise Http404
    try:
        shown, sentence = _VERBS[verb](request, _template(template_id))
    except (LifeRefused, NotSubmittable) as refused:
        messages.error(request, f"{refused} Nada foi mudado.")
        shown = template_id
    except ChannelError as error:
        messages.error(
            request, f"O WhatsApp não aceitou: {error.message} O texto está guardado; tente de novo."
        )
        shown = template_id
    else:
        messages.success(request, sentence)
    return redirect("desk:template", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(VIEW, CHANGE)
def submit_drafts(request: HttpRequest) -> HttpResponse:
    """What would be submitted and what is held back, and the button that does it."""
    if request.method == "POST":
        done = template_sync.submit_drafts(actor=actor_of(request), now=clock.now())
        messages.success(request, f"Enviados: {len(done.sent)}. Com algo a corrigir: {len(done.blocked)}.")
        if done.stopped:
            messages.error(request, f"Parou no meio: {done.stopped} Os outros continuam rascunhos.")
        return redirect(_LIST)
    ready, blocked = selectors.drafts()
    return _shell(request, "submit", "Enviar rascunhos", ready=ready, blocked=blocked)


@require_POST
@staff(VIEW, CHANGE)
def synchronise(request: HttpRequest) -> HttpResponse:
    """Asks WhatsApp about every template now, instead of within half an hour."""
    try:
        changed = template_sync.sync(now=clock.now())
    except ChannelError as error:
        messages.error(request, f"O WhatsApp não respondeu: {error.message} Nada foi perdido; tente de novo.")
    else:
        messages.success(request, f"Modelos conferidos no WhatsApp; {changed} mudaram.")
    return redirect(_LIST)


@require_POST
@staff(VIEW, CHANGE)
def resolve(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Somebody has seen to an alarm."""
    alarm = get_object_or_404(TemplateAlarm, pk=alarm_id)
    template_life.resolve_alarm(alarm_id=alarm.pk, actor=actor_of(request), now=clock.now())
    messages.success(request, "Alarme resolvido.")
    return redirect("desk:template", alarm.template_id)


def _submit(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    sent = template_sync.submit(template_id=template.pk, actor=actor_of(request), now=clock.now())
    if sent.is_live:
        return sent.pk, "O texto está no ar: é usado só dentro da conversa e não precisa de aprovação."
    return sent.pk, "Enviado ao WhatsApp. A resposta aparece aqui sozinha, em geral em minutos."


def _next(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    made = template_versions.draft_next(
        template_id=template.pk,
        actor=actor_of(request),
        owner_id=user_of(request).pk,
        now=clock.now(),
    )
    return made.pk, f"“{made}” é um rascunho: o que está no ar continua até este ser aprovado."


def _variant(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    wanted = request.POST.get("variante", "")
    if wanted not in Variant.values:
        raise LifeRefused("Esta variante não existe.")
    made = template_versions.draft_variant(
        template_id=template.pk,
        variant=wanted,
        actor=actor_of(request),
        owner_id=user_of(request).pk,
        now=clock.now(),
    )
    return made.pk, f"“{made}” é um rascunho com as palavras de “{template}”: mude o que for diferente."


def _discard(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    template_versions.discard(template_id=template.pk, actor=actor_of(request), now=clock.now())
    return template.pk, "Rascunho descartado."


def _live(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    template_life.put_live(template_id=template.pk, actor=actor_of(request), now=clock.now())
    return template.pk, f"“{template}” está no ar."


def _own(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    user = user_of(request)
    template_versions.own(
        template_id=template.pk,
        owner_id=user.pk,
        name=user.get_full_name() or user.get_username(),
        actor=actor_of(request),
        now=clock.now(),
    )
    return template.pk, "Você responde por este texto."


def _fallback(request: HttpRequest, template: MessageTemplate) -> tuple[int, str]:
    chosen = request.POST.get("reserva", "")
    allowed = {str(each.pk): each for each in template_versions.possible_fallbacks(template)}
    if template.fallback is not None:
        # It may have stopped meanwhile: keeping it is no choice.
        allowed.setdefault(str(template.fallback.pk), template.fallback)
    if chosen and chosen not in allowed:
        raise LifeRefused("Este modelo não pode ser reserva: escolha um da lista.")
    template_versions.set_fallback(
        template_id=template.pk,
        fallback_id=int(chosen) if chosen else None,
        actor=actor_of(request),
        now=clock.now(),
    )
    return template.pk, f"Reserva: “{allowed[chosen]}”." if chosen else "Ficou sem reserva."


_VERBS: Mapping[str, Verb] = {
    "submeter": _submit,
    "versao": _next,
    "variante": _variant,
    "descartar": _discard,
    "no-ar": _live,
    "responsavel": _own,
    "reserva": _fallback,
}


def _template(template_id: int) -> MessageTemplate:
    return get_object_or_404(MessageTemplate.objects.select_related("owner", "fallback"), pk=template_id)


def _page(request: HttpRequest, template: MessageTemplate, **more: Any) -> HttpResponse:
    now = clock.now()
    organisation = Organisation.objects.filter(pk=1).first()
    seen = _member(request, template) if organisation is not None else None
    values = None if seen is None else seen.values
    versions = selectors.versions_of(template, now=now)
    other = _compared(request, template, [row.template for row in versions])
    findings = lint(template, country=template_sync.country())
    return _shell(
        request,
        "template",
        f"{stage_title(template.stage)}: versão {template.version}",
        template=template,
        rules=rules_of(template.stage),
        findings=findings,
        is_blocked=any(finding.blocks for finding in findings),
        reading=reading(template.body, language=template.language),
        preview=typical_preview(template, organisation=organisation)
        if values is None
        else preview(template, values, organisation=organisation),
        seen=seen,
        category_title=CATEGORY_TITLES.get(template.category, template.category).capitalize(),
        quality_title=QUALITY_TITLES.get(template.quality, template.quality).capitalize(),
        versions=versions,
        results=next(row.results for row in versions if row.template.pk == template.pk),
        compared=other,
        differences=[] if other is None else compare(other, template),
        siblings=selectors.siblings_of(template),
        missing_variants=selectors.missing_variants(template),
        translations=selectors.translations_of(template),
        alarms=template.alarms.filter(resolved_at=None),
        story=template.events_told.all()[:_STORY],
        fallbacks=template_versions.possible_fallbacks(template),
        may_change=request.user.has_perm(CHANGE),
        may_find=request.user.has_perm(MEMBERS) and organisation is not None,
        **{"find_form": FindForm(), **more},
    )


def _member(request: HttpRequest, template: MessageTemplate) -> Any:
    chosen = request.GET.get("membro", "")
    if not chosen.isdecimal() or not request.user.has_perm(MEMBERS):
        return None
    member = Member.objects.filter(pk=int(chosen), voided_at=None).first()
    return None if member is None else as_member(member, template, now=clock.now())


def _compared(
    request: HttpRequest, template: MessageTemplate, versions: list[MessageTemplate]
) -> MessageTemplate | None:
    """The version to compare with: the one asked for, else the one before."""
    asked = request.GET.get("com", "")
    others = [each for each in versions if each.pk != template.pk]
    before = [each for each in others if each.version < template.version]
    return next((each for each in others if str(each.pk) == asked), before[0] if before else None)


def _shell(request: HttpRequest, page: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    shell = admin.site.each_context(request)
    return render(
        request, f"office/templates/{page}.html", {**shell, "title": title, **context}, status=status
    )
