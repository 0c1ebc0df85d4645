"""Tables whose rows are never changed and never deleted, held by the database itself."""

import pgtrigger


def append_only(*, except_columns: tuple[str, ...] = ()) -> list[pgtrigger.Trigger]:
    """Triggers for `Meta.triggers`: refuse every delete, and every update but of `except_columns`.

    The exceptions are for what the outside tells later about a row (never for its content).
    """
    changed = pgtrigger.AnyChange(exclude=list(except_columns)) if except_columns else None
    return [
        pgtrigger.Protect(name="keep_rows", operation=pgtrigger.Delete),
        pgtrigger.Protect(name="keep_content", operation=pgtrigger.Update, condition=changed)
        if changed
        else pgtrigger.Protect(name="keep_content", operation=pgtrigger.Update),
    ]
