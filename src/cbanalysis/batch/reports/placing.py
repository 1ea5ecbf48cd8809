"""Moves a finished report from the folder where it was made into its place, in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from cbanalysis.batch.reports.output_folder import RECORD
from cbanalysis.common.atomic_writes import NEW
from cbanalysis.common.errors import OutputError

if sys.platform != "win32":
    import fcntl

_STAGING = ".making-"


_HOUR = 3600


_LOCK = "lock"


_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE


_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


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
