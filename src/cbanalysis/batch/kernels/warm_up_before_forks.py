"""What the warm process does before it forks: import, draw once, and stay alone in its process."""

from __future__ import annotations

import builtins
import gc
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

# What a kernel imports from its start to its first cell, and when it ends.
_KERNEL = (
    "cbanalysis.batch.kernels.fork_into_kernel", "ipykernel.ipkernel", "ipykernel.zmqshell",
    "ipykernel.debugger",
    "ipykernel.datapub", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.magics", "IPython.core.oinspect", "IPython.core.pylabtools",
    "IPython.extensions.storemagic", "IPython.utils.wildcard", "faulthandler", "pdb", "psutil", "sqlite3",
    "tornado.platform.asyncio",
)  # fmt: skip
# It looks for the running kernel when it is imported, and finds none here: then inline charts are lost.
_NOT_HERE = "matplotlib_inline"
# They start threads when they are imported, and others import them if they happen to be installed; a kernel
# that wants them imports them itself.
_AFTERWARDS = ("polars",)
_SELF = Path("/proc/self/task")


class WarmingError(Exception):
    """The process can't be made ready to fork kernels."""


def threads() -> list[str]:
    """Return the names of this process's threads as the operating system knows them."""
    found = []
    for task in _SELF.iterdir():
        try:
            found.append((task / "comm").read_text().strip())
        except OSError:
            continue
    return found


def warm_up(modules: Sequence[str]) -> Iterator[None]:
    """Import what notebooks need, in steps after each of which the process can be forked.

    Parameters
    ----------
    modules : sequence of str
        Names of modules, or ``"module:function"`` to call without arguments.

    Yields
    ------
    None
        After what any kernel needs, and after each module.

    Raises
    ------
    WarmingError
        If something can't be imported, or leaves a thread or a figure behind.
    """
    for names in (_KERNEL, *zip(modules)):
        with absent(_AFTERWARDS), _as_in_a_kernel():
            for name in names:
                _import(name)
        _forget(_NOT_HERE)
        _check_alone()
        yield
    if "matplotlib" in sys.modules:
        _draw_once()
        _forget(_NOT_HERE)
        _check_alone()
    # What is here now is shared with every kernel; a collection that visited it would copy it into each.
    gc.collect()
    gc.freeze()


def _import(name: str) -> None:
    module, _, function = name.partition(":")
    try:
        imported = import_module(module)
        if function:
            getattr(imported, function)()
    except ImportError as fault:
        if name in _KERNEL and getattr(fault, "name", None) == module:
            return  # not every version of ipykernel has it
        raise WarmingError(f"{name} can't be imported: {fault}") from fault
    except Exception as fault:
        raise WarmingError(f"{name} fails: {type(fault).__name__}: {fault}") from fault


@contextmanager
def absent(packages: Sequence[str]) -> Iterator[None]:
    """Let packages seem not installed inside the block, unless they are loaded already.

    Parameters
    ----------
    packages : sequence of str
        Their names.
    """
    hidden = [one for one in packages if one not in sys.modules]
    for one in hidden:
        sys.modules[one] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for one in hidden:
            del sys.modules[one]


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let modules find a kernel: pandas, for one, would take this for a terminal for good."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def _draw_once() -> None:
    """Load fonts and what else is loaded with the first picture, without a trace in pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 -- only where it is wanted
    from matplotlib.backends.registry import backend_registry  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    # Asks every installed package for backends; otherwise each kernel does when it is told its backend.
    backend_registry.list_all()  # type: ignore[no-untyped-call]
    figure = Figure(figsize=(2, 2))
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.barh(["Đảng bộ xã", "Chi bộ"], [1, 2], label="2012")
    axes.set_title("Tỉ lệ (%)", weight="bold")
    axes.legend()
    canvas.print_png(BytesIO())  # type: ignore[no-untyped-call]


def _forget(package: str) -> None:
    for name in [one for one in sys.modules if one == package or one.startswith(f"{package}.")]:
        del sys.modules[name]


def _check_alone() -> None:
    if "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums():
        raise WarmingError("a module leaves a pyplot figure behind when it is imported")
    # Matplotlib, for one, has a thread for a moment when it builds its list of fonts.
    for _ in range(100):
        running = threads()
        if len(running) == 1:
            return
        time.sleep(0.01)
    raise WarmingError(f"a module starts threads when it is imported: {', '.join(sorted(running)[:5])}")


class Sources:
    """The files that were imported, to know when they change: a new kernel must see an edited module."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int] | None] = {}
        self.note()

    def note(self) -> None:
        """Take down the files that were imported since the last time."""
        self._seen = {
            **{path: self._stamp(path) for path in self._paths() if path not in self._seen},
            **self._seen,
        }

    def changed(self) -> str:
        """Return the name of a file or folder that changed since, "" if none did."""
        return next((path for path, stamp in self._seen.items() if self._stamp(path) != stamp), "")

    @staticmethod
    def _paths() -> Iterator[str]:
        # Of installed packages the folder shows that one came or went; of a checkout each file counts.
        installed = [one for one in sys.path if one.endswith(("site-packages", "dist-packages"))]
        yield from installed
        library = (sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))  # noqa: PTH120 -- strings to compare
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if file and file.endswith(".py") and not file.startswith((*installed, *library)):
                yield file

    @staticmethod
    def _stamp(path: str) -> tuple[int, int] | None:
        try:
            about = os.stat(path)  # noqa: PTH116 -- many at each fork
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size
