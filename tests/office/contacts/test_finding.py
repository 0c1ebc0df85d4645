"""What is found about contacts, from what is true now; and what becomes of it the day after."""

from datetime import date, timedelta
from typing import Any

import pytest

from conversations.enums import MessageState
from members import services
from members.enums import Blocked, Channel, ContactPointState, HygieneProblem, HygieneState, Reach
from members.models import ContactPoint, HygieneTask, Member
from members.rules import SILENT_AFTER, UNCONFIRMED_AFTER
from office.contacts import finding, reach, tasks
from tests.cases.world import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory
from tests.office.contacts.world import contact, heard, refusal

pytestmark = pytest.mark.django_db

State, Problem = ContactPointState, HygieneProblem
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _house() -> None:
    OrganisationFactory()


def owing(**changes: Any) -> Member:
    """A member with an open case."""
    member = MemberFactory(**changes)
    InvoiceFactory(member=member, due_date=date(2026, 11, 5), now=NOW)
    return member


def point_of(member: Member, *, confirmed: bool = True, **changes: Any) -> ContactPoint:
    facts = {"created_at": NOW - 2 * DAY, **changes}
    if confirmed:
        facts |= {"state": State.CONFIRMED, "confirmed_at": NOW - 2 * DAY}
    return ContactPointFactory(member=member, **facts)


def problems() -> list[tuple[str, str]]:
    return list(HygieneTask.objects.order_by("pk").values_list("problem", "state"))


class TestProblems:
    def test_contact_in_order_is_not_asked_about(self) -> None:
        contact(point_of(owing()), MessageState.READ)

        assert finding.find(now=NOW) == {"opened": 0, "reopened": 0, "closed": 0}
        assert problems() == []

    @pytest.mark.parametrize(
        ("channel", "code", "expected"),
        [
            (Channel.WHATSAPP, "131026", Problem.INVALID),
            (Channel.EMAIL, "550", Problem.BOUNCED),
        ],
    )
    def test_refused_by_the_provider_it_is_asked_about_with_code_and_count(
        self, channel: str, code: str, expected: str
    ) -> None:
        point = point_of(owing(), channel=channel)
        for days in (2, 1):
            refusal(point, code=code, days_ago=days)

        finding.find(now=NOW)

        task = HygieneTask.objects.get()
        assert (task.problem, task.contact_point, task.member) == (expected, point, point.member)
        assert (task.evidence["failures"], task.evidence["code"]) == (2, code)

    def test_failure_of_our_own_making_says_nothing_about_the_number(self) -> None:
        refusal(point_of(owing()), code="131042")

        finding.find(now=NOW)

        assert problems() == []

    def test_refusal_before_the_last_delivery_is_forgotten(self) -> None:
        point = point_of(owing())
        refusal(point, days_ago=3)
        contact(point, MessageState.DELIVERED, days_ago=1)

        finding.find(now=NOW)

        assert problems() == []

    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            ([MessageState.SENT] * 3, Problem.NOT_REACHED),
            ([MessageState.SENT, MessageState.DELIVERED, MessageState.SENT], Problem.UNREAD),
            ([MessageState.DELIVERED, MessageState.READ, MessageState.SENT], Problem.UNANSWERED),
        ],
    )
    def test_silence_is_told_apart_by_how_far_we_came(self, states: list[str], expected: str) -> None:
        point = point_of(owing())
        for days, state in enumerate(states, start=1):
            contact(point, state, days_ago=days)

        finding.find(now=NOW)

        assert problems() == [(expected, HygieneState.OPEN)]
        # The page says the same as the search.
        assert reach.facts_of([point])[point.pk].traffic.reach == expected == Reach(expected)

    def test_fewer_contacts_than_the_limit_are_no_silence(self) -> None:
        point = point_of(owing())
        for days in range(1, SILENT_AFTER):
            contact(point, days_ago=days)

        finding.find(now=NOW)

        assert problems() == []

    @pytest.mark.parametrize("kind", ["reply", "receipt"])
    def test_answers_of_ours_are_no_contacts(self, kind: str) -> None:
        point = point_of(owing())
        for days in (1, 2, 3, 4):
            contact(point, days_ago=days, contact_kind=kind)

        finding.find(now=NOW)

        assert problems() == []

    def test_silence_is_counted_since_the_person_last_wrote(self) -> None:
        point = point_of(owing())
        for days in (9, 8, 7, 2, 1):
            contact(point, days_ago=days)
        heard(point, NOW - 5 * DAY)

        finding.find(now=NOW)

        assert problems() == []

    def test_landline_is_asked_about_unless_there_is_a_mobile(self) -> None:
        only, besides = owing(), owing()
        point_of(only, is_mobile=False, confirmed=False)
        point_of(besides, is_mobile=False, confirmed=False)
        point_of(besides)

        finding.find(now=NOW)

        assert list(HygieneTask.objects.values_list("member", "problem")) == [(only.pk, Problem.LANDLINE)]

    def test_number_in_two_records_is_asked_about(self) -> None:
        owner = point_of(MemberFactory())
        claimed = services.add_contact_point(
            member=MemberFactory(), channel=owner.channel, address=owner.address, now=NOW, actor="system"
        )

        finding.find(now=NOW)

        assert list(HygieneTask.objects.values_list("contact_point", "problem")) == [
            (claimed.pk, Problem.SHARED)
        ]

    def test_member_nobody_can_write_to_is_asked_about_once(self) -> None:
        nobody, wrong_only = owing(), owing()
        services.mark_wrong_number(point=point_of(wrong_only), source="x", actor="member", now=NOW)

        for _ in range(2):
            finding.find(now=NOW)

        asked = HygieneTask.objects.order_by("member")
        assert [(task.member, task.problem) for task in asked.filter(contact_point=None)] == [
            (nobody, Problem.MISSING),
            (wrong_only, Problem.MISSING),
        ]
        assert asked.count() == 2

    def test_number_unconfirmed_for_long_is_asked_about(self) -> None:
        point_of(owing(), confirmed=False, created_at=NOW - UNCONFIRMED_AFTER + DAY)
        old = point_of(owing(), confirmed=False, created_at=NOW - UNCONFIRMED_AFTER)

        finding.find(now=NOW)

        assert list(HygieneTask.objects.values_list("contact_point", "problem")) == [
            (old.pk, Problem.UNCONFIRMED)
        ]

    def test_who_owes_nothing_or_may_not_be_written_to_is_left_alone(self) -> None:
        point_of(MemberFactory(), confirmed=False, created_at=NOW - 2 * UNCONFIRMED_AFTER)
        owing(blocked=Blocked.DECEASED)
        owing(voided_at=NOW)

        finding.find(now=NOW)

        assert problems() == []


