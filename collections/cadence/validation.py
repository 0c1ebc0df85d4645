"""What keeps a version from running, and what people should know before it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from cadence import plans, texts
from cadence.engine.segments import BadCondition
from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.traits import History
from cadence.enums import StepState, Timing, Trigger
from cadence.models import CadenceVersion
from cases.services.opening import HORIZON
from commons.models import Organisation
from compliance.models import ContactSettings
from compliance.packs import narrowing
from compliance.packs.loader import load_pack
from compliance.packs.model import RulePack
from conversations import templates, ways_in
from conversations.models import MessageTemplate, Sender
from conversations.stages import Stage, stage_title
from conversations.variables import names_in
from members.enums import Channel

# The words of the last months of a debt: they leave only by a person's hand.
ONLY_BY_PEOPLE = frozenset({Stage.LATE_31_60.value, Stage.LATE_OVER_60.value})
LATEST = 720
_ORDER = [StepState.REMINDER, StepState.SOFT, StepState.NEGOTIATION]


@dataclass(frozen=True, slots=True)
class Problem:
    """`sentence` says what to change. `blocks`: the version cannot be published as it is."""

    sentence: str
    step_key: str = ""
    blocks: bool = True


def problems_of(version: CadenceVersion) -> list[Problem]:
    """Everything found, those that block first."""
    try:
        plan = plans.plan_of(version)
    except BadCondition as error:
        return [Problem(str(error))]
    organisation = Organisation.current()
    pack = narrowing.apply(load_pack(organisation.country), ContactSettings.current().limits)
    found = [
        *_whole(plan),
        *_paces(plan, load_pack(organisation.country)),
        *_order(plan, pack),
        *_arming(plan),
        *(problem for step in plan.steps for problem in _hours(step, pack)),
        *_texts(plan),
        *_channels(plan),
    ]
    return sorted(found, key=lambda problem: not problem.blocks)


def _whole(plan: VersionPlan) -> Iterator[Problem]:
    if not plan.steps:
        yield Problem("A régua não tem nenhuma etapa ativa. Inclua ao menos uma.")
    for step in plan.steps:
        if step.trigger == Trigger.DAY and step.offset_days < -HORIZON.days:
            yield Problem(
                f"“{step.name}” sai {-step.offset_days} dias antes do vencimento; o máximo são {HORIZON.days}.",
                step.key,
            )
        if step.offset_days > LATEST:
            yield Problem(f"“{step.name}” sai depois de {LATEST} dias: traga para antes disso.", step.key)
        if step.stage in ONLY_BY_PEOPLE and not step.needs_person:
            yield Problem(
                f"“{step.name}” usa o texto “{stage_title(step.stage)}”, que só uma pessoa envia."
                " Marque “só uma pessoa envia”.",
                step.key,
            )


def _paces(plan: VersionPlan, pack: RulePack) -> Iterator[Problem]:
    for pace in plan.paces:
        try:
            narrowing.check(pack, pace.limits)
        except narrowing.WouldWiden as error:
            for sentence in error.sentences:
                yield Problem(f"Um ritmo pede mais do que a regra permite. {sentence}")


def _order(plan: VersionPlan, pack: RulePack) -> Iterator[Problem]:
    """Days, states and people of the steps of the calendar, in the order in which they go out."""
    for step in plan.before:
        if step.state != StepState.REMINDER:
            yield Problem(f"“{step.name}” sai até o vencimento: o estado precisa ser Lembrete.", step.key)
    for step in plan.after:
        if step.state == StepState.REMINDER:
            yield Problem(
                f"“{step.name}” sai depois do vencimento: o estado é Contato amigável ou Negociação.",
                step.key,
            )
    for first, second in _following(plan.before + plan.after):
        if first.offset_days == second.offset_days:
            yield Problem(
                f"“{first.name}” e “{second.name}” saem no mesmo dia para as mesmas pessoas:"
                " só a segunda iria. Mude o dia ou o público de uma delas.",
                second.key,
            )
        elif _ORDER.index(second.state) < _ORDER.index(first.state):
            yield Problem(
                f"“{second.name}” vem depois de “{first.name}” mas volta a um estado anterior. Troque a ordem"
                " ou o estado.",
                second.key,
            )
    for first, second in _following(plan.after):
        hours = (second.offset_days - first.offset_days) * 24
        if 0 < hours < pack.min_gap.total_seconds() / 3600:
            yield Problem(
                f"“{second.name}” sai menos de {int(pack.min_gap.total_seconds() // 3600)} horas depois de"
                f" “{first.name}”: será adiada.",
                second.key,
                blocks=False,
            )


def _following(steps: Sequence[StepPlan]) -> Iterator[tuple[StepPlan, StepPlan]]:
    """Each step with the one that goes out before it to the same people, whatever others get between them."""
    for place, second in enumerate(steps):
        first = next((each for each in reversed(steps[:place]) if _for_the_same(each, second)), None)
        if first is not None:
            yield first, second


def _for_the_same(first: StepPlan, second: StepPlan) -> bool:
    return first.audience is None or second.audience is None or first.audience == second.audience


def _arming(plan: VersionPlan) -> Iterator[Problem]:
    """Steps that wait for other steps: those must exist, and none may wait for itself."""
    for step in plan.triggered:
        if not step.after:
            continue
        if step.after not in plan.by_key:
            yield Problem(f"“{step.name}” espera por uma etapa que não existe nesta versão.", step.key)
            continue
        seen, following = {step.key}, plan.by_key.get(step.after)
        while following is not None:
            if following.key in seen:
                yield Problem(
                    f"“{step.name}” espera por si mesma, passando por “{following.name}”. Desfaça a volta.",
                    step.key,
                )
                break
            seen.add(following.key)
            following = plan.by_key.get(following.after)


def _hours(step: StepPlan, pack: RulePack) -> Iterator[Problem]:
    if step.timing != Timing.FIXED:
        return
    if step.hour is None:
        yield Problem(f"“{step.name}” sai em hora fixa: diga a hora.", step.key)
        return
    if not _is_open(pack, None, step.hour) and not _is_open(pack, "default", step.hour):
        widest = ", ".join(map(str, pack.default_windows.limit.weekday))
        yield Problem(
            f"“{step.name}” sai às {step.hour:%H:%M}, fora do horário permitido ({widest}). Escolha outra hora.",
            step.key,
        )
        return
    closed = [state for state in sorted(pack.state_windows) if not _is_open(pack, state, step.hour)]
    if closed:
        yield Problem(
            f"Às {step.hour:%H:%M} “{step.name}” será adiada em: {', '.join(closed)}.", step.key, blocks=False
        )


def _is_open(pack: RulePack, state: str | None, hour: time) -> bool:
    """Whether a weekday's window of that state is open then; "default" is every state without one of its own."""
    if state == "default":
        window = (
            pack.default_windows.shipped
            if pack.limits.window is None
            else (pack.default_windows.limit & pack.limits.window)
        )
    else:
        window = pack.window(state)
    return any(each.start <= hour < each.end for each in window.weekday)


