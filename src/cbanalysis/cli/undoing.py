"""``cbanalysis undo`` and ``forget``: an import, or a report that nobody wants any more, taken out again."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import click

from cbanalysis.batch.reports.output_folder import forget as take_out
from cbanalysis.batch.reports.output_folder import report_folders, resolved
from cbanalysis.cli.importing import own_data
from cbanalysis.cli.report_plan import rewrite_index, stale_reports, told_of
from cbanalysis.cli.speech import STUDY_DATA, echo, shown, speaks
from cbanalysis.common.errors import require_known
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


@click.command()
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The output folder; outputs/ of the study, or of the current folder outside of one.",
)
def forget(reports: tuple[str, ...], output: Path | None) -> None:
    """Take reports out of the output folder and its index, e.g. one that failed for a wrong value.

    REPORT is its folder, as `cbanalysis report` says it: vi/04_province_profile/lao-cai, or the path to it.
    """
    folder = resolved(output or outputs_folder())
    known = report_folders(folder)
    wanted = [_relative(one, folder) for one in reports]
    for name in wanted:
        require_known("report", name, known, hint=f"(among the reports in {shown(folder)})")
    for name in dict.fromkeys(wanted):
        take_out(folder, name)
        echo(f"forgot {name}")
    rewrite_index(folder)


def _relative(given: str, folder: Path) -> PurePosixPath:
    path = Path(given).resolve()
    return PurePosixPath(path.relative_to(folder).as_posix() if folder in path.parents else given.strip("/"))
