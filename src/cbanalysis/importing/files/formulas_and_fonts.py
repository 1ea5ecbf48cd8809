"""What calamine doesn't tell of a workbook: errors, number formats, formulas without a value, fonts."""

from __future__ import annotations

import ast
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

from cbanalysis.importing.files.formats import number_format
from cbanalysis.importing.files.grids import Cell, Formatted, NoValue, address, raised
from cbanalysis.importing.files.letters import Letters, spared, unicode_text

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Font(NamedTuple):
    """What a font means for the text in it: an encoding of before Unicode, struck out, above the line."""

    letters: Letters = ""
    struck: bool = False
    raised: bool = False


PLAIN = Font()


Runs = list[tuple[str, Font | None]]
"""A text in pieces, each with its font; None for that of the cell."""


def printed(runs: Iterable[tuple[str, Font]]) -> str:
    """Return what a reader sees of a text in several fonts, in Unicode.

    Examples
    --------
    >>> printed([("7", Font(struck=True)), ("45", PLAIN), ("1", Font(raised=True))])
    '45¹'
    """
    # a letter may be in two pieces
    joined: list[tuple[str, Letters]] = []
    for text, font in runs:
        shown = "" if font.struck else raised(text) if font.raised else text
        if joined and joined[-1][1] == font.letters:
            joined[-1] = joined[-1][0] + shown, font.letters
        else:
            joined.append((shown, font.letters))
    return "".join(unicode_text(text, letters) if letters else text for text, letters in joined)


def cut(text: str, starts: Iterable[tuple[int, int]], fonts: Sequence[Font]) -> Runs:
    """Return a text in pieces by where other fonts begin in it, and their numbers."""
    pieces: list[tuple[int, Font | None]] = [(0, None)]
    pieces += [(at, fonts[number] if number < len(fonts) else PLAIN) for at, number in starts]
    ends = [*(at for at, _ in pieces[1:]), len(text)]
    return [(text[at:end], font) for (at, font), end in zip(pieces, ends, strict=True)]


@dataclass
class Styles:
    """The styles of a workbook that matter, by their numbers.

    Attributes
    ----------
    formats : dict
        Codes of number formats under which a number may look otherwise than it is stored.
    fonts : dict
        Their fonts.
    count : int
        How many styles there are.
    """

    formats: dict[int, str] = field(default_factory=dict)
    fonts: dict[int, Font] = field(default_factory=dict)
    count: int = 0

    def add(self, code: str, font: int, fonts: Sequence[Font], number: int) -> None:
        """Add a style by the code of its number format and its place among the fonts."""
        self.count = max(self.count, number + 1)
        if code and number_format(code).decimals is not None:
            self.formats[number] = code
        own = fonts[font] if font < len(fonts) else PLAIN
        if own.letters or own.struck:
            self.fonts[number] = own

    def note(self, details: Details, place: tuple[int, int], style: int) -> None:
        """Note what the style of a cell tells of it."""
        if code := self.formats.get(style):
            details.formats[place] = code
        if font := self.fonts.get(style):
            details.fonts[place] = font


@dataclass
class Details:
    """What else is known of the cells of a sheet; places are row and column from 0.

    Attributes
    ----------
    values : dict
        Error cells, and formulas without any stored value.
    formats : dict
        Codes of number formats under which a number may look otherwise than it is stored.
    shown : dict
        Numbers with what is shown for them, where the file has that itself.
    zeros : dict
        Formulas with a stored 0, without their equals sign; ``""`` where the formula isn't known.
    fonts : dict
        The fonts of cells that are struck out or in an encoding of before Unicode.
    runs : dict
        Texts in several fonts.
    struck : list
        Addresses of cells that held something and are struck out, once it is put into them.
    hidden : list
        Rows and columns that the sheet hides, as it numbers them.
    merged : list
        Merged ranges that calamine doesn't tell of: first row and column, last row and column.
    trusted : bool
        Whether a stored 0 counts where it can't be computed anew.
    """

    values: dict[tuple[int, int], NoValue] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], Formatted] = field(default_factory=dict)
    zeros: dict[tuple[int, int], str] = field(default_factory=dict)
    fonts: dict[tuple[int, int], Font] = field(default_factory=dict)
    runs: dict[tuple[int, int], Runs] = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    trusted: bool = False

    def error(self, place: tuple[int, int], code: int) -> None:
        """Note an error cell as old and binary workbooks number it."""
        self.values[place] = NoValue("error", _ERRORS.get(code, "#ERROR!"))

    def formula(self, place: tuple[int, int], stored: float | None, text: str = "") -> None:
        """Note what is stored beneath a formula; None for nothing."""
        if stored is None:
            self.values[place] = NoValue("formula", f"={text}")
        elif stored == 0:
            self.zeros[place] = text
        else:
            self.trusted = True

    def put_into(self, rows: list[list[Cell]], *, letters: Letters | None) -> set[Letters]:
        """Put what is known into the cells of a sheet; return the encodings that text was in.

        Parameters
        ----------
        rows : list of list of Cell
            The sheet as calamine reads it, changed in place.
        letters : {"tcvn3", "vni", ""}, optional
            What a person says of the encoding; then fonts aren't asked.
        """
        known = {code: (number_format(code).decimals, _Shown(code)) for code in set(self.formats.values())}
        for (row, column), code in self.formats.items():
            cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
            if not isinstance(cell, int | float) or isinstance(cell, bool):
                continue
            decimals, shown = known[code]
            # it has no more decimals than are shown
            if decimals is None or decimals < 0 or round(cell, decimals) != cell:
                rows[row][column] = shown[float(cell)]
        wrong = uncomputed(self.zeros, rows, trusted=self.trusted) if self.zeros else {}
        for (row, column), value in (self.shown | self.values | wrong).items():
            # an empty cell at the end of a sheet isn't always among its rows
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = value
        return self._print(rows, letters)

    def _print(self, rows: list[list[Cell]], letters: Letters | None) -> set[Letters]:
        """Put in what fonts make of texts, and leave out what is struck out."""
        marked: dict[tuple[int, int], list[tuple[str, Font]]] = {}
        texts: dict[tuple[int, Letters], list[str]] = defaultdict(list)
        for place in self.fonts.keys() | self.runs.keys():
            cell, own = _cell(rows, *place), self.fonts.get(place, PLAIN)
            if cell != "" and (own.struck or isinstance(cell, str)):
                runs = self.runs.get(place) or [(str(cell), None)]
                marked[place] = [(text, font or own) for text, font in runs]
                for text, font in marked[place]:
                    if font.letters and not text.isascii():
                        texts[place[1], font.letters].append(text)
        # what a person says of the encoding is done to all cells later
        left = {key for key, found in texts.items() if letters is not None or spared(found, key[1])}
        for (row, column), told in sorted(marked.items()):
            kept = (
                (text, font._replace(letters="") if (column, font.letters) in left else font)
                for text, font in told
            )
            rows[row][column] = text = printed(kept).strip("\n")
            if not text:
                self.struck.append(address(row, column))
        return {key[1] for key in texts.keys() - left}


