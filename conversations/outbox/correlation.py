"""The name under which a provider tells us about a message of ours."""

PREFIX = "outbox:"


def of(message_id: int) -> str:
    return f"{PREFIX}{message_id}"


def message_id_of(correlation: str) -> int | None:
    """None for anything that is not ours."""
    number = correlation.removeprefix(PREFIX)
    return int(number) if correlation.startswith(PREFIX) and number.isdecimal() else None
