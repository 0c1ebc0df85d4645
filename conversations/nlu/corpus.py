"""The utterances that the intent model learns from: `utterances/*.yaml`, versioned with the code."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "utterances"


class Intent(StrEnum):
    GREETING = "greeting"
    AFFIRM = "affirm"
    DENY = "deny"
    WRONG_PERSON = "wrong_person"
    ALREADY_PAID = "already_paid"
    PAYMENT_REQUEST = "payment_request"
    PROMISE = "promise"
    DUE_DATE_CHANGE = "due_date_change"
    INSTALLMENTS = "installments"
    DISCOUNT = "discount"
    PAUSE = "pause"
    CANCEL = "cancel"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    FORGOT = "forgot"
    PAYMENT_PROBLEM = "payment_problem"
    OPT_OUT = "opt_out"
    HUMAN = "human"
    BALANCE = "balance"
    COMPLAINT_THREAT = "complaint_threat"
    SELF_HARM = "self_harm"
    INJECTION = "injection"
    THIRD_PARTY_DATA = "third_party_data"
    THANKS_GOODBYE = "thanks_goodbye"
    OFFENCE = "offence"
    SCAM_SUSPICION = "scam_suspicion"
    OTHER = "other"


@dataclass(frozen=True)
class Utterance:
    """One line of the training set. `author` is "seed", "a" or "b"; `situation` says who writes and how."""

    text: str
    intent: Intent
    author: str
    situation: str


def load(folder: Path = FOLDER) -> tuple[Utterance, ...]:
    """Every utterance of `folder`, in the order of the files."""
    return tuple(utterance for path in files(folder) for utterance in _read(path))


def files(folder: Path = FOLDER) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _read(path: Path) -> list[Utterance]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Utterance(line.strip(), Intent(intent), block["author"], block["situation"])
        for intent, blocks in document["intents"].items()
        for block in blocks
        for line in block["texts"].splitlines()
        if line.strip()
    ]
