"""``cbanalysis report`` and ``cbanalysis list``."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import click
import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.cli.choices import by_name, choices, wanted
from cbanalysis.cli.paths import shown
from cbanalysis.cli.progress import Progress, finish
from cbanalysis.folders import data_folder, notebooks_folder
from cbanalysis.load import SEEDS, load_observations, load_sources
from cbanalysis.publish import prepare
from cbanalysis.reports import LANGUAGES, Language, check_output, cores, plan, read_parameters, run

__all__ = ["list_all", "report"]

_PACKAGE = Path(__file__).resolve().parents[1]
_LICENCE = {
    "vi": "mã nguồn: giấy phép MIT; số liệu: theo điều khoản của từng nguồn",
    "en": "code: MIT licence; figures: on the terms of each source",
}


def _pairs(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{value!r} is not of the form NAME=VALUE")
        if name.strip() in pairs:
            raise click.BadParameter(f"{name.strip()} is given twice")
        pairs[name.strip()] = text
    return pairs


def _data_date(sources: pd.DataFrame) -> str:
    today = date.today().isoformat()  # noqa: DTZ011 -- compared with dates as printed, which have no zone
    return max((day for day in sources["published"] if len(day) == len(today) and day <= today), default="")


@click.command()
@click.argument("notebooks", nargs=-1)
@click.option(
    "-p", "given", multiple=True, metavar="NAME=VALUE", callback=_pairs, help="A parameter of the notebooks."
)
@click.option(
    "--lang", type=click.Choice([*LANGUAGES, "both"]), default="vi", help="Language; vi by default."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("outputs"),
    help="Where to; ./outputs by default.",
)
@click.option("--jobs", type=click.IntRange(1), help="How many at once; as many as cores by default.")
@click.option("--time-limit", type=click.FloatRange(1), default=600, help="Seconds a report may take; 600.")
def report(  # noqa: PLR0913 -- one for each option
    *,
    notebooks: tuple[str, ...],
    given: dict[str, str],
    lang: Literal["vi", "en", "both"],
    output: Path,
    jobs: int | None,
    time_limit: float,
) -> None:
    """Run notebooks with their parameters and write readable reports.

    NOTEBOOKS are names, numbers or paths. Without any, all of them run: each once, the province profile for
    every province with data, the source profile for the five seed documents; with -p, those that take it.
    """
    began = time.monotonic()
    observations = load_observations()
    each = {"province": by_name(observations["province"]), "source": list(SEEDS)}
    languages: Sequence[Language] = LANGUAGES if lang == "both" else [lang]
    lists = choices(observations, Catalogue.read())
    reports = plan(wanted(notebooks, given, each), languages=languages, choices=lists)
    keep_out = (data_folder(), notebooks_folder(), _PACKAGE)
    folder = check_output(output, [one.folder for one in reports], keep_out=keep_out)
    width = min(jobs or cores(), len(reports))
    click.echo(f"{len(reports)} to make, {width} at a time, into {shown(folder)}", err=True)
    data_date = _data_date(load_sources())
    about = {"data_date": data_date, "licence": _LICENCE}
    publisher = prepare(folder, observations, data_date=data_date, languages=languages)
    progress, stopped = Progress(len(reports)), False
    try:
        run(reports, folder, finish=publisher, about=about, jobs=width, time_limit=time_limit, done=progress)
    except KeyboardInterrupt:
        stopped = True
    finish(progress, time.monotonic() - began, folder, stopped=stopped)


@click.command(name="list")
def list_all() -> None:
    """List the notebooks with their parameters, and the provinces with data."""
    for path in sorted(notebooks_folder().glob("*.ipynb")):
        click.echo(path.stem)
        for parameter in read_parameters(path):
            closed = f"[{parameter.choices}] " if parameter.choices else ""
            click.echo(
                f"  {parameter.name}: {parameter.type} = {parameter.default!r}  {closed}{parameter.words}"
            )
    observations = load_observations()
    counted, names = Counter(observations["province"]), by_name(observations["province"])
    click.echo(f"{len(names)} provinces with data (number of figures in brackets):")
    click.echo("  " + ", ".join(f"{name} ({counted[name]})" for name in names))
