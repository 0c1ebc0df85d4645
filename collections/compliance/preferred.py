"""The hours a member would rather be written to, as the gate reads them."""

from __future__ import annotations

from functools import lru_cache

from compliance.packs.model import RulePack
from compliance.packs.windows import Window
from members.preferences import Preference


def preferred_hours(preference: Preference, *, pack: RulePack, state: str | None) -> Window | None:
    """What the member wishes, to be cut with what is lawful; None without a wish.

    A kind of day of which nothing was said keeps everything the place could allow on it.
    """
    if not preference.weekday_hours and not preference.saturday_hours:
        return None
    widest = pack.windows(state).limit
    if pack.on_request is not None:
        widest |= pack.on_request
    said = _said(preference.weekday_hours, preference.saturday_hours)
    return Window(
        weekday=said.weekday if preference.weekday_hours else widest.weekday,
        saturday=said.saturday if preference.saturday_hours else widest.saturday,
        sunday=widest.sunday,
    )


@lru_cache(maxsize=1024)
def _said(weekday: str, saturday: str) -> Window:
    return Window.parse(weekday=weekday, saturday=saturday)
