"""Telephone numbers: the styles seen in exports, ERPs and WhatsApp, and the ninth digit."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members import phones
from members.phones import Phone, PhoneKind

EXPORTED = Path(__file__).with_name("exported_phones.csv")

AREA_CODES = ("11", "19", "21", "27", "41", "51", "55", "61", "81", "92")

mobiles = st.builds(
    lambda area, start, rest: f"+55{area}9{start}{rest:07d}",
    st.sampled_from(AREA_CODES),
    st.sampled_from("6789"),
    st.integers(0, 9_999_999),
)
landlines = st.builds(
    lambda area, start, rest: f"+55{area}{start}{rest:07d}",
    st.sampled_from(AREA_CODES),
    st.sampled_from("2345"),
    st.integers(0, 9_999_999),
).filter(lambda e164: phones.parse(e164).is_valid)


def mobile(e164: str, *, guessed: bool = False) -> Phone:
    return Phone(e164, PhoneKind.MOBILE, guessed)


def landline(e164: str, *, guessed: bool = False) -> Phone:
    return Phone(e164, PhoneKind.LANDLINE, guessed)


def invalid(problem: str) -> Phone:
    return Phone("", PhoneKind.INVALID, False, problem)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # The eight shapes of the receivables export.
        ("(21) 98968-0000", mobile("+5521989680000")),
        ("+5541994060001", mobile("+5541994060001")),
        ("51978010002", mobile("+5551978010002")),
        ("031 98304 0003", mobile("+5531983040003")),
        ("55 92 90600004", mobile("+5592990600004", guessed=True)),
        ("11-98398.0005", mobile("+5511983980005")),
        ("(81) 3837-7409", landline("+558138377409")),
        ("99999", invalid("quantidade de algarismos errada")),
        # With the country code, in every spelling.
        ("5511987654321", mobile("+5511987654321")),
        ("+55 (0)11 98765-4321", mobile("+5511987654321")),
        ("0055 11 98765-4321", mobile("+5511987654321")),
        ("055 11 98765-4321", mobile("+5511987654321")),
        ("55 011 98765-4321", mobile("+5511987654321")),
        # Area code 55 is not the country.
        ("55 99999-9999", mobile("+5555999999999")),
        ("55 3221-1234", landline("+555532211234")),
        # A carrier between the trunk zero and the area code; without the zero it is just too long.
        ("0 15 11 98765-4321", mobile("+5511987654321")),
        ("119876543212", invalid("quantidade de algarismos errada")),
        # Spreadsheets.
        ("11987654321.0", mobile("+5511987654321")),
        ("'11987654321", mobile("+5511987654321")),
        ("1,19877E+10", invalid("número arredondado pela planilha")),
        # WhatsApp.
        ("https://wa.me/5511987654321?text=Oi%202", mobile("+5511987654321")),
        ("551187654321@c.us", mobile("+5511987654321", guessed=True)),
        ("5511987654321:12@s.whatsapp.net", mobile("+5511987654321")),
        ("whatsapp: 11 98765-4321", mobile("+5511987654321")),
        # Around the number.
        ("11 98765-4321 (filha 2)", mobile("+5511987654321")),
        ("11 3837-7409 ramal 23", landline("+551138377409")),
        ("\u00a0(11)\u202f98765\u20114321 ", mobile("+5511987654321")),
        ("１１９８７６５４３２１", mobile("+5511987654321")),
        # A landline stays one, a mobile without the ninth digit gets it.
        ("(11) 8765-4321", mobile("+5511987654321", guessed=True)),
        ("+551138377409", landline("+551138377409")),
        ("11 93837-7409", mobile("+5511938377409")),
        # Abroad.
        ("+351 912 345 678", mobile("+351912345678")),
        ("+52 1 55 1234 5678", mobile("+525512345678")),
        ("00 44 20 7946 0958", landline("+442079460958")),
        # Not a person's number.
        ("", invalid("sem telefone")),
        ("não tem", invalid("sem algarismos")),
        ("98765-4321", invalid("falta o DDD")),
        ("10 98765-4321", invalid("o número não existe no plano de numeração")),
        ("11 18765-4321", invalid("celular não começa com 9")),
        ("0800 123 4567", invalid("número de serviço, não de uma pessoa")),
        ("+55 11 8765-432", invalid("quantidade de algarismos errada")),
        ("+999 123", invalid("não é um telefone")),
    ],
)
def test_parse_each_style_gives_the_canonical_line(written: str, expected: Phone) -> None:
    assert phones.parse(written) == expected


def test_parse_without_area_code_takes_the_given_one_and_says_so() -> None:
    assert phones.parse("98765-4321", area_code="011") == mobile("+5511987654321", guessed=True)
    assert phones.parse("8765-4321", area_code="11") == mobile("+5511987654321", guessed=True)
    assert phones.parse("3837-7409", area_code="81") == landline("+558138377409", guessed=True)
    assert phones.parse("98765-4321", area_code="10") == invalid("o número não existe no plano de numeração")


def test_every_phone_of_the_export_is_read_as_its_management_system_meant_it() -> None:
    with EXPORTED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))

    read = [phones.parse(row["written"]) for row in rows]

    assert [(p.e164, p.kind.value) for p in read] == [(row["e164"], row["kind"]) for row in rows]
    kinds = [p.kind for p in read]
    assert len(rows) == 298
    assert (kinds.count(PhoneKind.LANDLINE), kinds.count(PhoneKind.INVALID)) == (3, 2)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("11 98765-4321 / (11) 3837-7409", ["+5511987654321", "+551138377409"]),
        ("(11) 98765-4321/3837-7409", ["+5511987654321", "+551138377409"]),
        ("11987654321 ou 21 98765-4321; 11 98765-4321", ["+5511987654321", "+5521987654321"]),
        ("https://wa.me/5511987654321", ["+5511987654321"]),
        ("sem telefone", []),
    ],
)
def test_parse_many_cell_with_several_gives_each_line_once(written: str, expected: list[str]) -> None:
    assert [phone.e164 for phone in phones.parse_many(written)] == expected


@settings(deadline=None)
@given(mobiles)
def test_wa_id_with_and_without_ninth_digit_is_the_same_line(e164: str) -> None:
    short = f"{e164[:5]}{e164[6:]}"

    assert phones.from_wa_id(phones.to_wa_id(e164)) == mobile(e164)
    assert phones.from_wa_id(phones.to_wa_id(short)) == mobile(e164, guessed=True)
    assert phones.variants(e164) == phones.variants(short) == (e164, short)
    assert phones.other_variant(e164) == short
    assert phones.other_variant(short) == e164
    assert phones.match_key(e164) == phones.match_key(short) == (e164[3:5], e164[-8:])
    assert phones.same_line(e164, short)
    assert phones.same_line(short, e164)


@settings(deadline=None)
@given(landlines)
def test_landline_never_gets_a_ninth_digit_nor_matches_a_mobile(e164: str) -> None:
    with_nine = f"{e164[:5]}9{e164[5:]}"

    assert phones.from_wa_id(phones.to_wa_id(e164)) == landline(e164)
    assert phones.variants(e164) == (e164,)
    assert phones.other_variant(e164) == ""
    assert phones.match_key(e164) is None
    assert not phones.same_line(e164, with_nine)
    assert not phones.same_line(with_nine, e164)


def test_mobile_whose_last_eight_look_like_a_landline_has_one_form_only() -> None:
    assert phones.variants("+5511938377409") == ("+5511938377409",)
    assert phones.match_key("+5511938377409") == ("11", "38377409")


def test_mexican_line_has_the_older_form_with_one() -> None:
    assert phones.variants("+525512345678") == ("+525512345678", "+5215512345678")
    assert phones.from_wa_id("5215512345678") == mobile("+525512345678")


def test_foreign_line_is_compared_whole() -> None:
    assert phones.variants("+351912345678") == ("+351912345678",)
    assert phones.match_key("+351912345678") is None
    assert phones.match_key("") is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(alphabet="0123456789+-() ./e", max_size=24)))
def test_parse_anything_never_raises_and_is_stable(written: str) -> None:
    phone = phones.parse(written)

    assert phone.is_valid == bool(phone.e164) == (not phone.problem)
    if phone.is_valid:
        again = phones.parse(phone.e164)
        assert (again.e164, again.kind, again.guessed) == (phone.e164, phone.kind, False)


@settings(deadline=None)
@given(mobiles)
def test_formatted_number_parses_back_to_itself(e164: str) -> None:
    assert phones.parse(phones.formatted(e164)) == mobile(e164)


def test_formatted_foreign_or_odd_text_stays_readable() -> None:
    assert phones.formatted("+5511987654321") == "(11) 98765-4321"
    assert phones.formatted("+351912345678") == "+351 912 345 678"
    assert phones.formatted("id do WhatsApp") == "id do WhatsApp"
