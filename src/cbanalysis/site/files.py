"""Small files of the output folder: read if they can be, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cbanalysis.errors import OutputError

__all__ = ["put", "read"]


def read(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def put(path: Path, text: str) -> Path:
    """Write a text file beside its place and move it there in one step.

    Raises
    ------
    OutputError
        If it can't be written.
    """
    aside = path.with_name(f".{path.name}")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        return aside.replace(path)
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise OutputError(f"can't write {path}: {fault.strerror or fault}") from fault
