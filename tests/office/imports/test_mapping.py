import json

import pytest

from office.imports.enums import Field
from office.imports.mapping import ColumnMapping, fingerprint, guess
from office.imports.reading import read_table
from office.imports.vocabulary import title_scores, words
from tests.office.imports.books import EXPORT


def guessed(*lines: str) -> dict[str, str]:
    mapping = guess(read_table("\r\n".join(lines).encode()))
    return {meaning.value: mapping.header[index] for meaning, index in mapping.columns.items()}


def test_titles_of_the_export_are_all_understood_with_certainty() -> None:
    mapping = guess(read_table(EXPORT.read_bytes()))

    assert [mapping.field_of(index) for index in range(14)] == [
        Field.MEMBER_EXTERNAL_ID,
        Field.NAME,
        Field.DOCUMENT,
        Field.PHONE,
        Field.EMAIL,
        Field.CITY,
        Field.UF,
        Field.PRODUCT,
        Field.INVOICE_NUMBER,
        Field.DUE_DATE,
        Field.AMOUNT,
        Field.STATUS,
        Field.PAID_AT,
        Field.METHOD,
    ]
    assert min(mapping.confidence.values()) >= 0.9
    assert mapping.problems() == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("dtVencto", ("data", "vencimento")),
        ("DT. VENCTO", ("data", "vencimento")),
        ("Nº da Fatura", ("numero", "fatura")),
        ("vlr_titulo", ("valor", "titulo")),
        ("E-mail", ("email",)),
        ("CPF / CNPJ", ("cpf", "cnpj")),
    ],
)
def test_words_abbreviations_are_spelled_out(title: str, expected: tuple[str, ...]) -> None:
    assert words(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Valor Multa",
        "Data Emissão",
        "Nome Fantasia",
        "Nome da Mãe",
        "Data Cadastro",
        "CEP",
        "Juros",
        "???",
        "",
    ],
)
def test_titles_of_other_things_name_no_field(title: str) -> None:
    assert title_scores(title) == {}


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Cód. Cliente", Field.MEMBER_EXTERNAL_ID),
        ("Matrícula", Field.MEMBER_EXTERNAL_ID),
        ("Sacado", Field.NAME),
        ("CNPJ/CPF", Field.DOCUMENT),
        ("WhatsApp", Field.PHONE),
        ("Tel. Residencial", Field.PHONE_2),
        ("Município", Field.CITY),
        ("Dt. Nasc.", Field.BIRTH_DATE),
        ("Nosso Número", Field.INVOICE_NUMBER),
        ("Id Cobrança", Field.INVOICE_NUMBER),
        ("Data de Vencimento", Field.DUE_DATE),
        ("Vlr. Original", Field.AMOUNT),
        ("Valor da Parcela", Field.AMOUNT),
        ("Valor Pago", Field.PAID_AMOUNT),
        ("Status", Field.STATUS),
        ("Dt Baixa", Field.PAID_AT),
        ("Forma de Pagto.", Field.METHOD),
        ("Data do Aceite", Field.CONSENT_AT),
        ("Origem do opt-in", Field.CONSENT_SOURCE),
        ("Tags", Field.TAGS),
    ],
)
def test_titles_of_other_systems_name_their_field_best(title: str, meaning: Field) -> None:
    scores = title_scores(title)

    assert max(scores, key=lambda field: scores[field]) is meaning
    assert scores[meaning] == 1.0


def test_values_decide_where_titles_say_nothing() -> None:
    assert guessed(
        "Campo A;Campo B;Campo C;Campo D;Campo E;Campo F",
        "Ana Lima;529.982.247-25;(11) 98765-4321;ana@example.org;10/11/2026;119,90",
        "Bia Reis;123.456.789-09;(11) 98765-4322;bia@example.org;11/11/2026;1.049,90",
    ) == {
        "document": "Campo B",
        "phone": "Campo C",
        "email": "Campo D",
        "due_date": "Campo E",
        "amount": "Campo F",
    }


def test_values_overrule_a_title_they_do_not_fit() -> None:
    found = guessed(
        "Nome;Status;Situação do Título;Documento;Vencimento;Valor",
        "Ana;Ativo;Pago;NF-1;10/11/2026;10,00",
        "Bia;Inativo;Aberto;NF-2;10/11/2026;10,00",
    )

    assert found == {
        "name": "Nome",
        "status": "Situação do Título",
        "invoice_number": "Documento",
        "due_date": "Vencimento",
        "amount": "Valor",
    }


def test_second_column_of_telephones_becomes_the_other_phone() -> None:
    found = guessed(
        "Nome;Telefone;Celular;Vencimento;Valor",
        "Ana;(11) 3532-9266;(11) 98765-4321;10/11/2026;10,00",
        "Bia;(11) 3532-9267;(11) 98765-4322;10/11/2026;10,00",
    )

    assert {found["phone"], found["phone_2"]} == {"Telefone", "Celular"}


def test_whole_amounts_and_day_counts_of_spreadsheets_fit_their_titles() -> None:
    found = guessed("Nome;Fatura;Vencimento;Valor", "Ana;1;46153;120", "Bia;2;46154;130")

    assert found == {"name": "Nome", "invoice_number": "Fatura", "due_date": "Vencimento", "amount": "Valor"}


def test_mapping_written_and_read_is_the_same_mapping() -> None:
    mapping = guess(read_table(EXPORT.read_bytes()))

    read = ColumnMapping.from_json(json.loads(json.dumps(mapping.to_json())))

    assert (read.header, read.columns, read.fingerprint) == (
        mapping.header,
        mapping.columns,
        mapping.fingerprint,
    )


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"header": ["Nome"], "columns": {"shoe_size": 0}},
        {"header": ["Nome"], "columns": {"name": 1}},
        {"header": ["Nome"], "columns": [0]},
        {"header": ["Nome"], "columns": {"name": None}},
    ],
)
def test_mapping_from_foreign_data_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"mapping|Field|header"):
        ColumnMapping.from_json(data)


def test_mapping_without_what_billing_needs_says_what_is_missing() -> None:
    mapping = ColumnMapping(header=("Nome", "Valor"), columns={Field.NAME: 0, Field.AMOUNT: 0})

    assert mapping.problems() == [
        "Falta dizer qual coluna é “Número da fatura”.",
        "Falta dizer qual coluna é “Vencimento”.",
        "Falta a coluna que identifica o membro: o código dele ou o CPF/CNPJ.",
        "Uma mesma coluna foi escolhida para dois campos.",
    ]


def test_fingerprint_ignores_capitals_and_accents_and_minds_the_order() -> None:
    assert fingerprint(("Código", "NOME")) == fingerprint(("codigo", "Nome"))
    assert fingerprint(("Código", "Nome")) != fingerprint(("Nome", "Código"))
