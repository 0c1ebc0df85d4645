"""`/control/sms/`: telephones, and what people write."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.control import Refused, read_json
from simulators.sms.carrier import Carrier


def control_routes(carrier: Carrier) -> list[BaseRoute]:
    """Return the controls."""

    async def messages(request: Request) -> Response:
        return JSONResponse({"messages": carrier.chat(request.query_params.get("phone", ""))})

    async def inbound(request: Request) -> Response:
        body = await read_json(request)
        try:
            sid = carrier.say(phone=str(body["phone"]), to=str(body["to"]), text=str(body["text"]))
        except KeyError as error:
            raise Refused(f"{error.args[0]} is missing") from error
        return JSONResponse({"sid": sid})

    async def idle(_request: Request) -> Response:
        return JSONResponse({"idle": carrier.idle})

    async def reset(_request: Request) -> Response:
        carrier.reset()
        return JSONResponse({"reset": True})

    return [
        Route("/messages", messages, methods=["GET"]),
        Route("/inbound", inbound, methods=["POST"]),
        Route("/idle", idle, methods=["GET"]),
        Route("/reset", reset, methods=["POST"]),
    ]
