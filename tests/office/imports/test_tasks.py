from datetime import timedelta

import pytest

from commons import clock
from members.models import Member
from office.imports import services, tasks
from office.imports.enums import BatchState
from office.models import ImportBatch
from tests.factories.commons import OrganisationFactory
from tests.office.imports.batches import NOW, sent
from tests.office.imports.books import csv_of, row

pytestmark = [
    pytest.mark.django_db,
    # Celery would rather see routes in the settings; a queue beside its task is what people read.
]


@pytest.fixture(autouse=True)
def _organisation() -> None:
    OrganisationFactory()


def test_task_whose_time_is_up_calls_itself_until_the_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SECONDS_PER_TASK", -1.0)
    batch = sent(csv_of(row(), row(code="2", number="F2", document="", phone="", email="")))
    services.start(batch_id=batch.pk, now=NOW)

    tasks.run_import.delay(batch_id=batch.pk)

    batch.refresh_from_db()
    assert (batch.state, Member.objects.count()) == (BatchState.DONE, 2)


def test_import_whose_task_was_lost_is_taken_up() -> None:
    batch = sent(csv_of(row()))
    services.start(batch_id=batch.pk, now=NOW)
    ImportBatch.objects.update(beat_at=clock.real_now() - timedelta(hours=1))

    tasks.take_up_imports.delay()

    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_task_of_an_import_at_rest_does_nothing() -> None:
    batch = sent(csv_of(row()))

    tasks.run_import.delay(batch_id=batch.pk)

    batch.refresh_from_db()
    assert (batch.state, Member.objects.count()) == (BatchState.PREVIEWED, 0)
