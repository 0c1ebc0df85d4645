"""What a member wants, as one of 27 intents with a probability: the public face of the intent model.

Above ACT the reading may be acted on; between ASK and ACT one clarifying question is due; below ASK it
says nothing. Dates, amounts, digits and yes or no never come from here: they have readers of their own.
"""

import hashlib
import logging
import os
import threading
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from conversations.nlu import corpus, encoder, intent_model
from conversations.nlu.corpus import Intent
from conversations.nlu.intent_model import IntentModel

ACT = 0.40
ASK = 0.20

_log = logging.getLogger(__name__)
_DEFAULT_FOLDER = Path(__file__).parents[2] / ".data" / "cache"
_LIBRARIES = ("scikit-learn", "numpy")
_LONGEST_TEXT = 1000  # characters read of one message; nobody's wish starts later
_lock = threading.Lock()
_model: IntentModel | None = None


@dataclass(frozen=True)
class IntentReading:
    """The likeliest intent, its probability (0 to 1), and the likeliest three with theirs."""

    intent: Intent
    probability: float
    top: tuple[tuple[Intent, float], ...]


def classify(text: str) -> IntentReading:
    """The intent of one message. The first call of a process loads the model, or fits it where none is
    cached.
    """
    return classify_all([text])[0]


def classify_all(texts: list[str]) -> list[IntentReading]:
    """As `classify`, for several texts at once."""
    if not texts:
        return []
    model = current()
    shares = model.probabilities([text[:_LONGEST_TEXT] for text in texts], encoder=encoder.installed())
    return [_reading(model, row.tolist()) for row in shares]


def train(folder: Path | None = None) -> Path:
    """Fits the model and caches it in `folder` (by default `DATA_DIR/cache`), for the build; returns the
    file.
    """
    path = _path(folder or cache_folder())
    utterances = corpus.load()
    model = intent_model.fit(
        [utterance.text for utterance in utterances],
        [utterance.intent for utterance in utterances],
        encoder=encoder.installed(),
    )
    model.save(path)
    return path


def current() -> IntentModel:
    """The model of this process, loaded once whatever the number of threads that ask."""
    global _model  # noqa: PLW0603 -- one model for the process, behind its lock
    if _model is None:
        with _lock:
            if _model is None:
                _model = load_or_train(cache_folder())
    return _model


def load_or_train(folder: Path) -> IntentModel:
    """The cached model of `folder`, else that of the default folder; fitted anew where there is none that
    reads.

    The file's name is the fingerprint of all that it was made from, so whose cache it lies in makes no
    difference: a stack with a data folder of its own need not fit the model again.
    """
    for path in (_path(folder), _path(_DEFAULT_FOLDER)):
        try:
            return intent_model.load(path)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            _log.warning("a cached intent model cannot be read and is fitted anew")
    return intent_model.load(train(folder))


def cache_folder() -> Path:
    data_dir = os.environ.get("DATA_DIR")
    return Path(data_dir) / "cache" if data_dir else _DEFAULT_FOLDER


@cache
def fingerprint() -> str:
    """Changes whenever the fitted model would: with the utterances, the code reading them, the libraries."""
    digest = hashlib.sha256()
    for path in [*corpus.files(), *sorted(Path(__file__).parent.glob("*.py"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    releases = [f"{name}={version(name)}" for name in _LIBRARIES]
    sentence_encoder = encoder.installed()
    releases.append(f"encoder={sentence_encoder.version if sentence_encoder else 'none'}")
    digest.update("\n".join(releases).encode())
    return digest.hexdigest()[:16]


def _path(folder: Path) -> Path:
    return folder / f"intents-{fingerprint()}.npz"


def _reading(model: IntentModel, shares: list[float]) -> IntentReading:
    ranked = sorted(zip(model.labels, shares, strict=True), key=lambda pair: pair[1], reverse=True)
    top = tuple((Intent(label), share) for label, share in ranked[:3])
    return IntentReading(top[0][0], top[0][1], top)
