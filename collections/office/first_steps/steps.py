"""The checklist: what each step finds, what it still misses, and the one page where that is done.

Nothing is ticked by hand. A step is done when the rows say so, and open again when they no longer do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.db.models import Q
from django.urls import reverse

from billing.models import Invoice
from cadence.enums import RehearsalStatus, VersionStatus
from cadence.models import CadenceVersion, Rehearsal, Step
from cases.policy import NegotiationPolicy
from commons.models import Organisation
from commons.money import brl
from commons.support_hours import CLOSED, DAYS, hours_of_weekday
from commons.text import written_cnpj
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, Sender
from office.imports.enums import BatchState
from office.models import ImportBatch

SEE = "commons.view_organisation"
"""Who is shown the checklist: those who set the house up."""

_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class FirstStep:
    """`said` is what is there, or what is missing and why it matters. `permission` opens the page of `url`."""

    key: str
    title: str
    is_done: bool
    said: str
    button: str
    url: str
    permission: str


@dataclass(frozen=True, slots=True)
class Checklist:
    steps: tuple[FirstStep, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> FirstStep | None:
        """The first step still open."""
        return next((step for step in self.steps if not step.is_done), None)


def checklist() -> Checklist:
    """The steps in their order; a constant number of queries."""
    organisation = Organisation.objects.filter(pk=1).first()
    version = _version()
    return Checklist(
        (
            _organisation(organisation),
            _hours(organisation),
            _sender(),
            _book(),
            _policy(organisation),
            _cadence(version),
            _texts(version),
            _rehearsal(version),
            _publication(version),
        )
    )


def _version() -> CadenceVersion | None:
    """The version people work on: the newest that is none of the past, else the live one."""
    open_ones = CadenceVersion.objects.filter(status__in=[VersionStatus.DRAFT, VersionStatus.REVIEW])
    return (
        open_ones.order_by("-number").first()
        or CadenceVersion.objects.filter(status=VersionStatus.LIVE).order_by("-number").first()
    )


def _organisation(organisation: Organisation | None) -> FirstStep:
    said = (
        "Diga quem cobra: o nome que os membros conhecem e o CNPJ vão em toda primeira mensagem."
        if organisation is None
        else f"{organisation.trade_name}, CNPJ {written_cnpj(organisation.cnpj)}."
    )
    url = reverse("settings:change", args=["identity"])
    return FirstStep(
        "organisation",
        "Organização",
        organisation is not None,
        said,
        "Cadastrar" if organisation is None else "Rever",
        url,
        "commons.change_organisation",
    )


def _hours(organisation: Organisation | None) -> FirstStep:
    open_days = (
        0
        if organisation is None
        else sum(hours_of_weekday(number, organisation) != CLOSED for number in range(len(DAYS)))
    )
    said = (
        f"Há gente para atender em {open_days} dia{'s' if open_days > 1 else ''} da semana."
        if open_days
        else "Diga quando há gente para atender: o robô promete uma pessoa só nesses horários."
    )
    return FirstStep(
        "hours",
        "Horário de atendimento",
        open_days > 0,
        said,
        "Rever" if open_days else "Definir horário",
        reverse("settings:change", args=["hours"]),
        "commons.change_organisation",
    )


def _sender() -> FirstStep:
    found = list(Sender.objects.order_by("-active", "pk"))
    is_done = any(sender.active for sender in found)
    if is_done:
        said = f"Escrevemos por {found[0]}."
    elif found:
        said = f"{found[0]} está parado: nenhuma mensagem sai."
    else:
        said = "Cadastre o número pelo qual escrevemos, com o id que o WhatsApp dá a ele."
    return FirstStep(
        "sender",
        "Número de envio",
        is_done,
        said,
        "Ver números" if found else "Cadastrar número",
        reverse("admin:conversations_sender_changelist" if found else "admin:conversations_sender_add"),
        "conversations.view_sender" if found else "conversations.add_sender",
    )


def _book() -> FirstStep:
    is_done = Invoice.objects.exists()
    waiting = (
        None
        if is_done
        else ImportBatch.objects.exclude(state__in=[BatchState.DONE, BatchState.REVERTED])
        .order_by("-pk")
        .first()
    )
    if is_done:
        said = "A carteira tem faturas. Um arquivo novo atualiza o que já existe."
    elif waiting is not None:
        said = f"O arquivo {waiting.file_name} foi enviado e ainda não entrou na carteira."
    else:
        said = "Envie a lista de faturas do seu sistema: CSV ou planilha. Nada sai para ninguém por isso."
    return FirstStep(
        "book",
        "Carteira",
        is_done,
        said,
        "Continuar o arquivo" if waiting else "Importar arquivo",
        reverse("imports:batch", args=[waiting.pk]) if waiting else reverse("imports:upload"),
        "office.add_importbatch",
    )


def _policy(organisation: Organisation | None) -> FirstStep:
    if organisation is None:
        said = "Nasce com a organização, cautelosa: você só muda se quiser."
    else:
        policy = NegotiationPolicy.of(organisation)
        charges = f"{organisation.fine_percent}% e juros de {organisation.interest_percent_month}%".replace(
            ".", ","
        )
        said = (
            f"Até {policy.installments_max} parcelas de {brl(policy.installment_min)} ou mais; multa de {charges} ao"
            " mês. Mude se quiser, com a aprovação de outra pessoa."
        )
    return FirstStep(
        "policy",
        "Política",
        organisation is not None,
        said,
        "Ver a política",
        reverse("policies:index"),
        "cases.view_policyversion",
    )


def _cadence(version: CadenceVersion | None) -> FirstStep:
    steps = 0 if version is None else Step.objects.filter(version=version).count()
    said = (
        f"Versão {version.number}, {version.get_status_display().lower()}, com {steps} etapas."
        if version is not None and steps
        else "Escolha um modelo pronto do seu setor: ele vira um rascunho que você ajusta."
    )
    return FirstStep(
        "cadence",
        "Régua",
        steps > 0,
        said,
        "Abrir a régua" if steps else "Escolher um modelo",
        reverse("regua:index") if version is None else reverse("regua:editor", args=[version.pk]),
        "cadence.view_cadenceversion",
    )


def _texts(version: CadenceVersion | None) -> FirstStep:
    needed = (
        set()
        if version is None
        else set(Step.objects.filter(version=version, active=True).values_list("stage", flat=True)) - {""}
    )
    approved = set(
        MessageTemplate.objects.filter(
            stage__in=needed, status=TemplateStatus.APPROVED, live_since__isnull=False
        ).values_list("stage", flat=True)
    )
    missing = len(needed - approved)
    is_done = bool(needed) and not missing
    if not needed:
        said = "Os textos chegam com a régua: escolha primeiro um modelo dela."
    elif is_done:
        said = "Todo texto que a régua usa está aprovado e no ar."
    else:
        said = (
            f"{missing} de {len(needed)} textos da régua ainda não foram aprovados pelo WhatsApp: envie os rascunhos."
            " O ensaio não precisa esperar por isso."
        )
    drafts = reverse("admin:conversations_messagetemplate_changelist")
    return FirstStep(
        "texts", "Textos", is_done, said, "Ver os textos", drafts, "conversations.view_messagetemplate"
    )


def _rehearsal(version: CadenceVersion | None) -> FirstStep:
    last = Rehearsal.objects.filter(status=RehearsalStatus.DONE).order_by("-pk").first()
    said = (
        "Veja o que a régua faria com a sua carteira, dia por dia, sem mandar nada a ninguém."
        if last is None
        else f"Ensaiada: {last.days} dias da carteira, sem mandar nada a ninguém."
    )
    page = reverse("regua:index") if version is None else reverse("regua:editor", args=[version.pk])
    return FirstStep(
        "rehearse",
        "Ensaiar",
        last is not None,
        said,
        "Ensaiar" if last is None else "Ver o ensaio",
        page if last is None else reverse("regua:rehearsal", args=[last.pk]),
        "cadence.view_cadenceversion",
    )


def _publication(version: CadenceVersion | None) -> FirstStep:
    is_done = CadenceVersion.objects.filter(status=VersionStatus.LIVE).exists()
    page = reverse("regua:index") if version is None else reverse("regua:editor", args=[version.pk])
    if is_done:
        return FirstStep(
            "publish",
            "Publicar",
            True,
            "Há uma régua no ar.",
            "Ver a régua",
            reverse("regua:index"),
            "cadence.view_cadenceversion",
        )
    if len(publishers()) < _SEVERAL:
        return FirstStep(
            "publish",
            "Publicar",
            False,
            "Uma pessoa pede e outra publica, e aqui há só uma: cadastre a segunda, com o papel Financeiro ou"
            " Administração.",
            "Cadastrar pessoa",
            reverse("admin:auth_user_add"),
            "auth.add_user",
        )
    return FirstStep(
        "publish",
        "Publicar",
        False,
        "Peça a aprovação na página da versão; outra pessoa a põe no ar.",
        "Abrir a versão",
        page,
        "cadence.view_cadenceversion",
    )


def publishers() -> list[int]:
    """A few people who may publish a régua: two are needed."""
    right = Permission.objects.filter(content_type__app_label="cadence", codename="publish_cadenceversion")
    found = User.objects.filter(
        Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right),
        is_active=True,
        is_staff=True,
    )
    return list(found.order_by("pk").values_list("pk", flat=True).distinct()[:_SEVERAL])


def shown_to(may: Callable[[str], bool]) -> bool:
    return may(SEE) and may("commons.change_organisation")
