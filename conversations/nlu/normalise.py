"""Text forms that the readers compare: one function per purpose, and two compositions of them.

`plain` keeps punctuation and digits (dates, amounts); `canonical` keeps words only (lexicons, answers).
Both are lower case, without accents, without stretched letters, with chat abbreviations written out.
"""

import re
import unicodedata

from conversations.nlu.slang import PHRASES, WORDS

_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9]+")
# Three or more of a letter are always a stretch; two of these never are in Portuguese or Spanish words.
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"([abdfghijkmpqtuvwxyz])\1")
_DOUBLED_END = re.compile(r"([eoclnrs])\1+\b")
_VOWEL_END = re.compile(r"[aeiou]$")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# Ordinal signs decompose into plain letters under NFKC; members use them as in "5º dia útil", "2ª via".
_ORDINAL_SIGN = re.compile(r"(\d)\s?[ºª°]")


def compatible(text: str) -> str:
    """NFKC: one form for letters that look alike (full width, styled "𝗽𝗶𝘅"), with line ends as spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", _ORDINAL_SIGN.sub(r"\1o ", text))).strip()


def fold_accents(text: str) -> str:
    """`text` without accents and cedillas; the Spanish ñ becomes n."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def squeeze(text: str) -> str:
    """Lower-case, unaccented `text` with stretched letters shortened: "siiiim" → "sim", "boa tardee" →
    "boa tarde".

    Between vowels r and s stay double ("isssso" → "isso"), since both are ordinary there.
    """

    def shorten(found: re.Match[str]) -> str:
        letter = found[1]
        after = text[found.end() : found.end() + 1]
        between = bool(_VOWEL_END.search(text[: found.start()])) and after != "" and after in "aeiou"
        return letter * 2 if letter in "rs" and between else letter

    once = _STRETCHED.sub(shorten, text)
    return _DOUBLED_END.sub(r"\1", _DOUBLED.sub(r"\1", once))


def strip_symbols(text: str) -> str:
    """`text` without emoji, pictographs and their modifiers: what is drawn, not written."""
    kept = (c if unicodedata.category(c) not in {"So", "Sk", "Cs", "Cf", "Co", "Cn"} else " " for c in text)
    return _SPACES.sub(" ", "".join(kept).replace("\ufe0f", "")).strip()


def strip_punctuation(text: str) -> str:
    """Lower-case, unaccented `text` as words and numbers with single spaces between them."""
    return _NOT_WORD.sub(" ", text).strip()


# The table is looked up after squeezing, so its keys are squeezed too ("wpp" is met as "wp").
_SHORT = {squeeze(short): full for short, full in WORDS.items()}


def expand_slang(text: str) -> str:
    """Lower-case, unaccented `text` with chat abbreviations written out: "vc n qr" → "voce nao quer"."""
    pieces = _TOKEN.findall(text)
    # A letter glued to digits is a unit or a count ("2x", "18h", "5o"), not an abbreviation.
    glued = [
        (i > 0 and pieces[i - 1].isdigit()) or (i + 1 < len(pieces) and pieces[i + 1].isdigit())
        for i in range(len(pieces))
    ]
    words = "".join(
        piece if alone else _SHORT.get(piece, piece) for piece, alone in zip(pieces, glued, strict=True)
    )
    for short, full in PHRASES:
        words = short.sub(full, words)
    return words


def plain(text: str) -> str:
    """The form in which dates, amounts and counts are looked for: punctuation and digits are kept."""
    lowered = fold_accents(strip_symbols(compatible(text))).lower()
    return _SPACES.sub(" ", expand_slang(squeeze(lowered))).strip()


def canonical(text: str) -> str:
    """The form in which words are compared: no symbols, no punctuation, single spaces."""
    return strip_punctuation(plain(text))
