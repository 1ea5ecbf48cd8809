"""The rows behind each table for statistics programs: Parquet and Stata."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from cbanalysis.common.text.csv_files import csv_for_spreadsheets
from cbanalysis.display.bibliography import Document
from cbanalysis.site.downloads.sheets import write_frames
from cbanalysis.site.downloads.stata import stata
from cbanalysis.site.downloads.tables import Rows, distinct

_KINDS = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


def _columns(rows: Rows) -> list[list[Any]]:
    typed = rows.typed()
    return [[row[at] for row in typed] for at in range(len(rows.columns))]


def write_parquet(rows: Rows, path: Path | io.BytesIO) -> None:
    """Write rows as Parquet; the same rows give the same bytes."""
    arrays = [pa.array(column, _KINDS[kind]) for column, kind in zip(_columns(rows), rows.kinds, strict=True)]
    parquet.write_table(pa.table(dict(zip(distinct(rows.columns), arrays, strict=True))), path)


def _rows(frame: pd.DataFrame, name: str) -> Rows:
    kinds = []
    for column in frame:
        match frame[column].dtype.kind:
            case "b":
                kinds.append("boolean")
            case "i" | "u":
                kinds.append("integer")
            case "f":
                kinds.append("number")
            case _:
                kinds.append("text")
    cells = frame.astype(object).where(frame.notna(), "").astype(str)
    lines = tuple(tuple(row) for row in cells.itertuples(index=False, name=None))
    return Rows(name, name, tuple(map(str, frame.columns)), tuple(kinds), lines)


def frame_file(
    frame: pd.DataFrame, readable: pd.DataFrame, path: Path, documents: Sequence[Document], language: str
) -> bytes:
    """Return a frame as the file that a path's ending names.

    Parameters
    ----------
    frame, readable : DataFrame
        All columns, and those for readers, which stand on the first sheet of a workbook.
    path : Path
        Ends in .csv, .dta, .parquet or .xlsx.
    documents : sequence of Document
        For the workbook's list of sources.
    language : {"vi", "en"}
        Of headings and labels.
    """
    rows = _rows(frame, path.stem)
    if path.suffix == ".dta":
        return stata(rows, language)
    if path.suffix == ".csv":
        return csv_for_spreadsheets((rows.columns, *rows.cells)).encode()
    target = io.BytesIO()
    if path.suffix == ".parquet":
        write_parquet(rows, target)
    else:
        tables = [_rows(readable, path.stem)] + ([] if readable is frame else [rows])
        write_frames(target, tables, documents, language)
    return target.getvalue()
