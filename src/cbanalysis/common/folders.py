"""Where data/ and notebooks/ lie: in a study of one's own, inside an installed wheel, or in a checkout."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cbanalysis.common.errors import OutputError
from cbanalysis.common.transactions import recover

__all__ = [
    "DATA_VARIABLE",
    "MARKER",
    "NEW",
    "STUDY_VARIABLE",
    "content_of",
    "data_folder",
    "notebooks_folder",
    "outputs_folder",
    "shared_study",
    "shipped_folder",
    "stamps_of",
    "study_folder",
    "write_aside",
    "write_new",
]

MARKER = "cbanalysis.toml"
"""The file that makes a folder a study."""

STUDY_VARIABLE = "CBANALYSIS_STUDY"
"""Environment variable: the study's folder, whatever the current folder is; kernels inherit it."""

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


def data_folder() -> Path:
    """Return the folder of the figures: `DATA_VARIABLE`, else the study's, else what ships with us."""
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
    """Return what tells one state of some files from any other.

    Parameters
    ----------
    *files : Path
        In a fixed order; one that can't be read counts as missing.

    Returns
    -------
    str
        SHA-256 of their names and contents.
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
