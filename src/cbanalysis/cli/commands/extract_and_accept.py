"""``cbanalysis extract`` and ``accept``: figures from prose, looked through by a person, into data/."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import click

from cbanalysis.cli.command_language import (
    STUDY_DATA,
    confirm,
    echo,
    fault_spoken,
    language,
    shown,
    speaks,
    spoken,
)
from cbanalysis.cli.commands.import_tables import own_data
from cbanalysis.common.errors import DataError, Fault, UnknownName
from cbanalysis.common.folders import data_folder
from cbanalysis.common.messages import message
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.importing import prose
from cbanalysis.importing.commit.admitting_and_undoing import admit, examine, load_origins

_ASKED = 1
_STYLE = click.option(
    "--style",
    type=click.Choice(["vi", "en"]),
    default="vi",
    help="Numbers as 9.768 and 63,71 (vi) or 9,768 and 63.71 (en).",
)
_ABOUT = (
    click.option("--source", default="", help="The address that the documents were read at."),
    click.option("--publisher", default="", help="Who published them: Báo Hà Giang."),
    click.option("--province", default="", help="What they are about where they name no province."),
    click.option("--published", default="", help="When: YYYY, YYYY-MM or YYYY-MM-DD."),
    _STYLE,
    STUDY_DATA,
    speaks,
)


def of_articles(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what articles don't say themselves."""
    return reduce(lambda given, option: option(given), reversed(_ABOUT), command)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--review",
    type=click.Path(path_type=Path),
    help="The review to write, .xlsx or .csv; FILE.review.xlsx by default.",
)
@of_articles
def extract(
    *, files: tuple[Path, ...], review: Path | None, style: NumberStyle, data: Path | None, **about: str
) -> None:
    """Propose figures from articles (txt, html, docx, pdf) in a review table, for you to look through.

    Nothing enters data/ before you have looked at it: fill in the column "decision" with accept, correct or
    reject, then run cbanalysis accept REVIEW. Where and when an article is from may also stand in its first
    or last lines (Nguồn: …, Ngày: …), or in the head of a web page.
    """
    folder = (data or data_folder()).resolve()
    catalogue, gazetteer = Catalogue.read(folder), Gazetteer.read(folder)
    if not files:
        raise click.UsageError(spoken("name a document"))
    readings = readings_of(files, catalogue, gazetteer, style, told(gazetteer, **about))
    place = review or files[0].with_name(f"{files[0].stem}.review.xlsx")
    empty = not any(reading.candidates for reading in readings)
    if not empty:
        prose.write_review(readings, place, prose.choices(catalogue, gazetteer))
    for reading in readings:
        targets = sum(one.target for one in reading.candidates)
        if not reading.candidates:
            aside = len(reading.set_aside)
            echo(f"{reading.document.file}: no figures and no targets, {aside} numbers set aside")
            continue
        echo(
            f"{reading.document.file}: {len(reading.candidates) - targets} figures and {targets} targets "
            f"proposed, {len(reading.set_aside)} numbers set aside"
        )
    if empty:
        return
    echo(
        f"{shown(place.resolve())}: fill in the column decision (accept, correct, reject), "
        f"then cbanalysis accept {place.name}"
    )


def readings_of(
    files: Sequence[Path], catalogue: Catalogue, gazetteer: Gazetteer, style: NumberStyle, about: prose.About
) -> list[prose.Reading]:
    """Read articles; the faults of all that can't be read are told at once."""
    readings: list[prose.Reading] = []
    faults: list[Fault] = []
    for path in files:
        try:
            document = prose.open_document(path)
        except DataError as error:
            faults += error.faults
            continue
        readings.append(
            prose.read_document(document, catalogue=catalogue, gazetteer=gazetteer, style=style, about=about)
        )
    DataError.raise_if(faults)
    return readings


