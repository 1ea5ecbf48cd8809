"""How much sooner a warm kernel is ready than a cold one, what it saves in all, and whether memory grows.

Run ``python benchmarks/kernels.py [--rounds 15] [--kernels 200]``. In each round every way is measured once,
in an order that changes from round to round, so that whatever else the machine does touches all alike. Shown
are medians, the quartiles around them, and the median ratio to an ordinary kernel of the same round.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_client.manager import AsyncKernelManager

from cbanalysis.batch.kernels import QuickKernelManager, WarmKernels, warm_kernels

ORDINARY, WARM = "local-provisioner", "cbanalysis-warm"
WAYS: dict[str, tuple[str, type[AsyncKernelManager]]] = {
    "ordinary kernel": (ORDINARY, AsyncKernelManager),
    "ordinary kernel, quick client": (ORDINARY, QuickKernelManager),
    "warm kernel": (WARM, AsyncKernelManager),
    "warm kernel, quick client": (WARM, QuickKernelManager),
}
IMPORTS = "import pandas, scipy.stats\nfrom cbanalysis import charts, load_observations, notes, tables"


@dataclass(frozen=True)
class Times:
    """Seconds that one kernel took."""

    launch: float
    ready: float
    imports: float
    end: float

    @property
    def whole(self) -> float:
        """From the launch until it is gone, with the imports of a report."""
        return self.ready + self.imports + self.end


async def one_kernel(provisioner: str, kind: type[AsyncKernelManager], first_cell: str = IMPORTS) -> Times:
    """Start a kernel, run the first cell of a report, and shut it down."""
    began = time.perf_counter()
    manager = kind()
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": provisioner}
    # Ordinary kernels have much to say of TCP.
    await manager.start_kernel(stderr=subprocess.DEVNULL)
    launched = time.perf_counter()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    ready = time.perf_counter()
    reply = await client.execute(first_cell, reply=True, timeout=120)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(reply["content"])
    imported = time.perf_counter()
    client.stop_channels()
    await manager.shutdown_kernel()
    return Times(launched - began, ready - began, imported - ready, time.perf_counter() - imported)


async def rounds(number: int) -> dict[str, list[Times]]:
    """Measure every way once in each round."""
    found: dict[str, list[Times]] = {name: [] for name in WAYS}
    names = list(WAYS)
    for turn in range(number + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            times = await one_kernel(*WAYS[name])
            # The first round fills the caches of the file system.
            if turn:
                found[name].append(times)
    return found


async def growth(warm: WarmKernels, kernels: int) -> tuple[list[int], float]:
    """Return the warm process's memory before and after many kernels, and seconds a kernel, two at a time."""
    resident = []
    began = time.perf_counter()
    for _ in range(4):
        for _ in range(max(1, kernels // 8)):
            await asyncio.gather(*(one_kernel(WARM, QuickKernelManager, "1") for _ in range(2)))
        status = warm.status()
        resident.append(status.resident if status else 0)
    return resident, (time.perf_counter() - began) / (8 * max(1, kernels // 8))


def table(found: dict[str, list[Times]]) -> str:
    """Return medians (quartiles) and ratios as Markdown."""
    columns = {
        "launch": "launched",
        "ready": "ready",
        "imports": "imports",
        "end": "end",
        "whole": "all",
    }
    lines = [
        "| way | " + " | ".join(f"{name}, s" for name in columns.values()) + " | ready, x | all, x |",
        "| --- |" + " --- |" * (len(columns) + 2),
    ]
    base = found["ordinary kernel"]
    for name, times in found.items():
        cells = [_middle([getattr(one, column) for one in times]) for column in columns]
        ratios = [_ratio(base, times, column) for column in ("ready", "whole")]
        lines.append(f"| {name} | " + " | ".join(cells + ratios) + " |")
    return "\n".join(lines)


def _middle(seconds: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles(seconds, n=4)
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


def _ratio(base: Sequence[Times], times: Sequence[Times], column: str) -> str:
    pairs = zip(base, times, strict=True)
    return f"{statistics.median(getattr(one, column) / getattr(other, column) for one, other in pairs):.1f}"


def main() -> None:
    """Measure and write the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--kernels", type=int, default=200, help="kernels for the growth of memory")
    asked = options.parse_args()
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder
        began = time.perf_counter()
        with warm_kernels() as warm:
            status = warm.status()
            if status is None or status.problem:
                sys.exit(
                    f"no warm kernels: {warm.reason or (status.problem if status else 'the process ended')}"
                )
            say(f"warm process ready after {time.perf_counter() - began:.2f} s, {status.threads} thread, ")
            say(f"{status.resident / 1e6:.0f} MB; load of the machine {os.getloadavg()[0]:.1f}\n\n")
            say(table(asyncio.run(rounds(asked.rounds))) + "\n\n")
            resident, seconds = asyncio.run(growth(warm, asked.kernels))
            forked = warm.status().forked
    say(f"{asked.kernels} kernels, two at a time: {seconds:.3f} s each; memory of the warm process ")
    say(
        "after each quarter "
        + ", ".join(f"{one / 1e6:.1f}" for one in resident)
        + f" MB ({forked} kernels in all)\n"
    )


if __name__ == "__main__":
    main()
