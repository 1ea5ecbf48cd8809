"""The warm process itself: one thread that waits for makers, forks kernels, and buries them."""

from __future__ import annotations

import os
import select
import selectors
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cbanalysis.batch.kernels.landlock_and_seccomp import more_confined
from cbanalysis.batch.kernels.private_folders import sweep
from cbanalysis.batch.kernels.socket_messages import Launch, Lines, Recipe, receive, same_user, send
from cbanalysis.batch.kernels.warm_up_before_forks import Sources, WarmingError, threads

_STREAMS = 3
_DYING = 5.0
# What a kernel gets whose maker is gone, and after how many seconds: its handlers have a moment.
_ENDING = ((0.0, signal.SIGINT), (1.0, signal.SIGTERM), (2.0, signal.SIGKILL))
_TICK = 0.02


@dataclass
class _Maker:
    """A connection: it asks for one kernel at the most, and its end is the kernel's end."""

    connection: socket.socket
    watch: int | None
    lines: Lines = field(default_factory=Lines)
    descriptors: list[int] = field(default_factory=list)
    kernel: int | None = None


@dataclass(frozen=True)
class Forked:
    """What :meth:`Server.serve` returns in a fork: the kernel that it is to be."""

    launch: Launch
    connection: socket.socket
    streams: tuple[int, ...]
    parent: int


