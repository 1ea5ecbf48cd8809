"""Our batch in a process of its own, as the command starts it; ``batch.py`` runs it and takes the time.

Reads pickled reports from standard input; arguments are the output folder and, if pages are wanted too,
``pages``. Prints JSON: bytes of memory after each tenth of the reports, of this process, of the warm
process and of the workers and what they are forked from together, and the most that a kernel held.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import psutil


def memory() -> dict[str, int]:
    """Return how much each part of the batch holds."""
    found = {"batch": psutil.Process().memory_info().rss, "warm": 0, "workers": 0}
    for one in psutil.Process().children(recursive=True):
        try:
            words = " ".join(one.cmdline())
            # A kernel is a fork of the warm process and has its words; the warm process is our own child.
            if "cbanalysis.batch.kernels" not in words:
                found["workers"] += one.memory_info().rss
            elif one.parent() == psutil.Process():
                found["warm"] += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return found


def main() -> None:
    """Run the batch and say how memory went."""
    # Workers import this file anew. The command's own file imports as little.
    from cbanalysis.batch.reports.kernel_and_worker_starts import ready  # noqa: PLC0415
    from cbanalysis.batch.reports.many_reports import run  # noqa: PLC0415
    from cbanalysis.batch.reports.tasks_and_outcomes import Batch, Outcome  # noqa: PLC0415
    from cbanalysis.dataset.load import load_observations  # noqa: PLC0415
    from cbanalysis.site.page_and_downloads import Publisher, prepare  # noqa: PLC0415
    from cbanalysis.site.provenance import gather  # noqa: PLC0415

    reports = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from batch.py
    folder = Path(sys.argv[1])
    pages = "pages" in sys.argv
    seen: list[dict[str, int]] = []
    made: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        made.append(outcome)
        if len(made) % max(1, len(reports) // 10) == 0:
            seen.append(memory())

    # As the command does: processes come up while the rest is got ready.
    with ready(Publisher.modules if pages else ()):
        finish = prepare(folder, gather(load_observations()), ["vi"]) if pages else None
        outcomes = run(reports, folder, Batch(finish), done=done)
    if any(one.status != "done" for one in outcomes):
        raise RuntimeError(outcomes)
    json.dump({"memory": seen, "kernel": max(one.peak or 0 for one in outcomes)}, sys.stdout)


if __name__ == "__main__":
    main()
