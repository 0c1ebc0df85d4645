"""Media: upload, look-up, delete, and the short-lived download address that still wants the token."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.graph import Call, graph_route
from simulators.whatsapp.network import WhatsApp


def media_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return upload and download; look-up and delete hang on the object's own path (`routes_objects`)."""

    async def upload(call: Call) -> dict[str, Any]:
        if call.object_id != network.business.account.phone_number_id:
            raise unknown_object(call.object_id, "post")
        fault = network.context.faults.take("whatsapp", "upload")
        if fault is not None:
            raise GraphError(int(fault.options.get("code", 131053)))
        async with call.request.form() as form:
            if form.get("messaging_product") != "whatsapp":
                raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise GraphError(100, "The parameter file is required.")
            declared = form.get("type")
            raw, filename = await file.read(), file.filename or ""
            mime_type = file.content_type or (declared if isinstance(declared, str) else "") or ""
        identifier = network.media.upload(raw, mime_type, filename)
        call.journal["body"] = {"file": filename, "type": mime_type, "size": len(raw)}
        return {"id": identifier}

    async def download(request: Request) -> Response:
        fault = network.context.faults.take("whatsapp", "download")
        try:
            network.business.check_token(request.headers.get("authorization", "").partition(" ")[2])
        except GraphError as error:
            return JSONResponse(error.envelope(), status_code=error.status)
        if fault is not None and fault.action != "expire":
            return PlainTextResponse("error", status_code=int(fault.options.get("status", 500)))
        followed = network.media.follow(request.path_params["token"])
        if followed is None or fault is not None:
            return PlainTextResponse("URL signature expired", status_code=404)
        media, raw = followed
        network.journal.write(direction="in", kind="download", media=media["id"], status=200)
        return Response(raw, media_type=media["mime_type"])

    return [
        Route("/lookaside/{token}", download, methods=["GET"]),
        Route("/{version}/{object_id}/media", graph_route(network, upload), methods=["POST"]),
    ]
