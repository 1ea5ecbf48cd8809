"""Jupyter's extension point: a provisioner whose kernels are forked from a warm process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.localinterfaces import localhost
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from cbanalysis.batch.kernels.private_folders import PrivateFolder, make_private_folder
from cbanalysis.batch.kernels.socket_messages import Launch, Lines, Recipe, line, send
from cbanalysis.batch.kernels.warm_process_owner import ADDRESS, MODULES, connect, own, say_once, unsupported

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


APPLICATION = "cbanalysis.batch.kernels.unforked_kernel"
"""The module that is our kernel where it can't be forked."""

_PYTHON_KERNELS = ("ipykernel_launcher", "ipykernel", APPLICATION)
_OPTIONS = {"cwd", "env", "extra_arguments", "independent", "kernel_id", "stderr", "stdin", "stdout"}
# The warm process may still be importing, on a busy machine; if it dies, the connection tells at once.
_PATIENCE = 300.0
# How long a shutdown or a kill waits by itself, before jupyter_client looks again every tenth of a second.
_SOON = 0.5


class _Unwarm(Exception):
    """A kernel that can't be forked; the message says why."""


class _Gone(Exception):
    """The warm process isn't there (any more)."""


class _Outdated(Exception):
    """The warm process has imported files that changed since."""


