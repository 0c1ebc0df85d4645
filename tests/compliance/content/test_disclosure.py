import pytest

from compliance.content.check import check
from compliance.content.facts import FactSet
from tests.compliance.content.test_check import FACTS

TELLING = [
    "Sua mensalidade de outubro venceu.",
    "Você tem uma dívida conosco.",
    "São R$ 123,20.",
    "Há um débito em aberto.",
    "Quer parcelar?",
    "Segue a segunda via.",
    "Sobre o seu pagamento em atraso.",
    "Precisamos negociar.",
    "Seu boleto está pronto.",
    "Pague com Pix.",
    "Tiene una cuota vencida.",
    "Su factura venció.",
    "Hay un saldo pendiente.",
    "Por favor, póngase en contacto por la deuda.",
]
NEUTRAL = [
    "Olá! Aqui é a assistente virtual da Academia Horizonte. Falo com Ana?",
    "Sou eu",
    "Não sou",
    "Para sua segurança, me diga seu primeiro nome e os três últimos números do CPF.",
    "Desculpe o engano! Não vamos mais escrever para este número.",
    "Se puder, peça para a Ana entrar em contato com a Academia Horizonte.",
    "Não consegui confirmar. Quer falar com uma pessoa da equipe?",
    "Sou uma assistente virtual.",
    "De acordo. Qualquer coisa, é só chamar.",
    "Desculpe o atraso na resposta!",
    "Aceitamos Pix, boleto e cartão.",
    "A equipe atende de segunda a sexta, das 8h às 18h.",
    "¡Hola! Le escribe el asistente virtual de Academia Horizonte. ¿Hablo con Ana?",
]


def _ids(text: str, *, identity: bool) -> list[str]:
    facts: FactSet = FACTS
    findings = check(text, facts=facts, identity_confirmed=identity, country="BR", author="agent")
    return sorted({each.id for each in findings})


@pytest.mark.parametrize("text", TELLING)
def test_22_debt_words_are_for_the_confirmed_member_only(text: str) -> None:
    assert _ids(text, identity=False) == ["identity_disclosure"]
    assert _ids(text, identity=True) == []


@pytest.mark.parametrize("text", NEUTRAL)
def test_22_neutral_text_may_reach_a_stranger(text: str) -> None:
    assert _ids(text, identity=False) == []
