from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.enums import EscalationReason, HoldReason
from cases.services import concerns, holds
from compliance import services
from compliance.enums import ContactKind, SwitchScope, Verdict
from compliance.models import ContactLedgerEntry, ContactSettings, Decision, LocalHoliday, Switch
from compliance.services import NotAllowed
from members import services as members
from members.enums import Blocked, Channel, ContactPointState
from tests.compliance.builders import BR, NOW, at
from tests.compliance.world import World
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

DEFER, REFUSE, ALLOW = Verdict.DEFER.value, Verdict.REFUSE.value, Verdict.ALLOW.value


@pytest.fixture
def world() -> World:
    return World.build()


class TestDecide:
    def test_allowed_contact_leaves_a_passport(self, world: World) -> None:
        decision = services.decide(world.request(), now=NOW)

        assert (decision.verdict, decision.until, decision.rule) == (ALLOW, None, "")
        assert (decision.member_id, decision.contact_point_id) == (world.member.pk, world.point.pk)
        assert (decision.case_id, decision.kind, decision.channel) == (
            world.case.pk,
            "collection",
            "whatsapp",
        )
        assert (decision.country, decision.state, decision.zone) == ("BR", "SP", "America/Sao_Paulo")
        assert (decision.local_time, decision.at) == ("2026-11-24T10:00", NOW)
        assert (decision.pack_version, decision.policy_version) == (BR.version, 1)
        assert (decision.author, decision.step_key) == ("cadence", "soft-2")
        assert {each["verdict"] for each in decision.results} == {ALLOW}
        assert len(decision.results) == 37

    def test_refused_contact_leaves_one_too_with_every_failing_rule(self, world: World) -> None:
        members.opt_out(member=world.member, channel="", source="SAIR", actor="member", now=NOW)

        decision = services.decide(world.request(sender_active=False), now=NOW)

        assert (decision.verdict, decision.rule) == (REFUSE, "sender_inactive")
        failing = [each["rule"] for each in decision.results if each["verdict"] != ALLOW]
        assert failing == ["sender_inactive", "opted_out"]
        assert Decision.objects.count() == 1

    def test_deferred_contact_says_until_when_and_why(self, world: World) -> None:
        decision = services.decide(world.request(), now=at("2026-11-28 14:01"))

        assert (decision.verdict, decision.until) == (DEFER, at("2026-11-30 09:00"))
        assert decision.sentence == (
            "Fora do horário permitido (SP: seg a sex 09:00-19:00; sáb 09:00-13:00; dom sem contato)."
        )

    def test_passport_holds_no_personal_data(self, world: World) -> None:
        secret = f"Olá, {world.member.name}! Aqui é a assistente virtual. Número {world.point.address}."

        decision = services.decide(world.request(text=secret), now=NOW)

        kept = str([getattr(decision, field.attname) for field in Decision._meta.concrete_fields])
        assert [word for word in (world.member.name, world.point.address, "Olá") if word in kept] == []
        assert len(decision.request["content_hash"]) == 64

    def test_same_text_gives_the_same_hash_and_another_text_another(self, world: World) -> None:
        hashes = [
            services.decide(world.request(text=text), now=NOW).request["content_hash"]
            for text in ("Oi, assistente virtual aqui.", "Oi, assistente virtual aqui.", "Outro robô.")
        ]

        assert (hashes[0] == hashes[1], hashes[0] == hashes[2]) == (True, False)

    def test_stranger_who_wrote_may_be_answered(self, world: World) -> None:
        answer = world.request(
            member_id=None,
            contact_point_id=None,
            case_id=None,
            invoice_ids=(),
            kind=ContactKind.REPLY,
            author="agent",
            template=None,
            answers_inbound_at=NOW - timedelta(minutes=1),
        )

        decision = services.decide(answer, now=NOW)

        assert (decision.verdict, decision.member_id) == (ALLOW, None)
        assert services.record_contact(decision=decision, now=NOW) is None
        assert services.refund_contact(decision_id=decision.pk, now=NOW) is None

    @pytest.mark.parametrize(("amount", "rule"), [("10.00", "recent_payment"), ("110.00", "case_settled")])
    def test_10_payment_between_two_decisions_refuses_the_second(
        self, world: World, amount: str, rule: str
    ) -> None:
        request = world.request()
        first = services.decide(request, now=NOW)

        world.pay(amount, at=NOW + timedelta(seconds=10))

        second = services.decide(request, now=NOW + timedelta(minutes=1))
        assert (first.verdict, second.verdict, second.rule) == (ALLOW, REFUSE, rule)

    def test_13_opt_out_stops_three_queued_steps_at_their_last_look(self, world: World) -> None:
        queued = [services.decide(world.request(step_key=f"s{n}"), now=NOW) for n in range(3)]

        members.opt_out(member=world.member, channel=Channel.WHATSAPP, source="SAIR", actor="member", now=NOW)

        minute = NOW + timedelta(seconds=60)
        seconds = [services.look_again(world.request(), decision=each, now=minute) for each in queued]
        assert [(each.verdict, each.rule) for each in seconds if each is not None] == [
            (REFUSE, "opted_out")
        ] * 3

    def test_16_wrong_number_refuses_and_a_debt_word_in_an_answer_too(self, world: World) -> None:
        members.mark_wrong_number(point=world.point, source="não sou eu", actor="member", now=NOW)
        answer: dict[str, Any] = {
            "kind": ContactKind.REPLY,
            "author": "agent",
            "template": None,
            "answers_inbound_at": NOW,
        }

        assert world.verdict() == (REFUSE, "contact_point_wrong")
        assert world.verdict(**answer, text="Desculpe o engano!") == (ALLOW, "")
        assert world.verdict(**answer, text="Era sobre a mensalidade.") == (REFUSE, "identity_disclosure")

    def test_22_unconfirmed_number_gets_no_debt_word(self, world: World) -> None:
        members.doubt_identity(point=world.point, reason="faz tempo", now=NOW)
        debt = "Aqui é a assistente virtual da Academia Exemplo. Sua mensalidade venceu."

        assert world.verdict() == (ALLOW, "")
        assert world.verdict(text=debt) == (REFUSE, "identity_disclosure")

    @pytest.mark.parametrize("reason", [EscalationReason.THIRD_PARTY, EscalationReason.FRAUD])
    def test_open_escalation_that_doubts_who_writes_hides_the_debt(
        self, world: World, reason: EscalationReason
    ) -> None:
        answer: dict[str, Any] = {
            "kind": ContactKind.REPLY,
            "author": "agent",
            "template": None,
            "answers_inbound_at": NOW,
            "text": "Sua mensalidade venceu.",
        }
        assert world.verdict(**answer) == (ALLOW, "")

        concerns.escalate(case=world.case, reason=reason, raised_by="agent", now=NOW)

        assert world.verdict(**answer) == (REFUSE, "identity_disclosure")

    def test_hold_stops_collection_and_no_promise_reminder(self, world: World) -> None:
        holds.place(
            case=world.case,
            reason=HoldReason.PROMISE,
            author="agent",
            now=NOW,
            ends_at=NOW + timedelta(days=3),
        )

        assert world.verdict() == (REFUSE, "hold")
        assert world.verdict(kind=ContactKind.COMMITMENT) == (ALLOW, "")
        assert world.verdict(now=NOW + timedelta(days=3, hours=1)) == (ALLOW, "")

    @pytest.mark.parametrize("flag", [Blocked.DECEASED, Blocked.MINOR, Blocked.LEGAL])
    def test_blocked_member_gets_nothing(self, world: World, flag: Blocked) -> None:
        members.block_member(member=world.member, reason=flag, actor="user:1", now=NOW)

        assert world.verdict() == (REFUSE, "blocked_flag")

    def test_other_member_s_contact_point_is_refused(self, world: World) -> None:
        other = World.build()

        assert world.verdict(contact_point_id=other.point.pk) == (REFUSE, "recipient_not_member")

    def test_other_member_s_invoice_is_not_open_here(self, world: World) -> None:
        other = World.build()

        assert world.verdict(invoice_ids=(other.invoice.pk,)) == (REFUSE, "invoice_not_open")

    @pytest.mark.parametrize(
        ("state", "rule"),
        [
            (ContactPointState.BLOCKED, "contact_point_unusable"),
            (ContactPointState.INVALID, "contact_point_unusable"),
        ],
    )
    def test_unusable_contact_point_is_refused(
        self, world: World, state: ContactPointState, rule: str
    ) -> None:
        members.set_contact_point_state(
            point=world.point, state=state, reason="erro", actor="system", now=NOW
        )

        assert world.verdict() == (REFUSE, rule)


