"""The reviewed file of findings that were looked into and explained."""

from __future__ import annotations

import csv
from pathlib import Path

from cbanalysis.catalogue import Words
from cbanalysis.errors import DataError, Fault
from cbanalysis.folders import data_folder

__all__ = ["read_acknowledged"]

_ACKNOWLEDGED = ("finding_id", "reason_vi", "reason_en")


def read_acknowledged(file: Path | None = None) -> dict[str, Words]:
    """Read the reviewed file of explained findings (CSV: finding_id, reason_vi, reason_en).

    Parameters
    ----------
    file : Path, optional
        ``acknowledged.csv`` of a data folder; of the one that ships with the package by default. A folder
        without it acknowledges nothing.

    Returns
    -------
    dict of str to Words
        Reasons by finding_id, in the order of the file.

    Raises
    ------
    DataError
        Listing every fault: a wrong header, a row of another length, an empty cell, an id that stands twice.
    """
    file = file or data_folder() / "acknowledged.csv"
    if not file.is_file():
        return {}
    faults: list[Fault] = []
    reasons: dict[str, Words] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header = tuple(next(reader, []))
        if header != _ACKNOWLEDGED:
            wrong = Fault(
                "wrong header", file=file.name, row=1, value=",".join(header), allowed=",".join(_ACKNOWLEDGED)
            )
            raise DataError([wrong])
        for cells in reader:
            row = reader.line_num
            if len(cells) != len(_ACKNOWLEDGED):
                faults.append(
                    Fault("not three cells", file=file.name, row=row, value=len(cells), allowed="3")
                )
                continue
            empty = [name for name, cell in zip(_ACKNOWLEDGED, cells, strict=True) if not cell.strip()]
            faults += [Fault("empty cell", file=file.name, row=row, column=name) for name in empty]
            if cells[0] in reasons:
                faults.append(
                    Fault("acknowledged twice", file=file.name, row=row, column="finding_id", value=cells[0])
                )
            elif not empty:
                reasons[cells[0]] = Words(vi=cells[1].strip(), en=cells[2].strip())
    if faults:
        raise DataError(faults)
    return reasons
