"""A report as blocks of text, charts and tables, for formats other than HTML: the page's own words."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from math import inf

import numpy as np
from lxml import html as parser
from lxml.html import HtmlElement, defs
from PIL import Image, UnidentifiedImageError

from cbanalysis.site.pages.cell_outputs import Shown
from cbanalysis.site.pages.steps import Step, Steps

_BESIDE, _UNSPARED = 2.5, 7  # letters between columns; how many of these leave no room to spare
_BROAD = 1.2  # letters of a heading, which are bold
WORD_ENDS = re.compile(r"\s+|(?<=[a-z]\.)(?=[a-z])")
"""Where a line of a table may end: between words, and within an address."""

_INLINE = defs.font_style_tags | defs.phrase_tags | defs.special_inline_tags | {"mark", "time"}
_LARGEST = 500_000
_PIXEL = 25.4 / 96  # mm
_FORMULA = "formula"  # class of its picture
_BOLD, _ITALIC = {"b", "strong", "th"}, {"em", "i"}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one dress."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    runs: tuple[Run, ...]
    numeric: bool = False

    @cached_property
    def text(self) -> str:
        """The text as readers see it."""
        return "".join(run.text for run in self.runs).strip()


@dataclass(frozen=True)
class Block:
    """One piece of a report.

    Attributes
    ----------
    kind : {"heading", "words", "point", "plain", "chart", "table"}
        What it is.
    level : int
        Of a heading.
    runs : tuple of Run
        Text of a heading, a paragraph, a point of a list; the caption of a table.
    name, alt : str
        Of a chart: the stem of its files, and what is said instead of it; of a table with files, their stem.
    picture : bytes
        The PNG of a chart without files: one that a notebook draws itself.
    wide : float
        How wide a chart is meant, in mm.
    head : tuple of Cell
        The headings of a table's columns.
    rows : tuple of tuple of Cell
        Its rows.
    """

    kind: str
    level: int = 0
    runs: tuple[Run, ...] = ()
    name: str = ""
    alt: str = ""
    picture: bytes = field(default=b"", repr=False)
    wide: float = inf
    head: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The text without its dress."""
        return "".join(run.text for run in self.runs).strip()

    @cached_property
    def widths(self) -> list[float]:
        """Letters for each column of a table: its longest word, and the rest where rows are highest."""
        rows = list(filter(None, (self.head, *self.rows)))
        snug = len(rows[0]) > _UNSPARED
        longest: list[float] = []
        for column in zip(*rows, strict=True):
            whole = any(cell.numeric for cell in column)  # a number and its unit stand on one line
            parts = ([cell.text] if whole else WORD_ENDS.split(cell.text) for cell in column)
            longest.append(max(len(part) for cell in parts for part in cell))
        for at, cell in enumerate(self.head):
            longest[at] = max(longest[at], _BROAD * max(map(len, WORD_ENDS.split(cell.text))))
        # and some room beside it, whatever the column holds
        least = [max(min(one, 24) * (1.05 if snug else 1.25), 5) + _BESIDE for one in longest]
        letters = np.array([[len(cell.text) for cell in row] for row in rows[:: len(rows) // 99 + 1]])
        room = np.array(least) - _BESIDE
        for _ in range(round(2 * (_across(len(least)) - sum(least)))):
            lines = letters / room
            highest, high = lines.argmax(axis=1), lines.max(axis=1)
            higher = high > 1
            if not higher.any():
                break
            letters, highest, high = letters[higher], highest[higher], high[higher]
            room[np.bincount(highest, high / room[highest], len(room)).argmax()] += 0.5
        return [float(one) for one in room + _BESIDE]


def _across(columns: int) -> int:
    """Return how many letters of a table stand on a line: upright, in small letters, or on a page across."""
    return 100 if columns <= 6 else 120 if columns <= 10 else 180


def _runs(element: HtmlElement, *, bold: bool, italic: bool, link: str) -> Iterator[Run]:
    tag = element.tag if isinstance(element.tag, str) else ""
    bold, italic = bold or tag in _BOLD, italic or tag in _ITALIC
    address = element.get("href", "") if tag == "a" else ""
    # Links inside the page lead nowhere outside of it.
    link = address if address.startswith(("http://", "https://")) else link
    if tag == "br":
        yield Run("\n")
    if element.text:
        yield Run(re.sub(r"\s+", " ", element.text), bold, italic, link)
    for child in element:
        if child.tag == "img":
            told = child.get("alt") or "picture"
            yield Run(told if child.get("class") == _FORMULA else f"[{told}]", italic=True)
        if child.tag in _INLINE:
            yield from _runs(child, bold=bold, italic=italic, link=link)
        if child.tail:
            yield Run(re.sub(r"\s+", " ", child.tail), bold, italic, link)


def runs_of(element: HtmlElement) -> tuple[Run, ...]:
    """Return the text of an element with its dress, without blanks at its ends."""
    found = [run for run in _runs(element, bold=False, italic=False, link="") if run.text]
    while found and not found[0].text.strip():
        found.pop(0)
    while found and not found[-1].text.strip():
        found.pop()
    return tuple(found)


def _cells(row: HtmlElement) -> tuple[Cell, ...]:
    cells = []
    for one in row:
        if one.tag in {"td", "th"}:
            cells.append(Cell(runs_of(one), "number" in (one.get("class") or "").split()))
            span = one.get("colspan") or "1"
            # Each column keeps its place where a cell spans several.
            cells += [Cell(())] * (min(int(span), 100) - 1 if span.isdecimal() else 0)
    return tuple(cells)


def _table(element: HtmlElement) -> Block:
    caption = element.find("caption")
    heads = element.findall("./thead/tr")
    rows = [_cells(row) for where in ("./tbody/tr", "./tr") for row in element.findall(where)]
    head = _cells(heads[-1]) if heads else ()
    width = max((len(row) for row in [head, *rows]), default=0)
    padded = [(*row, *[Cell(())] * (width - len(row))) for row in [head, *rows]]
    words = runs_of(caption) if caption is not None else ()
    return Block("table", runs=words, head=padded[0] if heads else (), rows=tuple(padded[1:]))


def _alone(paragraph: HtmlElement) -> HtmlElement | None:
    """Return the formula that is all of a paragraph."""
    one = paragraph[0] if len(paragraph) == 1 else None
    alone = one is not None and one.get("class") == _FORMULA and not paragraph.text_content().strip()
    return one if alone else None


def _blocks(element: HtmlElement) -> Iterator[Block]:
    """Yield the blocks of an element's children; text that stands loose becomes a paragraph."""
    if element.text and element.text.strip():
        yield Block("words", runs=(Run(re.sub(r"\s+", " ", element.text).strip()),))
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if re.fullmatch(r"h[1-6]", tag):
            yield Block("heading", max(int(tag[1]) - 1, 1), runs_of(child))
        elif tag == "table":
            yield _table(child)
        elif tag in {"ul", "ol"}:
            yield from (Block("point", runs=runs_of(one)) for one in child.iter("li"))
        elif tag == "pre":
            yield Block("plain", runs=(Run(child.text_content()),))
        elif tag == "p" and (formula := _alone(child)) is not None:
            held = base64.b64decode(formula.get("src").partition(",")[2])
            wide = int(formula.get("width")) * _PIXEL
            yield Block("chart", alt=formula.get("alt"), picture=held, wide=wide)
        elif tag in _INLINE or tag in {"p", "dt", "dd", "summary", "figcaption", "caption"}:
            yield Block("words", runs=runs_of(child))
        else:
            yield from _blocks(child)
        if child.tail and child.tail.strip():
            yield Block("words", runs=(Run(re.sub(r"\s+", " ", child.tail).strip()),))


def _of_html(text: str) -> Iterator[Block]:
    if text.strip():
        yield from _blocks(parser.fragment_fromstring(text.replace("<wbr>", ""), create_parent="div"))


def _own(one: Shown) -> tuple[bytes, float]:
    """Return a notebook's own plot as PNG, and how wide it is meant; nothing for what is no picture."""
    target = io.BytesIO()
    try:
        with Image.open(io.BytesIO(base64.b64decode(one.picture[1]))) as image:
            image.convert("RGB").save(target, "PNG")
            return target.getvalue(), (one.width or image.width) * _PIXEL
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return b"", 0


def _of_shown(one: Shown) -> Iterator[Block]:
    if one.kind == "chart":
        picture, wide = (b"", inf) if one.name else _own(one)
        yield Block("chart", name=one.name, alt=one.alt, picture=picture, wide=wide)
    elif one.kind == "html":
        for block in _of_html(str(one.html)):
            yield replace(block, name=one.name) if block.kind == "table" else block
    elif one.text:
        yield Block("plain", runs=(Run(one.text),))


def _of_step(step: Step) -> Iterator[Block]:
    yield from _of_html(str(step.words))
    for one in step.shown:
        yield from _of_shown(one)


def _summary(said: Iterable[tuple[str, str]]) -> Iterator[Block]:
    for words, section in said:
        found = list(_of_html(str(words)))
        if section and found:
            runs = tuple(run for block in found for run in block.runs)
            yield Block("point", runs=runs)
        else:
            yield from found


def _within(blocks: Iterable[Block], words: Mapping[str, str]) -> Iterator[Block]:
    """Yield blocks up to the size that can be typeset, saying what is left out of a text or a table."""
    room = _LARGEST
    for block in blocks:
        if block.kind == "plain":
            text = block.text
            yield replace(block, runs=(Run(text[:room]),)) if len(text) > room else block
            missing, of = len(text) - room, words["characters"]
            room = max(room - len(text), 0)
        else:
            sizes = accumulate(sum(len(cell.text) for cell in row) for row in block.rows)
            rows = sum(size <= room for size in sizes)
            yield replace(block, rows=block.rows[:rows]) if rows < len(block.rows) else block
            missing, of = len(block.rows) - rows, words["rows"]
            room -= sum(len(cell.text) for row in block.rows[:rows] for cell in row)
        if missing > 0:
            count = f"{missing:,}".replace(",", "\u202f")  # right in both languages
            yield Block("words", runs=(Run(words["left_out"].format(count, of), italic=True),))


def blocks_of(steps: Steps, words: Mapping[str, str]) -> tuple[Block, ...]:
    """Take a report apart into blocks.

    Parameters
    ----------
    steps : Steps
        The report as its page shows it.
    words : mapping
        The pages' own, of one language.

    Returns
    -------
    tuple of Block
        Without the title; sections are headings of level 1. Code is left out, and so is what is beyond half a
        million characters of output: typesetting takes 300 MB of memory for each million.
    """
    found = [block for step in steps.intro for block in _of_step(step)]
    if steps.summary:
        found += [Block("heading", 1, (Run(words["in_short"]),)), *_summary(steps.summary)]
    found += [block for step in steps.body for block in _of_step(step)]
    return tuple(_within((one for one in found if one.runs or one.kind in {"chart", "table"}), words))
