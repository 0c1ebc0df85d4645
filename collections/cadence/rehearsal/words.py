"""The texts of a rehearsal: which template each contact would use, and what the rules say about its words.

Words are judged once for every kind of contact that reads alike, on the first real member met of that kind:
amounts and dates come from the same ledger in all of them, so they cannot make a difference between two.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from billing import selectors as billing
from billing.models import Invoice
from cadence import segments, texts
from cadence.engine.schedule import DueStep
from cadence.engine.steps import StepPlan
from cadence.engine.traits import Traits
from cadence.engine.view import CaseView, PointView
from compliance.gate.evaluate import judge_words
from compliance.gate.request import ContactRequest, TemplateState
from compliance.gate.result import RuleResult
from compliance.gate.situation import Situation
from compliance.packs.model import RulePack
from conversations import templates
from conversations.models import MessageTemplate
from members.enums import ContactPointState
from members.models import ContactPoint


@dataclass(frozen=True, slots=True)
class Text:
    """The template of one contact. `alike` is equal for contacts whose words the rules cannot tell apart."""

    template: TemplateState
    category: str
    wanted: texts.Wanted
    alike: Hashable


class Words:
    """All templates, read once; verdicts on words, kept as they are asked for."""

    def __init__(self, *, zone: ZoneInfo, now: datetime) -> None:
        self._zone = zone
        self._templates = list(MessageTemplate.objects.all())
        self._chosen: dict[tuple[str, bool, str, str], MessageTemplate | None] = {}
        self._judged: dict[Hashable, list[RuleResult] | None] = {}
        self._segments = segments.rules_asked_by_the_gate(now=now)

    def text(
        self,
        view: CaseView,
        step: StepPlan,
        *,
        point: PointView,
        due: DueStep,
        now: datetime,
    ) -> Text | None:
        """None when there is no approved template."""
        neutral = point.state != ContactPointState.CONFIRMED
        wanted = texts.Wanted(
            stage=texts.NEUTRAL_STAGE if neutral else step.stage,
            language=view.language,
            history=due.traits.history,
            signer=step.signer,
        )
        template = self._choose(wanted, neutral=neutral)
        if template is None:
            return None
        today = now.astimezone(self._zone).date()
        return Text(
            template=TemplateState(template.name, template.is_sendable, template.category.lower()),
            category=template.category.lower(),
            wanted=wanted,
            alike=(
                template.pk,
                point.channel,
                step.signer,
                any(invoice.is_late(today) for invoice in due.invoices),
                min(len(due.invoices), texts.NAMED_INVOICES + 1),
                frozenset(invoice.words for invoice in due.invoices),
                view.past.uf if wanted.stage in texts.STATED_BY_PLACE else "",
            ),
        )

    def judged(
        self, text: Text, request: ContactRequest, situation: Situation, pack: RulePack, now: datetime
    ) -> list[RuleResult] | None:
        """What the rules say about these words, in this situation; None where there are no words.

        The template may have none for the channel, or ask for what is not known.
        """
        key = (
            text.alike,
            situation.identity_confirmed,
            situation.never_contacted,
            pack.country,
            request.kind,
        )
        if key not in self._judged:
            try:
                spelled_out = self._spelled_out(text, request, now)
            except texts.NoText:
                self._judged[key] = None
            else:
                self._judged[key] = judge_words(spelled_out, situation, pack, now)
        return self._judged[key]

    def segments(self, traits: Traits) -> tuple[str, ...]:
        """Of the segments that a switch or a black-out names, those this case is in."""
        return tuple(key for key, rule in self._segments if rule.holds(traits))

    def _choose(self, wanted: texts.Wanted, *, neutral: bool) -> MessageTemplate | None:
        key = (wanted.stage, neutral, wanted.language, wanted.variant)
        if key not in self._chosen:
            self._chosen[key] = templates.choose(
                self._templates,
                stage=wanted.stage,
                neutral=neutral,
                language=templates.template_language(wanted.language),
                variant=wanted.variant,
            )
        return self._chosen[key]

    def _spelled_out(self, text: Text, request: ContactRequest, now: datetime) -> ContactRequest:
        """The request with the words this member would really read."""
        point = ContactPoint.objects.select_related("member").get(pk=request.contact_point_id or 0)
        invoices = list(
            Invoice.objects.filter(pk__in=request.invoice_ids).order_by("original_due_date", "pk")
        )
        balance = billing.balance(point.member_id, on=now.astimezone(self._zone).date(), invoices=invoices)
        said = texts.text_for(wanted=text.wanted, point=point, balance=balance, now=now)
        titles = tuple(button["title"] for button in said.template.buttons)
        return replace(request, text=said.text, facts=said.facts, buttons=titles)
