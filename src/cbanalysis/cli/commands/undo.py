"""``cbanalysis undo``: an import taken out of data/ again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cbanalysis.batch.reports.output_folder import resolved
from cbanalysis.cli.command_language import STUDY_DATA, echo, shown, speaks
from cbanalysis.cli.commands.import_tables import own_data
from cbanalysis.cli.report_plan import stale_reports, told_of
from cbanalysis.common.folders import outputs_folder
from cbanalysis.common.messages import message
from cbanalysis.importing.commit.admitting_and_undoing import load_imports
from cbanalysis.importing.commit.admitting_and_undoing import undo as take_back

_NOTHING = 2


@click.command()
@click.argument("import_id", required=False)
@click.option("--list", "only_list", is_flag=True, help="List the imports instead.")
@STUDY_DATA
@speaks
def undo(import_id: str | None, data: Path | None, *, only_list: bool) -> None:
    """Take an import's figures out of data/ again; the last one when none is named."""
    folder = own_data(data)
    if only_list:
        for row in load_imports(folder).to_dict("records"):
            undone = f", undone {row['undone']}" if row["undone"] else ""
            echo(f"{row['import_id']}  {row['when']}  {row['figures']} figures  {row['command']}{undone}")
        return
    log = load_imports(folder)
    taken_back = dict(zip(log["import_id"], log["undone"], strict=True))
    standing = [name for name, when in taken_back.items() if not when]
    if not standing or taken_back.get(import_id or ""):
        when = taken_back.get(import_id or "", "")
        echo(
            message("undone_before", import_id=import_id, when=when) if when else message("nothing_to_undo"),
            err=True,
        )
        sys.exit(_NOTHING)
    gone = take_back(folder, import_id or standing[-1])
    echo(message("figures_out", count=len(gone), folder=shown(folder)))
    told_of("stale_reports", [*stale_reports(resolved(outputs_folder()))])
