"""What the gate knows of many members at once is what it knows of each, and it follows what happens to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import HoldReason
from cases.services import holds
from compliance import services
from compliance.enums import ContactKind
from compliance.gate.request import TemplateState
from compliance.gate.situation import InvoiceState, PastContact, Situation
from compliance.hours_requests import record_hours_request
from compliance.models import LocalHoliday
from compliance.standing import HISTORY, Recipient, Standing, load_standings
from members import services as members
from members.models import Consent
from tests.compliance.builders import NOW, at, before
from tests.compliance.world import World

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
UNTIL = NOW + 30 * DAY


def person(**member: Any) -> World:
    """Nobody's namesake: what one refuses is not refused by another."""
    return World.build(**{"document": "", **member})


def colombian() -> World:
    world = person(country="CO", uf="11", city="Bogotá", language="es")
    record_hours_request(
        member=world.member,
        contract_on=date(2026, 3, 2),
        asked_on=date(2026, 11, 20),
        weekday="19:00-21:30",
        saturday="",
        source="formulário no balcão",
        words="Prefiro que me escriban después de las siete.",
        actor="user:4",
        now=before(NOW, days=3),
    )
    return world


def book() -> list[World]:
    """Members of whom something different is known."""
    plain, contacted, answered, held, refusing, silent, paid = (person() for _ in range(7))
    contacted.contact(before(NOW, days=11))
    contacted.contact(before(NOW, days=5))
    answered.contact(before(NOW, days=11))
    services.note_answer(member_id=answered.member.pk, channel="whatsapp", now=before(NOW, days=10))
    holds.place(case=held.case, reason=HoldReason.DISPUTE, author="agent", now=NOW, ends_at=NOW + 3 * DAY)
    members.opt_out(member=refusing.member, channel="whatsapp", source="conversa", actor="agent", now=NOW)
    Consent.objects.filter(member=silent.member).update(withdrawn_at=NOW)
    paid.pay("200.00", at=before(NOW, days=1))
    abroad = colombian()
    LocalHoliday.objects.create(
        date=date(2026, 11, 30), country="BR", state="SP", folded_city="", name="Festa"
    )
    unknown = person(country="FR", uf="", city="")
    young = person(birth_date=date(2008, 11, 27))
    return [plain, contacted, answered, held, refusing, silent, paid, abroad, unknown, young]


def loaded(*worlds: World, now: datetime = NOW) -> list[Standing]:
    found = load_standings([each.member.pk for each in worlds], now=now, until=now + 30 * DAY)
    return [found[each.member.pk] for each in worlds]


def situation(standing: Standing, now: datetime, world: World) -> Situation:
    """Of an ordinary contact about the member's invoice."""
    invoice = InvoiceState(world.invoice.pk, world.invoice.due_date, world.invoice.original_due_date)
    return standing.situation(
        now=now,
        recipient=Recipient(world.member.pk, "whatsapp", world.point.state),
        channel="whatsapp",
        invoices=(invoice,),
    )


def test_many_at_once_are_known_as_each_alone():
    worlds = book()

    together = loaded(*worlds)

    assert together == [standing for each in worlds for standing in loaded(each)]
    assert [standing.member_id for standing in together] == [each.member.pk for each in worlds]


def test_number_of_queries_does_not_grow_with_the_members():
    worlds = [*(person() for _ in range(3)), *(colombian() for _ in range(3))]
    few, many = ([each.member.pk for each in chosen] for chosen in (worlds[::3], worlds))
    load_standings(few, now=NOW, until=UNTIL)

    counts = []
    for ids in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            load_standings(ids, now=NOW, until=UNTIL)
        counts.append(len(asked))

    assert (len(few), len(many)) == (2, 6)
    assert counts[0] == counts[1]


