from collections import Counter

import pytest

from conversations.nlu import corpus
from conversations.nlu.corpus import Intent
from conversations.nlu.normalise import canonical
from tests.conversations.nlu import heldout

HELD_OUT = ("reference", "reworded", "spanish")


def trigrams(text: str) -> set[str]:
    padded = f"  {canonical(text)} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def test_load_covers_every_intent_and_both_passes() -> None:
    utterances = corpus.load()
    per_intent = Counter(utterance.intent for utterance in utterances)
    assert set(per_intent) == set(Intent)
    assert len(utterances) >= 1800
    assert min(per_intent.values()) >= 50
    assert {utterance.author for utterance in utterances} == {"seed", "a", "b"}
    assert all(utterance.situation for utterance in utterances)


def test_load_no_text_has_two_intents() -> None:
    intents: dict[str, set[Intent]] = {}
    for utterance in corpus.load():
        intents.setdefault(utterance.text.lower(), set()).add(utterance.intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", HELD_OUT)
def test_held_out_lines_are_not_trained_on(name: str) -> None:
    trained = {utterance.text.lower() for utterance in corpus.load()}
    assert [text for text, _ in heldout.lines(name) if text.lower() in trained] == []


def test_held_out_lines_resemble_only_the_reference_own_seeds() -> None:
    """Our own utterances must not be copies of the lines that they are measured on."""
    ours = [trigrams(utterance.text) for utterance in corpus.load() if utterance.author != "seed"]
    resembling = [
        text
        for name in ("reference", "reworded")
        for text, _ in heldout.lines(name)
        for mine in [trigrams(text)]
        if any(len(mine & other) / len(mine | other) > 0.8 for other in ours)
    ]
    # Two courtesies that everybody writes.
    assert sorted(resembling) == ["bom diaa", "vlw"]


def test_held_out_sizes_are_known() -> None:
    assert [len(heldout.lines(name)) for name in HELD_OUT] == [118, 109, 24]
