"""Moving business time: hour by hour, with every tick that became due on the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from billing import tasks as billing
from cadence import planner
from cases import tasks as cases
from commons import clock
from conversations import live
from conversations.enums import Owner
from conversations.models import Conversation
from conversations.turns import arming
from lab.idle import is_idle

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
# Real seconds that one simulated hour may take before we go on anyway.
PATIENCE = 60.0
# Real seconds between two looks: the shortest, the longest, and in between this share of the time waited so far.
POLL, LONGEST_POLL, POLL_SHARE = 0.01, 0.25, 0.05
# Real seconds that the simulators may take for what people do in an hour; they stop themselves well before.
SIMULATED_LIFE = 15.0
# How often in a row answers may be armed anew before the clock goes on.
ROUNDS = 5


def _plan_everything() -> None:
    while planner.plan_due(now=clock.now()):
        pass


# What the scheduler would have run in an hour, in an order that lets each see the one before.
HOURLY: tuple[Callable[[], None], ...] = (
    cases.follow_calendar,
    cases.close_overdue,
    billing.finish_means,
    billing.sweep_payments,
    _plan_everything,
)


def set_to(*, instant: datetime, frozen: bool) -> None:
    """Puts business time at `instant` without running anything between: for setting a scene."""
    _move(instant, frozen=frozen)
    tell_simulators(instant, frozen=frozen)


def advance_to(*, target: datetime, wait: bool = True) -> datetime:
    """Goes forward to `target`, stopping at every full hour to run the ticks and let the work finish.

    Steps of less than an hour run no ticks: they only let debounces, leases and send-at times pass.
    """
    clock.refresh()
    frozen = clock.is_frozen()
    now = clock.now()
    if target < now:
        raise ValueError("time does not run backwards here; set it instead")
    while now < target:
        boundary = (now + HOUR).replace(minute=0, second=0, microsecond=0)
        step = min(boundary, target)
        _move(step, frozen=frozen)
        tell_simulators(step, frozen=frozen)
        if wait:
            # What people did in the hour is known before anything is planned on it.
            wait_until_idle()
        if step == boundary:
            run_ticks()
        if wait:
            wait_until_idle()
            step = _let_debounces_pass(step, before=target, frozen=frozen)
        now = step
    return now


def _let_debounces_pass(now: datetime, *, before: datetime, frozen: bool) -> datetime:
    """Goes on to the answers that are due within seconds, so that nobody waits for them until the next hour.

    Returns the instant reached, which is not after `before`.
    """
    for _ in range(ROUNDS):
        # A clock that is not frozen went on while we waited; it never goes back.
        now = min(max(now, clock.now()), before)
        armed = Conversation.objects.filter(
            turn_due_at__gt=now, turn_due_at__lte=min(before, now + arming.LONGEST_WAIT), owner=Owner.AGENT
        ).aggregate(last=Max("turn_due_at"))["last"]
        if armed is None:
            break
        now = armed
        _move(now, frozen=frozen)
        tell_simulators(now, frozen=frozen)
        wait_until_idle()
    return now


def run_ticks() -> None:
    """One round of everything periodic, here and now."""
    for tick in HOURLY:
        tick()


def wait_until_idle(*, patience: float = PATIENCE) -> bool:
    """Until nothing is left to do, or `patience` real seconds are over. Says which."""
    began = time.monotonic()
    calm = 0
    while (waited := time.monotonic() - began) < patience:
        clock.refresh()
        # Twice in a row: work may be between two rows for an instant.
        calm = calm + 1 if is_idle() else 0
        if calm > 1 and _nothing_on_its_way():
            return True
        # Looking takes time from those who do the work: long work is looked at ever more seldom.
        time.sleep(min(LONGEST_POLL, max(POLL, POLL_SHARE * waited)))
    return False


def _nothing_on_its_way() -> bool:
    """Whether the simulated network has delivered what left us: people answer only what they have."""
    if not settings.SIM_URL:
        return True
    try:
        answer = _simulators().get(f"{settings.SIM_URL}/control/whatsapp/idle", timeout=5)
    except httpx.HTTPError:
        return True
    return answer.status_code != httpx.codes.OK or bool(answer.json()["idle"])


def tell_simulators(instant: datetime, *, frozen: bool) -> None:
    """The simulators live in our time; one that does not answer is only logged (it may not run).

    They answer when the people in them have done what the new time brings, and we have heard of it.
    """
    if not settings.SIM_URL:
        return
    try:
        _simulators().post(
            f"{settings.SIM_URL}/control/clock",
            json={"now": instant.isoformat(), "frozen": frozen},
            timeout=SIMULATED_LIFE,
        )
    except httpx.HTTPError as error:
        log.warning("simulators did not take the time: %s", type(error).__name__)


@cache
def _simulators() -> httpx.Client:
    """One client for the process: a new one for every look costs more than the look."""
    return httpx.Client(trust_env=False)


def _move(instant: datetime, *, frozen: bool) -> None:
    with transaction.atomic():
        clock.move(to=instant, frozen=frozen)
        live.wake(live.Work.CLOCK)
