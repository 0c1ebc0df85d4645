"""Whether a member asks us to stop writing: the lexicon of compliance reference §10, Portuguese and
Spanish.

HARD stops at once with one confirmation. ASK puts one question. PREF changes the hour, the place or the
channel. A single word is HARD only as the whole message; the button "Não receber mais" never comes here
as text to guess at.
"""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache

from conversations.nlu import lexicon
from conversations.nlu.normalise import canonical


class OptOut(IntEnum):
    """Ordered: of several readings of one burst the strongest holds."""

    NONE = 0
    PREF = 1
    ASK = 2
    HARD = 3


class Scope(StrEnum):
    CHANNEL = "channel"
    ALL = "all"


class Topic(StrEnum):
    """What our previous message was about, as far as it changes what "cancelar" means."""

    PLAN = "plan"
    INVOICE = "invoice"
    OFFER = "offer"


@dataclass(frozen=True)
class OptOutReading:
    """`phrase` is what was recognised; `channel` the one the member prefers instead ("email", "phone",
    "sms").
    """

    outcome: OptOut
    scope: Scope = Scope.CHANNEL
    phrase: str = ""
    channel: str | None = None


_NONE = OptOutReading(OptOut.NONE)
# In these countries "cancelar" also means to pay, and never opts out by itself.
CANCEL_PAYS = frozenset({"CO", "PE", "CL", "AR"})
_CANCEL_WORDS = frozenset({"cancelar", "cancela"})
_WISH_TO_CANCEL = re.compile(
    r"^(?:eu )?(?:quero|queria|quiero|gostaria de|desejo|vou|pode|puede)? ?(?:cancelar|cancela|"
    r"cancele)(?: tudo)?$"
)
_PUZZLED = re.compile(r"^\s*\?{3,}\s*$")
_THUMBS_DOWN = "👎"
_CHANNEL_NAMES = {
    "email": "email",
    "correo": "email",
    "telefone": "phone",
    "telefono": "phone",
    "ligacao": "phone",
    "llamada": "phone",
    "sms": "sms",
}


def classify(text: str, *, country: str = "BR", previous_topic: Topic | None = None) -> OptOutReading:
    """What `text` asks about being written to, for a member in `country` (ISO code) after
    `previous_topic`.

    1. Wishes about hour, place or channel are PREF, even where they contain a HARD phrase ("não me mande
       no trabalho").
    2. HARD phrases, then HARD whole messages, "cancelar" excepted where plan, invoice or country make it
       ambiguous.
    3. ASK phrases and whole messages. Everything else is NONE.
    """
    words = canonical(text)
    channel = _preferred_channel(words)
    scope = Scope.ALL if _pattern("all_channels").search(words) else Scope.CHANNEL
    hard = _pattern("hard_phrases").search(words)
    if hard and (scope is Scope.ALL or not _qualified(words)):
        return OptOutReading(OptOut.HARD, scope, hard[0], channel)
    if channel or _qualified(words):
        return OptOutReading(OptOut.PREF, Scope.CHANNEL, words, channel)
    if words in _CANCEL_WORDS or _WISH_TO_CANCEL.search(words):
        return OptOutReading(_cancel(words, country=country, previous_topic=previous_topic), phrase=words)
    if words in _whole("hard_whole") and not (country == "BR" and words == "alto"):
        return OptOutReading(OptOut.HARD, phrase=words)
    if _is_ambiguous(text, words):
        return OptOutReading(OptOut.ASK, phrase=words or text.strip())
    return _NONE


def classify_burst(
    texts: list[str], *, country: str = "BR", previous_topic: Topic | None = None
) -> OptOutReading:
    """The strongest reading of a burst, each message by itself and all of them as one sentence.

    A single word counts as a whole message only where its neighbours are not the rest of its sentence: "PARE"
    then "seus chatos" stops; "quero" then "sair" then "do vermelho" does not.
    """
    sentences: list[str] = []
    for text in texts:
        if sentences and (_is_one_sentence(sentences[-1], text)):
            sentences[-1] = f"{sentences[-1]} {text}"
        else:
            sentences.append(text)
    readings = [classify(sentence, country=country, previous_topic=previous_topic) for sentence in sentences]
    if len(texts) > 1:
        readings.append(classify(" ".join(texts), country=country, previous_topic=previous_topic))
    return max(readings, key=lambda reading: (reading.outcome, reading.scope is Scope.ALL), default=_NONE)


def _cancel(words: str, *, country: str, previous_topic: Topic | None) -> OptOut:
    """Bare "cancelar": HARD in Brazil and Mexico while no plan or invoice is the topic, else a question."""
    alone = words in _CANCEL_WORDS
    if country in CANCEL_PAYS or previous_topic in {Topic.PLAN, Topic.INVOICE} or not alone:
        return OptOut.ASK
    return OptOut.HARD


def _is_one_sentence(first: str, second: str) -> bool:
    return bool(
        _pattern("leads_on").search(canonical(first)) or _pattern("belongs_to_last").search(canonical(second))
    )


def _qualified(words: str) -> bool:
    """Whether it asks for another hour, place or channel rather than for silence."""
    if _pattern("payment_items").search(words):
        return False
    wish = _pattern("contact_me").search(words) or _pattern("hard_phrases").search(words)
    return bool(wish and _pattern("when_or_where").search(words)) or bool(_pattern("only_then").search(words))


def _preferred_channel(words: str) -> str | None:
    found = _pattern("other_channel").search(words)
    if not found or _pattern("payment_items").search(words):
        return None
    return _CHANNEL_NAMES[found["channel"]]


def _is_ambiguous(text: str, words: str) -> bool:
    if words in _whole("ambiguous_whole") or _pattern("ask_phrases").search(words) or _PUZZLED.match(text):
        return True
    if not words and _THUMBS_DOWN in text:
        return True
    return bool(_pattern("stop_in_anger").search(words) and _pattern("abuse").search(words))


@cache
def _pattern(section: str) -> re.Pattern[str]:
    document = lexicon.load("optout")
    return lexicon.pattern(document[section], parts=document["parts"])


@cache
def _whole(section: str) -> frozenset[str]:
    return lexicon.words(lexicon.load("optout")[section])
