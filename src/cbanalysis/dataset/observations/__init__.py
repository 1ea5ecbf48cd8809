"""The one table and its contract: what each column holds, and rules that look at whole rows.

One row is one published figure. ``check_observations`` takes any frame with the declared columns and gives
back a typed one, or raises one error that lists everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cbanalysis.common.errors import DataError, Fault, nearest
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations import schema
from cbanalysis.dataset.observations.row_rules import Lookups, contradictions
from cbanalysis.dataset.provinces import Gazetteer

_LOOKED_UP = 200  # near names are looked for in so many faults; a wholly wrong file must not take minutes

_SHOWN = 120  # letters of a value that a fault shows


def check_observations(
    observations: pd.DataFrame, *, catalogue: Catalogue, gazetteer: Gazetteer
) -> pd.DataFrame:
    """Check a frame against the contract and return it typed.

    Parameters
    ----------
    observations : DataFrame
        The columns of ``COLUMNS`` in any order (those of ``OPTIONAL`` may be missing); cells as text, or
        typed as this function returns them.
    catalogue : Catalogue
        Indicators, schemes and sources that are known.
    gazetteer : Gazetteer
        Provinces that are known.

    Returns
    -------
    DataFrame
        A new frame, columns in the order of ``COLUMNS``, RangeIndex: text columns ``str`` with ``""`` for
        empty, ``count``, ``base`` and ``count_max`` Int64, ``percent`` and ``percent_max`` float64 (0 to 100;
        more only where ``base_of`` says of what), ``value`` float64 (in the unit of the indicator),
        ``complement`` bool.

    Raises
    ------
    DataError
        Listing every fault with file, row (the header is row 1), column, value, what is allowed and nearest.
    """
    typed, faults = observation_faults(observations, catalogue=catalogue, gazetteer=gazetteer)
    DataError.raise_if(faults)
    return typed


def observation_faults(
    observations: pd.DataFrame,
    *,
    catalogue: Catalogue | None,
    gazetteer: Gazetteer | None,
    file: str = "observations.csv",
    rows: Sequence[int] | None = None,
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the typed frame with all its faults instead of raising them.

    Parameters
    ----------
    observations, catalogue, gazetteer
        As in ``check_observations``; without a catalogue or a gazetteer nothing is looked up.
    file : str
        The name that faults carry.
    rows : sequence of int, optional
        The row of the file that each row of the frame was; counted from 2 when not given.

    Returns
    -------
    tuple of DataFrame and list of Fault
        The frame as ``check_observations`` returns it (unreadable cells empty); faults by row, then column.

    Notes
    -----
    All that is wrong is in the list.
    """
    text = schema.as_text(observations)
    # each distinct text is looked at once
    cells = {column: schema.Distinct.of(text[column]) for column in schema.COLUMNS}
    typed, unreadable = schema.as_typed(text, cells)
    there = {*observations.columns, *schema.OPTIONAL}
    numbers = range(2, len(text) + 2) if rows is None else rows
    found = [
        *unreadable,
        *schema.schema_verdicts(text, typed, there),
        *_twice(cells["observation_id"], numbers),
        *_in_rows(cells, typed, there, catalogue, gazetteer),
    ]
    places = {column: place for place, column in enumerate(schema.COLUMNS)}
    found.sort(key=lambda one: (one[1], places[one[0].column]))
    faults = list(_in_header(observations.columns, file))
    faults += [
        _fault(verdict, file, numbers[position], look=order < _LOOKED_UP)
        for order, (verdict, position) in enumerate(dict.fromkeys(found))
    ]
    return typed, faults


def _in_header(columns: pd.Index, file: str) -> Iterator[Fault]:
    names = [str(name) for name in columns]
    missing = [name for name in schema.COLUMNS if name not in names and name not in schema.OPTIONAL]
    for name in dict.fromkeys(names):
        if name not in schema.COLUMNS:
            near = nearest(name, missing or schema.COLUMNS)
            yield Fault("unknown column", file=file, row=1, column=name or "(no name)", nearest=near)
        if names.count(name) > 1:
            yield Fault("column appears more than once", file=file, row=1, column=name or "(no name)")
    for name in missing:
        yield Fault("missing column", file=file, row=1, column=name)


def _twice(ids: schema.Distinct, numbers: Sequence[int]) -> Iterator[tuple[schema.Verdict, int]]:
    if len(ids.texts) == len(ids.codes):
        return
    # of rows that share an id a reader needs the later one, and where the first is
    first: dict[str, int] = {}
    for position, value in enumerate(ids.texts[ids.codes]):
        if value in first:
            allowed = f"an id of its own (row {first[value]} has it)"
            yield schema.Verdict("observation_id used before", "observation_id", value, allowed), position
        elif value:
            first[value] = numbers[position]


def _in_rows(
    cells: Mapping[str, schema.Distinct],
    typed: pd.DataFrame,
    there: set[str],
    catalogue: Catalogue | None,
    gazetteer: Gazetteer | None,
) -> Iterator[tuple[schema.Verdict, int]]:
    given = {column: pd.Series(column_cells.filled) for column, column_cells in cells.items()}
    for what, column, allowed, needs, broken in contradictions(given, typed):
        marks = broken.to_numpy(dtype=bool, na_value=False) & there.issuperset(needs)
        for position in np.flatnonzero(marks).tolist():
            yield schema.Verdict(what, column, cells[column].at(position), allowed), position
    if catalogue is not None and gazetteer is not None:
        yield from Lookups(catalogue, gazetteer).verdicts(cells, there)


def _fault(verdict: schema.Verdict, file: str, row: int, *, look: bool) -> Fault:
    shown = verdict.value if len(verdict.value) <= _SHOWN else f"{verdict.value[: _SHOWN - 1]}…"
    near = verdict.near or (nearest(shown, verdict.known) if look and shown else ())
    fault = Fault(verdict.what, file=file, row=row, column=verdict.column, value=shown or None)
    return replace(fault, allowed=verdict.allowed, nearest=near)
