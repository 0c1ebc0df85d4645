from django.apps import AppConfig


class CommonsConfig(AppConfig):
    name = "commons"
    verbose_name = "Organização"

    def ready(self) -> None:
        from commons import lookups  # noqa: F401, PLC0415 -- registers what filters may say
