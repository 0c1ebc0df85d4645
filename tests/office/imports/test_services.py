from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from billing.models import Invoice
from commons import clock
from members.models import Member
from office.imports import running, services
from office.imports.enums import BatchState, Outcome
from office.imports.mapping import ColumnMapping
from office.models import ImportBatch, ImportFile, ImportRow
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory
from tests.office.imports.batches import NOW, author, imported, sent, undone, worked
from tests.office.imports.books import csv_of, row

pytestmark = pytest.mark.django_db

MANY = csv_of(
    *(
        row(code=str(n), name=f"Membro {n}", document="", phone="", email="", number=f"F{n}")
        for n in range(1, 8)
    )
)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    OrganisationFactory()


def test_preview_writes_nothing_to_the_book() -> None:
    batch = sent(csv_of(row(), row(number="F2", amount="0")))

    assert batch.state == BatchState.PREVIEWED
    assert (Member.objects.count(), Invoice.objects.count()) == (0, 0)
    assert list(batch.rows.values_list("line", "outcome", "member_outcome", "reason")) == [
        (2, Outcome.CREATED, Outcome.CREATED, ""),
        (3, Outcome.REJECTED, "", "amount_not_positive"),
    ]


def test_preview_again_with_other_columns_replaces_the_first() -> None:
    batch = sent(csv_of(row()))
    mapping = ColumnMapping.from_json(batch.mapping)
    other = ColumnMapping(
        header=mapping.header, columns={m: i for m, i in mapping.columns.items() if m != "product"}
    )

    services.answer(
        batch_id=batch.pk,
        mapping=other,
        consent_how="",
        consent_text="",
        consent_on=None,
        author=author(),
        now=NOW,
    )
    worked(batch)

    assert batch.rows.count() == 1
    assert "product" not in batch.mapping["columns"]


def test_file_is_kept_encrypted_until_the_import_ends() -> None:
    batch = sent(csv_of(row()))
    packed = ImportFile.objects.extra(select={"raw": "packed"}).values_list("raw", flat=True).get()
    assert ImportFile.objects.get().unpack() == csv_of(row())
    assert "Ana" not in packed

    services.start(batch_id=batch.pk, now=NOW)
    worked(batch)

    assert ImportFile.objects.count() == 0


def test_rows_hold_personal_data_encrypted_only() -> None:
    sent(csv_of(row(), row(number="F2", amount="x")))

    raw = ImportRow.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)

    assert len(raw) == 2
    assert not any("Ana" in content for content in raw)


def test_run_in_slices_ends_where_one_run_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MEMBERS_PER_CHUNK", 2)
    batch = sent(MANY)
    services.start(batch_id=batch.pk, now=NOW)

    seen = []
    while not services.work(batch_id=batch.pk, now=NOW, seconds=-1):
        batch.refresh_from_db()
        seen.append((batch.state, batch.rows_done, Invoice.objects.count()))

    batch.refresh_from_db()
    assert seen == [("running", 2, 2), ("running", 4, 4), ("running", 6, 6), ("running", 7, 7)]
    assert (batch.state, batch.rows_done, Member.objects.count()) == ("done", 7, 7)
    assert set(batch.rows.values_list("outcome", flat=True)) == {Outcome.CREATED}


def test_run_twice_is_once() -> None:
    batch = imported(MANY)

    assert services.work(batch_id=batch.pk, now=NOW) is True
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING)
    ImportFile.objects.create(batch=batch, packed=ImportFile.pack(MANY))
    worked(batch)

    assert (Member.objects.count(), Invoice.objects.count()) == (7, 7)
    assert set(batch.rows.values_list("outcome", flat=True)) == {Outcome.CREATED}


def test_error_in_the_middle_keeps_what_was_committed_and_resumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MEMBERS_PER_CHUNK", 3)
    batch = sent(MANY)
    services.start(batch_id=batch.pk, now=NOW)
    services.work(batch_id=batch.pk, now=NOW, seconds=-1)
    # Somebody removes the file under the running import.
    ImportFile.objects.all().delete()
    services.work(batch_id=batch.pk, now=NOW, seconds=-1)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done, Member.objects.count()) == ("failed", 3, 3)

    ImportFile.objects.create(batch=batch, packed=ImportFile.pack(MANY))
    services.resume(batch_id=batch.pk)
    worked(batch)

    assert (batch.state, batch.rows_done, Member.objects.count()) == ("done", 7, 7)
    assert set(batch.rows.values_list("outcome", flat=True)) == {Outcome.CREATED}


