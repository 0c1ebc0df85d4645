from office.models.bulk import BulkRow, BulkRun
from office.models.first_steps import FirstStepsDismissal
from office.models.imports import ImportBatch, ImportFile, ImportRow, SavedMapping
from office.models.lists import DefaultFilter, ListExport, SavedFilter
from office.models.settings import CostKind, Goal, GoalKind, MonthlyCost, SettingsArea, SettingsChange

__all__ = [
    "BulkRow",
    "BulkRun",
    "CostKind",
    "DefaultFilter",
    "FirstStepsDismissal",
    "Goal",
    "GoalKind",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ListExport",
    "MonthlyCost",
    "SavedFilter",
    "SavedMapping",
    "SettingsArea",
    "SettingsChange",
]
