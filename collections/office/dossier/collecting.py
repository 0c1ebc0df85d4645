"""A dossier put together: every section read in one go, the manifest over them, the signature over the manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from office.dossier import signing
from office.dossier.plain import plain
from office.dossier.sections import contacts, history, journey, money, people
from office.dossier.sections.reading import Reading, Records
from office.dossier.verify_dossier import FORMAT, file_of, manifest_hash, summary

# In the order of the file. `export` comes first and `rules` follows from `decisions`: see `collect`.
_SECTIONS: Mapping[str, Callable[[Reading], Records]] = {
    "creditor": people.creditor,
    "member": people.member,
    "sources": people.sources,
    "contact_points": people.contact_points,
    "consents": people.consents,
    "suppressions": people.suppressions,
    "preferences": contacts.preferences,
    "hours_requests": people.hours_requests,
    "privacy_notices": people.privacy_notices,
    "invoices": money.invoices,
    "ledger": money.ledger,
    "payments": money.payments,
    "allocations": money.allocations,
    "reversals": money.reversals,
    "payment_means": money.payment_means,
    "balance": money.balance,
    "cases": journey.cases,
    "case_events": journey.case_events,
    "holds": journey.holds,
    "offers": journey.offers,
    "promises": journey.promises,
    "agreements": journey.agreements,
    "pauses": journey.pauses,
    "payment_claims": journey.payment_claims,
    "disputes": journey.disputes,
    "escalations": journey.escalations,
    "messages": contacts.messages,
    "provider_statuses": contacts.provider_statuses,
    "decisions": contacts.decisions,
    "contact_ledger": contacts.contact_ledger,
    "steps": contacts.steps,
    "robot_turns": contacts.robot_turns,
    "scores": contacts.scores,
    "history": history.history,
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """A sealed dossier: `document` is what the JSON file says, and nothing in it can be changed unnoticed."""

    document: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.document["manifest"]["dossier"])

    @property
    def sections(self) -> dict[str, Records]:
        return dict(self.document["sections"])

    @property
    def manifest_hash(self) -> str:
        return manifest_hash(self.document["manifest"])

    @property
    def json(self) -> bytes:
        """The canonical file."""
        return file_of(self.document)


def collect(reading: Reading, *, export: dict[str, Any]) -> dict[str, Records]:
    """Every section, in the order of the file; a constant number of queries however much there is to tell.

    Runs inside the member's transaction, so that all of it is of one moment.
    """
    found = {"export": [export], **{name: read(reading) for name, read in _SECTIONS.items()}}
    return {**found, "rules": contacts.rules(found["decisions"])}


def seal(sections: dict[str, Records], *, dossier_id: str, member_id: int, generated_at: Any) -> Dossier:
    """The manifest and its signature around `sections`."""
    manifest = {
        "dossier": dossier_id,
        "member": member_id,
        "generated_at": plain(generated_at),
        "history": history.head(sections["history"]),
        "sections": [summary(name, records) for name, records in sections.items()],
        "public_key": signing.public_key(),
        "key_url": key_url(),
    }
    return Dossier(
        {
            "format": FORMAT,
            "sections": sections,
            "manifest": manifest,
            "signature": signing.signature(manifest, of=FORMAT),
        }
    )


def key_url() -> str:
    """Where this deployment publishes the key that its dossiers are signed with."""
    return f"{settings.PUBLIC_URL}{reverse('dossier_public:key')}"
