"""What a person said yes to, as rows for the commit: every cell parsed, every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from cbanalysis.common.errors import DataError, Fault
from cbanalysis.common.text.letters import clean, fold
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.dataset.catalogue import Catalogue, Source
from cbanalysis.dataset.catalogue.entries import TERMS
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.commit.records import Incoming, Origin
from cbanalysis.importing.prose.review_table import FIGURES, VALUES, ReviewRow

_COUNTS = ("count", "count_max", "base")
_SHARES = ("percent", "percent_max")
_TIDIED = ("province", "area", "category", "note", "printed")
_LONGEST_ID = 60
# digits, or groups of three behind the same mark: 0.175 and 1234.567 are no counts
_GROUPED = re.compile(r"[0-9]{1,15}|[1-9][0-9]{0,2}([.,\s])[0-9]{3}(?:\1[0-9]{3}){0,3}")


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
    sources = {} if source else _sources(taken, catalogue, publisher, published, style)
    incoming: list[Incoming] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in taken:
        wrong = partial(_wrong, faults, replace(at, row=row.row))
        digest, start = row.cells["sha256"], row.cells["start"]
        if row.cells["target"]:
            allowed = "reject, or an empty cell where it is no target after all"
            wrong("a target is no observation", "target", "yes", allowed)
        origin = _origin(row, wrong)
        where = (digest, start, row.cells["end"], row.cells["printed"])
        if where in seen:
            wrong(f"the same figure as in row {seen[where]}", "start", start)
        seen.setdefault(where, row.row)
        source_id = source or sources[digest]["source_id"]
        cells = _cells(row, wrong)
        incoming.append(Incoming(cells | _scheme(cells, catalogue) | {"source_id": source_id}, origin))
    found = {one["source_id"]: Source(**one) for one in sources.values()}  # type: ignore[arg-type]
    known = catalogue.model_copy(update={"sources": {**catalogue.sources, **found}})
    faults += _contract(incoming, taken, at, known, gazetteer)
    rows_wrong = {fault.row for fault in faults}
    right = [one for row, one in zip(taken, incoming, strict=True) if row.row not in rows_wrong]
    behind = tuple(dict.fromkeys(sorted(faults, key=lambda fault: fault.row or 0)))
    if faults and (None in rows_wrong or not right):
        raise DataError(behind)
    used = {one.row["source_id"] for one in right}
    decisions = [row.cells["decision"] for row in rows]
    needed = tuple(one for one in sources.values() if one["source_id"] in used)
    return Accepted(tuple(right), needed, decisions.count("reject"), decisions.count(""), behind)


def _wrong(  # noqa: PLR0913, PLR0917 -- the fields of a fault
    faults: list[Fault], here: Fault, what: str, column: str, value: str, allowed: str | None = None
) -> None:
    faults.append(replace(here, what=what, column=column, value=value, allowed=allowed))


def _cells(row: ReviewRow, wrong: Callable[..., None]) -> dict[str, str]:
    cells = {name: row.cells[name] for name in VALUES}
    for name in _TIDIED:
        cells[name] = clean(cells[name])
    for name in _COUNTS:
        cells[name] = _count(cells[name], name, wrong)
    for name in _SHARES:
        cells[name] = _share(cells[name], name, wrong)
    # extract never leaves these open: a person typed the place or the period
    for basis, name in (("province_basis", "province"), ("period_basis", "period_end")):
        cells[basis] = cells[basis] or (cells[name] and "stated")
    return cells


def _scheme(cells: Mapping[str, str], catalogue: Catalogue) -> dict[str, str]:
    """Return scheme and category of a rating whose year a person typed: by the words of its category."""
    year, words = cells["period_end"][:4], fold(cells["category"])
    told = any(cells[name] for name in ("scheme", "category_id", "category_kind"))
    if told or not words or not re.fullmatch("[0-9]{4}", year) or cells["indicator"] not in catalogue.rated:
        return {}
    for scheme in catalogue.schemes_of(cells["indicator"], cells["subject"], [int(year)]):
        for one in scheme.categories:
            if words in {fold(way) for way in (*one.printed, one.name.vi)}:
                return {"scheme": scheme.id, "category_id": one.id, "category_kind": one.kind}
    return {}


def _count(text: str, name: str, wrong: Callable[..., None]) -> str:
    # a spreadsheet in English makes 4,175 of 4175, one in Vietnamese 4.175, and both may add ".0"
    plain = _GROUPED.fullmatch(re.sub(r"[.,]0{1,2}$", "", text))
    if plain:
        return str(int("".join(filter(str.isdigit, plain[0]))))
    if text:
        wrong("not a whole number", name, text, "digits, e.g. 4175 or 4.175")
    return ""


def _share(text: str, name: str, wrong: Callable[..., None]) -> str:
    plain = text.removesuffix("%").strip().replace(",", ".")
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", plain):
        whole, point, decimals = plain.partition(".")
        decimals = decimals.rstrip("0")
        return f"{int(whole)}{point if decimals else ''}{decimals}"
    if text:
        wrong("not a share", name, text, "e.g. 63.71 or 63,71")
    return ""


def _origin(row: ReviewRow, wrong: Callable[..., None]) -> Origin:
    numbers: dict[str, int | None] = {}
    for name in ("start", "end", "sentence_number"):
        text = row.cells[name].removesuffix(".0")
        numbers[name] = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
        if numbers[name] is None:
            wrong("no place in the document", name, row.cells[name], "as extract wrote it")
    file, digest = row.cells["file"], row.cells["sha256"]
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        wrong("no hash of a document", "sha256", digest, "as extract wrote it")
    sentence = numbers["sentence_number"]
    return Origin(file, digest, start=numbers["start"], end=numbers["end"], sentence=sentence)


def _sources(
    rows: Sequence[ReviewRow], catalogue: Catalogue, publisher: str, published: str, style: NumberStyle
) -> dict[str, dict[str, str]]:
    """Return a row of sources.csv for each document, by its hash, with an id that data/ hasn't yet."""
    found: dict[str, dict[str, str]] = {}
    taken, first = {*catalogue.sources}, dict[str, Mapping[str, str]]()
    for row in rows:
        first.setdefault(row.cells["sha256"], row.cells)
    for digest, cells in first.items():
        wanted = fold(Path(cells["file"]).stem).replace(" ", "-")[:_LONGEST_ID].strip("-") or "document"
        names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        found[digest] = {
            "source_id": name, "publisher": publisher or cells.get("publisher", ""),
            "title": clean(cells.get("title", "")) or clean(Path(cells["file"]).stem),
            "published": published or cells.get("published", ""), "address": cells.get("address", ""),
            "file": cells["file"], "number_style": style, "terms": TERMS,
        }  # fmt: skip
    return found


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
