"""The output folder: checked before work starts, written aside, moved into place report by report."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from cbanalysis.common.errors import OutputError
from cbanalysis.common.folders import NEW

if sys.platform != "win32":
    import fcntl

RECORD = "run.json"
# What lies at the top of an output folder, and by which key it is known; a page by what it says made it.
_TOP = {
    "index.html": "", "manifest.json": "reports", "figures.json": "figures", "revisions.json": "revisions",
}  # fmt: skip
_GENERATOR = b'<meta name="generator" content="cbanalysis '
_STAGING = ".making-"
_HOUR = 3600
_LOCK = "lock"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def _probe(folder: Path, *, make: bool) -> None:
    """Write and remove a file, for permissions (asked where nothing is made) tell of no full disk."""
    if not make:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            read_only = hasattr(os, "statvfs") and os.statvfs(there).f_flag & os.ST_RDONLY
            why = os.strerror(errno.EROFS if read_only else errno.EACCES)
            raise OutputError(f"can't write to the output folder {folder}: {why}")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=_STAGING) as probe:
            probe.write(b"can this folder be written to?")
            probe.flush()
    except OSError as fault:
        raise OutputError(f"can't write to the output folder {folder}: {fault.strerror or fault}") from fault


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds a report, or nothing."""
    return (folder / RECORD).is_file() or not any(folder.iterdir())


def resolved(output: Path) -> Path:
    """Return the output folder with links resolved.

    Raises
    ------
    OutputError
        If its name can't be one.
    """
    try:
        folder = Path(output).expanduser().resolve()
        folder.exists()
        str(folder).encode()
    except UnicodeEncodeError:
        raise OutputError(f"the output folder {output} has a name that is no UTF-8; choose another") from None
    except (OSError, RuntimeError, ValueError) as fault:
        raise OutputError(f"the output folder {output} can't be made: {_why(fault)}") from fault
    return folder


def _why(fault: Exception) -> str:
    return str(getattr(fault, "strerror", None) or fault)


def _foreign(file: Path) -> bool:
    """Whether a file at the top of an output folder was written by somebody else; a damaged one is ours."""
    if not file.is_file():
        return False
    try:
        content = file.read_bytes()
        if file.suffix == ".html":
            return bool(content.strip()) and _GENERATOR not in content
        found = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found) and _TOP[file.name] not in found


def check_output(
    output: Path,
    folders: Iterable[PurePosixPath] = (),
    *,
    keep_out: Iterable[Path] = (),
    make: bool = True,
) -> Path:
    """Check that reports can be written to a folder, before any work starts.

    Parameters
    ----------
    output : Path
        The output folder.
    folders : iterable of PurePosixPath
        The reports' folders, relative to it.
    keep_out : iterable of Path
        Folders that outputs must not land in, e.g. the data folder.
    make : bool
        Whether to make the folder if need be, and to write into it to see that it can be.

    Returns
    -------
    Path
        The folder with links resolved.

    Raises
    ------
    OutputError
        If it is a file, can't be made or written to, lies inside a folder of ``keep_out``, or if a report
        would leave it through a link or replace files that are no report of ours.
    """
    folder = resolved(output)
    for forbidden in (Path(one).resolve() for one in keep_out):
        if folder.is_relative_to(forbidden):
            raise OutputError(
                f"the output folder {folder} lies inside {forbidden}, which reports must not change"
            )
    blocked = next((one for one in (folder, *folder.parents) if one.exists() and not one.is_dir()), None)
    if blocked is not None:
        raise OutputError(f"the output folder {folder} can't be made: {blocked} is a file")
    for file in (folder / name for name in _TOP):
        if _foreign(file):
            raise OutputError(f"{file} is no file of ours; move it or choose another folder")
    _probe(folder, make=make)
    for relative in folders:
        target = folder / relative
        if not target.resolve().is_relative_to(folder):
            raise OutputError(f"{target} is a link that leads out of the output folder {folder}")
        blocked = next((one for one in (target, *target.parents) if one.exists() and not one.is_dir()), None)
        if blocked is not None:
            raise OutputError(f"the report folder {target} can't be made: {blocked} is a file")
        if target.is_dir() and not _is_ours(target):
            raise OutputError(
                f"{target} holds files that are no report of ours; move them or choose another folder"
            )
    return folder


@dataclass(frozen=True)
class StagingFolder:
    """The folder in which a run works, inside the output folder so that moving out of it is one step.

    Attributes
    ----------
    path : Path
        The folder.
    lock : int
        The open lock file, -1 where there is no such thing; the lock ends with this process at the latest.
    """

    path: Path
    lock: int


def _locked(folder: Path, *, make: bool) -> int | None:
    """Lock a working folder; None if another run holds it, -1 where files can't be locked."""
    if sys.platform == "win32":
        return -1 if make else None
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0), 0o600)
    except FileNotFoundError:
        return None if make else -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _recover(staging: Path, output: Path) -> None:
    """Put back what a run that was killed had moved aside, then clear its folder."""
    aside = staging / "aside"
    for record in sorted(aside.rglob(RECORD)):
        target = output / record.parent.relative_to(aside)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            record.parent.replace(target)
    shutil.rmtree(staging, ignore_errors=True)


