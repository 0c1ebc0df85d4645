"""What somebody wrote, without what their mail program put below or around it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Where the quoted letter begins, in the words of the usual programs.
_BEGINS = re.compile(
    r"^(?:>|-{2,} ?(?:mensagem original|original message|mensaje original|forwarded message|mensagem encaminhada)"
    r"|_{10,}\s*$"
    r"|(?:em|on|el|le) .{6,200}(?:escreveu|wrote|escribió|escribio|a écrit) ?:?\s*$"
    r"|(?:de|from): .+@.+$)",
    re.IGNORECASE,
)
# A line such as “Em ter., 24 de nov. de 2026 às 10:00, Academia <…>” whose verb stands on the next one.
_BROKEN = re.compile(r"^(?:em|on|el) .{6,200}$", re.IGNORECASE)
_VERB = re.compile(r"^.{0,120}(?:escreveu|wrote|escribió|escribio) ?:\s*$", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(?:-- ?|enviado do meu .{1,40}|enviado de meu .{1,40}|sent from my .{1,40}|enviado desde mi .{1,40}"
    r"|obter o outlook para .{1,20}|get outlook for .{1,20})$",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """The first part of `text`: up to the quoted letter or the signature, whichever comes first."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        bare = line.strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if _BEGINS.match(bare) or _SIGNATURE.match(bare) or (_BROKEN.match(bare) and _VERB.match(following)):
            break
        kept.append(line.rstrip())
    return _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip()


def plain(html: str) -> str:
    """The words of a page, quoted parts left out; nothing in it is fetched or run."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Words(HTMLParser):
    """Keeps what is read; leaves out what is not, and what is quoted."""

    _UNREAD = frozenset({"style", "script", "head", "title", "blockquote", "template"})
    _BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._left_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._UNREAD:
            self._left_out.append(tag)
        elif tag in self._BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._left_out:
            while self._left_out.pop() != tag:
                pass
        elif tag in {"p", "div"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.parts.append(" ".join(data.split()) if not data.strip() else re.sub(r"\s+", " ", data))
