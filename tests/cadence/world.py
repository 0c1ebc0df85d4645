"""A régua that is live, a number to write from, and members with invoices: everything the planner needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cadence import loading, planner, plans
from cadence.defaults import ensure_defaults
from cadence.engine import schedule, timing
from cadence.engine.schedule import DueStep
from cadence.engine.steps import VersionPlan
from cadence.engine.view import CaseView
from cadence.models import StepRun
from cases.models import Case
from cases.selectors import latest_case
from commons.clock import SAO_PAULO
from compliance.models import Decision
from conversations import threads
from conversations.enums import TemplateStatus
from conversations.models import Conversation, Message, MessageTemplate, Sender
from members import services as members
from members.enums import Channel
from members.models import ContactPoint, Member
from tests.cases.world import NOW, at
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory

TODAY = date(2026, 11, 24)
JOINED = at("2026-01-12 10:00")
STEPS = ("antes-3", "vencimento", "depois-2", "depois-7", "depois-15")


def house() -> None:
    """The organisation, its number, its régua with approved templates."""
    OrganisationFactory(support_hours={"monday_to_friday": "08:00-18:00"}, pix_key="")
    Sender.objects.get_or_create(provider_id="100", defaults={"name": "Academia Exemplo"})
    ensure_defaults(now=JOINED)
    MessageTemplate.objects.update(status=TemplateStatus.APPROVED)


def live_plan() -> VersionPlan:
    """The live version, ready to plan with."""
    version = plans.live_version()
    assert version is not None
    return plans.plan_of(version)


@dataclass
class Followed:
    """One member whom the régua follows."""

    member: Member
    point: ContactPoint

    @classmethod
    def owing(cls, *dues: date, now: datetime = NOW, confirmed: bool = True, **changes: Any) -> Followed:
        """With invoices of R$ 119,90 due on `dues`, known from `now`; the house is made when missing."""
        if not Sender.objects.exists():
            house()
        member = MemberFactory(document="", **changes)
        point = ContactPointFactory(member=member)
        members.grant_consent(
            member=member,
            channel=Channel.WHATSAPP,
            granted_at=JOINED,
            source="ficha de matrícula",
            text_version="2026-01",
            actor="system",
            now=JOINED,
        )
        if confirmed:
            members.confirm_identity(point=point, now=JOINED, actor="system")
        for due in dues:
            InvoiceFactory(member=member, amount="119.90", due_date=due, now=now)
        return cls(member, ContactPoint.objects.get(pk=point.pk))

    @classmethod
    def late(cls, days: int, now: datetime = NOW, **changes: Any) -> Followed:
        """With one invoice that was due `days` ago."""
        return cls.owing(TODAY - timedelta(days=days), now=now, **changes)

    @property
    def case(self) -> Case:
        found = latest_case(self.member.pk)
        assert found is not None
        return found

    def plan(self, now: datetime = NOW) -> datetime | None:
        """Plans the case; when the planner looks at it again."""
        planner.plan_case(case_id=self.case.pk, now=now)
        return self.case.next_contact_at

    def hears(self, at_: datetime) -> None:
        """The member wrote at that instant."""
        sender = Sender.objects.get()
        conversation = threads.with_contact_point(point=self.point, sender=sender, now=at_)
        Conversation.objects.filter(pk=conversation.pk).update(last_inbound_at=at_)

    def runs(self) -> list[tuple[str, date, str]]:
        """Step, cycle and outcome of what was done."""
        rows = StepRun.objects.filter(case__member=self.member).order_by("pk")
        return list(rows.values_list("step_key", "due_cycle", "outcome"))

    def messages(self) -> list[Message]:
        rows = Message.objects.filter(conversation__member=self.member).order_by("pk")
        return list(rows.select_related("template", "decision"))

    def decisions(self) -> list[tuple[str, str]]:
        """Verdict and deciding rule of every wish to write."""
        rows = Decision.objects.filter(member=self.member).order_by("pk")
        return list(rows.values_list("verdict", "rule"))

    def morning(self, day: date) -> datetime:
        """When the planner looks at this member on `day`."""
        return timing.moment_on(day, view=self.view(), zone=SAO_PAULO)

    def view(self, now: datetime = NOW) -> CaseView:
        """The case as the engine sees it."""
        return loading.view_of(self.case, version=live_plan(), now=now, zone=SAO_PAULO)

    def due(self, today: date) -> DueStep | None:
        """What is due at noon of that day."""
        noon = at(f"{today} 12:00")
        return schedule.due_step(self.view(noon), live_plan(), now=noon, zone=SAO_PAULO)

    def step_due(self, today: date) -> tuple[str, list[str]] | None:
        """Key of the due step and those passed."""
        found = self.due(today)
        return None if found is None else (found.step.key, [step.key for step in found.passed])

    def next_day(self, today: date) -> date | None:
        """The day of the next look, asked at noon of `today`."""
        noon = at(f"{today} 12:00")
        found = schedule.next_look(self.view(noon), live_plan(), now=noon, zone=SAO_PAULO)
        return None if found is None else found.astimezone(SAO_PAULO).date()
