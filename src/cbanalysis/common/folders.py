"""Where the study, its data/, notebooks/ and outputs/ lie, or what ships with the package."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cbanalysis.common.atomic_writes import recover

MARKER = "cbanalysis.toml"
"""The file that makes a folder a study."""

STUDY_VARIABLE = "CBANALYSIS_STUDY"
"""Environment variable: the study's folder, whatever the current folder is; kernels inherit it."""

# Set where pages are made: charts are laid out for a phone, too.
PAGE_VARIABLE = "CBANALYSIS_PAGE"
DATA_VARIABLE = "CBANALYSIS_DATA"
"""Environment variable: a data folder, before any study's."""


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
