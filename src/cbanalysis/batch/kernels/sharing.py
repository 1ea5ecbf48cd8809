"""One warm process for all kernels of a block of code, and of the processes it starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory

from cbanalysis.batch.kernels.messages import Recipe
from cbanalysis.batch.kernels.process import ADDRESS, MODULES, Status, WarmProcess, say_once, unsupported

PROVISIONER_NAME = "cbanalysis-warm"


@dataclass(frozen=True)
class WarmKernels:
    """What :func:`warm_kernels` gives.

    Attributes
    ----------
    process : WarmProcess or None
        None where kernels are ordinary ones.
    environment : mapping
        Variables that make Jupyter fork kernels from it; other processes of the same user on this machine
        inherit them or set them. Empty where kernels are ordinary ones.
    reason : str
        Why kernels are ordinary ones, "" if they are not.
    """

    process: WarmProcess | None
    environment: Mapping[str, str]
    reason: str = ""

    def status(self) -> Status | None:
        """Return how the warm process is, once it is ready; None if there is none (any more)."""
        with suppress(OSError):
            return self.process.status() if self.process is not None else None
        return None


@contextmanager
def warm_kernels(
    modules: Sequence[str] = MODULES,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Iterator[WarmKernels]:
    """Have the Python kernels of this process, and of those it starts, forked from one warm process.

    papermill, nbclient and nbval need not know: kernels whose specification names no provisioner get ours.
    Where kernels can't be forked they are ordinary ones, and one line in the log says so.

    Parameters
    ----------
    modules : sequence of str
        What the warm process imports, or ``"module:function"`` to import and call without arguments.
    environment : mapping, optional
        Environment variables that the kernels will have besides those of this process.
    options : sequence of str
        The interpreter's options in the kernels' command.

    Yields
    ------
    WarmKernels
        Its ``environment`` is set already while the block runs.

    Examples
    --------
    >>> with warm_kernels(modules=()) as warm:
    ...     bool(warm.environment) or warm.reason != ""
    True
    """
    reason = unsupported()
    process = None
    if not reason:
        full = {**os.environ, **(environment or {})}
        try:
            process = WarmProcess(Recipe.of(sys.executable, options, full), modules, full)
        except OSError as fault:
            reason = f"the warm process can't start: {fault}"
    if process is None:
        say_once(f"ordinary kernels are used: {reason}")
        yield WarmKernels(None, {}, reason)
        return
    variables = {
        KernelProvisionerFactory.default_provisioner_name_env: PROVISIONER_NAME,
        ADDRESS: process.address,
    }
    try:
        with _set(variables):
            yield WarmKernels(process, variables)
    finally:
        process.stop()


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while, and Jupyter's factory if it has read them already."""
    before: dict[str, Any] = {name: os.environ.get(name) for name in variables}
    factory = KernelProvisionerFactory.instance() if KernelProvisionerFactory.initialized() else None
    default = factory.default_provisioner_name if factory is not None else ""
    os.environ.update(variables)
    if factory is not None:
        factory.default_provisioner_name = PROVISIONER_NAME
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        # A factory that was made meanwhile has read our name.
        if KernelProvisionerFactory.initialized():
            usual = before[KernelProvisionerFactory.default_provisioner_name_env] or "local-provisioner"
            KernelProvisionerFactory.instance().default_provisioner_name = default or usual
