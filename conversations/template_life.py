"""What becomes of a template: news of the provider, what goes live, the story and the alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from conversations import templates
from conversations.enums import AlarmKind, TemplateStatus
from conversations.models import MessageTemplate, TemplateAlarm, TemplateEvent
from conversations.stages import stage_title

SYSTEM = "system"
CHEAP = "UTILITY"
SENTENCE_LIMIT = 300

# The provider's words for a state, as ours; what is not listed changes no state.
_STATUS = {
    "APPROVED": TemplateStatus.APPROVED,
    "REINSTATED": TemplateStatus.APPROVED,
    "UNARCHIVED": TemplateStatus.APPROVED,
    "PENDING": TemplateStatus.PENDING,
    "IN_APPEAL": TemplateStatus.PENDING,
    "REJECTED": TemplateStatus.REJECTED,
    "PAUSED": TemplateStatus.PAUSED,
    "DISABLED": TemplateStatus.DISABLED,
    "DELETED": TemplateStatus.DISABLED,
    "PENDING_DELETION": TemplateStatus.DISABLED,
    "ARCHIVED": TemplateStatus.DISABLED,
    "LOCKED": TemplateStatus.DISABLED,
}
_FLAGGED = "FLAGGED"
_STOPPED = {TemplateStatus.PAUSED, TemplateStatus.DISABLED}
_QUALITY_RANK = {"RED": 0, "YELLOW": 1, "UNKNOWN": 2, "GREEN": 2}
QUALITY_TITLES = {"RED": "baixa", "YELLOW": "média", "GREEN": "alta", "UNKNOWN": "ainda sem nota"}
CATEGORY_TITLES = {"UTILITY": "utilidade", "MARKETING": "marketing", "AUTHENTICATION": "autenticação"}
_REASONS = {
    "ABUSIVE_CONTENT": "conteúdo que soa abusivo",
    "INCORRECT_CATEGORY": "categoria errada",
    "INVALID_FORMAT": "formato inválido",
    "PROMOTIONAL": "conteúdo de promoção",
    "SCAM": "parece golpe",
    "TAG_CONTENT_MISMATCH": "idioma ou categoria não combinam com o texto",
}


class LifeRefused(Exception):
    """What was asked for cannot be done with this template now; the message is a sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the provider told of a template, in its own words; empty where it told nothing."""

    status: str = ""
    category: str = ""
    coming_category: str = ""
    quality: str = ""
    reason: str = ""
    provider_id: str = ""


def follow(*, template_id: int, news: News, now: datetime, actor: str = SYSTEM) -> bool:
    """Takes over what the provider told, writes it into the story, raises and resolves alarms.

    Returns whether anything changed. The same news twice are told once.
    """
    with transaction.atomic():
        template = _locked(template_id)
        before = (template.status, template.category, template.quality, template.provider_id)
        was_live = template.is_live
        template.synced_at = now
        template.provider_id = (news.provider_id or template.provider_id)[:60]
        _category(template, news, was_live=was_live, now=now)
        _quality(template, news, now=now)
        _status(template, news, was_live=was_live, now=now, actor=actor)
        template.save()
        return before != (template.status, template.category, template.quality, template.provider_id)


def put_live(*, template_id: int, actor: str, now: datetime) -> MessageTemplate:
    """Lets an approved version go out in the place of the one that does. Raises LifeRefused."""
    with transaction.atomic():
        template = _locked(template_id)
        if not template.is_sendable:
            raise LifeRefused("Só uma versão aprovada pelo WhatsApp pode ir ao ar.")
        if template.is_live and template.live_since is not None:
            return template
        _go_live(template, now=now, actor=actor)
        template.save()
    return template


def tell(template: MessageTemplate, sentence: str, *, actor: str, now: datetime) -> None:
    """Adds a line to the template's story."""
    TemplateEvent.objects.create(template=template, at=now, actor=actor, sentence=sentence[:SENTENCE_LIMIT])


def resolve_alarm(*, alarm_id: int, actor: str, now: datetime) -> None:
    """Somebody has seen to it. Twice is once."""
    with transaction.atomic():
        alarm = TemplateAlarm.objects.select_for_update().get(pk=alarm_id)
        if alarm.resolved_at is None:
            _resolve(alarm, actor=actor, now=now)


def reason_title(reason: str) -> str:
    """The provider's reason in words; what it said itself where we know no words for it."""
    return _REASONS.get(reason, "" if reason == "NONE" else reason)


def _locked(template_id: int) -> MessageTemplate:
    return MessageTemplate.objects.select_for_update().get(pk=template_id)


def _status(template: MessageTemplate, news: News, *, was_live: bool, now: datetime, actor: str) -> None:
    status = _STATUS.get(news.status)
    if status is None or status == template.status:
        return
    template.status = status
    why = reason_title(news.reason)
    because = f" Motivo: {why}." if why else ""
    template.rejected_reason = why[:200] if status == TemplateStatus.REJECTED else ""
    if status == TemplateStatus.APPROVED:
        tell(template, "Aprovado.", actor=actor, now=now)
        _resolve_all(template, AlarmKind.STOPPED, now=now)
        _approved(template, now=now)
    elif status == TemplateStatus.REJECTED:
        _raise(template, AlarmKind.REJECTED, f"O WhatsApp recusou “{template}”.{because}", now=now)
    elif status in _STOPPED and was_live:
        what = "pausou" if status == TemplateStatus.PAUSED else "desativou"
        sentence = f"O WhatsApp {what} “{template}”.{because} {_taking_over(template)}"
        _raise(template, AlarmKind.STOPPED, sentence, now=now)
    else:
        tell(template, f"{TemplateStatus(status).label}.{because}", actor=actor, now=now)


