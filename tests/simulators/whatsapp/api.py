"""The simulator as a business and as its controls see it, over real HTTP."""

import json
import time
from typing import Any

import httpx

from simulators.server import ServerThread
from tests.simulators.receiver import Receiver, eventually
from tests.simulators.whatsapp.contract import load

NUMBER = "106540352242922"
ACCOUNT = "102290129340398"
ANA = "+5511900000001"
NOON = "2026-11-24T12:00:00-03:00"
BODY = {
    "type": "BODY",
    "text": "Olá {{1}}, sua fatura vence em {{2}}, certo?",
    "example": {"body_text": [["Ana", "10/12"]]},
}
REMINDER: dict[str, Any] = {
    "name": "lembrete",
    "language": "pt_BR",
    "category": "UTILITY",
    "components": [BODY],
}


class Api:
    """A business with a token. Answers and accepted sends are checked against Meta's specification."""

    def __init__(self, server: ServerThread, receiver: Receiver, *, version: str = "v25.0") -> None:
        self.server = server
        self.receiver = receiver
        self.version = version
        self.contract = load()
        self.http = httpx.Client(base_url=server.url, timeout=20.0, trust_env=False)
        self.token = "demo-access-token"

    def graph(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Call the Graph API below the version."""
        headers = {"Authorization": f"Bearer {self.token}"} | kwargs.pop("headers", {})
        answer = self.http.request(method, f"/whatsapp/{self.version}/{path}", headers=headers, **kwargs)
        if self.contract is not None:
            sent = kwargs.get("json")
            if answer.status_code == 200 and path.endswith("/messages"):
                self.contract.check_message(json.loads(json.dumps(sent)))
            self.contract.check_answer(method, f"/{self.version}/{path}", answer.status_code, answer.json())
        return answer

    def post(self, **body: Any) -> httpx.Response:
        """POST /messages, to Ana unless told otherwise."""
        defaults: dict[str, Any] = {"messaging_product": "whatsapp"}
        if "recipient" not in body and "status" not in body:
            defaults["to"] = ANA
        return self.graph("POST", f"{NUMBER}/messages", json=defaults | body)

    def send(self, **body: Any) -> str:
        """Send and return the wamid; the answer must be 200."""
        answer = self.post(**body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["messages"][0]["id"])

    def text(self, body: str = "oi", **more: Any) -> str:
        """Send a text and return the wamid."""
        return self.send(type="text", text={"body": body}, **more)

    def template(self, name: str = "lembrete", *values: str, **more: Any) -> str:
        """Send a template with positional values (two invented ones by default) and return the wamid."""
        parameters = [{"type": "text", "text": value} for value in values or ("Ana", "10/12")]
        components = [{"type": "body", "parameters": parameters}]
        template = {"name": name, "language": {"code": "pt_BR"}, "components": components}
        return self.send(type="template", template=template, **more)

    def error(self, **body: Any) -> dict[str, Any]:
        """Send something that must be refused and return the error."""
        answer = self.post(**body)
        assert answer.status_code >= 400, answer.text
        error: dict[str, Any] = answer.json()["error"]
        return error

    def control(self, path: str, **body: Any) -> Any:
        """POST a control and return its answer, which must be a good one."""
        answer = self.http.post(f"/control/whatsapp/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def look(self, path: str, **query: Any) -> Any:
        """GET a control."""
        answer = self.http.get(f"/control/whatsapp/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def clock(self, now: str) -> None:
        """Stop the business clock at that time."""
        self.http.post("/control/clock", json={"now": now, "frozen": True}).raise_for_status()

    def chat(self, phone: str = ANA) -> list[dict[str, Any]]:
        """Return what is in the chat."""
        messages: list[dict[str, Any]] = self.look("messages", phone=phone)["messages"]
        return messages

    def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        deadline = time.monotonic() + 8
        while not self.look("idle")["idle"]:
            assert time.monotonic() < deadline, self.look("idle")
            time.sleep(0.02)

    def statuses(self, wamid: str) -> list[str]:
        """Wait for idleness and return the statuses told of a message, in the order of their arrival."""
        self.settle()
        return [status["status"] for status in self.receiver.statuses(wamid)]

    def failure(self, wamid: str) -> int:
        """Wait for the failed status of a message and return its code."""
        found = eventually(
            lambda: [status for status in self.receiver.statuses(wamid) if status["status"] == "failed"]
        )
        return int(found[0]["errors"][0]["code"])
