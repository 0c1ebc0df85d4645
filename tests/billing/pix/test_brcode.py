from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.pix.brcode import BrCode, BrCodeKind, InvalidBrCode, build_dynamic, build_static, checksum, parse
from tests.billing.pix import vectors

KEY = "123e4567-e12b-12d1-a456-426655440000"


def sealed(body: str) -> str:
    """`body`, without its checksum object, made a code with a right checksum."""
    return f"{body}6304" + checksum(f"{body}6304")


def test_checksum_of_the_standard_check_string() -> None:
    assert checksum("123456789") == "29B1"


@pytest.mark.parametrize("code", vectors.ALL)
def test_checksum_of_every_known_code_is_its_last_four_characters(code: str) -> None:
    assert checksum(code[:-4]) == code[-4:]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            vectors.STATIC_MANUAL,
            BrCode(BrCodeKind.STATIC, KEY, None, None, "", None, None, "Fulano de Tal", "BRASILIA", False),
        ),
        (
            # The hyphen in the txid breaks the rules; the code is good all the same.
            vectors.DYNAMIC_WITH_VALUE,
            BrCode(
                BrCodeKind.DYNAMIC,
                None,
                "pix.example.com/v2/8b3da2f39a4140d1a91abd93113bd441",
                None,
                "",
                Decimal("123.45"),
                "RP12345678-2019",
                "Fulano de Tal",
                "BRASILIA",
                True,
            ),
        ),
        (
            vectors.DYNAMIC,
            BrCode(
                BrCodeKind.DYNAMIC,
                None,
                "pix.example.com/8b3da2f39a4140d1a91abd93113bd441",
                None,
                "",
                None,
                None,
                "Fulano de Tal",
                "BRASILIA",
                True,
            ),
        ),
        (
            vectors.MANY_ARRANGEMENTS,
            BrCode(
                BrCodeKind.STATIC,
                KEY,
                None,
                None,
                "",
                Decimal("123.45"),
                "RP12345678-2019",
                "NOME DO RECEBEDOR",
                "BRASILIA",
                False,
            ),
        ),
        (
            vectors.BR_CODE_MANUAL,
            BrCode(
                BrCodeKind.STATIC,
                "66756C616E6F32303139406578616D706C652E636F6D",
                None,
                None,
                "",
                Decimal("123.45"),
                "RP12345678-2019",
                "NOMEDORECEBEDOR",
                "BRASILIA",
                False,
            ),
        ),
        (
            vectors.RECURRENCE,
            BrCode(
                BrCodeKind.RECURRENCE,
                None,
                None,
                "pix.example.com/qr/v2/rec/2353c790eefb11eaadc10242ac120002",
                "",
                None,
                None,
                "Fulano de Tal",
                "BRASILIA",
                False,
            ),
        ),
        (
            vectors.DUE_CHARGE_AND_RECURRENCE,
            BrCode(
                BrCodeKind.DYNAMIC,
                None,
                "pix.example.com/qr/v2/cobv/1e6c54d3ec9449b7a7fc53b6b0f998e7",
                "pix.example.com/qr/v2/rec/3ffa640fa4f14080adccb949fa2dc0d0",
                "",
                None,
                None,
                "Fulano de Tal",
                "BRASILIA",
                True,
            ),
        ),
        (
            vectors.CHECKSUM_WITH_LEADING_ZERO,
            BrCode(
                BrCodeKind.STATIC,
                "arya@stark.com",
                None,
                None,
                "",
                Decimal("125.00"),
                "verylongreconciliationidt",
                "Arya Stark with a very lo",
                "Pindamonhangaba",
                False,
            ),
        ),
        (
            vectors.CHECKSUM_00F0,
            BrCode(
                BrCodeKind.STATIC,
                "11222333000181",
                None,
                None,
                "",
                Decimal("100.00"),
                "T0172",
                "ESCOLA EXEMPLO",
                "BELO HORIZONTE",
                False,
            ),
        ),
        (
            vectors.VALUE_TXID_AND_DESCRIPTION,
            BrCode(
                BrCodeKind.STATIC,
                "11222333000181",
                None,
                None,
                "Parcela 3 de 12",
                Decimal("362.15"),
                "DIV7Q2K9XACME01",
                "ESCOLA EXEMPLO",
                "BELO HORIZONTE",
                False,
            ),
        ),
        (
            vectors.PHONE_KEY,
            BrCode(
                BrCodeKind.STATIC,
                "+5511999998888",
                None,
                None,
                "",
                Decimal("154.11"),
                "ACORDO0001P03",
                "ACADEMIA EXEMPLO LTDA",
                "SAO PAULO",
                False,
            ),
        ),
    ],
)
def test_parse_of_a_known_code_says_everything_in_it(code: str, expected: BrCode) -> None:
    assert parse(code) == expected


