"""``cbanalysis list``."""

from __future__ import annotations

from collections import Counter

import click

from cbanalysis.batch.reports import Batches, read_parameters
from cbanalysis.cli.choices import by_name
from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.folders import notebooks_folder
from cbanalysis.dataset.load import load_observations


@click.command(name="list")
def list_all() -> None:
    """List the sets of reports, the notebooks with their parameters, and the provinces with data."""
    batches = Batches(notebooks_folder())
    click.echo("sets of reports:")
    for name, one in batches.sets.items():
        click.echo(f"  {name}: {one.words}")
    unreadable: list[str] = []
    for path in batches.notebooks.values():
        click.echo(path.stem)
        try:
            parameters = read_parameters(path)
        except CbanalysisError as error:
            unreadable.append(str(error))
            click.echo("  can't be read, see below")
            continue
        for parameter in parameters:
            closed = f"[{parameter.choices}] " if parameter.choices else ""
            line = f"  {parameter.name}: {parameter.type} = {parameter.default!r}  {closed}{parameter.words}"
            click.echo(line.rstrip())
    observations = load_observations()
    counted, names = Counter(observations["province"]), by_name(observations["province"])
    click.echo(f"{len(names)} provinces with data (number of figures in brackets):")
    click.echo("  " + ", ".join(f"{name} ({counted[name]})" for name in names))
    if unreadable:
        raise CbanalysisError("\n".join(unreadable))
