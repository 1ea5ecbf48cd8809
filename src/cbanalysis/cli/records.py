"""``cbanalysis records``: check a register of meeting records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click
from tqdm import tqdm

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bar", "records"]

_FOUND = 1
_PATIENCE = 3.0
"""Seconds after which a bar says how far it is."""


class Bar:
    """How many rows have been read or checked, and the time left, for what takes longer than a few seconds.

    Parameters
    ----------
    patience : float
        How many seconds.
    """

    def __init__(self, patience: float = _PATIENCE) -> None:
        self.patience = patience
        self.bars: dict[str, tqdm[Any]] = {}

    def __enter__(self) -> Self:
        """Return the bar; nothing is shown yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take it off the terminal."""
        for bar in self.bars.values():
            bar.close()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell how many of all are done."""
        if what not in self.bars:
            options = {"unit": " rows", "delay": self.patience, "unit_scale": True, "dynamic_ncols": True}
            self.bars[what] = tqdm(desc=what, total=total, leave=False, file=sys.stderr, **options)
        bar = self.bars[what]
        bar.total = total
        bar.update(max(0, done - bar.n))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option(
    "--faults",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write each fault to this .csv or .parquet.",
)
@click.option(
    "--names",
    type=click.Choice(["register", "commune"]),
    default="register",
    help="commune: cells of different communes may bear the same name.",
)
@click.option(
    "--per",
    type=click.Choice(["cell", "member"]),
    default="cell",
    help="member: each row is one member at one meeting; rows are added up by cell and day.",
)
@click.option(
    "--dates",
    type=click.Choice(["unknown", "day_first", "month_first"]),
    default="unknown",
    help="What 5/6/2024 means; asked for where the dates of a file don't tell.",
)
@click.option(
    "--exempt",
    type=click.Choice(["outside_due", "in_due"]),
    default="outside_due",
    help="in_due: the members due count those exempt from meetings.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what was read of CSV files and workbooks in this folder: next time only what is new is read.",
)
@click.option(
    "--most",
    type=click.FloatRange(0, 100),
    default=5.0,
    show_default=True,
    help="Up to which share of records with a fault, in percent, reports are to use the register.",
)
def records(
    files: tuple[str, ...],
    faults: Path | None,
    most: float,
    keep: Path | None,
    **choices: Any,  # noqa: ANN401 - what `open_register` takes
) -> None:
    """Check a register of monthly meeting records: CSV, Parquet, workbooks, or folders of them.

    Exits 0 when no record has a fault, 1 when some have, 2 on an error.
    """
    # ibis and DuckDB take a second to load; the help must not wait for them
    from cbanalysis.records import KINDS, SHARE_NAMES, check, notice_text, open_register  # noqa: PLC0415

    everything = 100.0  # here a register with many faults is listed, not refused
    with Bar() as bar:
        register = open_register(files, keep=keep, progress=bar, **choices)
        checked = check(register, most=everything, progress=bar)
    for notice in register.notices:
        click.echo(notice_text(notice, lang="en"))
    counted = checked.summary.set_index("kind")["records"]
    for kind in KINDS:
        if counted[kind.id]:
            treated = "left out" if kind.left_out else "kept"
            treated += "" if kind.fault else ", no fault"
            click.echo(f"{counted[kind.id]:>9,}  {kind.words['en']} ({treated})")
        if kind.id == "unreadable":
            _say_what_is_unread(checked.faults[checked.faults["kind"] == kind.id])
    if checked.share_names:
        click.echo(f"{'':>9}  {SHARE_NAMES}: --names commune")
    faulty = checked.faulty
    click.echo(f"{checked.records:,} records, {faulty:,} with a fault, {len(checked.left_out):,} left out")
    share = 100 * faulty / checked.records
    if share > most:
        said = f"{share:.1f} % of the records have a fault; allowed: {most:g} %"
        click.echo(f"{said}: reports refuse this register unless most= allows it (try --most here)")
    if faults is not None:
        click.echo(f"{checked.write_faults(faults)} written")
    sys.exit(_FOUND if faulty else 0)


def _say_what_is_unread(faults: pd.DataFrame) -> None:
    """Say which columns can't be read in how many records, where first, and what would be right."""
    for hint, rows in faults.groupby("hint", sort=False):
        first = rows.iloc[0]
        place = f"{Path(first['file']).name}, row {first['row']}: {first['as_written']}"
        click.echo(f"{'':>9}  {len(rows):,} of them in {hint}; first: {place}")
