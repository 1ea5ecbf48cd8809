"""``cbanalysis notebooks``: the notebooks' stored outputs."""

from __future__ import annotations

import click

from cbanalysis.cli.paths import shown
from cbanalysis.folders import notebooks_folder
from cbanalysis.reports import find_notebook, store_outputs

__all__ = ["notebooks"]


@click.command()
@click.argument("names", metavar="[NOTEBOOK]...", nargs=-1)
def notebooks(names: tuple[str, ...]) -> None:
    """Run notebooks with the parameters they hold and store their outputs in them; all when none is named."""
    folder = notebooks_folder()
    paths = [find_notebook(name, folder) for name in names] or sorted(folder.glob("*.ipynb"))
    changed = store_outputs(paths)
    for path in paths:
        click.echo(f"{shown(path)}: {'stored anew' if path in changed else 'unchanged'}")
