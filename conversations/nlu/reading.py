"""Everything that one member message, or one burst of them, says: all readers and the intent model in one
value.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from conversations.nlu import intents, optout, reasons, requests, risk
from conversations.nlu.amounts import Amount, parse_days, parse_installments, parse_money, parse_percent
from conversations.nlu.corpus import Intent
from conversations.nlu.dates import DateReading, parse_date
from conversations.nlu.identity import IdentityReading, read_identity, redact
from conversations.nlu.intents import ACT, IntentReading
from conversations.nlu.language import Language, guess
from conversations.nlu.normalise import canonical
from conversations.nlu.optout import OptOut, OptOutReading, Topic
from conversations.nlu.past_dates import parse_past_date
from conversations.nlu.promise_parts import PromisePart, parse_promise_parts
from conversations.nlu.reasons import DataRequestKind, DelayReason, DisputeReason
from conversations.nlu.requests import Method
from conversations.nlu.risk import Reason, RiskSignal
from conversations.nlu.yesno import Answer, read_answer

# The model alone stops messages only where it is nearly certain; below that it makes us ask
# (compliance reference §10, rule 1).
OPT_OUT_HARD = 0.80
OPT_OUT_ASK = 0.50
# Missing this one costs more than a false alarm.
SELF_HARM_SUSPECTED, SELF_HARM_SURE = 0.30, 0.60

_RISKY_INTENTS: dict[Intent, tuple[Reason, str, float]] = {
    Intent.SELF_HARM: (Reason.SELF_HARM, "E06", SELF_HARM_SUSPECTED),
    Intent.COMPLAINT_THREAT: (Reason.COMPLAINT, "E08", ACT),
    Intent.HARDSHIP: (Reason.HARDSHIP, "E01", ACT),
    Intent.WRONG_PERSON: (Reason.WRONG_PERSON, "E13", ACT),
    Intent.HUMAN: (Reason.HUMAN_REQUESTED, "E15", ACT),
    Intent.ALREADY_PAID: (Reason.ALREADY_PAID, "E11", ACT),
    Intent.DISPUTE: (Reason.DISPUTE, "E11", ACT),
    Intent.SCAM_SUSPICION: (Reason.SCAM_SUSPICION, "E10", ACT),
    Intent.OFFENCE: (Reason.ABUSE, "E14i", ACT),
    Intent.INJECTION: (Reason.INJECTION, "E16i", ACT),
}
# A clause out of its sentence misleads more easily than a message.
CLAUSE_SURE = 0.65
# Courtesies that come with a wish and are not the wish.
_COURTESIES = frozenset({Intent.GREETING, Intent.THANKS_GOODBYE, Intent.AFFIRM})
# What the model takes "cancelé" for.
_MISHEARD_CANCEL = frozenset({Intent.CANCEL, Intent.DISPUTE, Intent.OPT_OUT})
_NO_INTENT = IntentReading(Intent.OTHER, 0.0, ())
_CLAUSE = re.compile(r"(?<=[.!?;\n])\s+|,\s+|\s+(?=mas\b)")
# What is left of an answer to the identity question once name and digits are out of it.
_IDENTITY_TALK = re.compile(
    r"\b(?:oi|ola|sim|e|eh|sou|eu|a|o|aqui|fala|quem|meu|minha|nome|cpf|final|finais|digitos|ultimos|tres|ops|errei|desculpa|"
    r"digitei|errado|im|i|m|soy|my|name|is|bom|boa|dia|tarde|noite|do|de|da|me|chamo|mesma|mesmo|ela|ele|completo|termina|em|com)\b"
)


@dataclass(frozen=True)
class Reading:
    """What a burst says. Every field is read from the words alone, whatever the case or the conversation
    is in.

    `intent` is the main one, `also` further ones of which the model is sure. `risks` unites rules and
    model. `date` is when it says it will pay, `paid_on` when it says it paid. `wordless` marks emoji and
    the like.
    """

    texts: tuple[str, ...]
    intent: Intent
    probability: float
    top: tuple[tuple[Intent, float], ...]
    also: tuple[Intent, ...]
    answer: Answer
    date: DateReading
    paid_on: datetime.date | None
    promise_parts: tuple[PromisePart, ...]
    amounts: tuple[Amount, ...]
    percent: Decimal | None
    installments: int | None
    days: int | None
    identity: IdentityReading
    optout: OptOutReading
    risks: tuple[RiskSignal, ...]
    delays: frozenset[DelayReason]
    dispute: DisputeReason | None
    data_request: DataRequestKind | None
    language: Language
    method: Method | None
    wants_total: bool
    wants_one_invoice: bool
    greets: bool
    thanks: bool
    says_goodbye: bool
    asks_if_bot: bool
    wordless: bool

    @property
    def sure(self) -> bool:
        """Whether the main intent may be acted on."""
        return self.probability >= intents.ACT

    @property
    def doubtful(self) -> bool:
        """Whether one clarifying question among `top` is due."""
        return intents.ASK <= self.probability < intents.ACT

    @property
    def reasons(self) -> frozenset[Reason]:
        return frozenset(signal.reason for signal in self.risks)

    @property
    def money(self) -> Decimal | None:
        """The last amount said: people correct themselves at the end."""
        return self.amounts[-1].value if self.amounts else None


def read(
    texts: list[str], *, today: datetime.date, country: str = "BR", previous_topic: Topic | None = None
) -> Reading:
    """Reads a burst as one turn. `today` is the business date; `country` and `previous_topic` decide
    "cancelar".
    """
    # A full stop keeps one message's "não" from the next one's date.
    whole = ". ".join(text.strip().rstrip(".") for text in texts if text.strip())
    flowing = " ".join(texts)
    identity = read_identity(flowing)
    main, also = _intents(texts, identity)
    ruled = risk.union(*(risk.detect(text) for text in [*texts, flowing]))
    main = _cancelled_is_paid(main, {signal.reason for signal in ruled}, country=country)
    risks = risk.union(ruled, _model_risks(flowing, [main, *also]))
    found = {signal.reason for signal in risks}
    return Reading(
        texts=tuple(texts),
        intent=main.intent,
        probability=main.probability,
        top=main.top,
        also=tuple(reading.intent for reading in also),
        answer=read_answer(flowing),
        date=parse_date(whole, today=today),
        paid_on=parse_past_date(whole, today=today) if Reason.ALREADY_PAID in found else None,
        promise_parts=tuple(parse_promise_parts(whole, today=today)),
        amounts=parse_money(whole),
        percent=parse_percent(whole),
        installments=parse_installments(whole),
        days=parse_days(whole),
        identity=identity,
        optout=_opt_out(texts, main, country=country, previous_topic=previous_topic),
        risks=risks,
        delays=reasons.delay_reasons(whole),
        dispute=reasons.dispute_reason(whole) if Reason.DISPUTE in found else None,
        data_request=reasons.data_request_kind(whole) if Reason.DATA_REQUEST in found else None,
        language=guess(flowing),
        method=requests.method(whole),
        wants_total=requests.wants_total(flowing),
        wants_one_invoice=requests.wants_one_invoice(flowing),
        greets=requests.greets(flowing),
        thanks=requests.thanks(flowing),
        says_goodbye=requests.says_goodbye(flowing),
        asks_if_bot=requests.asks_if_bot(flowing),
        wordless=not canonical(flowing),
    )


def _intents(texts: list[str], identity: IdentityReading) -> tuple[IntentReading, tuple[IntentReading, ...]]:
    """The main intent of a burst, and further ones that single messages or clauses are sure of.

    1. Name and digits are taken out first; where nothing else is said there is no intent.
    2. The burst as a whole decides; where it is not sure, its surest message or clause does.
    3. A courtesy is the main intent only where nothing else is sure.
    4. Further intents must be surer than the main one has to be.
    """
    said = [stripped for text in texts if (stripped := _without_identity(text, identity))]
    if not said:
        return _NO_INTENT, ()
    pieces = list(dict.fromkeys(piece for text in said for piece in [text, *_clauses(text)]))
    joined = " ".join(said)
    whole, *others = intents.classify_all([joined, *(piece for piece in pieces if piece != joined)])
    candidates = sorted([whole, *others], key=lambda reading: reading.probability, reverse=True)
    wishes = [
        reading for reading in candidates if reading.intent not in _COURTESIES and reading.probability >= ACT
    ]
    sure_whole = whole.probability >= ACT and (whole.intent not in _COURTESIES or not wishes)
    main = whole if sure_whole else next(iter(wishes), candidates[0])
    also: dict[Intent, IntentReading] = {}
    for reading in wishes:
        if reading.intent is not main.intent and reading.probability >= CLAUSE_SURE:
            also.setdefault(reading.intent, reading)
    return main, tuple(also.values())


def _cancelled_is_paid(main: IntentReading, ruled: set[Reason], *, country: str) -> IntentReading:
    """Where "cancelar" also means to pay, "ya cancelé" says so: the rules know it, the model hears the plan end."""
    if country not in optout.CANCEL_PAYS or Reason.ALREADY_PAID not in ruled or Reason.DISPUTE in ruled:
        return main
    if main.intent is Intent.ALREADY_PAID and main.probability >= ACT:
        return main
    if main.intent not in _MISHEARD_CANCEL and main.probability >= ACT:
        return main
    return IntentReading(Intent.ALREADY_PAID, ACT, ((Intent.ALREADY_PAID, ACT),))


def _clauses(text: str) -> list[str]:
    """The clauses of a text, where there are several of at least two words."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause and len(canonical(clause).split()) > 1]
    return clauses if len(clauses) > 1 else []


