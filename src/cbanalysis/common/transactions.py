"""Change several files of a folder in one step: a crash at any moment leaves the old state or the new one."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

try:
    import fcntl
except (
    ImportError
):  # pragma: no cover -- Windows has no flock; there one import at a time is up to the person
    fcntl = None  # type: ignore[assignment]

__all__ = ["locked", "recover", "write_together"]


def _beside(folder: Path, ending: str) -> Path:
    # Beside the folder, not in it: what lies in the folder is its content and nothing else.
    return folder.parent / f".{folder.name}.{ending}"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the one lock of a folder; the system lets go of it also when the process is killed.

    Parameters
    ----------
    folder : Path
        The folder whose files are about to change. What a killed process left half done is ended first.

    Yields
    ------
    None
        While nobody else changes the folder in this way.

    Raises
    ------
    OSError
        If the place beside the folder can't be written to.
    """
    folder = folder.resolve()
    with _beside(folder, "lock").open("a") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        _finish(folder)
        yield


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace or add several files of a folder: all of them or none.

    The new files are written beside the folder and made durable; one rename says that they count; then each
    is moved into its place, in the order given. A process that is killed before the rename changed nothing;
    after it `recover` (which every later opening calls) moves the rest.

    Parameters
    ----------
    folder : Path
        The folder; the caller holds its lock (`locked`).
    contents : mapping of str to bytes
        File name to content.

    Raises
    ------
    OSError
        If the files can't be written; then nothing changed.
    """
    folder = folder.resolve()
    staging, ready = _beside(folder, "staging"), _beside(folder, "journal")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        staging.mkdir()
        for place, (name, content) in enumerate(contents.items()):
            with (staging / f"{place:03d}.{name}").open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _settle(staging)
        staging.rename(ready)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _settle(folder.parent)
    _finish(folder)


def recover(folder: Path) -> None:
    """End what a killed process began: move its files into place if they count, or forget them.

    Parameters
    ----------
    folder : Path
        The folder. Where nothing was left behind this costs two looks at the file system.

    Raises
    ------
    OSError
        If the files can't be moved.
    """
    folder = folder.resolve()
    if _beside(folder, "journal").exists() or _beside(folder, "staging").exists():
        with locked(folder):
            pass


def _finish(folder: Path) -> None:
    ready = _beside(folder, "journal")
    if ready.is_dir():
        for file in sorted(ready.iterdir()):
            file.replace(folder / file.name.partition(".")[2])
        _settle(folder)
        ready.rmdir()
    shutil.rmtree(_beside(folder, "staging"), ignore_errors=True)


def _settle(folder: Path) -> None:
    """Make names in a folder durable, where the system opens folders: Windows doesn't."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
