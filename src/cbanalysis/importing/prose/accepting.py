"""What a person said yes to, as rows for the commit: every cell parsed, every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.text import NumberStyle, clean, fold
from cbanalysis.dataset.catalogue import Catalogue, Source
from cbanalysis.dataset.catalogue.records import TERMS
from cbanalysis.dataset.observations import COLUMNS, observation_faults
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.commit.records import Incoming, Origin
from cbanalysis.importing.prose.review import FIGURES, VALUES, ReviewRow

_COUNTS = ("count", "count_max", "base")
_SHARES = ("percent", "percent_max")
_TIDIED = ("province", "area", "category", "note", "printed")
_LONGEST_ID = 60


@dataclass(frozen=True)
class Accepted:
    """What goes to the commit.

    Attributes
    ----------
    incoming : tuple of Incoming
        The figures that were accepted or corrected, with the places in their documents.
    sources : tuple of dict
        A row of sources.csv for each document that data/ doesn't know yet.
    rejected, undecided : int
        How many rows weren't taken.
    behind : tuple of Fault
        Why rows that a person said yes to stay behind, with row and column.
    """

    incoming: tuple[Incoming, ...]
    sources: tuple[dict[str, str], ...]
    rejected: int
    undecided: int
    behind: tuple[Fault, ...] = ()


def accepted(  # noqa: PLR0913 -- one for each thing that the command may say
    rows: Sequence[ReviewRow],
    review: Path,
    *,
    catalogue: Catalogue,
    gazetteer: Gazetteer,
    source: str = "",
    publisher: str = "",
    published: str = "",
    style: NumberStyle = "vi",
    imported: AbstractSet[tuple[str, str]] = frozenset(),
) -> Accepted:
    """Return the figures of a review that a person said yes to.

    Parameters
    ----------
    rows : sequence of ReviewRow
        The review, as `read_review` returns it.
    review : Path
        Its file, for the faults.
    catalogue, gazetteer
        What the figures may name.
    source : str
        A source that data/ knows already; all figures are said to come from it.
    publisher, published : str
        What is known of the documents, for their rows in sources.csv.
    style : {"vi", "en"}
        How the documents print numbers.
    imported : set of (str, str)
        Hash and place of the figures that came in before; where others are new, these rows are passed over.

    Returns
    -------
    Accepted
        Checked as the commit checks them, but each fault names row and column of the review. Rows that are
        right are taken, the others stay behind with their faults.

    Raises
    ------
    DataError
        If no row is right; lists every fault of all rows with file, sheet, row, column, value and what is
        allowed.
    UnknownName
        If there is no such source.
    """
    at = Fault("", file=review.name, sheet=FIGURES if review.suffix.casefold() == ".xlsx" else None)
    faults: list[Fault] = []
    if source:
        catalogue.source(source)
    taken = [row for row in rows if row.cells["decision"] in {"accept", "correct"}]
    new = [row for row in taken if (row.cells["sha256"], row.cells["start"]) not in imported]
    # where nothing is new the commit says what came in before
    taken = new or taken
    names = _names(taken, catalogue, source)
    incoming: list[Incoming] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in taken:
        here = replace(at, row=row.row)
        if row.cells["target"]:
            allowed = "reject, or an empty cell where it is no target after all"
            faults.append(
                replace(
                    here, what="a target is no observation", column="target", value="yes", allowed=allowed
                )
            )
        origin = _origin(row, here, faults)
        where = (row.cells["sha256"], row.cells["start"], row.cells["end"], row.cells["printed"])
        if where in seen:
            what = f"the same figure as in row {seen[where]}"
            faults.append(replace(here, what=what, column="start", value=row.cells["start"]))
        seen.setdefault(where, row.row)
        cells = _cells(row, here, faults) | {"source_id": names.get(row.cells["sha256"], "")}
        incoming.append(Incoming(cells, origin))
    sources = () if source else tuple(_sources(taken, names, publisher, published, style))
    found = {one["source_id"]: Source(**one) for one in sources}  # type: ignore[arg-type]
    known = catalogue.model_copy(update={"sources": {**catalogue.sources, **found}})
    faults += _contract(incoming, taken, at, known, gazetteer)
    wrong = {fault.row for fault in faults}
    right = [one for row, one in zip(taken, incoming, strict=True) if row.row not in wrong]
    behind = list(dict.fromkeys(sorted(faults, key=lambda fault: fault.row or 0)))
    if faults and (None in wrong or not right):
        raise DataError(behind)
    used = {one.row["source_id"] for one in right}
    decisions = [row.cells["decision"] for row in rows]
    return Accepted(
        tuple(right),
        tuple(one for one in sources if one["source_id"] in used),
        decisions.count("reject"),
        decisions.count(""),
        tuple(behind),
    )


def _cells(row: ReviewRow, here: Fault, faults: list[Fault]) -> dict[str, str]:
    cells = {name: row.cells[name] for name in VALUES}
    for name in _TIDIED:
        cells[name] = clean(cells[name])
    for name in _COUNTS:
        cells[name] = _count(cells[name], replace(here, column=name), faults)
    for name in _SHARES:
        cells[name] = _share(cells[name], replace(here, column=name), faults)
    return cells


def _count(text: str, here: Fault, faults: list[Fault]) -> str:
    if not text:
        return ""
    # a spreadsheet in English makes 4,175 of 4175, one in Vietnamese 4.175, and both may add ".0"
    plain = re.sub(r"(?<=[0-9])[.,  ](?=[0-9]{3}(?![0-9]))", "", text)
    plain = re.sub(r"[.,]0+$", "", plain)
    if re.fullmatch(r"[0-9]{1,15}", plain):
        return str(int(plain))
    faults.append(replace(here, what="not a whole number", value=text, allowed="digits, e.g. 4175 or 4.175"))
    return ""


def _share(text: str, here: Fault, faults: list[Fault]) -> str:
    if not text:
        return ""
    plain = text.removesuffix("%").strip().replace(",", ".")
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", plain):
        whole, point, decimals = plain.partition(".")
        decimals = decimals.rstrip("0")
        return f"{int(whole)}{point if decimals else ''}{decimals}"
    faults.append(replace(here, what="not a share", value=text, allowed="e.g. 63.71 or 63,71"))
    return ""


def _origin(row: ReviewRow, here: Fault, faults: list[Fault]) -> Origin:
    numbers: dict[str, int | None] = {}
    for name in ("start", "end", "sentence_number"):
        text = row.cells[name].removesuffix(".0")
        numbers[name] = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
        if numbers[name] is None:
            allowed = "as extract wrote it"
            faults.append(
                replace(
                    here, what="no place in the document", column=name, value=row.cells[name], allowed=allowed
                )
            )
    if not re.fullmatch(r"[0-9a-f]{64}", row.cells["sha256"]):
        faults.append(
            replace(
                here,
                what="no hash of a document",
                column="sha256",
                value=row.cells["sha256"],
                allowed="as extract wrote it",
            )
        )
    return Origin(
        row.cells["file"],
        row.cells["sha256"],
        start=numbers["start"],
        end=numbers["end"],
        sentence=numbers["sentence_number"],
    )


def _names(rows: Sequence[ReviewRow], catalogue: Catalogue, source: str) -> dict[str, str]:
    """Return a source's id for each document, by its hash; none that data/ has already."""
    names: dict[str, str] = {}
    for row in rows:
        digest = row.cells["sha256"]
        if digest in names:
            continue
        if source:
            names[digest] = source
            continue
        wanted = fold(Path(row.cells["file"]).stem).replace(" ", "-")[:_LONGEST_ID].strip("-") or "document"
        name, number = wanted, 1
        while name in {*catalogue.sources, *names.values()}:
            number += 1
            name = f"{wanted}-{number}"
        names[digest] = name
    return names


