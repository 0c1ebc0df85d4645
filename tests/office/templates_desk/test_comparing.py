"""Differences between versions: every word accounted for, nothing where nothing changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversations.models import MessageTemplate
from office.templates_desk.comparing import Piece, compare

WORDS = st.lists(st.sampled_from(["oi", "pix", "{{nome}}", "\n", "é", "."]), max_size=12).map(" ".join)


def test_changed_words_are_shown_in_their_place():
    old = MessageTemplate(body="Quer o Pix hoje?", sms_body="Igual")
    new = MessageTemplate(body="Quer o boleto hoje?", sms_body="Igual")

    (difference,) = compare(old, new)

    assert difference.title == "WhatsApp"
    assert difference.pieces == (
        Piece("kept", "Quer o"),
        Piece("removed", " Pix"),
        Piece("added", " boleto"),
        Piece("kept", " hoje?"),
    )


def test_buttons_are_compared_by_their_titles():
    old = MessageTemplate(buttons=[{"id": "a", "title": "Sim"}])
    new = MessageTemplate(buttons=[{"id": "b", "title": "Sim"}, {"id": "c", "title": "Não"}])

    assert [(d.title, d.pieces[-1]) for d in compare(old, new)] == [("Botões", Piece("added", "\nNão"))]


@given(WORDS, WORDS)
def test_either_version_can_be_read_from_the_difference(before: str, after: str):
    found = compare(MessageTemplate(body=before), MessageTemplate(body=after))

    if before == after:
        assert found == []
        return
    (difference,) = found
    assert "".join(p.text for p in difference.pieces if p.kind != "added") == before
    assert "".join(p.text for p in difference.pieces if p.kind != "removed") == after
