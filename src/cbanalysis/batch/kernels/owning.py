"""The warm process that a maker of kernels starts for itself, when it shares none."""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock

from cbanalysis.batch.kernels.messages import Recipe
from cbanalysis.batch.kernels.process import WarmProcess


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
            self._process = WarmProcess(recipe, modules, environment)
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
