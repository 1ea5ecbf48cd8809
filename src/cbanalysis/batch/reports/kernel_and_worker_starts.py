"""How kernels and workers are started: kernels in this very Python, warm, alone in a folder."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import make_ipkernel_cmd
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from cbanalysis.batch.kernels import QuickKernelManager, warm_kernels
from cbanalysis.batch.kernels.private_folders import make_private_folder, sweep
from cbanalysis.batch.kernels.provisioner import APPLICATION
from cbanalysis.batch.kernels.warm_process_owner import ADDRESS, ONE_THREAD, PROVISIONER_NAME, unsupported

LARGEST = 20_000_000
"""Characters of output that one report may have."""

# One thread a kernel: several kernels run side by side and would fight over the cores. The fixed hash seed
# makes the order of sets, and so outputs, the same at each run.
KERNEL_ENVIRONMENT = {
    **ONE_THREAD,
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
LOG = "kernel.log"


def kernel_manager(
    environment: Mapping[str, str], folder: Path, *, warm: bool = True
) -> type[AsyncKernelManager]:
    """Return a kernel manager class whose kernels run in this very Python, whatever kernelspecs there are.

    Parameters
    ----------
    environment : mapping
        Environment variables to add for the kernel.
    folder : Path
        Gets the connection file and sockets, and ``kernel.log`` with what the kernel process itself says.
    warm : bool
        Whether to fork it from a warm process, where that is possible.

    Returns
    -------
    type
        To be given to nbclient as ``kernel_manager_class``.
    """
    forked = {"kernel_provisioner": {"provisioner_name": PROVISIONER_NAME}}
    usual = {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}

    class ThisEnvironment(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            # No history: kernels that start together would wait for one another's lock on its database.
            extra = ["--HistoryManager.enabled=False", "--ext=cbanalysis.batch.kernels.write_guard"]
            # A character takes six bytes at the most.
            extra.append(f"--IPKernelApp.most_output={6 * LARGEST}")
            return KernelSpec(
                argv=make_ipkernel_cmd(APPLICATION, extra_arguments=extra),
                env=dict(environment),
                name=kernel_name,
                display_name="Python 3",
                language="python",
                metadata=forked if warm and not unsupported() else usual,
            )

    class Manager(QuickKernelManager):
        # Sockets of the file system can't clash with a port that another kernel has just taken.
        transport = "ipc" if os.name == "posix" else "tcp"

        def _kernel_spec_manager_default(self) -> KernelSpecManager:
            return ThisEnvironment(parent=self)

        def _connection_file_default(self) -> str:
            return str(folder / "k")

        async def start_kernel(self, **options: object) -> None:  # type: ignore[override]
            with (folder / LOG).open("ab") as log:
                await super().start_kernel(stdout=log, stderr=log, **options)

    return Manager


_MAKER = "cbanalysis.batch.reports.one_report"


def context(modules: Sequence[str] = ()) -> Any:  # noqa: ANN401 -- multiprocessing's contexts share no public type
    """Return how worker processes are started: on Linux forked from one that has imported what they need.

    Parameters
    ----------
    modules : sequence of str
        What it imports besides the maker of reports.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    found = get_context("forkserver")
    found.set_forkserver_preload([_MAKER, *modules])
    return found


@contextmanager
def ready(modules: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Bring up the warm process for kernels, and the one that workers are forked from; both import meanwhile.

    Inside another such block nothing is started.

    Parameters
    ----------
    modules : sequence of str
        What workers need besides the maker of reports.
    environment : mapping, optional
        Environment variables that kernels will have besides those of this process.
    """
    sweep()
    if os.environ.get(ADDRESS):
        yield
        return
    with warm_kernels(environment={**KERNEL_ENVIRONMENT, **(environment or {})}):
        if context(modules).get_start_method() == "forkserver":
            _bring_up_workers()
        yield


@cache
def _bring_up_workers() -> None:
    """Start what workers are forked from, its socket where a later batch clears it after a kill."""
    place = make_private_folder("workers")
    # After multiprocessing has cleared its own folder in it.
    Finalize(None, place.remove, exitpriority=-200)
    usual = tempfile.tempdir
    tempfile.tempdir = str(place.path)
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = usual
