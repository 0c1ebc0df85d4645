"""What the channel itself allows: free text, template categories, one channel a week."""

from __future__ import annotations

from datetime import timedelta

from compliance.enums import RuleId
from compliance.gate.kinds import KINDS, is_counted
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, passes, refuses
from compliance.gate.rules.standing import WHATSAPP

_MARKETING = "marketing"


def in_service_window(ask: Question) -> bool:
    """Whether the member wrote so lately that the provider takes free text."""
    until = ask.request.service_window_until
    if until is not None and ask.now < until:
        return True
    answered = ask.request.answers_inbound_at
    return answered is not None and answered <= ask.now < answered + ask.pack.moments.service_window


def channel_rule(ask: Question) -> RuleResult:
    known = ask.pack.channels.messages | ask.pack.channels.calls
    if KINDS[ask.request.kind].proactive and ask.request.channel not in known:
        return refuses(
            RuleId.CHANNEL_RULE,
            "Este meio de contato não é permitido no país do membro.",
            why="unknown_channel",
        )
    if ask.request.channel == WHATSAPP:
        if ask.request.template is None and not in_service_window(ask):
            return refuses(
                RuleId.CHANNEL_RULE,
                "Fora da janela de 24 horas, o WhatsApp só aceita modelos aprovados.",
                why="service_window_closed",
            )
        template = ask.request.template
        if template is not None and template.category == _MARKETING and not ask.situation.opted_in_marketing:
            return refuses(
                RuleId.CHANNEL_RULE,
                "O modelo é de marketing e o membro não aceitou marketing.",
                why="marketing_without_opt_in",
            )
    if ask.pack.channels.one_per_week and KINDS[ask.request.kind].proactive:
        return _one_channel(ask)
    return passes(RuleId.CHANNEL_RULE)


def _one_channel(ask: Question) -> RuleResult:
    """One channel in the last seven days and in the calendar week, whichever reaches back further."""
    local = ask.local
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    since = min(monday, ask.now - timedelta(days=7))
    others = [
        contact
        for contact in ask.situation.contacts
        if contact.counted
        and contact.at > since
        and contact.channel != ask.request.channel
        and is_counted(contact.kind, pre_due_counted=ask.pack.caps.pre_due_counted)
    ]
    if not others:
        return passes(RuleId.CHANNEL_RULE)
    free = ask.situation.local(max(contact.at for contact in others) + timedelta(days=7))
    return refuses(
        RuleId.CHANNEL_RULE,
        f"O membro já foi contatado por outro canal nesta semana; por este, a partir de {free:%d/%m/%Y %H:%M}.",
        why="one_channel_per_week",
        channels=sorted({contact.channel for contact in others}),
        free_at=free.isoformat(),
    )
