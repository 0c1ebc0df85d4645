"""What the inbox shows: its views, who may see it, what it costs, and that nothing written to us runs in it."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.services import promises
from conversations.enums import ConversationState, Owner
from conversations.inbox import selectors
from conversations.models import Conversation
from tests.conversations.inbox.conftest import browser, person
from tests.conversations.world import NOW, Talk, another_talk

VIEWS = [view.key for view in selectors.VIEWS]


class _Cards(HTMLParser):
    """The conversations listed, in order, and the links to the views."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: list[int] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "data-pk" in found:
            self.listed.append(int(found["data-pk"] or 0))
        self.scripts += tag == "script"


def listed(page: Client, address: str) -> list[int]:
    response = page.get(address)
    assert response.status_code == 200
    parsed = _Cards()
    parsed.feed(response.content.decode())
    return parsed.listed


@pytest.fixture
def talks(talk: Talk, ana: User) -> dict[str, Talk]:
    """One conversation for each view; everybody has written once."""
    found = {name: another_talk(talk) for name in ("waiting", "taken", "robot", "closed", "promised")}
    for each in found.values():
        each.writes("oi")
    Conversation.objects.filter(pk=found["waiting"].conversation.pk).update(
        state=ConversationState.WAITING_PERSON, waiting_since=NOW
    )
    Conversation.objects.filter(pk=found["taken"].conversation.pk).update(owner=Owner.PERSON, operator=ana)
    Conversation.objects.filter(pk=found["closed"].conversation.pk).update(state=ConversationState.CLOSED)
    promises.take(case=found["promised"].world.case, on=NOW.date(), amount=None, author="agent", now=NOW)
    return found


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("people", ["waiting", "taken"]),
        ("mine", ["taken"]),
        ("unowned", ["waiting"]),
        ("agent", ["promised", "robot"]),
        ("promises", ["promised"]),
        ("all", ["waiting", "taken", "promised", "robot"]),
        ("closed", ["closed"]),
        ("nonsense", ["waiting", "taken", "promised", "robot"]),
    ],
)
def test_each_view_lists_its_conversations_and_counts_them(
    page: Client, ana: User, talks: dict[str, Talk], view: str, names: list[str]
) -> None:
    expected = {talks[name].conversation.pk for name in names}
    found = listed(page, f"/inbox/?view={view}")

    assert (set(found), len(found)) == (expected, len(expected))
    key = view if view in VIEWS else selectors.DEFAULT_VIEW
    assert selectors.counts(user=ana, now=NOW)[key] == len(expected)


def test_who_needs_a_person_comes_first_then_who_waits_longest(
    page: Client, talk: Talk, talks: dict[str, Talk]
) -> None:
    older = another_talk(talk)
    older.writes("oi", now=NOW - timedelta(minutes=50))
    newest = another_talk(talk)
    newest.writes("oi", now=NOW + timedelta(minutes=1))

    found = listed(page, "/inbox/?view=all")

    assert found[0] == talks["waiting"].conversation.pk
    assert found[1] == talks["taken"].conversation.pk
    assert found[2] == older.conversation.pk
    assert found[-1] == newest.conversation.pk


def test_promises_of_today_are_those_of_the_organisation_s_day(page: Client, talks: dict[str, Talk]) -> None:
    """Eleven at night in São Paulo is already tomorrow in UTC."""
    late = NOW.replace(hour=23)

    found = Conversation.objects.filter(selectors.condition("promises", user=User(), now=late))

    assert list(found) == [talks["promised"].conversation]


def test_search_finds_by_any_part_of_the_name_without_accents(page: Client, talk: Talk) -> None:
    talk.writes("oi")
    talk.world.member.name = "João Ávila"
    talk.world.member.save()

    assert listed(page, "/inbox/?q=avila") == [talk.conversation.pk]
    assert listed(page, "/inbox/?q=JOAO") == [talk.conversation.pk]
    assert listed(page, "/inbox/?q=maria") == []


def test_conversation_nobody_spoke_in_is_not_listed(page: Client, talk: Talk) -> None:
    assert listed(page, "/inbox/?view=all") == []


