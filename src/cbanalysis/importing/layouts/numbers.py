"""Cells to figures: the number style decided once for a table, then every cell read strictly in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Literal, NamedTuple

import numpy as np

from cbanalysis.common.errors import Fault, TextError
from cbanalysis.common.messages import message
from cbanalysis.common.text.figure_parsing import Figure, parse_figure, parse_value
from cbanalysis.common.text.letters import clean
from cbanalysis.common.text.numbers import NumberStyle, format_number, parse_number, with_sign
from cbanalysis.importing.files.grids import Cell, Formatted, NoValue, distinct_cells, general
from cbanalysis.importing.layouts import records
from cbanalysis.importing.layouts.vocabulary import pattern, without_marks

Scale = Literal["percent", "fraction", "permille"]

_STYLES: tuple[NumberStyle, ...] = ("vi", "en")
_DOT = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9.,])")
_COMMA = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2},[0-9]{3}(?![0-9.,])")
_BARE = re.compile(r"[0-9][0-9.,]*")
_BLANKS = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_GROUPED = re.compile(rf"(?<![0-9.,] )(?<![0-9.,]){_BLANKS.pattern}(?![0-9.,]| [0-9])")
_POWERS = re.compile(r"-?[0-9][.,]?[0-9]*E[+-]?[0-9]{1,2}")
_SEVERAL = re.compile(r"[0-9][0-9.,]*(?: +[0-9][0-9.,]*)+")
_IN_WORDS: dict[NumberStyle, dict[int, str]] = {
    "vi": {1000: "nghìn", 1_000_000: "triệu"},
    "en": {1000: "thousand", 1_000_000: "million"},
}
FAR = 0.1  # shares that all differ so much from what their counts and bases give are of something else
_EXACT = 10**15  # whole numbers below are the same as float and as int
_TINY = Decimal("1e-12")


class Reading(NamedTuple):
    """What one cell says, as the cells of observations.csv have it; ``""`` for what it doesn't say."""

    number: str = ""  # the count; a tuple has a method of that name
    base: str = ""
    percent: str = ""
    percent_max: str = ""
    count_max: str = ""
    qualifier: str = "exact"
    printed: str = ""
    mark: str = ""
    value: str = ""


NOTHING = Reading()


@dataclass(frozen=True)
class Readings:
    """The readings of the cells of one column: the distinct ones, and which of them each cell says."""

    codes: np.ndarray
    distinct: list[Reading]

    @classmethod
    def nothing(cls, count: int) -> Readings:
        """Return those of a column that isn't there."""
        return cls(np.zeros(count, dtype=np.intp), [NOTHING])

    def each(self, look: Callable[[Reading], object]) -> np.ndarray:
        """Return what is seen in each cell's reading; each distinct one is looked at once."""
        return np.array([look(reading) for reading in self.distinct], dtype=object).take(self.codes)

    def field(self, name: str) -> np.ndarray:
        """Return one field of each cell's reading."""
        return self.each(attrgetter(name))


def mark_of(text: str) -> str:
    """Return the footnote mark at the end of a text, ``""`` if there is none.

    Examples
    --------
    >>> mark_of("1.234¹"), mark_of("45 (1)"), mark_of("45*"), mark_of("45")
    ('1', '1', '*', '')
    """
    found = pattern("footnote").search(clean(text))
    return unicodedata.normalize("NFKC", found[0]).strip(" ()[]") if found else ""


def decide_style(
    counts: Iterable[Cell], shares: Iterable[Cell], others: Iterable[Cell] = ()
) -> tuple[NumberStyle | None, list[str], bool]:
    """Decide how a whole table prints numbers.

    Parameters
    ----------
    counts, shares, others : iterable of Cell
        The cells of columns of counts, of percentages, and of numbers that may be whole or not: in 12,345
        thousand the comma is as well that of a decimal.

    Returns
    -------
    tuple of NumberStyle or None, list of str, bool
        The style, None where cells contradict one another or only say that there is a comma or a point; the
        cells that show it (of both styles, then); whether any cell shows it at all (Vietnamese style where
        none does).
    """
    found: dict[str, list[str]] = {"vi": [], "en": [], "": []}
    # 9.768 counted is 9768, as a share it can only be 9.768
    for cells, dotted, comma in ((counts, "vi", "en"), (shares, "en", "vi"), (others, "", "")):
        for cell in dict.fromkeys(one for one in cells if isinstance(one, str)):
            text = clean(cell)
            shown: list[str] = [style for style in _STYLES if pattern(f"sure_{style}").search(text)]
            # among counts the number before a percent sign is a share
            swapped = {dotted: comma, comma: dotted}
            for mark, style in ((_DOT, dotted), (_COMMA, comma)):
                ends = [text[one.end() :].lstrip() for one in mark.finditer(text)]
                shown += [swapped[style] if end.startswith("%") else style for end in ends]
            for style in shown:
                found[style].append(text)
    if found["vi"] and found["en"]:
        return None, [found["vi"][0], found["en"][0]], True
    for style in _STYLES:
        if found[style]:
            return style, found[style][:3], True
    return (None, found[""][:3], False) if found[""] else ("vi", [], False)