@click.command()
@click.argument("review", type=click.Path(path_type=Path))
@click.option("--source", default="", help="The source_id of a document that data/ knows already.")
@click.option("--publisher", default="", help="Who published the documents, for sources.csv.")
@click.option("--published", default="", help="When: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--yes", is_flag=True, help="Don't ask where figures are known already or contradict others.")
@_STYLE
@STUDY_DATA
@speaks
def accept(  # noqa: PLR0913 -- one for each option
    *,
    review: Path,
    source: str,
    publisher: str,
    published: str,
    yes: bool,
    style: NumberStyle,
    data: Path | None,
) -> None:
    """Take what a REVIEW says yes to into data/; rows that are wrong stay behind, each with the reason."""
    folder = own_data(data)

    def ask(notes: Sequence[str]) -> bool:
        for note in notes:
            echo(note, indent=2)
        if not yes and not sys.stdin.isatty():
            echo("nothing was changed; look at these, then accept again with --yes")
            sys.exit(_ASKED)
        return yes or confirm("Shall all of it come in?")

    taken = take(
        prose.read_review(review), review, folder=folder, source=source, publisher=publisher,
        published=published, style=style, ask=ask,
    )  # fmt: skip
    if taken is None:
        echo("nothing was changed")
        sys.exit(_ASKED)
    for fault in taken.behind:
        click.echo(f"  {spoken('stays behind: ')}{fault_spoken(fault)}")
    echo(
        f"{taken.count} figures are in {shown(folder)} ({taken.left}); "
        f"cbanalysis undo {taken.import_id} takes them back"
    )


@dataclass(frozen=True)
class Taken:
    """What came in of a review, what stayed behind and why, and what wasn't decided."""

    count: int
    import_id: str
    behind: tuple[Fault, ...]
    left: str


def take(  # noqa: PLR0913 -- one for each thing that accept and the page of a review may say
    rows: Sequence[prose.ReviewRow],
    review: Path,
    *,
    folder: Path,
    source: str = "",
    publisher: str = "",
    published: str = "",
    style: NumberStyle = "vi",
    ask: Callable[[Sequence[str]], bool],
) -> Taken | None:
    """Take what a review says yes to into a data folder; None where `ask` refuses what is known already."""
    taken = prose.accepted(
        rows, review, catalogue=Catalogue.read(folder), gazetteer=Gazetteer.read(folder),
        source=source, publisher=publisher, published=published, style=style, imported=_places(folder),
    )  # fmt: skip
    left = f"{taken.rejected} rejected, {taken.undecided} not decided"
    if not taken.incoming:
        what = f"nothing is accepted ({left})"
        raise DataError([Fault(what, file=review.name, column="decision", allowed="accept, correct")])
    examined = examine(taken.incoming, taken.sources, data=folder)
    notes = [
        message(
            row["relation"],
            new=f"{row['printed']} [{row['place']}]",
            known=f"{row['known_printed']} [{row['known'] or row['known_place']}]",
        )
        for row in examined.duplicates.to_dict("records")
    ]
    notes += [message("audit_line", text=text) for text in examined.findings[f"message_{language()}"]]
    if notes and not ask(notes):
        return None
    admission = admit(taken.incoming, taken.sources, data=folder, command=f"cbanalysis accept {review.name}")
    return Taken(len(admission.observation_ids), admission.import_id, taken.behind, left)


def _places(folder: Path) -> frozenset[tuple[str, str]]:
    """Return hash and place of the figures that came in from documents before."""
    origins = load_origins(folder)
    return frozenset(zip(origins["sha256"].astype("str"), origins["start"].astype("str"), strict=True))


def told(gazetteer: Gazetteer, source: str, publisher: str, province: str, published: str) -> prose.About:
    """Return what the options say; a strange province or date is refused."""
    if published and not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?", published):
        raise click.BadParameter("YYYY, YYYY-MM or YYYY-MM-DD", param_hint="--published")
    units = gazetteer.named(province) if province else ()
    if province and not units:
        raise UnknownName("province", province, [unit.name_vi for unit in gazetteer.units])
    name = units[-1].name_vi if units else ""
    return prose.About(source, publisher, name, published)