class TestGrowing:
    @pytest.mark.parametrize("kind", [ContactKind.COLLECTION, ContactKind.COMMITMENT])
    def test_contact_that_is_only_thought_counts_as_one_that_left(self, kind: ContactKind):
        world = person()
        world.contact(before(NOW, days=11))
        (standing,) = loaded(world)

        standing.grow(
            PastContact(at=NOW, channel="whatsapp", kind=kind, invoice_ids=frozenset({world.invoice.pk}))
        )
        _left(world, kind=kind)
        (really,) = loaded(world, now=NOW)

        later = NOW + 2 * DAY
        assert situation(standing, later, world) == situation(really, later, world)
        assert situation(standing, later, world).unanswered == 2

    def test_answering_starts_the_silence_anew(self):
        world = person()
        world.contact(before(NOW, days=11))
        services.note_answer(member_id=world.member.pk, channel="whatsapp", now=before(NOW, days=10))
        (standing,) = loaded(world)
        quiet = situation(standing, NOW, world)

        standing.grow(PastContact(at=NOW, channel="whatsapp", kind=ContactKind.COLLECTION))
        grown = situation(standing, NOW + DAY, world)

        assert (quiet.unanswered, quiet.silent_since) == (0, None)
        assert (grown.unanswered, grown.silent_since) == (1, NOW)

    def test_first_contact_is_the_first_only_once(self):
        world = person()
        (standing,) = loaded(world)
        first = standing.never_contacted

        standing.grow(PastContact(at=NOW, channel="whatsapp", kind=ContactKind.COLLECTION))

        assert (first, standing.never_contacted) == (True, False)

    def test_contact_that_came_back_is_no_silence(self):
        world = person()
        (standing,) = loaded(world)

        standing.grow(PastContact(at=NOW, channel="whatsapp", kind=ContactKind.COLLECTION, counted=False))

        assert situation(standing, NOW + DAY, world).unanswered == 0

    def test_copy_goes_its_own_way(self):
        world = person()
        world.contact(before(NOW, days=11))
        holds.place(
            case=world.case, reason=HoldReason.PROMISE, author="agent", now=NOW, ends_at=NOW + 3 * DAY
        )
        (standing,) = loaded(world)
        untouched, again = standing.copy(), standing.copy()

        again.grow(PastContact(at=NOW, channel="whatsapp", kind=ContactKind.COLLECTION))
        again.release(HoldReason.PROMISE)
        again.case_state = "negotiation"

        assert standing == untouched
        assert (len(again.contacts), len(again.silent), again.holds) == (2, 2, ())
        assert (len(standing.contacts), len(standing.silent), len(standing.holds)) == (1, 1, 1)


class TestForgetting:
    def test_contact_is_forgotten_after_a_hundred_and_fifty_days(self):
        world = person()
        first, second = before(NOW, days=11), before(NOW, days=5)
        world.contact(first)
        world.contact(second)
        (standing,) = loaded(world)

        kept = situation(standing, first + HISTORY - TICK, world)
        gone = situation(standing, first + HISTORY, world)

        assert HISTORY == 150 * DAY
        assert ([each.at for each in kept.contacts], kept.unanswered, kept.silent_since) == (
            [first, second],
            2,
            first,
        )
        assert ([each.at for each in gone.contacts], gone.unanswered, gone.silent_since) == (
            [second],
            1,
            second,
        )

    def test_what_is_forgotten_later_is_what_would_not_be_loaded_then(self):
        world = person()
        for days in (40, 20, 5):
            world.contact(before(NOW, days=days))
        (standing,) = loaded(world)

        for days in (100, 110, 130, 145, 160):
            later = NOW + days * DAY
            (fresh,) = loaded(world, now=later)
            assert situation(standing, later, world) == situation(fresh, later, world)

    def test_member_once_contacted_stays_known_to_have_been(self):
        world = person()
        world.contact(before(NOW, days=5))

        (standing,) = loaded(world, now=NOW + 400 * DAY)

        assert (standing.contacts, standing.never_contacted) == ((), False)


class TestHolds:
    def test_hold_is_in_force_between_its_instants(self):
        world = person()
        holds.place(
            case=world.case, reason=HoldReason.DISPUTE, author="agent", now=NOW, ends_at=NOW + 3 * DAY
        )
        (standing,) = loaded(world)

        assert [
            [each.reason for each in situation(standing, moment, world).holds]
            for moment in (NOW, NOW + 3 * DAY - TICK, NOW + 3 * DAY)
        ] == [["dispute"], ["dispute"], []]

    def test_release_ends_the_holds_of_one_reason(self):
        world = person()
        for reason in (HoldReason.PROMISE, HoldReason.DISPUTE):
            holds.place(case=world.case, reason=reason, author="agent", now=NOW, ends_at=NOW + 3 * DAY)
        (standing,) = loaded(world)

        standing.release(HoldReason.PROMISE)

        assert [each.reason for each in situation(standing, NOW, world).holds] == ["dispute"]


def test_member_comes_of_age_while_time_goes_by():
    world = person(birth_date=date(2008, 11, 27))
    (standing,) = loaded(world)

    seen = [situation(standing, at(f"2026-11-{day} 00:00"), world) for day in (26, 27)]

    assert [(each.blocked, each.identity_confirmed) for each in seen] == [("minor", False), ("", True)]


def test_age_is_counted_on_the_member_s_own_clock():
    world = person(birth_date=date(2008, 11, 27), uf="AC", city="Rio Branco")
    (standing,) = loaded(world)

    seen = [situation(standing, at(f"2026-11-27 {hour}"), world).blocked for hour in ("01:59", "02:00")]

    assert (standing.zone, seen) == (ZoneInfo("America/Rio_Branco"), ["minor", ""])


def _left(world: World, *, kind: ContactKind) -> None:
    decision = services.decide(
        world.request(kind=kind, template=TemplateState("lembrete", active=True)), now=NOW
    )
    services.record_contact(decision=decision, now=NOW)
