"""``cbanalysis records``: check a register of meeting records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click
from tqdm import tqdm

from cbanalysis.cli.command_language import language, said, speaks
from cbanalysis.common.messages import in_language

if TYPE_CHECKING:
    import pandas as pd

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
@speaks
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
    from cbanalysis.display.words import number  # noqa: PLC0415
    from cbanalysis.records import check, notice_text, open_register  # noqa: PLC0415
    from cbanalysis.records.checked_register import SHARE_NAMES  # noqa: PLC0415
    from cbanalysis.records.fault_kinds import KINDS  # noqa: PLC0415

    everything, lang = 100.0, language()  # here a register with many faults is listed, not refused
    with Bar() as bar:
        register = open_register(files, keep=keep, progress=bar, **choices)
        checked = check(register, most=everything, progress=bar)
    for notice in register.notices:
        click.echo(notice_text(notice, lang=lang))
    counted = checked.summary.set_index("kind")["records"]
    for kind in KINDS:
        if counted[kind.id]:
            treated = said("records_left_out" if kind.left_out else "records_kept_in")
            treated += "" if kind.fault else said("records_no_fault")
            click.echo(f"{number(counted[kind.id], lang):>9}  {kind.words[lang]} ({treated})")
        if kind.id == "unreadable":
            _say_what_is_unread(checked.faults[checked.faults["kind"] == kind.id])
    if checked.share_names:
        click.echo(f"{'':>9}  {in_language(SHARE_NAMES, lang)}: --names commune")
    faulty, out = checked.faulty, len(checked.left_out)
    one = "record" if checked.records == 1 else "records"
    totals = {"count": checked.records, "faulty": faulty, "out": out}
    click.echo(said(f"records_of_{one}", **{name: number(value, lang) for name, value in totals.items()}))
    share = 100 * faulty / checked.records
    if share > most:
        click.echo(said("records_too_many_faults", share=number(share, lang, 1), most=number(most, lang)))
    if faults is not None:
        click.echo(said("records_faults_written", file=checked.write_faults(faults, lang=lang)))
    sys.exit(_FOUND if faulty else 0)


def _say_what_is_unread(faults: pd.DataFrame) -> None:
    """Say which columns can't be read in how many records, where first, and what would be right."""
    from cbanalysis.display.words import number  # noqa: PLC0415 - as above
    from cbanalysis.records.fault_kinds import hint_in_vietnamese  # noqa: PLC0415 - as above

    for hint, rows in faults.groupby("hint", sort=False):
        first = rows.iloc[0]
        place = {"file": Path(first["file"]).name, "row": first["row"], "written": first["as_written"]}
        count = number(len(rows), language())
        told = hint_in_vietnamese(str(hint)) if language() == "vi" else hint
        click.echo(f"{'':>9}  {said('records_of_them_unread', count=count, hint=told, **place)}")
