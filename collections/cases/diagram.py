"""The journey as a picture: a Mermaid state diagram, drawn from the transitions the model declares.

`python manage.py case_diagram` writes `docs/case-states.md`; a test tells when it is behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.enums import CaseState
from cases.models import Case

_START = "[*]"


def transitions() -> list[tuple[str, str, str]]:
    """Name, source and target of every declared edge, in the order of states and of the model."""
    order = {state.value: place for place, state in enumerate(CaseState)}
    field = Case._meta.get_field("state")
    edges = [(str(edge.name), str(edge.source), str(edge.target)) for edge in field.get_all_transitions(Case)]
    return sorted(edges, key=lambda edge: (order[edge[1]], order[edge[2]], edge[0]))


def mermaid() -> str:
    """The `stateDiagram-v2` without its fence."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in CaseState:
        yield f'    state "{state.label}" as {state.value}'
    yield f"    {_START} --> {CaseState.REMINDER.value}: open"
    for name, source, target in transitions():
        yield f"    {source} --> {target}: {name}"
    yield f"    {CaseState.SETTLED.value} --> {_START}"


def document() -> str:
    """The whole of `docs/case-states.md`."""
    rows = "\n".join(
        f"| `{name}` | `{source}` | `{target}` | {_why(name)} |" for name, source, target in transitions()
    )
    return f"""# The states of a case

Drawn from the transitions declared in `collections/cases/models/case.py` by `python manage.py case_diagram`.
Change the model, then draw again; `tests/cases/test_diagram.py` compares.

```mermaid
{mermaid()}
```

| Transition | From | To | Meaning |
|---|---|---|---|
{rows}
"""


def _why(name: str) -> str:
    """The first sentence the model says about a transition."""
    return " ".join((getattr(Case, name).__doc__ or "").split())
