"""The later word of the member counts: what lifts an opt-out, and what never does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from commons.models import HistoryEntry
from members import selectors, services
from members.enums import Channel
from members.models import Consent, Member, PrivacyNotice, SuppressionMark
from members.services import NotAnOptIn
from tests.cases.world import NOW
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
WHATSAPP, EMAIL = Channel.WHATSAPP, Channel.EMAIL


def opt_out(member: Member, channel: str = WHATSAPP, **changes: Any) -> bool:
    facts = {"source": "por telefone", "actor": "user:1", "now": NOW, "words": "não me liguem mais"}
    return services.opt_out(member=member, channel=channel, **{**facts, **changes})


def opt_in(member: Member, **changes: Any) -> Consent:
    facts = {
        "channel": WHATSAPP,
        "source": "por telefone",
        "evidence": "ligação 4411",
        "text_version": "2026-11",
        "actor": "user:1",
        "now": LATER,
    }
    return services.opt_in_again(member=member, **{**facts, **changes})


def test_declaration_kept_under_several_hashes_is_one_in_the_book() -> None:
    member = MemberFactory()

    opt_out(member, evidence="protocolo 12")

    rows = list(SuppressionMark.objects.order_by("pk"))
    assert [row.repeats_id for row in rows] == [None, rows[0].pk]
    assert [(row.words, row.evidence) for row in rows] == [("não me liguem mais", "protocolo 12")] * 2


def test_opt_out_written_down_later_keeps_the_member_s_own_moment_and_holds_from_now() -> None:
    member = MemberFactory()

    opt_out(member, said_at=NOW - timedelta(days=2))

    assert SuppressionMark.objects.filter(repeats=None).get().at == NOW - timedelta(days=2)
    assert HistoryEntry.objects.filter(member_id=member.pk).latest("sequence").at == NOW
    assert selectors.is_opted_out(member, channel=WHATSAPP)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"evidence": " "}, "Sem prova"),
        ({"source": ""}, "Sem prova"),
        ({"channel": ""}, "vale para um canal"),
        ({"said_at": NOW - timedelta(minutes=1)}, "mais recente"),
        ({"said_at": NOW}, "mais recente"),
        ({"said_at": LATER + timedelta(minutes=1)}, "ainda não chegou"),
    ],
)
def test_what_is_no_explicit_later_wish_lifts_nothing(changes: dict[str, Any], sentence: str) -> None:
    member = MemberFactory()
    opt_out(member)

    with pytest.raises(NotAnOptIn, match=sentence), transaction.atomic():
        opt_in(member, **changes)

    assert selectors.is_opted_out(member, channel=WHATSAPP)
    assert Consent.objects.count() == 0


def test_later_wish_with_evidence_lifts_every_hash_and_says_who_lifted_it() -> None:
    member = MemberFactory()
    opt_out(member)

    consent = opt_in(member)

    assert not selectors.is_opted_out(member, channel=WHATSAPP)
    assert (consent.evidence, consent.text_version, consent.granted_at) == ("ligação 4411", "2026-11", LATER)
    assert [
        (mark.lifted_at, mark.lifted_by, mark.lifted_reason, mark.lifted_evidence)
        for mark in SuppressionMark.objects.all()
    ] == [(LATER, "user:1", "por telefone", "ligação 4411")] * 2


def test_wish_for_one_channel_leaves_one_declaration_for_each_other() -> None:
    member = MemberFactory()
    opt_out(member, "")

    opt_in(member)

    standing = SuppressionMark.objects.filter(lifted_at=None)
    assert sorted(standing.filter(repeats=None).values_list("channel", flat=True)) == [EMAIL, Channel.SMS]
    assert standing.count() == 4
    assert set(standing.values_list("at", flat=True)) == {NOW}


def test_database_lifts_nothing_without_a_reason() -> None:
    opt_out(MemberFactory())

    with pytest.raises(IntegrityError, match="members_lifted_for_a_reason"), transaction.atomic():
        SuppressionMark.objects.update(lifted_at=LATER)


class TestNotices:
    def publish(self, version: str, **changes: Any) -> PrivacyNotice:
        facts = {
            "language": "pt-BR",
            "text": f"Aviso {version}",
            "valid_from": NOW,
            "actor": "user:1",
            "now": NOW,
        }
        return services.publish_notice(version=version, **{**facts, **changes})

    def test_newest_that_has_begun_is_in_force(self) -> None:
        first = self.publish("1")
        second = self.publish("2", valid_from=NOW + timedelta(days=5))

        assert selectors.notice_in_force(now=NOW - timedelta(seconds=1)) is None
        assert selectors.notice_in_force(now=NOW) == first
        assert selectors.notice_in_force(now=NOW + timedelta(days=5)) == second

    @pytest.mark.parametrize(
        ("language", "version"),
        [("es", "es"), ("es-CO", "es"), ("es_CO", "es"), ("en", "pt"), ("pt_BR", "pt")],
    )
    def test_language_falls_back_to_its_own_and_then_to_ours(self, language: str, version: str) -> None:
        self.publish("pt")
        self.publish("es", language="es")

        found = selectors.notice_in_force(now=NOW, language=language)

        assert found is not None
        assert found.version == version

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"valid_from": NOW - timedelta(seconds=1)}, "desde antes de agora"),
            ({"text": " "}, "Escreva o texto"),
            ({}, "já existe"),
        ],
    )
    def test_version_that_would_rewrite_or_say_nothing_is_refused(
        self, changes: dict[str, Any], sentence: str
    ) -> None:
        self.publish("1")

        with pytest.raises(services.NoticeRefused, match=sentence), transaction.atomic():
            self.publish("1", **changes)

    def test_published_version_is_never_changed(self) -> None:
        notice = self.publish("1")

        for act in (lambda: PrivacyNotice.objects.update(text="outro"), notice.delete):
            with pytest.raises(ProgrammingError), transaction.atomic():
                act()
