"""The verdict on a run: what the database holds, what was said, and the global rules."""

from __future__ import annotations

from lab.evaluation import compare, rules
from lab.evaluation.record import Run


def differences(run: Run, *, public_url: str, secret_texts: list[str]) -> list[str]:
    """Everything that keeps the run from passing; an empty list is a pass."""
    if run.error:
        return [run.error, *rules.breaches(run, public_url=public_url, secret_texts=secret_texts)]
    scenario, projection = run.scenario, run.projection
    details = projection.get("details", {})
    return [
        *compare.differences(scenario.expect, projection),
        *compare.alternatives(scenario.any_of, projection),
        *compare.unsaid(scenario.must_say, run.received, details),
        *compare.said(scenario.never, run.received, details),
        *rules.breaches(run, public_url=public_url, secret_texts=secret_texts),
    ]