def test_unexpected_error_becomes_a_state_people_see() -> None:
    batch = sent(MANY)
    ImportFile.objects.all().delete()
    services.start(batch_id=batch.pk, now=NOW)

    assert services.work(batch_id=batch.pk, now=NOW) is True

    batch.refresh_from_db()
    assert (batch.state, batch.failed_while) == ("failed", "running")
    assert batch.error == services._BROKEN


def test_number_booked_between_preview_and_run_is_refused_with_its_reason() -> None:
    batch = sent(csv_of(row(), row(number="F2")))
    other = MemberFactory(external_id="outro", document="")
    InvoiceFactory(member=other, number="F2")
    services.start(batch_id=batch.pk, now=NOW)
    worked(batch)

    assert list(batch.rows.values_list("line", "outcome", "reason")) == [
        (2, Outcome.CREATED, ""),
        (3, Outcome.REJECTED, "other_members_invoice"),
    ]


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (lambda pk: services.start(batch_id=pk, now=NOW), BatchState.DONE),
        (lambda pk: services.resume(batch_id=pk), BatchState.DONE),
        (lambda pk: services.request_revert(batch_id=pk, reason="x", by=author()), BatchState.PREVIEWED),
        (lambda pk: services.discard(batch_id=pk), BatchState.DONE),
    ],
    ids=["start", "resume", "revert", "discard"],
)
def test_verb_at_the_wrong_time_is_refused(verb, state: BatchState) -> None:
    batch = sent(csv_of(row()))
    ImportBatch.objects.filter(pk=batch.pk).update(state=state)

    with pytest.raises(services.NotNowError):
        verb(batch.pk)

    batch.refresh_from_db()
    assert batch.state == state


def test_abandoned_are_those_at_work_without_a_sign_of_life() -> None:
    silent, busy, resting = sent(csv_of(row())), sent(csv_of(row())), sent(csv_of(row()))
    real_now = clock.real_now()
    ImportBatch.objects.filter(pk=silent.pk).update(state="running", beat_at=real_now - timedelta(hours=1))
    ImportBatch.objects.filter(pk=busy.pk).update(state="running", beat_at=real_now)

    assert services.abandoned(real_now=real_now) == [silent.pk]
    assert resting.state == BatchState.PREVIEWED


def test_undone_import_can_be_undone_once() -> None:
    batch = undone(imported(csv_of(row())))

    with pytest.raises(services.NotNowError):
        services.request_revert(batch_id=batch.pk, reason="x", by=author())


def test_old_files_nobody_imported_and_old_refused_cells_are_forgotten() -> None:
    refused = csv_of(row(), row(number="F2", amount="x"))
    done, unused = imported(refused), sent(csv_of(row(number="F9")))

    services.forget_old(now=NOW + timedelta(days=29))
    assert ImportBatch.objects.count() == 2
    assert done.rows.get(line=3).detail == "Valor: x"

    services.forget_old(now=NOW + timedelta(days=91))
    kept = done.rows.get(line=3)
    assert (kept.content, kept.detail, kept.reason) == ("", "", "invalid_amount")
    assert done.rows.get(line=2).content != ""
    assert not ImportBatch.objects.filter(pk=unused.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runners_of_one_import_write_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MEMBERS_PER_CHUNK", 1)
    batch = sent(MANY)
    services.start(batch_id=batch.pk, now=NOW)

    def runner() -> None:
        try:
            services.work(batch_id=batch.pk, now=NOW)
        finally:
            connection.close()

    runners = [Thread(target=runner) for _ in range(2)]
    for thread in runners:
        thread.start()
    for thread in runners:
        thread.join()

    batch.refresh_from_db()
    assert (batch.state, batch.error, batch.rows_done) == ("done", "", 7)
    assert (Member.objects.count(), Invoice.objects.count()) == (7, 7)
    assert set(batch.rows.values_list("outcome", flat=True)) == {Outcome.CREATED}
