"""What stops an import before its first row."""


class ImportFileError(Exception):
    """The file cannot be imported as it is; nothing was changed.

    `code` names the cause for tests and counters, `message` is one or two Portuguese sentences for the person
    who sent the file: what is wrong and what to do next.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
