"""The short way to a verdict decides as the long one, whatever is asked in whatever situation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.enums import CaseState, HoldReason
from compliance.enums import ContactKind, RuleId, SwitchScope, Verdict
from compliance.gate.evaluate import evaluate, judge_words, next_slot, verdict_on
from compliance.gate.request import ContactRequest, TemplateState
from compliance.gate.situation import BlackoutDays, InvoiceState, OpenHold, Situation, StoppedSwitch
from compliance.packs.loader import load_pack
from compliance.packs.model import ContactLimits, RulePack
from compliance.packs.windows import Window
from members.enums import ContactPointState
from tests.compliance.builders import BR, NOW, before, request, sent, situation

PACKS = [BR, *(load_pack(country) for country in ("AR", "CL", "CO", "MX", "PE"))]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TEXTS = (
    "Olá, Ana! Aqui é a assistente virtual da Academia Exemplo. Podemos conversar?",
    "Olá, Ana! Podemos conversar?",
    "Sua mensalidade venceu. O total hoje é R$ 100,00.",
)


Asked = tuple[ContactRequest, Situation, RulePack, datetime]

INSTANTS = st.builds(
    lambda hours, minutes: NOW + hours * HOUR + minutes * timedelta(minutes=1),
    st.integers(-24, 24 * 40),
    st.integers(0, 59),
)
WINDOWS = st.sampled_from(
    [
        Window.parse(weekday="19:00-20:00"),
        Window.parse(weekday="09:00-11:00", saturday="09:00-11:00"),
        Window.parse(weekday="08:00-08:30"),
        Window.parse(saturday="10:00-12:00"),
        Window.parse(weekday="03:00-04:00"),
    ]
)
LIMITS = st.builds(
    ContactLimits,
    window=st.none() | WINDOWS,
    max_messages_7d=st.none() | st.integers(0, 2),
    max_per_30d=st.none() | st.integers(0, 4),
    min_gap_hours=st.none() | st.integers(24, 120),
)
BLACKOUTS = st.builds(
    lambda first, days, kinds, segment: BlackoutDays(
        name="Recesso",
        first=NOW.date() + first * DAY,
        last=NOW.date() + (first + days) * DAY,
        stops=kinds,
        segment=segment,
    ),
    st.integers(-3, 20),
    st.sampled_from([0, 2, 20, 59]),
    st.frozensets(st.sampled_from(ContactKind), min_size=1),
    st.sampled_from(["", "vip"]),
)
PAST = st.lists(
    st.tuples(st.integers(0, 24 * 35), st.sampled_from(ContactKind), st.booleans()), max_size=5
).map(
    lambda drawn: tuple(
        contact
        for hours, kind, counted in sorted(drawn, reverse=True)
        for contact in sent(before(NOW, hours=hours), kind=kind, counted=counted, invoice_ids=frozenset({7}))
    )
)
# What refuses, mostly: never more than two of them, or nothing else would get its turn.
OF_SITUATION: tuple[dict[str, Any], ...] = (
    {"switches": (StoppedSwitch(SwitchScope.ALL),)},
    {"switches": (StoppedSwitch(SwitchScope.SEGMENT, "vip"),)},
    {"country_known": False},
    {"original_creditor": False},
    {"contact_point_member_id": 2},
    *({"contact_point_state": state} for state in ContactPointState.values),
    {"identity_confirmed": False},
    {"blocked": "deceased"},
    {"opted_in": False},
    {"opted_out": frozenset({"whatsapp"})},
    {"case_state": CaseState.SETTLED.value},
    *(
        {"holds": (OpenHold(reason, invoices, ends_at),)}
        for reason in HoldReason.values
        for invoices, ends_at in ((frozenset({7}), NOW + 3 * DAY), (frozenset({8}), None))
    ),
    {"invoices": (InvoiceState(7, date(2020, 1, 5), date(2020, 1, 5)),)},
    {"last_payment_at": before(NOW, hours=1)},
    {"balance_as_of": before(NOW, minutes=1)},
    {"balance_as_of": before(NOW, days=2)},
    {"unanswered": 50, "silent_since": before(NOW, days=149)},
    {"never_contacted": True},
    {"local_holidays": frozenset({NOW.date(), NOW.date() + DAY})},
)
OF_REQUEST: tuple[dict[str, Any], ...] = (
    *({"text": text} for text in TEXTS[1:]),
    {"author": "agent"},
    {"author": "person:9"},
    {"template": TemplateState("lembrete", active=False)},
    {"template": TemplateState("oferta", active=True, category="marketing")},
    {"template": None},
    {"sender_active": False},
    {"invoice_ids": ()},
    {"invoice_ids": (7, 8)},
    *({"kind": kind} for kind in ContactKind),
    {"kind": ContactKind.REPLY, "answers_inbound_at": before(NOW, minutes=5)},
    {"kind": ContactKind.RECEIPT, "payment_at": before(NOW, minutes=5)},
    *({"limits": ContactLimits(max_per_30d=most)} for most in (0, 1, 3)),
)


def spoiled(choices: tuple[dict[str, Any], ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(st.sampled_from(choices), max_size=1).map(lambda drawn: drawn[0] if drawn else {})


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """A contact with a past, on any hour of some weeks, in any country; here and there something is wrong."""
    channel = draw(st.sampled_from(["whatsapp"] * 5 + ["email", "sms"]))
    contact = request(
        channel=channel, segments=draw(st.sampled_from([(), ("vip",)])), **draw(spoiled(OF_REQUEST))
    )
    there = situation(
        **{
            "contact_point_channel": channel,
            "contacts": draw(PAST),
            "blackouts": draw(st.lists(BLACKOUTS, max_size=2).map(tuple)),
            "preferred": draw(st.none() | WINDOWS),
            "requested": draw(st.none() | WINDOWS),
            "limits": draw(st.just(ContactLimits()) | LIMITS),
            **draw(spoiled(OF_SITUATION)),
        }
    )
    return contact, there, draw(st.sampled_from(PACKS)), draw(INSTANTS)


@settings(max_examples=200)
@given(asked())
def test_short_way_has_the_verdict_the_instant_and_the_rule_of_the_long_one(drawn: Asked) -> None:
    contact, there, pack, now = drawn
    passport = evaluate(contact, there, pack, now)

    said = judge_words(contact, there, pack, now)
    short = verdict_on(contact, there, pack, now, said=said)

    assert (short.verdict, short.until, short.decisive, short.pack_version) == (
        passport.verdict,
        passport.until,
        passport.decisive,
        passport.pack_version,
    )
    assert short.results == passport.results[: len(short.results)]
    assert evaluate(contact, there, pack, now, said=said) == passport


@settings(max_examples=100)
@given(asked())
def test_instant_a_contact_is_put_off_to_suits_every_rule_of_time(drawn: Asked) -> None:
    contact, there, pack, now = drawn
    found = evaluate(contact, there, pack, now)

    if found.verdict == Verdict.DEFER:
        assert found.until is not None
        assert now < found.until
        assert next_slot(contact, there, pack, found.until) == found.until
    else:
        assert found.until is None


def test_nothing_is_asked_after_a_refusal() -> None:
    there = situation(switches=(StoppedSwitch(SwitchScope.ALL),), opted_in=False)

    found = verdict_on(request(), there, BR, NOW, said=[])

    assert [each.rule for each in found.results] == [RuleId.KILL_SWITCH]


def test_words_that_were_judged_before_decide() -> None:
    bad = request(text=TEXTS[1])
    there = situation(never_contacted=True)
    said = judge_words(bad, there, BR, NOW)

    assert [
        _decided(verdict_on(each, there, BR, NOW, said=said).decisive) for each in (bad, request(text=""))
    ] == [RuleId.BOT_DISCLOSURE] * 2


def test_contact_no_hour_suits_within_the_horizon_is_refused() -> None:
    first, last = NOW.date(), NOW.date() + 150 * DAY
    works = [
        BlackoutDays("Obra", each, each + 59 * DAY, frozenset({ContactKind.COLLECTION}))
        for each in (first, first + 60 * DAY, last - 40 * DAY)
    ]

    found = evaluate(request(), situation(blackouts=tuple(works)), BR, NOW)

    assert (found.verdict, found.until, _decided(found.decisive)) == (Verdict.REFUSE, None, RuleId.NO_SLOT)


def _decided(result: Any) -> RuleId | None:
    return None if result is None else result.rule
