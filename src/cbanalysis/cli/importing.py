"""``cbanalysis import`` and ``cbanalysis undo``: tables into the study's data/, and out again."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click
import pandas as pd

from cbanalysis.catalogue import Catalogue
from cbanalysis.cli.paths import shown
from cbanalysis.errors import DataError, Fault
from cbanalysis.files import LETTERS, Grid, Letters, tables
from cbanalysis.folders import DATA_VARIABLE, data_folder, study_folder
from cbanalysis.intake import Arrivals, Examination, admit, examine, load_imports
from cbanalysis.intake import undo as take_back
from cbanalysis.layouts import (
    ENDING,
    Applied,
    Layout,
    Places,
    Proposal,
    Vocabulary,
    apply_layout,
    fits,
    layout_text,
    propose,
    read_layout,
    sealed,
    table_of,
    unsealed,
)
from cbanalysis.provinces import Gazetteer

__all__ = ["import_files", "undo"]

_ASKED = 1
_SHOWN = 6
_NUMBER = re.compile(r"\d+(?:[.,]\d+)+")
_DATA = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder; the study's by default.",
)


@dataclass(frozen=True)
class _Read:
    """One file on its way in."""

    path: Path
    layout: Path
    confirmed: bool
    applied: Applied


def own_data(data: Path | None) -> Path:
    """Return the data folder that may be written to.

    Raises
    ------
    UsageError
        Outside of a study, when no folder is named: the published figures are not changed by an import.
    """
    if data is None and study_folder() is None and DATA_VARIABLE not in os.environ:
        raise click.UsageError("this is no study; make one (cbanalysis new FOLDER) and cd into it")
    return (data or data_folder()).resolve()


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--layout",
    "layout_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns and rows mean; FILE.layout.toml, or one in the same folder that fits, by default.",
)
@click.option(
    "--letters", type=click.Choice([*LETTERS, "unicode"]), help="How text of before Unicode is encoded."
)
@click.option("--province", default="", help="The province, where no table says it.")
@click.option("--period", default="", help="The year, month or day, where no table says it.")
@click.option("--yes", is_flag=True, help="Don't ask: take the layout as proposed, and contradictions too.")
@_DATA
def import_files(  # noqa: PLR0913 -- one for each option
    *,
    files: tuple[Path, ...],
    layout_path: Path | None,
    letters: str | None,
    province: str,
    period: str,
    yes: bool,
    data: Path | None,
) -> None:
    """Read tables (xlsx, xls, xlsb, ods, csv, tsv, html, docx, pdf) into data/: all figures, or none.

    A layout says what columns and rows mean. Without one it is proposed, written beside the file and shown;
    once you say yes it reads such tables without asking.
    """
    folder = own_data(data)
    catalogue = Catalogue.read(folder)
    vocabulary, places = Vocabulary(catalogue), Places(Gazetteer.read(folder))
    told = cast("Letters | None", "" if letters == "unicode" else letters)
    read: list[_Read] = []
    faults: list[Fault] = []
    for path in files:
        try:
            grids = tables(path, letters=told)
            found = layout_path or _layout_of(path, grids)
            said = {"province": province, "period": period}
            if found is None or (layout_path is None and _outdated(found, grids, said)):
                said = said if found is None else _said(found, said)
                found = _written(path, grids, propose(grids, vocabulary, places, **said))
            layout = read_layout(found)
            if layout.letters and told is None and layout.letters != grids[0].letters:
                grids = tables(path, letters=layout.letters)
            applied = _applied(layout, found, grids, vocabulary, places)
            read.append(_Read(path, found, layout.confirmed, applied))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    sources = _sources(read, set(catalogue.sources))
    arrived = Arrivals(
        pd.concat([one.applied.observations for one in read], ignore_index=True),
        pd.concat([one.applied.origins for one in read], ignore_index=True),
    )
    examined = examine(arrived, sources, data=folder)
    for one in read:
        _show(one)
    _show_beside(examined, {one.applied.source["number_style"] for one in read})
    if not yes and (len(examined.beside) or len(examined.findings) or not all(one.confirmed for one in read)):
        _ask(read)
    admission = admit(arrived, sources, data=folder, command=_command(files))
    for one in read:
        if not one.confirmed:
            text = unsealed(one.layout.read_text(encoding="utf-8"))
            one.layout.write_text(text.replace("confirmed = false", "confirmed = true", 1), encoding="utf-8")
    count = len(admission.observation_ids)
    click.echo(
        f"{count} figures are in {shown(folder)}; cbanalysis undo {admission.import_id} takes them back"
    )


def _layout_of(path: Path, grids: Sequence[Grid]) -> Path | None:
    """Return the layout beside a file, or a confirmed one nearby that was made for such tables."""
    own = path.with_name(path.stem + ENDING)
    if own.exists():
        return own
    study = study_folder()
    for folder in dict.fromkeys([path.parent, *([study / "layouts"] if study else [])]):
        for candidate in sorted(folder.glob(f"*{ENDING}")):
            try:
                layout = read_layout(candidate)
            except DataError:
                continue  # another file's trouble
            if layout.confirmed and fits(layout, grids):
                return candidate
    return None


def _outdated(found: Path, grids: Sequence[Grid], said: Mapping[str, str]) -> bool:
    """Tell whether a proposal that nobody touched is of another table, or knows less than is said now."""
    table = table_of(found.read_text(encoding="utf-8"))
    return bool(table) and (not grids[0].sha256.startswith(table) or any(said.values()))


def _said(found: Path, said: Mapping[str, str]) -> dict[str, str]:
    """Return what is said of a file's tables, now or when their layout was proposed."""
    rows = [one.rows for one in read_layout(found).tables]
    before = {name: [getattr(one, name).value for one in rows] for name in said}
    return {name: said[name] or next(filter(None, before[name]), "") for name in said}


