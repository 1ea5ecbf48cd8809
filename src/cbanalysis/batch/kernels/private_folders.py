"""Private folders for sockets and connection files, which never outlive their makers for long."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PREFIX = "cbanalysis-"
_NEW = f"{_PREFIX}new-"
_KINDS = tuple(f"{_PREFIX}{kind}-" for kind in ("warm", "kernel", "workers", "data"))
_LOCK = "lock"
# A socket's path may have 107 bytes; ours add less than 45 to that of the folder for temporary files.
_LONGEST = 60
_HOUR = 3600


class PrivateFolder:
    """A folder that only its owner's user can enter, locked for as long as a process of ours needs it.

    Attributes
    ----------
    path : Path
        The folder.
    lock : int
        The open lock file. The lock lasts until every copy of it is closed, if need be by the system.
    """

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.lock = lock

    def unlock(self) -> None:
        """Close our copy of the lock, after it was handed to another process."""
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    def remove(self) -> None:
        """Remove the folder, whatever is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.unlock()


def _roots() -> list[Path]:
    found = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 -- only where the first path is too long
    return [root for root in dict.fromkeys(found) if len(os.fsencode(root)) <= _LONGEST]


def make_private_folder(kind: str) -> PrivateFolder:
    """Make a private folder and lock it.

    Parameters
    ----------
    kind : str
        ``"warm"``, ``"kernel"``, ``"workers"`` or ``"data"``.

    Returns
    -------
    PrivateFolder
        Its path is short enough for sockets.

    Raises
    ------
    OSError
        If no folder for temporary files can be written.
    """
    fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=_roots()[0]))
    lock = os.open(fresh / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Known by its proper name only once it is locked, so that nobody takes it for a dead owner's.
    path = fresh.with_name(f"{_PREFIX}{kind}-{fresh.name.removeprefix(_NEW)}")
    fresh.rename(path)
    return PrivateFolder(path, lock)


def sweep() -> list[Path]:
    """Remove the folders of dead owners.

    Returns
    -------
    list of Path
        What was removed.
    """
    removed = []
    for folder in _candidates():
        if _forsaken(folder):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _candidates() -> Iterator[Path]:
    for root in _roots():
        try:
            entries = list(os.scandir(root))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith((_NEW, *_KINDS)) and entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _forsaken(folder: Path) -> bool:
    try:
        about = folder.lstat()
        if about.st_uid != os.getuid() or stat.S_IMODE(about.st_mode) & 0o077:
            return False
        if folder.name.startswith(_NEW):
            return time.time() - about.st_mtime > _HOUR
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        # Its owner is just removing it, or was killed while it did.
        return folder.exists()
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
