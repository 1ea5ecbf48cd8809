"""The columns of the one table, their types and closed lists; cells to typed columns."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Verdict:
    """What is wrong with one cell; ``near`` is what was meant, or it is looked for among the ``known``."""

    what: str
    column: str
    value: str
    allowed: str | None = None
    known: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


COLUMNS = (
    "observation_id", "indicator", "subject", "geo_level", "province", "province_basis", "area",
    "period_start", "period_end", "period_basis", "category", "count", "base", "percent", "percent_max",
    "printed", "qualifier", "aggregation", "complement", "source_id", "note", "definition", "base_of",
    "scheme", "category_id", "category_kind", "count_max", "value",
)  # fmt: skip
"""Columns of observations.csv, in the order in which checked frames have them."""

COUNTS = ("count", "base", "count_max")
OPTIONAL = ("value",)
"""Columns that a file needn't have."""
PERCENTS = ("percent", "percent_max")
NUMBERS = (*PERCENTS, "value")
"""Columns of numbers with decimals."""
BOOLEANS = ("complement",)

CLOSED = {
    "geo_level": ("country", "region", "province", "district", "commune"),
    "province_basis": ("stated", "inferred", ""),
    "period_basis": ("stated", "publication", ""),
    "qualifier": ("exact", "about", "at_least", "range"),
    "aggregation": ("point", "mean", "cumulative"),
    "category_kind": ("exclusive", "cumulative", "part", "unclear", ""),
}
"""Columns that take a closed list of values; ``""`` stands for an empty cell."""

_FILLED = ("observation_id", "indicator", "subject", "printed", "source_id")


def schema_verdicts(
    text: pd.DataFrame, typed: pd.DataFrame, there: set[str]
) -> Iterator[tuple[Verdict, int]]:
    """Yield what is wrong with single cells (empty, out of bounds, not listed), with each row's position."""
    checks = [(name, typed[name].eq(""), f"{name} is empty", "a value in every row") for name in _FILLED]
    checks += [(name, typed[name].lt(0), "percent below 0", "0 to 100") for name in PERCENTS]
    for name in COUNTS:
        # a share of nothing is no share: a base of 0 would make every rate undefined
        least = 1 if name == "base" else 0
        what, allowed = f"{name} below {least}", f"a whole number from {least} on"
        checks.append((name, typed[name].lt(least), what, allowed))
    for name, values in CLOSED.items():
        listed = ", ".join(filter(None, values)) + (" or empty" if "" in values else "")
        checks.append((name, ~typed[name].isin(values), f"no such {name}", listed))
    for name, wrong, what, allowed in checks:
        if name not in there:
            continue
        known = tuple(filter(None, CLOSED.get(name, ())))
        marks = wrong.to_numpy(dtype=bool, na_value=False)
        for position in np.flatnonzero(marks).tolist():
            yield Verdict(what, name, text[name].iloc[position], allowed, known), position


_WHOLE = r"-?[0-9]{1,15}"  # more digits would not survive a float column
_DECIMAL = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the declared columns of a frame as text cells, ``""`` for empty cells and missing columns."""
    once = frame.loc[:, ~frame.columns.duplicated()].reset_index(drop=True)
    columns = {
        name: text_cells(once[name]) if name in once else pd.Series("", index=once.index) for name in COLUMNS
    }
    return pd.DataFrame({name: column.astype("str") for name, column in columns.items()}, index=once.index)


def as_typed(
    text: pd.DataFrame, cells: Mapping[str, Distinct]
) -> tuple[pd.DataFrame, list[tuple[Verdict, int]]]:
    """Return typed columns and, for each cell that can't be read, a verdict with its position."""
    typed = text.copy()
    verdicts: list[tuple[Verdict, int]] = []
    for column in COUNTS:
        verdicts += cells[column].unreadable(
            column, _WHOLE, "not a whole number", "digits only, 15 at the most, e.g. 4175"
        )
        typed[column] = cells[column].numbers(_WHOLE).set_axis(text.index).astype("Int64")
    for column in NUMBERS:
        verdicts += cells[column].unreadable(
            column, _DECIMAL, "not a number", "digits and a decimal point, e.g. 63.71"
        )
        typed[column] = cells[column].numbers(_DECIMAL).set_axis(text.index).astype("float64")
    for column in BOOLEANS:
        verdicts += cells[column].unreadable(column, "yes", f"no such {column}", "yes or empty")
        typed[column] = text[column].eq("yes").astype("bool")
    return typed, verdicts


def text_cells(cells: pd.Series) -> pd.Series:
    """Return cells as text, empty ones as ``""``: a year that was read as a number has no decimals."""
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype("object").map(_cell)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")
    # a checked frame has True and False where the file has yes and nothing
    return {"True": "yes", "False": ""}.get(str(value), str(value).removesuffix(" 00:00:00"))


def distinct(columns: Iterable[np.ndarray]) -> dict[tuple[str, ...], list[int]]:
    """Return each distinct combination of the columns' values with the positions of its rows."""
    found: dict[tuple[str, ...], list[int]] = {}
    for position, values in enumerate(zip(*columns, strict=True)):
        found.setdefault(values, []).append(position)
    return found


@dataclass(frozen=True)
class Distinct:
    """The text cells of a column: the distinct ones, and which of them stands in each row."""

    codes: np.ndarray
    texts: np.ndarray

    @classmethod
    def of(cls, column: pd.Series) -> Distinct:
        """Return those of a column."""
        codes, texts = pd.factorize(column)
        return cls(codes, texts.to_numpy(dtype=object))

    @property
    def filled(self) -> np.ndarray:
        """Which cells hold anything."""
        return self.each(bool)

    def each(self, look: Callable[[str], bool]) -> np.ndarray:
        """Return what is true of each cell; each distinct text is looked at once."""
        return np.array([look(text) for text in self.texts], dtype=bool).take(self.codes)

    def written(self, write: Callable[[str], str]) -> np.ndarray:
        """Return each cell written in another way."""
        return np.array([write(text) for text in self.texts], dtype=object).take(self.codes)

    def numbers(self, pattern: str) -> pd.Series:
        """Return the number in each cell that a pattern takes for one."""
        matches = re.compile(pattern).fullmatch
        readable = pd.Series([text if matches(text) else None for text in self.texts], dtype="object")
        return pd.to_numeric(readable).take(self.codes)

    def unreadable(self, column: str, pattern: str, what: str, allowed: str) -> Iterator[tuple[Verdict, int]]:
        """Yield a verdict for each cell that holds something else than a pattern takes."""
        # Python's own: the pattern must mean the same whatever engine the strings lie in
        matches = re.compile(pattern).fullmatch
        for position in np.flatnonzero(self.each(lambda text: bool(text) and not matches(text))).tolist():
            yield Verdict(what, column, self.at(position), allowed), position

    def at(self, position: int) -> str:
        """Return one cell."""
        return str(self.texts[self.codes[position]])
