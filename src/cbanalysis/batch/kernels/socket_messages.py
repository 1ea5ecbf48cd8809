"""What makers of kernels and the warm process say to one another: one JSON object a line on a Unix socket."""

from __future__ import annotations

import array
import json
import os
import socket
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_MOST = 1 << 16
_STANDARD_STREAMS = 3

# What the interpreter and the libraries read once, when they start: a kernel that wants other values
# than the warm process began with can't be forked from it.
_READ_AT_START = {
    "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "LD_PRELOAD", "MATPLOTLIBRC", "MPLCONFIGDIR",
}  # fmt: skip
_READ_LATER = {"PYTHONBREAKPOINT", "PYTHONEXECUTABLE", "PYTHONINSPECT", "PYTHONSTARTUP"}


@dataclass(frozen=True)
class Recipe:
    """What a kernel and the warm process it is forked from must have in common.

    Attributes
    ----------
    python : str
        The interpreter.
    options : tuple of str
        Its options, such as ``-O``; those that make no difference to a notebook are left out.
    environment : mapping
        Environment variables that are read only once, at the start.
    """

    python: str
    options: tuple[str, ...]
    environment: Mapping[str, str]

    @classmethod
    def of(cls, python: str, options: Sequence[str], environment: Mapping[str, str]) -> Recipe:
        """Return what matters of a command and its environment.

        Parameters
        ----------
        python : str
            The interpreter.
        options : sequence of str
            What stands between the interpreter and ``-m`` in the kernel's command.
        environment : mapping
            All environment variables of the kernel.

        Returns
        -------
        Recipe
            ``-X frozen_modules`` is left out: it matters only to a debugger in the standard library.
        """
        at_start = {
            name: value
            for name, value in sorted(environment.items())
            if name in _READ_AT_START or (name.startswith("PYTHON") and name not in _READ_LATER)
        }
        kept = tuple(one for one in options if not one.startswith("-Xfrozen_modules"))
        return cls(python, kept, at_start)

    def difference(self, other: Recipe) -> str:
        """Return in words what keeps a kernel of the other recipe from being forked here, "" if nothing does.

        Parameters
        ----------
        other : Recipe
            What the kernel wants.

        Returns
        -------
        str
            Names, never values: they end up in logs.
        """
        if other.python != self.python:
            return f"the kernel wants {other.python}, the warm process is {self.python}"
        if other.options != self.options:
            return f"the kernel wants Python's options {other.options}, the warm process has {self.options}"
        names = sorted(self.environment.keys() | other.environment.keys())
        differing = [one for one in names if self.environment.get(one) != other.environment.get(one)]
        return f"{', '.join(differing)} differs from the warm process's" if differing else ""


@dataclass(frozen=True)
class Launch:
    """One kernel to be forked.

    Attributes
    ----------
    recipe : Recipe
        What the warm process must have in common with it.
    arguments : tuple of str
        The kernel application's arguments, e.g. ``("-f", "kernel.json")``.
    folder : str
        Its working folder.
    environment : mapping
        All of its environment.
    """

    recipe: Recipe
    arguments: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]

    def message(self) -> dict[str, Any]:
        """Return it as a message."""
        return {"ask": "kernel", **asdict(self)}

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Launch:
        """Return the launch a message asks for.

        Parameters
        ----------
        message : mapping
            As :meth:`message` made it.

        Returns
        -------
        Launch

        Raises
        ------
        KeyError
            If a part is missing.
        """
        recipe = message["recipe"]
        recipe = Recipe(recipe["python"], tuple(recipe["options"]), recipe["environment"])
        return cls(recipe, tuple(message["arguments"]), message["folder"], message["environment"])


class Lines:
    """Collects bytes until a line is whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, part: bytes) -> Iterator[dict[str, Any]]:
        """Yield the messages that are whole.

        Parameters
        ----------
        part : bytes
            What has just come in.

        Yields
        ------
        dict
            One message.

        Raises
        ------
        ValueError
            If a line is no JSON object.
        """
        *lines, self._rest = (self._rest + part).split(b"\n")
        for one in lines:
            message = json.loads(one)
            if not isinstance(message, dict):
                raise ValueError(f"not a message: {one[:80]!r}")  # noqa: TRY004 -- one kind of error for bad lines
            yield message


def line(message: Mapping[str, Any]) -> bytes:
    """Return a message as it is sent.

    Parameters
    ----------
    message : mapping
        What to say.

    Returns
    -------
    bytes
        One line.
    """
    return json.dumps(message).encode() + b"\n"


def send(connection: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one message, with open files if need be.

    Parameters
    ----------
    connection : socket
        A connected Unix socket.
    message : mapping
        What to say.
    descriptors : sequence of int
        Open files that the other side gets copies of.

    Raises
    ------
    OSError
        If the other side is gone or doesn't take it.
    """
    whole = line(message)
    sent = socket.send_fds(connection, [whole], list(descriptors)) if descriptors else connection.send(whole)
    if sent < len(whole):
        connection.sendall(whole[sent:])


def receive(connection: socket.socket) -> tuple[bytes, list[int]]:
    """Return what has come in, and copies of open files that came with it.

    Parameters
    ----------
    connection : socket
        A connected Unix socket.

    Returns
    -------
    tuple
        ``b""`` when the other side is gone.

    Raises
    ------
    BlockingIOError
        If nothing has come in and the socket doesn't wait.
    OSError
        If the connection broke.
    """
    room = socket.CMSG_SPACE(_STANDARD_STREAMS * array.array("i").itemsize)
    part, extra, _, _ = connection.recvmsg(_MOST, room, getattr(socket, "MSG_CMSG_CLOEXEC", 0))
    descriptors = array.array("i")
    for level, kind, content in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    return part, list(descriptors)


def same_user(connection: socket.socket) -> int | None:
    """Return the process id at the other end, None if it belongs to another user.

    Parameters
    ----------
    connection : socket
        A connected Unix socket.

    Returns
    -------
    int or None
        The process that connected, or that listened.
    """
    if sys.platform != "linux":
        return None
    process, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return process if user == os.getuid() else None
