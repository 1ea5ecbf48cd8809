"""The notebooks' stored outputs: the same inputs give the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from cbanalysis.batch.reports.kernel_and_worker_starts import KERNEL_ENVIRONMENT, kernel_manager
from cbanalysis.batch.reports.notebook_files import join_streams, read_notebook
from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import ReportError

_METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def store_outputs(paths: Sequence[Path], *, time_limit: float = 600.0) -> list[Path]:
    """Run notebooks with the parameters they hold and store their outputs in them.

    Nothing is written before all of them ran; each file is replaced in one step. What differs from run to
    run (times, versions) isn't stored. Of a chart's two pictures the PNG is: code hosts and notebooks that
    nobody has trusted yet show no other, and both make the file more than twice as large.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks.
    time_limit : float
        Seconds that a cell may take.

    Returns
    -------
    list of Path
        Those whose file changed.

    Raises
    ------
    ReportError
        If a notebook fails; names the cell.
    OutputError
        If a notebook can't be written.
    """
    texts = {path: _executed(path, time_limit) for path in paths}
    changed = [path for path, text in texts.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        write_aside(path, texts[path])
    return changed


def _executed(path: Path, time_limit: float) -> str:
    notebook = read_notebook(path)
    with tempfile.TemporaryDirectory(prefix="cb-") as folder:
        environment = {**KERNEL_ENVIRONMENT, "IPYTHONDIR": folder}
        manager, place = kernel_manager(environment, Path(folder)), {"metadata": {"path": folder}}
        client = NotebookClient(
            notebook, kernel_manager_class=manager, timeout=int(time_limit), resources=place
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise ReportError(path.stem, f"{error.ename}: {error.evalue}", _failing(notebook)) from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise ReportError(path.stem, str(error).splitlines()[0], _failing(notebook)) from error
    for cell in notebook.cells:
        join_streams(cell)
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data.pop("image/svg+xml", None)
                output.metadata.pop("image/svg+xml", None)
        cell.metadata.pop("execution", None)
    notebook.metadata = NotebookNode(_METADATA)  # type: ignore[no-untyped-call]
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]


def _failing(notebook: NotebookNode) -> int | None:
    started = [
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.metadata.get("execution") or cell.get("execution_count")
    ]
    return started[-1] if started else None
