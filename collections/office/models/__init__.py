from office.models.imports import ImportBatch, ImportFile, ImportRow, SavedMapping

__all__ = ["ImportBatch", "ImportFile", "ImportRow", "SavedMapping"]
