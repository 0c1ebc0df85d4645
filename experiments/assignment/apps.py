from django.apps import AppConfig


class AssignmentConfig(AppConfig):
    name = "experiments.assignment"
    label = "assignment"
    verbose_name = "Pilotos"
