"""Real kernels for tests: start one, ask it for values, and look for what is left behind."""

from __future__ import annotations

import ast
import itertools
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from nbformat import NotebookNode

MARK = "CBANALYSIS_TEST_MARK"
# Nothing but what any kernel needs, so that a warm process is ready soon.
BARE = ()


def ask(client: BlockingKernelClient, expression: str, before: str = "") -> Any:
    """Run code in a kernel, then return the value of an expression in it."""
    reply = client.execute(before, user_expressions={"value": expression}, reply=True, timeout=60)
    answer = reply["content"]["user_expressions"]["value"]
    assert answer["status"] == "ok", answer
    return ast.literal_eval(answer["data"]["text/plain"])


def complete(client: BlockingKernelClient, code: str) -> list[str]:
    """Return what the Tab key offers at the end of some code."""
    return client.complete(code, len(code), reply=True, timeout=60)["content"]["matches"]


def told(client: BlockingKernelClient, code: str) -> str:
    """Run code in a kernel and return what a reader is shown of errors, "" without one; no colours."""
    shown: list[str] = []

    def hook(message: dict[str, Any]) -> None:
        if message["msg_type"] == "error":
            shown.extend(message["content"]["traceback"])

    client.execute_interactive(code, output_hook=hook, timeout=60)
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(shown))


_PORTS = itertools.count(20_000 + os.getpid() * 16 % 12_000)


def own_port() -> int:
    """Return a free port that no other test is given; the system itself hands out those from 32,768 on."""
    for port in _PORTS:
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise AssertionError


def environment() -> dict[str, str]:
    """Return the environment without the word that makes ipykernel leave standard output alone."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@contextmanager
def kernel(provisioner: str = "", **options: Any) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Give a kernel that has started, with a client, and shut it down in the end."""
    manager = KernelManager()
    if provisioner:
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner}
    manager.start_kernel(**{"env": environment(), **options})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield manager, client
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel()
        manager.cleanup_resources()


def parent_of_a_kernel(_: int) -> tuple[int, int]:
    """Return this process, and the parent of a kernel that it starts."""
    with kernel() as (_, client):
        return os.getpid(), ask(client, "__import__('os').getppid()")


def notebook(*sources: str | tuple[str, str], kernel_name: str = "python3") -> NotebookNode:
    """Return a notebook of code cells; a pair is a cell and its tag."""
    import nbformat  # takes seconds, and processes that only start a kernel don't need it

    cells = []
    for number, source in enumerate(sources, start=1):
        code, *tags = (source,) if isinstance(source, str) else source
        cell = nbformat.v4.new_code_cell(code, metadata={"tags": tags}, id=f"cell-{number}")
        cell.execution_count = number
        cells.append(cell)
    spec = {"name": kernel_name, "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


def outputs(made: NotebookNode) -> list[list[dict[str, Any]]]:
    """Return the outputs of a notebook cell by cell."""
    return [[dict(output) for output in cell.outputs] for cell in made.cells]


def marked(mark: str) -> dict[int, str]:
    """Return the processes that were started with a mark in their environment, with their commands."""
    found = {}
    for process in Path("/proc").iterdir():
        try:
            environment = (process / "environ").read_bytes() if process.name.isdigit() else b""
            if f"{MARK}={mark}".encode() in environment.split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                found[int(process.name)] = f"{state} {command}"
        except OSError:
            continue
    return found


def runs(process: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait until something holds; return whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@contextmanager
def short_folder() -> Iterator[Path]:
    """Give a folder for temporary files whose path leaves room for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="cbtest-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leftovers(folder: Path) -> list[str]:
    """Return what kernels have left in a folder for temporary files."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("cbanalysis-"))
