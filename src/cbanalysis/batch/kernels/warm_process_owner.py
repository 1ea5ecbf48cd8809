"""The warm process as its owner sees it: started, shared with others or one's own, asked, stopped."""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory

from cbanalysis.batch.kernels.private_folders import PrivateFolder, make_private_folder, sweep
from cbanalysis.batch.kernels.socket_messages import Lines, Recipe, receive, same_user, send
from cbanalysis.batch.kernels.write_guard import WRITES

ADDRESS = "CBANALYSIS_WARM_KERNELS"

# Named, not imported: this module knows nothing of the others.
MODULES = (
    "numpy", "pandas", "scipy.stats", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "matplotlib.pyplot", "cbanalysis", "cbanalysis.dataset.load", "cbanalysis.statistics.rates",
    "cbanalysis.statistics.audit", "cbanalysis.display.charts", "cbanalysis.display.tables",
    "cbanalysis.display.notes", "cbanalysis.lab.warm_up:warm_up",
)  # fmt: skip

_POOLS = ("OPENBLAS", "OMP", "MKL", "NUMEXPR")
ONE_THREAD = dict.fromkeys((f"{one}_NUM_THREADS" for one in _POOLS), "1")
"""The environment in which each pool of threads has one."""
# For the warm process only; each kernel gets its own environment.
_ENVIRONMENT = {
    # With other threads running, a process can't be forked safely.
    **ONE_THREAD,
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # Not a word about the debugger's limits: the last line of the log should say why the process died.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Read when modules are loaded, but meant for one kernel: what is loaded here is no question of a report.
_FOR_ONE_KERNEL = {
    "CBANALYSIS_PAGE", "CBANALYSIS_TRACE", "JPY_PARENT_PID", "JPY_SESSION_NAME", "MPLBACKEND", ADDRESS,
    WRITES,
}  # fmt: skip
_PATIENCE = 10.0
_BACKLOG = 1024

_logger = logging.getLogger("cbanalysis.batch.kernels")


@cache
def say_once(line: str) -> None:
    """Say in the log, once in the life of this process, that kernels are ordinary ones and why.

    Parameters
    ----------
    line : str
        What to say.
    """
    _logger.warning(line)


def unsupported(platform: str = sys.platform) -> str:
    """Return why kernels can't be forked on this system, "" where they can.

    Parameters
    ----------
    platform : str
        As in ``sys.platform``.

    Returns
    -------
    str
        The reason in words.
    """
    if platform == "linux":
        return ""
    if platform == "darwin":
        return "macOS's libraries don't bear a fork"
    return f"{platform} can't fork as Linux does"


def connect(address: str) -> socket.socket:
    """Return a connection to a warm process.

    Parameters
    ----------
    address : str
        The path of its socket.

    Returns
    -------
    socket
        Waits at most ten seconds for anything.

    Raises
    ------
    OSError
        If nobody listens there, or another user does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_PATIENCE)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    if same_user(connection) is None:
        connection.close()
        raise PermissionError(f"{address} belongs to another user")
    return connection


@dataclass(frozen=True)
class Status:
    """How a warm process is.

    Attributes
    ----------
    pid : int
        Its process id.
    threads : int
        Its threads, as the operating system counts them.
    kernels : tuple of int
        Process ids of the kernels that run.
    forked : int
        How many kernels it has forked so far.
    resident : int
        Bytes of memory it holds.
    problem : str
        Why it can't fork kernels, "" if it can.
    """

    pid: int
    threads: int
    kernels: tuple[int, ...]
    forked: int
    resident: int
    problem: str


class WarmProcess:
    """A process that has imported what notebooks need, and forks kernels when it is asked to.

    It ends, with all of its kernels, when its owner does, however that comes about.

    Parameters
    ----------
    recipe : Recipe
        Interpreter, options and start-up environment of the kernels.
    modules : sequence of str
        What to import, or ``"module:function"`` to import and call without arguments.
    environment : mapping
        All environment variables to start with.
    at_once : bool
        Whether the first kernel, if it is asked for before all is imported, is forked from what is there.

    Raises
    ------
    OSError
        If it can't be started.
    """

    def __init__(
        self, recipe: Recipe, modules: Sequence[str], environment: Mapping[str, str], *, at_once: bool = False
    ) -> None:
        sweep()
        self.owner = os.getpid()
        self._place: PrivateFolder = make_private_folder("warm")
        self.address = str(self._place.path / "socket")
        self.log: Path = self._place.path / "log"
        # Bound before it runs, so that kernels can be asked for while it still imports.
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(self.address)
            listener.listen(_BACKLOG)
            wishes = {"modules": list(modules), "options": list(recipe.options), "at_once": at_once}
            self._process = self._start(recipe, wishes, environment, listener)
        except BaseException:
            self._place.remove()
            raise
        finally:
            listener.close()
        self._place.unlock()

    def _start(
        self,
        recipe: Recipe,
        wishes: Mapping[str, Any],
        environment: Mapping[str, str],
        listener: socket.socket,
    ) -> subprocess.Popen[bytes]:
        order = {
            **wishes,
            "owner": self.owner,
            "listener": listener.fileno(),
            "lock": self._place.lock,
            "place": str(self._place.path),
        }
        command = [recipe.python, *recipe.options, "-m", "cbanalysis.batch.kernels", json.dumps(order)]
        kept = {name: value for name, value in environment.items() if name not in _FOR_ONE_KERNEL}
        with self.log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
                command,
                stdin=subprocess.PIPE,  # its end tells that the owner is gone
                stdout=log,
                stderr=log,
                pass_fds=(listener.fileno(), self._place.lock),
                env={**kept, **_ENVIRONMENT},
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Return whether it runs."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """Return the last line it wrote, "" if there is none."""
        with suppress(OSError):
            lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return lines[-1].strip() if lines else ""
        return ""

    def status(self) -> Status:
        """Return how it is, once it is ready.

        Returns
        -------
        Status

        Raises
        ------
        OSError
            If it is gone.
        """
        with connect(self.address) as connection:
            connection.settimeout(60)
            send(connection, {"ask": "status"})
            lines = Lines()
            while part := receive(connection)[0]:
                for message in lines.feed(part):
                    message.pop("say")
                    return Status(**{**message, "kernels": tuple(message["kernels"])})
        raise ConnectionResetError("the warm process ended")

    def retire(self) -> None:
        """Let it end with its last kernel; it takes no new ones."""
        with suppress(OSError), connect(self.address) as connection:
            send(connection, {"ask": "retire"})

    def stop(self) -> None:
        """End it and its kernels, and remove its folder."""
        if os.getpid() != self.owner:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._place.remove()


class Own:
    """The warm process that this process started for itself, for kernels that share none.

    Parameters
    ----------
    starts : int
        How often it may be started: once again after it died, no more.
    """

    def __init__(self, starts: int = 2) -> None:
        self._starts = starts
        self._process: WarmProcess | None = None
        self._retired: list[WarmProcess] = []
        self._lost = ""
        self._lock = Lock()

    def address(self, recipe: Recipe, modules: Sequence[str], environment: Mapping[str, str]) -> str:
        """Return where it listens; start it if it doesn't run.

        Parameters
        ----------
        recipe, modules, environment
            As for :class:`WarmProcess`.

        Returns
        -------
        str
            The path of its socket, "" if it died or was lost too often.

        Raises
        ------
        OSError
            If it can't be started.
        """
        with self._lock:
            # Asking takes ended ones off the system's list of processes.
            self._retired = [one for one in self._retired if one.alive()]
            runs = self._process is not None and self._process.alive()
            if self._process is not None and runs and self._process.address != self._lost:
                return self._process.address
            if self._starts == 0:
                return ""
            self._starts -= 1
            if self._process is not None and runs:
                self._retired.append(self._process)
            elif self._process is not None:
                self._process.stop()
            self._process = WarmProcess(recipe, modules, environment, at_once=True)
            atexit.register(self._process.stop)
            return self._process.address

    def renew(self, address: str) -> None:
        """Have another process started for the next kernel, since the files this one has imported changed.

        Parameters
        ----------
        address : str
            Where the outdated process listens; its kernels go on.
        """
        with self._lock:
            if self._process is not None and self._process.address == address:
                self._process.retire()
                self._retired.append(self._process)
                self._process = None
                self._starts += 1

    def lose(self, address: str) -> None:
        """Have another process started for the next kernel, since this one can't be reached any more.

        Parameters
        ----------
        address : str
            Where nobody answers. If its process lives, because its socket was removed, its kernels go on.
        """
        with self._lock:
            self._lost = address

    def last_words(self) -> str:
        """Return the last line the process wrote, "" if there is none."""
        return self._process.last_words() if self._process is not None else ""


@cache
def own(maker: int, modules: tuple[str, ...], starts: int) -> Own:
    """Return the one warm process that the kernels of this process share, not started yet.

    Parameters
    ----------
    maker : int
        This process's id: a fork of it must not use its parent's.
    modules : tuple of str
        What it imports.
    starts : int
        How often it may be started.

    Returns
    -------
    Own
        The same one for the same arguments.
    """
    del maker, modules
    return Own(starts)


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
    modules: Sequence[str] = MODULES, environment: Mapping[str, str] | None = None
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
            process = WarmProcess(Recipe.of(sys.executable, (), full), modules, full)
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


KERNEL_NAME = "cbanalysis-warm"


def install_kernelspec(prefix: Path | None = None) -> Path:
    """Put the kernel specification where Jupyter finds it; the wheel brings it along already.

    Parameters
    ----------
    prefix : Path, optional
        The environment; this Python's own if not given.

    Returns
    -------
    Path
        The folder that now holds ``kernel.json``.

    Raises
    ------
    OSError
        If the folder can't be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in install_kernelspec(Path(folder)).iterdir())
    ['kernel.json']
    """
    folder = (prefix or Path(sys.prefix)) / "share" / "jupyter" / "kernels" / KERNEL_NAME
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("kernelspec") / "kernel.json", folder / "kernel.json")
    return folder
