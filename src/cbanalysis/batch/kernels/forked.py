"""A forked kernel as its maker sees it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cbanalysis.batch.kernels.messages import Lines, line

# How often a maker looks whether something has come in, in seconds.
TICK = 0.004
_MOST = 1 << 16


class ForkedKernel:
    """A kernel that the warm process forked, with the face of :class:`subprocess.Popen`.

    Attributes
    ----------
    connection : int
        Open file of the connection to the warm process, -1 when it is closed; the kernel ends when it is.
    pid : int or None
        Its process id, None until the warm process has told.
    returncode : int or None
        How it ended, negative for a signal; None while it runs.
    peak : int or None
        Bytes of memory it held at the most, with those shared with the warm process; None until the end.
    stdin, stdout, stderr : file or None
        Our ends of pipes, where they were asked for.
    """

    def __init__(self, connection: socket.socket, pipes: Mapping[str, Any]) -> None:
        # The bare descriptor, which no garbage collection closes: as with Popen, a kernel goes on when nobody
        # holds it any more. It ends with this process.
        self.connection = connection.detach()
        os.set_blocking(self.connection, False)
        self._lines = Lines()
        self.pid: int | None = None
        self.returncode: int | None = None
        self.peak: int | None = None
        self.bound = False
        self.answer: dict[str, Any] = {}
        self.stdin = pipes.get("stdin")
        self.stdout = pipes.get("stdout")
        self.stderr = pipes.get("stderr")

    def poll(self) -> int | None:
        """Return how the kernel ended, None while it runs."""
        while self.returncode is None:
            try:
                part = os.read(self.connection, _MOST)
            except BlockingIOError:
                return None
            except OSError:
                part = b""
            for message in self._lines.feed(part):
                self._note(message)
            if not part and self.returncode is None:
                # The warm process was killed, and the system killed its kernels with it.
                self.returncode = -signal.SIGKILL
        self.discard()
        return self.returncode

    def _note(self, message: dict[str, Any]) -> None:
        match message["say"]:
            case "started":
                self.pid = message["pid"]
            case "bound":
                self.bound = True
            case "ended":
                self.returncode, self.peak = message["code"], message["peak"]
            case _:
                self.answer = message

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the kernel has ended.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at the most.

        Returns
        -------
        int
            How it ended.

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs.
        """
        end = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(TICK)
        return code

    def send_signal(self, number: int) -> None:
        """Signal the kernel and what it has started; nothing happens if it has ended.

        Parameters
        ----------
        number : int
            The signal.
        """
        # Through the warm process: only it knows for sure that the process id is still this kernel's.
        if self.poll() is None:
            with suppress(OSError):
                os.write(self.connection, line({"ask": "signal", "number": int(number)}))

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def discard(self) -> None:
        """Close the connection; the warm process kills what still runs."""
        if self.connection >= 0:
            os.close(self.connection)
            self.connection = -1


def standard_streams(options: Mapping[str, Any]) -> tuple[list[int], list[int], dict[str, Any]]:
    """Return the kernel's three standard streams, which of them to close here, and our ends of pipes.

    Parameters
    ----------
    options : mapping
        ``stdin``, ``stdout`` and ``stderr`` as for :class:`subprocess.Popen`.

    Returns
    -------
    tuple
        Three open files; those of them to be closed when they were sent; ends of pipes by name.
    """
    streams: list[int] = []
    closing: list[int] = []
    pipes: dict[str, Any] = {}
    for place, name in enumerate(("stdin", "stdout", "stderr")):
        wanted = options.get(name)
        if wanted == subprocess.PIPE and name != "stdin":
            ours, theirs = os.pipe()
            pipes[name] = os.fdopen(ours, "rb", buffering=0)
        elif wanted == subprocess.PIPE:
            theirs, ours = os.pipe()
            pipes[name] = os.fdopen(ours, "wb", buffering=0)
        elif wanted == subprocess.DEVNULL or (name == "stdin" and wanted is None):
            # Jupyter's own launcher gives a closed pipe: the end of file at once, as here.
            theirs = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        else:
            if wanted is None:
                streams.append(place)
            elif wanted == subprocess.STDOUT:
                streams.append(streams[1])
            else:
                streams.append(wanted if isinstance(wanted, int) else wanted.fileno())
            continue
        streams.append(theirs)
        closing.append(theirs)
    return streams, closing, pipes
