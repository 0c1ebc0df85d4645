"""What members tells the apps above it. Handlers run in the caller's transaction and only write rows."""

from django.dispatch import Signal

opted_out = Signal()  # member_id: int, channel: str ("" for all), now: datetime
contact_point_changed = Signal()  # contact_point_id: int, now: datetime
