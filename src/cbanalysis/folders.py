"""Where data/ and notebooks/ lie: inside an installed wheel, or at the root of a checkout."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

__all__ = ["DATA", "content_of", "data_folder", "notebooks_folder"]

DATA = "CBANALYSIS_DATA"
"""Environment variable that names another data folder; kernels inherit it."""

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


def data_folder() -> Path:
    """Return the data folder: the one that CBANALYSIS_DATA names, or the one that ships with the package."""
    named = os.environ.get(DATA)
    return Path(named) if named else _shipped("data")


def notebooks_folder() -> Path:
    """Return the folder of the notebooks that ship with the package."""
    return _shipped("notebooks")


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
        try:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError:
            content = "missing"
        seen.update(f"{file.name} {content}\n".encode())
    return seen.hexdigest()