@pytest.mark.parametrize(
    ("built", "code"),
    [
        (
            build_static(key=KEY, merchant_name="Fulano de Tal", merchant_city="BRASILIA"),
            vectors.STATIC_MANUAL,
        ),
        (
            build_dynamic(
                url="pix.example.com/8b3da2f39a4140d1a91abd93113bd441",
                merchant_name="Fulano de Tal",
                merchant_city="BRASILIA",
            ),
            vectors.DYNAMIC,
        ),
        (
            build_static(
                key="arya@stark.com",
                merchant_name="Arya Stark with a very long name",
                merchant_city="Pindamonhangaba do Norte",
                amount=Decimal("125.00"),
                txid="verylongreconciliationidt",
            ),
            vectors.CHECKSUM_WITH_LEADING_ZERO,
        ),
        (
            build_static(
                key="11222333000181",
                merchant_name="ESCOLA EXEMPLO",
                merchant_city="BELO HORIZONTE",
                amount=Decimal("100.00"),
                txid="T0172",
            ),
            vectors.CHECKSUM_00F0,
        ),
        (
            build_static(
                key="11222333000181",
                merchant_name="ESCOLA EXEMPLO",
                merchant_city="BELO HORIZONTE",
                amount=Decimal("362.15"),
                txid="DIV7Q2K9XACME01",
                description="Parcela 3 de 12",
            ),
            vectors.VALUE_TXID_AND_DESCRIPTION,
        ),
        (
            build_static(
                key="+5511999998888",
                merchant_name="ACADEMIA EXEMPLO LTDA",
                merchant_city="SÃO PAULO",
                amount=Decimal("154.11"),
                txid="ACORDO0001P03",
            ),
            vectors.PHONE_KEY,
        ),
    ],
)
def test_build_of_a_known_code_is_the_same_to_the_last_character(built: str, code: str) -> None:
    assert built == code


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (vectors.STATIC_MANUAL.replace("Fulano", "Fulana"), "O código foi alterado ou copiado pela metade."),
        (vectors.STATIC_MANUAL[:-1], "O código está incompleto."),
        (vectors.STATIC_MANUAL[:-8], "O código está incompleto."),
        (vectors.STATIC_MANUAL[:60], "O código está incompleto."),
        ("", "O código está incompleto."),
        # The checksum is right, the value is shorter than its length says.
        (sealed("0002015999Fulano"), "O código está incompleto."),
        (sealed("000201XX0286"), "O código não tem a forma de um código Pix."),
        (sealed("0002015A0286"), "O código não tem a forma de um código Pix."),
        (sealed("000201530398653039865802BR"), "O código repete uma informação e por isso é ambíguo."),
        (sealed("5303986000201"), "O código não começa como um código Pix."),
        (sealed("0002015303840"), "O código não está em reais."),
        (sealed("00020126170013br.gov.bcb.px5303986"), "O código não é de Pix."),
        (sealed("00020126180014br.gov.bcb.pix5303986"), "O código não diz para onde vai o dinheiro."),
        (
            sealed("00020126360014br.gov.bcb.pix0114112223330001815303986540612,345"),
            "O valor do código não é um valor em reais.",
        ),
        ("0" * 513, "O código é longo demais para um código Pix."),
        # The checksum of another code.
        (vectors.STATIC_MANUAL[:-4] + "170E", "O código foi alterado ou copiado pela metade."),
    ],
)
def test_parse_of_a_broken_code_says_what_is_wrong(code: str, sentence: str) -> None:
    with pytest.raises(InvalidBrCode) as refusal:
        parse(code)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "code",
    [
        vectors.STATIC_MANUAL[:-4] + vectors.STATIC_MANUAL[-4:].lower(),
        f"\n {vectors.STATIC_MANUAL} \r\n",
    ],
)
def test_parse_forgives_a_lower_case_checksum_and_space_around(code: str) -> None:
    assert parse(code) == parse(vectors.STATIC_MANUAL)


@pytest.mark.parametrize("length", ["09", "10"])
def test_parse_reads_accents_counted_in_characters_or_in_bytes(length: str) -> None:
    code = sealed(
        f"00020126360014br.gov.bcb.pix01141122233300018152040000530398660{length}SÃO PAULO62070503***"
    )

    assert parse(code).merchant_city == "SÃO PAULO"


