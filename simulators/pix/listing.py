"""Queries over an interval, page by page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulators.pix.gate import Call
from simulators.pix.problems import Problem, Violation
from simulators.pix.times import read

_PAGE, _SIZE = "paginacao.paginaAtual", "paginacao.itensPorPagina"
_LARGEST_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Query:
    """A checked query: the interval, the page, and the filters as they were given."""

    start: datetime | None
    end: datetime | None
    page: int
    size: int
    filters: Mapping[str, str] = field(default_factory=dict)

    def has(self, when: str) -> bool:
        """Return whether an instant lies in the interval, both ends included."""
        instant = read(when)
        return (self.start is None or instant >= self.start) and (self.end is None or instant <= self.end)

    def wants(self, name: str, value: object) -> bool:
        """Return whether a text filter is absent or equal to the value."""
        return name not in self.filters or self.filters[name] == value

    def wants_presence(self, name: str, present: object) -> bool:
        """Return whether a true/false filter is absent or fits."""
        return name not in self.filters or (self.filters[name] == "true") == bool(present)

    def answer(
        self, name: str, found: Iterable[Any], render: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the wanted page as the API answers it."""
        items = list(found)
        first = self.page * self.size
        paging = {
            "paginaAtual": self.page,
            "itensPorPagina": self.size,
            "quantidadeDePaginas": max(1, -(-len(items) // self.size)),
            "quantidadeTotalDeItens": len(items),
        }
        shown = {
            key: value == "true" if value in ("true", "false") else value
            for key, value in self.filters.items()
        }
        return {
            "parametros": {**shown, "paginacao": paging},
            name: [render(item) for item in items[first : first + self.size]],
        }


def read_query(call: Call, problem: str, *, filters: tuple[str, ...], needs_interval: bool = True) -> Query:
    """Check a query. Raises `Problem` 400 of the type `problem`."""
    given = {name: value for name in filters if (value := call.query(name)) is not None}
    violations: list[Violation] = []
    start = _instant(call, "inicio", violations, needed=needs_interval)
    end = _instant(call, "fim", violations, needed=needs_interval)
    if start is not None and end is not None and end < start:
        violations.append(
            Violation("O timestamp fim é anterior ao timestamp inicio.", "fim", call.query("fim"))
        )
    if "cpf" in given and "cnpj" in given:
        violations.append(Violation("Ambos os parâmetros cpf e cnpj estão preenchidos.", "cpf"))
    page = _number(call, _PAGE, 0, 0, violations)
    size = _number(call, _SIZE, 100, 1, violations)
    if violations:
        raise Problem(400, problem, "Os parâmetros da consulta não respeitam o schema.", violations)
    times = {name: value for name in ("inicio", "fim") if (value := call.query(name)) is not None}
    return Query(start=start, end=end, page=page, size=min(size, _LARGEST_PAGE), filters=times | given)


def _instant(call: Call, name: str, violations: list[Violation], *, needed: bool) -> datetime | None:
    value = call.query(name)
    if value is None and not needed:
        return None
    try:
        return read(value or "")
    except ValueError:
        violations.append(Violation(f"O parâmetro {name} não respeita o schema.", name, value))
        return None


def _number(call: Call, name: str, default: int, least: int, violations: list[Violation]) -> int:
    value = call.query(name)
    if value is None:
        return default
    if value.lstrip("-").isdigit() and int(value) >= least:
        return int(value)
    violations.append(Violation(f"O parâmetro {name} é negativo ou não respeita o schema.", name, value))
    return default
