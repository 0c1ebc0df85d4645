"""`POST /2010-04-01/Accounts/{account}/Messages.json`, with the refusals of the real one."""

import asyncio
import base64
import binascii
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.sms.carrier import Carrier

_E164 = re.compile(r"\+[1-9]\d{7,14}")
_LONGEST = 1600
# So long that whoever waits has given up.
_FOR_EVER = 60.0
_SENTENCES = {
    20003: "Authenticate",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


def api_routes(carrier: Carrier) -> list[BaseRoute]:
    """Return the routes of the API."""

    async def send(request: Request) -> Response:
        if not _is_known(request, carrier):
            return _refused(20003, status=401)
        async with request.form() as given:
            form = {name: str(value) for name, value in given.items()}
        to, body = form.get("To", ""), form.get("Body", "")
        fault = carrier.fault("send", phone=to)
        if fault is not None and fault.action == "fail":
            code = int(fault.options.get("code", 21211))
            return _refused(code, status=int(fault.options.get("status", 400)))
        if fault is not None and fault.action == "gateway":
            return Response("<html>Bad gateway</html>", status_code=502, media_type="text/html")
        if fault is not None and fault.action == "timeout_before":
            await asyncio.sleep(float(fault.options.get("seconds", _FOR_EVER)))
        if not _E164.fullmatch(to):
            return _refused(21211)
        if not body:
            return _refused(21602)
        if len(body) > _LONGEST:
            return _refused(21617)
        message = carrier.take(form)
        if fault is not None and fault.action == "timeout_after":
            await asyncio.sleep(float(fault.options.get("seconds", _FOR_EVER)))
        if fault is not None and fault.action == "delay":
            await asyncio.sleep(float(fault.options.get("seconds", 1)))
        answer = {"sid": message["sid"], "status": "queued", "to": to, "from": message["from"], "body": body}
        return JSONResponse(answer | {"error_code": None, "account_sid": carrier.account}, status_code=201)

    return [Route("/2010-04-01/Accounts/{account}/Messages.json", send, methods=["POST"])]


def _is_known(request: Request, carrier: Carrier) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(given).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    account = request.path_params["account"]
    known = (carrier.account, carrier.token)
    return kind.lower() == "basic" and account == user and (user, password) == known


def _refused(code: int, *, status: int = 400) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    message = _SENTENCES.get(code, "The message was refused")
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return JSONResponse(body, status_code=status)
