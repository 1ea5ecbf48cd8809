"""Where a table begins, what its headers say, and where it ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import PurePath

from cbanalysis.common.errors import TextError
from cbanalysis.common.text.figure_parsing import Bare, parse_figure
from cbanalysis.common.text.letters import clean, fold
from cbanalysis.common.text.number_words import MISSING_MARKS
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.importing.files.grids import Cell, Formatted, Grid, NoValue, distinct_cells, general
from cbanalysis.importing.layouts import periods
from cbanalysis.importing.layouts.numbers import ungrouped
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.vocabulary import Vocabulary, is_unit, pattern, plain, without_marks

_LOOKED_AT = 80
_MOST_TURNED = 200
_STYLES: tuple[NumberStyle, ...] = ("vi", "en")
_BARE: tuple[Bare, ...] = ("count", "percent")
# what stands in a cell of figures that has none; "x" may head a column too
NOT_PUBLISHED = MISSING_MARKS - {"", "x", "."}
# a note in a column of figures is longer
_LONGEST_FIGURE = 20


@dataclass(frozen=True)
class Body:
    """A table found in a grid.

    Attributes
    ----------
    headers : tuple of str
        One a column: the levels joined by ``|``, years replaced by ``{year}``; ``(column 2)`` where there is
        none above cells that aren't empty, ``""`` above empty ones.
    years : tuple of tuple of str
        The years that stood in each header.
    provisional : tuple of str
        The words beside the years that call them provisional: ``Sơ bộ``, ``Pre.``; ``""`` if there are none.
    title : tuple of str
        The lines above the headers.
    top, first, last : int
        First row of the headers, first row beneath them, the row behind the last one with a figure.
    """

    grid: Grid
    headers: tuple[str, ...]
    years: tuple[tuple[str, ...], ...]
    provisional: tuple[str, ...]
    title: tuple[str, ...]
    top: int
    first: int
    last: int

    def sections(self, rows: Iterable[int] | None = None) -> list[tuple[int, int, str]]:
        """Return row, column and text of the sub-headings: rows with one value that is no number.

        Parameters
        ----------
        rows : iterable of int, optional
            Which rows may be some; by default all of the table.
        """
        found = []
        for row in range(self.first, self.last) if rows is None else rows:
            cells = self.grid.rows[row]
            # a merged sub-heading may be repeated in its cells, and numbered
            if len({*cells[:8]}) < 6 and 0 < len({*cells} - {""}) < 4:
                filled = [at for at, cell in enumerate(cells) if cell != ""]
                labels = labels_of(cells)
                if len(labels) == 1 and not any(is_number(cells[at]) for at in filled if at):
                    found.append((row, next(at for at in filled if shown(cells[at]) == labels[0]), labels[0]))
        return found

    def cells(self, at: int, most: int | None = None) -> Sequence[Cell]:
        """Return the cells of a column, or the first of them."""
        return self.grid.column(at)[self.first : self.last][:most]

    def notes(self) -> list[str]:
        """Return the lines under the table."""
        rows = self.grid.rows[self.last : self.last + _LOOKED_AT]
        lines = (" ".join(dict.fromkeys(filter(None, map(shown, row)))) for row in rows)
        return [line for line in lines if line]


def shown(cell: Cell) -> str:
    """Return what a cell shows as clean text; whole numbers without a decimal point."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, float):
        return (cell.shown if isinstance(cell, Formatted) else "") or general(float(cell))
    return str(cell)


def shown_all(cells: Sequence[Cell]) -> list[str]:
    """Return what cells show; each distinct one is cleaned once."""
    codes, distinct = distinct_cells(cells)
    texts = [shown(cell) for cell in distinct]
    return [texts[code] for code in codes.tolist()]


def is_number(cell: Cell) -> bool:
    """Return whether a cell holds a figure rather than a label; a year is a label."""
    if isinstance(cell, str):
        text = without_marks(cell)
        if pattern("number").fullmatch(text):
            return not pattern("whole_year").fullmatch(text)
        if pattern("heading_of_year").fullmatch(periods.provisional_in(text)[1]):
            return False
        return any(map(str.isdigit, text)) and len(text) < 60 and _is_figure(ungrouped(text))
    if isinstance(cell, NoValue):
        return True  # its column is one of figures, and it a fault there
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return not (float(cell).is_integer() and 1930 <= cell <= 2099)


def _is_figure(text: str) -> bool:
    """Return whether words with a digit are a figure in either style: từ 90% trở lên, gần 3 nghìn."""
    for style, bare in product(_STYLES, _BARE):
        try:
            return parse_figure(text, style, bare) is not None
        except TextError:
            continue
    return False


def _values(row: Sequence[Cell]) -> list[str]:
    return [text for text in map(shown, row) if text]


