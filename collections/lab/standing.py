"""What stands when a scene begins: the contact policy, the provider's templates, the opening's decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from commons.models import Organisation
from compliance import services as compliance
from compliance.enums import ContactKind, Verdict
from compliance.models import ContactSettings, Decision
from compliance.packs.calendar import library_version
from conversations.models import MessageTemplate
from conversations.template_sync import components_of
from members.models import ContactPoint, Member


def contact_policy(data: dict[str, Any]) -> None:
    """The creditor's hours and limits, inside what the law allows."""
    window = data["window"]
    compliance.change_settings(
        settings=ContactSettings(
            own_hours=True,
            weekday=window["monday_to_friday"],
            saturday="" if window.get("saturday") in {None, "none"} else window["saturday"],
            max_messages_7d=data["max_messages_7d"],
            min_gap_hours=data["min_gap_hours"],
        )
    )


def opening_decision(*, member: Member, point: ContactPoint, at: datetime) -> Decision:
    """The passport of the message that the scene starts after; it left before the scene, so it stands as allowed."""
    organisation = Organisation.current()
    decision = Decision.objects.create(
        member=member,
        contact_point=point,
        kind=ContactKind.COLLECTION,
        channel=point.channel,
        author="cadence",
        verdict=Verdict.ALLOW,
        sentence="Permitido: já estava enviada no início da cena.",
        results=[],
        request={"invoices": []},
        country=organisation.country,
        state=member.uf,
        zone=organisation.timezone,
        local_time=at.astimezone(organisation.zone).strftime("%Y-%m-%dT%H:%M"),
        pack_version="lab",
        policy_version=1,
        calendar_version=library_version(),
        at=at,
    )
    compliance.record_contact(decision=decision, now=at)
    return decision


def provider_templates() -> list[dict[str, Any]]:
    """Our templates as WhatsApp would hold them, approved."""
    return [as_provider(template) for template in MessageTemplate.objects.all()]


def as_provider(template: MessageTemplate) -> dict[str, Any]:
    """One template as the provider holds it after its review."""
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": "APPROVED",
        "parameter_format": "NAMED",
        "components": components_of(template),
    }
