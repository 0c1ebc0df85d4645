"""/control/members/: who lives in town, whether they move, and the truth about them."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.routing import BaseRoute, Route

from simulators.clock import Clock
from simulators.control import Refused
from simulators.members.mind import Invoice, Mind
from simulators.members.profile import Profile
from simulators.members.town import Town
from simulators.members.truth import HORIZON_DAYS, truth_of
from simulators.whatsapp.control.reading import Body, control_route, only, required
from simulators.whatsapp.phones import canonical

_PERSON = ("key", "phone", "seed", "first_name", "cpf_last_three", "invoices", "profile")


def member_routes(town: Town, clock: Clock) -> list[BaseRoute]:
    """Return `seed`, `people`, `pause`, `resume`, `reset` and `truth`."""

    async def seed(body: Body) -> Any:
        only(body, "reset", "people")
        people = [_mind(given, clock) for given in body.get("people", [])]
        if body.get("reset"):
            town.forget()
        town.census.add(people)
        town.census.pause(paused=False)
        return {"people": len(town.census)}

    async def people(query: Body) -> Any:
        wanted = query.get("key")
        return {"people": [mind.document() for mind in town.census if wanted in (None, mind.key)]}

    async def pause(_body: Body) -> Any:
        town.census.pause(paused=True)
        return {"paused": True}

    async def resume(_body: Body) -> Any:
        town.census.pause(paused=False)
        return {"paused": False}

    async def reset(_body: Body) -> Any:
        town.forget()
        return {"reset": True}

    async def truth(query: Body) -> Any:
        return truth_of(list(town.census), days=int(query.get("days") or HORIZON_DAYS))

    return [
        Route("/seed", control_route(seed), methods=["POST"]),
        Route("/people", control_route(people), methods=["GET"]),
        Route("/pause", control_route(pause), methods=["POST"]),
        Route("/resume", control_route(resume), methods=["POST"]),
        Route("/reset", control_route(reset), methods=["POST"]),
        Route("/truth", control_route(truth), methods=["GET"]),
    ]


def _mind(given: object, clock: Clock) -> Mind:
    """Return one seeded person. Raises `Refused`."""
    if not isinstance(given, dict):
        raise Refused("each of people must be an object")
    only(given, *_PERSON)
    now = clock.now()
    try:
        number = int(required(given, "seed"))
        profile = Profile.draw(number).changed(dict(given.get("profile") or {}))
        invoices = [_invoice(invoice) for invoice in given.get("invoices", [])]
    except (TypeError, ValueError) as error:
        raise Refused(str(error)) from error
    phone = str(given.get("phone") or "")
    mind = Mind(
        key=str(given.get("key") or number),
        phone=canonical(phone) if phone else "",
        seed=number,
        first_name=str(given.get("first_name", "")),
        digits=str(given.get("cpf_last_three", "")),
        profile=profile,
        since=now,
        invoices=invoices,
    )
    mind.late_at_start = bool(mind.late(now))
    mind.plan_alone(now)
    return mind


def _invoice(given: object) -> Invoice:
    if not isinstance(given, dict):
        raise Refused("each of invoices must be an object")
    only(given, "number", "amount", "due")
    due = date.fromisoformat(str(required(given, "due")))
    try:
        amount = Decimal(str(required(given, "amount"))).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Refused(f"{given['amount']} is no amount") from error
    return Invoice(number=str(required(given, "number")), amount=str(amount), due=due.isoformat())
