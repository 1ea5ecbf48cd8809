"""The reviewed file of findings that were looked into and explained."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.folders import data_folder
from cbanalysis.dataset.catalogue import Words
from cbanalysis.dataset.catalogue import reading as catalogue


def read_acknowledged(file: Path | None = None, *, of: Iterable[str] | None = None) -> dict[str, Words]:
    """Read the reviewed file of explained findings (CSV: finding_id, reason_vi, reason_en).

    Parameters
    ----------
    file : Path, optional
        ``acknowledged.csv`` of a data folder; of the one that ships with the package by default. A folder
        without it acknowledges nothing.
    of : iterable of str, optional
        Observation ids: only the findings all of whose rows are among them; all by default.

    Returns
    -------
    dict of str to Words
        Reasons by finding_id, in the order of the file.

    Raises
    ------
    DataError
        Listing every fault: a file that is no text, a wrong header, a row of another length, an empty cell,
        an id that stands twice.
    """
    faults: list[Fault] = []
    reasons = catalogue.read_acknowledged(file or data_folder() / "acknowledged.csv", faults)
    if faults:
        raise DataError(faults)
    if of is None:
        return reasons
    there = set(of)
    return {
        name: words for name, words in reasons.items() if there.issuperset(name.partition(":")[2].split("+"))
    }
