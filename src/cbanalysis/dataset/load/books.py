"""A study's own books: what was imported, where each figure was read, and the settings of the study."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cbanalysis.common.errors import Fault
from cbanalysis.common.folders import MARKER
from cbanalysis.dataset.catalogue.reading import build_record, read_rows, read_toml
from cbanalysis.dataset.catalogue.records import Record

ORIGINS, IMPORTS = "origins.csv", "imports.csv"


def _shape(pattern: str, words: str) -> AfterValidator:
    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(words)
        return text

    return AfterValidator(check)


def _is_time(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("a time as 2026-01-31T09:30:00+00:00") from error
    return text


def _is_time_or_empty(text: str) -> str:
    return text and _is_time(text)


_Number = Annotated[str, _shape("[0-9]{1,9}", "a whole number")]
_Place = Annotated[str, _shape("[0-9]{0,9}", "a whole number, or empty")]


class Import(Record):
    """A row of imports.csv; an import that was undone stays, and says when."""

    import_id: str
    when: Annotated[str, AfterValidator(_is_time)]
    command: str
    files: str
    figures: _Number
    sources: str
    undone: Annotated[str, AfterValidator(_is_time_or_empty)]


class Traced(Record):
    """A row of origins.csv: the import that a figure came with, and the place that it was read from."""

    observation_id: str = Field(min_length=1)
    import_id: str
    file: str
    sha256: Annotated[str, _shape("[0-9a-f]{64}", "64 hexadecimal digits")]
    sheet: str
    cell: str
    start: _Place
    end: _Place
    sentence: _Place


class _Study(Record):
    made_with: str = ""
    published: bool = True
    lang: Literal["vi", "en"] = "en"


class _Settings(Record):
    study: _Study = _Study()


def book_faults(data: Path, observations: Collection[str] | None = None) -> list[Fault]:
    """Return what is wrong with the two books of a data folder, row by row; nothing where there are none.

    Parameters
    ----------
    data : Path
        The folder.
    observations : collection of str, optional
        The ids of its figures, where they could be read.
    """
    faults: list[Fault] = []
    standing: set[str] = set()
    at = Fault("", file=IMPORTS)
    rows = read_rows(data / IMPORTS, tuple(Import.model_fields), faults) if _is_there(data / IMPORTS) else []
    for number, (row, cells) in enumerate(rows, start=1):
        build_record(Import, cells, faults, replace(at, row=row))
        if cells["import_id"] != f"{number:04d}":
            wrong = replace(at, what="imports are numbered in their order", row=row, column="import_id")
            faults.append(replace(wrong, value=cells["import_id"], allowed=f"{number:04d}"))
        if not cells["undone"]:
            standing.add(cells["import_id"])
    seen: set[str] = set()
    at = Fault("", file=ORIGINS)
    rows = read_rows(data / ORIGINS, tuple(Traced.model_fields), faults) if _is_there(data / ORIGINS) else []
    for row, cells in rows:
        build_record(Traced, cells, faults, replace(at, row=row))
        name, of = cells["observation_id"], cells["import_id"]
        here = replace(at, row=row, column="observation_id", value=name)
        if of not in standing:
            what, allowed = "no import that stands", f"one of {IMPORTS} that isn't undone"
            faults.append(replace(here, what=what, column="import_id", value=of, allowed=allowed))
        if name in seen:
            faults.append(replace(here, what="the figure stands here twice"))
        elif observations is not None and name not in observations:
            faults.append(replace(here, what="no such figure", allowed="an id of observations.csv"))
        seen.add(name)
    return faults


def settings_faults(study: Path) -> list[Fault]:
    """Return what is wrong with the settings of a study; nothing where there are none."""
    faults: list[Fault] = []
    if _is_there(study / MARKER):
        given = read_toml(study / MARKER, faults)
        build_record(_Settings, given, faults, Fault("", file=MARKER))
    return faults


def _is_there(file: Path) -> bool:
    return file.exists() or file.is_symlink()
