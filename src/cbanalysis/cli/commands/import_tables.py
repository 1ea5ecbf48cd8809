"""``cbanalysis import``: tables into the study's data/."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import pandas as pd

from cbanalysis.cli.command_language import STUDY_DATA, confirm, echo, language, said, shown, speaks, spoken
from cbanalysis.common.atomic_writes import write_aside
from cbanalysis.common.errors import DataError, Fault, OutputError, by_cause, nearest
from cbanalysis.common.folders import DATA_VARIABLE, data_folder, study_folder
from cbanalysis.common.limits import read_bytes
from cbanalysis.common.messages import Message, message
from cbanalysis.common.text.letters import fold
from cbanalysis.common.text.unique_names import untaken
from cbanalysis.dataset.catalogue import Catalogue, Indicator
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing.commit.admitting_and_undoing import admit, examine
from cbanalysis.importing.commit.records import Arrivals, Examination
from cbanalysis.importing.files.grids import Grid
from cbanalysis.importing.files.letters import LETTERS, Letters
from cbanalysis.importing.files.reading import tables
from cbanalysis.importing.layouts.applying import Applied, apply_layout, fits
from cbanalysis.importing.layouts.files import (
    ENDING,
    layout_text,
    read_layout,
    rows_left_out,
    sealed,
    table_of,
    unsealed,
    without_rows,
)
from cbanalysis.importing.layouts.new_indicators import Drafted, draft_indicators
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.proposing import Proposal, propose
from cbanalysis.importing.layouts.records import Layout, Told
from cbanalysis.importing.layouts.vocabulary import Vocabulary

_ASKED = 1
_ASKED_AT_ONCE = 12
_SHOWN = 6
_TYPED = {"which_period": "period", "which_province": "province"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)+")


@dataclass(frozen=True)
class _Read:
    """One file on its way in."""

    path: Path
    layout: Path
    confirmed: bool
    applied: Applied
    columns_out: tuple[str, ...]


@dataclass(frozen=True)
class _Said:
    """What a person says of the files beside their names."""

    layout: Path | None
    letters: Letters | None
    told: Told
    new_indicators: bool

    @property
    def anything(self) -> bool:
        """Whether anything is said that a proposal must take into account."""
        return self.new_indicators or self.told != Told()


def own_data(data: Path | None) -> Path:
    """Return the data folder that may be written to.

    Raises
    ------
    UsageError
        Outside of a study, when no folder is named: the published figures are not changed by an import.
    """
    if data is None and study_folder() is None and DATA_VARIABLE not in os.environ:
        raise click.UsageError(said("no_study"))
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
@click.option(
    "--number-style",
    type=click.Choice(["vi", "en"]),
    help="How numbers are written, where cells don't show it: 9.768,5 (vi) or 9,768.5 (en).",
)
@click.option(
    "--percent-as",
    type=click.Choice(["percent", "fraction", "permille"]),
    help="What shares are written in, where it isn't clear: 85.3, 0.853 or 853.",
)
@click.option("--leave-out", multiple=True, help="A row, column or sheet that is no figure, by its name.")
@click.option(
    "--all-of",
    multiple=True,
    help="A line above a table, or a part of it, that names no part of what is counted.",
)
@click.option("--new-indicators", is_flag=True, help="Declare an own indicator for each unknown heading.")
@click.option("--yes", is_flag=True, help="Don't ask: take the layout as proposed, and contradictions too.")
@STUDY_DATA
@speaks
def import_files(  # noqa: PLR0913 -- one for each option
    *,
    files: tuple[Path, ...],
    layout_path: Path | None,
    letters: str | None,
    leave_out: tuple[str, ...],
    all_of: tuple[str, ...],
    new_indicators: bool,
    yes: bool,
    data: Path | None,
    **told: str | None,
) -> None:
    """Read tables (xlsx, xls, xlsb, ods, csv, tsv, html, docx, pdf) into data/: all figures, or none.

    A layout says what columns and rows mean. Without one it is proposed, written beside the file and shown;
    once you say yes it reads such tables without asking.
    """
    folder = own_data(data)
    catalogue = Catalogue.read(folder)
    places = Places(Gazetteer.read(folder))
    said = _Said(
        layout_path,
        _letters(letters),
        Told(left_out=leave_out, all_of=all_of, **{name: value or "" for name, value in told.items()}),
        new_indicators,
    )
    own: list[Indicator] = []
    read: list[_Read] = []
    faults: list[Fault] = []
    for path in files:
        try:
            read.append(_read(path, said, catalogue, own, places))
        except DataError as error:
            faults += error.faults
        except OSError as error:  # e.g. a name too long for a layout beside it
            faults.append(Fault(f"can't be read: {error.strerror or error}", file=path.name))
    DataError.raise_if(by_cause(faults))
    sources = _sources(read, set(catalogue.sources))
    arrived = Arrivals(
        pd.concat([one.applied.observations for one in read], ignore_index=True),
        pd.concat([one.applied.origins for one in read], ignore_index=True),
    )
    try:
        examined = examine(arrived, sources, data=folder, indicators=own)
    except DataError as error:
        raise DataError(by_cause(error.faults)) from error
    for one in read:
        _show(one)
    _show_beside(examined, {one.applied.source["number_style"] for one in read})
    if not yes and (
        not examined.duplicates.empty or not examined.findings.empty or not all(one.confirmed for one in read)
    ):
        _ask(read)
    admission = admit(arrived, sources, data=folder, command=_command(files), indicators=own)
    for one in read:
        _confirm(one, leave_out)
    taken = {"count": len(admission.observation_ids), "import_id": admission.import_id}
    echo(message("figures_in", folder=shown(folder), **taken))


def _letters(given: str | None) -> Letters | None:
    known: dict[str | None, Letters] = {"unicode": "", **{name: name for name in LETTERS}}
    return known.get(given)


def _read(path: Path, said: _Said, catalogue: Catalogue, own: list[Indicator], places: Places) -> _Read:
    """Read one file under the layout that is there for it, or under the one that is proposed now.

    Own indicators that a person wants declared are added to ``own``.
    """
    vocabulary = _with(catalogue, own)
    grids = tables(path, letters=said.letters)
    found = said.layout or _layout_of(path, grids, places)
    if found is None or (said.layout is None and _outdated(found, grids, said, vocabulary)):
        now = said if found is None else _said_before(found, said)
        proposal = propose(grids, vocabulary, places, now.told)
        if (told := _all_of(proposal.questions, now.told)) != now.told:
            now = replace(now, told=told)
            proposal = propose(grids, vocabulary, places, told)
        drafted = draft_indicators(proposal.unknown, vocabulary)
        if wanted := _declared(drafted, said):
            own += wanted
            vocabulary = _with(catalogue, own)
            proposal = propose(grids, vocabulary, places, now.told)
        if (told := _answered(proposal.questions, now.told)) != now.told:
            proposal = propose(grids, vocabulary, places, told)
        found = _written(path, grids, proposal, [one for one in drafted if one.indicator not in own])
    layout = without_rows(read_layout(found), said.told.left_out)
    if missing := {one.indicator for table in layout.tables for one in table.figures} - {
        "",
        *vocabulary.catalogue.indicators,
    }:
        # a layout from elsewhere, or an edited one, names own indicators that nobody declared yet
        drafted = draft_indicators(propose(grids, vocabulary, places, said.told).unknown, vocabulary)
        own += _declared([one for one in drafted if one.indicator.id in missing], said)
        vocabulary = _with(catalogue, own)
    if layout.letters and said.letters is None and layout.letters not in {grid.letters for grid in grids}:
        grids = tables(path, letters=layout.letters)
    columns_out = tuple(header for table in layout.tables for header in table.left_out)
    DataError.raise_if(_unknown_names(said.told.left_out, grids, [*columns_out, *layout.other_sheets]))
    return _Read(
        path, found, layout.confirmed, _applied(layout, found, grids, vocabulary, places), columns_out
    )


def _unknown_names(names: Sequence[str], grids: Sequence[Grid], known: Sequence[str]) -> list[Fault]:
    """Return the names to be left out that no column, row or sheet has: each is a slip."""
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    texts = {cell for cell in cells if isinstance(cell, str)} if names else set()
    there = {fold(label(text)) for text in {*texts, *known}}
    return [
        Fault(message("no_such_name"), file=grids[0].file, value=name, nearest=nearest(name, texts))
        for name in names
        if fold(label(name)) not in there
    ]


def _confirm(one: _Read, leave_out: Sequence[str]) -> None:
    """Write into a layout that a person has looked at it, and which rows are to be left out next year too."""
    text = before = _text_of(one.layout)
    if not one.confirmed:
        text = unsealed(text).replace("confirmed = false", "confirmed = true", 1)
    if leave_out:
        text = rows_left_out(text, leave_out)
    if text != before:
        write_aside(one.layout, text)


def _layout_of(path: Path, grids: Sequence[Grid], places: Places) -> Path | None:
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
            if layout.confirmed and fits(layout, grids, places):
                return candidate
    return None


def _outdated(found: Path, grids: Sequence[Grid], said: _Said, vocabulary: Vocabulary) -> bool:
    """Tell whether a proposal that nobody touched is of another table, or knows less than is said now."""
    table = table_of(_text_of(found))
    if not table:
        return False
    known = {"", *vocabulary.catalogue.indicators}
    unknown = any(
        figure.indicator not in known for one in read_layout(found).tables for figure in one.figures
    )
    return unknown or said.anything or not grids[0].sha256.startswith(table)


def _with(catalogue: Catalogue, own: Sequence[Indicator]) -> Vocabulary:
    entries = {**catalogue.indicators, **{one.id: one for one in own}}
    return Vocabulary(catalogue.model_copy(update={"indicators": entries}))


def _declared(drafted: Sequence[Drafted], said: _Said) -> list[Indicator]:
    """Return the own indicators that a person wants declared, by option or when asked; each is told."""
    chosen = []
    for one in drafted:
        if said.new_indicators or (at_terminal() and confirm(message("declare", **_said_of(one)))):
            echo(message("declared", **_said_of(one)), err=True, indent=2)
            chosen.append(one.indicator)
    return chosen


def _all_of(questions: Sequence[Message], told: Told) -> Told:
    """Ask a person of which lines above a table its columns are of all."""
    titles: dict[str, Message] = {}
    for question in questions if at_terminal() else ():
        asked: Message = question.gaps["text"]
        if asked.key == "title_rest":
            titles.setdefault(asked.gaps["title"], question)
    return replace(told, all_of=(*told.all_of, *(title for title, one in titles.items() if confirm(one))))


def _answered(questions: Sequence[Message], told: Told) -> Told:
    """Ask a person which columns hold no figures, and of which period or province the others are."""
    if not at_terminal() or len(questions) > _ASKED_AT_ONCE:
        return told
    for question in questions:
        asked: Message = question.gaps["text"]
        if asked.key in _TYPED:
            answer = click.prompt(spoken(question), default="", show_default=False).strip()
            told = replace(told, **{_TYPED[asked.key]: answer})  # type: ignore[arg-type]
        elif (header := asked.gaps.get("header")) and confirm(message("leave_column_out", question=question)):
            told = replace(told, left_out=(*told.left_out, header))
    return told


def _said_of(drafted: Drafted) -> dict[str, str]:
    entry = drafted.indicator
    return {"header": drafted.header, "id": entry.id, "unit": entry.unit, "subject": entry.subjects[0]}


def _said_before(found: Path, said: _Said) -> _Said:
    """Return what is said of a file's tables, now or when their layout was proposed."""
    tables = read_layout(found).tables
    out = [name for one in tables for name in (*one.left_out, *one.rows.left_out)]
    told = replace(
        said.told,
        province=said.told.province or next((one.rows.province.value for one in tables), ""),
        period=said.told.period or next((one.rows.period.value for one in tables), ""),
        left_out=tuple(dict.fromkeys([*out, *said.told.left_out])),
    )
    return replace(said, told=told)


