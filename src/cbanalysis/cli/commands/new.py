"""``cbanalysis new``: a study of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from cbanalysis.cli.command_language import echo, shown, speaks
from cbanalysis.common.new_study import new_study


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--alone", is_flag=True, help="Begin without the published figures; own ones then stand alone.")
@click.option("--notebooks", is_flag=True, help="Copy the notebooks too, to change them.")
@speaks
def new(folder: Path, *, alone: bool, notebooks: bool) -> None:
    """Make FOLDER a study: own data/ and outputs/ that every command below it finds by itself."""
    place = new_study(folder, published=not alone, notebooks=notebooks)
    echo(f"{shown(place)} is a study; next: cd {folder}, then cbanalysis import FILE")
