"""The formats of the rows behind a table: CSV, Parquet, Stata; of a frame Excel, too."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.io.stata import StataNonCatValueLabel, StataWriterUTF8  # type: ignore[attr-defined]
from pyarrow import parquet

from cbanalysis.common.text.csv_writing import COLUMN_NAMES, csv_for_spreadsheets
from cbanalysis.common.text.unique_names import distinct
from cbanalysis.display.bibtex_and_csl import Document
from cbanalysis.display.tables import kind_of
from cbanalysis.site.downloads.csv_tables import Rows
from cbanalysis.site.downloads.excel import write_frames

_KINDS = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
_LONGEST_TEXT, _LABEL, _MOST_CODES = 2045, 80, 60
# What Stata takes for not known; types and formats of doubles and bytes.
_MISSING = 2.0**1023
_TYPES = {"d": (65526, "%10.0g"), "b": (65530, "%8.0g")}
_CODE = re.compile("[a-z][a-z0-9_]*|")
# Names that Stata keeps for itself.
_RESERVED = re.compile(
    r"_(all|b|coef|cons|n|N|pi|pred|rc|skip|se)|byte|double|float|if|in|int|long|str\d+|strL|using|with"
)


def parquet_of(rows: Rows, _: str = "") -> bytes:
    """Return rows as Parquet."""
    target = io.BytesIO()
    arrays = [pa.array(column, _KINDS[kind]) for column, kind in zip(rows.typed, rows.kinds, strict=True)]
    table = pa.table(dict(zip(distinct(rows.columns), arrays, strict=True)))
    # What helps to find rows among millions is as large as a report's.
    parquet.write_table(table, target, use_dictionary=False, write_statistics=False, store_schema=False)
    return target.getvalue()


def _stata_names(columns: Sequence[str]) -> list[str]:
    """Return names that Stata takes: ASCII letters, digits and _, at most 32, none of its own words."""
    plain = [re.sub(r"\W", "_", name, flags=re.ASCII)[:28] or "v" for name in columns]
    return distinct(
        [f"_{name}" if name[0].isdigit() or _RESERVED.fullmatch(name) else name for name in plain]
    )


class _Writer(StataWriterUTF8):  # type: ignore[misc]
    """pandas' writer of .dta for columns that need none of its checks, which take half a millisecond each."""

    def __init__(self, target: io.BytesIO, columns: Mapping[str, np.ndarray], **about: Any) -> None:  # noqa: ANN401
        self._columns = columns
        super().__init__(target, pd.DataFrame(), write_index=False, **about)

    def _prepare_pandas(self, data: pd.DataFrame) -> None:
        """Say what pandas would find out of each column."""
        del data
        self.data = self._columns
        self.varlist = list(self._columns)
        self.nvar, self.nobs = len(self.varlist), max(map(len, self._columns.values()), default=0)
        kinds = [column.dtype for column in self._columns.values()]
        told = [_TYPES.get(kind.char, (kind.itemsize, f"%{kind.itemsize}s")) for kind in kinds]
        self.typlist, self.fmtlist = [kind for kind, _ in told], [shown for _, shown in told]
        labels = self._non_cat_value_labels.items()
        self._value_labels = [StataNonCatValueLabel(*one, self._encoding) for one in labels]
        self._has_value_labels = np.isin(self.varlist, [name for name, _ in labels])

    def _prepare_data(self) -> np.ndarray:
        """Return the rows, packed."""
        packed = np.empty(self.nobs, [(name, column.dtype) for name, column in self._columns.items()])
        for name, column in self._columns.items():
            packed[name] = (
                column if column.dtype.char != "d" else np.where(np.isnan(column), _MISSING, column)
            )
        return packed


def _column(texts: Sequence[Any]) -> Any:  # noqa: ANN401 -- numpy's bytes, or a series where Stata has no room
    coded = [one.encode() for one in texts]
    long = max(map(len, coded), default=0) > _LONGEST_TEXT
    return pd.Series(texts, pd.RangeIndex(len(texts)), object) if long else np.array(coded, "S")


def stata(rows: Rows, language: str = "en") -> bytes:
    """Return rows as a Stata file (.dta of release 118, Stata 14 and later, UTF-8).

    Numbers and truth values are doubles, ``.`` where nothing is known. Columns of codes are numbers with
    value labels; variables are labelled in the reader's language. The same rows give the same bytes.
    """
    names = _stata_names(rows.columns)
    made: dict[str, Any] = {}
    codes: dict[Any, dict[float, str]] = {}
    for name, column, kind in zip(names, rows.typed, rows.kinds, strict=True):
        known = sorted(set(column)) if kind == "text" else []
        if kind != "text":
            made[name] = np.array(column, "float64")
        elif len(known) <= _MOST_CODES and all(map(_CODE.fullmatch, known)) and any(known):
            codes[name] = dict(enumerate(known))
            made[name] = np.array(list(map(known.index, column)), "int8")
        else:
            made[name] = _column(column)
    labels = (COLUMN_NAMES[language].get(one, one)[:_LABEL] for one in rows.columns)
    target = io.BytesIO()
    about: dict[str, Any] = {
        "time_stamp": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        "data_label": rows.caption[:_LABEL],
        "variable_labels": dict(zip(names, labels, strict=True)),
        "value_labels": codes,
        "version": 118,
    }
    long = [name for name, column in made.items() if isinstance(column, pd.Series)]
    if long or any((np.abs(one) >= _MISSING).any() for one in made.values() if one.dtype.char == "d"):
        texts = {name: np.char.decode(one) for name, one in made.items() if one.dtype.char == "S"}
        frame = pd.DataFrame({**made, **texts}, columns=names)
        frame.to_stata(target, write_index=False, convert_strl=long, **about)
    else:
        _Writer(target, made, **about).write_file()
    return target.getvalue()


def _csv(rows: Rows, _: str) -> bytes:
    return csv_for_spreadsheets((rows.columns, *rows.cells)).encode()


# By ending, from rows and the reader's language; the same rows give the same bytes.
FORMATS: Mapping[str, Callable[[Rows, str], bytes]] = {".csv": _csv, ".dta": stata, ".parquet": parquet_of}
WORKBOOK = ".xlsx"


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
        Ends in one of `FORMATS` or in `WORKBOOK`.
    documents : sequence of Document
        For the workbook's list of sources.
    language : {"vi", "en"}
        Of headings and labels.
    """
    rows = _rows(frame, path.stem)
    if path.suffix != WORKBOOK:
        return FORMATS[path.suffix](rows, language)
    target = io.BytesIO()
    tables = [_rows(readable, path.stem)] + ([] if readable is frame else [rows])
    write_frames(target, tables, documents, language)
    return target.getvalue()
