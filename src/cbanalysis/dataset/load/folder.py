"""Check every file of a data folder and list all that is wrong in one error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Catalogue, Source
from cbanalysis.dataset.catalogue.reading import read_acknowledged
from cbanalysis.dataset.load.books import book_faults, settings_faults
from cbanalysis.dataset.load.reading import Table, read_table
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.dataset.provinces.grids import GRIDS, read_grid


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
    place = data_folder() if folder is None else Path(folder)
    if not place.is_dir():
        raise DataError([Fault("no such folder", value=str(folder))])
    faults: list[Fault] = []
    sources = read_table(place / "sources.csv")
    catalogue, gazetteer = _catalogue(place, sources, faults), _gazetteer(place, faults)
    read_acknowledged(place / "acknowledged.csv", faults)
    observations = read_table(place / "observations.csv")
    faults += observations.faults
    if not observations.cells.columns.empty:
        faults += observation_faults(
            observations.cells, catalogue=catalogue, gazetteer=gazetteer, rows=observations.rows
        )[1]
    faults += _unused(sources, observations)
    known = observations.cells["observation_id"] if _ids_stand(observations, "observation_id") else None
    faults += book_faults(place, None if known is None else set(known))
    faults += settings_faults(place.parent)
    if faults:
        raise DataError(list(dict.fromkeys(faults)))


def _catalogue(place: Path, sources: Table, faults: list[Fault]) -> Catalogue | None:
    try:
        return Catalogue.read(place)
    except DataError as error:
        faults += error.faults
    try:
        shipped = Catalogue.read()
    except DataError:
        return None
    if not _ids_stand(sources):
        return shipped
    # the folder's own documents still say which source ids exist
    listed = {
        source_id: shipped.sources.get(source_id)
        or Source.model_construct(source_id=source_id, number_style="vi")
        for source_id in sources.cells["source_id"]
    }
    return shipped.model_copy(update={"sources": listed})


def _gazetteer(place: Path, faults: list[Fault]) -> Gazetteer | None:
    try:
        return Gazetteer.read(place)
    except DataError as error:
        faults += error.faults
    try:
        shipped = Gazetteer.read()
    except DataError:
        return None
    if any(fault.file == "provinces.csv" for fault in faults):
        # the tile grids are read only where the units are right; the shipped ones say as much about them
        for number in GRIDS:
            faults += read_grid(place, number, shipped.units)[1]
    return shipped


def _ids_stand(table: Table, column: str = "source_id") -> bool:
    """Tell whether a table could be read whole and has one column of ids: which document a row is of."""
    return not table.faults and list(table.cells).count(column) == 1


def _unused(sources: Table, observations: Table) -> Iterator[Fault]:
    """Yield a fault for each document that no figure comes from, if both tables could be read whole."""
    if not (_ids_stand(sources) and _ids_stand(observations)):
        return
    used = set(observations.cells["source_id"])
    for row, source_id in zip(sources.rows, sources.cells["source_id"], strict=True):
        if source_id not in used:
            yield Fault(
                "no figure comes from this source",
                file="sources.csv",
                row=row,
                column="source_id",
                value=source_id,
            )
