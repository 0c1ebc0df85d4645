"""The one way in which the runtime says no."""


class CannotStart(Exception):
    """Something needed is missing, taken or broken.

    The message is one sentence for the person at the terminal; `detail` holds the log lines behind it.
    """

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        """Keep both; `str()` gives the sentence alone."""
        super().__init__(sentence)
        self.detail = detail
        if detail:
            # For a traceback, where nobody prints the detail.
            self.add_note(detail)
