from django.apps import AppConfig


class CadenceConfig(AppConfig):
    name = "cadence"
    verbose_name = "Régua"

    def ready(self) -> None:
        from cadence import receivers  # noqa: F401, PLC0415 -- connects the signals of the apps below
