"""Turn a fork of the warm process into a kernel like any other."""

from __future__ import annotations

import atexit
import ctypes
import errno
import gc
import io
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

import ipykernel_launcher  # type: ignore[import-untyped]

from cbanalysis.batch.kernels.kernel_application import IPKernelApp
from cbanalysis.batch.kernels.landlock_and_seccomp import CONFINED, confine
from cbanalysis.batch.kernels.socket_messages import Launch, send

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_INLINE = "module://matplotlib_inline.backend_inline"
_JOIN = 2.0
_WRITERS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
# Looked up before there is a fork: afterwards the loader's locks may be anyone's.
_prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)


def detach(parent: int, streams: Sequence[int]) -> None:
    """Leave the warm process: own session, own signals, own standard streams, no life after the parent's.

    Parameters
    ----------
    parent : int
        The warm process.
    streams : sequence of int
        Open files for standard input, output and error; closed when they are in place.
    """
    # A collection that visited what is shared would copy it.
    gc.freeze()
    os.setsid()
    if _prctl is not None:
        _prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # pragma: no cover -- the parent died within these few lines
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
    for stream in streams:
        os.close(stream)


def run(launch: Launch, connection: socket.socket, set_by_modules: Mapping[str, str]) -> None:
    """Be the kernel until it is shut down.

    Parameters
    ----------
    launch : Launch
        What it was asked for.
    connection : socket
        To its maker; told when the sockets are bound, or what went wrong, and closed then.
    set_by_modules : mapping
        Environment variables that imported modules have set; what the launch says comes first.
    """
    try:
        os.chdir(launch.folder)
    except OSError as fault:  # pragma: no cover -- ends without handlers, and so without a measure
        answer = {"say": "failed", "errno": fault.errno, "text": fault.strerror, "file": launch.folder}
        with suppress(OSError):
            send(connection, answer)
        os._exit(errno.EIO)
    _renew(launch, set_by_modules)
    # Before there is another thread, which it wouldn't hold for.
    if CONFINED in os.environ:
        confine(os.environ.pop(CONFINED))

    def bound() -> None:
        with suppress(OSError):
            send(connection, {"say": "bound"})
        connection.close()

    # Parent 1 tells ipykernel that it was started by a program, and that there is none to watch: the
    # system and the warm process see to that.
    application: Any = cast("Any", IPKernelApp).instance(parent_handle=1, bound=bound)
    application.initialize(list(launch.arguments))
    application.start()
    _leave(application.control_thread)


def _leave(control: Any) -> None:  # noqa: ANN401 # pragma: no cover -- as above
    """End as multiprocessing's forks do: see to threads, exit handlers and files, don't take modules apart.

    Taking apart all that the warm process had imported would first copy it, at a tenth of a second and more.
    """
    # The thread that took the wish to end may still be saying so, through one that the exit handlers stop: it
    # would wait for seconds.
    if control is not None and control.is_alive():
        control.stop()
        control.join(_JOIN)
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 -- as in multiprocessing
    atexit._run_exitfuncs()  # noqa: SLF001 -- as in multiprocessing
    gc.collect()
    # Only what came after the fork is looked at: the rest was frozen.
    for one in gc.get_objects():
        if issubclass(type(one), _WRITERS):
            with suppress(Exception):
                one.flush()
    os._exit(0)


def _renew(launch: Launch, set_by_modules: Mapping[str, str]) -> None:
    """Set anew what the warm process has had from its own start."""
    os.environ.clear()
    os.environ.update({**set_by_modules, **launch.environment})
    os.environ.pop("JPY_PARENT_PID", None)
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(None)
    if "matplotlib" in sys.modules:
        # As if it were imported now: ipykernel asks for inline charts where nothing else is set.
        sys.modules["matplotlib"].rcParams["backend"] = os.environ.get("MPLBACKEND") or _INLINE
    sys.argv = [ipykernel_launcher.__file__, *launch.arguments]
