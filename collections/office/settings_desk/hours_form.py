"""The hours of people: two spans for each day of the week, and days that are not as their weekday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django import forms

from commons.models import Organisation
from commons.support_hours import CLOSED, DAYS, hours_of_weekday, parse_spans, write_spans

_TITLES = ("Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo")
SPANS = 2
# Rows for new exceptions, beside those there are.
_BLANK_ROWS = 3


class HoursForm(forms.Form):
    """A day without spans is closed. An exception without hours is a closed day."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, (day, title) in enumerate(zip(DAYS, _TITLES, strict=True)):
            spans = parse_spans(hours_of_weekday(number, organisation))
            for place in range(SPANS):
                known = spans[place] if place < len(spans) else (None, None)
                self._time(f"{day}_{place}_start", f"{title}, {place + 1}º turno, das", known[0])
                self._time(f"{day}_{place}_end", f"{title}, {place + 1}º turno, até", known[1])
        self._rows = len(organisation.hours_exceptions) + _BLANK_ROWS
        kept = sorted(organisation.hours_exceptions.items())
        for row in range(self._rows):
            day, written = kept[row] if row < len(kept) else ("", "")
            self.fields[f"exception_{row}_date"] = forms.DateField(
                label=f"Data {row + 1}",
                required=False,
                initial=day,
                widget=forms.DateInput(attrs={"type": "date", "class": "of-input"}, format="%Y-%m-%d"),
            )
            self.fields[f"exception_{row}_hours"] = forms.CharField(
                label=f"Horário da data {row + 1}",
                required=False,
                max_length=80,
                initial="" if written == CLOSED else written.replace(",", ", "),
                widget=forms.TextInput(attrs={"class": "of-input", "placeholder": "fechado"}),
            )

    def _time(self, name: str, label: str, value: time | None) -> None:
        self.fields[name] = forms.TimeField(
            label=label,
            required=False,
            initial=value,
            widget=forms.TimeInput(
                attrs={"type": "time", "class": "of-input", "aria-label": label}, format="%H:%M"
            ),
        )

    def days(self) -> Iterator[tuple[str, list[tuple[Any, Any]], list[Any]]]:
        """For the page: title of the day, its pairs of fields, what is wrong with it."""
        for day, title in zip(DAYS, _TITLES, strict=True):
            pairs = [(self[f"{day}_{n}_start"], self[f"{day}_{n}_end"]) for n in range(SPANS)]
            wrong = [error for pair in pairs for field in pair for error in field.errors]
            yield title, pairs, wrong

    def exceptions(self) -> Iterator[tuple[Any, Any]]:
        for row in range(self._rows):
            yield self[f"exception_{row}_date"], self[f"exception_{row}_hours"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        cleaned["support_hours"] = {day: self._day(day, cleaned) for day in DAYS}
        cleaned["hours_exceptions"] = dict(self._exceptions(cleaned))
        return cleaned

    def _day(self, day: str, cleaned: dict[str, Any]) -> str:
        spans = []
        for place in range(SPANS):
            start, end = cleaned[f"{day}_{place}_start"], cleaned[f"{day}_{place}_end"]
            if (start is None) != (end is None):
                self.add_error(f"{day}_{place}_end", "Diga das e até, ou deixe os dois vazios.")
            elif start is not None:
                spans.append((start, end))
        try:
            return write_spans(parse_spans(write_spans(spans)))
        except ValueError as wrong:
            self.add_error(f"{day}_0_start", str(wrong))
            return CLOSED

    def _exceptions(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        seen: set[date] = set()
        for row in range(self._rows):
            day, written = cleaned[f"exception_{row}_date"], cleaned[f"exception_{row}_hours"]
            if day is None:
                if written:
                    self.add_error(f"exception_{row}_date", "Diga a data deste horário.")
                continue
            if day in seen:
                self.add_error(f"exception_{row}_date", "Esta data aparece duas vezes.")
            seen.add(day)
            try:
                yield day.isoformat(), write_spans(parse_spans(written))
            except ValueError as wrong:
                self.add_error(f"exception_{row}_hours", str(wrong))
