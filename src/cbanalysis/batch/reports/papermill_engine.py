"""Our engine for papermill: its own, with an eye on memory, on how kernels end and on floods of output."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import papermill.execute
from jupyter_core.utils import ensure_async
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.iorw import write_ipynb
from papermill.translators import PythonTranslator, papermill_translators

from cbanalysis.batch.reports.kernel_and_worker_starts import LARGEST
from cbanalysis.batch.reports.notebook_files import hide_places, join_streams, without_places

ENGINE = "cbanalysis"
SILENT = 60.0
"""Seconds in which the output channel may be silent although the cell has ended."""
_LAST_WORD = 5.0  # seconds in which an interrupted cell may still reply


class Flooded(Exception):
    """A notebook wrote more output than a report can hold."""


class OutputLost(Exception):
    """Some of what a cell wrote never came."""


@dataclass
class Watch:
    """What is seen of a notebook while it runs.

    Attributes
    ----------
    notebook : NotebookNode or None
        As far as it came.
    running : NotebookNode or None
        The cell that is under way, or that ended the notebook.
    error : CellExecutionError or None
        What that cell raised without being allowed to.
    peak : int or None
        Bytes of memory that its kernel held at the most; None where the system doesn't tell.
    ended : int or None
        How the kernel ended by itself; negative for a signal.
    places : tuple of Path
        Folders whose paths a page must not show.
    guards : mapping
        What kept it to its own files, and from the network.
    """

    notebook: NotebookNode | None = None
    running: NotebookNode | None = None
    error: CellExecutionError | None = None
    peak: int | None = None
    ended: int | None = None
    places: tuple[Path, ...] = ()
    guards: Mapping[str, str] = field(default_factory=dict)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client; cells, their order and their outputs are its own."""

    watch: Watch
    received = 0
    _silent = False
    _stopping: asyncio.Future[None] | None = None

    def papermill_execute_cells(self) -> None:
        """Run all cells, as papermill does."""
        try:
            super().papermill_execute_cells()
        finally:
            process = getattr(self.km.provisioner, "process", None)
            self.watch.peak = _peak(getattr(process, "pid", None))
            self.watch.ended = process.poll() if process is not None else None
            self._check()

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:  # noqa: ANN401
        """Run a cell, as nbclient does; after a flood no other is run."""
        self.watch.running = cell
        work = Path(self.resources.get("metadata", {}).get("path") or ".")
        places = (work, work.parent, *self.watch.places)
        try:
            made: NotebookNode = super().execute_cell(cell, cell_index, **options)
        except CellExecutionError as error:
            error.evalue = without_places(str(error.evalue), places)
            self.watch.error = error
            raise
        finally:
            if self._stopping is not None:
                self._stopping.cancel()
            join_streams(cell)
            hide_places(cell, places)
        self._check()
        self.watch.running = None
        return made

    def _check(self) -> None:
        if self.received > LARGEST:
            raise Flooded(f"the cell wrote more than {LARGEST // 1_000_000} MB of output")
        missing = getattr(self.kc, "missing", 0)
        if missing:
            raise OutputLost(f"{missing} messages with output of the cell were lost on their way")
        if self._silent:
            raise OutputLost(f"the output channel was silent for {SILENT:g} s after the cell had ended")

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: NotebookNode, cell_index: int) -> None:
        """Take what a cell sends until it is complete; silence counts only once the cell has ended."""
        while True:
            try:
                message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=SILENT))
            except Empty:
                # Noted by nbclient when the reply came.
                if "shell.execute_reply" in cell.metadata.get("execution", {}):
                    self._silent = True
                    return
                continue
            if message["parent_header"].get("msg_id") == parent_msg_id:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    return

    def process_message(self, message: Mapping[str, Any], cell: NotebookNode, cell_index: int) -> Any:  # noqa: ANN401
        """Take what a cell sends, up to the limit; beyond it the cell is interrupted."""
        if message["msg_type"] != "status":
            before, self.received = self.received, self.received + _size(message["content"])
            if self.received > LARGEST:
                cell.outputs = []
                if before <= LARGEST:
                    self._stopping = asyncio.ensure_future(self._stop())
                return None
        return super().process_message(message, cell, cell_index)

    async def _stop(self) -> None:
        """Interrupt the cell; don't wait for a reply that the interruption may have hit itself."""
        await ensure_async(self.km.interrupt_kernel())
        await asyncio.sleep(_LAST_WORD)
        self.task_poll_for_reply.cancel()


def _size(content: Mapping[str, Any]) -> int:
    said = [*content.get("data", {}).values(), content.get("text", ""), content.get("evalue", "")]
    return sum(len(str(one)) for one in (*said, *content.get("traceback", ())))


def _peak(process: int | None) -> int | None:
    """Return the most memory that a process has held, in bytes; None where the system doesn't tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    told = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(told[0]) * 1024 if told else None


class _Engine(NBClientEngine):  # type: ignore[misc]
    """Runs the notebook with :class:`_Client`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        watch: Watch,
        **options: Any,  # noqa: ANN401 -- nbclient's
    ) -> None:
        """Run all cells; options are nbclient's.

        Raises
        ------
        Flooded
            If there is more output than a report can hold.
        """
        watch.notebook = nb_man.nb
        for unused in ("input_path", "log_output", "stdout_file", "stderr_file"):
            options.pop(unused, None)
        client = _Client(
            nb_man, kernel_name=kernel_name, startup_timeout=options.pop("start_timeout"), **options
        )
        client.watch = watch
        client.execute()


class _Translator(PythonTranslator):  # type: ignore[misc]
    """papermill's translation of parameters, but letters stay letters: the cell is there to be read."""

    @classmethod
    def translate_escaped_str(cls, str_val: object) -> str:
        """Return a string as Python reads it; only what can't be printed is escaped."""
        text = str(str_val).replace("\\", r"\\").replace('"', r"\"")
        letters = (one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
        return f'"{"".join(letters)}"'


def _written(notebook: NotebookNode, path: str | None) -> None:
    """Write a notebook as papermill does, but not to nowhere: it would still be made a text of."""
    if path is not None:
        write_ipynb(notebook, path)


papermill.execute.write_ipynb = _written
papermill_engines.register(ENGINE, _Engine)
papermill_translators.register("python", _Translator)
