"""A member's story cannot be changed unnoticed, and forgetting its words leaves it verifiable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from commons import history
from commons.crypto import encrypt
from commons.models import HistoryEntry, HistoryHead
from tests.cases.world import NOW
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

MEMBER, OTHER = 41, 42


def append(member_id: int = MEMBER, **changes: Any) -> HistoryEntry:
    facts = {"kind": "case.opened", "sentence": "Caso aberto.", "at": NOW, "actor": "system", "case_id": 7}
    return history.append(member_id=member_id, **{**facts, **changes})


@pytest.fixture
def story() -> list[HistoryEntry]:
    """Four lines of one member, one of another between them."""
    lines = [append(sentence=f"Linha {number}.", message=number) for number in (1, 2)]
    append(OTHER)
    return lines + [append(sentence=f"Linha {number}.", message=number) for number in (3, 4)]


def forge(statement: str, *values: Any) -> None:
    """What somebody with the database could do: SQL with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE commons_historyentry DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE commons_historyentry ENABLE TRIGGER USER")


class TestChain:
    def test_lines_are_numbered_and_chained_by_member(self, story: list[HistoryEntry]):
        assert [line.sequence for line in story] == [1, 2, 3, 4]
        assert [line.previous for line in story] == ["", *(line.chain for line in story[:-1])]
        head = HistoryHead.objects.get(pk=MEMBER)
        assert (head.sequence, head.chain) == (4, story[-1].chain)
        assert [history.first_broken_line(member) for member in (MEMBER, OTHER, 43)] == [None, None, None]

    def test_lines_of_members_with_equal_words_share_no_hash(self):
        one, two = append(), append(OTHER)

        assert len({one.content_hash, two.content_hash, one.chain, two.chain, one.salt, two.salt}) == 6

    def test_line_says_what_it_was_given(self):
        line = HistoryEntry.objects.get(pk=append(actor="user:3", message=9, reason="legal").pk)

        assert (line.sentence, line.kind, line.at, line.actor, line.case_id, line.metadata) == (
            "Caso aberto.",
            "case.opened",
            NOW,
            "user:3",
            7,
            {"message": 9, "reason": "legal"},
        )

    FORGERIES: dict[str, tuple[Callable[[HistoryEntry], Any], int]] = {
        "member_id": (lambda line: OTHER + 1, 3),
        "sequence": (lambda line: 99, 3),
        "kind": (lambda line: "case.settled", 2),
        "at": (lambda line: line.at + timedelta(microseconds=1), 2),
        "recorded_at": (lambda line: line.recorded_at - timedelta(microseconds=1), 2),
        "actor": (lambda line: "user:1", 2),
        "case_id": (lambda line: 8, 2),
        "metadata": (lambda line: '{"message": 3}', 2),
        "sentence": (lambda line: encrypt("Outra coisa."), 2),
        "salt": (lambda line: "0" * 32, 2),
        "content_hash": (lambda line: "0" * 64, 2),
        "previous": (lambda line: "0" * 64, 2),
        "chain": (lambda line: "0" * 64, 2),
    }

    def test_every_column_is_tampered_with_below(self):
        columns = {field.attname for field in HistoryEntry._meta.concrete_fields}

        assert columns - {"id"} == self.FORGERIES.keys()

    @pytest.mark.parametrize("column", FORGERIES)
    def test_changed_column_breaks_the_chain_at_its_line(self, column: str, story: list[HistoryEntry]):
        value, broken = self.FORGERIES[column]

        forge(f"UPDATE commons_historyentry SET {column} = %s WHERE id = %s", value(story[1]), story[1].pk)

        assert (history.first_broken_line(MEMBER), history.first_broken_line(OTHER)) == (broken, None)

    @pytest.mark.parametrize(
        ("deleted", "broken"), [([0], 2), ([1], 3), ([3], 4), ([2, 3], 3), ([0, 1, 2, 3], 1)]
    )
    def test_missing_line_is_noticed_wherever_it_was(self, deleted, broken: int, story: list[HistoryEntry]):
        forge("DELETE FROM commons_historyentry WHERE id = ANY(%s)", [story[place].pk for place in deleted])

        assert history.first_broken_line(MEMBER) == broken

    def test_head_cannot_go_without_notice(self, story: list[HistoryEntry]):
        HistoryHead.objects.filter(pk=MEMBER).delete()

        assert history.first_broken_line(MEMBER) == 5

    def test_line_put_in_between_is_noticed(self, story: list[HistoryEntry]):
        forge(
            "INSERT INTO commons_historyentry (member_id, sequence, kind, at, recorded_at, actor, case_id, metadata,"
            " sentence, salt, content_hash, previous, chain) SELECT member_id, 5, kind, at, recorded_at, actor,"
            " case_id, metadata, sentence, salt, content_hash, chain, chain FROM commons_historyentry WHERE id = %s",
            story[3].pk,
        )

        assert history.first_broken_line(MEMBER) == 5


class TestErasure:
    def test_line_without_sentence_and_salt_still_verifies(self, story: list[HistoryEntry]):
        forge("UPDATE commons_historyentry SET sentence = '', salt = '' WHERE member_id = %s", MEMBER)

        assert history.first_broken_line(MEMBER) is None
        assert set(HistoryEntry.objects.filter(member_id=MEMBER).values_list("sentence", flat=True)) == {""}

    @pytest.mark.parametrize(
        "change", ["salt = ''", "sentence = ''", "salt = '', kind = 'case.settled', sentence = ''"]
    )
    def test_erasure_is_no_way_to_change_a_line(self, change: str, story: list[HistoryEntry]):
        forge(f"UPDATE commons_historyentry SET {change} WHERE id = %s", story[1].pk)

        assert history.first_broken_line(MEMBER) == 2

    def test_words_in_the_place_of_erased_ones_are_noticed(self, story: list[HistoryEntry]):
        forge(
            "UPDATE commons_historyentry SET salt = '', sentence = %s WHERE id = %s",
            encrypt("Prometeu pagar tudo."),
            story[1].pk,
        )

        assert history.first_broken_line(MEMBER) == 2


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement", ["UPDATE commons_historyentry SET actor = 'x'", "DELETE FROM commons_historyentry"]
    )
    def test_database_refuses(self, statement: str, story: list[HistoryEntry]):
        with (
            pytest.raises(ProgrammingError, match=r"Cannot (update|delete) rows from commons_historyentry"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

        assert history.first_broken_line(MEMBER) is None

    def test_words_are_encrypted_at_rest(self, story: list[HistoryEntry]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(sentence, ' ') FROM commons_historyentry")
            (kept,) = cursor.fetchone()

        assert "Linha" not in kept


@pytest.mark.django_db(transaction=True)
class TestLock:
    def test_lines_written_at_once_have_no_holes_and_no_doubles(self):
        lines = at_once(*[lambda: append().sequence] * 8)

        assert sorted(lines) == [1, 2, 3, 4, 5, 6, 7, 8]
        assert history.first_broken_line(MEMBER) is None

    def test_raised_inside_it_takes_everything_back(self):
        def write() -> None:
            with history.member_transaction(MEMBER):
                append()
                with history.member_transaction(MEMBER):
                    append()
                raise RuntimeError("not today")

        with pytest.raises(RuntimeError, match="not today"):
            write()

        assert HistoryEntry.objects.count() == 0
        assert append().sequence == 1
