"""ipykernel's application as our kernels run it: no output is dropped, and each message bears a number."""

from __future__ import annotations

import codecs
import json
import os
import re
import select
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import zmq
from ipykernel import iostream, kernelapp
from jupyter_client.jsonutil import json_default
from jupyter_client.session import DELIM, json_packer
from traitlets import Any as Anything
from traitlets import DottedObjectName, Int
from zmq.eventloop.zmqstream import ZMQStream

from cbanalysis.batch.kernels.kernel_manager import NUMBER

if sys.platform != "win32":
    import fcntl
    import termios

_PIECE = 1 << 16  # bytes that a pipe holds
_SMALL = 100  # bytes of content that a message may have without being counted
_LINGER = 60_000  # milliseconds in which what a forked process printed may take to arrive
_SURROGATE = re.compile("[\ud800-\udfff]")


def _packed(message: object) -> bytes:
    """Return a message as JSON; half of a pair of surrogates, which is no text, is shown by its number."""
    try:
        return json_packer(message)
    except UnicodeEncodeError:
        text = json.dumps(message, default=json_default, ensure_ascii=False)
        return _SURROGATE.sub(lambda half: f"\\\\u{ord(half[0]):04x}", text).encode()


class _AfterCell:
    """Puts right, after each cell, what would keep the kernel from ever answering."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._streams = {"stdout": sys.stdout, "stderr": sys.stderr}

    def __call__(self) -> None:
        """End a forked process that came to the cell's end; bring back streams that can't be flushed."""
        for name, usual in self._streams.items():
            try:
                getattr(sys, name).flush()
            except Exception:  # noqa: BLE001 -- whatever a cell has put there
                setattr(sys, name, usual)
                usual.write(f"sys.{name} couldn't be flushed after the cell; it is the kernel's own again\n")
        if os.getpid() != self._process:
            # As a second kernel on the same sockets it would take the first one's messages.
            os._exit(0)


class OutStream(iostream.OutStream):
    """ipykernel's, to which what is written below Python comes in whole letters and before its cell ends.

    A thread takes what other programs and libraries write to the file that the stream stands for. ipykernel's
    cuts letters at every thousandth byte, and what it takes after the cell's end is lost.
    """

    _fid: int

    def __init__(self, *given: Any, **options: Any) -> None:  # noqa: ANN401
        self._taking = threading.Condition()
        self._taken = 0
        super().__init__(*given, **options)  # type: ignore[no-untyped-call]

    def _watch_pipe_fd(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        waiting = select.poll()
        waiting.register(self._fid, select.POLLIN)
        try:
            while self._should_watch:
                waiting.poll()
                with self._taking:
                    piece = os.read(self._fid, _PIECE)
                    if self._should_watch:
                        self.write(decoder.decode(piece))
                    self._taken += len(piece)
                    self._taking.notify_all()
                # As ipykernel does, also to who started the kernel; nobody waits for him to read it.
                with suppress(OSError):
                    os.write(self._original_stdstream_copy, piece)
        except Exception:  # noqa: BLE001 -- shown when the stream is closed, as ipykernel does
            self._exc = sys.exc_info()

    def flush(self) -> None:
        """Send what was written, what waits in the pipe included."""
        if sys.platform != "win32" and self._should_watch and self._is_master_process():  # type: ignore[no-untyped-call]
            with self._taking:
                there = fcntl.ioctl(self._fid, termios.FIONREAD, bytes(4))
                wanted = self._taken + int.from_bytes(there, sys.byteorder)
                self._taking.wait_for(lambda: self._taken >= wanted, self.flush_timeout)
        super().flush()  # type: ignore[no-untyped-call]


class _NumberedSocket:
    """The socket of the output channel; it numbers messages among their identities, which clients ignore."""

    most = 0

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._sent = 0
        self._bytes = 0

    def send_multipart(self, parts: Sequence[bytes], *given: Any, **options: Any) -> Any:  # noqa: ANN401
        place = list(parts).index(DELIM)
        # After the delimiter: signature, header, parent, metadata, content; a status is small.
        size = sum(map(len, parts[place + 5 :]))
        if size > _SMALL:
            self._bytes += size
            if 0 < self.most < self._bytes:
                return None
        self._sent += 1
        number = b"%s%d" % (NUMBER, self._sent)
        return self._socket.send_multipart([*parts[:place], number, *parts[place:]], *given, **options)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._socket, name)


class _IOPubThread(iostream.IOPubThread):
    """ipykernel's, numbering what it sends; forked processes of a kernel without TCP reach it without TCP."""

    _forks = ""

    def __init__(self, socket: zmq.Socket[bytes], **options: Any) -> None:  # noqa: ANN401
        endpoint = socket.getsockopt(zmq.LAST_ENDPOINT)
        address = bytes(endpoint).rstrip(b"\0").decode() if isinstance(endpoint, bytes) else ""
        self._forks = f"{address}f" if address.startswith("ipc:") else ""
        super().__init__(socket, **options)  # type: ignore[no-untyped-call]
        self.socket = _NumberedSocket(socket)

    def _setup_pipe_in(self) -> None:
        if not self._forks:
            super()._setup_pipe_in()  # type: ignore[no-untyped-call]
            return
        pipe = self.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        # Only this user can enter the folder of the sockets, so nobody has to prove who sends.
        pipe.bind(self._forks)
        self._pipe_uuid = b"fork"
        self._pipe_in = ZMQStream(pipe, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[Any, Any]:
        context, pipe = zmq.Context(), None
        if not self._forks:
            context, pipe = super()._setup_pipe_out()  # type: ignore[no-untyped-call]
        else:
            pipe = context.socket(zmq.PUSH)
            pipe.connect(self._forks)
        pipe.linger = _LINGER
        return context, pipe


class IPKernelApp(kernelapp.IPKernelApp):
    """ipykernel's, also by name, for configuration goes by it; it says when its sockets are bound.

    Attributes
    ----------
    bound : callable
        Called without arguments when they are.
    most_output : int
        Bytes of output after which no more is sent, so that it can't fill the memory: 0 without a limit. Its
        maker takes less for a flood.
    """

    outstream_class = DottedObjectName(f"{__name__}.OutStream", allow_none=True).tag(config=True)
    bound = Anything(lambda: None)
    most_output = Int(0, config=True)

    def init_kernel(self) -> None:
        """Make the kernel, and look after it when a cell has ended."""
        super().init_kernel()  # type: ignore[no-untyped-call]
        self.kernel.shell.events.register("post_execute", _AfterCell())

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Bind the output channel; a client that is slow makes it wait rather than lose messages."""
        # By default a publisher drops what goes beyond 1,000 messages that a client hasn't taken yet.
        context.setsockopt(zmq.SNDHWM, 0)
        self.session.pack = _packed
        super().init_iopub(context)  # type: ignore[no-untyped-call]
        self.iopub_thread.socket.most = self.most_output

    def log_connection_info(self) -> None:
        """Say that the sockets are bound."""
        super().log_connection_info()  # type: ignore[no-untyped-call]
        self.bound()


kernelapp.IOPubThread = _IOPubThread  # type: ignore[attr-defined, assignment]
