"""Lexicons: the words and patterns behind opt-out, risk and answers, kept as data in `lexicon/*.yaml`.

A pattern is a regular expression over `normalise.canonical` text; it begins at a word, and `<name>` in it
stands for the alternatives listed under `parts` in the same file. Files are read once, on first use.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "lexicon"
# `(?P<name>` opens a named group and is left alone.
_PART = re.compile(r"(?<!\?P)<([a-z_]+)>")
NEVER = re.compile(r"(?!)")


@cache
def load(name: str) -> dict[str, Any]:
    """The lexicon file `name`, with its parts already set into its patterns by `pattern`."""
    document: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def pattern(lines: list[str], *, parts: dict[str, str]) -> re.Pattern[str]:
    """One pattern that matches where any of `lines` does; without lines, one that never matches."""
    if not lines:
        return NEVER
    return re.compile("|".join(rf"(?:(?<![a-z\d]){_with_parts(line, parts)})" for line in lines))


def words(block: str) -> frozenset[str]:
    """The whole messages listed in a block, one a line."""
    return frozenset(line.strip() for line in block.splitlines() if line.strip())


def _with_parts(line: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda found: f"(?:{_with_parts(parts[found[1]], parts)})", line)
