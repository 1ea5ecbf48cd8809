"""The commit to data/: nothing comes in that breaks the contract, and what came in can be sent out again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from cbanalysis.common.atomic_writes import locked, write_together
from cbanalysis.common.errors import DataError, Fault, OutputError, UnknownName
from cbanalysis.common.validation import build_record
from cbanalysis.dataset.catalogue import Catalogue, Indicator, Source, indicator_text
from cbanalysis.dataset.csv_reading import read_table
from cbanalysis.dataset.load import check_folder
from cbanalysis.dataset.load.folder_checks import IMPORTS, ORIGINS, Import, Traced, book_faults
from cbanalysis.dataset.observations import observation_faults
from cbanalysis.dataset.observations.schema import COLUMNS, OPTIONAL
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.commit import records
from cbanalysis.importing.commit.duplicates import compare_with_known, first_tellings, new_ones
from cbanalysis.statistics.audit import audit

_ID = re.compile(r"X([0-9]{4,18})")
_SOURCE_COLUMNS = tuple(Source.model_fields)
IMPORT_COLUMNS, TRACE_COLUMNS = tuple(Import.model_fields), tuple(Traced.model_fields)


def examine(
    incoming: Sequence[records.Incoming] | records.Arrivals,
    sources: Sequence[Mapping[str, str]],
    *,
    data: Path,
    indicators: Sequence[Indicator] = (),
) -> records.Examination:
    """Check figures on their way in and show what they look like beside those that are known; change nothing.

    Parameters
    ----------
    incoming : sequence of Incoming, or Arrivals
        The figures.
    sources : sequence of mapping
        New documents, columns of sources.csv; those that data/ has already must not come again.
    data : Path
        The data folder.
    indicators : sequence of Indicator
        New indicators that the figures need.

    Returns
    -------
    Examination
        What is there already beside the new figures, and what the audit finds only with them.

    Raises
    ------
    DataError
        Listing every fault: of data/ itself, of the sources, of the figures (with file, sheet and cell).
    """
    arrived = incoming if isinstance(incoming, records.Arrivals) else records.arrivals(incoming)
    known, catalogue = _checked(arrived, sources, data, indicators)
    columns = list(COLUMNS)
    known = known.reindex(columns=columns, fill_value="")
    first = first_tellings(known, arrived)
    new = new_ones(known, arrived, first).observations
    together = pd.concat([known, new[columns]], ignore_index=True)
    # the audit names rows by their ids, and new rows get theirs only when they come in
    nameless = together["observation_id"].eq("")
    together.loc[nameless, "observation_id"] = [f"NEW{number}" for number in range(1, nameless.sum() + 1)]
    before = set(audit(known, catalogue=catalogue)["finding_id"])
    found = audit(together, catalogue=catalogue)
    # what is told after "it follows" of a finding that was there before is new as well
    arriving = set(together["observation_id"].iloc[len(known) :])
    names_new = found["observation_ids"].map(lambda ids: not arriving.isdisjoint(ids.split(";")))
    fresh = found[~found["finding_id"].isin(before) | names_new.astype(bool)].reset_index(drop=True)
    return records.Examination(compare_with_known(known, arrived, first), fresh)


def admit(
    incoming: Sequence[records.Incoming] | records.Arrivals,
    sources: Sequence[Mapping[str, str]],
    *,
    data: Path,
    command: str,
    indicators: Sequence[Indicator] = (),
) -> records.Admission:
    """Let figures into data/: all of them, or none.

    A figure that a row of the same document tells already is left out. observations.csv, sources.csv,
    origins.csv (file, sheet, cell of each figure) and imports.csv (the log)
    change in one step: a process that is killed at any moment leaves the old or the new folder.

    Parameters
    ----------
    incoming : sequence of Incoming, or Arrivals
        The figures.
    sources : sequence of mapping
        New documents, columns of sources.csv; each must be named by a figure.
    data : Path
        The data folder.
    command : str
        What the person did, for the log, e.g. ``"cbanalysis import ratings.xls"``.
    indicators : sequence of Indicator
        New indicators; declared in indicators.toml in the same step.

    Returns
    -------
    Admission
        The import's number and the figures' ids.

    Raises
    ------
    DataError
        As `examine`, and where all figures are there already; data/ is byte for byte as before.
    OutputError
        If data/ can't be written to, with what the system says.

    Examples
    --------
    >>> admit([], [], data=Path("nowhere"), command="an example")
    Traceback (most recent call last):
        ...
    cbanalysis.common.errors.DataError: 1 fault in the data:
      no such folder (found 'nowhere')
    """
    arrived = incoming if isinstance(incoming, records.Arrivals) else records.arrivals(incoming)
    if not data.is_dir():
        raise DataError([Fault("no such folder", value=str(data))])
    with _writing(data), locked(data):
        known, _ = _checked(arrived, sources, data, indicators)
        given = len(arrived.observations)
        arrived = new_ones(known, arrived, first_tellings(known, arrived))
        if given and arrived.observations.empty:
            raise DataError([Fault("all figures are there already, from the same document")])
        log = load_imports(data)
        import_id = f"{len(log) + 1:04d}"
        observations = arrived.observations[list(COLUMNS)].copy()
        observations["observation_id"] = _ids(observations["observation_id"], known, log)
        ids = tuple(observations["observation_id"])
        origins = arrived.origins[list(records.ORIGIN_COLUMNS)]
        traces = origins.assign(observation_id=list(ids), import_id=import_id)[list(TRACE_COLUMNS)]
        files = origins[["file", "sha256"]].drop_duplicates().itertuples(index=False)
        entry = [
            import_id,
            datetime.now(UTC).isoformat(timespec="seconds"),
            command,
            "; ".join(f"{name} {sha256}" for name, sha256 in files),
            str(len(ids)),
            "; ".join(source["source_id"] for source in sources),
            "",
        ]
        documents = [[source.get(name, "") for name in _SOURCE_COLUMNS] for source in sources]
        new = {
            "sources.csv": _appended(data / "sources.csv", _SOURCE_COLUMNS, documents),
            ORIGINS: _appended(data / ORIGINS, TRACE_COLUMNS, _rows(traces)),
            IMPORTS: _appended(data / IMPORTS, IMPORT_COLUMNS, [entry]),
            **_declared(data, indicators),
            # last: who reads while the files move sees the old figures with documents that they don't need
            "observations.csv": _with_figures(data / "observations.csv", observations),
        }
        write_together(data, new)
    return records.Admission(import_id, ids)


def undo(data: Path, import_id: str | None = None) -> tuple[str, ...]:
    """Send an import's figures out of data/ again, and its documents where no other figure names them.

    Parameters
    ----------
    data : Path
        The data folder.
    import_id : str, optional
        The import's number; the last one that isn't undone by default.

    Returns
    -------
    tuple of str
        The ids of the figures that went. The log keeps the import and says when it was undone.

    Raises
    ------
    UnknownName
        If there is no such import, or none that isn't undone.
    DataError
        Listing what of its books, figures or documents can't be relied on; data/ is as before.
    OutputError
        If data/ can't be written to, with what the system says.
    """
    with _writing(data), locked(data):
        tables = [read_table(data / name) for name in ("observations.csv", "sources.csv")]
        DataError.raise_if([*book_faults(data), *(fault for table in tables for fault in table.faults)])
        log = load_imports(data)
        standing = log[log["undone"].eq("")]
        chosen = import_id or (standing["import_id"].iloc[-1] if len(standing) else "")
        if chosen not in set(standing["import_id"]):
            hint = "(none left to undo)" if standing.empty else ""
            raise UnknownName("import", chosen or "last", standing["import_id"], hint=hint)
        entry = standing[standing["import_id"].eq(chosen)].iloc[0]
        origins = load_origins(data)
        gone = tuple(origins.loc[origins["import_id"].eq(chosen), "observation_id"])
        observations = tables[0].cells
        needed = set(observations.loc[~observations["observation_id"].isin(gone), "source_id"])
        documents = {name for name in entry["sources"].split("; ") if name and name not in needed}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_together(
            data,
            {
                "observations.csv": _without(data / "observations.csv", "observation_id", set(gone)),
                "sources.csv": _without(data / "sources.csv", "source_id", documents),
                ORIGINS: _without(data / ORIGINS, "import_id", {chosen}),
                IMPORTS: _changed(data / IMPORTS, chosen, "undone", now),
            },
        )
    return gone


@contextmanager
def _writing(data: Path) -> Iterator[None]:
    """Say what the system says of a folder that can't be written to; the figures are as they were."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{data} can't be changed: {reason}; its figures are as before", reason) from error