class Server:
    """Forks kernels for the processes that connect, until its owner is gone.

    Parameters
    ----------
    listener : socket
        Where makers connect.
    owner : int
        The process that must not be outlived; it holds the other end of standard input too.
    place : Path
        Folder to be removed at the end.
    lock : int
        Open lock file of that folder.
    recipe : Recipe
        What kernels must have in common with this process.
    steps : iterator
        Makes this process ready; it can be forked after each step.
    at_once : bool
        Whether the first kernel, if it is asked for before this process is ready, is forked after the next
        step and imports the rest itself.
    """

    def __init__(  # noqa: PLR0913 -- made at one place only
        self,
        *,
        listener: socket.socket,
        owner: int,
        place: Path,
        lock: int,
        recipe: Recipe,
        steps: Iterator[None],
        at_once: bool,
    ) -> None:
        self._listener = listener
        self._place = place
        self._lock = lock
        self._recipe = recipe
        self._steps: Iterator[None] | None = steps
        self._at_once = at_once
        self._problem = ""
        self._sources = Sources()
        self._makers: dict[int, _Maker] = {}
        self._kernels: dict[int, _Maker | None] = {}
        self._due: dict[int, list[tuple[float, int]]] = {}
        self._forked = 0
        self._stopping = False
        self._retired = False
        self._fork: Forked | None = None
        self._waker, self._woken = socket.socketpair()
        for one in (listener, self._waker, self._woken):
            one.settimeout(0)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ, self._wake)
        # Nothing is ever written there: it becomes readable when nobody holds the other end any more.
        self._selector.register(0, selectors.EVENT_READ, self._stop)
        self._owner = _watch(owner)
        self._owner_id = owner
        if self._owner is not None:
            self._selector.register(self._owner, selectors.EVENT_READ, self._stop)
        # A fork of the owner would keep standard input open; an owner that is gone already can't be watched.
        self._stopping = os.getppid() != owner

    def serve(self) -> Forked | None:
        """Become ready, wait for makers and fork kernels.

        Returns
        -------
        Forked or None
            In a fork, what to do next; None in the warm process itself, when it has cleaned up and may end.
        """
        process = os.getpid()
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            while not (self._stopping or (self._retired and not self._kernels)):
                wait = self._press()
                asked = self._selector.select(wait if self._steps is None else 0)
                if self._steps is not None and not asked:
                    self._step(self._steps)
                for key, _ in asked:
                    handle: Callable[[], None] = key.data
                    handle()
                    if self._fork is not None:
                        return self._fork
        finally:
            if os.getpid() == process:
                self._end()
        return None

    def _step(self, steps: Iterator[None]) -> None:
        """Go on to become ready."""
        try:
            next(steps)
        except StopIteration:
            self._steps = None
        except WarmingError as fault:
            self._problem, self._steps = str(fault), None
        self._sources.note()
        if self._steps is None:
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        elif self._at_once and not self._makers:
            self._accept()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        process = same_user(connection)
        # A confined kernel would get out by asking for another kernel.
        if process is None or more_confined(process):
            connection.close()
            return
        connection.settimeout(0)
        maker = _Maker(connection, _watch(process))
        self._makers[connection.fileno()] = maker
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._listen(maker))
        if maker.watch is not None:
            self._selector.register(maker.watch, selectors.EVENT_READ, lambda: self._leave(maker))

    def _listen(self, maker: _Maker) -> None:
        try:
            part, descriptors = receive(maker.connection)
            maker.descriptors += descriptors
            if not part:
                self._leave(maker)
                return
            for message in maker.lines.feed(part):
                self._answer(maker, message)
                if self._fork is not None or maker.connection.fileno() < 0:
                    return
        except BlockingIOError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            self._leave(maker)

    def _answer(self, maker: _Maker, message: Mapping[str, Any]) -> None:
        match message.get("ask"):
            case "kernel":
                self._launch(maker, Launch.read(message))
            case "signal":
                if maker.kernel is not None:
                    _signal(maker.kernel, int(message["number"]))
            case "status":
                send(maker.connection, self._status())
            case "retire":
                self._retired = True
                self._selector.unregister(self._listener)
                self._listener.close()
            case _:
                raise ValueError(f"unknown request {message.get('ask')!r}")

    def _status(self) -> dict[str, Any]:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return {
            "say": "status",
            "pid": os.getpid(),
            "threads": len(threads()),
            "kernels": sorted(self._kernels),
            "forked": self._forked,
            "resident": pages * os.sysconf("SC_PAGE_SIZE"),
            "problem": self._problem,
        }

    def _launch(self, maker: _Maker, launch: Launch) -> None:
        if maker.kernel is not None or len(maker.descriptors) != _STREAMS:
            raise ValueError("one kernel for each connection, with three streams")
        reason = self._problem or self._recipe.difference(launch.recipe)
        if reason:
            send(maker.connection, {"say": "refused", "reason": reason})
            return
        changed = self._sources.changed()
        if changed:
            send(maker.connection, {"say": "outdated", "reason": f"{changed} changed"})
            return
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError as fault:
            send(maker.connection, {"say": "refused", "reason": f"the fork failed: {fault}"})
            return
        if process == 0:
            streams = tuple(maker.descriptors)
            maker.descriptors.clear()
            self._abandon(maker)
            self._fork = Forked(launch, maker.connection, streams, parent)
            return
        self._forked += 1
        self._kernels[process] = maker
        maker.kernel = process
        for descriptor in maker.descriptors:
            os.close(descriptor)
        maker.descriptors.clear()
        send(maker.connection, {"say": "started", "pid": process})

    def _abandon(self, kept: _Maker) -> None:
        """In a fork: close what belongs to the warm process and to other kernels."""
        # Closing is enough; taking them out of the selector would take them out of the parent's.
        self._selector.close()
        for one in (self._listener, self._waker, self._woken):
            one.close()
        for maker in self._makers.values():
            if maker is not kept:
                maker.connection.close()
            for descriptor in (maker.watch, *maker.descriptors):
                if descriptor is not None:
                    os.close(descriptor)
        for descriptor in (self._owner, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        kept.connection.settimeout(None)

    def _wake(self) -> None:
        with suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        self._bury()

    def _bury(self) -> None:
        """Take note of kernels that ended, and tell their makers."""
        while True:
            try:
                process, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self._kernels.clear()
                return
            if process == 0:
                return
            maker = self._kernels.pop(process, None)
            self._due.pop(process, None)
            if maker is None:
                # Its maker was gone before it.
                sweep()
                continue
            code = os.waitstatus_to_exitcode(status)
            with suppress(OSError):
                send(maker.connection, {"say": "ended", "code": code, "peak": used.ru_maxrss * 1024})
            maker.kernel = None
            self._leave(maker)

    def _leave(self, maker: _Maker) -> None:
        """Part with a maker; a kernel of its that still runs is ended."""
        if maker.connection.fileno() < 0:
            return
        del self._makers[maker.connection.fileno()]
        self._selector.unregister(maker.connection)
        maker.connection.close()
        if maker.watch is not None:
            self._selector.unregister(maker.watch)
            os.close(maker.watch)
        for descriptor in maker.descriptors:
            os.close(descriptor)
        if maker.kernel is not None:
            self._kernels[maker.kernel] = None
            self._dismiss(maker.kernel)

    def _dismiss(self, kernel: int) -> None:
        """Begin to end a kernel."""
        now = time.monotonic()
        self._due.setdefault(kernel, [(now + wait, number) for wait, number in _ENDING])
        self._press()

    def _press(self) -> float | None:
        """Send the signals that are due; return the seconds until the next one, None if there is none."""
        now = time.monotonic()
        for kernel, signals in self._due.items():
            while signals and signals[0][0] <= now:
                _signal(kernel, signals.pop(0)[1])
        waits = [signals[0][0] - now for signals in self._due.values() if signals]
        return max(0.0, min(waits)) if waits else None

    def _end(self) -> None:
        """Leave nothing behind: no kernel, no folder, also none of a maker that died."""
        for process in self._kernels:
            self._dismiss(process)
        while self._kernels:
            self._press()
            time.sleep(_TICK)
            self._bury()
        for maker in list(self._makers.values()):
            maker.connection.close()
        shutil.rmtree(self._place, ignore_errors=True)
        self._let_owner_die()
        sweep()

    def _let_owner_die(self) -> None:
        """Wait for an owner that was killed: its end of our input is closed before its locks are."""
        # A process that is being taken down has no memory any more, and so no command.
        with suppress(OSError):
            if self._owner is not None and not Path(f"/proc/{self._owner_id}/cmdline").read_bytes():
                select.select([self._owner], [], [], _DYING)


def _watch(process: int) -> int | None:
    """Return a descriptor that becomes readable when the process is gone, None where there is no such."""
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return None


def _signal(process: int, number: int) -> None:
    """Signal a kernel and what it has started."""
    try:
        os.killpg(process, number)
    except ProcessLookupError:
        # Forked a moment ago: it leads no group yet.
        with suppress(ProcessLookupError):
            os.kill(process, number)
