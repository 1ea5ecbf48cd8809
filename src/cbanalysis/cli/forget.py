"""``cbanalysis forget``: a report that nobody wants any more, out of the output folder and its index."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from cbanalysis.batch.reports import forget as take_out
from cbanalysis.batch.reports import read_manifest, report_folders, write_manifest
from cbanalysis.cli.paths import shown
from cbanalysis.common.errors import UnknownName
from cbanalysis.common.folders import outputs_folder
from cbanalysis.site.pages import write_index


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
    folder = (output or outputs_folder()).expanduser().resolve()
    known = report_folders(folder)
    wanted = [_relative(one, folder) for one in reports]
    for name in wanted:
        if name not in known:
            raise UnknownName("report", name, map(str, known), hint=f"(in {shown(folder)})")
    for name in dict.fromkeys(wanted):
        take_out(folder, name)
        click.echo(f"forgot {name}")
    manifest, _ = read_manifest(folder)
    if manifest is not None:
        # what the last batch left isn't all there any more: the next one has to look again
        run = manifest.run and manifest.run.model_copy(update={"request": ""})
        manifest = write_manifest(folder, manifest.figures, run)
    write_index(folder, None if manifest is None else manifest.model_dump(mode="json"))


def _relative(given: str, folder: Path) -> PurePosixPath:
    path = Path(given).resolve()
    return PurePosixPath(path.relative_to(folder).as_posix() if folder in path.parents else given.strip("/"))
