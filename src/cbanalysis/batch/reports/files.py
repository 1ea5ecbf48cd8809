"""The files that come out of an executed notebook."""

from __future__ import annotations

import base64
from pathlib import Path

from nbformat import NotebookNode

from cbanalysis.batch.reports.naming import slug

_FILES = {"image/svg+xml": ("charts", "svg"), "image/png": ("charts", "png"), "text/csv": ("tables", "csv")}


def title(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook without its marks, ``""`` where it has none."""
    lines = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell["source"].splitlines()
    ]
    heading = next((line for line in lines if line.startswith("#")), "")
    return heading.strip("# ").replace("*", "").replace("`", "")


def extract(notebook: NotebookNode, folder: Path) -> None:
    """Write the named charts and tables of a notebook's outputs to files of their own.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; the names in its outputs' metadata become those of the files.
    folder : Path
        The report's folder; gets ``charts/*.svg``, ``charts/*.png`` and ``tables/*.csv``.
    """
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    taken: dict[str, int] = {}
    for output in outputs:
        marks = output.get("metadata", {}).get("cbanalysis")
        if not isinstance(marks, dict) or not marks.get("name"):
            continue
        kind, name = str(marks.get("kind", "")), slug(marks["name"])
        taken[f"{kind}/{name}"] = taken.get(f"{kind}/{name}", 0) + 1
        if taken[f"{kind}/{name}"] > 1:
            name = f"{name}-{taken[f'{kind}/{name}']}"
        # The page links to the file, so the notebook keeps the name that it got.
        marks["name"] = name
        for mime, (below, ending) in _FILES.items():
            if mime in output.data and below == f"{kind}s":
                text = output.data[mime]
                content = base64.b64decode(text) if ending == "png" else text.encode()
                (folder / below).mkdir(exist_ok=True)
                (folder / below / f"{name}.{ending}").write_bytes(content)
