"""The product's processes beside the database and the broker of our own environment.

Who calls is inside it: what the processes write is read through our own connection, with our own keys.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from commons.models import Organisation
from config.runtime import environment, ports
from config.runtime.stack import Report, Stack

# Who starts the processes decides where they live; the rest of our environment is theirs as well.
_NOT_PASSED_ON = ("DATABASE_URL", "BROKER_URL", "DATA_DIR")


def refuse_inhabited(*, command: str) -> None:
    """Raises CommandError unless the database of our environment is one to spoil: there and without a book."""
    try:
        inhabited = (
            Organisation._meta.db_table in connection.introspection.table_names()
            and Organisation.objects.exists()
        )
    except OperationalError as error:
        raise CommandError(f"There is no database here: use `make {command}`, which starts one.") from error
    if inhabited or not settings.DEMO:
        raise CommandError(
            f"This writes what nobody wants to keep, into an empty database alone: use `make {command}`."
        )


@contextmanager
def started(*, parts: Collection[str], report: Report) -> Iterator[Stack]:
    """Migrates our database and starts `parts`; stops them at the end. Raises CannotStart."""
    own = environment.product_part(os.environ)
    stack = Stack(
        parts=parts,
        demo=True,
        port=ports.parse(own["PORT"], variable="PORT"),
        sim_port=ports.parse(own["SIM_PORT"], variable="SIM_PORT"),
        database_url=own["DATABASE_URL"],
        broker_url=own["BROKER_URL"],
        overrides={name: value for name, value in own.items() if name not in _NOT_PASSED_ON},
        report=report,
    )
    with stack:
        yield stack
