"""Processes that a batch starts from, brought up while the batch is still being planned."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.util import Finalize
from typing import Any

from cbanalysis.batch.kernels import ADDRESS, make_place, sweep, warm_kernels
from cbanalysis.batch.reports.starting import KERNEL_ENVIRONMENT

_MAKER = "cbanalysis.batch.reports.execution"


def context(modules: Sequence[str] = ()) -> Any:  # noqa: ANN401 -- multiprocessing's contexts share no public type
    """Return how worker processes are started: on Linux forked from one that has imported what they need.

    Parameters
    ----------
    modules : sequence of str
        What it imports besides the maker of reports.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    found = get_context("forkserver")
    found.set_forkserver_preload([_MAKER, *modules])
    return found


@contextmanager
def ready(modules: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Bring up the warm process for kernels, and the one that workers are forked from; both import meanwhile.

    Inside another such block nothing is started.

    Parameters
    ----------
    modules : sequence of str
        What workers need besides the maker of reports.
    environment : mapping, optional
        Environment variables that kernels will have besides those of this process.
    """
    sweep()
    if os.environ.get(ADDRESS):
        yield
        return
    with warm_kernels(environment={**KERNEL_ENVIRONMENT, **(environment or {})}):
        if context(modules).get_start_method() == "forkserver":
            _bring_up_workers()
        yield


@cache
def _bring_up_workers() -> None:
    """Start what workers are forked from, its socket where a later batch clears it after a kill."""
    place = make_place("workers")
    # After multiprocessing has cleared its own folder in it.
    Finalize(None, place.remove, exitpriority=-200)
    usual = tempfile.tempdir
    tempfile.tempdir = str(place.path)
    try:
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = usual