def _applied(
    layout: Layout, found: Path, grids: Sequence[Grid], vocabulary: Vocabulary, places: Places
) -> Applied:
    """Read the tables; where that fails under a layout on its way to be confirmed, it may be to blame."""
    try:
        return apply_layout(layout, grids, vocabulary, places)
    except DataError:
        if not layout.confirmed and not table_of(_text_of(found)):
            echo(message("edited_layout", file=grids[0].file, layout=found.name), err=True)
        raise


def _text_of(layout: Path) -> str:
    """Return the text of a layout; what is no UTF-8 in it is told by who reads it."""
    return read_bytes(layout).decode("utf-8", "replace")


def _written(path: Path, grids: Sequence[Grid], proposal: Proposal, drafted: Sequence[Drafted]) -> Path:
    """Write a proposed layout beside its file; go on only where nothing is left to ask."""
    beside = path.with_name(path.stem + ENDING)
    try:
        text = layout_text(proposal.layout, path.name, proposal.questions)
        write_aside(beside, sealed(text, grids[0].sha256))
    except OutputError as error:
        fault = Fault(f"the layout can't be written: {error.reason}", file=str(beside))
        raise DataError([fault]) from error
    echo(message("layout_proposed", file=path.name, layout=shown(beside.resolve())), err=True)
    for remark in proposal.remarks:
        echo(remark, err=True, indent=2)
    for one in drafted if proposal.questions else ():
        echo(message("could_declare", **_said_of(one)), err=True, indent=2)
    if proposal.questions:
        questions: list[Message] = [*proposal.questions[:_ASKED_AT_ONCE]]
        if (more := len(proposal.questions) - len(questions)) > 0:
            questions.append(message("more_questions", more=more, layout=beside.name))
        faults = []
        for question in questions:
            asked = getattr(question.gaps.get("text"), "key", "")
            key = "declare_or_edit" if drafted and asked in {"rest", "rest_near"} else "edit_layout"
            key = "all_of_or_edit" if asked == "title_rest" else key
            faults.append(Fault(question, file=path.name, allowed=message(key, layout=beside.name)))
        raise DataError(faults)
    return beside


