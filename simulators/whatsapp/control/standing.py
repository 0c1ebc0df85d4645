"""The network's own side: number, templates, limits, webhooks, faults, idleness."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.routing import BaseRoute, Route

from simulators.control import Refused
from simulators.faults import Fault
from simulators.store import Document
from simulators.whatsapp.control.reading import Body, control_route, moment, only, person_of, required
from simulators.whatsapp.network import UnknownPersonError, WhatsApp
from simulators.whatsapp.phones import NotANumberError
from simulators.whatsapp.routes_objects import handshake
from simulators.whatsapp.templates.library import public
from simulators.whatsapp.templates.review import Verdict
from simulators.whatsapp.updates import BATCH_STYLES

POINTS: dict[str, tuple[str, ...]] = {
    "send": ("fail", "gateway", "timeout_before", "timeout_after", "delay"),
    "read": ("fail", "gateway", "timeout_before", "timeout_after", "delay"),
    "delivery": ("fail",),
    "webhook": ("drop", "delay", "duplicate", "reorder"),
    "upload": ("fail",),
    "media": ("fail",),
    "download": ("fail", "expire"),
}
_NUMBER = (
    "quality_rating",
    "messaging_limit",
    "name_status",
    "restricted",
    "payment_method",
    "token_expired",
)

# `status` changes the state and tells it; `event` tells something that changes none (FLAGGED, LIMIT_EXCEEDED).
_TEMPLATE = ("name", "language", "status", "event", "reason", "quality", "category", "correct_category", "at")


def standing_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return the routes for the number, its templates and the way webhooks go out."""
    return [
        *_fault_routes(network),
        *_number_routes(network),
        *_template_routes(network),
        *_post_routes(network),
    ]


def _fault_routes(network: WhatsApp) -> list[BaseRoute]:
    async def plan(body: Body) -> Any:
        only(body, "point", "action", "times", "match", "options")
        point, action = str(required(body, "point")), str(required(body, "action"))
        if action not in POINTS.get(point, ()):
            known = "; ".join(f"{name}: {', '.join(actions)}" for name, actions in POINTS.items())
            raise Refused(f"no action {action} at point {point}. Known: {known}")
        match = {str(name): str(value) for name, value in dict(body.get("match") or {}).items()}
        if "phone" in match:
            match["phone"] = _phone(network, match["phone"])
        try:
            fault = network.context.faults.plan(
                Fault(
                    system="whatsapp",
                    point=point,
                    action=action,
                    times=int(body.get("times", 1)),
                    match=match,
                    options=dict(body.get("options") or {}),
                )
            )
        except ValueError as error:
            raise Refused(str(error)) from error
        return {"id": fault.id}

    return [Route("/fault", control_route(plan), methods=["POST"])]


def _phone(network: WhatsApp, written: str) -> str:
    try:
        return network.person(written).phone
    except (UnknownPersonError, NotANumberError):
        return written.lstrip("+")


def _number_routes(network: WhatsApp) -> list[BaseRoute]:
    async def number(body: Body) -> Any:
        only(body, *_NUMBER)
        network.business.change(**body)
        return network.business.number_fields()

    async def event(body: Body) -> Any:
        only(body, "field", "value")
        network.tell(str(required(body, "field")), dict(required(body, "value")))
        return {"sent": True}

    async def limits(body: Body) -> Any:
        try:
            network.limiter.change(replace(network.limiter.limits, **body))
        except TypeError as error:
            raise Refused(str(error)) from error
        return network.limiter.limits.__dict__

    return [
        Route("/number", control_route(number), methods=["POST"]),
        Route("/event", control_route(event), methods=["POST"]),
        Route("/limits", control_route(limits), methods=["POST"]),
    ]


def _template_routes(network: WhatsApp) -> list[BaseRoute]:
    reviewer = network.reviewer

    async def change(body: Body) -> Any:
        only(body, *_TEMPLATE)
        template = _template(network, body)
        if "quality" in body:
            reviewer.set_quality(template, str(body["quality"]).upper())
        if "correct_category" in body:
            at = moment(body.get("at")) or network.context.clock.now() + timedelta(hours=24)
            reviewer.announce_category(template, str(body["correct_category"]).upper(), at)
        if "category" in body:
            previous = template["category"]
            template["category"] = str(body["category"]).upper()
            network.library.save(template)
            reviewer.tell_category(template, previous)
        if "status" in body:
            reviewer.set_status(template, str(body["status"]).upper(), reason=str(body.get("reason", "NONE")))
        if "event" in body:
            reviewer.tell_event(template, str(body["event"]).upper(), reason=str(body.get("reason", "NONE")))
        return public(template, ("name", "language", "status", "category", "quality_score"))

    async def review(body: Body) -> Any:
        only(body, "name", "outcome", "reason", "seconds")
        if "seconds" in body:
            reviewer.set_seconds(float(body["seconds"]))
        if "name" in body:
            outcome = str(required(body, "outcome")).upper()
            if outcome not in {"APPROVED", "REJECTED", "MARKETING"}:
                raise Refused("outcome must be APPROVED, REJECTED or MARKETING")
            category = "MARKETING" if outcome == "MARKETING" else ""
            status = "REJECTED" if outcome == "REJECTED" else "APPROVED"
            reason = str(body.get("reason") or ("INVALID_FORMAT" if status == "REJECTED" else "NONE"))
            reviewer.decide_beforehand(str(body["name"]), Verdict(status, category, reason))
        return {"seconds": reviewer.seconds}

    async def templates(_body: Body) -> Any:
        return {"templates": network.library.all()}

    return [
        Route("/template", control_route(change), methods=["POST"]),
        Route("/review", control_route(review), methods=["POST"]),
        Route("/templates", control_route(templates), methods=["GET"]),
    ]


def _template(network: WhatsApp, body: Body) -> Document:
    template = network.library.find(str(required(body, "name")), str(body.get("language", "pt_BR")))
    if template is None:
        raise Refused("there is no such template")
    return template


def _post_routes(network: WhatsApp) -> list[BaseRoute]:
    postman = network.postman

    async def webhooks(body: Body) -> Any:
        if body.get("style", "messages") not in BATCH_STYLES:
            raise Refused(f"style must be one of {', '.join(BATCH_STYLES)}")
        try:
            postman.change(replace(postman.settings, **body))
        except TypeError as error:
            raise Refused(str(error)) from error
        return postman.settings.__dict__

    async def retry(_body: Body) -> Any:
        return {"retried": postman.retry_now()}

    async def replay(body: Body) -> Any:
        only(body, "wamid", "phone", "bsuid")
        person = person_of(network, body).phone if body.get("phone") or body.get("bsuid") else None
        return {"replayed": postman.replay(wamid=body.get("wamid"), person=person)}

    async def idle(_body: Body) -> Any:
        return {"idle": network.idle(), "unfinished": postman.unfinished, "unacknowledged": postman.waiting}

    async def verify(body: Body) -> Any:
        account = network.business.account
        token = str(body.get("verify_token") or account.verify_token)
        url = f"{network.context.settings.public_url}/webhooks/whatsapp/"
        return {"verified": await handshake(network, url, token)}

    return [
        Route("/webhooks", control_route(webhooks), methods=["POST"]),
        Route("/retry", control_route(retry), methods=["POST"]),
        Route("/replay", control_route(replay), methods=["POST"]),
        Route("/idle", control_route(idle), methods=["GET"]),
        Route("/verify", control_route(verify), methods=["POST"]),
    ]