class WarmProvisioner(LocalProvisioner):
    """Forks Python kernels from a warm process; starts any other kernel as usual.

    The warm process is the one that :func:`~cbanalysis.batch.kernels.warm_kernels` shares, or else one that
    this process starts for itself with the first kernel. If it dies it is started once again; after that, and
    wherever kernels can't be forked, kernels are ordinary ones and one line in the log says why.
    """

    modules: Any = List(
        Unicode(),
        default_value=list(MODULES),
        config=True,
        help="What the warm process imports: modules, or module:function to call without arguments.",
    )
    process: Any = None
    pid: Any = None
    pgid: Any = None
    cwd: Any = None
    _place: PrivateFolder | None = None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401 -- as in jupyter_client
        """Prepare the launch; Python kernels get sockets in a private folder, where the choice is ours.

        Parameters
        ----------
        **options
            As for any provisioner.

        Returns
        -------
        dict
            The options to launch with.
        """
        manager: Any = self.parent
        ours = manager is not None and not unsupported() and _free(manager)
        # Kernels without our application would drop output there when a client is slow.
        if self._place is None and ours and _split(manager.format_kernel_cmd()) is not None:
            with suppress(OSError):
                self._place = make_private_folder("kernel")
        if self._place is not None and _free(manager):
            # Ports can be taken by another kernel that starts at the same time, paths can't.
            manager.connection_file = manager.connection_file or str(self._place.path / "kernel.json")
            manager.transport = "ipc"
            manager.ip = str(self._place.path / "k")
            manager.cache_ports = False
        return await super().pre_launch(**options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Fork the kernel, or start it as usual.

        Parameters
        ----------
        cmd : list of str
            The kernel's command.
        **options
            As for :class:`subprocess.Popen`.

        Returns
        -------
        dict
            Where to connect to.

        Raises
        ------
        OSError
            If the working folder can't be entered, or an ordinary kernel can't be started.
        """
        try:
            forked = await self._fork(cmd, options)
        except _Unwarm as reason:
            say_once(f"an ordinary kernel is used: {reason}")
            forked = None
        if forked is None:
            return await super().launch_kernel(_without_losses(cmd), **options)
        self.process = forked
        self.pid = forked.pid
        # Signals go through the warm process, which signals the whole group.
        self.pgid = None
        self.cwd = options.get("cwd") or Path.cwd()
        return self.connection_info

    async def _fork(self, command: list[str], options: Mapping[str, Any]) -> ForkedKernel | None:
        """Return a forked kernel, None if the command is no Python kernel of ours."""
        parts = _split(command)
        if parts is None:
            return None
        reason = unsupported() or _unusual(options)
        if reason:
            raise _Unwarm(reason)
        environment = dict(options.get("env") or os.environ)
        folder = str(Path.cwd() / (options.get("cwd") or ""))
        recipe = Recipe.of(command[0], parts[0], environment)
        launch = Launch(recipe, tuple(parts[1]), folder, environment)
        shared = os.environ.get(ADDRESS, "")
        if shared:
            with suppress(_Gone, _Outdated):
                return await _forked(shared, launch, options)
        return await self._fork_alone(launch, options, starts=1 if shared else 2)

    async def _fork_alone(self, launch: Launch, options: Mapping[str, Any], starts: int) -> ForkedKernel:
        """Return a kernel forked from this process's own warm process."""
        mine = own(os.getpid(), tuple(self.modules), starts)
        while True:
            try:
                address = mine.address(launch.recipe, self.modules, launch.environment)
            except OSError as fault:
                raise _Unwarm(f"the warm process can't start: {fault}") from fault
            if not address:
                words = mine.last_words()
                raise _Unwarm(f"the warm process ended again{f' ({words})' if words else ''}")
            try:
                return await _forked(address, launch, options)
            except _Outdated:
                mine.renew(address)
            except _Gone:
                mine.lose(address)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 -- as in jupyter_client
        """Wait a moment for a kernel that was asked to end.

        Parameters
        ----------
        restart : bool
            Whether another one follows.
        """
        del restart
        await self._ended()

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Kill the kernel, and wait until it is gone.

        Parameters
        ----------
        restart : bool
            Whether another one follows.
        """
        await super().kill(restart=restart)
        await self._ended()

    async def _ended(self) -> None:
        if isinstance(self.process, ForkedKernel):
            end = time.monotonic() + _SOON
            while self.process.poll() is None and time.monotonic() < end:  # noqa: ASYNC110 -- in any event loop
                await asyncio.sleep(TICK)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Remove the kernel's private folder, unless another one follows.

        Parameters
        ----------
        restart : bool
            Whether another one follows.
        """
        await super().cleanup(restart=restart)
        if self._place is not None and not restart:
            self._place.remove()
            self._place = None


def _free(manager: Any) -> bool:  # noqa: ANN401 -- any kernel manager
    """Return whether nobody has chosen how to reach the kernel yet."""
    chosen = any(manager.ports) or manager.curve_publickey is not None
    return bool(manager.transport == "tcp" and manager.ip == localhost() and not chosen)


def _unusual(options: Mapping[str, Any]) -> str:
    """Return which wish for the kernel's process can't be met by a fork, "" if there is none."""
    if options.get("independent"):
        return "it is to outlive its maker"
    unknown = ", ".join(sorted(options.keys() - _OPTIONS))
    return f"{unknown} is given for its process" if unknown else ""


def _split(command: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Return the interpreter's options and the kernel's arguments, None unless it is this Python's."""
    if "-m" not in command or os.path.abspath(command[0]) != sys.executable:  # noqa: PTH100 -- symbolic links stay
        return None
    at = list(command).index("-m")
    if list(command[at + 1 : at + 2]) not in [[one] for one in _PYTHON_KERNELS]:
        return None
    return list(command[1:at]), list(command[at + 2 :])


def _without_losses(command: list[str]) -> list[str]:
    """Return a kernel's command, with our application in place of ipykernel's."""
    parts = _split(command)
    return command if parts is None else [command[0], *parts[0], "-m", APPLICATION, *parts[1]]


async def _forked(address: str, launch: Launch, options: Mapping[str, Any]) -> ForkedKernel:
    """Ask a warm process for a kernel and wait until its sockets are bound."""
    streams, closing, pipes = standard_streams(options)
    try:
        connection = connect(address)
        try:
            send(connection, launch.message(), streams)
        except BaseException:
            connection.close()
            raise
    except (ConnectionError, FileNotFoundError) as fault:
        raise _Gone from fault
    except OSError as fault:
        raise _Unwarm(f"the warm process can't be reached: {fault}") from fault
    finally:
        for descriptor in closing:
            os.close(descriptor)
    kernel = ForkedKernel(connection, pipes)
    end = time.monotonic() + _PATIENCE
    try:
        while kernel.poll() is None and not (kernel.bound and kernel.pid) and not kernel.answer:
            if time.monotonic() > end:
                break
            await asyncio.sleep(TICK)
    except BaseException:
        kernel.discard()
        raise
    _check(kernel, launch)
    return kernel


def _check(kernel: ForkedKernel, launch: Launch) -> None:
    """Make sure that the warm process did what it was asked to."""
    answer = kernel.answer
    if answer:
        kernel.discard()
        match answer["say"]:
            case "outdated":
                raise _Outdated(answer["reason"])
            case "failed":
                raise OSError(answer["errno"], answer["text"], launch.folder)
            case _:
                raise _Unwarm(cast("str", answer.get("reason", answer["say"])))
    if kernel.pid is None or (kernel.returncode is not None and kernel.peak is None):
        kernel.discard()
        raise _Gone
