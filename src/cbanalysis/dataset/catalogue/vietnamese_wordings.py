"""What received notes, publishers and titles are in Vietnamese: from data/vietnamese.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.folders import data_folder
from cbanalysis.common.language import language
from cbanalysis.dataset.catalogue.entries import Source
from cbanalysis.dataset.csv_reading import read_rows


def wordings() -> Mapping[str, str]:
    """Return by each note, publisher or title what it is in the language that is spoken, if it is another."""
    return in_vietnamese() if language() == "vi" else {}


def in_vietnamese() -> Mapping[str, str]:
    """Return by each note, publisher or title what it is in Vietnamese, if it is another.

    Examples
    --------
    >>> in_vietnamese()["Of the 13 above, those in health stations."]
    'Đây là số chi bộ ở trạm y tế trong số 13 chi bộ mới thành lập.'
    """
    place = data_folder() / "vietnamese.csv"
    try:
        state = place.stat()
    except OSError:  # folders of before had none
        return {}
    return _vietnamese(place, state.st_mtime_ns, state.st_size)


def worded_source(source: Source) -> Source:
    """Return a document whose publisher, title and terms are in the language spoken (see `speaking`)."""
    names = ("publisher", "title", "terms")
    known, texts = wordings(), {name: getattr(source, name) for name in names}
    return source.model_copy(update={name: known.get(text, text) for name, text in texts.items()})


@lru_cache(maxsize=8)
def _vietnamese(place: Path, changed: int, size: int) -> dict[str, str]:
    del changed, size
    faults: list[Fault] = []
    told = read_vietnamese(place, faults)
    DataError.raise_if(faults)
    return told


def read_vietnamese(path: Path, faults: list[Fault]) -> dict[str, str]:
    """Return the Vietnamese of notes and documents by their text; faults are appended."""
    told: dict[str, str] = {}
    for row, cells in read_rows(path, ("text", "vietnamese"), faults) if path.exists() else []:
        at = Fault("", file=path.name, row=row)
        faults += [replace(at, what="empty cell", column=name) for name, cell in cells.items() if not cell]
        if cells["text"] in told:
            faults.append(replace(at, what="the text stands here twice", column="text", value=cells["text"]))
        told[cells["text"]] = cells["vietnamese"]
    return told