@pytest.mark.parametrize(
    ("written", "amount"),
    [("0", None), ("0.00", None), ("5", Decimal("5.00")), ("5.", Decimal("5.00")), ("5.1", Decimal("5.10"))],
)
def test_parse_reads_amounts_as_other_builders_write_them(written: str, amount: Decimal | None) -> None:
    body = f"00020126360014br.gov.bcb.pix011411222333000181530398654{len(written):02d}{written}"

    assert parse(sealed(body)).amount == amount


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key": "não é chave"}, "A chave Pix não tem um formato válido."),
        ({"txid": "a-b"}, "O identificador precisa ter de 1 a 25 letras ou algarismos."),
        ({"txid": "a" * 26}, "O identificador precisa ter de 1 a 25 letras ou algarismos."),
        ({"txid": ""}, "O identificador precisa ter de 1 a 25 letras ou algarismos."),
        ({"amount": Decimal("0.00")}, "O valor de um código Pix precisa ser maior que zero."),
        ({"amount": Decimal("-1.00")}, "O valor de um código Pix precisa ser maior que zero."),
        ({"merchant_name": "漢字"}, "Um código Pix precisa do nome e da cidade de quem recebe."),
        ({"merchant_city": " "}, "Um código Pix precisa do nome e da cidade de quem recebe."),
    ],
)
def test_build_static_of_something_impossible_is_refused(changes: dict[str, object], sentence: str) -> None:
    parts: dict[str, object] = {"key": KEY, "merchant_name": "Academia", "merchant_city": "Recife"}

    with pytest.raises(InvalidBrCode) as refusal:
        build_static(**(parts | changes))  # type: ignore[arg-type]  # wrong on purpose

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "url", ["https://pix.example.com/x", "", "pix.example.com/" + "x" * 62, "pix.example.com/a b"]
)
def test_build_dynamic_with_an_address_that_no_bank_could_open_is_refused(url: str) -> None:
    with pytest.raises(InvalidBrCode, match=r"^O endereço da cobrança não cabe em um código Pix\.$"):
        build_dynamic(url=url, merchant_name="Academia", merchant_city="Recife")


def test_build_dynamic_with_the_longest_address_can_be_read_back() -> None:
    url = "pix.example.com/" + "x" * 61

    assert parse(build_dynamic(url=url, merchant_name="Academia", merchant_city="Recife")).url == url


@pytest.mark.parametrize(
    ("key", "room"),
    [(KEY, 37), ("11222333000181", 59), ("a@" + "b" * 71 + ".com", 0), ("a@" + "b" * 62 + ".com", 5)],
)
def test_build_static_cuts_the_description_to_what_fits_beside_the_key(key: str, room: int) -> None:
    code = build_static(key=key, merchant_name="Academia", merchant_city="Recife", description="x" * 99)

    assert parse(code).description == "x" * room


plain_names = st.text(alphabet="ABCdefÃçé '", min_size=1, max_size=40).filter(
    lambda name: bool(name.strip(" "))
)


@given(
    amount=st.none() | st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999999.99"), places=2),
    txid=st.none() | st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
    description=st.text(max_size=80),
    name=plain_names,
    city=plain_names,
)
def test_static_code_read_back_is_what_was_built(
    amount: Decimal | None, txid: str | None, description: str, name: str, city: str
) -> None:
    code = build_static(
        key=KEY, merchant_name=name, merchant_city=city, amount=amount, txid=txid, description=description
    )

    found = parse(code)

    assert (found.key, found.amount, found.txid) == (KEY, amount, txid)
    assert code.isascii()
    assert len(found.description) <= 37
    assert code[-4:] == checksum(code[:-4])


@given(st.text(max_size=60))
def test_parse_of_any_text_that_is_no_code_refuses_and_does_not_fail(text: str) -> None:
    with pytest.raises(InvalidBrCode, match=r"\.$"):
        parse(text)


@given(at=st.integers(min_value=0), letter=st.characters(min_codepoint=33, max_codepoint=126))
def test_one_changed_character_never_passes_unnoticed(at: int, letter: str) -> None:
    code = vectors.VALUE_TXID_AND_DESCRIPTION
    at %= len(code)
    if code[at].upper() == letter.upper():
        return
    with pytest.raises(InvalidBrCode):
        parse(code[:at] + letter + code[at + 1 :])