def _approved(template: MessageTemplate, *, now: datetime) -> None:
    """A version goes live when it is approved, unless it would make what is live dearer."""
    if template.retired_at is not None or template.live_since is not None:
        return
    cheaper = _siblings(template).filter(category=CHEAP, status=TemplateStatus.APPROVED)
    dearer = template.category != CHEAP and cheaper.exists()
    if dearer:
        template.retired_at = now
        tell(
            template,
            "Não foi ao ar: a categoria é mais cara que a da versão que está no ar, que continua.",
            actor=SYSTEM,
            now=now,
        )
    else:
        _go_live(template, now=now, actor=SYSTEM)


def _go_live(template: MessageTemplate, *, now: datetime, actor: str) -> None:
    for other in _siblings(template).select_for_update():
        other.retired_at = now
        other.save(update_fields=["retired_at"])
        tell(other, f"Substituído por “{template}”.", actor=actor, now=now)
    template.live_since, template.retired_at = now, None
    tell(template, "Foi ao ar.", actor=actor, now=now)


def _category(template: MessageTemplate, news: News, *, was_live: bool, now: datetime) -> None:
    new = news.category.upper()
    if new and new != template.category:
        old, template.category = template.category, new
        sentence = f"O WhatsApp passou “{template}” de {_category_title(old)} a {_category_title(new)}: o preço muda."
        if was_live or template.status == TemplateStatus.PENDING or news.status == "APPROVED":
            _raise(template, AlarmKind.CATEGORY, sentence, now=now)
        else:
            tell(template, sentence, actor=SYSTEM, now=now)
        if new == CHEAP:
            _resolve_all(template, AlarmKind.CATEGORY, now=now)
    coming = news.coming_category.upper()
    if coming and coming != template.category and was_live:
        sentence = f"O WhatsApp vai passar “{template}” a {_category_title(coming)}: o preço vai mudar."
        # Told again by every look until it happens: somebody who has seen to it need not do so twice.
        if not template.alarms.filter(kind=AlarmKind.CATEGORY, sentence=sentence).exists():
            _raise(template, AlarmKind.CATEGORY, sentence, now=now)


def _quality(template: MessageTemplate, news: News, *, now: datetime) -> None:
    new = news.quality.upper()[:10]
    if news.status == _FLAGGED and template.is_live:
        _raise(
            template, AlarmKind.QUALITY, f"O WhatsApp avisa que muita gente rejeita “{template}”.", now=now
        )
    if not new or new == template.quality:
        return
    old, template.quality = template.quality, new
    title = QUALITY_TITLES.get(new, new)
    if _rank(new) < _rank(old) and template.is_live:
        _raise(template, AlarmKind.QUALITY, f"A qualidade de “{template}” caiu: está {title}.", now=now)
        return
    tell(template, f"Qualidade: {title}.", actor=SYSTEM, now=now)
    if _rank(new) == _QUALITY_RANK["GREEN"]:
        _resolve_all(template, AlarmKind.QUALITY, now=now)


def _taking_over(template: MessageTemplate) -> str:
    """Who speaks in its place, asked the way a sender asks."""
    template.save(update_fields=["status"])
    stand_in = templates.sendable(
        stage=template.stage,
        neutral=template.neutral,
        language=template.language,
        variant=template.variant,
    )
    if stand_in is None:
        return f"Nada sai no lugar: a etapa “{stage_title(template.stage)}” está parada."
    return f"Entra no lugar: “{stand_in}”."


def _raise(template: MessageTemplate, kind: AlarmKind, sentence: str, *, now: datetime) -> None:
    """An open alarm of the kind, and a line in the story; one that is open already says the newest."""
    sentence = sentence.strip()[:SENTENCE_LIMIT]
    alarm, made = TemplateAlarm.objects.get_or_create(
        template=template, kind=kind, resolved_at=None, defaults={"sentence": sentence, "raised_at": now}
    )
    if made or alarm.sentence != sentence:
        alarm.sentence = sentence
        alarm.save(update_fields=["sentence"])
        tell(template, sentence, actor=SYSTEM, now=now)


def _resolve_all(template: MessageTemplate, kind: AlarmKind, *, now: datetime) -> None:
    for alarm in TemplateAlarm.objects.select_for_update().filter(
        template=template, kind=kind, resolved_at=None
    ):
        _resolve(alarm, actor=SYSTEM, now=now)


def _resolve(alarm: TemplateAlarm, *, actor: str, now: datetime) -> None:
    alarm.resolved_at, alarm.resolved_by = now, actor
    alarm.save(update_fields=["resolved_at", "resolved_by"])
    tell(alarm.template, f"Alarme resolvido: {alarm.get_kind_display().lower()}.", actor=actor, now=now)


def _siblings(template: MessageTemplate) -> QuerySet[MessageTemplate]:
    """The other versions of the same text that go out, or would if they were not stopped."""
    return MessageTemplate.objects.filter(
        stage=template.stage,
        variant=template.variant,
        language=template.language,
        status__in=[TemplateStatus.APPROVED, *_STOPPED],
        retired_at=None,
    ).exclude(pk=template.pk)


def _rank(quality: str) -> int:
    return _QUALITY_RANK.get(quality, _QUALITY_RANK["UNKNOWN"])


def _category_title(category: str) -> str:
    return CATEGORY_TITLES.get(category, category.lower())
