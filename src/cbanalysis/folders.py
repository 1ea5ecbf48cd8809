"""Where data/ and notebooks/ lie: inside an installed wheel, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["data_folder", "notebooks_folder"]

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


def data_folder() -> Path:
    """Return the folder of the published figures that ship with the package."""
    return _shipped("data")


def notebooks_folder() -> Path:
    """Return the folder of the notebooks that ship with the package."""
    return _shipped("notebooks")
