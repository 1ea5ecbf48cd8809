"""A layout: what a table means, as a person edits it in TOML, and what one answers before it is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field as Checked

from cbanalysis.dataset.catalogue.entries import TERMS, Moment, Record


@dataclass(frozen=True)
class Told:
    """What a person says of the tables of a file that they don't say themselves.

    Attributes
    ----------
    province, period : str
        Of all rows.
    left_out : tuple of str
        Headers of columns, labels of rows and names of sheets that are no figures.
    number_style, percent_as : str
        As `Table` and `Figure` have them.
    all_of : tuple of str
        Lines above tables, or parts of them, that name no part of what is counted.
    """

    province: str = ""
    period: str = ""
    left_out: tuple[str, ...] = ()
    number_style: str = ""
    percent_as: str = ""
    all_of: tuple[str, ...] = ()


NOTHING_TOLD = Told()


YEAR = "{year}"
"""Stands in a header for any year, so that next year's table fits."""

Found = Literal["", "title", "sheet", "file", "section", "header"]


class Place(Record):
    """Where something that a row is about stands; exactly one of the three is filled.

    Attributes
    ----------
    value : str
        The same for all rows.
    column : str
        In each row, in the column of this header.
    found_in : {"title", "sheet", "file", "section", "header"}
        In the text above the table, the sheet's name, the file's name, the last sub-heading between the rows,
        or the header of the figure's column.
    """

    value: str = ""
    column: str = ""
    found_in: Found = ""

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return bool(self.value or self.column or self.found_in)


class Rows(Record):
    """What one row of the table is about.

    Attributes
    ----------
    regions : {"left_out", "kept"}
        Whether rows of regions and of the whole country are sums that stay out, or figures of their own.
    left_out : tuple of str
        Labels of rows that are no observations; any other row that isn't understood stops the import.
    kind : Place
        The column that says what kind of unit an area is (Huyện, Thành phố), where its name doesn't.
    """

    geo_level: Literal["country", "region", "province", "district", "commune"] = "province"
    regions: Literal["left_out", "kept"] = "left_out"
    left_out: tuple[str, ...] = ()
    province: Place = Place()
    area: Place = Place()
    period: Place = Place()
    subject: Place = Place()
    indicator: Place = Place()
    category: Place = Place()
    kind: Place = Place()

    @property
    def places(self) -> dict[str, Place]:
        """Where each of the things stands that a row is about."""
        return {name: place for name, place in self if isinstance(place, Place)}


class Figure(Record):
    """One figure of each row, and the headers of the one to three columns that print it.

    Attributes
    ----------
    value : str
        The header of its one column, where the indicator has a unit of its own (neither percent nor a count).
    percent_as : {"percent", "fraction", "permille"}
        How its column writes shares: 17, 0.17 or 170.
    factor : {1, 1000, 1000000}
        What counts are given in; 75 in thousands is 75000.
    """

    indicator: str = ""
    subject: str = ""
    category: str = ""
    scheme: str = ""
    category_id: str = ""
    category_kind: str = ""
    definition: str = ""
    base_of: str = ""
    complement: bool = False
    aggregation: Literal["point", "mean", "cumulative"] = "point"
    count: str = ""
    base: str = ""
    percent: str = ""
    value: str = ""
    percent_as: Literal["percent", "fraction", "permille"] = "percent"
    factor: Literal[1, 1000, 1000000] = 1
    decimals: int | None = Checked(default=None, ge=0, le=6)


class Table(Record):
    """One table.

    Attributes
    ----------
    sheet : str
        Where it was; for the reader only, a table is known by its headers.
    title : str
        The words above it, or of its file's name, that say what it is of: a layout of another file reads it
        only where they are the same.
    turned : bool
        Whether its columns are what rows are elsewhere.
    number_style : {"vi", "en"}
        How it prints numbers: ``9.768`` and ``63,71``, or ``9,768`` and ``63.71``.
    headers : tuple of str
        All headers, levels joined by ``|``; a table with exactly these fits.
    left_out : tuple of str
        Headers of columns that hold no figures or that nobody needs.
    rows, figures
        What rows are about, and their figures.
    """

    sheet: str = ""
    title: str = ""
    turned: bool = False
    number_style: Literal["vi", "en"] = "vi"
    headers: tuple[str, ...] = Checked(min_length=1)
    left_out: tuple[str, ...] = ()
    rows: Rows = Rows()
    figures: tuple[Figure, ...] = ()


class Document(Record):
    """The document that the figures come from; an empty id or title is taken from each file."""

    source_id: str = ""
    title: str = ""
    publisher: str = ""
    published: Moment = ""
    address: str = ""
    terms: str = TERMS


class Layout(Record):
    """What a file's tables mean.

    Attributes
    ----------
    confirmed : bool
        Whether a person has looked at it; only then it is used without asking.
    letters : {"tcvn3", "vni", ""}
        Text of before Unicode.
    other_sheets : tuple of str
        Sheets that hold no table of figures.
    """

    confirmed: bool = False
    letters: Literal["tcvn3", "vni", ""] = ""
    other_sheets: tuple[str, ...] = ()
    source: Document = Document()
    tables: tuple[Table, ...] = ()
