"""``cbanalysis records``: check a register of meeting records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cbanalysis.records import Names

__all__ = ["records"]

_FOUND = 1


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
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
def records(files: tuple[Path, ...], faults: Path | None, names: Names) -> None:
    """Check a register of monthly meeting records: CSV or Parquet files, or folders of them.

    Exits 0 when no record has a fault, 1 when some have, 2 on an error.
    """
    # ibis and DuckDB take a second to load; the help must not wait for them
    from cbanalysis.records import KINDS, check, open_register  # noqa: PLC0415

    everything = 100.0  # here a register with many faults is listed, not refused
    checked = check(open_register(files, names=names), most=everything)
    counted = checked.summary.set_index("kind")["records"]
    for kind in KINDS:
        if counted[kind.id]:
            treated = "left out" if kind.left_out else "kept"
            click.echo(f"{counted[kind.id]:>9,}  {kind.words['en']} ({treated})")
    faulty = checked.faults["record"].nunique()
    click.echo(f"{checked.records:,} records, {faulty:,} with a fault, {len(checked.left_out):,} left out")
    if faults is not None:
        click.echo(f"{checked.write_faults(faults)} written")
    sys.exit(_FOUND if faulty else 0)
