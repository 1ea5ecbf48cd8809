"""Reports made on other machines: all they need goes there with the task, all they made comes back."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Lock

from cbanalysis.batch.kernels.private_folders import make_private_folder, sweep
from cbanalysis.batch.reports.digests_and_versions import package_digests, versions
from cbanalysis.batch.reports.notebook_files import beside
from cbanalysis.batch.reports.one_report import make
from cbanalysis.batch.reports.staleness import files_of
from cbanalysis.batch.reports.tasks_and_outcomes import Failure, Outcome, Task
from cbanalysis.common.folders import content_of

# Data folders that this process has unpacked, by the digest of their content.
_unpacked: dict[str, Path] = {}
_unpacking = Lock()


@dataclass(frozen=True)
class DataArchive:
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
    def of(cls, folder: Path, variable: str) -> DataArchive:
        """Pack a data folder.

        Parameters
        ----------
        folder : Path
            The folder.
        variable : str
            The environment variable that tells a kernel where the data are.

        Returns
        -------
        DataArchive
        """
        return cls(variable, content_of(*_files(folder)), _packed(folder))

    def unpack(self) -> Path:
        """Return the folder on this machine; each worker process has its own, which goes when it ends."""
        with _unpacking:
            if self.digest not in _unpacked or not _unpacked[self.digest].is_dir():
                place = _private_folder()
                unpack(self.content, place)
                _unpacked[self.digest] = place
            return _unpacked[self.digest]


def _private_folder() -> Path:
    """Make a folder that goes with this process; after a kill it goes when another makes one."""
    if os.name != "posix":
        made = Path(tempfile.mkdtemp(prefix="cb-"))
        Finalize(None, partial(shutil.rmtree, made, ignore_errors=True), exitpriority=0)
        return made
    sweep()
    place = make_private_folder("data")
    Finalize(None, place.remove, exitpriority=0)
    folder = place.path / "data"
    folder.mkdir()
    return folder


@dataclass(frozen=True)
class RemoteTask:
    """One task with what it needs on a machine that shares no disk with ours.

    Attributes
    ----------
    task : Task
        What to make; its paths are those of this machine.
    notebook : bytes
        The notebook file.
    data : DataArchive
        The data folder.
    versions : mapping
        Of the package, its files and the libraries: others there would give another report.
    files : str
        A digest of the files that the report's parameters name. They may be large, so they don't travel: each
        worker has to see them at the same path.
    beside : mapping
        Content of the files beside the notebook that it uses, by their paths from its folder on.
    """

    task: Task
    notebook: bytes
    data: DataArchive
    versions: Mapping[str, str | None]
    files: str = ""
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, task: Task, data: DataArchive) -> RemoteTask:
        """Pack a task."""
        made_with = {**versions(), **package_digests()}
        path = task.report.path
        used = {} if task.report.fault else beside(path)
        # of the data, which go there as a whole, the name is enough
        content = {
            name: b"" if name.startswith("../") else file.read_bytes()
            for name, file in used.items()
            if not os.path.isabs(name)  # noqa: PTH117 -- a name; the worker must see it there
        }
        return cls(task, path.read_bytes(), data, made_with, files_of(task.report), content)


def make_remotely(packed: RemoteTask) -> tuple[Outcome, bytes]:
    """Make a report on another machine.

    Parameters
    ----------
    packed : RemoteTask
        What to make, and what it needs.

    Returns
    -------
    tuple of (Outcome, bytes)
        How it went, and the report's folder as a ZIP archive (``b""`` if there is none).
    """
    theirs = packed.task.report
    here = {**versions(), **package_digests()}
    other = [name for name, one in packed.versions.items() if here.get(name) != one]
    if other:
        said = f"the worker has another version of {', '.join(other)} than this machine"
        return Outcome(theirs, Failure("OtherMachine", said, "worker")), b""
    if files_of(theirs) != packed.files:
        names = ", ".join(map(str, theirs.named_files))
        said = f"the worker doesn't see {names} as this machine does; put it on a disk that both share"
        return Outcome(theirs, Failure("OtherMachine", said, "worker")), b""
    with tempfile.TemporaryDirectory(prefix="cb-") as name:
        folder, data = Path(name), packed.data.unpack()
        path = folder / "notebooks" / theirs.path.name
        path.parent.mkdir()
        path.write_bytes(packed.notebook)
        for used, content in packed.beside.items():
            if used.startswith("../"):
                with suppress(FileExistsError):
                    (folder / used.split("/")[1]).symlink_to(data)
                continue
            (path.parent / used).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / used).write_bytes(content)
        batch = packed.task.batch
        environment = {**batch.environment, packed.data.variable: str(data)}
        batch, report = replace(batch, environment=environment), replace(theirs, path=path)
        task = replace(packed.task, report=report, folder=folder / "task", batch=batch)
        outcome = make(task)
        made = task.folder / "report"
        return replace(outcome, report=theirs), _packed(made) if made.is_dir() else b""


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def _packed(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in _files(folder):
            archive.write(file, file.relative_to(folder).as_posix())
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Unpack a folder that came from another machine.

    Parameters
    ----------
    content : bytes
        A ZIP archive, or nothing.
    folder : Path
        Where to; made if need be. Nothing is written outside of it, whatever the archive says.
    """
    if content:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
