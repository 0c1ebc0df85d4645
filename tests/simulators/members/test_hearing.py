from typing import Any

import pytest

from simulators.members.hearing import Heard, Kind, hear

CODE = "00020126580014br.gov.bcb.pix01365f1a9f6e-6c0b-4d57-9a3e-2f4f6f0c8b116304ABCD"
GREETING_BUTTONS = ("Sou eu", "Não sou", "Não receber mais")
NOTICE_BUTTONS = ("Quero o Pix", "Falar com pessoa", "Não receber mais")


def message(text: str, *buttons: str, template: bool = False, pix: str = "") -> dict[str, Any]:
    pressed = [{"kind": "reply", "title": title, "code": ""} for title in buttons]
    if pix:
        pressed.append({"kind": "pix", "title": "Copiar código Pix", "code": pix})
    return {"content": {"text": text, "buttons": pressed}, "template": {"name": "x"} if template else None}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (message("Olá! Falo com Ana?", *GREETING_BUTTONS, template=True), Kind.GREETING),
        (message("Olá! Falo com Ana?", *GREETING_BUTTONS), Kind.GREETING),
        (message("Sua fatura está em aberto. Quer o Pix?", *NOTICE_BUTTONS, template=True), Kind.NOTICE),
        (message("Oi, Ana. Recebemos o seu pagamento de R$ 10,00.", template=True), Kind.STATEMENT),
        (message("Me diga o seu primeiro nome e os três últimos números do seu CPF?"), Kind.IDENTITY),
        (
            message("Posso anotar para 28/11? Responda sim e eu anoto.", "Sim, pode anotar", "Outra data"),
            Kind.OFFER,
        ),
        (message("Posso fechar assim? Responda sim ou não."), Kind.OFFER),
        (message("Que dia fica bom para você?"), Kind.WHICH_DAY),
        (message("Hoje está em R$ 122,30. Quer o Pix, combinar um dia ou dividir?"), Kind.QUESTION),
        (message("Combinado, anotei o pagamento para 28/11."), Kind.STATEMENT),
    ],
)
def test_hear_understands_one_message(said: dict[str, Any], kind: Kind) -> None:
    assert hear([said]).kind == kind


def test_hear_of_a_burst_with_a_code_is_the_code() -> None:
    burst = [message("Aqui está o Pix de R$ 10,00."), message(CODE), message("QR do mesmo Pix")]

    assert hear(burst) == Heard(kind=Kind.CODE, code=CODE)


def test_hear_finds_the_code_behind_a_payment_button() -> None:
    assert hear([message("Pague aqui", pix=CODE)]).code == CODE


def test_hear_remembers_what_can_be_pressed() -> None:
    assert hear([message("Falo com Ana?", *GREETING_BUTTONS)]).buttons == GREETING_BUTTONS
