"""Django's admin as the office: one module per group of the side bar.

History is read-only; what may be done is an action that calls a service and answers in a sentence.
"""

from office.admin import (
    billing,
    cadence,
    cases,
    compliance,
    conversations,
    hours,
    lists,
    members,
    pilots,
    system,
    templates,
)

__all__ = [
    "billing",
    "cadence",
    "cases",
    "compliance",
    "conversations",
    "hours",
    "lists",
    "members",
    "pilots",
    "system",
    "templates",
]
