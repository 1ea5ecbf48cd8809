"""A confirmed layout and a file's tables to observations; what can't be read is said cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import pandas as pd

from cbanalysis.common.errors import DataError, Fault, nearest
from cbanalysis.common.messages import message
from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.observations.printed_against_stored import FIGURE_COLUMNS
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.importing.files.grids import Grid, uncollected
from cbanalysis.importing.layouts.figures import TableFigures
from cbanalysis.importing.layouts.heads import Body, apart, find_bodies, name_of_file, title_of
from cbanalysis.importing.layouts.places import Places
from cbanalysis.importing.layouts.records import Layout, Table
from cbanalysis.importing.layouts.rows import TableRows
from cbanalysis.importing.layouts.vocabulary import Vocabulary


@dataclass(frozen=True)
class Applied:
    """What a file says under a layout.

    Attributes
    ----------
    observations : DataFrame
        The columns of ``observations.COLUMNS`` as text, without ids.
    origins : DataFrame
        Row by row: ``file``, ``sha256``, ``sheet``, ``cell`` (and ``start``, ``end``, ``sentence``, empty).
    source : dict of str to str
        The row of sources.csv.
    left_out : tuple of str
        Rows that were no observations, in words: totals, sub-headings, notes.
    remarks : tuple of str
        What a person should know of the figures, in words: sums that don't hold.
    """

    observations: pd.DataFrame
    origins: pd.DataFrame
    source: dict[str, str]
    left_out: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def source_id_of(file: str) -> str:
    """Return a source id for a file.

    Examples
    --------
    >>> source_id_of("Kết quả xếp loại 2023.xls")
    'ket-qua-xep-loai-2023'
    """
    return fold(PurePath(file).stem).replace(" ", "-")[:60].strip("-") or "table"


def fits(layout: Layout, grids: Sequence[Grid], places: Places) -> bool:
    """Return whether a layout was made for such tables: all are there, headers and titles."""
    bodies = [body for grid in apart(grids) for body in find_bodies(grid, places.is_place)]

    def there(table: Table) -> bool:
        alike = (body for body in bodies if set(body.headers) - {""} == set(table.headers))
        return any(table.title in {"", title_of(body, places), name_of_file(body)} for body in alike)

    return bool(layout.tables) and all(map(there, layout.tables))


@uncollected()
def apply_layout(layout: Layout, grids: Sequence[Grid], vocabulary: Vocabulary, places: Places) -> Applied:
    """Read a file's tables as a layout says.

    Parameters
    ----------
    layout : Layout
        What headers, rows and cells mean.
    grids : sequence of Grid
        The tables of one file.
    vocabulary, places
        What words, provinces and periods are known by.

    Returns
    -------
    Applied
        The rows in the order of the file, not yet checked against the contract.

    Raises
    ------
    DataError
        Listing every table that the layout doesn't know, every header that is missing or new, every cell that
        can't be read; each with file, sheet and cell.
    """
    faults: list[Fault] = []
    tables: list[tuple[Table, Body]] = []
    for grid in apart(grids):
        bodies = find_bodies(grid, places.is_place)
        found = [
            (table, body)
            for table in layout.tables
            for body in bodies
            if set(table.headers) == set(body.headers) - {""}
        ]
        found = [(table, body) for table, body in found if table.turned == body.grid.transposed] or found
        if found:
            tables.append(found[0])
        elif bodies and grid.sheet not in layout.other_sheets:
            faults += _unknown_table(layout, bodies[0])
    if not tables and not faults:
        faults.append(Fault("none of the layout's tables is there", file=grids[0].file))
    styles = {table.number_style for table, _ in tables}
    if len(styles) > 1:
        allowed = "one style a document; split the file"
        faults.append(Fault("tables of two number styles", file=grids[0].file, allowed=allowed))
    read = [TableRows(table, body, vocabulary, places) for table, body in tables]
    frames = [TableFigures(rows).frames() for rows in read]
    faults += [fault for rows in read for fault in rows.faults]
    DataError.raise_if(list(dict.fromkeys(faults)))
    source = layout.source.model_dump()
    source["source_id"] = source["source_id"] or source_id_of(grids[0].file)
    source["title"] = source["title"] or next((line for _, body in tables for line in body.title[:1]), "")
    source |= {"file": grids[0].file, "number_style": next(iter(styles))}
    observations = pd.concat([frame for frame, _ in frames], ignore_index=True)
    observations["source_id"] = source["source_id"]
    origins = pd.concat([frame for _, frame in frames], ignore_index=True)
    if observations.empty:
        raise DataError([Fault("no figures in the tables", file=grids[0].file)])
    DataError.raise_if(_told_otherwise(observations, origins))
    return Applied(
        observations=observations[list(COLUMNS)],
        origins=origins,
        source=source,
        left_out=tuple(line for rows in read for line in rows.left_out),
        remarks=tuple(line for rows in read for line in rows.remarks),
    )


def _told_otherwise(observations: pd.DataFrame, origins: pd.DataFrame) -> list[Fault]:
    """Return a fault for each figure of which its sheet has another: a place in both halves of a table."""
    figures = {*FIGURE_COLUMNS, "value", "printed", "qualifier", "note"}
    what = observations.drop(columns=[*figures]).assign(sheet=origins["sheet"])
    again = what.duplicated() & ~observations[["count", "percent", "value"]].assign(**what).duplicated()
    told, allowed = message("same_place_twice"), message("same_place_allowed")
    return [
        Fault(
            told,
            file=origins["file"][row],
            sheet=origins["sheet"][row] or None,
            cell=origins["cell"][row],
            value=observations["printed"][row],
            allowed=allowed,
        )
        for row in observations.index[again]
    ]


def _unknown_table(layout: Layout, body: Body) -> list[Fault]:
    at = Fault("", file=body.grid.file, sheet=body.grid.sheet or None)
    there = [header for header in body.headers if header]
    # the table of the layout that shares most headers tells what changed
    alike = max(layout.tables, key=lambda table: len(set(table.headers) & set(there)), default=None)
    if alike is None or not set(alike.headers) & set(there):
        return [replace(at, what="a table that the layout doesn't know", value="; ".join(there)[:200])]
    new = [header for header in there if header not in alike.headers]
    faults = [
        replace(at, what="the layout's header isn't there", value=header, nearest=nearest(header, new))
        for header in alike.headers
        if header not in there
    ]
    allowed = "a header of the layout; name it under figures or left_out"
    unknown = replace(at, what="a header that the layout doesn't have", allowed=allowed)
    cells = (body.grid.address(body.first - 1, body.headers.index(header)) for header in new)
    return faults + [
        replace(unknown, cell=cell, value=header) for cell, header in zip(cells, new, strict=True)
    ]