class TestPlace:
    def test_member_under_eighteen_gets_nothing(self) -> None:
        adult = World.build(birth_date=datetime(2008, 11, 24).date())  # noqa: DTZ001 -- a date of birth
        minor = World.build(birth_date=datetime(2008, 11, 25).date())  # noqa: DTZ001 -- a date of birth

        assert adult.verdict() == (ALLOW, "")
        assert minor.verdict() == (REFUSE, "blocked_flag")

    @pytest.mark.parametrize(
        ("member", "until"),
        [
            ({"uf": "SP"}, None),
            ({"uf": "AC", "city": "Rio Branco"}, at("2026-11-24 11:00")),
            ({"uf": "PE", "city": "Fernando de Noronha"}, None),
            ({"uf": "SP", "timezone": "America/Rio_Branco"}, at("2026-11-24 11:00")),
            ({"uf": "", "city": ""}, None),
        ],
    )
    def test_03_hours_are_those_of_the_member_s_place(
        self, member: dict[str, str], until: datetime | None
    ) -> None:
        world = World.build(**member)

        decision = services.decide(world.request(), now=at("2026-11-24 09:10"))

        assert decision.until == until

    def test_member_in_a_country_without_rules_gets_nothing(self) -> None:
        assert World.build(country="PT").verdict() == (REFUSE, "country_unknown")

    @pytest.mark.parametrize(
        ("holiday", "verdict"),
        [
            ({}, DEFER),
            ({"state": "SP"}, DEFER),
            ({"state": "SP", "city": "SAO PAULO"}, DEFER),
            ({"state": "SP", "city": "Santos"}, ALLOW),
            ({"state": "RJ"}, ALLOW),
            ({"country": "BR", "state": "SP"}, DEFER),
            ({"country": "CO"}, ALLOW),
        ],
    )
    def test_local_holiday_holds_where_it_is_kept(
        self, world: World, holiday: dict[str, str], verdict: str
    ) -> None:
        LocalHoliday.objects.create(date=NOW.date(), name="Aniversário da cidade", **holiday)

        assert world.verdict()[0] == verdict


