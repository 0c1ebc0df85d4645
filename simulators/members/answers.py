"""What a person makes of what they heard: an answer after some minutes, a plan to pay, or nothing.

1. A contact finds them talkative or not; those it moves always talk, or go and pay without a word.
2. They say who they are when asked, want one thing, say so, once more in other words, and then stop.
3. With a code in the chat those who want to pay do so within hours, the same day.
"""

from datetime import date, datetime, time, timedelta

from simulators.members.hearing import Heard, Kind
from simulators.members.hours import SLEEPS, at_hour, awake_after
from simulators.members.mind import READ, Answer, Mind
from simulators.members.profile import Ask
from simulators.pix.calendar import BRASILIA, day_of

# Nobody argues for ever: so often they write in one conversation.
PATIENCE = 8
_TRIES = 2
_TIMES_ASKED = 2

_YES, _NO = "Sim", "Não"
_BUTTONS = {
    Ask.PIX: "Quero o Pix",
    Ask.PERSON: "Falar com pessoa",
    Ask.OPT_OUT: "Não receber mais",
}
_WORDS = {
    Ask.PIX: ("manda o pix", "quero pagar, me manda o pix por favor", "pode mandar o pix"),
    Ask.BALANCE: ("quanto eu devo?", "qual o valor hoje?", "quanto tá dando com os juros?"),
    Ask.CLAIM: ("já paguei", "eu já paguei isso", "já está pago"),
    Ask.PERSON: ("quero falar com uma pessoa", "prefiro falar com um atendente"),
    Ask.OPT_OUT: ("parar", "não quero mais receber mensagens"),
    Ask.WRONG: ("número errado", "não conheço essa pessoa, número errado"),
}
_PROMISES = ("posso pagar dia {day}?", "consigo pagar dia {day}", "dia {day} eu pago")


def take_in(mind: Mind, heard: Heard, *, at: datetime) -> None:
    """Let the person think about what reached them at `at`; what they were about to say is forgotten."""
    mind.saying = mind.say_at = None
    if heard.kind.is_contact:
        _contacted(mind, heard, at=at)
    elif heard.kind is Kind.CODE:
        _has_code(mind, heard.code, at=at)
    elif mind.wish is not None:
        answer = _answer(mind, heard, at=at)
        if answer is None:
            _leave_it(mind, at=at)
        else:
            _plan(mind, answer, after=at)


def _contacted(mind: Mind, heard: Heard, *, at: datetime) -> None:
    mind.contacts += 1
    profile = mind.profile
    first = mind.contacted_at is None
    if first:
        mind.contacted_at = at
    if not mind.due(at):
        mind.fall_silent()
        return
    if first and profile.pays_after_contact is not None:
        mind.pay_by = awake_after(at, 60 * profile.pays_after_contact)
    moved = mind.pay_by is not None
    answers = mind.dice(f"answers {mind.contacts}").random() < profile.responds
    if profile.ask is Ask.COUNTER or not (moved or answers):
        mind.fall_silent()
        if profile.reads:
            _plan(mind, READ, after=at)
        return
    mind.wish = Ask.PIX if mind.promised and moved else profile.ask
    mind.asked = mind.tries = mind.spoken = 0
    _plan(mind, _first_word(mind, heard, at=at), after=at)


def _first_word(mind: Mind, heard: Heard, *, at: datetime) -> Answer:
    if heard.kind is Kind.NOTICE:
        return _say_wish(mind, heard, at=at)
    at_once = {Ask.WRONG: "Não sou", Ask.OPT_OUT: _BUTTONS[Ask.OPT_OUT]}.get(mind.wish or Ask.PIX)
    if at_once is None:
        return Answer.tap("Sou eu")
    mind.asked = _TIMES_ASKED
    return Answer.tap(at_once)


