"""Who may do what: six roles, each with the least its work needs. People get roles, never single permissions.

The groups are made after every migration and brought back to what stands here, so that nobody's rights grow
by an edit that nobody remembers. An administrator who needs something else makes another group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import Group, Permission


class Role(StrEnum):
    """The values are the names of the groups, as people read them."""

    FINANCE = "Financeiro"
    SUPERVISOR = "Supervisão"
    OPERATOR = "Atendimento"
    ANALYST = "Análise"
    AUDITOR = "Auditoria"
    ADMINISTRATOR = "Administração"


@dataclass(frozen=True)
class Rights:
    """`sees` are models ("app.model", "app.*" for all of an app); `does` are permissions ("app.codename")."""

    sees: tuple[str, ...]
    does: tuple[str, ...] = ()


_MONEY = ("billing.*",)
_CASES = ("cases.*",)
_RULES = ("compliance.*", "cadence.*")
_CONTACTS = (
    "members.suppressionmark",
    "members.consent",
    "members.hygienetask",
    "members.contactpreference",
    "members.privacynotice",
)
_PEOPLE = ("members.member", "members.contactpoint", *_CONTACTS)
_TALK = ("conversations.conversation", "conversations.message", "conversations.note")
_WORK_CASES = (
    "cases.change_case",
    "cases.add_hold",
    "cases.change_hold",
    "cases.change_escalation",
    "cases.change_promise",
    "cases.change_dispute",
    "cases.change_paymentclaim",
    "cases.change_agreement",
    "cases.change_pause",
)
_KEEP_BOOK = (
    "members.add_suppressionmark",
    "members.add_consent",
    "compliance.add_hoursrequest",
    "members.change_contactpoint",
    "members.change_contactpreference",
    "members.change_hygienetask",
)
_BLACKOUTS = ("compliance.add_blackout", "compliance.change_blackout")

RIGHTS: Mapping[Role, Rights] = {
    # Runs collection: the book, the régua up to its approval, the texts. Publishing takes a second person.
    Role.FINANCE: Rights(
        sees=(
            *_PEOPLE,
            *_MONEY,
            *_CASES,
            *_RULES,
            "conversations.*",
            "assignment.*",
            "office.*",
            "commons.organisation",
        ),
        does=(
            "members.reveal_member",
            "members.change_member",
            *_KEEP_BOOK,
            *_WORK_CASES,
            "billing.add_payment",
            "billing.change_payment",
            "billing.change_paymentmeans",
            "cadence.change_cadenceversion",
            "cadence.publish_cadenceversion",
            "cadence.change_segment",
            "cadence.change_stepapproval",
            "conversations.add_messagetemplate",
            "conversations.change_messagetemplate",
            "conversations.change_conversation",
            "compliance.add_switch",
            *_BLACKOUTS,
            "office.add_importbatch",
            "office.change_importbatch",
            "office.add_listexport",
            "office.add_savedfilter",
            "assignment.add_pilot",
            "assignment.change_pilot",
            "commons.change_organisation",
            "cases.change_policyversion",
            "cases.publish_policyversion",
            "office.add_goal",
            "office.add_monthlycost",
            "cadence.add_messageprice",
        ),
    ),
    # Leads the people who talk: takes over, decides cases, sends what only people send, stops what goes wrong.
    Role.SUPERVISOR: Rights(
        sees=(
            "members.reveal",
            *_PEOPLE,
            *_MONEY,
            *_CASES,
            "compliance.decision",
            "compliance.hoursrequest",
            "compliance.switch",
            "compliance.blackout",
            "cadence.steprun",
            "cadence.stepapproval",
            "cadence.missingdata",
            *_TALK,
            "conversations.agentrun",
            "office.savedfilter",
        ),
        does=(
            "members.reveal_member",
            *_KEEP_BOOK,
            *_WORK_CASES,
            "conversations.change_conversation",
            "cadence.change_stepapproval",
            "compliance.add_switch",
            *_BLACKOUTS,
            "office.add_savedfilter",
        ),
    ),
    # Talks with members: sees what the conversation needs, and writes down what members ask for.
    Role.OPERATOR: Rights(
        sees=(
            *_TALK,
            "members.member",
            "members.contactpoint",
            "members.contactpreference",
            "cases.*",
            "billing.invoice",
            "billing.payment",
            "billing.paymentmeans",
        ),
        does=(
            "conversations.change_conversation",
            "members.add_suppressionmark",
            "members.change_contactpreference",
        ),
    ),
    # Reads results; touches nothing and nobody.
    Role.ANALYST: Rights(
        sees=(
            "assignment.*",
            "cadence.*",
            "cases.case",
            "compliance.decision",
            "billing.invoice",
            "billing.payment",
        ),
        does=("assignment.add_pilot", "assignment.change_pilot", "cadence.change_segment"),
    ),
    # Reads everything, changes nothing; takes the books away with a reason.
    Role.AUDITOR: Rights(
        sees=(
            "members.reveal",
            *_PEOPLE,
            *_MONEY,
            *_CASES,
            *_RULES,
            "conversations.*",
            "assignment.*",
            "office.*",
            "commons.*",
        ),
        does=("office.add_listexport", "members.reveal_member"),
    ),
    # Sets the house up: people, senders, policies, schedules. Money and conversations are others' work.
    Role.ADMINISTRATOR: Rights(
        sees=(
            "members.reveal",
            "auth.*",
            "commons.*",
            "compliance.*",
            "cadence.*",
            "conversations.sender",
            "conversations.messagetemplate",
            "conversations.channelevent",
            "cases.policyversion",
            "members.privacynotice",
            "office.*",
            "django_celery_beat.*",
        ),
        does=(
            "members.reveal_member",
            "auth.add_user",
            "auth.change_user",
            "commons.add_organisation",
            "commons.change_organisation",
            "compliance.add_switch",
            *_BLACKOUTS,
            "compliance.add_contactsettings",
            "compliance.change_contactsettings",
            "compliance.add_localholiday",
            "compliance.change_localholiday",
            "compliance.delete_localholiday",
            "cadence.publish_cadenceversion",
            "cadence.add_messageprice",
            "conversations.add_sender",
            "conversations.change_sender",
            "conversations.change_messagetemplate",
            "members.add_privacynotice",
            "django_celery_beat.change_periodictask",
            "office.add_importbatch",
            "cases.change_policyversion",
            "cases.publish_policyversion",
            "office.add_goal",
            "office.add_monthlycost",
        ),
    ),
}


def ensure_roles(**_: object) -> None:
    """Makes the groups and gives each exactly its rights. Safe to run at any time."""
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, rights in RIGHTS.items():
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(rights, known))


def _permissions(rights: Rights, known: Mapping[tuple[str, str], Permission]) -> list[Permission]:
    return [*_seen(rights.sees, known), *_done(rights.does, known)]


def _seen(models: Iterable[str], known: Mapping[tuple[str, str], Permission]) -> list[Permission]:
    wanted = {tuple(name.split(".")) for name in models}
    return [
        permission
        for (app, codename), permission in known.items()
        if codename.startswith("view_")
        and ((app, "*") in wanted or (app, codename.removeprefix("view_")) in wanted)
    ]


def _done(names: Iterable[str], known: Mapping[tuple[str, str], Permission]) -> list[Permission]:
    pairs = [tuple(name.split(".")) for name in names]
    return [known[app, codename] for app, codename in pairs if (app, codename) in known]