def labels_of(row: Sequence[Cell]) -> list[str]:
    """Return the distinct values of a row that aren't its number: I, 1, A."""
    return [text for text in dict.fromkeys(_values(row)) if not pattern("order").fullmatch(text)]


def _numbers_columns(row: Sequence[Cell]) -> bool:
    """Return whether a row counts the columns: A, B, 1, 2, 3=2/1."""
    values = _values(row)
    numbers = [int(found[1]) for value in values if (found := pattern("numbered_column").fullmatch(value))]
    others = [value for value in values if not pattern("numbered_column").fullmatch(value)]
    begins = len(numbers) > 1 and numbers[0] <= 3
    rising = begins and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return rising and all(len(value.strip("()")) == 1 for value in others)


def find_bodies(grid: Grid, is_place: Callable[[str], bool]) -> tuple[Body, ...]:
    """Return the table of a grid as it lies and, where that makes a table too, with rows for columns.

    The first row with a figure and something beside it is data; the headers are the last rows above it that
    hold more than one value; what stands above them is the title. Beside a label that ``is_place`` calls a
    place, 2000 is a figure and no year.
    """
    body = _find_body(grid, is_place)
    if body is None:
        return ()
    if body.last - body.top > _MOST_TURNED:
        return (body,)
    # numbers of rows would be headings of columns
    order = all(cell == "" or pattern("order").fullmatch(shown(cell)) for cell in body.cells(0))
    turned = _find_body(grid.part(body.top, body.last, int(order)).turned(), is_place)
    return (body,) if turned is None else (body, replace(turned, title=body.title))


