"""A4 pages of text: headings, wrapped lines, a foot with the page's number. No network, one embedded face.

The face is Bitstream Vera, which comes with ReportLab and has every accent of Portuguese; a sign that it lacks (an
emoji) is written by its Unicode number, so that nothing is lost on paper.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "Vera", "VeraBd"
_WIDTH, _HEIGHT = A4
_MARGIN = 42.0
_TOP = _HEIGHT - 60.0
_BOTTOM = 52.0
_LEADING = 1.34
_SMALL, _TEXT, _SUB, _HEAD, _TITLE = 6.5, 8.0, 9.5, 13.0, 18.0


@dataclass(frozen=True, slots=True)
class _Line:
    x: float
    y: float
    font: str
    size: float
    text: str


@dataclass(slots=True)
class Paper:
    """A document in the making: lines are laid out as they come, and drawn when the number of pages is known.

    `top` stands above every page, `foot` below it beside the page's number.
    """

    title: str
    top: str
    foot: str
    _pages: list[list[_Line]] = field(default_factory=lambda: [[]])
    _y: float = _TOP

    def cover(self, text: str) -> None:
        self._write(text, font=BOLD, size=_TITLE, indent=0)

    def heading(self, text: str) -> None:
        """A chapter; never the last line of a page."""
        self._make_room(70)
        self._gap(14)
        self._write(text, font=BOLD, size=_HEAD, indent=0)
        self._gap(3)

    def entry(self, text: str) -> None:
        """The bold first line of one record, kept with the line after it."""
        self._make_room(34)
        self._gap(5)
        self._write(text, font=BOLD, size=_TEXT, indent=0)

    def text(self, text: str, *, indent: float = 0) -> None:
        self._write(text, font=PLAIN, size=_TEXT, indent=indent)

    def small(self, text: str, *, indent: float = 0) -> None:
        self._write(text, font=PLAIN, size=_SMALL, indent=indent)

    def pair(self, name: str, value: str) -> None:
        """`name: value`; nothing at all when there is no value."""
        if value:
            self._write(f"{name}: {value}", font=PLAIN, size=_TEXT, indent=0)

    def finish(self) -> bytes:
        """The PDF's bytes; the same document gives the same bytes."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=True, pageCompression=1, lang="pt-BR")
        canvas.setTitle(self.title)
        _faces()
        for number, lines in enumerate(self._pages, start=1):
            self._draw(canvas, lines)
            self._draw_frame(canvas, f"Página {number} de {len(self._pages)}")
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _write(self, text: str, *, font: str, size: float, indent: float) -> None:
        width = _WIDTH - 2 * _MARGIN - indent
        for line in wrap(text, font=font, size=size, width=width):
            self._make_room(size * _LEADING)
            self._y -= size * _LEADING
            self._pages[-1].append(_Line(_MARGIN + indent, self._y, font, size, line))

    def _gap(self, height: float) -> None:
        if self._y < _TOP:
            self._y -= height

    def _make_room(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self._pages.append([])
            self._y = _TOP

    def _draw(self, canvas: Canvas, lines: list[_Line]) -> None:
        drawn = canvas.beginText()
        for line in lines:
            drawn.setTextOrigin(line.x, line.y)
            drawn.setFont(line.font, line.size)
            drawn.textOut(line.text)
        canvas.drawText(drawn)

    def _draw_frame(self, canvas: Canvas, number: str) -> None:
        canvas.setFont(PLAIN, _SMALL)
        canvas.drawString(_MARGIN, _HEIGHT - 36, _known(self.top, PLAIN))
        canvas.setLineWidth(0.4)
        canvas.line(_MARGIN, _HEIGHT - 42, _WIDTH - _MARGIN, _HEIGHT - 42)
        canvas.line(_MARGIN, 40, _WIDTH - _MARGIN, 40)
        canvas.drawString(_MARGIN, 30, _known(self.foot, PLAIN))
        canvas.drawRightString(_WIDTH - _MARGIN, 30, number)


def wrap(text: str, *, font: str, size: float, width: float) -> list[str]:
    """`text` in lines no wider than `width` points; a word that is wider is cut. Line breaks are kept."""
    lines = []
    room = width / size
    for paragraph in _known(text, font).split("\n"):
        line, used = "", 0.0
        for word in paragraph.split():
            for piece in _pieces(word, font, room):
                long = _measure(piece, font)
                space = _measure(" ", font) if line else 0.0
                if line and used + space + long > room:
                    lines.append(line)
                    line, used, space = "", 0.0, 0.0
                line = f"{line} {piece}" if line else piece
                used += space + long
        lines.append(line)
    return lines


def _pieces(word: str, font: str, room: float) -> list[str]:
    """The word itself, or as many parts as it takes: a hash, a provider's id."""
    if _measure(word, font) <= room:
        return [word]
    pieces, piece, used = [], "", 0.0
    for char in word:
        wide = _measure(char, font)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + char, used + wide
    return [*pieces, piece]


@lru_cache(maxsize=20_000)
def _measure(word: str, font: str) -> float:
    """Width at one point."""
    _faces()
    return float(pdfmetrics.stringWidth(word, font, 1))


def _known(text: str, font: str) -> str:
    """`text` with every sign that the face lacks written by its number."""
    glyphs = _glyphs(font)
    if all(ord(char) in glyphs or char == "\n" for char in text):
        return text
    return "".join(
        char if ord(char) in glyphs or char == "\n" else " " if char.isspace() else f"[U+{ord(char):04X}]"
        for char in text
        if char.isprintable() or char.isspace()
    )


@lru_cache(maxsize=2)
def _glyphs(font: str) -> frozenset[int]:
    _faces()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@lru_cache(maxsize=1)
def _faces() -> None:
    """Makes the two faces known to the library, once in a process."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
