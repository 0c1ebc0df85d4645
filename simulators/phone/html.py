"""Builds HTML that is safe by construction: text is escaped, only what was built here is markup."""

from collections.abc import Mapping
from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = Markup | str | int | None | list[Markup]
_VOID = frozenset({"input", "img", "br", "hr", "meta", "link"})


def h(tag: str, attributes: Mapping[str, object] | None = None, /, *children: Child) -> Markup:
    """Return an element. An attribute that is True stands alone; None and False leave it out."""
    opening = tag + "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    if tag in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{join(*children)}</{tag}>")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def join(*children: Child) -> Markup:
    """Return the children one after the other, texts escaped."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, list):
            parts += child
        else:
            parts.append(child if isinstance(child, Markup) else escape(str(child)))
    return Markup("".join(parts))
