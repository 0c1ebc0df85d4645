"""The book: what it shows, what leaves it, and how what somebody said gets into it."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from conversations.enums import MessageState
from members import selectors, services
from members.enums import Channel, ContactPointState, MarkKind
from members.models import Consent, ContactPoint, Member, SuppressionMark
from office.contacts import book
from office.models import ListExport
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory, MemberFactory
from tests.office.contacts.world import contact

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HEADER = "Quando;Tipo;Membro;Código;Canal;Contato;Como foi dito;Palavras ou texto;Prova;Registrado por"


def consent(member: Member, **changes: Any) -> Consent:
    facts = {
        "channel": Channel.WHATSAPP,
        "granted_at": NOW - 10 * DAY,
        "source": "ficha de matrícula",
        "text_version": "Aceito receber avisos.",
        "actor": "system",
        "now": NOW,
    }
    return services.grant_consent(member=member, **{**facts, **changes})


def opt_out(member: Member, **changes: Any) -> None:
    facts = {"channel": Channel.WHATSAPP, "source": "pelo WhatsApp", "words": "SAIR", "actor": "member"}
    services.opt_out(member=member, now=NOW - DAY, **{**facts, **changes})


def wrong_number(member: Member) -> ContactPoint:
    point = ContactPointFactory(member=member)
    services.mark_wrong_number(point=point, source="quem respondeu", actor="member", now=NOW - 2 * DAY)
    return point


@pytest.fixture
def three() -> Member:
    """One member with a line of each kind, the opt-out newest."""
    member = MemberFactory(name="Bia Reis", external_id="B-1")
    consent(member)
    opt_out(member)
    wrong_number(member)
    return member


def shown(client: Client, **query: str) -> list[tuple[str, str]]:
    page = client.get(reverse("contacts:book"), query)
    assert page.status_code == 200
    return [(line.kind, line.channel) for line in page.context["lines"]]


ALL = [("opt_out", "WhatsApp"), ("wrong_number", "WhatsApp"), ("consent", "WhatsApp")]


class TestBook:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ALL),
            ({"tipo": "consent"}, ALL[2:]),
            ({"tipo": "wrong_number"}, ALL[1:2]),
            ({"canal": "email"}, []),
            ({"canal": "whatsapp"}, ALL),
            ({"canal": "all"}, []),
            ({"como": "MATRÍCULA"}, ALL[2:]),
            ({"de": "2026-11-23"}, ALL[:1]),
            ({"ate": "2026-11-22"}, ALL[1:]),
            ({"de": "2026-11-22", "ate": "2026-11-22"}, ALL[1:2]),
        ],
    )
    def test_filter_leaves_exactly_what_was_asked_for(
        self, finance: Client, three: Member, query: dict[str, str], expected: list[tuple[str, str]]
    ) -> None:
        assert shown(finance, **query) == expected

    def test_one_member_s_lines_are_nobody_else_s(self, finance: Client, three: Member) -> None:
        consent(MemberFactory())

        assert shown(finance, membro=str(three.pk)) == ALL

    def test_opt_out_of_every_channel_is_found_as_such(self, finance: Client) -> None:
        opt_out(MemberFactory(), channel="")

        assert shown(finance, canal="all") == [("opt_out", "Todos")]

    def test_lifted_opt_out_stays_with_who_lifted_it_and_why(self, finance: Client, three: Member) -> None:
        services.opt_in_again(
            member=three,
            channel=Channel.WHATSAPP,
            source="no balcão",
            evidence="ficha nova",
            text_version="Aceito de novo.",
            actor="system",
            now=NOW,
        )

        line = finance.get(reverse("contacts:book"), {"tipo": "opt_out"}).context["lines"][0]

        assert (line.standing, line.ended_at, line.ended_because, line.ended_by) == (
            "levantado",
            NOW,
            "no balcão",
            "Sistema",
        )

    def test_period_that_ends_before_it_begins_is_said(self, finance: Client, three: Member) -> None:
        page = finance.get(reverse("contacts:book"), {"de": "2026-11-23", "ate": "2026-11-22"})

        assert page.status_code == 422
        assert "O período termina antes de começar." in page.content.decode()

    def test_empty_book_says_what_will_be_in_it(self, finance: Client) -> None:
        assert "Aqui aparecem os consentimentos" in finance.get(reverse("contacts:book")).content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_cost_does_not_grow_with_the_lines(
        self, finance: Client, count: int, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(count):
            member = MemberFactory(document="")
            consent(member, actor="user:1")
            opt_out(member, actor="user:1")
            wrong_number(member)

        with django_assert_max_num_queries(16) as found:
            assert len(shown(finance)) == 3 * count

        assert len(found) == 16

    @pytest.mark.parametrize("name", ["book", "entry_member"])
    def test_who_may_not_read_it_is_turned_away(self, person: Callable[..., Client], name: str) -> None:
        assert person("view_consent").get(reverse(f"contacts:{name}")).status_code == 403

    def test_reader_sees_no_way_to_write(self, reader: Client, three: Member) -> None:
        assert "Registrar um pedido" not in reader.get(reverse("contacts:book")).content.decode()
        assert reader.get(reverse("contacts:entry", args=[three.pk])).status_code == 403


class TestExport:
    def send(self, client: Client, form: str, reason: str = "auditoria", **query: str) -> Any:
        address = f"{reverse('contacts:book_export')}?{urlencode(query)}"
        return client.post(address, {"format": form, "reason": reason})

    def rows(self, client: Client, form: str = "csv", **query: str) -> list[list[str]]:
        response = self.send(client, form, **query)
        assert response.status_code == 200
        content = b"".join(response.streaming_content)
        if form == "csv":
            assert content.startswith(b"\xef\xbb\xbf")
            return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        sheet = load_workbook(io.BytesIO(content), read_only=True).active
        assert sheet is not None
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]

    def test_export_is_in_the_log_before_and_after_it_left(self, finance: Client, three: Member) -> None:
        self.rows(finance, tipo="consent")

        log = ListExport.objects.get()
        assert (log.listed, log.format, log.rows, log.rows_written, log.reason, log.query) == (
            "members.book",
            "csv",
            1,
            1,
            "auditoria",
            "tipo=consent",
        )

    def test_without_a_reason_or_the_permission_nothing_leaves(
        self, finance: Client, reader: Client, three: Member
    ) -> None:
        assert self.send(finance, "csv", reason=" ").status_code == 302
        assert self.send(reader, "csv").status_code == 403
        assert self.send(finance, "pdf").status_code == 422
        assert ListExport.objects.count() == 0

    def test_both_forms_hold_the_same_rows_as_the_screen(self, finance: Client, three: Member) -> None:
        written = self.rows(finance)

        assert ";".join(written[0]).startswith(HEADER)
        assert [(row[1], row[2], row[3]) for row in written[1:]] == [
            ("Opt-out", "Bia Reis", "B-1"),
            ("Número de outra pessoa", "Bia Reis", "B-1"),
            ("Consentimento", "Bia Reis", "B-1"),
        ]
        # A workbook knows that text is text; a CSV says so with an apostrophe.
        plain = [[cell.removeprefix("'") for cell in row[1:9]] for row in written]
        assert [row[1:9] for row in self.rows(finance, "xlsx")] == plain

    def test_only_the_filtered_rows_leave(self, finance: Client, three: Member) -> None:
        assert [row[1] for row in self.rows(finance, tipo="consent")[1:]] == ["Consentimento"]

    def test_addresses_leave_masked_wherever_they_stand(self, finance: Client) -> None:
        member = MemberFactory()
        point = wrong_number(member)
        opt_out(
            member,
            words="meu número é (11) 98765-4321 e meu e-mail bia@exemplo.example",
            evidence="529.982.247-25",
        )

        text = str(self.rows(finance))

        # What could leak is there, and does not leave.
        assert SuppressionMark.objects.filter(kind="opt_out")[0].words.count("98765-4321") == 1
        leaks = ("98765", "bia@", "529.982.247-25", point.address, point.address[-8:])
        assert [leak for leak in leaks if leak in text] == []
        assert point.masked in text

    def test_every_chunk_of_a_long_book_is_written_once(
        self, finance: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(book, "CHUNK", 2)
        for days in range(5):
            consent(MemberFactory(), granted_at=NOW - days * DAY)

        instants = [row[0] for row in self.rows(finance)[1:]]

        assert instants == [f"{24 - days}/11/2026 10:00" for days in range(5)]


class TestEntry:
    WORDS = {
        "kind": "opt_out",
        "channel": "whatsapp",
        "point": "",
        "source": "por telefone",
        "said_at": "2026-11-24T09:30",
        "words": "não quero mais",
        "evidence": "",
    }

    @pytest.fixture
    def member(self) -> Member:
        return MemberFactory(name="Bia Reis")

    @pytest.fixture
    def point(self, member: Member) -> ContactPoint:
        return ContactPointFactory(member=member)

    def say(self, client: Client, member: Member, **changes: str) -> Any:
        return client.post(reverse("contacts:entry", args=[member.pk]), {**self.WORDS, **changes})

    @pytest.mark.parametrize("term", ["bia", "529.982.247-25", "B-77"])
    def test_member_is_found_without_a_trace_in_the_address(self, finance: Client, term: str) -> None:
        member = MemberFactory(name="Bia Reis", external_id="B-77")

        page = finance.post(reverse("contacts:entry_member"), {"q": term})

        assert list(page.context["found"]) == [member]

    def test_effect_is_told_before_anything_happens(
        self, finance: Client, member: Member, point: ContactPoint
    ) -> None:
        planned = contact(point, MessageState.PLANNED, send_at=NOW + DAY)

        page = self.say(finance, member).content.decode()

        assert "Parar mensagens por WhatsApp" in page
        assert "A mensagem que está na fila é cancelada." in page
        assert not selectors.is_opted_out(member, channel=Channel.WHATSAPP)
        planned.refresh_from_db()
        assert planned.state == MessageState.PLANNED

    def test_confirmed_opt_out_stops_what_was_planned_at_once(
        self, finance: Client, member: Member, point: ContactPoint
    ) -> None:
        planned = contact(point, MessageState.PLANNED, send_at=NOW + DAY)

        answer = self.say(finance, member, confirmar="")

        assert answer.status_code == 302
        planned.refresh_from_db()
        assert planned.state == MessageState.CANCELLED
        mark = SuppressionMark.objects.filter(repeats=None).get()
        assert (mark.kind, mark.source, mark.words, mark.at, mark.actor) == (
            MarkKind.OPT_OUT,
            "por telefone",
            "não quero mais",
            NOW - timedelta(minutes=30),
            f"user:{User.objects.get().pk}",
        )

    def test_opt_out_needs_no_proof_and_a_consent_does(self, finance: Client, member: Member) -> None:
        page = self.say(finance, member, kind="consent", words="", confirmar="")

        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"words", "evidence"}
        assert Consent.objects.count() == 0

    def test_consent_with_its_proof_is_written(self, finance: Client, member: Member) -> None:
        self.say(finance, member, kind="consent", words="Aceito.", evidence="ficha 12", confirmar="")

        found = Consent.objects.get()
        assert (found.text_version, found.evidence, found.channel) == ("Aceito.", "ficha 12", "whatsapp")

    def test_later_wish_lifts_the_opt_out(self, finance: Client, member: Member) -> None:
        opt_out(member)
        wish = {"kind": "consent", "words": "Pode mandar.", "evidence": "ligação 88"}

        effect = self.say(finance, member, **wish).content.decode()
        self.say(finance, member, **wish, confirmar="")

        assert "Levanta o opt-out de 23/11/2026" in effect
        assert not selectors.is_opted_out(member, channel=Channel.WHATSAPP)

    def test_wish_older_than_the_opt_out_lifts_nothing(self, finance: Client, member: Member) -> None:
        opt_out(member)

        page = self.say(
            finance,
            member,
            kind="consent",
            words="Pode.",
            evidence="x",
            said_at="2026-11-22T09:00",
            confirmar="",
        )

        assert page.status_code == 422
        assert selectors.is_opted_out(member, channel=Channel.WHATSAPP)

    @pytest.mark.parametrize("said_at", ["2026-11-24T10:01", "2020-01-01T10:00", "ontem", ""])
    def test_moment_that_cannot_be_is_refused(self, finance: Client, member: Member, said_at: str) -> None:
        page = self.say(finance, member, said_at=said_at, confirmar="")

        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["said_at"]

    def test_wrong_number_is_quarantined(self, finance: Client, member: Member, point: ContactPoint) -> None:
        said = {"kind": "wrong_number", "point": str(point.pk), "words": "não conheço"}

        effect = self.say(finance, member, **said).content.decode()
        self.say(finance, member, **said, confirmar="")

        assert "ninguém escreve mais para" in effect
        assert ContactPoint.objects.get(pk=point.pk).state == ContactPointState.WRONG

    def test_wrong_number_of_somebody_else_is_no_choice(self, finance: Client, member: Member) -> None:
        stranger = ContactPointFactory()

        page = self.say(finance, member, kind="wrong_number", point=str(stranger.pk), confirmar="")

        assert page.status_code == 422
        assert ContactPoint.objects.get(pk=stranger.pk).state == ContactPointState.UNVERIFIED

    def test_each_kind_takes_its_own_permission(self, person: Callable[..., Client], member: Member) -> None:
        clerk = person("view_consent", "view_suppressionmark", "add_consent")

        assert self.say(clerk, member, confirmar="").status_code == 403
        assert SuppressionMark.objects.count() == 0
