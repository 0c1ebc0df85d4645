import pytest

from billing.pix.keys import PixKeyKind, key_kind


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("52998224725", PixKeyKind.CPF),
        ("11222333000181", PixKeyKind.CNPJ),
        ("12ABC34501DE35", PixKeyKind.CNPJ),
        ("+5511999998888", PixKeyKind.PHONE),
        ("financeiro@academia.com.br", PixKeyKind.EMAIL),
        ("123e4567-e12b-12d1-a456-426655440000", PixKeyKind.RANDOM),
        ("529.982.247-25", None),
        ("12abc34501de35", None),
        ("11999998888000", PixKeyKind.CNPJ),  # fourteen digits without + are a CNPJ to the directory
        ("Financeiro@academia.com.br", None),
        ("a@" + "b" * 72 + ".com", None),
        ("123E4567-E12B-12D1-A456-426655440000", None),
        ("", None),
    ],
)
def test_key_kind_is_told_by_the_form_alone(key: str, kind: PixKeyKind | None) -> None:
    assert key_kind(key) is kind
