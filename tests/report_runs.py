"""Made-up notebooks, batches of them as a shell starts them, and what lies there afterwards."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from cbanalysis.cli import main

# What differs from run to run, as the manifest's words say.
RUN = "run"
# The command with other notebooks than those that ship.
_COMMAND = """
import signal, sys
from pathlib import Path
from cbanalysis.common import folders
place = Path(sys.argv[1])
folders.notebooks_folder = lambda: place
# A suite in the background inherits an ignored SIGINT, one under nohup SIGHUP; a terminal's child doesn't.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from cbanalysis.cli import main
main(sys.argv[2:])
"""


class Inline(Executor):
    """Runs the work in this very process, so that coverage sees it."""

    def submit(self, function: Callable, /, *args: object, **options: object) -> Future:
        """Run the function at once, here."""
        future: Future = Future()
        try:
            future.set_result(function(*args, **options))
        except BrokenExecutor as fault:
            future.set_exception(fault)
        return future


def notebook(path: Path, *sources: str, parameters: str | None = "free: int = 0  # anything") -> Path:
    """Write a notebook of code cells after a heading and its parameters."""
    cells = [nbformat.v4.new_markdown_cell(f"# {path.stem}", id="heading")]
    if parameters is not None:
        tags = {"tags": ["parameters"]}
        cells.append(nbformat.v4.new_code_cell(parameters, metadata=tags, id="parameters"))
    cells += [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
    return path


def command(notebooks: Path, *words: str) -> list[str]:
    """Return the words that run ``cbanalysis`` on a folder of notebooks."""
    return [sys.executable, "-c", _COMMAND, str(notebooks), *words]


def report(
    notebooks: Path, *words: str, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``cbanalysis report`` on a folder of notebooks and return what it said."""
    return subprocess.run(
        command(notebooks, "report", *words),
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def report_here(notebooks: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Do the same in this process, which has imported everything and may share a warm process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for module in (
            "cbanalysis.cli.report_plan",
            "cbanalysis.cli.commands.report",
            "cbanalysis.batch.reports.digests_and_versions",
        ):
            patch.setattr(importlib.import_module(module), "notebooks_folder", lambda: notebooks)
        done = CliRunner().invoke(main, ["report", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def tree(folder: Path) -> list[str]:
    """Return all that lies below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _without_run(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without_run(one) for name, one in content.items() if name != RUN}
    return [_without_run(one) for one in content] if isinstance(content, list) else content


def stable(folder: Path) -> dict[str, bytes]:
    """Return each file below a folder with its bytes, but for what differs from run to run."""
    found = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        if path.name in {"run.json", "manifest.json"}:
            content = json.dumps(_without_run(json.loads(content)), indent=1).encode()
        found[path.relative_to(folder).as_posix()] = content
    return found


def outputs(made: nbformat.NotebookNode, skip: Sequence[str] = ()) -> list[list[dict[str, Any]]]:
    """Return the outputs of a notebook's code cells, but for tagged ones."""
    return [
        [json.loads(json.dumps(one)) for one in cell.outputs]
        for cell in made.cells
        if cell.cell_type == "code" and not set(skip) & set(cell.metadata.get("tags", []))
    ]
