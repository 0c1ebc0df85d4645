from office.models.bulk import BulkRow, BulkRun
from office.models.imports import ImportBatch, ImportFile, ImportRow, SavedMapping
from office.models.lists import DefaultFilter, ListExport, SavedFilter

__all__ = [
    "BulkRow",
    "BulkRun",
    "DefaultFilter",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ListExport",
    "SavedFilter",
    "SavedMapping",
]