class _Shown(dict[float, float | Formatted]):
    """Numbers in one format, each found once."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.format = number_format(code)

    def __missing__(self, stored: float) -> float | Formatted:
        self[stored] = shown = self.format.shown(stored)
        return shown


def _cell(rows: list[list[Cell]], row: int, column: int) -> Cell:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


_REFERENCE = r"\$?([A-Z]{1,3})\$?([0-9]{1,7})"
_SUM = re.compile(r"SUM\(([A-Z0-9$:,;\s]*)\)")
_RANGE = re.compile(rf"{_REFERENCE}(?::{_REFERENCE})?")
_OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_PLAIN = re.compile(r"[-+*/(). 0-9e]+")
_LONGEST = 500
_PASSES = 50


class _NotKnown(Exception):
    """A formula that isn't computed here, or that leans on one that nobody computed."""

    def __init__(self, *, leans: bool = False) -> None:
        self.leans = leans


def place_of(letters: str, number: str) -> tuple[int, int]:
    """Return row and column, from 0, of a cell's address.

    Examples
    --------
    >>> place_of("AA", "7")
    (6, 26)
    """
    return int(number) - 1, _column(letters)


@cache
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def uncomputed(
    formulas: Mapping[tuple[int, int], str], rows: Sequence[Sequence[Cell]], *, trusted: bool
) -> dict[tuple[int, int], NoValue]:
    """Return the formulas with a stored 0 that isn't what they come to.

    Sums and the four operations are computed from the cells of the sheet; one whose cells come to 0 is a 0.
    One that can't be computed here is a 0 where stored zeros are trusted: another formula has a value.
    """
    wrong: dict[tuple[int, int], NoValue] = {}
    pending = dict(formulas)
    for _ in range(_PASSES):
        new = [place for place, text in pending.items() if _is_wrong(text, rows, wrong, trusted=trusted)]
        wrong |= {place: NoValue("formula", f"={pending.pop(place)}") for place in new}
        if not new:
            break
    return wrong


def _is_wrong(
    text: str, rows: Sequence[Sequence[Cell]], wrong: Mapping[tuple[int, int], NoValue], *, trusted: bool
) -> bool:
    try:
        return abs(_value(text, rows, wrong)) > 1e-9
    except _NotKnown as answer:
        return answer.leans or not trusted
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return not trusted


def _value(text: str, rows: Sequence[Sequence[Cell]], wrong: Mapping[tuple[int, int], NoValue]) -> float:
    if len(text) > _LONGEST:
        raise _NotKnown

    def cells(found: re.Match[str]) -> list[float]:
        top, left = place_of(found[1], found[2])
        bottom, right = place_of(found[3], found[4]) if found[3] else (top, left)
        places = [
            (row, column)
            for row in range(top, min(bottom + 1, len(rows)))
            for column in range(left, min(right + 1, len(rows[row])))
        ]
        if any(place in wrong for place in places):
            raise _NotKnown(leans=True)
        values = (rows[row][column] for row, column in places)
        return [float(cell) for cell in values if isinstance(cell, int | float)]

    def total(found: re.Match[str]) -> str:
        return f"({sum(chain.from_iterable(map(cells, _RANGE.finditer(found[1]))))!r})"

    def single(found: re.Match[str]) -> str:
        if found[3]:
            raise _NotKnown
        return f"({sum(cells(found))!r})"

    plain = _RANGE.sub(single, _SUM.sub(total, text))
    if not _PLAIN.fullmatch(plain):
        raise _NotKnown
    return _computed(ast.parse(plain.strip(), mode="eval").body)


def _computed(node: ast.expr) -> float:
    """Return what numbers, signs and the four operations come to; pandas.eval knows names and is slow."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp):
        return -_computed(node.operand) if isinstance(node.op, ast.USub) else _computed(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_computed(node.left), _computed(node.right))
    raise _NotKnown
