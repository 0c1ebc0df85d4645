"""The product as synthetic members meet it: it writes over the Graph API, makes charges and hears of money."""

from typing import Any, Self
from uuid import uuid4

import httpx

from simulators.pix.account import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_KEY
from simulators.server import ServerThread
from tests.simulators.receiver import Receiver
from tests.simulators.whatsapp.api import Api

ANA = "+5511900000001"
MORNING = "2026-11-24T10:00:00-03:00"
INVOICE = {"number": "00012611", "amount": "119.90", "due": "2026-11-16"}
GREETING = {
    "type": "button",
    "body": {"text": "Olá! Falo com Ana?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "sou_eu", "title": "Sou eu"}},
            {"type": "reply", "reply": {"id": "nao_sou", "title": "Não sou"}},
            {"type": "reply", "reply": {"id": "nao_receber", "title": "Não receber mais"}},
        ]
    },
}
WHO = "Para falar com segurança, me diga o seu primeiro nome e os três últimos números do seu CPF?"
MENU = "Há uma fatura em aberto, hoje em R$ 122,60. Quer o Pix, combinar um dia ou dividir?"


class Business:
    """Ana owes one invoice since the week before; her nature is given by each test."""

    def __init__(self, server: ServerThread, receiver: Receiver) -> None:
        self.receiver = receiver
        self.api = Api(server, receiver)
        self.url = server.url

    def __enter__(self) -> Self:
        self.clock(MORNING)
        self.api.control("seed", people=[{"phone": ANA, "name": "Ana Souza"}])
        token = httpx.post(
            f"{self.url}/pix/oauth/token",
            auth=(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET),
            data={"grant_type": "client_credentials"},
        ).json()["access_token"]
        self.bank = httpx.Client(
            base_url=f"{self.url}/pix", headers={"Authorization": f"Bearer {token}"}, timeout=10.0
        )
        hook = {"webhookUrl": f"{self.receiver.url}/webhooks/pix/secret"}
        assert self.bank.put(f"/webhook/{DEFAULT_KEY}", json=hook).status_code == 200
        # The person has written before: the business may write freely.
        self.api.control("inbound", phone=ANA, text="oi", timestamp="2026-11-24T08:30:00-03:00")
        return self

    def __exit__(self, *_error: object) -> None:
        self.api.http.close()
        self.bank.close()

    def settle_ana(self, **profile: Any) -> None:
        """Let Ana live in town, with these traits: she answers everything within some minutes."""
        traits = {"punctual": None, "self_cure": None, "responds": 1.0, "answer_minutes": 5.0, "ask": "pix"}
        ana = {
            "key": "ana",
            "phone": ANA,
            "seed": 1,
            "first_name": "Ana",
            "cpf_last_three": "725",
            "invoices": [INVOICE],
            "profile": traits | {"pays_after_contact": None, "reads": True} | profile,
        }
        self.control("seed", people=[ana])

    def control(self, path: str, **body: Any) -> Any:
        answer = self.api.http.post(f"/control/members/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ana(self) -> dict[str, Any]:
        """What she is like by now."""
        people = self.api.http.get("/control/members/people", params={"key": "ana"}).json()["people"]
        return dict(people[0])

    def clock(self, now: str) -> None:
        self.api.clock(now)

    def at(self, time: str, day: int = 24) -> None:
        """Push the clock to that time of the day in November."""
        self.clock(f"2026-11-{day}T{time}:00-03:00")

    def say(self, text: str) -> None:
        self.api.text(text)

    def greet(self) -> None:
        self.api.send(type="interactive", interactive=GREETING)

    def heard(self) -> list[str]:
        """What the product was told that Ana said, in order, the first hello aside."""
        words = []
        for message in self.receiver.messages():
            if message["type"] == "text":
                words.append(message["text"]["body"])
            elif message["type"] == "interactive":
                words.append(message["interactive"]["button_reply"]["title"])
        return words[1:]

    def charge(self, amount: str = "122.60") -> str:
        """Make a charge; return its code."""
        body = {"calendario": {"expiracao": 43200}, "valor": {"original": amount}, "chave": DEFAULT_KEY}
        answer = self.bank.put(f"/cob/{uuid4().hex}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["pixCopiaECola"])

    def received(self) -> list[tuple[str, str]]:
        """The Pix the product was told of: (txid, amount)."""
        told = [body for path, _headers, body in self.receiver.other if path.endswith("/pix")]
        return [(pix["txid"], pix["valor"]) for body in told for pix in body["pix"]]