class TestPermission:
    ADDRESSES = ("/inbox/", "/inbox/lista/", "/inbox/{pk}/", "/inbox/{pk}/mensagens/", "/inbox/{pk}/ficha/")

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_without_it_there_is_nothing_here(self, talk: Talk, address: str) -> None:
        client = browser(person("carla"))

        assert client.get(address.format(pk=talk.conversation.pk)).status_code == 404

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_anonymous_is_asked_who_they_are(self, talk: Talk, address: str) -> None:
        response = Client().get(address.format(pk=talk.conversation.pk))

        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")

    def test_member_of_the_site_who_is_no_staff_is_asked_too(self, talk: Talk) -> None:
        user = person("dora", "view_conversation")
        User.objects.filter(pk=user.pk).update(is_staff=False)

        assert browser(user).get("/inbox/").status_code == 302

    @pytest.mark.parametrize("act", ["assumir", "responder", "nota", "devolver", "encerrar"])
    def test_acts_need_it_and_a_post(self, talk: Talk, page: Client, act: str) -> None:
        address = f"/inbox/{talk.conversation.pk}/{act}/"

        assert browser(person("carla")).post(address, {"text": "x"}).status_code == 404
        assert page.get(address).status_code == 405

    @pytest.mark.parametrize("act", ["", "mensagens/", "ficha/"])
    def test_conversation_that_does_not_exist_is_not_found(self, page: Client, act: str) -> None:
        assert page.get(f"/inbox/999999/{act}").status_code == 404

    @pytest.mark.parametrize("act", ["assumir", "responder", "nota", "devolver", "encerrar"])
    def test_act_on_a_conversation_that_does_not_exist_is_not_found(self, page: Client, act: str) -> None:
        assert page.post(f"/inbox/999999/{act}/", {"text": "x", "note": "x"}).status_code == 404


class TestCost:
    @pytest.mark.parametrize("address", ["/inbox/?view=all", "/inbox/lista/?view=all"])
    def test_list_takes_as_many_queries_for_three_as_for_one(
        self, page: Client, talk: Talk, ana: User, address: str
    ) -> None:
        talk.writes("oi")

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                page.get(address)
            return len(captured)

        queries()
        one = queries()
        for _ in range(2):
            more = another_talk(talk)
            more.writes("oi", "de novo")
            Conversation.objects.filter(pk=more.conversation.pk).update(operator=ana, owner=Owner.PERSON)
        assert queries() == one

    def test_thread_takes_as_many_queries_for_nine_messages_as_for_three(
        self, page: Client, talk: Talk
    ) -> None:
        address = f"/inbox/{talk.conversation.pk}/mensagens/"
        for minute in range(3):
            talk.writes("obrigado", now=NOW + timedelta(minutes=minute))
        talk.answer(now=NOW + timedelta(minutes=4))

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                page.get(address)
            return len(captured)

        queries()
        few = queries()
        for minute in range(5, 10):
            talk.writes("obrigado", now=NOW + timedelta(minutes=minute))
        talk.answer(now=NOW + timedelta(minutes=11))
        assert queries() == few


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_nothing_written_to_us_becomes_markup(page: Client, talk: Talk) -> None:
    plain = _scripts(page, talk)
    talk.writes(HOSTILE, name=HOSTILE)
    talk.world.member.name = HOSTILE
    talk.world.member.save()
    page.post(f"/inbox/{talk.conversation.pk}/nota/", {"note": HOSTILE})

    html = page.get(f"/inbox/{talk.conversation.pk}/").content.decode()

    assert 'onerror="alert' not in html
    assert html.count("&lt;script&gt;alert(1)") >= 3
    assert _scripts(page, talk) == plain


def _scripts(page: Client, talk: Talk) -> int:
    parsed = _Cards()
    parsed.feed(page.get(f"/inbox/{talk.conversation.pk}/").content.decode())
    return parsed.scripts


def test_search_words_come_back_escaped(page: Client, talk: Talk) -> None:
    html = page.get("/inbox/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert(1)" not in html


def test_opening_a_conversation_marks_it_read(page: Client, talk: Talk) -> None:
    talk.writes("oi", "alô")

    page.get(f"/inbox/{talk.conversation.pk}/mensagens/")
    assert talk.fresh().unread == 2
    page.get(f"/inbox/{talk.conversation.pk}/")
    assert talk.fresh().unread == 0
