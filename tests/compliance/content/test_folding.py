from hypothesis import given
from hypothesis import strategies as st

from compliance.content.folding import fold


@given(st.text())
def test_folded_text_keeps_every_place(text: str) -> None:
    folded = fold(text)

    assert len(folded.plain) == len(folded.shown)
    assert len(folded.lines) == len(folded.plain)


def test_accents_marks_and_invisible_characters_disappear() -> None:
    folded = fold("*Você*  _não_ será ne\u200bgativado…")

    assert folded.plain.startswith("voce  nao sera negativado")
    assert folded.excerpt(0, 4) == "Você"


def test_clause_and_sentence_end_where_they_are_written() -> None:
    folded = fold("Um. Dois; três de R$ 12,50 quatro! Cinco")
    place = folded.plain.index("quatro")

    assert folded.clause_before(place) == " tres de r$ 12,50 "
    assert folded.sentence_around(place, place + 6) == " dois; tres de r$ 12,50 quatro"
    assert folded.lines == "um\n dois; tres de r$ 12,50 quatro\n cinco"
