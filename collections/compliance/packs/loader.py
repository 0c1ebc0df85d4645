"""Reads a country's rule pack. A new country is a new YAML file beside `br.yaml`, no code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from compliance.packs import model
from compliance.packs.calendar import HolidayCalendar
from compliance.packs.windows import Window

_FOLDER = Path(__file__).parent


class UnknownCountry(LookupError):
    """There is no rule pack for that country: nothing may be sent there."""


@lru_cache(maxsize=16)
def load_pack(country: str) -> model.RulePack:
    """The pack of a country by its two-letter code.

    Raises UnknownCountry when there is none, ValueError when it does not hold together (a state whose shipped
    hours pass its limit, a state without a time zone, a cap that ships above its limit).
    """
    path = _FOLDER / f"{country.lower()}.yaml"
    if not country.isalpha() or not path.is_file():
        raise UnknownCountry(f"Não há regras de contato para o país {country!r}.")
    return parse_pack(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse_pack(data: Mapping[str, Any]) -> model.RulePack:
    """A pack from the parsed YAML of one country. KeyError for a missing entry, else as `load_pack`."""
    default = _windows(data["windows"]["default"])
    pack = model.RulePack(
        country=data["country"],
        version=data["version"],
        zones=model.Zones(
            default=data["zones"]["default"],
            states=data["zones"]["states"],
            cities=data["zones"].get("cities", {}),
        ),
        calendar=HolidayCalendar(
            code=data["holidays"]["calendar"],
            categories=tuple(data["holidays"]["categories"]),
            first_year=data["holidays"]["first_year"],
            last_year=data["holidays"]["last_year"],
        ),
        default_windows=default,
        unknown_windows=_windows(data["windows"].get("unknown", data["windows"]["default"]), default=default),
        state_windows={
            state: _windows(entry, default=default)
            for state, entry in data["windows"].get("states", {}).items()
        },
        on_request=Window.parse(**data["windows"]["on_request"]) if "on_request" in data["windows"] else None,
        channels=_channels(data["channels"]),
        recipients=model.Recipients(
            guarantor=model.Guarantor(data["recipients"]["guarantor"]),
            adult_age=data["recipients"]["adult_age"],
        ),
        identification=tuple(model.Identification(item) for item in data["identification"]["first_message"]),
        caps=_caps(data["caps"]),
        moments=_moments(data["moments"]),
        hard_stop_unanswered=data["hard_stop"]["unanswered"],
        hard_stop_silent_days=data["hard_stop"]["silent_days"],
        debt=_debt(data["debt"]),
        may_ask_reason=data["content"]["may_ask_reason"],
        consequences=model.ConsequenceRules(**data["consequences"]),
        retention=_bounded(data["evidence"]["retention_months"]),
        opt_out_effective_seconds=data["evidence"]["opt_out_effective_seconds"],
    )
    _hold_together(pack)
    return pack


def _windows(entry: Mapping[str, Any], *, default: model.StateWindows | None = None) -> model.StateWindows:
    """A state without `shipped` hours of its own ships the country's, cut to its limit."""
    limit = Window.parse(**entry["limit"])
    if "shipped" in entry:
        return model.StateWindows(limit=limit, shipped=Window.parse(**entry["shipped"]))
    if default is None:
        return model.StateWindows(limit=limit, shipped=limit)
    return model.StateWindows(limit=limit, shipped=limit & default.shipped)


def _bounded(entry: Mapping[str, int]) -> model.Bounded:
    """`{shipped, limit}`, or `{hard}` for a value that nobody sets."""
    if "hard" in entry:
        return model.Bounded(shipped=entry["hard"], limit=entry["hard"], hard=True)
    return model.Bounded(shipped=entry["shipped"], limit=entry["limit"])


def _channels(entry: Mapping[str, Any]) -> model.Channels:
    return model.Channels(
        messages=frozenset(entry["messages"]),
        calls=frozenset(entry["calls"]),
        opt_in=frozenset(entry["opt_in"]),
        one_per_week=entry["one_per_week"],
        after_opt_out=frozenset(entry["after_opt_out"]),
    )


def _caps(entry: Mapping[str, Any]) -> model.Caps:
    return model.Caps(
        max_per_day=_bounded(entry["max_per_day"]),
        max_messages_7d=_bounded(entry["max_messages_7d"]),
        max_calls_7d=None if entry["max_calls_7d"] is None else _bounded(entry["max_calls_7d"]),
        max_per_30d=_bounded(entry["max_per_30d"]),
        min_gap_hours=_bounded(entry["min_gap_hours"]),
        min_gap_days=entry["min_gap_days"],
        pre_due_counted=entry["pre_due_counted"],
        deferrals_before_drop=entry["deferrals_before_drop"],
    )


def _moments(entry: Mapping[str, Any]) -> model.Moments:
    def minutes(name: str) -> timedelta:
        return timedelta(minutes=entry[f"{name}_minutes"])

    return model.Moments(
        reply_grace=minutes("reply_grace"),
        receipt_grace=minutes("receipt_grace"),
        latency_guard=minutes("latency_guard"),
        payment_check=minutes("payment_check"),
        balance_retry=minutes("balance_retry"),
        balance_max_age_minutes=_bounded(entry["balance_max_age_minutes"]),
        service_window=timedelta(hours=entry["service_window_hours"]),
    )


def _debt(entry: Mapping[str, Any]) -> model.DebtRules:
    def decimal(name: str) -> Decimal | None:
        return None if entry[name] is None else Decimal(entry[name])

    return model.DebtRules(
        max_age_days=entry["max_age_days"],
        fine_max_percent=decimal("fine_max_percent"),
        interest_max_percent_month=decimal("interest_max_percent_month"),
        collection_fee_max=decimal("collection_fee_max"),
        breakdown_required=entry["breakdown_required"],
    )


def _hold_together(pack: model.RulePack) -> None:
    entries = {"default": pack.default_windows, "unknown": pack.unknown_windows, **pack.state_windows}
    for name, windows in entries.items():
        if not windows.shipped.within(windows.limit):
            raise ValueError(f"{pack.country}: the shipped hours of {name} pass its limit")
        if not pack.unknown_windows.limit.within(windows.limit):
            raise ValueError(f"{pack.country}: an unknown state is allowed hours that {name} forbids")
        if not windows.limit.within(pack.default_windows.limit):
            raise ValueError(f"{pack.country}: the hours of {name} pass those of the country")
    counts = (pack.caps.max_per_day, pack.caps.max_messages_7d, pack.caps.max_calls_7d, pack.caps.max_per_30d)
    if any(each is not None and each.shipped > each.limit for each in counts):
        raise ValueError(f"{pack.country}: a cap ships above its limit")
    if any(each.shipped < each.limit for each in (pack.caps.min_gap_hours, pack.retention)):
        raise ValueError(f"{pack.country}: a gap or a retention ships below its limit")
    if homeless := set(pack.state_windows) - set(pack.zones.states):
        raise ValueError(f"{pack.country}: no time zone for {', '.join(sorted(homeless))}")
