"""What conversations tells the apps above it. Handlers run in the caller's transaction and only write rows."""

from django.dispatch import Signal

inbound_received = Signal()  # message_id: int, conversation_id: int, member_id: int | None, now: datetime
message_read = Signal()  # message_id: int, member_id: int | None, at: datetime, now: datetime
link_opened = Signal()  # member_id: int, at: datetime
message_withheld = Signal()  # message_id: int, case_id: int | None, now: datetime
message_failed = Signal()  # message_id: int, case_id: int | None, code: str, now: datetime
