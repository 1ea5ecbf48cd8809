"""``cbanalysis audit``: whether the published arithmetic holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click
import pandas as pd

from cbanalysis.common.folders import data_folder
from cbanalysis.common.text import safe_csv
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.load import load_observations
from cbanalysis.statistics.audit import audit as find
from cbanalysis.statistics.audit import read_acknowledged

_FOUND = 1


def _listed(findings: pd.DataFrame) -> str:
    """Return findings as lines: weight, code and sum, then place and rows, then the reason."""
    lines = []
    for row in findings.to_dict("records"):
        lines.append(f"{row['weight']:6.2f}  {row['code']}  {row['message_en']}")
        where = ", ".join(part for part in (row["place_en"], row["period"]) if part)
        lines.append(f"        {where}; rows {row['observation_ids']}")
        if row["acknowledged"]:
            lines.append(f"        acknowledged: {row['reason_en']}")
    return "\n".join(lines)


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder; by default the study's, or the one that ships with the package.",
)
@click.option("--format", "style", type=click.Choice(["table", "json", "csv"]), default="table")
def audit(data: Path | None, style: Literal["table", "json", "csv"]) -> None:
    """Check the arithmetic of what was published, heaviest finding first; data are never altered.

    Exits 0 when nothing was found, 1 when there are findings that nobody acknowledged, 2 on an error.
    """
    folder = data or data_folder()
    acknowledged = read_acknowledged(folder / "acknowledged.csv")
    findings = find(
        load_observations(folder=folder), catalogue=Catalogue.read(folder), acknowledged=acknowledged
    )
    if style == "csv":
        click.echo(safe_csv(findings), nl=False)
    elif style == "json":
        click.echo(findings.to_json(orient="records", force_ascii=False, indent=1))
    else:
        explained = int(findings["acknowledged"].sum())
        click.echo(_listed(findings) + "\n" * bool(len(findings)), nl=False)
        many = "s" * (len(findings) != 1)
        click.echo(f"{len(findings)} finding{many}, {explained} of them acknowledged")
    if not findings["acknowledged"].all():
        sys.exit(_FOUND)
