"""Where data/ and notebooks/ lie (in a study, a wheel or a checkout), and writing there in one step."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cbanalysis.common.errors import OutputError

try:
    import fcntl
except ImportError:  # pragma: no cover -- on Windows one import at a time is up to the person
    fcntl = None  # type: ignore[assignment]

MARKER = "cbanalysis.toml"
"""The file that makes a folder a study."""

STUDY_VARIABLE = "CBANALYSIS_STUDY"
"""Environment variable: the study's folder, whatever the current folder is; kernels inherit it."""

# Set where pages are made: charts are laid out for a phone, too.
PAGE_VARIABLE = "CBANALYSIS_PAGE"
DATA_VARIABLE = "CBANALYSIS_DATA"
"""Environment variable: a data folder, before any study's."""

NEW = ".new-"
"""How the name of a file or folder begins that is being written and isn't in its place yet."""

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder(name: str) -> Path:
    """Return a folder that ships with the package: ``"data"`` or ``"notebooks"``."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


def study_folder() -> Path | None:
    """Return the study that the current folder lies in, None outside of one.

    A study is a folder with a file cbanalysis.toml (`cbanalysis new` makes one); it is found by walking up
    from the current folder. `STUDY_VARIABLE` names one from anywhere.
    """
    named = os.environ.get(STUDY_VARIABLE)
    if named:
        return Path(named)
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the current folder was removed
        return None
    return next((folder for folder in (here, *here.parents) if (folder / MARKER).is_file()), None)


def data_folder(given: Path | str | None = None) -> Path:
    """Return the folder of the figures: the one given, `DATA_VARIABLE`, the study's, or what ships."""
    if given is not None:
        return Path(given)
    named = os.environ.get(DATA_VARIABLE)
    study = study_folder()
    if named:
        folder = Path(named)
    elif study is not None:
        folder = study / "data"
    else:
        return shipped_folder("data")
    # what a killed import left half done is ended before anybody reads
    recover(folder)
    return folder


def notebooks_folder() -> Path:
    """Return the folder of the notebooks: the study's where it has any, else what ships with the package."""
    study = study_folder()
    if study is not None and any((study / "notebooks").glob("*.ipynb")):
        return study / "notebooks"
    return shipped_folder("notebooks")


def outputs_folder() -> Path:
    """Return where reports go when nobody says: outputs/ of the study, else of the current folder."""
    study = study_folder()
    return Path("outputs") if study is None else study / "outputs"


@contextmanager
def shared_study(data: Path | None = None) -> Iterator[None]:
    """Tell processes that are started inside which study and data folder are meant, wherever they run.

    Parameters
    ----------
    data : Path, optional
        A data folder that goes before the study's.

    Yields
    ------
    None
        The environment is as before afterwards.
    """
    study = study_folder()
    values = {STUDY_VARIABLE: study, DATA_VARIABLE: data}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update({name: str(value.resolve()) for name, value in values.items() if value is not None})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def content_of(*files: Path) -> str:
    """Return what tells one state of some files, in a fixed order, from any other: a SHA-256.

    One that can't be read counts as missing.
    """
    seen = hashlib.sha256()
    for file in files:
        content = "missing"
        # opening a pipe would wait for somebody to write into it
        with suppress(OSError):
            if file.is_file():
                with file.open("rb") as opened:
                    content = hashlib.file_digest(opened, "sha256").hexdigest()
        seen.update(f"{file.name} {content}\n".encode())
    return seen.hexdigest()


def stamps_of(folder: Path) -> list[tuple[str, int, int]]:
    """Return the files below a folder, by name: relative path, size in bytes, time of the last change in ns.

    What is neither file nor folder, and what vanishes while it is looked at, is left out.
    """
    found = []
    for one in sorted(folder.rglob("*")):
        with suppress(OSError):
            about = one.stat()
            if stat.S_ISREG(about.st_mode):
                found.append((one.relative_to(folder).as_posix(), about.st_size, about.st_mtime_ns))
    return found


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


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
