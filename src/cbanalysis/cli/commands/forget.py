"""``cbanalysis forget``: a report that nobody wants any more, taken out of the output folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from cbanalysis.batch.reports.output_folder import forget as take_out
from cbanalysis.batch.reports.output_folder import report_folders, resolved
from cbanalysis.cli.command_language import echo, shown
from cbanalysis.cli.report_plan import rewrite_index
from cbanalysis.common.errors import require_known
from cbanalysis.common.folders import outputs_folder


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
