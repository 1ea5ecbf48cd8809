"""``cbanalysis records``: check a register of meeting records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from cbanalysis.records import Names

__all__ = ["records"]

_FOUND = 1


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
    "--most",
    type=click.FloatRange(0, 100),
    default=5.0,
    show_default=True,
    help="Up to which share of records with a fault, in percent, reports are to use the register.",
)
def records(files: tuple[str, ...], faults: Path | None, names: Names, most: float) -> None:
    """Check a register of monthly meeting records: CSV or Parquet files, or folders of them.

    Exits 0 when no record has a fault, 1 when some have, 2 on an error.
    """
    # ibis and DuckDB take a second to load; the help must not wait for them
    from cbanalysis.records import KINDS, SHARE_NAMES, check, open_register  # noqa: PLC0415

    everything = 100.0  # here a register with many faults is listed, not refused
    checked = check(open_register(files, names=names), most=everything)
    counted = checked.summary.set_index("kind")["records"]
    for kind in KINDS:
        if counted[kind.id]:
            treated = "left out" if kind.left_out else "kept"
            click.echo(f"{counted[kind.id]:>9,}  {kind.words['en']} ({treated})")
        if kind.id == "unreadable":
            _say_what_is_unread(checked.faults[checked.faults["kind"] == kind.id])
    if checked.share_names:
        click.echo(f"{'':>9}  {SHARE_NAMES}: --names commune")
    faulty = checked.faults["record"].nunique()
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
