"""Seeding and changing people."""

import re
from typing import Any

from starlette.routing import BaseRoute, Route

from simulators.control import Refused
from simulators.whatsapp.control.reading import Body, control_route, only, person_of, required
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.people import BLOCKS, SCRIPTS, Person
from simulators.whatsapp.phones import BUSINESS_SCOPED_ID, canonical, without_ninth_digit

_PERSON = (
    "phone",
    "name",
    "username",
    "bsuid",
    "wa_id",
    "ninth_digit",
    "hide_phone",
    "online",
    "read_receipts",
    "blocked",
    "marketing_stopped",
    "script",
)
_FLAGS = ("hide_phone", "online", "read_receipts")


def people_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return `seed`, `people`, `person`, `change_number` and `reset`."""
    return [*_seed_routes(network), *_change_routes(network)]


def _seed_routes(network: WhatsApp) -> list[BaseRoute]:
    async def seed(body: Body) -> Any:
        only(body, "people", "templates", "business", "unknown_numbers", "reset")
        if body.get("reset"):
            await network.reset(keep_account=body["reset"] == "chats")
        if body.get("unknown_numbers"):
            network.business.change(unknown_numbers=str(body["unknown_numbers"]))
        if body.get("business"):
            network.business.change(verified_name=str(required(body["business"], "name")))
        try:
            with network.context.store.transaction():
                people = [add_person(network, given) for given in body.get("people", [])]
                templates = [network.library.seed(given) for given in body.get("templates", [])]
        except Exception:
            # The store took nothing of it; neither may what is held in memory.
            network.people.reload()
            raise
        network.context.bus.publish("people", None)
        return {
            "people": [described(person) for person in people],
            "templates": [{"id": item["id"], "name": item["name"]} for item in templates],
        }

    async def everybody(_body: Body) -> Any:
        return {"people": [described(person) for person in network.people]}

    async def reset(body: Body) -> Any:
        only(body, "keep_account")
        await network.reset(keep_account=bool(body.get("keep_account", False)))
        return {"reset": True}

    return [
        Route("/seed", control_route(seed), methods=["POST"]),
        Route("/people", control_route(everybody), methods=["GET"]),
        Route("/reset", control_route(reset), methods=["POST"]),
    ]


def _change_routes(network: WhatsApp) -> list[BaseRoute]:
    async def change(body: Body) -> Any:
        only(body, *_PERSON)
        person = person_of(network, body)
        facts = read_facts(body)
        stopped = facts.pop("marketing_stopped", None)
        for name in ("name", "username"):
            if name in body:
                facts[name] = str(body[name])
        network.change_person(person, **facts)
        if stopped is not None and stopped != person.marketing_stopped:
            network.inbox.set_marketing(person, stopped=stopped)
        return described(person)

    async def change_number(body: Body) -> Any:
        person = person_of(network, body)
        new = canonical(str(required(body, "new_phone")))
        if network.people.find(new) is not None:
            raise Refused(f"{new} belongs to somebody already")
        wamids = network.inbox.change_number(person, new)
        return described(person) | {"wamids": wamids}

    return [
        Route("/person", control_route(change), methods=["POST"]),
        Route("/change_number", control_route(change_number), methods=["POST"]),
    ]


def add_person(network: WhatsApp, given: object) -> Person:
    """Add one seeded person. Raises `Refused`."""
    if not isinstance(given, dict):
        raise Refused("each of people must be an object")
    only(given, *_PERSON)
    phone = canonical(str(required(given, "phone")))
    wa_id = re.sub(r"\D", "", str(given.get("wa_id") or ""))
    if given.get("ninth_digit") is False:
        wa_id = without_ninth_digit(phone)
    bsuid = str(given.get("bsuid") or "")
    if bsuid and not BUSINESS_SCOPED_ID.match(bsuid):
        raise Refused(f"{bsuid} is not a business-scoped user id")
    facts = read_facts(given)
    if "username" in given:
        facts["username"] = str(given["username"])
    return network.people.add(phone=phone, name=str(given.get("name", "")), wa_id=wa_id, bsuid=bsuid, **facts)


def read_facts(given: Body) -> dict[str, Any]:
    """Return the changeable facts of a person. Raises `Refused` for what has no meaning."""
    facts: dict[str, Any] = {name: bool(given[name]) for name in _FLAGS if name in given}
    if "marketing_stopped" in given:
        facts["marketing_stopped"] = bool(given["marketing_stopped"])
    if "blocked" in given:
        blocked = given["blocked"]
        facts["blocked"] = "undeliverable" if blocked is True else str(blocked or "")
        if facts["blocked"] not in BLOCKS:
            raise Refused(f"blocked must be false, true or one of {', '.join(BLOCKS[1:])}")
    if "script" in given:
        facts["script"] = read_script(given["script"])
    return facts


def read_script(given: object) -> dict[str, Any]:
    """Return a status script given by name or as an object. Raises `Refused`."""
    script = {"name": given or "normal"} if not isinstance(given, dict) else {"name": "normal"} | given
    only(script, "name", "code", "details", "seconds", "auto_read")
    if script["name"] not in SCRIPTS:
        raise Refused(f"script must be one of {', '.join(SCRIPTS)}")
    return script


def described(person: Person) -> dict[str, Any]:
    """Return the person as JSON, `phone` with its plus sign."""
    return person.document() | {"phone": f"+{person.phone}"}
