"""Files written in one step: one, a new one, or several of a folder together, all of them or none."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cbanalysis.common.errors import OutputError

try:
    import fcntl
except ImportError:  # pragma: no cover -- on Windows one import at a time is up to the person
    fcntl = None  # type: ignore[assignment]

NEW = ".new-"
"""How the name of a file or folder begins that is being written and isn't in its place yet."""


def write_aside(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there in one step, whoever else is writing it.

    Parameters
    ----------
    path : Path
        Where it belongs.
    content : str or bytes
        What it will hold; text is written as UTF-8.

    Raises
    ------
    OutputError
        If it can't be written; what was there before stays.
    """
    with _aside(path, content) as aside:
        aside.replace(path)


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file that isn't there yet: beside its place, and into it once it is whole.

    Parameters
    ----------
    path : Path
        Where it belongs.
    content : str or bytes
        What it will hold; text is written as UTF-8.

    Raises
    ------
    FileExistsError
        If it is there; it stays as it is.
    OutputError
        If it can't be written; then there is none.
    """
    if path.exists() or path.is_symlink():
        raise FileExistsError(path)
    with _aside(path, content) as aside:
        try:
            # unlike a move, a link never takes the place of what came there in the meantime
            path.hardlink_to(aside)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            aside.rename(path)


@contextmanager
def _aside(path: Path, content: str | bytes) -> Iterator[Path]:
    """Write a file beside its place; what isn't moved is gone afterwards."""
    aside = path.with_name(f"{NEW}{secrets.token_hex(8)}")
    try:
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        yield aside
    except FileExistsError:
        raise
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise OutputError(f"can't write {path}: {reason}", reason) from fault
    finally:
        with suppress(OSError):
            aside.unlink()


def _beside(folder: Path, ending: str) -> Path:
    # Beside the folder, not in it: what lies in the folder is its content and nothing else.
    return folder.parent / f".{folder.name}.{ending}"


@contextmanager
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