def plain_numbers(cells: Iterable[Cell], style: NumberStyle) -> np.ndarray:
    """Return the plain number of each cell, NaN for what isn't one."""
    return np.array([plain_number(cell, style) for cell in cells], dtype=float)


def bare_shares(cells: Iterable[Cell], style: NumberStyle) -> np.ndarray:
    """Return the shares of cells that don't say their scale themselves, NaN for all others."""
    # a percent sign in the cell or in its format says the scale of that cell
    bare = ("" if isinstance(cell, Formatted) and cell.percent else cell for cell in cells)
    return plain_numbers(bare, style)


def may_be_fractions(shares: np.ndarray) -> bool:
    """Return whether shares may be fractions of 1: none is more than 1, and some are less."""
    known = shares[~np.isnan(shares)]
    return bool(known.size) and bool(known.max() <= 1) and bool(((known > 0) & (known < 1)).any())


def scale_of(times: np.ndarray) -> Scale | None:
    """Return the scale in which shares are what their counts and bases give; None where none is.

    Parameters
    ----------
    times : array of float
        How many times each share is what its count and base give: 100 for percent, 1 for fractions.
    """
    scales: dict[Scale, float] = {"fraction": 1, "percent": 100}
    for name, factor in scales.items():
        far = abs(times / factor - 1)
        if times.size and (far < 0.5).all() and np.median(far) < FAR:
            return name
    return None


def shown_rounded(cells: Iterable[Cell]) -> Formatted | None:
    """Return the first number that its sheet shows rounded, None where none is."""
    formatted = (cell for cell in cells if isinstance(cell, Formatted) and not cell.percent)
    return next((cell for cell in formatted if float(cell.number) != float(cell)), None)


def decimals_of(shares: np.ndarray) -> int | None:
    """Return to how many decimals to round computed shares; None for those that were typed."""
    known = shares[~np.isnan(shares)]
    long = [share for share in known if len(f"{share:.10f}".rstrip("0").partition(".")[2]) > 4]
    return 2 if 2 * len(long) > len(known) > 0 else None