def apart(grids: Iterable[Grid]) -> list[Grid]:
    """Return tables that stand side by side under the same headings each as one, with the lines above it."""
    found = []
    for grid in grids:
        rows = [[*map(shown, row)] for row in grid.rows[:_LOOKED_AT]]
        cuts = ((at, cut) for at in range(len(rows)) for cut in range(2, grid.width // 2 + 2))
        halves = next((one for one in cuts if _is_twice(rows, *one)), None)
        if halves is None:
            found.append(grid)
            continue
        at, cut = halves
        above = dict.fromkeys(text for row in rows[:at] for text in row if text)
        own = any(text for row in rows[:at] for text in row[cut:])
        right = grid.columns(cut, grid.width)
        found += [grid.columns(0, cut), right if own else replace(right, above=(*grid.above, *above))]
    return found


def _is_twice(rows: Sequence[Sequence[str]], at: int, cut: int) -> bool:
    """Return whether a row has the same headings, and names beneath them, on both sides of a cut."""
    left, right = [*rows[at][:cut]], [*rows[at][cut:]]
    for side in (left, right):
        while side and not side[-1]:
            side.pop()
    if len({*left} - {""}) < 2 or left != right or any(map(is_number, left)):
        return False
    beneath = (text for row in rows[at + 1 :] for text in labels_of(row[cut:]))
    return any(not is_number(text) and text.casefold() not in NOT_PUBLISHED for text in beneath)


def _find_body(grid: Grid, is_place: Callable[[str], bool]) -> Body | None:
    top = grid.top(_LOOKED_AT)
    start = next((at for at, row in enumerate(top) if _is_data(row) or _is_of_place(row, is_place)), None)
    if start is None or start == 0:
        return None
    # columns are counted right under their headers; sub-headings may follow, they belong to the data
    counted = next((at for at in range(start - 1, 0, -1) if _numbers_columns(top[at])), None)
    first = start if counted is None else counted
    while first > 0 and (_numbers_columns(top[first - 1]) or len(labels_of(top[first - 1])) < 2):
        first -= 1
    begin = first
    while begin > 0 and not (begin < first and _is_above_all(top[begin - 1])):
        if len(labels_of(top[begin - 1])) < 2 and not _is_parent(top, begin):
            break
        begin -= 1
    if begin == first:
        return None
    beneath = first
    while beneath < start and (_numbers_columns(top[beneath]) or not _values(top[beneath])):
        beneath += 1
    last = _end(grid, start, is_place)
    title = (*grid.above, *dict.fromkeys(text for row in top[:begin] for text in _values(row)))
    rows = [[*map(_level, row)] for row in top[begin:first]]
    headers, years, provisional = _headers(grid, _dated(rows, title), begin, (beneath, last))
    return Body(grid, headers, years, provisional, title, begin, beneath, last)


def _dated(levels: list[list[str]], title: tuple[str, ...]) -> list[list[str]]:
    """Return headings of which two or more are quarters or months without a year, in that of the title."""
    years = {one[:4] for one in periods.period_above(title) or ()}
    undated = {text for level in levels for text in level if pattern("undated").fullmatch(text)}
    if len(undated) < 2 or len(years) != 1:
        return levels
    (year,) = years
    of_year = {text: f"{text}/{year}" if text[-3:].casefold() != "năm" else year for text in undated}
    return [[of_year.get(text, text) for text in level] for level in levels]


def _is_data(row: Sequence[Cell]) -> bool:
    values = _values(row)
    figures = any(map(is_number, row)) or any(value.casefold() in NOT_PUBLISHED for value in values)
    # a title may be numbered: 12 | Số đảng viên
    title = len(values) == 2 and pattern("order").fullmatch(values[0]) and not is_number(values[1])
    return len(values) > 1 and figures and not title and not _numbers_columns(row)


def _is_of_place(row: Sequence[Cell], is_place: Callable[[str], bool]) -> bool:
    """Return whether a row holds one place, maybe its kind, and what looks like years, or "none"."""
    texts = [text for text in labels_of(row) if not pattern("kind_of_unit").fullmatch(plain(text))]
    others = [text for text in texts if not is_place(text)]
    figures = all(
        pattern("whole_year").fullmatch(text) or pattern("none").fullmatch(plain(text)) for text in others
    )
    return len(texts) - len(others) == 1 and bool(others) and figures


def is_letterhead(text: str) -> bool:
    """Return whether a text says who publishes, whose form it is or where it was signed, and nothing else.

    Examples
    --------
    >>> is_letterhead("TỈNH UỶ HƯNG YÊN"), is_letterhead("Hưng Yên, ngày 5/1/2024"), is_letterhead("Tỉnh ủy")
    (True, True, False)
    """
    return bool(pattern("letterhead").fullmatch(fold(text)) or pattern("signed").match(text))


def _is_above_all(row: Sequence[Cell]) -> bool:
    """Return whether a row is of the lines above a table: a letterhead, or a title beside its unit."""
    texts = labels_of(row)
    units = [bool(pattern("unit_line").match(text)) for text in texts]
    return any(map(is_letterhead, texts)) or (len(texts) == 2 and any(units) and not all(units))


def _is_parent(top: Sequence[Sequence[Cell]], begin: int) -> bool:
    """Return whether the one value above the headers is a header of some of them, not a title."""
    filled = [at for at, cell in enumerate(top[begin - 1]) if shown(cell)]
    if not filled or filled[0] == 0 or len(filled) == len(top[begin]):
        return False
    text = plain(shown(top[begin - 1][filled[0]]))
    beneath = shown(top[begin][filled[0]])
    above = pattern("above_table").match(text)
    return bool(beneath) and len(text) < 60 and not above and not is_unit(text)


def _end(grid: Grid, start: int, is_place: Callable[[str], bool]) -> int:
    last = len(grid.rows)
    # beneath the first figure a number like 2000 is one too
    while last > start + 1 and not (_is_data(grid.rows[last - 1]) or _ends_with_year(grid.rows[last - 1])):
        last -= 1
    figures = [at for at, cell in enumerate(grid.rows[last - 1]) if is_number(cell)]
    # a figure that can't be read is a fault of its cell, its row no note under the table
    while last < len(grid.rows) and _is_meant_as_data(grid.rows[last], figures, is_place):
        last += 1
    return last


def _is_meant_as_data(row: Sequence[Cell], figures: Sequence[int], is_place: Callable[[str], bool]) -> bool:
    """Return whether a row under the last figure has a label and something like a figure where they stand."""
    texts = [shown(cell) for cell in row]
    beside = [texts[at] for at in figures if at and texts[at]]
    labelled = any(text for at, text in enumerate(texts) if at not in figures)
    digits = any(len(text) <= _LONGEST_FIGURE and any(map(str.isdigit, text)) for text in beside)
    return labelled and (digits or (bool(beside) and any(map(is_place, texts))))


def _ends_with_year(row: Sequence[Cell]) -> bool:
    values = _values(row)
    return len(values) > 1 and any(map(pattern("whole_year").fullmatch, values[1:]))


def as_header(text: str) -> str:
    """Return a heading as the headers of a body have it: with {year} for its years."""
    return periods.moments_in(pattern("word_of_year").sub("", periods.provisional_in(text)[1]))[0]


def _headers(
    grid: Grid, levels: list[list[str]], begin: int, body: tuple[int, int]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return each column's header, the years in it, and whether they are provisional."""
    if not any(top < begin + len(levels) and bottom >= begin for top, _, bottom, _ in grid.merged):
        levels = _filled(levels)
    named, years, provisional = [], [], []
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for column in range(grid.width):
        texts = _texts(levels, column)
        mark, text = periods.provisional_in(" | ".join(texts))
        above, bar, lowest = pattern("word_of_year").sub("", text).rpartition(" | ")
        header, found = periods.moments_in(lowest)
        # the years of a programme above single ones are words: poverty line 2016-2021 | 2019
        if not (found and len(periods.moments_in(above)[1]) > 1):
            header, found = periods.moments_in(f"{above}{bar}{lowest}")
        else:
            header = f"{above}{bar}{header}"
        filled = any(cell != "" and shown(cell) for cell in grid.column(column)[slice(*body)])
        if not header and filled:
            header = f"(column {column + 1})"
        # one head over two columns, of which one is empty
        beside = _texts(levels, column - 1), _texts(levels, column + 1)
        header = "" if texts and texts in beside and not filled else header
        seen[header, found] += 1
        number = seen[header, found]
        named.append(f"{header} ({number})" if header and number > 1 else header)
        years.append(found)
        provisional.append(mark)
    return tuple(named), tuple(years), tuple(provisional)


def _texts(levels: list[list[str]], column: int) -> list[str]:
    """Return the distinct texts above a column, from the top; none where there is no such column."""
    if not 0 <= column < len(levels[0]):
        return []
    return [*dict.fromkeys(level[column] for level in levels if level[column])]


def _level(cell: Cell) -> str:
    return without_marks(" ".join(shown(cell).replace("|", "/").split()))


def _filled(levels: list[list[str]]) -> list[list[str]]:
    """Return levels in which a header reaches over the columns to its right that only have lower headers."""
    filled = [list(level) for level in levels]
    for at, level in enumerate(filled[:-1]):
        for column in range(1, len(level)):
            beneath = any(lower[column] for lower in levels[at + 1 :])
            above = any(upper[column] for upper in levels[:at])
            # a column whose left neighbour has no header beneath stands alone
            parent = level[column - 1] and any(lower[column - 1] for lower in levels[at + 1 :])
            if not level[column] and beneath and not above and parent:
                level[column] = level[column - 1]
    return filled


def said_by(body: Body, where: str, role: str, places: Places) -> str:
    """Return the period or the province that a text around a table says, ``""`` if it says none or several.

    ``where`` is title, sheet or file, ``role`` period or province. A period is its first and last moment
    joined by " to ".
    """
    name = body.grid.sheet if where == "sheet" else PurePath(body.grid.file).stem
    if role == "province":
        # where a paper was signed tells its province only if nothing else does
        lines = [line for line in body.title if not pattern("signed").match(line)], body.title
        texts = ["\n".join(one) for one in lines] if where == "title" else [name.replace("_", " ")]
        return next(filter(None, map(places.province_in, texts)), "")
    found = periods.period_above(body.title) if where == "title" else periods.period_of_name(name)
    return " to ".join(dict.fromkeys(found)) if found else ""


def province_of(text: str, places: Places) -> str:
    """Return the province that a sub-heading or a label names."""
    return places.province_in(text) or (label(text) if places.is_province(text) else "")


def title_of(body: Body, places: Places) -> str:
    """Return the words above a table without years, places and numbers: next year's are the same."""
    lines = (
        places.cut(periods.without_periods(line))[1] for line in body.title if not periods.is_of_paper(line)
    )
    words = (plain(re.sub(r"\b(?:[0-9]+|[IVX]+)\b", " ", line)) for line in lines)
    return "; ".join(filter(None, words))


def name_of_file(body: Body) -> str:
    """Return the words of a file's name without numbers."""
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"[0-9]{4,}", " ", PurePath(body.grid.file).stem)).split())


