"""Message texts: the messenger's own marks (*bold*, _italic_, ~struck~, ```code```), links, payment codes."""

import re

from simulators.phone.html import Markup, h, join

_PIX_LINE = re.compile(r"^000201.{20,}6304[0-9A-Fa-f]{4}$")
_BOLETO_LINE = re.compile(r"^[\d.\s]{44,60}$")
_BOLETO_DIGITS = (47, 48)
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
_MARKS = (("*", "strong"), ("_", "em"), ("~", "s"))
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.+?)(?<=\S)\1(?![\w*_~])")
_CODE = re.compile(r"```(.+?)```", re.DOTALL)


def is_pix(text: str) -> bool:
    """Return whether the text is a whole Pix code."""
    return bool(_PIX_LINE.match(text.strip()))


def is_boleto(text: str) -> bool:
    """Return whether the text is a boleto's digitable line."""
    stripped = text.strip()
    return bool(_BOLETO_LINE.match(stripped)) and len(re.sub(r"\D", "", stripped)) in _BOLETO_DIGITS


def split_codes(text: str) -> list[tuple[str, str]]:
    """Return the text in pieces, (kind, text): payment codes on a line of their own stand apart."""
    pieces: list[tuple[str, str]] = []
    plain: list[str] = []

    def flush() -> None:
        whole = "\n".join(plain).strip("\n")
        if whole.strip():
            pieces.append(("text", whole))
        plain.clear()

    for line in text.split("\n"):
        kind = "pix" if is_pix(line) else "boleto" if is_boleto(line) else ""
        if kind:
            flush()
            pieces.append((kind, line.strip()))
        else:
            plain.append(line)
    flush()
    return pieces


def rich(text: str) -> Markup:
    """Return the text with marks and links made visible; everything else escaped."""
    parts: list[Markup] = []
    place = 0
    for match in _CODE.finditer(text):
        parts += [_linked(text[place : match.start()]), h("code", None, match.group(1))]
        place = match.end()
    parts.append(_linked(text[place:]))
    return join(parts)


def _linked(text: str) -> Markup:
    parts: list[Markup] = []
    place = 0
    for match in _LINK.finditer(text):
        url = match.group(0)
        link = h("a", {"href": url, "target": "_blank", "rel": "noopener noreferrer"}, url)
        parts += [_marked(text[place : match.start()]), link]
        place = match.end()
    parts.append(_marked(text[place:]))
    return join(parts)


def _marked(text: str) -> Markup:
    tags = dict(_MARKS)
    parts: list[Markup] = []
    place = 0
    for match in _MARKED.finditer(text):
        parts.append(join(text[place : match.start()]))
        parts.append(h(tags[match.group(1)], None, _marked(match.group(2))))
        place = match.end()
    parts.append(join(text[place:]))
    return join(parts)


def money(cents: int) -> str:
    """Return `R$ 1.234,56` for whole cents."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}R$ {whole:,}".replace(",", ".") + f",{rest:02d}"