def _sources(
    rows: Sequence[ReviewRow], names: Mapping[str, str], publisher: str, published: str, style: NumberStyle
) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        cells, digest = row.cells, row.cells["sha256"]
        if digest not in found:
            found[digest] = {
                "source_id": names[digest],
                "publisher": publisher or cells.get("publisher", ""),
                "title": clean(Path(cells["file"]).stem),
                "published": published or cells.get("published", ""),
                "address": cells.get("address", ""),
                "file": cells["file"],
                "number_style": style,
                "terms": TERMS,
            }
    return [*found.values()]


def _contract(
    incoming: Sequence[Incoming], rows: Sequence[ReviewRow], at: Fault, known: Catalogue, gazetteer: Gazetteer
) -> list[Fault]:
    """Return what the contract of observations.csv says of the rows, with the places of the review."""
    if not incoming:
        return []
    frame = pd.DataFrame([{name: one.row.get(name, "") for name in COLUMNS} for one in incoming], dtype="str")
    # the commit gives the ids
    frame["observation_id"] = [f"NEW{number}" for number in range(len(frame))]
    _, faults = observation_faults(
        frame, catalogue=known, gazetteer=gazetteer, file=at.file or "", rows=[row.row for row in rows]
    )
    return [replace(fault, sheet=at.sheet) for fault in faults]
