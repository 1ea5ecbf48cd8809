"""The rows behind each table for statistics programs: Parquet and Stata."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from cbanalysis.common.text.csv_files import COLUMN_NAMES, csv_for_spreadsheets
from cbanalysis.display.bibliography import Document
from cbanalysis.display.tables import kind_of
from cbanalysis.site.downloads.sheets import write_frames
from cbanalysis.site.downloads.tables import Rows

_KINDS = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
_LABEL, _MOST_CODES = 80, 60
_CODE = re.compile("[a-z][a-z0-9_]*|")
# Names that Stata keeps for itself.
_RESERVED = re.compile(
    r"_(all|b|coef|cons|n|N|pi|pred|rc|skip|se)|byte|double|float|if|in|int|long|str\d+|strL|using|with"
)


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none stands twice.

    Examples
    --------
    >>> distinct(["a", "b", "a"])
    ['a', 'b', 'a_2']
    """
    found: list[str] = []
    for name in names:
        number, wanted = 2, name
        while wanted in found:
            wanted, number = f"{name}_{number}", number + 1
        found.append(wanted)
    return found


def parquet_of(rows: Rows) -> bytes:
    """Return rows as Parquet; the same rows give the same bytes."""
    target = io.BytesIO()
    arrays = [pa.array(column, _KINDS[kind]) for column, kind in zip(rows.typed, rows.kinds, strict=True)]
    parquet.write_table(pa.table(dict(zip(distinct(rows.columns), arrays, strict=True))), target)
    return target.getvalue()


def _stata_names(columns: Sequence[str]) -> list[str]:
    """Return names that Stata takes: ASCII letters, digits and _, at most 32, none of its own words."""
    plain = [re.sub(r"\W", "_", name, flags=re.ASCII)[:28] or "v" for name in columns]
    return distinct(
        [f"_{name}" if name[0].isdigit() or _RESERVED.fullmatch(name) else name for name in plain]
    )


def stata(rows: Rows, language: str = "en") -> bytes:
    """Return rows as a Stata file (.dta of release 118, Stata 14 and later, UTF-8).

    Numbers and truth values are doubles, ``.`` where nothing is known. Columns of codes are numbers with
    value labels; variables are labelled in the reader's language. The same rows give the same bytes.
    """
    names = _stata_names(rows.columns)
    made: dict[str, pd.Series[Any]] = {}
    codes: dict[Any, dict[float, str]] = {}
    for name, column, kind in zip(names, rows.typed, rows.kinds, strict=True):
        known = sorted(set(column)) if kind == "text" else []
        if kind != "text":
            made[name] = pd.Series(column, dtype="float64")
        elif len(known) <= _MOST_CODES and all(map(_CODE.fullmatch, known)) and any(known):
            codes[name] = dict(enumerate(known))
            made[name] = pd.Series([*map(known.index, column)], dtype="int8")
        else:
            made[name] = pd.Series(column, dtype="object")
    labels = (COLUMN_NAMES[language].get(one, one)[:_LABEL] for one in rows.columns)
    target = io.BytesIO()
    pd.DataFrame(made, columns=names).to_stata(
        target,
        write_index=False,
        time_stamp=datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        data_label=rows.caption[:_LABEL],
        variable_labels=dict(zip(names, labels, strict=True)),
        value_labels=codes,
        version=118,
    )
    return target.getvalue()


def _rows(frame: pd.DataFrame, name: str) -> Rows:
    kinds = tuple(kind_of(column) for _, column in frame.items())
    cells = frame.astype(object).where(frame.notna(), "").astype(str)
    lines = tuple(tuple(row) for row in cells.itertuples(index=False, name=None))
    return Rows(name, name, tuple(map(str, frame.columns)), kinds, lines)


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
    if path.suffix == ".parquet":
        return parquet_of(rows)
    target = io.BytesIO()
    tables = [_rows(readable, path.stem)] + ([] if readable is frame else [rows])
    write_frames(target, tables, documents, language)
    return target.getvalue()
