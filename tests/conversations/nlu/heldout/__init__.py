"""Lines that no model is ever fitted on, by intent."""

from pathlib import Path

import yaml

from conversations.nlu.corpus import Intent


def lines(name: str) -> list[tuple[str, Intent]]:
    """(text, intent) of every line of `<name>.yaml`."""
    document = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        (text, Intent(intent)) for intent, block in document["intents"].items() for text in block.splitlines()
    ]