def _without_identity(text: str, identity: IdentityReading) -> str:
    """The text without the name and digits read from it; empty where it says nothing else, or nothing at
    all.
    """
    rest = redact(text).replace("[CPF]", " ")
    for word in [*(identity.name or "").split(), *([identity.digits] if identity.digits else [])]:
        rest = re.sub(rf"\b{re.escape(word)}\b", " ", rest, flags=re.IGNORECASE)
    if rest == text:
        return text.strip() if canonical(text) else ""
    return rest.strip(" ,.;") if _IDENTITY_TALK.sub("", canonical(rest)).strip() else ""


def _model_risks(flowing: str, readings: list[IntentReading]) -> tuple[RiskSignal, ...]:
    """The signals that the model raises, each where its intent is among the three likeliest and likely
    enough.

    An expression that only sounds like one silences the model, unless it is very sure of self-harm.
    Hardship in passing ("sem dinheiro hoje, sexta eu pago") is a reason for the delay, not a case for a
    person.
    """
    signals: list[RiskSignal] = []
    for i, reading in enumerate(readings):
        for intent, probability in reading.top:
            if intent not in _RISKY_INTENTS or (i > 0 and intent is Intent.HARDSHIP):
                continue
            reason, situation, least = _RISKY_INTENTS[intent]
            loud = reason is Reason.SELF_HARM and probability >= SELF_HARM_SURE
            if probability >= least and (loud or not risk.sounds_like(flowing, reason)):
                signals.append(RiskSignal(reason, situation, "model", intent))
    return tuple(signals)


def _opt_out(
    texts: list[str], main: IntentReading, *, country: str, previous_topic: Topic | None
) -> OptOutReading:
    """The lexicon's reading; where it finds nothing, the model's, with a high bar for stopping at once."""
    found = optout.classify_burst(texts, country=country, previous_topic=previous_topic)
    if found.outcome is not OptOut.NONE or main.intent is not Intent.OPT_OUT:
        return found
    if main.probability >= OPT_OUT_HARD:
        return OptOutReading(OptOut.HARD, phrase=Intent.OPT_OUT)
    return OptOutReading(OptOut.ASK, phrase=Intent.OPT_OUT) if main.probability >= OPT_OUT_ASK else found
