import zipfile
from pathlib import Path

import numpy as np  # noqa: TID253 -- what is tested is made with it
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: TID253 -- likewise

from conversations.nlu import features, intent_model

TEXTS = [
    "oi",
    "bom dia",
    "olá, tudo bem?",
    "boa noite",
    "manda o pix",
    "me envia o boleto",
    "quero pagar no pix",
    "gera um boleto novo",
    "pago amanhã",
    "pago sexta",
    "dia 10 eu pago",
    "segunda eu pago",
]
LABELS = ["greeting"] * 4 + ["payment_request"] * 4 + ["promise"] * 4


class LengthEncoder:
    """A tiny encoder of two numbers: enough to see that the vector half is used."""

    version = "test"

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text) / 20, text.count("o") / 3] for text in texts], dtype=np.float32)


def test_fit_words_alone_learn_their_labels() -> None:
    model = intent_model.fit(TEXTS, LABELS, encoder=None)
    shares = model.probabilities(["manda um boleto", "pago na quinta", "bom dia!"], encoder=None)
    assert model.labels == ("greeting", "payment_request", "promise")
    assert [model.labels[i] for i in shares.argmax(axis=1)] == ["payment_request", "promise", "greeting"]
    assert shares.sum(axis=1) == pytest.approx(1)


def test_fit_twice_gives_the_same_model() -> None:
    first, second = (intent_model.fit(TEXTS, LABELS, encoder=LengthEncoder()) for _ in range(2))
    assert np.array_equal(first.word_weights, second.word_weights)
    assert first.vector_weights is not None
    assert second.vector_weights is not None
    assert np.array_equal(first.vector_weights, second.vector_weights)


def test_probabilities_are_the_mean_of_both_halves() -> None:
    encoder = LengthEncoder()
    model = intent_model.fit(TEXTS, LABELS, encoder=encoder)
    texts = ["manda o boleto", "x"]
    words = model.probabilities(texts, encoder=None)
    assert model.vector_weights is not None
    assert model.vector_bias is not None
    scores = encoder.encode(texts) @ model.vector_weights.T + model.vector_bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    vectors = powers / powers.sum(axis=1, keepdims=True)
    assert np.allclose(model.probabilities(texts, encoder=encoder), (words + vectors) / 2)


def test_probabilities_weigh_words_as_the_library_that_fitted_them() -> None:
    """Reading uses our own TF-IDF; it must be the one that scikit-learn fitted."""
    model = intent_model.fit(TEXTS, LABELS, encoder=None)
    prepared = [features.model_text(text) for text in TEXTS]
    chars = TfidfVectorizer(analyzer=features.char_grams, sublinear_tf=True).fit(prepared)
    words = TfidfVectorizer(analyzer=features.word_grams, sublinear_tf=True).fit(prepared)
    text = features.model_text("manda o boleto sexta, pago dia 10")
    grams = np.hstack([chars.transform([text]).toarray(), words.transform([text]).toarray()])
    scores = grams @ model.word_weights.T + model.word_bias
    powers = np.exp(scores - scores.max())
    expected = powers / powers.sum()
    assert np.allclose(
        model.probabilities(["manda o boleto sexta, pago dia 10"], encoder=None), expected, atol=1e-6
    )


def test_probabilities_of_a_text_without_known_words_are_those_of_the_bias() -> None:
    model = intent_model.fit(TEXTS, LABELS, encoder=None)
    shares = model.probabilities(["", "###"], encoder=None)
    assert np.allclose(shares[0], shares[1])
    assert shares.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("encoder", [None, LengthEncoder()])
def test_save_and_load_give_the_same_probabilities(tmp_path: Path, encoder: LengthEncoder | None) -> None:
    model = intent_model.fit(TEXTS, LABELS, encoder=encoder)
    path = tmp_path / "deep" / "model.npz"
    model.save(path)
    loaded = intent_model.load(path)
    assert loaded.labels == model.labels
    assert np.array_equal(
        loaded.probabilities(TEXTS, encoder=encoder), model.probabilities(TEXTS, encoder=encoder)
    )
    assert [file.name for file in path.parent.iterdir()] == ["model.npz"]


def test_load_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"PK\x03\x04 not an archive")
    with pytest.raises((OSError, ValueError, zipfile.BadZipFile)):
        intent_model.load(path)
    with path.open("wb") as file:
        np.savez(file, labels=np.array(["a"]))
    with pytest.raises(KeyError):
        intent_model.load(path)
