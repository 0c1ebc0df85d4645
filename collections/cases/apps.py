from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Casos"

    def ready(self) -> None:
        from billing.freezes import register_charge_freezes  # noqa: PLC0415 -- models are loaded by now
        from cases import receivers  # noqa: F401, PLC0415 -- connects the signals of billing
        from cases.services.agreements import frozen_charges  # noqa: PLC0415 -- models are loaded by now

        register_charge_freezes(frozen_charges)
