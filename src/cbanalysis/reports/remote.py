"""Reports made on other machines: all they need goes there with the task, all they made comes back."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cbanalysis.errors import OutputError
from cbanalysis.folders import content_of
from cbanalysis.reports.execution import Outcome, Task, make
from cbanalysis.reports.origin import package_digests, versions

__all__ = ["Parcel", "Shipment", "make_away", "unpack"]

_PREFIX = "cbanalysis-data-"


@dataclass(frozen=True)
class Shipment:
    """The data folder, packed once for all tasks.

    Attributes
    ----------
    variable : str
        The environment variable that tells a kernel where the data are.
    digest : str
        Of the folder's content: a machine that has it keeps it.
    content : bytes
        The folder as a ZIP archive.
    """

    variable: str
    digest: str
    content: bytes

    @classmethod
    def of(cls, folder: Path, variable: str) -> Shipment:
        """Pack a data folder.

        Parameters
        ----------
        folder : Path
            The folder.
        variable : str
            The environment variable that tells a kernel where the data are.

        Returns
        -------
        Shipment
        """
        files = sorted(one for one in folder.rglob("*") if one.is_file())
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(folder).as_posix())
        return cls(variable, content_of(*files), packed.getvalue())

    def unpack(self) -> Path:
        """Return the folder on this machine; it is written aside and moved into place in one step."""
        user = os.getuid() if hasattr(os, "getuid") else 0
        place = Path(tempfile.gettempdir()) / f"{_PREFIX}{user}-{self.digest[:32]}"
        if not place.is_dir():
            aside = Path(tempfile.mkdtemp(prefix=_PREFIX))
            try:
                with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                    archive.extractall(aside)  # noqa: S202 -- packed by ourselves, a moment ago
                aside.rename(place)
            except OSError:
                shutil.rmtree(aside, ignore_errors=True)
                # Another worker of this machine was faster.
                if not place.is_dir():
                    raise
        if hasattr(os, "getuid") and (place.is_symlink() or place.stat().st_uid != user):
            # Its name can be guessed, so another user of the machine could have put it there.
            raise OutputError(f"{place} belongs to another user; remove it or set TMPDIR")
        return place


@dataclass(frozen=True)
class Parcel:
    """One task with what it needs on a machine that shares no disk with ours.

    Attributes
    ----------
    task : Task
        What to make; its paths are those of this machine.
    notebook : bytes
        The notebook file.
    data : Shipment
        The data folder.
    versions : mapping
        Of the package, its files and the libraries: others there would give another report.
    """

    task: Task
    notebook: bytes
    data: Shipment
    versions: Mapping[str, str | None]

    @classmethod
    def of(cls, task: Task, data: Shipment) -> Parcel:
        """Pack a task."""
        return cls(task, task.report.path.read_bytes(), data, {**versions(), **package_digests()})


def make_away(parcel: Parcel) -> tuple[Outcome, bytes]:
    """Make a report on another machine.

    Parameters
    ----------
    parcel : Parcel
        What to make, and what it needs.

    Returns
    -------
    tuple of (Outcome, bytes)
        How it went, and the report's folder as a TAR archive (``b""`` if there is none).
    """
    theirs = parcel.task.report
    here = {**versions(), **package_digests()}
    other = [name for name, one in parcel.versions.items() if here.get(name) != one]
    if other:
        said = f"the worker has another version of {', '.join(other)} than this machine"
        return Outcome(theirs, "failed", message=said), b""
    with tempfile.TemporaryDirectory(prefix="cb-") as name:
        folder = Path(name)
        path = folder / theirs.path.name
        path.write_bytes(parcel.notebook)
        environment = {**parcel.task.environment, parcel.data.variable: str(parcel.data.unpack())}
        report = replace(theirs, path=path)
        task = replace(parcel.task, report=report, folder=folder / "task", environment=environment)
        outcome = make(task)
        return replace(outcome, report=theirs), _packed(task.folder / "report")


def _packed(folder: Path) -> bytes:
    if not folder.is_dir():
        return b""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, arcname="report")
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Unpack what a worker made.

    Parameters
    ----------
    content : bytes
        As :func:`make_away` returned it.
    folder : Path
        The task's folder on this machine; gets ``report``.
    """
    if content:
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(folder, filter="data")  # no link, no path outside
