"""The intent model: two logistic regressions, one on words and one on sentence vectors, their
probabilities averaged.

scikit-learn fits; what it found is kept as plain arrays, so that reading a message needs numpy only and
the cached file is data, not code. Arrays: `labels` (27), vocabularies and idf of both kinds of grams,
weights of both halves.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversations.nlu import features
from conversations.nlu.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Inverse regularisation of the two halves; measured by cross-validation over the utterances.
_C_WORDS, _C_VECTORS = 20.0, 30.0
# Keeps the inner products of two equal texts invertible; too small to be seen in a probability.
_RIDGE = 1e-6


@dataclass(frozen=True)
class GramSpace:
    """The known grams of one kind and their rarity; `offset` is where their weights begin."""

    vocabulary: dict[str, int]
    idf: list[float]
    offset: int


@dataclass(frozen=True)
class IntentModel:
    """A fitted model. `vector_weights` is None where it was fitted without an encoder."""

    labels: tuple[str, ...]
    chars: GramSpace
    words: GramSpace
    word_weights: "NDArray[np.float32]"
    word_bias: "NDArray[np.float32]"
    vector_weights: "NDArray[np.float32] | None"
    vector_bias: "NDArray[np.float32] | None"

    def probabilities(self, texts: list[str], *, encoder: Encoder | None) -> "NDArray[np.float64]":
        """One row a text, one column a label, each row adding up to 1."""
        import numpy as np  # noqa: PLC0415 -- heavy

        by_words = _softmax(np.stack([self._word_scores(text) for text in texts]))
        if self.vector_weights is None or self.vector_bias is None or encoder is None:
            return by_words
        by_vectors = _softmax(encoder.encode(texts) @ self.vector_weights.T + self.vector_bias)
        mean: NDArray[np.float64] = (by_words + by_vectors) / 2
        return mean

    def _word_scores(self, text: str) -> "NDArray[np.float32]":
        prepared = features.model_text(text)
        scores = self.word_bias.copy()
        for space, grams in (
            (self.chars, features.char_grams(prepared)),
            (self.words, features.word_grams(prepared)),
        ):
            weights = features.weigh(grams, vocabulary=space.vocabulary, idf=space.idf)
            columns = [space.offset + column for column in weights]
            scores += self.word_weights[:, columns] @ list(weights.values())
        return scores

    def save(self, path: Path) -> None:
        """Writes the arrays to `path`, whole or not at all: several processes may do so at once."""
        import numpy as np  # noqa: PLC0415 -- heavy

        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {
            "labels": np.array(self.labels),
            "char_grams": np.array(list(self.chars.vocabulary)),
            "char_idf": np.array(self.chars.idf),
            "word_grams": np.array(list(self.words.vocabulary)),
            "word_idf": np.array(self.words.idf),
            "word_weights": self.word_weights,
            "word_bias": self.word_bias,
        }
        if self.vector_weights is not None:
            arrays |= {"vector_weights": self.vector_weights, "vector_bias": self.vector_bias}
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        Path(name).replace(path)


def load(path: Path) -> IntentModel:
    """The model saved at `path`. Raises OSError, ValueError, KeyError or BadZipFile where it is not one."""
    import numpy as np  # noqa: PLC0415 -- heavy

    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return _from_arrays({name: arrays[name] for name in arrays.files})


def fit(texts: list[str], labels: list[str], *, encoder: Encoder | None) -> IntentModel:
    """Fits both halves; takes some seconds. The same data and versions give the same model.

    1. The word half has far more grams than texts, so it is fitted on the texts' inner products: `L` with
       `L @ L.T == X @ X.T` stands for `X`, and the weights found on it are carried back. The regression
       is the same, for a tenth of the time.
    2. The vector half is fitted as it is.
    """
    import numpy as np  # noqa: PLC0415 -- heavy
    from scipy.linalg import solve_triangular  # noqa: PLC0415 -- heavy
    from scipy.sparse import hstack  # noqa: PLC0415 -- heavy
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- heavy
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- heavy
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415 -- heavy

    prepared = [features.model_text(text) for text in texts]
    chars = TfidfVectorizer(analyzer=features.char_grams, sublinear_tf=True)
    words = TfidfVectorizer(analyzer=features.word_grams, sublinear_tf=True)
    grams = hstack([chars.fit_transform(prepared), words.fit_transform(prepared)]).tocsr()
    # On matrices this small, threads wait for one another more than they compute.
    with threadpool_limits(limits=1):
        products = (grams @ grams.T).toarray()
        products[np.diag_indices_from(products)] += _RIDGE
        factor = np.linalg.cholesky(products)
        by_words = LogisticRegression(C=_C_WORDS, max_iter=1000).fit(factor, labels)
        word_weights = (grams.T @ solve_triangular(factor.T, by_words.coef_.T)).T
        arrays: dict[str, Any] = {
            "labels": by_words.classes_,
            "char_grams": chars.get_feature_names_out(),
            "char_idf": chars.idf_,
            "word_grams": words.get_feature_names_out(),
            "word_idf": words.idf_,
            "word_weights": word_weights.astype(np.float32),
            "word_bias": by_words.intercept_.astype(np.float32),
        }
        if encoder is not None:
            vectors = encoder.encode(texts).astype(np.float64)
            by_vectors = LogisticRegression(C=_C_VECTORS, max_iter=1000).fit(vectors, labels)
            arrays["vector_weights"] = by_vectors.coef_.astype(np.float32)
            arrays["vector_bias"] = by_vectors.intercept_.astype(np.float32)
    return _from_arrays(arrays)


def _from_arrays(arrays: dict[str, Any]) -> IntentModel:
    char_grams = [str(gram) for gram in arrays["char_grams"]]
    word_grams = [str(gram) for gram in arrays["word_grams"]]
    return IntentModel(
        labels=tuple(str(label) for label in arrays["labels"]),
        chars=GramSpace({gram: i for i, gram in enumerate(char_grams)}, arrays["char_idf"].tolist(), 0),
        words=GramSpace(
            {gram: i for i, gram in enumerate(word_grams)}, arrays["word_idf"].tolist(), len(char_grams)
        ),
        word_weights=arrays["word_weights"],
        word_bias=arrays["word_bias"],
        vector_weights=arrays.get("vector_weights"),
        vector_bias=arrays.get("vector_bias"),
    )


def _softmax(scores: "NDArray[Any]") -> "NDArray[np.float64]":
    import numpy as np  # noqa: PLC0415 -- heavy

    powers = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
