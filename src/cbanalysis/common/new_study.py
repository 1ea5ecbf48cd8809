"""A study of one's own: a folder with own data/, outputs/ and a marker that every command finds."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path

import cbanalysis
from cbanalysis.common.atomic_writes import NEW
from cbanalysis.common.errors import OutputError
from cbanalysis.common.folders import MARKER, shipped_folder

# The codebook and the data package are made from the other files; these would soon be out of date.
_GENERATED = ("README.md", "datapackage.json")
_FIGURES = ("observations.csv", "sources.csv", "acknowledged.csv", "vietnamese.csv")

_TEXT = """\
# This file makes the folder a study: every cbanalysis command and notebook below it reads data/ here.

[study]
made_with = "{version}" # version of cbanalysis
published = {published} # whether data/ began with the figures that ship with cbanalysis
"""


def new_study(folder: Path, *, published: bool = True, notebooks: bool = False) -> Path:
    """Make a folder a study.

    Parameters
    ----------
    folder : Path
        A new folder, or an empty one.
    published : bool
        Whether its data/ begins with the published figures, so that own ones stand beside them; else it
        begins without figures (the indicators, provinces and rating schemes are there in both cases).
    notebooks : bool
        Whether to copy the notebooks, to change them; else those that ship with the package are used.

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    OutputError
        If there is something in it already, or it can't be written.
    """
    place = folder.resolve()
    if place.exists() and (not place.is_dir() or _filled(place)):
        if (place / MARKER).exists():
            raise OutputError(f"{folder} is a study already; name a new folder")
        raise OutputError(f"{folder} is not empty; name a new folder")
    made = not place.exists()
    aside = place / f"{NEW}{secrets.token_hex(8)}"
    try:
        aside.mkdir(parents=True)
        _fill(aside, published=published, notebooks=notebooks)
        # the marker comes last: a half-made folder is no study
        for part in sorted(aside.iterdir(), key=lambda one: one.name == MARKER):
            part.replace(place / part.name)
    except OSError as error:
        reason = _reason(error)
        if place.is_dir():
            for part in place.iterdir():
                if part.is_dir():
                    shutil.rmtree(part, ignore_errors=True)
                    continue
                part.unlink(missing_ok=True)
            if made:
                shutil.rmtree(place, ignore_errors=True)
        raise OutputError(f"{folder} can't be made: {reason}", reason) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return place


def _filled(place: Path) -> bool:
    """Return whether a folder holds more than what a study leaves that was killed while it was made."""
    return any(not part.name.startswith(NEW) for part in place.iterdir())


def _fill(folder: Path, *, published: bool, notebooks: bool) -> None:
    shutil.copytree(shipped_folder("data"), folder / "data", ignore=shutil.ignore_patterns(*_GENERATED))
    if not published:
        for name in _FIGURES:
            table = folder / "data" / name
            table.write_bytes(table.read_bytes().split(b"\n", 1)[0] + b"\n")
    (folder / "outputs").mkdir()
    if notebooks:
        _copy_notebooks(folder)
    text = _TEXT.format(version=cbanalysis.__version__, published=str(published).lower())
    (folder / MARKER).write_text(text, encoding="utf-8")


def _reason(error: OSError) -> str:
    """Return why the system refuses; copying a folder gathers the reasons of all its files."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2])
    return error.strerror or str(error)


def add_notebooks(folder: Path) -> bool:
    """Give a study or checkout copies of the notebooks, if it has none.

    Parameters
    ----------
    folder : Path
        The study.

    Returns
    -------
    bool
        Whether they were copied.

    Raises
    ------
    OutputError
        If they can't be written; then there are none.
    """
    place = folder / "notebooks"
    if any(place.glob("*.ipynb")):
        return False
    try:
        _copy_notebooks(folder)
    except OSError as error:
        raise OutputError(f"{place} can't be made: {_reason(error)}") from error
    return True


def _copy_notebooks(folder: Path) -> None:
    # into place in one step: a half-made folder would look like a study with notebooks of its own
    aside = Path(tempfile.mkdtemp(prefix=NEW, dir=folder))
    try:
        hidden = shutil.ignore_patterns(".*")
        shutil.copytree(shipped_folder("notebooks"), aside, ignore=hidden, dirs_exist_ok=True)
        if (folder / "notebooks").is_dir():
            (folder / "notebooks").rmdir()
        aside.replace(folder / "notebooks")
    finally:
        shutil.rmtree(aside, ignore_errors=True)