class TestLedger:
    def test_counted_contact_closes_the_day_over_all_channels(self, world: World) -> None:
        world.contact(NOW)

        assert world.verdict(now=NOW + timedelta(hours=2)) == (DEFER, "min_gap")

    def test_refunded_contact_is_out_of_the_count_once(self, world: World) -> None:
        decision = world.contact(NOW)
        later = NOW + timedelta(hours=2)

        first = services.refund_contact(decision_id=decision.pk, now=later)
        second = services.refund_contact(decision_id=decision.pk, now=later)

        assert first is not None
        assert second is None
        assert world.ledger() == [("sent", "collection", NOW), ("refunded", "collection", later)]
        assert world.verdict(now=later) == (ALLOW, "")

    def test_contact_recorded_twice_counts_once(self, world: World) -> None:
        decision = world.contact(NOW)

        services.record_contact(decision=decision, now=NOW)

        assert world.ledger() == [("sent", "collection", NOW)]

    def test_contact_no_decision_allows_cannot_be_recorded(self, world: World) -> None:
        decision = services.decide(world.request(sender_active=False), now=NOW)

        with pytest.raises(NotAllowed):
            services.record_contact(decision=decision, now=NOW)

    def test_twelve_unanswered_contacts_end_automation_until_the_member_writes(self, world: World) -> None:
        # Every second month has its eight; the promise reminders need no gap.
        moment = at("2026-11-24 10:00")
        for _ in range(12):
            decision = services.decide(world.request(kind=ContactKind.COMMITMENT), now=moment)
            moment = decision.until or moment
            if decision.verdict == DEFER:
                decision = services.decide(world.request(kind=ContactKind.COMMITMENT), now=moment)
            services.record_contact(decision=decision, now=moment)
        later = moment + timedelta(days=31)

        decision = services.decide(world.request(), now=later)
        stopped = [each["rule"] for each in decision.results if each["verdict"] == REFUSE]
        services.note_answer(member_id=world.member.pk, channel="whatsapp", now=later)
        answered = services.decide(world.request(), now=later)

        assert stopped == ["hard_stop_unanswered"]
        assert [each["rule"] for each in answered.results if each["verdict"] == REFUSE] == []

    def test_first_contact_must_say_that_a_machine_writes(self, world: World) -> None:
        bare = "Olá! Aqui é a Academia Exemplo. Podemos conversar?"

        assert world.verdict(text=bare) == (REFUSE, "bot_disclosure")
        world.contact(NOW)
        assert world.verdict(text=bare, now=NOW + timedelta(days=3)) == (ALLOW, "")

    def test_pre_due_reminder_is_remembered_by_invoice(self, world: World) -> None:
        coming = InvoiceFactory(member=world.member, due_date=(NOW + timedelta(days=3)).date(), now=NOW)
        reminder = {"kind": ContactKind.PRE_DUE, "invoice_ids": (coming.pk,)}

        world.contact(NOW, **reminder)

        assert world.verdict(now=NOW + timedelta(days=1), **reminder) == (REFUSE, "pre_due_cap")
        assert world.verdict(now=NOW + timedelta(days=3), **reminder) == (ALLOW, "")


