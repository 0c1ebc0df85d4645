"""The Celery queues and what must never starve what."""

from enum import StrEnum


class Queue(StrEnum):
    INBOUND = "inbound"  # webhook items: an opt-out waits here, so nothing slow may
    REPORTS = "reports"  # what became of our messages: three for each, may wait behind what people wrote
    AGENT = "agent"  # conversation turns: seconds each, may wait for one another
    OUTBOUND = "outbound"  # planner and dispatcher: never behind a slow model
    BILLING = "billing"  # payments, sweeps, imports
    INSIGHTS = "insights"  # statistics and reports: may always wait
