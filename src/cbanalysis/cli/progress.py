"""What the terminal hears while reports are made, and at the end."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click
from tqdm import tqdm

from cbanalysis.batch.reports import Outcome, Totals


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
            with tqdm.external_write_mode(file=sys.stderr):
                click.echo(line, err=True)


def _lasted(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{seconds:.1f} s" if seconds < 100 else f"{minutes} min {rest} s"


def said_at_the_end(progress: Progress, totals: Totals, index: Path) -> None:
    """Say what failed, what was made, and what is left.

    Parameters
    ----------
    progress : Progress
        With what has been finished.
    totals : Totals
        How the batch went.
    index : Path
        The page that lists the reports.
    """
    for outcome in progress.done:
        if outcome.status == "failed":
            cell = f", cell {outcome.cell}" if outcome.cell else ""
            click.echo(f"failed: {outcome.report}{cell}: {outcome.message}", err=True)
    if totals.left:
        whole = f"{totals.left} of {progress.total} reports not made; the others are whole"
        click.echo(f"stopped: {whole}, the next run goes on from there", err=True)
    made = Counter(outcome.report.notebook for outcome in progress.done if outcome.status == "done")
    parts = ", ".join(f"{name} {count}" for name, count in sorted(made.items()))
    said = f"{totals.made} report{'' if totals.made == 1 else 's'} made"
    said += f" ({parts})" if parts else ""
    said += f", {totals.kept} unchanged" if totals.kept else ""
    said += f", {totals.failed} failed" if totals.failed else ""
    click.echo(f"{said} in {_lasted(totals.seconds)}: {index}")