def _sources(read: Sequence[_Read], taken: set[str]) -> list[dict[str, str]]:
    """Return the documents, each with an id of its own, which its figures then name."""
    sources = []
    for one in read:
        source = one.applied.source
        source["source_id"] = untaken(source["source_id"], taken)
        taken.add(source["source_id"])
        one.applied.observations["source_id"] = source["source_id"]
        sources.append(source)
    return sources


def _show(one: _Read) -> None:
    rows, cells = one.applied.observations, one.applied.origins["cell"]
    echo(message("figures_read", file=one.path.name, count=len(rows), layout=one.layout.name))
    for row, cell in zip(rows.head(_SHOWN).to_dict("records"), cells, strict=False):
        place = ", ".join(filter(None, (row["area"], row["province"]))) or row["geo_level"]
        what = " ".join(
            filter(None, (row["indicator"], row["subject"], row["category_id"] or row["category"]))
        )
        period = " to ".join(dict.fromkeys((row["period_start"], row["period_end"])))
        click.echo(f"  {place}, {period}: {what} = {row['printed']}  [{cell}]")
    for line in one.applied.remarks:
        echo(line, indent=2)
    if one.columns_out:
        echo(message("columns_out", headers=", ".join(map(repr, one.columns_out))), indent=2)
    for line in one.applied.left_out[:_SHOWN]:
        echo(message("left_out", line=line), indent=2)
    if (more := len(one.applied.left_out) - _SHOWN) > 0:
        echo(message("more_rows", more=more), indent=2)


