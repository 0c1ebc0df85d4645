import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.normalise import (
    canonical,
    compatible,
    expand_slang,
    fold_accents,
    plain,
    squeeze,
    strip_punctuation,
    strip_symbols,
)
from conversations.nlu.slang import WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("𝗽𝗶𝘅 ＰＡＲＥ", "pix PARE"),
        ("5º dia útil, 2ª via", "5o dia útil, 2o via"),
        ("duas\nlinhas\t aqui ", "duas linhas aqui"),
        ("na\u0303o", "não"),
    ],
)
def test_compatible_odd_letters_become_ordinary(text: str, expected: str) -> None:
    assert compatible(text) == expected


def test_fold_accents_removes_marks_and_keeps_letters() -> None:
    assert fold_accents("ação amanhã São João mañana") == "acao amanha Sao Joao manana"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("siiiim", "sim"),
        ("boa tardee", "boa tarde"),
        ("bom diaa", "bom dia"),
        ("passou batidoo", "passou batido"),
        ("isssso", "isso"),
        ("passou", "passou"),
        ("carro", "carro"),
        ("pararrr", "parar"),
        ("linkk", "link"),
        ("llamar", "llamar"),
        ("veem", "veem"),
    ],
)
def test_squeeze_stretched_letters_are_shortened(text: str, expected: str) -> None:
    assert squeeze(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vc n quer", "voce nao quer"),
        ("qro pagar hj", "quero pagar hoje"),
        ("me manda o boleto pfv", "me manda o boleto por favor"),
        ("quero em 2x as 18h", "quero em 2x as 18h"),
        ("segue o e-mail", "segue o email"),
        ("50 por cento", "50 %"),
        ("xq me cobran", "porque me cobran"),
    ],
)
def test_expand_slang_abbreviations_are_written_out(text: str, expected: str) -> None:
    assert expand_slang(text) == expected


def test_strip_symbols_emoji_with_modifiers_leave_nothing() -> None:
    assert strip_symbols("ok 👍🏽❤️ 🙏") == "ok"


def test_strip_punctuation_leaves_words_and_numbers() -> None:
    assert strip_punctuation("r$ 1.234,56 (hoje)!") == "r 1 234 56 hoje"


@pytest.mark.parametrize(
    ("text", "as_plain", "as_canonical"),
    [
        ("Vc n pagaria R$ 1.234,56?", "voce nao pagaria r$ 1.234,56?", "voce nao pagaria r 1 234 56"),
        ("blz 👍", "beleza", "beleza"),
        ("tá ok... então", "esta ok... entao", "esta ok entao"),
        ("WhatsApp", "whatsapp", "whatsapp"),
        ("👍", "", ""),
        ("𑑐 dois", "𑑐 dois", "dois"),  # a digit of another script is no word of ours
    ],
)
def test_compositions_keep_what_their_readers_need(text: str, as_plain: str, as_canonical: str) -> None:
    assert plain(text) == as_plain
    assert canonical(text) == as_canonical


def test_slang_no_two_keys_look_alike_after_squeezing() -> None:
    meanings: dict[str, set[str]] = {}
    for short, full in WORDS.items():
        meanings.setdefault(squeeze(short), set()).add(full)
    assert {key: values for key, values in meanings.items() if len(values) > 1} == {}


def test_slang_no_expansion_is_expanded_again() -> None:
    assert {full: plain(full) for full in WORDS.values() if plain(full) != full} == {}


@given(st.text(max_size=80))
def test_canonical_any_text_gives_only_words_and_stays_itself(text: str) -> None:
    words = canonical(text)
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert words == words.strip()
    assert "  " not in words


@given(st.text(alphabet="abcdefinopqrstuvz áãéç!?.,0123456789", max_size=60))
def test_plain_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)
