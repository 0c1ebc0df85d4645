"""The situation of one contact, read once, so that the rules read nothing."""

from __future__ import annotations

from datetime import datetime

from billing.enums import InvoiceStatus
from billing.models import Invoice
from compliance.gate.request import ContactRequest
from compliance.gate.situation import InvoiceState, Situation
from compliance.models import ContactSettings
from compliance.packs.model import RulePack
from compliance.places import country_pack, local_holidays
from compliance.standing import House, Recipient, Standing, load_standings
from members.models import ContactPoint


def load_situation(
    request: ContactRequest, now: datetime, *, settings: ContactSettings, without_decision: int | None = None
) -> tuple[Situation, RulePack]:
    """The situation of `request` at `now`, and the rules of its place.

    `without_decision`: a decision whose own contact must not count against itself, for a second look.
    """
    house = House.current(now=now, settings=settings)
    recipient = _recipient(request.contact_point_id)
    if request.member_id is None:
        return _of_stranger(house, recipient, now=now)
    standing = load_standings(
        [request.member_id],
        now=now,
        until=now,
        house=house,
        case_id=request.case_id,
        without_decision=without_decision,
    )[request.member_id]
    situation = standing.situation(
        now=now, recipient=recipient, channel=request.channel, invoices=_invoices(request, standing)
    )
    return situation, standing.pack


def _recipient(contact_point_id: int | None) -> Recipient | None:
    point = (
        None
        if contact_point_id is None
        else ContactPoint.objects.filter(pk=contact_point_id, voided_at=None).first()
    )
    return None if point is None else Recipient(point.member_id, point.channel, point.state)


def _of_stranger(house: House, recipient: Recipient | None, *, now: datetime) -> tuple[Situation, RulePack]:
    """Somebody wrote whom no member is known for: our own place decides, and nothing is known of them."""
    organisation = house.organisation
    pack, country_known = country_pack(organisation.country, organisation)
    return Situation(
        member_id=None,
        state=None,
        zone=organisation.zone,
        country_known=country_known,
        contact_point_member_id=None if recipient is None else recipient.member_id,
        contact_point_channel="" if recipient is None else recipient.channel,
        contact_point_state="" if recipient is None else recipient.state,
        identity_confirmed=False,
        original_creditor=organisation.original_creditor,
        switches=house.switches,
        local_holidays=local_holidays(
            country=pack.country, state=None, city="", now=now, home=organisation.country
        ),
        creditor_names=house.creditor_names,
        limits=house.limits,
    ), pack


def _invoices(request: ContactRequest, standing: Standing) -> tuple[InvoiceState, ...]:
    """Those the request names, else all open ones of the case."""
    invoices = Invoice.objects.filter(member_id=standing.member_id)
    if request.invoice_ids:
        invoices = invoices.filter(pk__in=request.invoice_ids)
    else:
        invoices = invoices.filter(
            case_invoices__case_id=standing.case_id, status__in=InvoiceStatus.collectable()
        )
    return tuple(
        InvoiceState(
            id=invoice.pk,
            due_on=invoice.due_date,
            original_due_on=invoice.original_due_date,
            is_open=invoice.status in InvoiceStatus.collectable(),
        )
        for invoice in invoices
    )
