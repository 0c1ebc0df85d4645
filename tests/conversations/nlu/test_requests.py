import pytest

from conversations.nlu import requests
from conversations.nlu.requests import Method


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("manda o pix do total", Method.PIX),
        ("manda o copia e cola", Method.PIX),
        ("me ve a 2a via do boleto pfv", Method.BOLETO),
        ("manda o código de barras", Method.BOLETO),
        ("dá pra pagar no cartão?", Method.CARD),
        ("meu cartão recusou, manda o pix", Method.PIX),
        ("o copia e cola deu erro, manda o boleto", Method.BOLETO),
        ("não tenho pix, manda o boleto", Method.BOLETO),
        ("o pix tá expirado, manda outro", Method.PIX),
        ("o boleto venceu, manda outro", Method.BOLETO),
        ("meu cartão recusou de novo", None),
        ("pix ou boleto?", None),
        ("quero pagar", None),
    ],
)
def test_method_is_the_means_asked_for(text: str, expected: Method | None) -> None:
    assert requests.method(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "manda o pix do total",
        "um só com tudo",
        "quero quitar tudo",
        "pago todas",
        "o valor inteiro",
        "kkk manda o pix de tudo logo",
    ],
)
def test_wants_total_all_is_meant(text: str) -> None:
    assert requests.wants_total(text) is True


@pytest.mark.parametrize(
    "text",
    ["tudo bem?", "gastei tudo", "não consigo pagar tudo", "todo dia 10", "manda o pix", "tá tudo errado"],
)
def test_wants_total_other_uses_of_the_word_do_not_count(text: str) -> None:
    assert requests.wants_total(text) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mas manda o pix de uma", True),
        ("quero pagar só outubro por enquanto", True),
        ("manda só a de outubro", True),
        ("manda o pix de uma vez", False),
        ("pago uma parte", False),
        ("manda o pix do total", False),
    ],
)
def test_wants_one_invoice_one_of_several_is_meant(text: str, expected: bool) -> None:
    assert requests.wants_one_invoice(text) is expected


@pytest.mark.parametrize(
    ("text", "greets", "thanks", "goodbye"),
    [
        ("Oiii, boa tarde!", True, False, False),
        ("vlw, tchau", False, True, True),
        ("muito obrigada", False, True, False),
        ("gracias, hasta luego", False, True, True),
        ("manda o pix", False, False, False),
    ],
)
def test_courtesies_are_told_apart(text: str, greets: bool, thanks: bool, goodbye: bool) -> None:
    assert (requests.greets(text), requests.thanks(text), requests.says_goodbye(text)) == (
        greets,
        thanks,
        goodbye,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("você é um robô?", True),
        ("vc é robo?", True),
        ("tô falando com máquina?", True),
        ("are you a bot?", True),
        ("¿eres un robot?", True),
        ("não quero falar com robô", False),
        ("manda o pix", False),
    ],
)
def test_asks_if_bot_is_a_question_about_us(text: str, expected: bool) -> None:
    assert requests.asks_if_bot(text) is expected