def _texts(plan: VersionPlan) -> Iterator[Problem]:
    stored = list(MessageTemplate.objects.all())
    if _chosen(stored, texts.NEUTRAL_STAGE, History.FIRST_DELAY, neutral=True) is None:
        yield Problem(
            "Não há texto aprovado para confirmar quem é o membro: quem ainda não se identificou não"
            " receberia nada. Aprove o modelo “Confirmar quem é”."
        )
    has_number = ways_in.our_number() is not None
    for step in plan.steps:
        yield from _texts_of(step, stored, has_number=has_number)


def _texts_of(step: StepPlan, stored: Sequence[MessageTemplate], *, has_number: bool) -> Iterator[Problem]:
    said: set[str] = set()
    for history in (History.FIRST_DELAY, History.RECURRENT):
        template = _chosen(stored, step.stage, history, neutral=False)
        if template is None:
            yield Problem(
                f"“{step.name}” não tem texto aprovado para “{stage_title(step.stage)}”. Envie o modelo para"
                " aprovação ou escolha outro texto.",
                step.key,
            )
            return
        wanted = texts.Wanted(stage=step.stage, language="pt-BR", history=history, signer=step.signer)
        asked = {name for channel in step.channels for name in names_in(_words(template, channel))}
        missing = texts.lacking(asked, wanted=wanted, is_late=not step.is_before_due, has_number=has_number)
        for name in sorted(missing - said):
            said.add(name)
            yield Problem(
                f"O texto de “{step.name}” pede {{{{{name}}}}}, que ficaria vazio."
                f" {_REMEDIES.get(name, 'Escolha outro texto ou tire a variável dele.')}",
                step.key,
            )
        for channel in step.channels:
            if not _words(template, channel) and channel not in said:
                said.add(channel)
                yield Problem(
                    f"“{step.name}” usa {Channel(channel).label}, mas “{template.name}” não tem esse texto.",
                    step.key,
                )


_OUR_NUMBER = "Escreva o telefone do número de envio do WhatsApp, em Números de envio."
_REMEDIES = {
    "assinatura": "Diga quem assina.",
    "canal_pessoa": _OUR_NUMBER,
    "link_conversa": _OUR_NUMBER,
}


def _words(template: MessageTemplate, channel: str) -> str:
    """All that the template says on this channel, variables and all; empty where it has no words for it."""
    match channel:
        case Channel.EMAIL:
            whole = template.email_subject and template.email_body
            return f"{template.email_subject}\n{template.email_body}" if whole else ""
        case Channel.SMS:
            return template.sms_body
        case _:
            return template.body


def _chosen(
    stored: Sequence[MessageTemplate], stage: str, history: History, *, neutral: bool
) -> MessageTemplate | None:
    wanted = texts.Wanted(stage=stage, language="pt-BR", history=history)
    return templates.choose(
        stored, stage=stage, neutral=neutral, language=templates.DEFAULT_LANGUAGE, variant=wanted.variant
    )


def _channels(plan: VersionPlan) -> Iterator[Problem]:
    active = set(Sender.objects.filter(active=True).values_list("channel", flat=True))
    for step in plan.steps:
        if not step.channels:
            yield Problem(f"“{step.name}” não tem canal: escolha ao menos um.", step.key)
        elif not active & set(step.channels):
            names = ", ".join(Channel(channel).label for channel in step.channels)
            yield Problem(f"Nenhum remetente ativo para “{step.name}” ({names}).", step.key)
        elif missing := [Channel(each).label for each in step.channels if each not in active]:
            yield Problem(
                f"“{step.name}”: sem remetente ativo para {', '.join(missing)}; vai pelos outros canais.",
                step.key,
                blocks=False,
            )
