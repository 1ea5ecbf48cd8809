"""Check every file of a data folder, the books of a study too, and list all that is wrong in one error."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.folders import MARKER, data_folder
from cbanalysis.common.language import Language
from cbanalysis.common.validation import build_record
from cbanalysis.dataset.catalogue import Catalogue, Source
from cbanalysis.dataset.catalogue.catalogue_files import read_acknowledged, read_toml
from cbanalysis.dataset.catalogue.entries import Record
from cbanalysis.dataset.catalogue.vietnamese_wordings import read_vietnamese
from cbanalysis.dataset.csv_reading import CsvTable, read_rows, read_table
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.observations.repeated_figures import repeats
from cbanalysis.dataset.observations.schema import as_text
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.dataset.provinces.province_files import GRIDS, read_grid

_Read = TypeVar("_Read", Catalogue, Gazetteer)

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
    lang: Language = "en"


class _Settings(Record):
    study: _Study = _Study()


def book_faults(data: Path, observations: Collection[str] | None = None) -> list[Fault]:
    """Return what is wrong with the two books of a data folder, row by row; nothing where there are none.

    ``observations`` are the ids of its figures, where they could be read.
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


def check_folder(folder: Path | str | None = None) -> None:
    """Check all files of a data folder against their contracts and against one another.

    Where indicators.toml, sources.csv, events.csv or provinces.csv is faulty, the observations are checked
    against what ships with the package, so that one run lists as much as can be known.

    Parameters
    ----------
    folder : Path or str, optional
        The folder; the one that ships with the package by default.

    Raises
    ------
    DataError
        Listing every fault of every file, each with file, row and column.
    """
    place = data_folder(folder)
    if not place.is_dir():
        raise DataError([Fault("no such folder", value=str(folder))])
    faults: list[Fault] = []
    sources = read_table(place / "sources.csv")
    catalogue, gazetteer = _catalogue(place, sources, faults), _gazetteer(place, faults)
    read_acknowledged(place / "acknowledged.csv", faults)
    read_vietnamese(place / "vietnamese.csv", faults)
    observations = read_table(place / "observations.csv")
    faults += observations.faults
    if not observations.cells.columns.empty:
        wrong = observation_faults(
            observations.cells, catalogue=catalogue, gazetteer=gazetteer, rows=observations.rows
        )[1]
        faults += wrong or _told_twice(observations)
    faults += _unused(sources, observations)
    known = observations.cells["observation_id"] if _ids_stand(observations, "observation_id") else None
    faults += book_faults(place, None if known is None else set(known))
    faults += settings_faults(place.parent)
    DataError.raise_if(list(dict.fromkeys(faults)))


def _told_twice(observations: CsvTable) -> Iterator[Fault]:
    cells = as_text(observations.cells)
    first = repeats(cells)
    for position in (first != range(len(cells))).nonzero()[0]:
        ids, rows = cells["observation_id"], observations.rows
        allowed = f"one row a figure (row {rows[first[position]]} has it, {ids.iloc[first[position]]})"
        at = Fault("the same figure of the same document twice", file="observations.csv", row=rows[position])
        yield replace(at, column="observation_id", value=ids.iloc[position], allowed=allowed)


def _read(kind: type[_Read], place: Path, faults: list[Fault]) -> tuple[_Read | None, bool]:
    """Read a folder's catalogue or gazetteer; else what ships with the package, if that can be read."""
    try:
        return kind.read(place), False
    except DataError as error:
        faults += error.faults
    try:
        return kind.read(), True
    except DataError:
        return None, True


def _catalogue(place: Path, sources: CsvTable, faults: list[Fault]) -> Catalogue | None:
    catalogue, shipped = _read(Catalogue, place, faults)
    if catalogue is None or not shipped or not _ids_stand(sources):
        return catalogue
    # the folder's own documents still say which source ids exist
    listed = {
        source_id: catalogue.sources.get(source_id)
        or Source.model_construct(source_id=source_id, number_style="vi")
        for source_id in sources.cells["source_id"]
    }
    return catalogue.model_copy(update={"sources": listed})


def _gazetteer(place: Path, faults: list[Fault]) -> Gazetteer | None:
    gazetteer, shipped = _read(Gazetteer, place, faults)
    if gazetteer is not None and shipped and any(fault.file == "provinces.csv" for fault in faults):
        # the tile grids are read only where the units are right; the shipped ones say as much about them
        for number in GRIDS:
            faults += read_grid(place, number, gazetteer.units)[1]
    return gazetteer


def _ids_stand(table: CsvTable, column: str = "source_id") -> bool:
    """Tell whether a table could be read whole and has one column of ids: which document a row is of."""
    return not table.faults and list(table.cells).count(column) == 1


def _unused(sources: CsvTable, observations: CsvTable) -> Iterator[Fault]:
    """Yield a fault for each document that no figure comes from, if both tables could be read whole."""
    if not (_ids_stand(sources) and _ids_stand(observations)):
        return
    used = set(observations.cells["source_id"])
    for row, source_id in zip(sources.rows, sources.cells["source_id"], strict=True):
        if source_id not in used:
            what = "no figure comes from this source"
            yield Fault(what, file="sources.csv", row=row, column="source_id", value=source_id)