def _answer(mind: Mind, heard: Heard, *, at: datetime) -> Answer | None:
    """What they say next in a conversation that is under way; None when that is all."""
    if mind.spoken >= PATIENCE:
        return None
    if heard.kind is Kind.OFFER:
        return _to_offer(mind, heard)
    if heard.kind is Kind.IDENTITY:
        return _who_i_am(mind, heard, at=at)
    if heard.kind is Kind.WHICH_DAY:
        return Answer.say(f"dia {_promised_day(mind, at):%d/%m}")
    if mind.asked == 0:
        return _say_wish(mind, heard, at=at)
    if heard.kind is Kind.STATEMENT or mind.wish in {Ask.WRONG, Ask.OPT_OUT}:
        return None
    if mind.wish is Ask.BALANCE:
        # The question was answered. Who came to pay pays now; the others only wanted to know.
        if mind.pay_by is None:
            return None
        mind.wish, mind.asked = Ask.PIX, 0
    return _say_wish(mind, heard, at=at) if mind.asked < _TIMES_ASKED else None


def _to_offer(mind: Mind, heard: Heard) -> Answer:
    wanted, word = (0, _YES) if mind.wish is Ask.PROMISE else (1, _NO)
    if wanted < len(heard.buttons):
        return Answer.tap(heard.buttons[wanted])
    return Answer.say(word.lower())


def _who_i_am(mind: Mind, heard: Heard, *, at: datetime) -> Answer | None:
    if mind.wish in {Ask.WRONG, Ask.OPT_OUT, Ask.PERSON}:
        return _say_wish(mind, heard, at=at) if mind.asked < _TIMES_ASKED else None
    if mind.tries >= _TRIES or not mind.digits:
        return None
    mind.tries += 1
    ways = ("{name} {digits}", "{name}, {digits}", "Sou {name}, final {digits}")
    way = ways[0] if mind.tries > 1 else mind.dice("introduces").choice(ways)
    return Answer.say(way.format(name=mind.first_name, digits=mind.digits))


def _say_wish(mind: Mind, heard: Heard, *, at: datetime) -> Answer:
    assert mind.wish is not None  # they are in a conversation
    mind.asked += 1
    if mind.wish is Ask.PROMISE:
        day = _promised_day(mind, at)
        return Answer.say(mind.dice(f"promises {mind.asked}").choice(_PROMISES).format(day=f"{day:%d/%m}"))
    button = _BUTTONS.get(mind.wish)
    if button in heard.buttons:
        return Answer.tap(str(button))
    words = _WORDS[mind.wish]
    chosen = mind.dice("words").randrange(len(words))
    return Answer.say(words[(chosen + mind.asked - 1) % len(words)])


def _promised_day(mind: Mind, at: datetime) -> date:
    """The day they name: the one on which they will pay, or any near one if they won't."""
    if mind.promised <= day_of(at).isoformat():
        # None yet, or one that went by.
        ahead = mind.dice(f"promised {mind.contacts}").randint(2, 5)
        day = mind.pay_by or at + timedelta(days=ahead)
        if day_of(day) <= day_of(at):
            day = at + timedelta(days=1)
        mind.promised = day_of(day).isoformat()
    return date.fromisoformat(mind.promised)


def _has_code(mind: Mind, code: str, *, at: datetime) -> None:
    """A code lies in the chat. Who wants to pay does so before the day is over: codes don't last longer."""
    mind.code, mind.code_at = code, at
    mind.fall_silent()
    if mind.pay_by is not None:
        soon = awake_after(at, mind.dice(f"pays {mind.contacts}").uniform(4, 150))
        last = at_hour(at, days=0, hour=SLEEPS.hour) - timedelta(minutes=10)
        mind.pay_at = min(soon, max(at, last))


def _leave_it(mind: Mind, *, at: datetime) -> None:
    """Say nothing more; who promised a day and means it comes back on it."""
    wish = mind.wish
    mind.fall_silent()
    if wish is Ask.PROMISE and mind.pay_by is not None and mind.promised > day_of(at).isoformat():
        mind.wish, mind.asked = Ask.PIX, 1
        morning = datetime.combine(date.fromisoformat(mind.promised), time(), BRASILIA)
        mind.saying = Answer.say("Oi, hoje é o dia que combinei. Manda o Pix?")
        mind.say_at = at_hour(morning, days=0, hour=mind.dice("keeps").uniform(9, 15))


def _plan(mind: Mind, answer: Answer, *, after: datetime) -> None:
    minutes = mind.profile.answer_minutes * mind.dice(f"pace {mind.contacts}").uniform(0.6, 1.6)
    if mind.spoken:
        minutes = max(1.0, minutes / 3)
    mind.saying, mind.say_at = answer, awake_after(after, minutes)