def named_above(lines: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return what the lines above a table name, without what they say of years, places and units.

    The longest line that names something is taken; ``""`` if none does.
    """
    names = []
    for line in lines:
        unit = pattern("unit_line").search(line)
        text = pattern("numbered").sub("", periods.without_periods(line[: unit.start()] if unit else line))
        text = without_asides(text, vocabulary)
        if pattern("by_all").search(text):
            text = pattern("by_province").split(pattern("by_all").split(text)[0])[0]
        for found in pattern("listed").finditer(text):
            if _says_nothing(text[found.start() :], vocabulary):
                text = text[: found.start()]
                break
        heading = vocabulary.heading(text, title=True)
        if not periods.is_of_paper(line) and (heading.rest or heading.all("indicator")):
            names.append(" ".join(text.split()).strip(" .,:;-–*"))
    return max(names, key=len, default="")


def without_asides(text: str, vocabulary: Vocabulary) -> str:
    """Return a text without parentheses that hold a unit, a mark or how figures are listed."""

    def aside(found: re.Match[str]) -> str:
        return "" if _says_nothing(found[1], vocabulary) else found[0]

    return pattern("parentheses").sub(aside, text)


def _says_nothing(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether words say no more than a unit, a place or how figures are listed."""
    words = [word for word in re.split(r"[\s,;]+", text) if re.search(r"[^\W\d_]", word)]
    heading = vocabulary.heading(" ".join(words), title=True)
    return not heading.rest and not heading.all("kinds") and not heading.all("asked")
