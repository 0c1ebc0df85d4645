from office.models.imports import ImportBatch, ImportFile, ImportRow, SavedMapping
from office.models.lists import DefaultFilter, ListExport, SavedFilter

__all__ = [
    "DefaultFilter",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ListExport",
    "SavedFilter",
    "SavedMapping",
]
