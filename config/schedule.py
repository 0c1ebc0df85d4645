"""What runs by itself and how often: written into the scheduler's tables after every migrate.

The database is the truth and every tick is idempotent, so the periods are only how soon a lost wake-up is
found again. People may change a period or switch an entry off in the admin; a new entry here is added.
"""

from __future__ import annotations

from typing import Any

from django_celery_beat.models import IntervalSchedule, PeriodicTask

# Task name → (seconds, what people read).
PERIODS: dict[str, tuple[int, str]] = {
    "conversations.sweep_journal": (15, "Procura avisos recebidos que ficaram sem processar"),
    "conversations.sweep_turns": (15, "Procura conversas esperando resposta do robô"),
    "conversations.dispatch": (15, "Envia o que está na fila"),
    "conversations.resolve_claims": (30, "Resolve envios interrompidos"),
    "conversations.read_mailbox": (60, "Lê devoluções e respostas de e-mails"),
    "conversations.fetch_media": (60, "Baixa arquivos recebidos"),
    "conversations.sync_templates": (1800, "Acompanha os modelos no WhatsApp"),
    "cadence.plan": (20, "Planeja os próximos passos da régua"),
    "cadence.refresh_traits": (14400, "Atualiza o que os segmentos perguntam"),
    "cases.follow_calendar": (300, "Abre casos e acompanha vencimentos"),
    "cases.close_overdue": (300, "Encerra promessas, ofertas e acordos vencidos"),
    "billing.retry_webhooks": (60, "Procura avisos de pagamento sem processar"),
    "billing.finish_means": (60, "Conclui, vence e baixa códigos de pagamento"),
    "billing.sweep_payments": (300, "Confere pagamentos no provedor"),
    "billing.sweep_refunds": (86400, "Confere devoluções antigas no provedor"),
    "office.take_up_bulk_runs": (60, "Retoma ações em massa interrompidas"),
    "office.take_up_imports": (60, "Retoma importações interrompidas"),
    "office.find_contact_problems": (86400, "Procura contatos a corrigir"),
    "office.infer_paydays": (86400, "Percebe em que dias os membros costumam pagar"),
    "office.forget_old_imports": (86400, "Apaga linhas rejeitadas de importações antigas"),
}


def ensure_schedule(**_: Any) -> None:
    """Adds the entries that are missing; what exists keeps the period people gave it."""
    for task, (seconds, words) in PERIODS.items():
        if PeriodicTask.objects.filter(task=task).exists():
            continue
        interval, _made = IntervalSchedule.objects.get_or_create(
            every=seconds, period=IntervalSchedule.SECONDS
        )
        PeriodicTask.objects.get_or_create(name=words, defaults={"task": task, "interval": interval})
