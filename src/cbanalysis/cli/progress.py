"""What the terminal hears while reports are made, and at the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from cbanalysis.cli.paths import shown
from cbanalysis.reports import Outcome
from cbanalysis.site import write_index

__all__ = ["Progress", "finish"]

_FAILURES, _STOPPED = 1, 130


class Progress:
    """A bar on a terminal, a line for each report elsewhere; both on standard error.

    Attributes
    ----------
    done : list of Outcome
        What has been finished so far.
    total : int
        How many there will be.
    bar : tqdm
        The bar.
    """

    def __init__(self, total: int) -> None:
        self.done: list[Outcome] = []
        self.total = total
        plain = not sys.stderr.isatty()
        self.bar = tqdm(total=total, unit="report", disable=plain, dynamic_ncols=True, file=sys.stderr)

    def __call__(self, outcome: Outcome) -> None:
        """Tell of a report that is in place, or that failed."""
        self.done.append(outcome)
        self.bar.set_postfix_str(str(outcome.report), refresh=False)
        self.bar.update()
        failed = f": FAILED, {outcome.message}" if outcome.status == "failed" else ""
        if failed or self.bar.disable:
            line = f"{len(self.done)}/{self.total} {outcome.report} ({outcome.seconds:.1f} s){failed}"
            tqdm.write(line, file=sys.stderr)


def _lasted(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def _summary(outcomes: Sequence[Outcome], seconds: float, index: Path) -> str:
    made = Counter(outcome.report.notebook for outcome in outcomes if outcome.status == "done")
    failed = len(outcomes) - made.total()
    parts = ", ".join(f"{name} {count}" for name, count in sorted(made.items()))
    said = f"{made.total()} report{'' if made.total() == 1 else 's'} made"
    said += f" ({parts})" if parts else ""
    said += f", {failed} failed" if failed else ""
    return f"{said} in {_lasted(seconds)}: {shown(index)}"


def finish(progress: Progress, seconds: float, folder: Path, *, stopped: bool) -> NoReturn:
    """Write the index, say what failed and what was made, and end with the exit code that says so.

    Parameters
    ----------
    progress : Progress
        With what has been finished.
    seconds : float
        How long it took.
    folder : Path
        The output folder.
    stopped : bool
        Whether the run was stopped by Ctrl-C.

    Raises
    ------
    SystemExit
        0 when all is well, 1 when a report failed, 130 after Ctrl-C.
    OutputError
        If the index can't be written.
    """
    progress.bar.close()
    failures = [outcome for outcome in progress.done if outcome.status == "failed"]
    for outcome in failures:
        cell = f", cell {outcome.cell}" if outcome.cell else ""
        click.echo(f"failed: {outcome.report}{cell}: {outcome.message}", err=True)
    index = write_index(folder)
    if stopped:
        left = progress.total - len(progress.done)
        click.echo(f"stopped: {left} of {progress.total} reports not made; the others are whole", err=True)
    click.echo(_summary(progress.done, seconds, index))
    sys.exit(_STOPPED if stopped else _FAILURES if failures else 0)
