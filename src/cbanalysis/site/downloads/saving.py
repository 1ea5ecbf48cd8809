"""``cb.save``: pictures, and frames for spreadsheets and statistics programs, with their sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import OutputError, optional_libraries
from cbanalysis.common.language import Language
from cbanalysis.dataset.observations.given_frames import plain
from cbanalysis.display import charts
from cbanalysis.display.citations import cite
from cbanalysis.display.tables import Table
from cbanalysis.display.words import with_words

_READABLE = (
    "what", "where", "when", "printed", "count", "base", "percent", "rate", "rate_low", "rate_high",
    "interval", "observation_id", "source_id",
)  # fmt: skip
_WORDED = {
    "indicator", "geo_level", "province", "province_basis", "area", "unit_id", "period_start", "period_end",
}  # fmt: skip


def save(
    shown: Any,  # noqa: ANN401 -- a frame, a table, or whatever charts.save takes
    path: str | Path,
    *,
    frame: pd.DataFrame | None = None,
    alt: str = "",
    lang: Language = "vi",
) -> Path:
    """Write a picture, a table or a frame to a file; a frame gets its documents as BibTeX beside it.

    What stands in the named index of a frame is written as columns.

    Parameters
    ----------
    shown : DataFrame, Table, Chart, Figure, Axes or seaborn grid
        Rows with ``source_id``, a table of ``cb.tables``, or a picture (see ``cb.charts.save``).
    path : str or Path
        Ends in ``.csv``, ``.xlsx``, ``.parquet`` or ``.dta`` (Stata 14 and later) for rows, in ``.svg``,
        ``.png`` or ``.pdf`` for a picture.
    frame : DataFrame, optional
        The rows that a picture was drawn of.
    alt : str
        What is said to those who can't see a picture.
    lang : {"vi", "en"}
        Language of headings, labels and words.

    Returns
    -------
    Path
        The file; the documents of a frame lie beside it, in ``NAME.sources.bib``.

    Raises
    ------
    OutputError
        If the ending is another one, or a file can't be written; what was there stays.
    CbanalysisError
        If nobody says where the rows come from.

    Examples
    --------
    >>> import tempfile
    >>> import cbanalysis as cb
    >>> rated = cb.add_rates(cb.load_observations("office_cell_adoption"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = cb.save(rated, f"{folder}/adoption.dta", lang="en")
    ...     sorted(one.name for one in file.parent.iterdir())
    ['adoption.dta', 'adoption.sources.bib']
    """
    rows = shown.rows if isinstance(shown, Table) else shown
    if not isinstance(rows, pd.DataFrame):
        return charts.save(shown, path, frame=frame, alt=alt, lang=lang)
    rows = plain(rows, "save")
    rows = rows.reset_index([one for one in rows.index.names if one is not None])
    file = Path(path)
    with optional_libraries():
        from cbanalysis.site.downloads.table_formats import FORMATS, WORKBOOK, frame_file  # noqa: PLC0415 -- an extra

    if file.suffix not in {*FORMATS, WORKBOOK}:
        allowed = ", ".join([*FORMATS, WORKBOOK])
        raise OutputError(f"can't write rows to {str(path)!r}; allowed: {allowed}")
    sources = cite(rows, lang=lang)
    readable = rows
    if file.suffix == WORKBOOK and set(rows.columns) >= _WORDED:
        worded = with_words(rows, lang)
        readable = worded[[one for one in _READABLE if one in worded]]
    write_aside(file, frame_file(rows, readable, file, sources.documents, lang))
    write_aside(file.with_name(f"{file.stem}.sources.bib"), sources.bibtex)
    return file
