"""Where Celery looks for the tasks of the office."""

from office.contacts.tasks import find_contact_problems, infer_paydays
from office.imports.tasks import (
    forget_old_imports,
    preview_import,
    revert_import,
    run_import,
    take_up_imports,
)
from office.lists.bulk.tasks import take_up_bulk_runs, work_bulk_run

__all__ = [
    "find_contact_problems",
    "forget_old_imports",
    "infer_paydays",
    "preview_import",
    "revert_import",
    "run_import",
    "take_up_bulk_runs",
    "take_up_imports",
    "work_bulk_run",
]