def _show_beside(examined: Examination, styles: set[str]) -> None:
    for row in examined.duplicates.to_dict("records"):
        other = f"{row['known']} ({row['known_place']})" if row["known"] else row["known_place"]
        new, known = f"{row['printed']} [{row['place']}]", f"{row['known_printed']} [{other}]"
        echo(message(row["relation"], new=new, known=known), indent=2)
    for finding in examined.findings[f"message_{language()}"]:
        written = language() == "en" and styles == {"vi"}
        echo(message("audit_line", text=_NUMBER.sub(_swapped, finding) if written else finding), indent=2)


def _swapped(number: re.Match[str]) -> str:
    """Return a number of an English message as the tables shown beside it write theirs: 1.010, not 1,010."""
    return number[0].translate(str.maketrans(",.", ".,"))


def at_terminal() -> bool:
    """Return whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _ask(read: Sequence[_Read]) -> None:
    names = ", ".join(dict.fromkeys(one.layout.name for one in read))
    if at_terminal():
        if confirm(message("is_it_right")):
            return
        echo(message("nothing_edit", layouts=names))
    else:
        echo(message("nothing_look", layouts=names))
    sys.exit(_ASKED)


def _command(files: Sequence[Path]) -> str:
    return " ".join(["cbanalysis import", *(path.name for path in files)])
