"""The queue's side of conversations: fetch, one service call. Every task may run twice."""

from datetime import timedelta

from celery import shared_task

from commons import clock
from conversations import template_sync
from conversations.intake import journal, mailbox, media, processing
from conversations.models import Media
from conversations.outbox import dispatch
from conversations.turns import lease, runner

# By then a request has been processed, unless its wake-up or its worker died. Twice is harmless, late is not.
LOST_AFTER = timedelta(seconds=20)
# Messages sent by one task.
BATCH = 20


@shared_task(name="conversations.process_request")
def process_request(*, request_id: int) -> None:
    processing.process(request_id=request_id, now=clock.now())


@shared_task(name="conversations.sweep_journal")
def sweep_journal() -> None:
    """Wakes the requests whose wake-up was lost; those that came just now are still in the queue."""
    lost = journal.waiting(limit=200, recorded_before=clock.real_now() - LOST_AFTER)
    for request_id, queue in lost:
        process_request.apply_async(kwargs={"request_id": request_id}, queue=queue)


@shared_task(name="conversations.run_turn")
def run_turn(*, conversation_id: int) -> None:
    runner.run_turn(conversation_id=conversation_id, now=clock.now())


@shared_task(name="conversations.sweep_turns")
def sweep_turns() -> None:
    """Starts the turns that are due and that nobody runs."""
    for conversation_id in lease.due(now=clock.now()):
        run_turn.delay(conversation_id=conversation_id)


@shared_task(name="conversations.dispatch")
def dispatch_due() -> None:
    """Sends some of what is due and comes back for the rest: between the two, others get their turn."""
    if dispatch.dispatch_due(now=clock.now(), limit=BATCH):
        dispatch_due.delay()


@shared_task(name="conversations.resolve_claims")
def resolve_claims() -> None:
    dispatch.resolve_expired_claims(now=clock.now())


@shared_task(name="conversations.fetch_media")
def fetch_media() -> None:
    """Downloads what people sent; what fails is tried again a few times, then shown as missing."""
    for media_id in (
        Media.objects.filter(path="", attempts__lt=media.TRIES)
        .exclude(provider_id="")
        .values_list("pk", flat=True)[:50]
    ):
        media.fetch(media_id=media_id)


@shared_task(name="conversations.sync_templates")
def sync_templates() -> None:
    template_sync.sync(now=clock.now())


@shared_task(name="conversations.read_mailbox")
def read_mailbox() -> None:
    """Fetches bounces and answers to our e-mails; two at once journal the same letter, which counts once."""
    mailbox.fetch(now=clock.now())