class TestTheDayAfter:
    @pytest.fixture
    def task(self) -> HygieneTask:
        refusal(point_of(owing()))
        finding.find(now=NOW)
        return HygieneTask.objects.get()

    def after(self, days: int) -> tuple[str, int]:
        finding.find(now=NOW + days * DAY)
        return HygieneTask.objects.values_list("state", "reopened").get()

    def test_open_question_stays_one_question(self, task: HygieneTask) -> None:
        assert self.after(1) == (HygieneState.OPEN, 0)

    def test_what_is_no_longer_true_closes_by_itself_and_may_come_back(self, task: HygieneTask) -> None:
        later = contact(task.contact_point, MessageState.DELIVERED, days_ago=0)
        assert self.after(1) == (HygieneState.GONE, 0)

        refusal(task.contact_point, days_ago=-1)

        assert later.at < NOW + DAY
        assert self.after(2) == (HygieneState.OPEN, 1)

    def test_answer_holds_until_its_day(self, task: HygieneTask) -> None:
        services.keep_contact(task_id=task.pk, reason="certo", actor="user:1", now=NOW)

        assert self.after(89) == (HygieneState.RESOLVED, 0)
        assert self.after(90) == (HygieneState.OPEN, 1)

    def test_put_off_it_comes_back_on_its_day(self, task: HygieneTask) -> None:
        services.look_again_later(
            task_id=task.pk, on=(NOW + 3 * DAY).date(), reason="viajou", actor="user:1", now=NOW
        )

        assert self.after(2) == (HygieneState.LATER, 0)
        assert self.after(3) == (HygieneState.OPEN, 1)

    def test_out_of_use_it_is_not_asked_again_but_the_member_is(self, task: HygieneTask) -> None:
        services.retire_contact(task_id=task.pk, reason="não existe", actor="user:1", now=NOW)

        finding.find(now=NOW + DAY)

        assert problems() == [
            (Problem.INVALID, HygieneState.RESOLVED),
            (Problem.MISSING, HygieneState.OPEN),
        ]


class TestInactivity:
    def confirmed(self, days_ago: int) -> ContactPoint:
        return ContactPointFactory(state=State.CONFIRMED, confirmed_at=NOW - days_ago * DAY)

    def state_of(self, point: ContactPoint) -> str:
        return ContactPoint.objects.get(pk=point.pk).state

    @pytest.mark.parametrize(
        ("confirmed", "wrote", "expected"),
        [
            (364, None, State.CONFIRMED),
            (365, None, State.UNVERIFIED),
            (800, 364, State.CONFIRMED),
            (800, 366, State.UNVERIFIED),
        ],
    )
    def test_confirmed_number_is_asked_again_after_a_year_without_a_word(
        self, confirmed: int, wrote: int | None, expected: str
    ) -> None:
        point = self.confirmed(confirmed)
        if wrote is not None:
            heard(point, NOW - wrote * DAY)

        finding.doubt_inactive(now=NOW)

        assert self.state_of(point) == expected

    def test_many_are_taken_some_at_a_time(self) -> None:
        points = [self.confirmed(400) for _ in range(3)]

        assert [finding.doubt_inactive(now=NOW, limit=2) for _ in range(3)] == [2, 1, 0]
        assert {self.state_of(point) for point in points} == {State.UNVERIFIED}


def test_cost_does_not_depend_on_how_many_there_are(django_assert_num_queries: Any) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            refusal(point_of(owing()))
        with django_assert_num_queries(25) as found:
            finding.find(now=NOW)
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_daily_task_finds_what_there_is(business_clock: Any) -> None:
    business_clock(NOW)
    refusal(point_of(owing()))

    tasks.find_contact_problems()

    assert problems() == [(Problem.INVALID, HygieneState.OPEN)]
