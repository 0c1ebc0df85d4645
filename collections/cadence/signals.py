"""What the régua tells the apps above it. Handlers run in the caller's transaction and only write rows."""

from django.dispatch import Signal

version_published = Signal()  # version_id: int, now: datetime