def plain_number(cell: Cell, style: NumberStyle) -> float:
    """Return the number that a cell holds and nothing else, NaN where it holds none."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return float("nan")
    if not isinstance(cell, str):
        return float(cell)
    try:
        return float(parse_number(ungrouped(without_marks(cell)), style))
    except TextError:
        return float("nan")


@dataclass(frozen=True)
class Reader:
    """Reads the cells of one column, each distinct one once.

    Attributes
    ----------
    style : {"vi", "en"}
        How numbers are written.
    is_percent : bool
        Whether the column holds shares.
    scale : {"percent", "fraction", "permille"}
        How shares are written.
    factor : int
        What counts are given in.
    decimals : int, optional
        To how many decimals computed shares are rounded.
    """

    style: NumberStyle
    is_percent: bool
    scale: Scale = "percent"
    factor: int = 1
    decimals: int | None = None

    def read(self, cells: Sequence[Cell]) -> tuple[Readings, dict[Cell, Fault]]:
        """Return a reading for each cell, and a fault for each distinct one that can't be read."""
        codes, distinct = distinct_cells(cells)
        texts = [clean(cell) for cell in distinct if isinstance(cell, str)]
        several = [text for text in texts if _SEVERAL.fullmatch(text)]
        # "641 142" may be one number or two: the column must hold nothing that is sure to be two
        grouped = not self.is_percent and all(map(_BLANKS.fullmatch, several))
        wrong: dict[Cell, Fault] = {}
        readings = []
        for cell in distinct:
            if isinstance(cell, str) and not grouped and _SEVERAL.fullmatch(clean(cell)):
                found: Reading | Fault = Fault(message("two_numbers"), value=cell[:120])
            elif isinstance(cell, str) and _POWERS.fullmatch(clean(cell)):
                found = Fault(message("powers"), value=cell, allowed=message("powers_allowed"))
            else:
                found = self._cell(cell)
            if isinstance(found, Fault):
                wrong[cell] = found
                found = NOTHING
            readings.append(found)
        return Readings(codes, readings), wrong

    def _cell(self, cell: Cell) -> Reading | Fault:
        if isinstance(cell, str):
            return self._text(cell)
        if isinstance(cell, NoValue):
            what, allowed = _NO_VALUE[cell.kind]
            return Fault(what, value=cell.text[:80], allowed=allowed)
        if isinstance(cell, bool):
            return Fault("yes or no where a figure is wanted", value=cell)
        if isinstance(cell, int | float):
            return self._number(cell)
        hint = "a figure; a spreadsheet turns 3/7 into a date: format the cell as text and type it again"
        return Fault("a date where a figure is wanted", value=str(cell), allowed=hint)

    def _text(self, cell: str) -> Reading | Fault:
        text = without_marks(cell)
        number = ungrouped(text)
        plain = bool(_BARE.fullmatch(number))
        scaled = self.factor > 1 or (self.scale == "permille" and "‰" not in text)
        if scaled and not plain and any(map(str.isdigit, text)):
            return Fault("words beside a number of another unit", value=cell[:120], allowed="a plain number")
        if self.factor > 1 and plain:
            number = text = f"{number} {_IN_WORDS[self.style][self.factor]}"
        try:
            figure = parse_figure(number, self.style, bare="percent" if self.is_percent else "count")
        except TextError as error:
            return Fault(error.reason, value=cell[:120])
        return NOTHING if figure is None else self._of(figure, text, mark_of(cell))

    def _of(self, figure: Figure, text: str, mark: str) -> Reading:
        """Return a figure of a text as a reading, in the scale of its column."""
        percent, percent_max = figure.percent, figure.percent_max
        printed = text
        if self.is_percent and percent is not None and not {"%", "‰"} & set(text):
            if self.scale == "fraction":
                percent = _times(percent, 100)
                percent_max = None if percent_max is None else _times(percent_max, 100)
                printed = f"{format_number(percent, self.style)}%"
            elif figure.count is None and self.scale == "permille":
                percent, printed = _times(percent, Decimal("0.1")), f"{text}‰"
            elif figure.count is None and text[-1].isdigit():
                printed = f"{text}%"
        return Reading(
            number=_written(figure.count),
            base=_written(figure.base),
            percent=_written(percent),
            percent_max=_written(percent_max),
            count_max=_written(figure.count_max),
            qualifier=figure.qualifier,
            printed=printed,
            mark=mark,
        )

    def _number(self, cell: float) -> Reading | Fault:
        if not (self.is_percent or isinstance(cell, Formatted)) and 0 <= cell < _EXACT and cell == int(cell):
            return self._count(int(cell))
        # digits that no sheet shows are the machine's, not those of who published
        exact = cell.number if isinstance(cell, Formatted) else Decimal(general(float(cell)))
        if not exact.is_finite():
            return Fault("no finite number", value=cell)
        if exact < 0:
            return Fault("a sign has no place in a published count or share", value=general(float(cell)))
        if isinstance(cell, Formatted) and (fault := self._hidden(cell)):
            return fault
        return self._share(cell, exact) if self.is_percent else self._count(exact)

    def _count(self, exact: Decimal | int) -> Reading | Fault:
        count = exact * self.factor
        if count != int(count):
            allowed = "a whole number; is it a percentage?"
            return Fault("a count is whole", value=float(exact), allowed=allowed)
        words = f" {_IN_WORDS[self.style][self.factor]}" if self.factor > 1 else ""
        return Reading(
            str(int(count)),
            printed=f"{format_number(exact if isinstance(exact, int) else float(exact), self.style)}{words}",
        )

    def _share(self, cell: float, exact: Decimal) -> Reading:
        told = isinstance(cell, Formatted)
        signed = isinstance(cell, Formatted) and cell.percent
        share = exact * 100 if self.scale == "fraction" and not signed else exact
        decimals = max(-int(share.as_tuple().exponent), 0) if told else self.decimals
        if decimals is not None:
            share = Decimal(format_number(float(share), "en", decimals).replace(",", ""))
        printed = format_number(float(share), self.style, decimals)
        if self.scale == "permille" and not signed:
            return Reading(percent=_written(float(share / 10)), printed=f"{printed}‰")
        return Reading(percent=_written(float(share)), printed=f"{printed}%")

    def _hidden(self, cell: Formatted) -> Fault | None:
        """Return what is wrong with a number that its sheet doesn't show as it is meant."""
        stored = general(float(cell))
        if not cell.shown:
            return Fault("a number that its format hides", value=stored, allowed="a number that is shown")
        if cell.thousands:
            what = f"stored as {stored} and shown as {cell.shown}: only one of them is meant"
            return Fault(what, value=cell.code, allowed="the figure meant, in a format that shows it whole")
        if cell.percent and not self.is_percent:
            return Fault("a percentage where a count is wanted", value=cell.shown)
        if not self.is_percent and self.factor == 1:
            what = f"a count is whole, and {stored} is shown as {cell.shown}"
            return Fault(what, value=cell.code, allowed="a whole number; is it a percentage?")
        return None


