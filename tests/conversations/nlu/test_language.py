import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.language import Language, guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quero pagar", "pt"),
        ("quero trancar o plano por 30 dias", "pt"),
        ("kkk manda o pix de tudo logo", "pt"),
        ("divide de novo?", "pt"),
        ("oi i'm Ana 123 quero pay mañana, ok?", "pt"),
        ("não", "pt"),
        ("no quiero recibir mensajes", "es"),
        ("¿cuánto debo?", "es"),
        ("puedo pagar en cuotas?", "es"),
        ("gracias", "es"),
        ("pago mañana", "es"),
        ("how much do I owe?", "en"),
        ("i want to pay tomorrow", "en"),
    ],
)
def test_guess_own_words_decide(text: str, language: str) -> None:
    assert guess(text) is Language(language)


@given(st.sampled_from(list(Language)))
def test_guess_without_words_of_its_own_is_the_default(default: Language) -> None:
    assert guess("ok 123 👍", default=default) is default
