"""Hours that a member opened by asking for them, where the country's rules hear such a wish."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from commons.history import append, member_transaction
from compliance.models import HoursRequest
from compliance.packs.loader import load_pack
from compliance.packs.windows import Window
from members.models import Member


class NotHeard(ValueError):
    """The request opens nothing; the message says why, in Portuguese."""


def record_hours_request(
    *,
    member: Member,
    contract_on: date,
    asked_on: date,
    weekday: str,
    saturday: str,
    source: str,
    words: str,
    actor: str,
    now: datetime,
) -> HoursRequest:
    """Keeps the member's own request, with its words, as what opens other hours from now on.

    `weekday` and `saturday` are written as `Window.parse` reads them. A later request takes the place of an
    earlier one. Raises as `check_hours_request`.
    """
    hours = check_hours_request(
        member=member,
        contract_on=contract_on,
        asked_on=asked_on,
        weekday=weekday,
        saturday=saturday,
        words=words,
    )
    with member_transaction(member.pk):
        made = HoursRequest.objects.create(
            member=member,
            contract_on=contract_on,
            asked_on=asked_on,
            weekday=weekday,
            saturday=saturday,
            source=source,
            words=words,
            actor=actor,
        )
        append(
            member_id=member.pk,
            kind="hours.requested",
            sentence=f"Pediu para ser contatado neste horário: {hours} ({source}).",
            at=now,
            actor=actor,
            hours_request=made.pk,
        )
    return made


def check_hours_request(
    *, member: Member, contract_on: date, asked_on: date, weekday: str, saturday: str, words: str
) -> Window:
    """The hours that the request would open.

    Raises NotHeard where the country hears no such wish, when it came with the contract, without the member's
    words, or with hours that cannot be used; UnknownCountry without rules for the country.
    """
    allowed = load_pack(member.country).on_request
    if allowed is None:
        raise NotHeard("As regras deste país não permitem abrir o horário a pedido do membro.")
    if asked_on <= contract_on:
        raise NotHeard("O pedido precisa ser feito depois do contrato, em um ato separado.")
    if not words.strip():
        raise NotHeard("Guarde as palavras do membro: elas são a prova do pedido.")
    try:
        hours = Window.parse(weekday=weekday, saturday=saturday)
    except ValueError as error:
        raise NotHeard(str(error)) from error
    if not (hours.weekday or hours.saturday) or not hours.within(allowed):
        raise NotHeard(f"O horário pedido precisa caber em: {allowed}.")
    return hours


def withdraw_hours_request(*, member: Member, source: str, actor: str, now: datetime) -> bool:
    """The member wants the ordinary hours again. False when nothing was open."""
    with member_transaction(member.pk):
        withdrawn = HoursRequest.objects.filter(member=member, withdrawn_at=None).update(withdrawn_at=now)
        if withdrawn:
            append(
                member_id=member.pk,
                kind="hours.withdrawn",
                sentence=f"Voltou ao horário comum ({source}).",
                at=now,
                actor=actor,
            )
    return bool(withdrawn)


def hours_requests_in_force(member_ids: Collection[int]) -> dict[int, HoursRequest]:
    """Of each of these members the newest request that was not withdrawn; who has none is missing. One query."""
    rows = HoursRequest.objects.filter(member_id__among=list(member_ids), withdrawn_at=None).order_by("pk")
    return {each.member_id: each for each in rows}
