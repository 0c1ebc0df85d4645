"""Where Celery looks for the tasks of the office."""

from office.imports.tasks import (
    forget_old_imports,
    preview_import,
    revert_import,
    run_import,
    take_up_imports,
)

__all__ = ["forget_old_imports", "preview_import", "revert_import", "run_import", "take_up_imports"]
