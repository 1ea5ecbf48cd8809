"""The warm process as its owner sees it: started, asked, stopped."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cbanalysis.batch.kernels.guard import WRITES
from cbanalysis.batch.kernels.messages import Lines, Recipe, receive, same_user, send
from cbanalysis.batch.kernels.places import Place, make_place, sweep

ADDRESS = "CBANALYSIS_WARM_KERNELS"

# Named, not imported: this module knows nothing of the others.
MODULES = (
    "numpy",
    "pandas",
    "scipy.stats",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "cbanalysis",
    "cbanalysis.dataset.load",
    "cbanalysis.statistics.rates",
    "cbanalysis.statistics.audit",
    "cbanalysis.display.charts",
    "cbanalysis.display.tables",
    "cbanalysis.display.notes",
    "cbanalysis.lab.warm_up:warm_up",
)

# For the warm process only; each kernel gets its own environment.
_ENVIRONMENT = {
    # One thread for each pool of threads: with others running, a process can't be forked safely.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # Not a word about the debugger's limits: the last line of the log should say why the process died.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Read when modules are loaded, but meant for one kernel: what is loaded here is no question of a report.
_FOR_ONE_KERNEL = {"CBANALYSIS_TRACE", "JPY_PARENT_PID", "JPY_SESSION_NAME", "MPLBACKEND", ADDRESS, WRITES}
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

    Raises
    ------
    OSError
        If it can't be started.
    """

    def __init__(self, recipe: Recipe, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        sweep()
        self.owner = os.getpid()
        self._place: Place = make_place("warm")
        self.address = str(self._place.path / "socket")
        self.log: Path = self._place.path / "log"
        # Bound before it runs, so that kernels can be asked for while it still imports.
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(self.address)
            listener.listen(_BACKLOG)
            self._process = self._start(recipe, modules, environment, listener)
        except BaseException:
            self._place.remove()
            raise
        finally:
            listener.close()
        self._place.unlock()

    def _start(
        self, recipe: Recipe, modules: Sequence[str], environment: Mapping[str, str], listener: socket.socket
    ) -> subprocess.Popen[bytes]:
        order = {
            "owner": self.owner,
            "listener": listener.fileno(),
            "lock": self._place.lock,
            "place": str(self._place.path),
            "modules": list(modules),
            "options": list(recipe.options),
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
