"""Signals that are taken by somebody else for a while."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""A closed terminal is as good as a wish to end; Windows has none."""


@contextmanager
def taking(signals: Iterable[int], handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Let a function take some signals inside the block; afterwards they go where they went before."""
    usual = {number: signal.getsignal(number) for number in signals}
    for number in usual:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, before in usual.items():
            signal.signal(number, before)
