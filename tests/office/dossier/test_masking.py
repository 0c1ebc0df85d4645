"""No document, telephone or e-mail is left in a masked text, however it is written; amounts and dates are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import digits
from office.dossier.masking import masked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("cpf 529.982.247-25.", "cpf ***.982.247-**."),
        ("cpf 52998224725", "cpf ***.982.247-**"),
        ("529 982 247 25", "***.982.247-**"),
        ("cnpj 11.222.333/0001-81", "cnpj **.222.333/****-**"),
        ("ligue (11) 98888-7777", "ligue +55 11 •••••-7777"),
        ("11 98888 7777", "+55 11 •••••-7777"),
        ("+55 11 98888-7777", "+55 11 •••••-7777"),
        ("+5511988887777 ok", "+55 11 •••••-7777 ok"),
        ("5511988887777", "+55 11 •••••-7777"),
        ("(11) 3333-4444", "+55 11 •••••-4444"),
        ("escreva a ana.b+c@mail.exemplo.com.br!", "escreva a a•••@mail.exemplo.com.br!"),
    ],
)
def test_personal_number_or_address_is_masked(written: str, shown: str) -> None:
    assert masked(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "R$ 1.234.567,89 em 24/11/2026 às 10:00",
        "Fatura F-000123 de R$ 119,90, vence 05/12/2026",
        "2 de 3 parcelas, 50 dias",
        "2026-11-24T10:00",
        "às 15h",
    ],
)
def test_amounts_dates_and_counts_stay(written: str) -> None:
    assert masked(written) == written


def test_number_of_the_creditor_is_kept() -> None:
    assert masked("CNPJ 11.222.333/0001-81", keep=frozenset({"11222333000181"})) == "CNPJ 11.222.333/0001-81"


@given(
    number=st.from_regex(r"[1-9]\d{10}", fullmatch=True),
    around=st.sampled_from(["{}", "meu cpf é {}", "({})", "{}, ok", "cpf:{}", "{}\nobrigado"]),
    form=st.sampled_from(["{0}", "{1}.{2}.{3}-{4}", "{1} {2} {3} {4}", "{1}.{2}.{3}{4}"]),
)
def test_no_document_is_left_however_it_is_written(number: str, around: str, form: str) -> None:
    written = form.format(number, number[:3], number[3:6], number[6:9], number[9:])

    assert number not in digits(masked(around.format(written)))
