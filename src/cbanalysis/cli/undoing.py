"""``cbanalysis undo``: an import out of the study's data/ again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cbanalysis.batch.reports import read_manifest
from cbanalysis.cli.importing import own_data
from cbanalysis.cli.paths import shown
from cbanalysis.cli.speech import echo, speaks
from cbanalysis.common.folders import outputs_folder
from cbanalysis.common.messages import message
from cbanalysis.dataset.load import fingerprint, look
from cbanalysis.importing.commit import load_imports
from cbanalysis.importing.commit import undo as take_back

_NOTHING = 2
_SHOWN = 6


@click.command()
@click.argument("import_id", required=False)
@click.option("--list", "only_list", is_flag=True, help="List the imports instead.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder; the study's by default.",
)
@speaks
def undo(import_id: str | None, data: Path | None, *, only_list: bool) -> None:
    """Take an import's figures out of data/ again; the last one when none is named."""
    folder = own_data(data)
    if only_list:
        for row in load_imports(folder).to_dict("records"):
            undone = f", undone {row['undone']}" if row["undone"] else ""
            click.echo(
                f"{row['import_id']}  {row['when']}  {row['figures']} figures  {row['command']}{undone}"
            )
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
    if stale := _stale_reports():
        names = ", ".join([*stale[:_SHOWN], *(["…"] if len(stale) > _SHOWN else [])])
        echo(message("stale_reports", count=len(stale), names=names))


def _stale_reports() -> list[str]:
    """Return the folders of reports whose figures aren't those that they were made from."""
    manifest, _ = read_manifest(outputs_folder().expanduser().resolve())
    entries = manifest.reports if manifest is not None else []
    return [
        entry.folder
        for entry in entries
        if any(fingerprint(look(seen.query)) != seen.found for seen in entry.saw)
    ]
