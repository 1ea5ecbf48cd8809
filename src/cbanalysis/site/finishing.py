"""What a report's folder gets besides the runner's own files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cbanalysis.site.pages import page

__all__ = ["finish"]


def finish(folder: Path, notebook: NotebookNode, record: Mapping[str, Any]) -> None:
    """Write the page of one report.

    Parameters
    ----------
    folder : Path
        The report's.
    notebook : NotebookNode
        Executed, with the cells of one language.
    record : mapping
        What run.json says of it (see :func:`page`).
    """
    (folder / "index.html").write_text(page(notebook, record), encoding="utf-8", newline="\n")
