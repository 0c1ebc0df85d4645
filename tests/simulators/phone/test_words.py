import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.phone.html import Markup, h, join
from simulators.phone.words import is_boleto, is_pix, money, rich, split_codes

PIX = (
    "00020101021226580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR6304ABCD"
)
BOLETO = "03399.02694 41400.000026 28346.101018 8 98510000008848"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*negrito* e _itálico_", "<strong>negrito</strong> e <em>itálico</em>"),
        ("~riscado~", "<s>riscado</s>"),
        ("*_os dois_*", "<strong><em>os dois</em></strong>"),
        ("```x = 1```", "<code>x = 1</code>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("nome_de_arquivo_longo", "nome_de_arquivo_longo"),
        ("<b>oi</b>", "&lt;b&gt;oi&lt;/b&gt;"),
    ],
)
def test_marks_become_visible_and_all_else_is_escaped(text: str, shown: str) -> None:
    assert rich(text) == shown


def test_a_link_ends_before_the_full_stop() -> None:
    assert rich("veja https://x.example/a?b=1&c=2.") == (
        'veja <a href="https://x.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "https://x.example/a?b=1&amp;c=2</a>."
    )


@given(st.text())
def test_no_text_can_bring_markup_of_its_own(text: str) -> None:
    shown = rich(text)

    for tag in ("strong", "em", "s", "code", "a"):
        shown = Markup(shown.replace(f"</{tag}>", ""))
    assert "<script" not in shown.lower()
    assert shown.count("<") <= text.count("*") + text.count("_") + text.count("~") + text.count(
        "`"
    ) + text.count("http")


def test_payment_codes_stand_apart_from_the_text_around() -> None:
    assert split_codes(f"Pague com:\n{PIX}\nou\n{BOLETO}") == [
        ("text", "Pague com:"),
        ("pix", PIX),
        ("text", "ou"),
        ("boleto", BOLETO),
    ]


@pytest.mark.parametrize("text", ["000201", PIX[:-1], f"x{PIX}", "oi"])
def test_what_is_no_whole_pix_code_is_text(text: str) -> None:
    assert (is_pix(text), split_codes(text)) == (False, [("text", text)])


@pytest.mark.parametrize(("text", "expected"), [(BOLETO, True), ("1234567890", False), ("9" * 46, False)])
def test_a_digitable_line_has_47_or_48_digits(text: str, expected: bool) -> None:
    assert is_boleto(text) is expected


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "R$ 0,00"), (5, "R$ 0,05"), (123456789, "R$ 1.234.567,89"), (-300, "−R$ 3,00")]
)
def test_money_is_written_the_brazilian_way(cents: int, text: str) -> None:
    assert money(cents) == text


def test_elements_escape_text_and_attributes_but_not_markup() -> None:
    built = h(
        "p", {"title": 'a"b', "hidden": True, "id": None}, "<", h("b", None, "&"), [h("i", None, 1)], None
    )

    assert built == '<p title="a&quot;b" hidden>&lt;<b>&amp;</b><i>1</i></p>'
    assert (h("br"), join("a", h("br"))) == ("<br>", "a<br>")
