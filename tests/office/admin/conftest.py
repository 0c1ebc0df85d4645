"""A small book in several situations, and the administrator who looks at it."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cadence.defaults import ensure_defaults
from cases.enums import EscalationReason
from cases.services import concerns, opening, promises
from commons import clock
from conversations.models import Sender
from members.models import Member
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory

DOCUMENTS = ("59663801123", "52998224725", "12345678909")
NOW = datetime.fromisoformat("2026-11-24T10:00:00-03:00")


@pytest.fixture
def business_now(db: None) -> Iterator[datetime]:
    clock.move(to=NOW, frozen=True)
    yield NOW
    clock.refresh()


@pytest.fixture
def book(business_now: datetime) -> list[Member]:
    """Three members late with one invoice each: one promised, one needs a person, one is simply late."""
    OrganisationFactory()
    Sender.objects.create(provider_id="100", name="Academia Horizonte")
    ensure_defaults(now=NOW)
    members: list[Member] = []
    for number, document in enumerate(DOCUMENTS):
        member = MemberFactory(name=f"Membro {number} da Silva", document=document)
        ContactPointFactory(member=member)
        InvoiceFactory(member=member, due_date=date(2026, 11, 5))
        opening.sync_case(member_id=member.pk, now=NOW)
        members.append(member)
    promises.take(case=members[0].cases.get(), on=date(2026, 11, 25), amount=None, author="agent", now=NOW)
    concerns.escalate(
        case=members[1].cases.get(),
        reason=EscalationReason.HUMAN_REQUESTED,
        raised_by="agent",
        now=NOW,
        summary="<b>quer</b> falar",
    )
    return members


@pytest.fixture
def office(client: Client, django_user_model: type[User]) -> Client:
    user = django_user_model.objects.create_superuser(
        "marina", password="uma senha longa", first_name="Marina"
    )
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
