"""``cbanalysis check``, ``audit``, ``codebook``, ``seeds``: what a data folder holds, what is wrong in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from cbanalysis.cli.command_language import counted, echo, language, refusal, said, shown, speaks, word
from cbanalysis.common.errors import DataError
from cbanalysis.common.folders import data_folder
from cbanalysis.common.language import speaking
from cbanalysis.common.messages import message
from cbanalysis.common.text.csv_writing import safe_csv
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.codebook import stale_files, write_codebook
from cbanalysis.dataset.load import check_folder, load_observations, load_sources, seed_figures
from cbanalysis.display.words import by_gap, failing_where, gap_text, number, records
from cbanalysis.statistics.audit import audit as find
from cbanalysis.statistics.audit import read_acknowledged

_PACKAGE = Path(__file__).resolve().parents[2]
_FINDINGS = 1
_DATA = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder; by default the study's, or the one that ships with the package.",
)


_FORMAT = click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", help="As what."
)


def _as_data(frame: pd.DataFrame, form: str) -> bool:
    """Print a frame as CSV or JSON; return whether it was asked for as either."""
    if form == "csv":
        click.echo(safe_csv(frame), nl=False)
    elif form == "json":
        click.echo(frame.to_json(orient="records", force_ascii=False, indent=1))
    return form != "table"


@click.command()
@_DATA
@speaks
def check(data: Path | None) -> None:
    """Check a data folder against its contract; list every fault, exit 1 if there is one."""
    folder = (data or data_folder()).resolve()
    try:
        check_folder(folder)
    except DataError as error:
        click.echo(refusal(error))
        sys.exit(_FINDINGS)
    figures, sources = len(load_observations(folder=folder)), len(load_sources(folder))
    told = {"figures": counted(figures, "figure"), "sources": counted(sources, "source")}
    click.echo(said("checked", folder=shown(folder), **told, known=figures, documents=sources))


def _span(low: float | None, high: float | None) -> str:
    if pd.isna(low):
        return ""
    ends = [low] if pd.isna(high) else [low, high]
    if language() == "vi":
        return "–".join(number(end, "vi") for end in ends)
    return " to ".join(f"{end:.15g}" for end in ends)


def _parsed(row: Mapping[Any, Any]) -> str:
    """Say in one cell what was read from a printed figure; in English as the data write numbers."""
    count = _span(row["parsed_count"], row.get("parsed_count_max"))
    of = "/" if language() == "vi" else " of "
    count += "" if pd.isna(row["parsed_base"]) else f"{of}{_span(row['parsed_base'], None)}"
    share = _span(row["parsed_percent"], row["parsed_percent_max"])
    parts = [part for part in (count.strip(), f"{share}%" if share else "") if part]
    text, mark = ("; " if language() == "vi" else ", ").join(parts), row["parsed_qualifier"]
    return text if mark in {"", "exact", "range"} else f"{text} ({word(mark.replace('_', ' '))})"


def _text_table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in ruled]
    return "\n".join(line.rstrip() for line in lines)


@click.command()
@_FORMAT
@_DATA
@speaks
def seeds(form: str, data: Path | None) -> None:
    """Show every figure of the five seed documents as printed and as read; exit 1 if any differs."""
    figures = seed_figures(data)
    as_data = _as_data(figures, form)
    if not as_data:
        heads = ("source", "figure", "indicator", "as printed", "as read", "agrees")
        rows = [[word(head) for head in heads]]
        for row in figures.to_dict("records"):
            beside = [row["source_id"], row["observation_id"], row["indicator"], row["printed"]]
            rows.append([*beside, _parsed(row), word("yes" if row["agrees"] else "NO")])
        click.echo(_text_table(rows))
    differing, documents = int((~figures["agrees"]).sum()), figures["source_id"].nunique()
    told = f"{counted(len(figures), 'figure')} from {counted(documents, 'document')}"
    echo(
        said("seeds_differ", counted=told, count=len(figures), documents=documents, differing=differing),
        err=as_data,
    )
    sys.exit(_FINDINGS if differing else 0)


@click.command()
@_DATA
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file isn't current.")
@speaks
def codebook(data: Path | None, *, only_check: bool) -> None:
    """Write the codebook and datapackage.json of a data folder from its tables."""
    folder = (data or data_folder()).resolve()
    if only_check:
        stale = stale_files(folder)
        echo(message("stale_files", files=", ".join(stale)) if stale else message("generated_current"))
        sys.exit(_FINDINGS if stale else 0)
    if folder.is_relative_to(_PACKAGE):
        raise click.UsageError("the data folder is part of the installed package; name another with --data")
    write_codebook(folder)
    echo(message("codebook_written", folder=shown(folder)))


def _listed(findings: pd.DataFrame) -> str:
    """Return findings as lines: gap, code and sum, then place and rows, then the reason."""
    lang, lines = language(), []
    for row in records(by_gap(findings)):
        with speaking(lang):
            lines.append(f"{gap_text(row):>12}  {row['code']}  {row[f'message_{lang}']}")
            where = failing_where(row)
        rows = row["observation_ids"].replace(";", ", ")
        lines.append(f"        {said('at_rows', where=where, rows=rows)}")
        if row["acknowledged"]:
            lines.append(f"        {said('acknowledged', reason=row[f'reason_{lang}'])}")
    return "\n".join(lines)


@click.command()
@_DATA
@_FORMAT
@speaks
def audit(data: Path | None, form: str) -> None:
    """Check the arithmetic of what was published, widest gap first; data are never altered.

    Exits 0 when nothing was found, 1 when there are findings that nobody acknowledged, 2 on an error.
    """
    folder = data or data_folder()
    acknowledged = read_acknowledged(folder / "acknowledged.csv")
    findings = find(
        load_observations(folder=folder), catalogue=Catalogue.read(folder), acknowledged=acknowledged
    )
    if not _as_data(findings, form):
        explained = int(findings["acknowledged"].sum())
        click.echo(_listed(findings) + "\n" * bool(len(findings)), nl=False)
        found = counted(len(findings), "finding")
        echo(message("findings_in_all", found=found, number=len(findings), explained=explained))
    if not findings["acknowledged"].all():
        sys.exit(_FINDINGS)
