"""Members, their addresses, and what they do not want: kept through any import, found whoever writes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from commons import history
from commons.models import HistoryEntry
from members import selectors, services, signals
from members.enums import AliasKind, Blocked, Channel, ContactPointState, IdentityState, MarkKind
from members.models import Alias, Consent, ContactPoint, Member, SuppressionMark
from tests.cases.world import NOW
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
CPF, OTHER_CPF = "59663801123", "11144477735"
PHONE, WITHOUT_NINE, OTHER_PHONE = "+5511987654321", "+551187654321", "+5511912345678"
WHATSAPP, EMAIL = Channel.WHATSAPP, Channel.EMAIL
State = ContactPointState


def member(**changes: Any) -> Member:
    facts = {"name": "Ana Souza", "document": CPF, "external_id": "A-1", "now": NOW, "actor": "system"}
    return services.create_member(**{**facts, **changes})


def other(**changes: Any) -> Member:
    return member(**{"name": "Bia Lima", "document": OTHER_CPF, "external_id": "B-1", **changes})


def add(whose: Member, address: str = PHONE, **changes: Any) -> ContactPoint:
    facts = {"channel": WHATSAPP, "now": NOW, "actor": "system"}
    return services.add_contact_point(member=whose, address=address, **{**facts, **changes})


def opt_out(whose: Member, channel: str = WHATSAPP, **changes: Any) -> bool:
    facts = {"source": "SAIR", "actor": "member", "now": NOW, "words": "sair"}
    return services.opt_out(member=whose, channel=channel, **{**facts, **changes})


def opt_in_again(whose: Member, channel: str = WHATSAPP, **changes: Any) -> Consent:
    facts = {
        "source": "pediu de novo",
        "evidence": "ligação gravada 4411",
        "text_version": "2026-11",
        "actor": "user:1",
        "now": LATER,
    }
    return services.opt_in_again(member=whose, channel=channel, **{**facts, **changes})


def mark_wrong(point: ContactPoint) -> bool:
    return services.mark_wrong_number(point=point, source="quem respondeu", actor="member", now=NOW)


def reload(point: ContactPoint) -> ContactPoint:
    return ContactPoint.objects.get(pk=point.pk)


def story(whose: Member) -> list[str]:
    lines = HistoryEntry.objects.filter(member_id=whose.pk).order_by("sequence")
    return list(lines.values_list("kind", flat=True))


@pytest.fixture
def changed() -> Iterator[list[int]]:
    """The contact points that were announced as changed."""
    heard: list[int] = []

    def listen(sender: Any, *, contact_point_id: int, **_: Any) -> None:
        heard.append(contact_point_id)

    signals.contact_point_changed.connect(listen)
    yield heard
    signals.contact_point_changed.disconnect(listen)


class TestMember:
    def test_member_is_found_by_hash_and_stored_encrypted(self):
        made = member(uf="sp", tags=["vip"])

        found = Member.objects.get(document_hash=made.document_hash)
        assert (found.document, found.uf, found.tags, found.folded_name) == (CPF, "SP", ["vip"], "ana souza")
        assert (found.masked_document, found.first_name) == ("***.638.011-**", "Ana")
        assert CPF not in Member.objects.extra(select={"raw": "document"}).values_list("raw", flat=True)
        assert story(made) == ["member.created"]

    def test_company_is_called_by_its_whole_name(self):
        assert member(name="Padaria São José Ltda", kind="company").first_name == "Padaria São José Ltda"

    def test_code_in_the_creditor_s_system_names_one_member_and_an_empty_one_nobody(self):
        member(external_id="")
        member(external_id="")
        member()
        with pytest.raises(IntegrityError), transaction.atomic():
            member()

    def test_blocked_member_is_told_once(self):
        made = member()
        for _ in range(2):
            services.block_member(member=made, reason=Blocked.DECEASED, actor="agent", now=LATER)

        made.refresh_from_db()
        assert (made.blocked, story(made)) == (Blocked.DECEASED, ["member.created", "member.blocked"])


class TestContactPoint:
    def test_first_member_of_an_address_owns_it(self):
        point = add(member())

        assert (point.state, point.masked, point.is_usable) == (State.UNVERIFIED, "+55 11 •••••-4321", True)
        assert HistoryEntry.objects.latest("pk").sentence == (
            "Contato de WhatsApp +55 11 •••••-4321 incluído (não confirmado)."
        )

    @pytest.mark.parametrize("again", [PHONE, WITHOUT_NINE])
    def test_same_address_of_the_same_member_is_the_same_row(self, again: str):
        whose = member()

        assert add(whose) == add(whose, again, now=LATER)
        assert ContactPoint.objects.count() == 1

    @pytest.mark.parametrize("address", [PHONE, WITHOUT_NINE])
    def test_second_member_of_an_address_shares_it_and_is_not_written_to(self, address: str):
        owner = add(member())

        shared = add(other(), address)

        assert (reload(owner).state, shared.state, shared.is_usable) == (
            State.UNVERIFIED,
            State.SHARED,
            False,
        )
        assert selectors.preferred_contact_point(member_id=shared.member_id) is None

    def test_equal_address_on_another_channel_is_another_address(self):
        add(member(), "ana@exemplo.example", channel=EMAIL)

        assert add(other(), "bia@exemplo.example", channel=EMAIL).state == State.UNVERIFIED
        assert add(other(external_id="B-2"), "ana@exemplo.example", channel=EMAIL).state == State.SHARED

    def test_undone_import_owns_nothing(self):
        ContactPoint.objects.filter(pk=add(member()).pk).update(voided_at=LATER)

        assert add(other()).state == State.UNVERIFIED

    def test_database_knows_one_owner(self):
        add(member())
        shared = add(other())

        with pytest.raises(IntegrityError, match="members_one_owner_per_address"), transaction.atomic():
            ContactPoint.objects.filter(pk=shared.pk).update(state=State.UNVERIFIED)

    def test_preferred_is_the_confirmed_one_before_the_marked_one(self):
        whose = member()
        add(whose)
        confirmed = add(whose, OTHER_PHONE, preferred=False)
        services.confirm_identity(point=confirmed, now=NOW, actor="agent")

        assert selectors.preferred_contact_point(member_id=whose.pk) == confirmed

    def test_person_takes_it_out_of_use_and_back(self, changed: list[int]):
        point = add(member())
        for state in (State.BLOCKED, State.BLOCKED, State.UNVERIFIED):
            services.set_contact_point_state(
                point=point, state=state, reason="conferido", actor="user:1", now=NOW
            )

        assert (reload(point).state, changed) == (State.UNVERIFIED, [point.pk, point.pk])

    @pytest.mark.parametrize("address", [PHONE, WITHOUT_NINE])
    def test_address_in_use_elsewhere_is_not_given_to_a_second_member(self, address: str):
        owner = add(member())
        shared = add(other(), address)

        def give() -> None:
            services.set_contact_point_state(
                point=shared, state=State.UNVERIFIED, reason="conferido", actor="user:1", now=NOW
            )

        with pytest.raises(services.AddressTaken, match="outro cadastro"), transaction.atomic():
            give()
        mark_wrong(owner)
        give()

        assert (reload(owner).state, reload(shared).state) == (State.WRONG, State.UNVERIFIED)


class TestWrongNumber:
    def test_wrong_number_is_out_of_use_and_marked(self, changed: list[int]):
        point = add(member())
        services.confirm_identity(point=point, now=NOW, actor="agent")

        assert (mark_wrong(point), mark_wrong(point)) == (True, False)

        assert (reload(point).state, reload(point).confirmed_at) == (State.WRONG, None)
        assert selectors.is_marked_wrong(point)
        assert set(SuppressionMark.objects.values_list("kind", "channel")) == {
            (MarkKind.WRONG_NUMBER, WHATSAPP)
        }
        assert changed == [point.pk, point.pk]  # confirmed, then wrong

    @pytest.mark.parametrize("address", [PHONE, WITHOUT_NINE])
    def test_mark_survives_the_members_and_their_import(self, address: str):
        mark_wrong(add(member()))

        again = add(other(), address)

        assert (again.state, again.is_usable) == (State.WRONG, False)

    def test_other_number_of_the_member_stays_in_use(self):
        whose = member()
        mark_wrong(add(whose))

        assert add(whose, OTHER_PHONE).state == State.UNVERIFIED


class TestOptOut:
    def test_opt_out_holds_for_its_channel_and_is_told_once(self):
        whose = member()
        heard: list[tuple[int, str]] = []

        def listen(sender: Any, *, member_id: int, channel: str, **_: Any) -> None:
            heard.append((member_id, channel))

        signals.opted_out.connect(listen)
        try:
            done = [opt_out(whose), opt_out(whose)]
        finally:
            signals.opted_out.disconnect(listen)

        assert (done, heard) == ([True, False], [(whose.pk, WHATSAPP)])
        assert [selectors.is_opted_out(whose, channel=each) for each in (WHATSAPP, EMAIL)] == [True, False]
        assert story(whose).count("member.opted_out") == 1

    def test_opt_out_of_everything_holds_for_every_channel(self):
        whose = member()
        opt_out(whose)

        assert (opt_out(whose, ""), opt_out(whose, EMAIL)) == (True, False)
        assert [selectors.is_opted_out(whose, channel=each) for each in Channel.values] == [True] * 3

    @pytest.mark.parametrize(
        "again",
        [
            {"external_id": "B-9"},  # the same document under another code
            {"document": "", "external_id": "A-1"},  # the same code without a document
            {"document": OTHER_CPF, "external_id": "A-1"},  # the same code, its document corrected
        ],
    )
    def test_opt_out_survives_the_re_import_of_the_person(self, again: dict[str, str]):
        first = member()
        opt_out(first)
        Member.objects.filter(pk=first.pk).update(external_id=None, voided_at=LATER)

        assert selectors.is_opted_out(member(**again), channel=WHATSAPP)

    def test_opt_out_of_one_is_not_another_s(self):
        opt_out(member())

        assert not selectors.is_opted_out(other(), channel=WHATSAPP)

    def test_member_known_by_nothing_but_a_row_opts_out_too(self):
        nameless, another = (member(document="", external_id=None) for _ in range(2))
        opt_out(nameless)

        assert [selectors.is_opted_out(each, channel=WHATSAPP) for each in (nameless, another)] == [
            True,
            False,
        ]

    def test_consent_lifts_nothing(self):
        whose = member()
        opt_out(whose)
        consent = self.grant(whose)

        assert selectors.is_opted_out(whose, channel=WHATSAPP)
        assert selectors.consent_in_force(member_id=whose.pk, channel=WHATSAPP) == consent

    def test_explicit_wish_lifts_the_channel_s_opt_out_and_is_a_consent(self):
        whose = member()
        opt_out(whose)

        opt_in_again(whose)

        assert not selectors.is_opted_out(whose, channel=WHATSAPP)
        consent = selectors.consent_in_force(member_id=whose.pk, channel=WHATSAPP)
        assert consent is not None
        assert (consent.source, consent.granted_at) == ("pediu de novo", LATER)
        assert set(SuppressionMark.objects.values_list("lifted_at", "lifted_reason")) == {
            (LATER, "pediu de novo")
        }

    def test_wish_for_one_channel_leaves_the_others_alone(self):
        whose = member()
        opt_out(whose, "")

        opt_in_again(whose)

        assert [selectors.is_opted_out(whose, channel=each) for each in (WHATSAPP, EMAIL, Channel.SMS)] == [
            False,
            True,
            True,
        ]

    def test_later_opt_out_counts_again(self):
        whose = member()
        opt_out(whose)
        opt_in_again(whose)

        assert opt_out(whose, now=LATER + timedelta(hours=1)) is True
        assert selectors.is_opted_out(whose, channel=WHATSAPP)

    def test_newest_consent_not_withdrawn_counts(self):
        whose = member()
        old = self.grant(whose, granted_at=NOW - timedelta(days=30))
        new = self.grant(whose)
        Consent.objects.filter(pk=new.pk).update(withdrawn_at=LATER)

        assert selectors.consent_in_force(member_id=whose.pk, channel=WHATSAPP) == old
        assert selectors.consent_in_force(member_id=whose.pk, channel=EMAIL) is None

    @pytest.mark.parametrize(
        ("model", "allowed", "refused"),
        [
            (SuppressionMark, {"lifted_at": LATER, "lifted_reason": "pediu"}, {"channel": EMAIL}),
            (Consent, {"withdrawn_at": LATER}, {"source": "outra"}),
        ],
    )
    def test_what_was_said_cannot_be_rewritten(self, model: Any, allowed: dict, refused: dict):
        whose = member()
        opt_out(whose)
        self.grant(whose)

        assert model.objects.update(**allowed) > 0
        for forbidden in (lambda: model.objects.update(**refused), lambda: model.objects.all().delete()):
            with pytest.raises(ProgrammingError, match=r"Cannot (update|delete)"), transaction.atomic():
                forbidden()

    def grant(self, whose: Member, **changes: Any) -> Consent:
        facts = {
            "granted_at": NOW,
            "source": "ficha",
            "text_version": "2026-01",
            "actor": "system",
            "now": NOW,
        }
        return services.grant_consent(member=whose, channel=WHATSAPP, **{**facts, **changes})


class TestIdentity:
    def test_confirmed_identity_forgets_the_tries(self, changed: list[int]):
        point = add(member())
        services.fail_identity(point=point, now=NOW)

        for _ in range(2):
            services.confirm_identity(point=point, now=LATER, actor="agent")

        found = reload(point)
        assert (found.state, found.confirmed_at, found.identity_tries) == (State.CONFIRMED, LATER, 0)
        assert (found.identity, changed) == (IdentityState.CONFIRMED, [point.pk])

    def test_third_wrong_answer_locks(self):
        point = add(member())

        left = [services.fail_identity(point=point, now=NOW + n * timedelta(minutes=1)) for n in range(4)]

        found = reload(point)
        assert (left, found.identity) == ([2, 1, 0, 0], IdentityState.LOCKED)
        assert found.identity_locked_at == NOW + timedelta(minutes=2)
        assert story(point.member).count("identity.failed") == 4

    def test_organisation_says_how_many_tries(self):
        point = add(member())

        assert [services.fail_identity(point=point, now=NOW, tries=2) for _ in range(2)] == [1, 0]

    @pytest.mark.parametrize("state", [State.BLOCKED, State.INVALID, State.SHARED])
    def test_contact_point_out_of_use_is_not_confirmed_by_an_answer(self, state: State, changed: list[int]):
        point = add(member())
        ContactPoint.objects.filter(pk=point.pk).update(state=state)

        services.confirm_identity(point=point, now=LATER, actor="agent")

        assert (reload(point).state, reload(point).confirmed_at, changed) == (state, None, [])

    def test_member_who_pressed_the_wrong_button_can_still_be_recognised(self):
        point = add(member())
        mark_wrong(point)

        services.confirm_identity(point=point, now=LATER, actor="agent")

        assert reload(point).identity == IdentityState.CONFIRMED

    def test_doubted_identity_has_to_be_confirmed_again(self, changed: list[int]):
        point = add(member())
        services.confirm_identity(point=point, now=NOW, actor="agent")
        for _ in range(2):
            services.doubt_identity(point=point, reason="troca de número", now=LATER)

        assert (reload(point).identity, reload(point).confirmed_at) == (IdentityState.UNCONFIRMED, None)
        assert (story(point.member).count("identity.doubted"), len(changed)) == (1, 2)


class TestAlias:
    def learn(self, point: ContactPoint, value: str = "BR.123", kind: AliasKind = AliasKind.USER_ID) -> None:
        services.learn_alias(point=point, kind=kind, value=value, now=NOW)

    def test_alias_is_learned_once_and_nothing_is_learned_of_nothing(self):
        point = add(member())
        for _ in range(2):
            self.learn(point)
        self.learn(point, "")

        alias = Alias.objects.get()
        assert (alias.contact_point, alias.kind, alias.value) == (point, AliasKind.USER_ID, "BR.123")

    def test_alias_of_another_s_contact_point_stays_theirs(self):
        one, two = add(member()), add(other(), OTHER_PHONE)
        self.learn(one)
        self.learn(two)

        assert Alias.objects.get().contact_point == one

    @pytest.mark.parametrize(
        "given_up", [{"state": State.WRONG}, {"voided_at": LATER}], ids=["wrong number", "undone import"]
    )
    def test_alias_moves_from_who_gave_the_number_up(self, given_up: dict):
        one, two = add(member()), add(other(), OTHER_PHONE)
        self.learn(one)
        ContactPoint.objects.filter(pk=one.pk).update(**given_up)

        self.learn(two)

        assert Alias.objects.get().contact_point == two


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_members_who_claim_an_address_at_once_are_owner_and_sharer(self):
        one, two = member(), other()

        added = at_once(lambda: add(one), lambda: add(two))

        assert sorted(point.state for point in added) == [State.SHARED, State.UNVERIFIED]
        assert [history.first_broken_line(each.pk) for each in (one, two)] == [None, None]

    def test_wrong_answers_at_once_are_counted_one_by_one(self):
        point = add(member())

        left = at_once(*[lambda: services.fail_identity(point=point, now=NOW)] * 3)

        assert (sorted(left), reload(point).identity) == ([0, 1, 2], IdentityState.LOCKED)

    def test_opt_out_at_once_is_one(self):
        whose = member()

        assert sorted(at_once(*[lambda: opt_out(whose)] * 3)) == [False, False, True]