class TestLookAgain:
    def test_contact_does_not_stand_in_its_own_way(self, world: World) -> None:
        decision = world.contact(NOW)

        assert services.look_again(world.request(), decision=decision, now=NOW + timedelta(minutes=1)) is None
        assert Decision.objects.count() == 1

    def test_refusal_is_a_second_decision_that_names_the_first(self, world: World) -> None:
        decision = world.contact(NOW)
        world.pay("10.00", at=NOW + timedelta(seconds=5))

        second = services.look_again(world.request(), decision=decision, now=NOW + timedelta(minutes=1))

        assert second is not None
        assert (second.verdict, second.rule, second.revises_id) == (REFUSE, "recent_payment", decision.pk)

    def test_contact_put_off_counts_from_when_it_will_leave(self, world: World) -> None:
        decision = world.contact(at("2026-11-24 18:40"))

        second = services.look_again(world.request(), decision=decision, now=at("2026-11-24 18:50"))

        assert second is not None
        assert (second.verdict, second.until) == (DEFER, at("2026-11-25 09:00"))
        assert world.ledger() == [
            ("sent", "collection", at("2026-11-24 18:40")),
            ("refunded", "collection", at("2026-11-25 09:00")),
            ("sent", "collection", at("2026-11-25 09:00")),
        ]
        assert services.look_again(world.request(), decision=decision, now=at("2026-11-25 09:00")) is None
        assert world.verdict(now=at("2026-11-26 18:40")) == (DEFER, "min_gap")

    def test_other_contact_in_between_stands_in_the_way(self, world: World) -> None:
        planned = services.decide(world.request(step_key="a"), now=NOW)
        world.contact(NOW + timedelta(minutes=1), step_key="b")

        second = services.look_again(
            world.request(step_key="a"), decision=planned, now=NOW + timedelta(minutes=2)
        )

        assert second is not None
        assert (second.verdict, second.rule) == (DEFER, "min_gap")


class TestSwitch:
    def test_switch_stops_what_was_allowed_before_and_lets_go_again(self, world: World) -> None:
        services.set_switch(
            scope=SwitchScope.ALL, stopped=True, reason="Texto errado.", author="user:1", now=NOW
        )
        assert world.verdict() == (REFUSE, "kill_switch")

        services.set_switch(
            scope=SwitchScope.ALL, stopped=False, reason="Corrigido.", author="user:1", now=NOW
        )
        assert world.verdict() == (ALLOW, "")
        assert Switch.objects.count() == 2

    def test_switches_of_different_keys_stand_apart(self, world: World) -> None:
        for key, stopped in (("soft-2", True), ("soft-3", False)):
            services.set_switch(
                scope=SwitchScope.STEP, key=key, stopped=stopped, reason="Revisão.", author="user:1", now=NOW
            )

        assert world.verdict(step_key="soft-2") == (REFUSE, "kill_switch")
        assert world.verdict(step_key="soft-3") == (ALLOW, "")

    @pytest.mark.parametrize(
        ("scope", "key", "reason"),
        [(SwitchScope.STEP, "", "x"), (SwitchScope.ALL, "algo", "x"), (SwitchScope.ALL, "", " ")],
    )
    def test_switch_that_says_too_little_is_refused(self, scope: SwitchScope, key: str, reason: str) -> None:
        with pytest.raises(ValueError, match=r"Diga|chave"):
            services.set_switch(scope=scope, key=key, stopped=True, reason=reason, author="user:1", now=NOW)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"ends_at": NOW}, "O fim da parada precisa estar no futuro"),
            ({"ends_at": NOW + timedelta(days=1), "stopped": False}, "Só uma parada tem fim"),
            ({"scope": SwitchScope.STATE, "key": "SP"}, "Diga o estado com o país, como BR-SP"),
        ],
    )
    def test_switch_whose_end_or_state_makes_no_sense_is_refused(
        self, changes: dict[str, Any], said: str
    ) -> None:
        wanted = {"scope": SwitchScope.ALL, "stopped": True, "reason": "x", "author": "user:1", "now": NOW}

        with pytest.raises(ValueError, match=said):
            services.set_switch(**{**wanted, **changes})


