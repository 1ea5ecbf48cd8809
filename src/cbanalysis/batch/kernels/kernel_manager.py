"""A kernel manager for runners, whose client doesn't wait for silence."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import DottedObjectName, Type

NUMBER = b"cbanalysis-number:"
"""Among the identities of a message on the output channel: what its running number follows."""
_REPLY = 1.0
_SUBSCRIBED = 0.2


class _CountingChannel(AsyncZMQSocketChannel):
    """An output channel that counts messages that never came, by the numbers that our kernels give them."""

    missing = 0
    _last: int | None = None

    async def _recv(self, **options: Any) -> dict[str, Any]:  # type: ignore[override] # noqa: ANN401 -- zmq's
        if self.socket is None:
            raise RuntimeError("the channel is closed")
        identities, parts = self.session.feed_identities(await self.socket.recv_multipart(**options))
        for number in [int(part.removeprefix(NUMBER)) for part in identities if part.startswith(NUMBER)]:
            # A number that isn't higher is that of a kernel started anew.
            if self._last is not None and number > self._last:
                self.missing += number - self._last - 1
            self._last = number
        message: dict[str, Any] = self.session.deserialize(parts)
        return message


class QuickKernelClient(AsyncKernelClient):
    """Knows from the kernel's own word that it is ready, and whether any of its output was lost.

    jupyter_client waits until nothing has come in for a fifth of a second, to be rid of what the start leaves
    on the output channel. The kernel closes each request with the status ``idle`` on that channel: whatever
    came before the ``idle`` of our last request is the start's, and nothing of it can follow.
    """

    iopub_channel_class = Type(_CountingChannel)

    @property
    def missing(self) -> int:
        """Messages on the output channel that never came; 0 where kernels don't number them."""
        return getattr(self._iopub_channel, "missing", 0)

    def connect_iopub(self, identity: bytes | None = None) -> zmq.Socket[Any]:
        """Return a socket for the output channel that takes all there is: none waits in the kernel."""
        socket = super().connect_iopub(identity)
        socket.setsockopt(zmq.RCVHWM, 0)
        return socket

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- as in jupyter_client
        """Wait until the kernel answers on all channels, and the output channel is empty.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at the most.

        Raises
        ------
        RuntimeError
            If the kernel died, or didn't answer in time.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            request = self.kernel_info()
            reply = await self._answer(self.shell_channel, request, "kernel_info_reply", _REPLY)
            if reply is not None:
                status = await self._answer(self.iopub_channel, request, "status", _SUBSCRIBED)
                if status is not None:
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    @staticmethod
    async def _answer(channel: Any, request: str, kind: str, patience: float) -> dict[str, Any] | None:  # noqa: ANN401
        """Return the message that closes our request on a channel, None if none comes."""
        while True:
            try:
                message: dict[str, Any] = await channel.get_msg(timeout=patience)
            except Empty:
                return None
            if message["parent_header"].get("msg_id") != request or message["msg_type"] != kind:
                continue
            if kind != "status" or message["content"]["execution_state"] == "idle":
                return message


class QuickKernelManager(AsyncKernelManager):
    """jupyter_client's manager with :class:`QuickKernelClient`, for nbclient's ``kernel_manager_class``."""

    client_class = DottedObjectName("cbanalysis.batch.kernels.kernel_manager.QuickKernelClient", config=True)
    client_factory = Type(klass=QuickKernelClient, config=True)
