"""Reads request objects field by field and refuses what does not fit, as the Graph API words it."""

from collections.abc import Collection
from typing import Any

from simulators.whatsapp.errors import GraphError


class Fields:
    """One JSON object of a request, with the path that leads to it for the error messages."""

    def __init__(self, value: object, path: str) -> None:
        """Wrap `value`. Raises `GraphError` 131009 when it is no object."""
        if not isinstance(value, dict):
            raise GraphError(131009, f"{path} must be a JSON object.")
        self.values: dict[str, Any] = value
        self.path = path

    def name(self, field: str) -> str:
        """Return the field's full path, `interactive['body']['text']`."""
        return f"{self.path}['{field}']" if self.path else field

    def has(self, field: str) -> bool:
        """Return whether the field is there and not null."""
        return self.values.get(field) is not None

    def only(self, *fields: str) -> None:
        """Refuse keys the object does not know (100)."""
        for key in self.values:
            if key not in fields:
                raise GraphError(100, f"Unexpected key '{key}' on param '{self.path or 'body'}'.")

    def value(self, field: str) -> Any:
        """Return a required field's raw value. Raises 131008 when it is missing."""
        if not self.has(field):
            raise GraphError(131008, f"Parameter {self.name(field)} is required.")
        return self.values[field]

    def text(self, field: str, *, max_length: int, min_length: int = 1, code: int = 131009) -> str:
        """Return a required text within its limits; `code` is what a wrong length is answered with."""
        value = self.value(field)
        if not isinstance(value, str):
            raise GraphError(131009, f"{self.name(field)} must be a string.")
        if min_length and not value.strip():
            raise GraphError(131008, f"Parameter {self.name(field)} is required.")
        if not min_length <= len(value) <= max_length:
            raise GraphError(
                code,
                f"Param {self.name(field)} must be between {min_length} and {max_length} characters long.",
            )
        return value

    def optional_text(self, field: str, *, max_length: int, code: int = 131009) -> str:
        """Return the text, or "" when the field is not there."""
        return self.text(field, max_length=max_length, min_length=0, code=code) if self.has(field) else ""

    def choice(self, field: str, choices: Collection[str]) -> str:
        """Return a required text that must be one of `choices`, compared without case."""
        value = self.value(field)
        if not isinstance(value, str) or value.lower() not in choices:
            raise GraphError(
                131009, f"Param {self.name(field)} must be one of {{{', '.join(sorted(choices))}}}."
            )
        return value.lower()

    def whole(self, field: str, *, minimum: int = 0) -> int:
        """Return a required whole number."""
        value = self.value(field)
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            raise GraphError(131009, f"{self.name(field)} must be an integer of at least {minimum}.")
        return value

    def flag(self, field: str) -> bool:
        """Return an optional true or false."""
        value = self.values.get(field, False)
        if not isinstance(value, bool):
            raise GraphError(131009, f"{self.name(field)} must be a boolean.")
        return value

    def inner(self, field: str) -> "Fields":
        """Return a required inner object."""
        return Fields(self.value(field), self.name(field))

    def items(self, field: str, *, minimum: int, maximum: int) -> "list[Fields]":
        """Return a required list of objects within its length."""
        value = self.value(field)
        if not isinstance(value, list) or not minimum <= len(value) <= maximum:
            raise GraphError(
                131009, f"Invalid {self.name(field)} count. Min allowed: {minimum}, max allowed: {maximum}."
            )
        return [Fields(item, f"{self.name(field)}[{number}]") for number, item in enumerate(value)]
