"""CSV files and workbooks as Parquet: read once; typed, and by content, where a folder keeps it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import ibis.expr.types as ir
from pyarrow.parquet import read_metadata

from cbanalysis.common.errors import Fault, OutputError
from cbanalysis.records.contract import Progress, Reading
from cbanalysis.records.register_csv import Sheet, understood
from cbanalysis.records.typed_columns import typed

_EVERY = 0.3
"""Seconds between two looks at how far the engine is."""
_FORM = 2
"""Of the files that are kept; another number reads all registers anew."""


@contextmanager
def watched(backend: Any, what: str, rows: int, progress: Progress | None) -> Iterator[None]:  # noqa: ANN401 - ibis doesn't type its connections
    """Tell how far the queries that run meanwhile are: ``(what, done, of)``; only DuckDB says so."""
    told = getattr(getattr(backend, "con", None), "query_progress", None)
    if progress is None or told is None:
        yield
        return
    ended = Event()

    def tell() -> None:
        while not ended.wait(_EVERY):
            if (share := told()) > 0:
                progress(what, int(rows * min(share, 100.0) / 100), rows)

    thread = Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Store:
    """Where the records of files lie as Parquet: as they were written, and typed too where they are kept.

    Parameters
    ----------
    embedded : ibis connection
        DuckDB in this process; what isn't kept goes with it.
    reading : Reading
        With a folder that keeps what was read, by content, a register that grows costs what is new.

    Raises
    ------
    OutputError
        If the folder can't be made.
    """

    def __init__(self, embedded: Any, reading: Reading) -> None:  # noqa: ANN401 - ibis doesn't type its connections
        self.embedded, self.reading, self.kept = embedded, reading, reading.keep
        self.aside = Path(tempfile.mkdtemp(prefix="cbanalysis-"))
        weakref.finalize(embedded, shutil.rmtree, self.aside, ignore_errors=True)
        self.written = 0
        if self.kept is not None:
            try:
                self.kept.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise OutputError(f"can't keep what was read in {self.kept}: {error.strerror}") from error

    def parquet(self, file: Path, sheet: Sheet) -> tuple[Path, list[Fault]]:
        """Return where the records of a sheet lie, and the rows that couldn't be read.

        Raises
        ------
        DataError
            If the file can't be read at all.
        OutputError
            If the folder can't be written.
        """
        self.written += 1
        aside = self.aside / f"{self.written}.parquet"
        place = self.kept / f"{self._key(file, sheet)}.parquet" if self.kept else aside
        if self.kept and place.is_file():
            return place, []
        with (
            understood(file),
            watched(self.embedded, f"reading {file.name}", sheet.rows(), self.reading.progress),
        ):
            self.embedded.to_parquet(self._typed(sheet) if self.kept else sheet.records(), aside)
            faults = sheet.check(read_metadata(aside).num_rows)
        if self.kept and not faults:
            try:
                # beside its place first: nobody reads half a file
                shutil.copyfile(aside, beside := place.with_suffix(f".{self.aside.name}"))
                beside.replace(place)
            except OSError as error:
                raise OutputError(f"can't keep what was read in {self.kept}: {error.strerror}") from error
            aside.unlink()
        return place, faults

    def _typed(self, sheet: Sheet) -> ir.Table:
        """Return the records of a sheet as questions need them: what is kept is read as text only once."""
        records = sheet.records()
        before = {"before": records["before"]} if "before" in records.columns else {}
        own = {name: name for name in sheet.matched}
        return typed(records, own, self.reading, before)

    def _key(self, file: Path, sheet: Sheet) -> str:
        """Return a name for the content of a file and for what is read of it."""
        name = sheet.name.removeprefix(str(file))
        form = json.dumps(
            [_FORM, name, sheet.above, dict(sheet.matched), self.reading.dates, self.reading.exempt]
        )
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(form.encode(), digest_size=20))
        return digest.hexdigest()
