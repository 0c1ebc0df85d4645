"""Which task waits in which queue: the whole answer on one page, and what each queue promises in `commons.queues`."""

from commons.queues import Queue

ROUTES: dict[str, Queue] = {
    "conversations.fetch_media": Queue.INBOUND,
    "conversations.process_request": Queue.INBOUND,
    "conversations.sweep_journal": Queue.INBOUND,
    "conversations.run_turn": Queue.AGENT,
    "conversations.sweep_turns": Queue.AGENT,
    "cadence.plan": Queue.OUTBOUND,
    "cadence.aim": Queue.INSIGHTS,
    "cadence.aim_part": Queue.INSIGHTS,
    "cadence.refresh_traits": Queue.INSIGHTS,
    "cadence.rehearse_part": Queue.INSIGHTS,
    "conversations.dispatch": Queue.OUTBOUND,
    "conversations.resolve_claims": Queue.OUTBOUND,
    "conversations.sync_templates": Queue.OUTBOUND,
    "billing.finish_means": Queue.BILLING,
    "billing.process_webhook": Queue.BILLING,
    "billing.retry_webhooks": Queue.BILLING,
    "billing.sweep_payments": Queue.BILLING,
    "billing.sweep_refunds": Queue.BILLING,
    "cases.close_overdue": Queue.BILLING,
    "cases.follow_calendar": Queue.BILLING,
    "office.forget_old_imports": Queue.BILLING,
    "office.preview_import": Queue.BILLING,
    "office.revert_import": Queue.BILLING,
    "office.run_import": Queue.BILLING,
    "office.take_up_imports": Queue.BILLING,
    "office.find_contact_problems": Queue.INSIGHTS,
    "office.infer_paydays": Queue.INSIGHTS,
}
