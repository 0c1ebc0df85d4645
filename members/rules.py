"""The terms after which a contact point is looked at again."""

from datetime import timedelta
from typing import Final

# A confirmed number on which nothing happened for so long may have a new owner.
INACTIVE_AFTER: Final = timedelta(days=365)
# Contacts we began, since the person last wrote, before silence is a reason to ask.
SILENT_AFTER: Final = 3
# A number still not confirmed so long after it became known, although there is something to talk about.
UNCONFIRMED_AFTER: Final = timedelta(days=60)
# How long an answer of a person holds before the same problem may be asked about again.
KEEP_FOR: Final = timedelta(days=90)
