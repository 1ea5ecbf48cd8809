"""``cbanalysis list``, ``notebooks`` and ``new-notebook``: what there is, stored outputs, a new notebook."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from cbanalysis.batch.reports.notebook_parameters import read_parameters
from cbanalysis.batch.reports.reports_and_folders import find_notebook
from cbanalysis.batch.reports.reports_toml import Batches
from cbanalysis.batch.reports.stored_outputs import store_outputs
from cbanalysis.cli.command_language import echo, shown, speaks, spoken
from cbanalysis.cli.parameter_values import by_name
from cbanalysis.common.errors import CbanalysisError, OutputError
from cbanalysis.common.folders import notebooks_folder, shipped_folder, study_folder
from cbanalysis.common.new_study import add_notebooks
from cbanalysis.dataset.load import load_observations
from cbanalysis.lab.new_notebook import checked, new_notebook


@click.command()
@click.argument("names", metavar="[NOTEBOOK]...", nargs=-1)
def notebooks(names: tuple[str, ...]) -> None:
    """Run notebooks with the parameters they hold and store their outputs in them; all when none is named."""
    folder = notebooks_folder()
    paths = [find_notebook(name, folder) for name in names] or sorted(folder.glob("*.ipynb"))
    changed = store_outputs(paths)
    for path in paths:
        click.echo(f"{shown(path)}: {'stored anew' if path in changed else 'unchanged'}")


@click.command("new-notebook")
@click.argument("name")
@click.option(
    "--indicator",
    default="office_cell_adoption",
    help="What the question is about; `cbanalysis list` names all of them.",
)
def new(name: str, indicator: str) -> None:
    """Write NAME.ipynb for a new question: question, parameters, comparison, table, limits, sources.

    It lies in notebooks/ of the study (or of the checkout), runs as it is, and is a report at once.
    """
    study = study_folder()
    folder = shipped_folder("notebooks") if study is None else study / "notebooks"
    if study is None and not Path.cwd().is_relative_to(folder.parent):
        raise OutputError("this is neither a study nor a checkout; first cbanalysis new study, then cd study")
    # refused before anything is copied
    checked(name, folder if any(folder.glob("*.ipynb")) else shipped_folder("notebooks"), indicator)
    if study is not None and add_notebooks(study):
        echo(f"{shown(folder)}: copies of the notebooks, yours to change")
    path = new_notebook(name, folder, indicator=indicator)
    echo(f"{shown(path)}; next: cbanalysis lab, or cbanalysis report {path.stem}")


@click.command(name="list")
@speaks
def list_all() -> None:
    """List the sets of reports, the notebooks with their parameters, and the provinces with data."""
    batches = Batches(notebooks_folder())
    echo("sets of reports:")
    for name, one in batches.sets.items():
        click.echo(f"  {name}: {spoken(one.words)}")
    unreadable: list[str] = []
    for path in batches.notebooks.values():
        click.echo(path.stem)
        try:
            parameters = read_parameters(path)
        except CbanalysisError as error:
            unreadable.append(str(error))
            echo("can't be read, see below", indent=2)
            continue
        for parameter in parameters:
            closed = f"[{parameter.choices}] " if parameter.choices else ""
            line = f"  {parameter.name}: {parameter.type} = {parameter.default!r}  {closed}"
            click.echo(f"{line}{spoken(parameter.words)}".rstrip())
    observations = load_observations()
    counted, names = Counter(observations["province"]), by_name(observations["province"])
    echo(f"{len(names)} provinces with data (number of figures in brackets):")
    click.echo("  " + ", ".join(f"{name} ({counted[name]})" for name in names))
    if unreadable:
        raise CbanalysisError("\n".join(unreadable))
