from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Em Dia"

    def ready(self) -> None:
        from config import celery, checks, schedule  # noqa: F401, PLC0415 -- registers tasks' app and checks
        from office.roles import ensure_roles  # noqa: PLC0415 -- models are loaded by now

        # The signal is sent for apps that have models: the scheduler's own tables are the ones needed.
        # Sent for every app, once its permissions are there; the last of ours sees them all.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("office"))
        post_migrate.connect(schedule.ensure_schedule, sender=apps.get_app_config("django_celery_beat"))
