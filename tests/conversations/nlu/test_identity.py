import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.identity import IdentityReading, match, read_identity, redact

# Invented; its check digits fit.
CPF = "596.638.011-23"


@pytest.mark.parametrize(
    ("text", "name", "digits"),
    [
        ("Ana 123", "Ana", "123"),
        ("é a Ana, 123", "Ana", "123"),
        ("ops, digitei errado. Ana 123", "Ana", "123"),
        ("meu nome é Ana Souza final 123", "Ana Souza", "123"),
        ("Ana, final 123", "Ana", "123"),
        ("o nome é Ana 123", "Ana", "123"),
        ("oi i'm Ana 123 quero pay mañana, ok?", "Ana", "123"),
        ("oi é a Ana 123 quero pagar mas em 2x", "Ana", "123"),
        ("João Pedro da Silva 045", "João Pedro da Silva", "045"),
        ("maria aparecida dos santos, 321", "maria aparecida dos santos", "321"),
        ("oi boa tarde é o josé carlos 007", "josé carlos", "007"),
        ("me chamo José, finais 007", "José", "007"),
        ("dona Ana 123", "Ana", "123"),
        ("Sr. João 123", "João", "123"),
        ("sou eu, Ana 123", "Ana", "123"),
        ("kkk sou a Ana ué 123", "Ana", "123"),
        ("aqui quem fala é a Ana 123", "Ana", "123"),
        ("soy Ana 123", "Ana", "123"),
        ("123 Ana", "Ana", "123"),
        ("123, Ana Souza", "Ana Souza", "123"),
        ("Ana123", "Ana", "123"),
        ("Ana-123", "Ana", "123"),
        ("Ana. 123", "Ana", "123"),
        ("é a Ana\n123", "Ana", "123"),
        ("Ana 123 manda o pix", "Ana", "123"),
        ("Ana um dois três", "Ana", "123"),
        ("Ana 1 2 3", "Ana", "123"),
        ("ana 0 12", "ana", "012"),
    ],
)
def test_read_identity_name_and_digits_are_both_read(text: str, name: str, digits: str) -> None:
    assert read_identity(text) == IdentityReading(name, digits, full_document=False)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("999", "999"),
        ("não é 132, é 123", "123"),
        ("meu cpf termina em 123", "123"),
        ("final do cpf: 123", "123"),
        ("os últimos 3 são 123", "123"),
        ("é 1-2-3", "123"),
        ("cento e vinte e três", "123"),
        ("um dois três", "123"),
        ("zero doze", "012"),
        ("mil desculpas, 123", "123"),
    ],
)
def test_read_identity_digits_alone_are_read(text: str, digits: str) -> None:
    assert read_identity(text) == IdentityReading(None, digits, full_document=False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sou a Ana", "Ana"),
        ("sim sou eu Ana", "Ana"),
        ("Ana", "Ana"),
        ("ana", "ana"),
        ("Ana Paula", "Ana Paula"),
        ("é a ana", "ana"),
    ],
)
def test_read_identity_name_alone_is_read(text: str, name: str) -> None:
    assert read_identity(text) == IdentityReading(name, None, full_document=False)


@pytest.mark.parametrize(
    "text",
    [
        "pago 100 sexta e o resto dia 4",
        "cancelei em agosto, tenho protocolo 778",
        "tenho 16, minha mãe que paga",
        "aqui é a mãe dela, é sobre o quê?",
        "ela faleceu mês passado, sou o filho",
        "meu marido João 123",
        "sou a mãe da Ana 123",
        "não sou a Ana",
        "falo com a Ana?",
        "é golpe",
        "sou eu",
        "sim",
        "Bom dia",
        "Quero pagar",
        "quero 123",
        "R$ 123",
        "30 e fechou",
        "é a esteira quebrada",
        "a mensalidade de 120",
        "11987654321",
    ],
)
def test_read_identity_other_messages_give_neither(text: str) -> None:
    assert read_identity(text) == IdentityReading(None, None, full_document=False)


@pytest.mark.parametrize("text", [f"Ana {CPF}", "Ana, cpf 59663801123", "meu cpf é 596 638 011 23, Ana"])
def test_read_identity_whole_document_gives_its_end_and_asks_for_redaction(text: str) -> None:
    assert read_identity(text) == IdentityReading("Ana", "123", full_document=True)


def test_read_identity_company_number_asks_for_redaction_only() -> None:
    assert read_identity("46.827.193/0001-50") == IdentityReading(None, None, full_document=True)


def test_redact_documents_are_named_and_phones_stay() -> None:
    text = f"Ana {CPF}, 59663801123, 46.827.193/0001-50, tel 11987654321"
    assert redact(text) == "Ana [CPF], [CPF], [CNPJ], tel 11987654321"


@pytest.mark.parametrize(
    "given_name",
    ["Ana", "ana", "ÁNA", "Ana Paula", "ana-paula", "anapaula", "Ana Paula Souza", "Dona Ana", "Ana Lima"],
)
def test_match_usual_forms_of_the_name_match(given_name: str) -> None:
    assert match(given_name, "123", member_name="Ana Paula Souza", cpf_last_three="123") is True


@pytest.mark.parametrize(
    ("given_name", "digits"),
    [
        ("Paula", "123"),
        ("Anna", "123"),
        ("An", "123"),
        ("Ana", "132"),
        ("Ana", "23"),
        ("Ana", ""),
        ("", "123"),
        (None, "123"),
        ("Ana", None),
        ("Dona", "123"),
    ],
)
def test_match_anything_else_does_not_match(given_name: str | None, digits: str | None) -> None:
    assert match(given_name, digits, member_name="Ana Paula Souza", cpf_last_three="123") is False


def test_match_without_registered_digits_never_matches() -> None:
    assert match("Ana", "", member_name="Ana", cpf_last_three="") is False


names = st.sampled_from(
    ["Ana", "João", "Márcia", "Zé", "Thiago", "Conceição", "Íris", "Luiz", "Débora", "Walmir", "Ágata"]
)
digits = st.from_regex(r"\A[0-9]{3}\Z")


@given(
    names,
    digits,
    st.sampled_from(
        ["{n} {d}", "é a {n}, {d}", "sou o {n} final {d}", "{d} {n}", "meu nome é {n}, cpf final {d}"]
    ),
)
def test_read_identity_then_match_any_member_confirms(name: str, last_three: str, template: str) -> None:
    reading = read_identity(template.format(n=name, d=last_three))
    assert match(reading.first_name, reading.digits, member_name=f"{name} Souza", cpf_last_three=last_three)


@given(st.text(max_size=80))
def test_read_identity_any_text_gives_three_digits_or_none(text: str) -> None:
    reading = read_identity(text)
    assert reading.digits is None or (len(reading.digits) == 3 and reading.digits.isdecimal())
    assert reading.name is None or reading.name.strip() != ""