@dataclass(frozen=True)
class ValueReader(Reader):
    """Reads a column of an indicator with a unit of its own: decimals, signs, any size.

    Attributes
    ----------
    sign : str
        What stands behind a number in the unit.
    words : tuple of str
        What else may stand beside one.
    """

    sign: str = ""
    words: tuple[str, ...] = ()

    def _text(self, cell: str) -> Reading | Fault:
        text = without_marks(cell)
        try:
            found = parse_value(ungrouped(text), self.style, (*self.words, self.sign))
        except TextError as error:
            return Fault(error.reason, value=cell[:120])
        if found is None:
            return NOTHING
        printed = text if not text[-1].isdigit() else with_sign(text, self.sign)
        return Reading(
            value=_written(found.value), qualifier=found.qualifier, printed=printed, mark=mark_of(cell)
        )

    def _number(self, cell: float) -> Reading | Fault:
        exact = cell.number if isinstance(cell, Formatted) else Decimal(general(float(cell)))
        if not exact.is_finite():
            return Fault("no finite number", value=cell)
        decimals = self.decimals
        if isinstance(cell, Formatted):
            if not cell.shown or cell.thousands or cell.percent:
                return self._hidden(cell) or Fault("no finite number", value=cell)  # pragma: no cover
            decimals = max(-int(exact.as_tuple().exponent), 0)
        if decimals is not None:
            exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        printed = format_number(float(exact), self.style, decimals)
        return Reading(value=_written(float(exact)), printed=with_sign(printed, self.sign))


_NO_VALUE = {
    "error": ("an error instead of a figure", "the figure, or an empty cell where none is published"),
    "formula": (
        "a formula that nobody computed",
        "its value: open the file in a spreadsheet, save it, import it again",
    ),
}


def ungrouped(text: str) -> str:
    """Return a text without the blanks between thousands.

    Examples
    --------
    >>> ungrouped("12 345 người"), ungrouped("12 34"), ungrouped("1 200 000")
    ('12345 người', '12 34', '1200000')
    """
    return _GROUPED.sub(lambda found: found[0].replace(" ", ""), text)


def _times(value: float, factor: int | Decimal) -> float:
    return float(Decimal(repr(value)) * factor)


def _written(number: float | None) -> str:
    if number is None:
        return ""
    if isinstance(number, int):
        return str(number)
    # 15 decimals are what the contract takes; a float of 0 to 100 has no more that mean anything
    return f"{Decimal(repr(number)).quantize(_TINY).normalize():f}"


def merged(
    figure: records.Figure, count: Readings, base: Readings, percent: Readings, value: Readings
) -> dict[str, np.ndarray]:
    """Return what the cells of each figure say together, field by field."""
    if figure.value:
        return {name: value.field(name) for name in Reading._fields}
    if not figure.base and not (figure.count and figure.percent):
        single = count if figure.count else percent
        return {name: single.field(name) for name in Reading._fields}
    counted, shared = count.field("printed"), percent.field("printed")
    bare_count, bare_base = (
        one.each(lambda reading: bool(_BARE.fullmatch(reading.printed))).astype(bool) for one in (count, base)
    )
    joined = bare_count & bare_base & (count.field("base") == "")
    counted = counted + np.where(joined, base.each(lambda reading: f"/{reading.printed}"), "")
    between = np.where((counted != "") & (shared != ""), "; ", "")
    order = ("exact", "about", "at_least", "range")
    ranks = (one.each(lambda reading: order.index(reading.qualifier)).astype(int) for one in (count, percent))
    return {
        "number": _first(count.field("number"), percent.field("number")),
        "base": _first(count.field("base"), percent.field("base"), base.field("number")),
        "percent": _first(percent.field("percent"), count.field("percent")),
        "percent_max": _first(percent.field("percent_max"), count.field("percent_max")),
        "count_max": _first(count.field("count_max"), percent.field("count_max")),
        "qualifier": np.array(order, dtype=object)[np.maximum(*ranks)],
        "printed": counted + between + shared,
        "value": value.field("value"),
        "mark": _first(*(one.field("mark") for one in (count, percent, base))),
    }


def _first(*columns: np.ndarray) -> np.ndarray:
    """Return, for each row, the first of the columns' texts that isn't empty."""
    found = columns[0]
    for column in columns[1:]:
        found = np.where(found != "", found, column)
    return found