def open_staging(output: Path) -> StagingFolder:
    """Make the folder in which this run works.

    Parameters
    ----------
    output : Path
        The checked output folder.

    Returns
    -------
    StagingFolder
        A new folder; those that killed runs left behind are put in order first.

    Raises
    ------
    OutputError
        If it can't be made.
    """
    for unnamed in output.glob(f"{NEW}*"):
        with suppress(OSError):
            if time.time() - unnamed.stat().st_mtime < _HOUR:
                continue
            if unnamed.is_dir():
                shutil.rmtree(unnamed)
            else:
                unnamed.unlink()
    for stale in output.glob(f"{_STAGING}*"):
        lock = _locked(stale, make=False) if stale.is_dir() else None
        if lock is not None:
            _recover(stale, output)
            _unlock(lock)
    try:
        # Known by its proper name only once it is locked, so that no other run takes it for a dead one's.
        fresh = Path(tempfile.mkdtemp(prefix=NEW, dir=output))
        lock = _locked(fresh, make=True)
        path = fresh.rename(fresh.with_name(f"{_STAGING}{fresh.name.removeprefix(NEW)}"))
    except OSError as fault:
        raise OutputError(f"can't write to the output folder {output}: {fault.strerror or fault}") from fault
    return StagingFolder(path, -1 if lock is None else lock)


def _unlock(lock: int) -> None:
    if lock >= 0:
        os.close(lock)


def close_staging(staging: StagingFolder, output: Path) -> None:
    """Clear this run's folder, putting back whatever a stop in the middle of a move left aside."""
    _recover(staging.path, output)
    _unlock(staging.lock)


@cache
def _renameat2() -> Any:  # noqa: ANN401 -- a function of the C library
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    return getattr(library, "renameat2", None)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system can't."""
    function = _renameat2()
    if function is None:
        return False
    if function(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number))


def place(fresh: Path, output: Path, relative: PurePosixPath, staging: StagingFolder) -> Path:
    """Move a finished report into place; the old one of that name goes.

    On Linux both are exchanged in one step. Elsewhere there is a moment in which neither is there: after a
    kill in that moment the next run puts the old one back.

    Parameters
    ----------
    fresh : Path
        The finished report's folder.
    output : Path
        The output folder.
    relative : PurePosixPath
        Where it belongs.
    staging : StagingFolder
        This run's folder, on the same disk.

    Returns
    -------
    Path
        The report's folder.

    Raises
    ------
    OutputError
        If it can't be moved; the old report is put back then.
    """
    final, aside = output / relative, staging.path / "aside" / relative
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists() and _exchange(fresh, final):
            shutil.rmtree(fresh, ignore_errors=True)
            return final
        aside.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            final.replace(aside)
        fresh.replace(final)
    except OSError as fault:
        if aside.exists() and not final.exists():
            aside.replace(final)
        raise OutputError(f"can't put the report into {final}: {fault.strerror or fault}") from fault
    shutil.rmtree(aside, ignore_errors=True)
    return final


def report_folders(output: Path) -> list[PurePosixPath]:
    """Return the folders of the reports that lie in an output folder, relative to it, by name."""
    found = output.glob(f"[a-z][a-z]/*/*/{RECORD}")
    return sorted(PurePosixPath(file.parent.relative_to(output).as_posix()) for file in found)


def forget(output: Path, relative: PurePosixPath) -> None:
    """Take a report out of the output folder, whole in one step.

    Parameters
    ----------
    output : Path
        The output folder.
    relative : PurePosixPath
        The report's folder in it.

    Raises
    ------
    OutputError
        If it can't be removed; it stays then.
    """
    final = output / relative
    try:
        aside = Path(tempfile.mkdtemp(prefix=NEW, dir=output))
        final.rename(aside / final.name)
    except OSError as fault:
        raise OutputError(f"can't take the report out of {final}: {fault.strerror or fault}") from fault
    shutil.rmtree(aside, ignore_errors=True)
    if not any(final.parent.iterdir()):
        final.parent.rmdir()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_list(folder: Path) -> list[dict[str, Any]]:
    """Return each file below a folder with its relative path, size in bytes and SHA-256."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in paths
    ]


def missing(folder: Path, files: Sequence[Mapping[str, Any]]) -> str:
    """Say which file of a report is gone, or isn't what it was made.

    Parameters
    ----------
    folder : Path
        The report's.
    files : sequence of mapping
        As :func:`file_list` returned them.

    Returns
    -------
    str
        ``""`` if all are there.
    """
    for file in files:
        path = folder / file["path"]
        try:
            edited = path.stat().st_size != file["bytes"] or _digest(path) != file["sha256"]
        except OSError:
            return f"{file['path']} is missing"
        if edited:
            return f"{file['path']} was edited"
    return ""