def _applied(
    layout: Layout, found: Path, grids: Sequence[Grid], vocabulary: Vocabulary, places: Places
) -> Applied:
    """Read the tables; where that fails under a layout on its way to be confirmed, it may be to blame."""
    try:
        return apply_layout(layout, grids, vocabulary, places)
    except DataError:
        if not layout.confirmed and not table_of(found.read_text(encoding="utf-8")):
            said = (
                f"is read as {found.name} says, edited and not confirmed; delete it to have it proposed anew"
            )
            click.echo(f"{grids[0].file} {said}", err=True)
        raise


def _written(path: Path, grids: Sequence[Grid], proposal: Proposal) -> Path:
    """Write a proposed layout beside its file; go on only where nothing is left to ask."""
    beside = path.with_name(path.stem + ENDING)
    try:
        text = layout_text(proposal.layout, path.name, proposal.questions)
        beside.write_text(sealed(text, grids[0].sha256), encoding="utf-8")
    except OSError as error:
        raise DataError(
            [Fault(f"the layout can't be written: {error.strerror}", file=str(beside))]
        ) from error
    click.echo(f"{path.name}: a layout is proposed in {shown(beside.resolve())}", err=True)
    for remark in proposal.remarks:
        click.echo(f"  {remark}", err=True)
    if proposal.questions:
        allowed = f"edit {beside.name}, then import again"
        raise DataError([Fault(question, file=path.name, allowed=allowed) for question in proposal.questions])
    return beside


def _sources(read: Sequence[_Read], taken: set[str]) -> list[dict[str, str]]:
    """Return the documents, each with an id of its own, which its figures then name."""
    sources = []
    for one in read:
        source = one.applied.source
        wanted = source["source_id"]
        number = 1
        while source["source_id"] in taken:
            number += 1
            source["source_id"] = f"{wanted}-{number}"
        taken.add(source["source_id"])
        one.applied.observations["source_id"] = source["source_id"]
        sources.append(source)
    return sources


def _show(one: _Read) -> None:
    rows, cells = one.applied.observations, one.applied.origins["cell"]
    click.echo(f"{one.path.name}: {len(rows)} figures, as {one.layout.name} says; the first:")
    for row, cell in zip(rows.head(_SHOWN).to_dict("records"), cells, strict=False):
        place = ", ".join(filter(None, (row["area"], row["province"])))
        what = " ".join(
            filter(None, (row["indicator"], row["subject"], row["category_id"] or row["category"]))
        )
        period = " to ".join(dict.fromkeys((row["period_start"], row["period_end"])))
        click.echo(f"  {place}, {period}: {what} = {row['printed']}  [{cell}]")
    for line in one.applied.left_out[:_SHOWN]:
        click.echo(f"  left out {line}")
    if len(one.applied.left_out) > _SHOWN:
        click.echo(f"  and {len(one.applied.left_out) - _SHOWN} more rows")


def _show_beside(examined: Examination, styles: set[str]) -> None:
    for row in examined.beside.to_dict("records"):
        other = f"{row['known']} ({row['known_place']})" if row["known"] else row["known_place"]
        click.echo(
            f"  {row['relation']}: {row['printed']} [{row['place']}]  |  {row['known_printed']} [{other}]"
        )
    for message in examined.findings["message_en"]:
        click.echo(f"  audit: {_NUMBER.sub(_swapped, message) if styles == {'vi'} else message}")


def _swapped(number: re.Match[str]) -> str:
    """Return a number of an English message as the tables shown beside it write theirs: 1.010, not 1,010."""
    return number[0].translate(str.maketrans(",.", ".,"))


def at_terminal() -> bool:
    """Return whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _ask(read: Sequence[_Read]) -> None:
    names = ", ".join(dict.fromkeys(one.layout.name for one in read))
    if at_terminal():
        if click.confirm("Is this right, and shall all of it come in?"):
            return
        click.echo(f"nothing was changed; edit {names} and import again")
    else:
        click.echo(f"nothing was changed; look at {names}, then import again with --yes")
    sys.exit(_ASKED)


def _command(files: Sequence[Path]) -> str:
    return " ".join(["cbanalysis import", *(path.name for path in files)])


@click.command()
@click.argument("import_id", required=False)
@click.option("--list", "only_list", is_flag=True, help="List the imports instead.")
@_DATA
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
    gone = take_back(folder, import_id)
    click.echo(f"{len(gone)} figures went from {shown(folder)}")
