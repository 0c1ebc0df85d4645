from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "experiments.analysis"
    label = "analysis"
    verbose_name = "Resultados"
