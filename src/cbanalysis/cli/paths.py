"""Paths as the terminal shows them."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> Path:
    """Return a path as seen from the current folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