class TestSettings:
    def test_23_hours_beyond_the_law_are_refused_by_validation(self) -> None:
        wide = ContactSettings(own_hours=True, weekday="07:00-22:00")

        with pytest.raises(ValidationError) as refusal:
            services.change_settings(settings=wide)

        assert refusal.value.messages == [
            "O horário passa do que a lei permite. O máximo é: "
            "seg a sex 08:00-20:00; sáb 08:00-14:00; dom sem contato."
        ]
        assert ContactSettings.objects.count() == 0

    def test_hours_that_make_no_sense_are_refused_with_a_sentence(self) -> None:
        with pytest.raises(ValidationError) as refusal:
            services.change_settings(settings=ContactSettings(own_hours=True, weekday="das 9 às 18"))

        assert refusal.value.messages == [
            "Horário que não se entende: 'das 9 às 18'. Escreva como 09:00-19:00."
        ]

    def test_settings_take_effect_at_once_and_name_their_version(self, world: World) -> None:
        early = at("2026-11-24 08:10")
        assert world.verdict(now=early) == (DEFER, "window")

        services.change_settings(
            settings=ContactSettings(own_hours=True, weekday="08:00-20:00", saturday="08:00-14:00")
        )
        services.change_settings(settings=ContactSettings.current())

        decision = services.decide(world.request(), now=early)
        assert (decision.verdict, decision.policy_version) == (ALLOW, 2)


class TestDatabase:
    """What the database itself refuses, whoever asks."""

    @pytest.mark.parametrize("model", [Decision, ContactLedgerEntry, Switch])
    def test_row_can_be_neither_changed_nor_deleted(self, world: World, model: type) -> None:
        world.contact(NOW)
        services.set_switch(scope=SwitchScope.AGENT, stopped=True, reason="x", author="user:1", now=NOW)

        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.update(at=NOW + timedelta(days=1))  # type: ignore[attr-defined]
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.all()._raw_delete(using="default")  # type: ignore[attr-defined]

        assert model.objects.count() == 1  # type: ignore[attr-defined]

    def test_message_can_only_name_a_decision_that_allows(self, world: World) -> None:
        allowed = services.decide(world.request(), now=NOW)
        refused = services.decide(world.request(sender_active=False), now=NOW)

        insert = "INSERT INTO outgoing VALUES (%s, 'allow')"
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE outgoing (decision_id bigint, verdict varchar(8) CHECK (verdict = 'allow'),"
                " FOREIGN KEY (decision_id, verdict) REFERENCES compliance_decision (id, verdict))"
            )
            cursor.execute(insert, [allowed.pk])
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(insert, [refused.pk])

    def test_refund_of_nothing_is_no_line(self, world: World) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactLedgerEntry.objects.create(
                member=world.member, channel="whatsapp", kind="collection", outcome="refunded", at=NOW
            )


def test_decision_takes_a_constant_number_of_queries() -> None:
    quiet, busy = World.build(), World.build()
    for days in (20, 15, 10, 5):
        busy.contact(NOW - timedelta(days=days))
    holds.place(case=busy.case, reason=HoldReason.DISPUTE, author="agent", now=NOW)
    InvoiceFactory(
        member=busy.member, due_date=(NOW - timedelta(days=40)).date(), now=NOW - timedelta(days=41)
    )
    counts = []
    for world in (quiet, busy):
        request = world.request(invoice_ids=())
        with CaptureQueriesContext(connection) as queries:
            services.decide(request, now=NOW)
        counts.append(len(queries))

    assert counts == [19, 19]
