"""What comes in: rows for the one table, each with the place that it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from cbanalysis.dataset.observations.schema import COLUMNS


@dataclass(frozen=True)
class Origin:
    """Where a figure was read.

    Attributes
    ----------
    file : str
        Name of the file, without its folders.
    sha256 : str
        Hash of the file's bytes, 64 hexadecimal digits.
    sheet : str
        Sheet of a workbook, or table of a document; ``""`` for running text.
    cell : str
        ``"C7"``, or one address for each column that has a cell of its own: ``"count:C7 percent:D7"``.
    start, end : int or None
        Span of characters in the document's text, for figures of running text.
    sentence : int or None
        Number of the sentence, counted from 1.
    """

    file: str
    sha256: str
    sheet: str = ""
    cell: str = ""
    start: int | None = None
    end: int | None = None
    sentence: int | None = None

    def cell_of(self, column: str) -> str:
        """Return the address that a column was read from; all addresses where it has none of its own."""
        parts = dict(part.split(":", 1) for part in self.cell.split(" ") if ":" in part)
        return parts.get(column, self.cell)


ORIGIN_COLUMNS = tuple(field.name for field in fields(Origin))
"""Columns of a frame of origins; text, ``""`` where there is nothing to say."""


@dataclass(frozen=True)
class Incoming:
    """One figure on their way in.

    Attributes
    ----------
    row : mapping of str to str
        Columns of observations.csv, as text as the file has them (a decimal point, ``yes``); missing columns
        count as empty. ``observation_id`` may be empty: the commit gives one.
    origin : Origin
        Where it was read.
    """

    row: Mapping[str, str]
    origin: Origin


@dataclass(frozen=True)
class Arrivals:
    """Many figures on their way in, column by column.

    Attributes
    ----------
    observations : DataFrame
        The columns of ``observations.COLUMNS`` as text.
    origins : DataFrame
        Row by row where they were read: `ORIGIN_COLUMNS` as text.
    """

    observations: pd.DataFrame
    origins: pd.DataFrame

    def origin(self, position: int) -> Origin:
        """Return where one figure was read."""
        cells = self.origins.iloc[position].to_dict()
        places = ("start", "end", "sentence")
        cells |= {name: int(cells[name]) if cells[name] else None for name in places}
        return Origin(**{name: cells[name] for name in ORIGIN_COLUMNS})


def arrivals(incoming: Sequence[Incoming]) -> Arrivals:
    """Return figures column by column, in their order."""
    # a column that no one knows is kept: the contract names it
    names = dict.fromkeys([*COLUMNS, *(name for one in incoming for name in one.row)])
    rows = {name: [one.row.get(name, "") for one in incoming] for name in names}
    places = {
        name: ["" if (value := getattr(one.origin, name)) is None else str(value) for one in incoming]
        for name in ORIGIN_COLUMNS
    }
    return Arrivals(pd.DataFrame(rows, dtype="str"), pd.DataFrame(places, dtype="str"))


DUPLICATE_COLUMNS = ("relation", "incoming", "place", "printed", "known", "known_place", "known_printed")
"""Columns of what is shown side by side.

``relation`` is repeat (the same figure of the same document, which is left out), duplicate or contradiction;
``incoming`` the position of the new figure (from 0), ``place`` its file, sheet and cell, ``known`` the
observation_id of the other figure (empty if that one comes in too), ``known_place`` its source or its cell.
"""


@dataclass(frozen=True)
class Examination:
    """What the commit has to say before it opens.

    Attributes
    ----------
    duplicates : DataFrame
        Repeats, duplicates and contradictions, side by side (`DUPLICATE_COLUMNS`).
    findings : DataFrame
        What the audit finds with the new figures that it didn't find without them, as ``audit`` returns it.
    """

    duplicates: pd.DataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class Admission:
    """What was let in.

    Attributes
    ----------
    import_id : str
        The import's number in imports.csv, e.g. ``"0003"``; `undo` takes it.
    observation_ids : tuple of str
        The ids that the figures have now, in the order in which they came.
    """

    import_id: str
    observation_ids: tuple[str, ...]
