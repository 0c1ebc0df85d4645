"""What was said and what was not: messages, their way at the provider, every decision, the robot's turns."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from cadence.models import CaseTraits, StepRun
from commons import clock
from compliance import wording
from compliance.models import ContactLedgerEntry, Decision
from conversations.enums import MessageKind
from conversations.models import AgentRun, Message, MessageStatus
from conversations.templatetags.inbox import button_titles
from experiments.assignment.models import Assignment
from members.enums import ContactPointState
from members.models import ContactPreference
from office.dossier.enums import Mode
from office.dossier.plain import record
from office.dossier.sections.reading import Reading, Records

OTHER_PERSON = "other_person"


def messages(reading: Reading) -> Records:
    """Both directions, with the instants as the provider told them.

    What somebody else wrote from a number that turned out not to be the member's is not theirs to be given:
    the line stays, its words do not.
    """
    rows = (
        Message.objects.filter(conversation__member=reading.member)
        .select_related("conversation__sender", "conversation__contact_point", "template", "media")
        .order_by("at", "pk")
    )
    failed = _failures(reading)
    return [_message(row, reading, failed_at=failed.get(row.pk)) for row in rows]


def _message(row: Message, reading: Reading, *, failed_at: Any) -> dict[str, Any]:
    point = row.conversation.contact_point
    stranger = (
        row.is_inbound
        and reading.mode == Mode.SUBJECT
        and point is not None
        and point.state == ContactPointState.WRONG
    )
    return record(
        id=row.pk,
        conversation=row.conversation_id,
        direction=row.direction,
        channel=row.conversation.sender.channel,
        sender=row.conversation.sender.display_phone,
        contact_point=row.conversation.contact_point_id,
        kind=row.kind,
        contact_kind=row.contact_kind,
        author=reading.who(row.author),
        state=row.state,
        text=None if stranger else reading.text(row.body),
        withheld=OTHER_PERSON if stranger else "",
        buttons=[] if row.is_inbound else button_titles(row),
        template=_template(row),
        media=None if stranger or row.kind == MessageKind.TEXT else _media(row),
        decision=row.decision_id,
        case=row.case_id,
        run=row.run_id,
        reply_to=row.reply_to_id,
        part_of=row.part_of_id,
        provider_id=row.provider_id,
        planned_at=row.at,
        send_at=row.send_at,
        called_at=row.called_at,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        read_at=row.read_at,
        answered_at=row.answered_at,
        failed_at=failed_at,
        failure_code=row.failure_code,
        failure=reading.text(row.failure),
        recorded_at=row.recorded_at,
    )


def _failures(reading: Reading) -> dict[int, Any]:
    failed = MessageStatus.objects.filter(message__conversation__member=reading.member, status="failed")
    return dict(failed.order_by("-at").values_list("message_id", "at"))


def _template(row: Message) -> dict[str, Any] | None:
    template = row.template
    if template is None:
        return None
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "stage": template.stage,
        "variant": template.variant,
        "version": template.version,
        "neutral": template.neutral,
    }


def _media(row: Message) -> dict[str, Any] | None:
    media = getattr(row, "media", None)
    if media is None:
        return None
    return {"mime_type": media.mime_type, "sha256": media.sha256, "size": media.size}


def provider_statuses(reading: Reading) -> Records:
    rows = MessageStatus.objects.filter(message__conversation__member=reading.member)
    return [
        record(
            message=row.message_id,
            status=row.status,
            at=row.at,
            details=reading.deep(row.details),
            recorded_at=row.recorded_at,
        )
        for row in rows.order_by("at", "pk")
    ]


def decisions(reading: Reading) -> Records:
    """Every passport, refusals and deferrals too; rules in the gate's order."""
    written: dict[int, list[int]] = defaultdict(list)
    pairs = Message.objects.filter(conversation__member=reading.member).exclude(decision=None)
    for decision_id, message_id in pairs.order_by("pk").values_list("decision_id", "pk"):
        written[decision_id or 0].append(message_id)
    rows = Decision.objects.filter(member=reading.member).order_by("at", "pk")
    return [
        record(
            id=row.pk,
            at=row.at,
            local_time=row.local_time,
            zone=row.zone,
            kind=row.kind,
            channel=row.channel,
            author=reading.who(row.author),
            step=row.step_key,
            verdict=row.verdict,
            until=row.until,
            rule=row.rule,
            sentence=reading.text(row.sentence),
            country=row.country,
            state=row.state,
            pack_version=row.pack_version,
            policy_version=row.policy_version,
            calendar_version=row.calendar_version,
            contact_point=row.contact_point_id,
            case=row.case_id,
            revises=row.revises_id,
            messages=written.get(row.pk, []),
            request=row.request,
            results=row.results,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]


def rules(found: Records) -> Records:
    """The words for every rule that the decisions of this dossier name."""
    names = {result["rule"] for decision in found for result in decision["results"]}
    return [
        record(rule=name, title=wording.title(name), stops_with=wording.sentence(name))
        for name in sorted(names)
    ]


def contact_ledger(reading: Reading) -> Records:
    return [
        record(
            id=line.pk,
            at=line.at,
            channel=line.channel,
            kind=line.kind,
            outcome=line.outcome,
            decision=line.decision_id,
            refunds=line.refunds_id,
            invoices=line.invoice_ids,
            recorded_at=line.recorded_at,
        )
        for line in ContactLedgerEntry.objects.filter(member=reading.member).order_by("at", "pk")
    ]


def steps(reading: Reading) -> Records:
    """What the régua did and left undone, by cycle."""
    rows = StepRun.objects.filter(case__member=reading.member).select_related("version__cadence")
    return [
        record(
            case=row.case_id,
            step=row.step_key,
            due_cycle=row.due_cycle,
            cadence=str(row.version),
            outcome=row.outcome,
            decision=row.decision_id,
            message=row.message_id,
            at=row.at,
        )
        for row in rows.order_by("at", "pk")
    ]


def robot_turns(reading: Reading) -> Records:
    """Answers that a machine worked out: with which model, instructions and policy, and what it did."""
    rows = (
        AgentRun.objects.filter(conversation__member=reading.member)
        .prefetch_related("steps")
        .order_by("started_at", "pk")
    )
    whole = reading.mode == Mode.SUBJECT
    return [
        record(
            id=row.pk,
            conversation=row.conversation_id,
            status=row.status,
            model=row.model,
            instructions=row.prompt_version,
            policy_version=row.policy_version,
            answers=row.inbound_ids,
            checks=[str(check.get("check", "")) for check in row.checks],
            tools=[
                {"tool": step.tool, "ok": step.ok}
                | ({"arguments": step.arguments, "result": step.result} if whole else {})
                for step in row.steps.all()
            ],
            started_at=row.started_at,
        )
        for row in rows
    ]


def scores(reading: Reading) -> Records:
    """What was computed or drawn about the person: their habits as segments count them, their part in pilots."""
    traits = CaseTraits.objects.filter(case__member=reading.member).order_by("case_id")
    drawn = Assignment.objects.filter(member=reading.member).select_related("pilot", "arm").order_by("pk")
    habits = [
        record(
            kind="habits",
            case=row.case_id,
            member_since=row.member_since,
            paid_before=row.paid_before,
            late_before=row.late_before,
            broken_promises=row.broken_promises,
            usual_amount=row.usual_amount,
            method=row.method,
            response=row.heard.response(clock.local(row.refreshed_at).date()),
            at=row.refreshed_at,
        )
        for row in traits
    ]
    pilots = [
        record(
            kind="pilot",
            pilot=row.pilot.name,
            arm=row.arm.name,
            left_alone=row.arm.leaves_alone,
            stratum=row.stratum,
            counted_as=row.traits,
            at=row.at,
        )
        for row in drawn
    ]
    return habits + pilots


def preferences(reading: Reading) -> Records:
    """When and how the member would rather be written to, and how we know."""
    rows = ContactPreference.objects.filter(member=reading.member)
    return [
        record(
            weekday_hours=row.weekday_hours,
            saturday_hours=row.saturday_hours,
            channel=row.channel,
            paydays=row.paydays,
            payment_cycle=row.payment_cycle,
            language=row.language,
            sources=row.sources,
            updated_at=row.updated_at,
            updated_by=reading.who(row.updated_by),
        )
        for row in rows
    ]