def load_origins(data: Path) -> pd.DataFrame:
    """Return where the imported figures were read: ``observation_id``, ``import_id``, `ORIGIN_COLUMNS`.

    Raises
    ------
    DataError
        If origins.csv can't be read.
    """
    return _read(data / ORIGINS, TRACE_COLUMNS)


def load_imports(data: Path) -> pd.DataFrame:
    """Return the log of imports, oldest first; ``undone`` is empty while an import stands.

    Raises
    ------
    DataError
        If imports.csv can't be read.
    """
    return _read(data / IMPORTS, IMPORT_COLUMNS)


def _with_figures(path: Path, figures: pd.DataFrame) -> bytes:
    """Return the bytes of observations.csv with more figures, in the order of its own columns.

    A column that the file needn't have is added to it where a figure fills it.
    """
    header = list(read_table(path).cells.columns)
    old = path.read_bytes()
    for column in OPTIONAL:
        if column not in header and figures[column].ne("").any():
            old, header = _with_column(path, column), [*header, column]
    return _appended(path, header, _rows(figures[header]), old)


def _rows(frame: pd.DataFrame) -> Iterator[Sequence[str]]:
    return zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def _ids(given: pd.Series, known: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    """Return ids for all figures; a number is never given twice, also not after an undo."""
    taken = [int(found[1]) for name in (*known["observation_id"], *given) if (found := _ID.fullmatch(name))]
    last = max([0, *taken, *([sum(map(int, log["figures"]))] if len(log) else [])])
    ids = []
    for name in given:
        last += not name
        ids.append(name or f"X{last:04d}")
    return ids


def _declared(data: Path, indicators: Sequence[Indicator]) -> dict[str, bytes]:
    """Return indicators.toml with more of them at its end; nothing where there are none."""
    if not indicators:
        return {}
    added = "".join(f"\n{indicator_text(one)}" for one in indicators)
    return {"indicators.toml": (data / "indicators.toml").read_bytes().rstrip() + b"\n" + added.encode()}


def _checked(
    arrived: records.Arrivals,
    sources: Sequence[Mapping[str, str]],
    data: Path,
    indicators: Sequence[Indicator],
) -> tuple[pd.DataFrame, Catalogue]:
    """Return the known observations as text and the catalogue with the new sources, or raise every fault."""
    check_folder(data)
    known = read_table(data / "observations.csv").cells
    catalogue = Catalogue.read(data)
    faults: list[Fault] = []
    new = _sources(sources, catalogue, faults)
    entries = {**catalogue.indicators, **{one.id: one for one in indicators}}
    catalogue = catalogue.model_copy(update={"sources": {**catalogue.sources, **new}, "indicators": entries})
    rows = arrived.observations
    faults += _again(arrived, data)
    used = set(rows["source_id"]) if "source_id" in rows else set()
    faults += [
        Fault("no figure comes from this source", file="sources.csv", column="source_id", value=name)
        for name in new
        if name not in used
    ]
    # ids that the commit will give must not count as empty or used twice
    named = rows["observation_id"].mask(
        rows["observation_id"].eq(""), [f"NEW{at}" for at in range(len(rows))]
    )
    rows_named, gazetteer = rows.assign(observation_id=named), Gazetteer.read(data)
    _, wrong = observation_faults(rows_named, catalogue=catalogue, gazetteer=gazetteer, rows=range(len(rows)))
    faults += [_placed(fault, arrived.origin) for fault in wrong]
    for position in rows.index[rows["observation_id"].isin(known["observation_id"])]:
        name = str(rows["observation_id"].iloc[position])
        taken = Fault("observation_id used before", row=position, column="observation_id", value=name)
        faults.append(_placed(taken, arrived.origin))
    DataError.raise_if(list(dict.fromkeys(faults)))
    return known, catalogue


def _sources(
    sources: Sequence[Mapping[str, str]], catalogue: Catalogue, faults: list[Fault]
) -> dict[str, Source]:
    new: dict[str, Source] = {}
    for cells in sources:
        at = Fault("", file="sources.csv")
        source = build_record(Source, dict.fromkeys(_SOURCE_COLUMNS, "") | dict(cells), faults, at)
        if source is None:
            continue
        if source.source_id in new or source.source_id in catalogue.sources:
            faults.append(
                replace(at, what="source_id used before", column="source_id", value=source.source_id)
            )
        new[source.source_id] = source
    return new


def _again(arrived: records.Arrivals, data: Path) -> list[Fault]:
    """Refuse what comes twice from one place of the same bytes, or came by an import that still stands."""
    before = load_origins(data)
    places = ["sha256", "sheet", "cell", "start"]
    twice = arrived.origins[arrived.origins.duplicated(places)]
    both = arrived.origins.drop_duplicates(places).merge(
        before.drop_duplicates(places), on=places, suffixes=("", "_before")
    )
    faults = [
        Fault("stands twice among the files", file=file, allowed="each figure once")
        for file in twice["file"].unique()
    ]
    told = both[["file", "file_before", "import_id"]].drop_duplicates()
    for file, name, import_id in told.itertuples(index=False):
        allowed = f"each figure once; `cbanalysis undo {import_id}` takes that import back"
        faults.append(Fault(f"imported before, as {name} in import {import_id}", file=file, allowed=allowed))
    return faults


def _placed(fault: Fault, origin_of: Callable[[int], records.Origin]) -> Fault:
    """Return a fault with the place in the file that was brought, not in the frame made from it."""
    if fault.row is None or fault.what in {"unknown column", "missing column"}:
        return replace(fault, file="observations.csv")
    origin = origin_of(fault.row)
    where = origin.cell_of(fault.column or "")
    if not where and origin.start is not None:
        where = f"{origin.start} to {origin.end}"
    return replace(fault, file=origin.file, sheet=origin.sheet or None, cell=where or None, row=None)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return a table as text; one without rows where there is no such file yet."""
    if not path.exists():
        return pd.DataFrame(columns=[*columns], dtype="str")
    table = read_table(path)
    DataError.raise_if(table.faults)
    return table.cells


def _lines(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _appended(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], old: bytes | None = None
) -> bytes:
    """Return the file's bytes with rows at their end (with a header, where there is no file yet).

    ``old`` are bytes that stand for the file's own.
    """
    if old is None:
        old = path.read_bytes() if path.exists() else _lines([columns]).encode()
    if old and not old.endswith(b"\n"):
        old += b"\n"
    return old + _lines(rows).encode()


def _with_column(path: Path, column: str) -> bytes:
    """Return the file's bytes with one more column, empty so far, at the end of each record."""
    texts = []
    for at, (text, _) in enumerate(_records(path)):
        line = text.rstrip("\r\n")
        texts.append(f"{line},{column if at == 0 else ''}{text[len(line) :]}")
    return "".join(texts).encode()


def _records(path: Path) -> list[tuple[str, list[str]]]:
    """Return each record of a CSV file as the text that it is and the cells that it holds."""
    lines = list(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
    reader = csv.reader(lines, strict=True)
    records, last = [], 0
    for cells in reader:
        records.append(("".join(lines[last : reader.line_num]), cells))
        last = reader.line_num
    return records


def _without(path: Path, column: str, values: Collection[str]) -> bytes:
    """Return the file's bytes without the records that have one of the values in a column."""
    header, *records = _records(path)
    at = [name.removeprefix("\ufeff") for name in header[1]].index(column)
    kept = [text for text, cells in records if len(cells) <= at or cells[at] not in values]
    return "".join([header[0], *kept]).encode()


def _changed(path: Path, key: str, column: str, value: str) -> bytes:
    """Return the file's bytes with one cell of the record whose first cell is the key changed."""
    header, *records = _records(path)
    at = header[1].index(column)
    texts = [header[0]]
    for text, cells in records:
        texts.append(_lines([[*cells[:at], value, *cells[at + 1 :]]]) if cells[0] == key else text)
    return "".join(texts).encode()
