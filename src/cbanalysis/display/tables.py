"""Tables for readers: the rows of a frame in Vietnamese or English, and the same rows as CSV.

Each function takes ``lang``, the reader's language ("vi" or "en"), and ``name``, the file stem.
``observations`` are rows of :func:`cbanalysis.load_observations`, ``rated`` those of
:func:`cbanalysis.statistics.rates.add_rates` (percent, 0 to 100). Without rows it raises CbanalysisError.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from textwrap import shorten
from typing import Any

import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import Language, spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue, Source
from cbanalysis.dataset.catalogue.vietnamese_wordings import worded_source
from cbanalysis.dataset.observations.given_frames import reads
from cbanalysis.dataset.observations.places_and_years import years_of
from cbanalysis.display import words
from cbanalysis.display.prints_reworded import as_told

_WORDS = words_of("tables")
HEADINGS = words_of("tables-headings")

_FIGURE = ("observation_id", "what", "where", "when")
_VALUES = {"observation_id", "printed", "rate", "bounds"}


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading and its cells as HTML-safe text.

    Attributes
    ----------
    heading : str
        In the reader's language.
    cells : tuple of str
        Escaped HTML, one per row.
    figures : tuple of str
        Ids of the observations that each cell shows, separated by blanks; empty where cells show none.
    numeric : bool
        Whether cells are set flush right.
    """

    heading: str
    cells: tuple[str, ...]
    numeric: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table as readers see it, with the rows behind it.

    In a notebook it shows itself as HTML; the same output carries the rows as CSV, so that a report can
    offer them for download, and each cell names its observations, so that a page can lead to their sources.

    Attributes
    ----------
    name : str
        File stem, e.g. ``attendance``.
    caption : str
        What the table shows, in the reader's language.
    columns : tuple of Column
        What is shown.
    rows : DataFrame
        The rows behind it, unformatted.
    footnotes : tuple of str
        Lines under the table.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame = field(repr=False)
    footnotes: tuple[str, ...] = ()

    def html(self) -> str:
        """Return the table as one HTML element; text from the data is escaped."""
        head = "".join(map(_head, self.columns))
        body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*map(_cells, self.columns), strict=True))
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.footnotes)
        return (
            f'<div class="cb-table" id="table-{html.escape(self.name)}"><table>'
            f"<caption>{html.escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</div>"
        )

    def csv(self) -> str:
        """Return the rows behind the table as CSV (comma, LF, header)."""
        return self._filled.to_csv(index=False, lineterminator="\n")

    @cached_property
    def _filled(self) -> pd.DataFrame:
        """The rows without the column of values where none has one."""
        empty = "value" in self.rows and self.rows["value"].isna().all()
        return self.rows.drop(columns="value") if empty else self.rows

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        bundle = {
            "text/plain": f"{self.caption} ({len(self.rows)})",
            "text/html": self.html(),
            "text/csv": self.csv(),
        }
        kinds = {str(name): kind_of(values) for name, values in self._filled.items()}
        about = {"name": self.name, "kind": "table", "caption": self.caption, "columns": kinds}
        return bundle, {"cbanalysis": about}


def kind_of(values: pd.Series) -> str:
    """Return what a column holds, for formats that tell numbers from text."""
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"


def _head(column: Column) -> str:
    attribute = ' class="number"' if column.numeric else ""
    return f'<th scope="col"{attribute}>{html.escape(column.heading)}</th>'


def _cells(column: Column) -> list[str]:
    attribute = ' class="number"' if column.numeric else ""
    figures = [f' data-figures="{html.escape(one)}"' if one else "" for one in column.figures]
    pairs = zip(column.cells, figures or [""] * len(column.cells), strict=True)
    return [f"<td{attribute}{of}>{cell}</td>" for cell, of in pairs]


def _text(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(html.escape(str(value)) for value in values)


def _texts(
    name: str, values: Iterable[object], figures: tuple[str, ...] = (), *, numeric: bool = False
) -> Column:
    """Return a column of text, its heading by name."""
    return Column(spoken(HEADINGS[name]), _text(values), numeric, figures)


def _numbers(name: str, values: Iterable[Any], figures: tuple[str, ...] = ()) -> Column:
    """Return a column of numbers, its heading by name."""
    return _texts(name, map(words.number, values), figures, numeric=True)


def _ids_by(observations: pd.DataFrame, column: str, keys: pd.Series) -> tuple[str, ...]:
    """Return the observations of each key, so that a number of figures leads to them."""
    if "observation_id" not in observations:
        return ()
    ids = observations.groupby(column)["observation_id"].agg(" ".join)
    return tuple(str(ids[key]) for key in keys)


def _need_rows(rows: pd.DataFrame) -> None:
    if rows.empty:
        raise CbanalysisError("there are no rows to tabulate; say so in words instead")


def _source(catalogue: Catalogue, source_id: str) -> Source:
    """Return a document; what is none of ours, such as a register of meeting records, speaks by its name."""
    if source_id in catalogue.sources:
        return worded_source(catalogue.sources[source_id])
    return Source.model_construct(
        source_id=source_id, title=source_id, publisher="", published="", address=""
    )


def source_name(source_id: str) -> str:
    """Return who published a document; the beginning of its title where nobody knows."""
    source = _source(Catalogue.read(), source_id)
    return source.publisher or shorten(source.title, 48, placeholder="…") or source_id


def _source_cell(source: Source, unknown: str = "") -> str:
    """Return who published a document, as a link to it; its title, or the words given, where nobody knows."""
    label = html.escape(source.publisher or unknown or source_name(source.source_id))
    if source.address.startswith(("http://", "https://")):
        address = html.escape(source.address, quote=True)
        return f'<a href="{address}" rel="noopener noreferrer">{label}</a>'
    return label


def _footnotes(rows: pd.DataFrame) -> tuple[str, ...]:
    notes = [spoken(_WORDS["ranks of values" if _valued(rows).all() else "ranks"])] if "rank" in rows else []
    notes += [f"{one[:1].upper()}{one[1:]}." for one in words.cut_off(rows)]
    if (rows["province_basis"] == "inferred").any():
        notes.append(spoken(words.INFERRED))
    if _from_publication(rows).any():
        notes.append(spoken(words.PUBLICATION))
    return tuple(notes)


def _valued(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows are in a unit of their own, neither shares nor counts."""
    return rows["value"].notna() if "value" in rows else pd.Series(False, index=rows.index)  # noqa: FBT003


def _from_publication(rows: pd.DataFrame) -> pd.Series:
    return (rows["period_basis"] == "publication") & (rows["period_start"] != "")


def _shown(rows: pd.DataFrame, name: str, catalogue: Catalogue) -> Column:
    """Return one column of a table, each kind of value in its own dress."""
    cells: tuple[str, ...]
    if name == "when":
        marks = _from_publication(rows).map({True: " †", False: ""})
        cells = _text(rows["when"] + marks)
    elif name == "source":
        cells = tuple(_source_cell(_source(catalogue, one)) for one in rows["source_id"])
    elif name == "rate":
        cells = tuple(words.amount(row["rate"], words.unit_of(row)) for row in words.records(rows))
    elif name == "bounds":
        ends = zip(rows["rate_low"], rows["rate_high"], rows["interval"], strict=True)
        cells = tuple(bounds(low, high, kind) for low, high, kind in ends)
    elif name == "rank":
        ranks = zip(rows["rank"], rows["rank_low"], rows["rank_high"], strict=True)
        cells = tuple(
            "" if pd.isna(rank) else f"{rank} ({low}–{high})" if low != high else str(rank)
            for rank, low, high in ranks
        )
    elif name == "interval":
        open_ = rows["rate_low"].ne(rows["rate_high"])
        kinds = rows["interval"].where(open_, "none")
        cells = _text([spoken(words.CODES["interval"][one]) for one in kinds])
    else:
        cells = _text(rows[name])
    figures = tuple(rows["observation_id"]) if name in _VALUES else ()
    heading = HEADINGS["value" if name == "rate" and _valued(rows).any() else name]
    return Column(spoken(heading), cells, numeric=name in {"rate", "bounds"}, figures=figures)


def bounds(low: float, high: float, kind: str) -> str:
    """Return both ends equally fine: halves of a printed unit whole, chance with two decimals."""
    if pd.isna(low) or pd.isna(high) or low == high:
        return ""
    exact = max(len(f"{end:.9f}".rstrip("0").partition(".")[2]) for end in (low, high))
    decimals = 2 if kind == "wilson" else exact
    return f"{words.number(low, decimals=decimals)}–{words.number(high, decimals=decimals)}"


@reads
def newest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows by indicator, level and place, each as it first comes, the newest of a place first.

    Tables list rows in the order in which they are given: call it for rows as they were loaded.
    """
    levels = {one: at for at, one in enumerate(Catalogue.read().levels)}
    keys = pd.DataFrame(
        {
            "indicator": pd.factorize(rows["indicator"])[0],
            "level": rows["geo_level"].map(levels).to_numpy(),
            "place": pd.factorize(rows["province"] + "/" + rows["area"])[0],
            # a year ends behind its months, and without a period nothing is new
            "newest": rows["period_end"].replace("", " ").str.ljust(10, "~").to_numpy(),
        }
    )
    order = keys.sort_values([*keys], ascending=[True, True, True, False], kind="stable").index
    return rows.iloc[order]


def _doubted(rows: pd.DataFrame, findings: pd.DataFrame | None) -> pd.DataFrame:
    """Return the rows with ``doubtful``, whether findings of the audit name them."""
    named = set() if findings is None else set(";".join(findings["observation_ids"]).split(";"))
    return rows.assign(doubtful=rows["observation_id"].isin(named))


def _told(rows: pd.DataFrame) -> tuple[pd.Series[str], list[str]]:
    """Return figures as printed, in the reader's way, and what explains that below the table.

    In brackets stands what their document says of how exact a bare number is.
    """
    told, needed = [], set()
    for row in words.records(rows):
        said, how = as_told(row)
        told.append(spoken(_WORDS[f"told {how}"]).format(said) if how else said)
        needed |= {"bracketed"} if how else set()
        needed |= {"restyled"} if said != row["printed"] else set()
    return pd.Series(told, index=rows.index, dtype="str"), [spoken(_WORDS[one]) for one in sorted(needed)]


def _table(rows: pd.DataFrame, names: Sequence[str], *, name: str, caption: str) -> Table:
    _need_rows(rows)
    catalogue = Catalogue.read()
    doubtful, rows = rows["doubtful"], rows.drop(columns="doubtful")
    told, explained = _told(rows)
    worded = words.with_words(rows).assign(printed=told + doubtful.map({True: " ⚠", False: ""}))
    columns = tuple(_shown(worded, one, catalogue) for one in names)
    notes = (*_footnotes(rows), *([spoken(_WORDS["doubtful"])] if doubtful.any() else ()))
    notes += (*explained,)
    return Table(name, spoken(_WORDS[caption]), columns, rows.reset_index(drop=True), notes)


@words.of_rows
def figures(
    observations: pd.DataFrame,
    *,
    lang: Language,
    name: str = "figures",
    findings: pd.DataFrame | None = None,
) -> Table:
    """List published figures: id, what, where, when, the print in the reader's way, and source.

    Those that ``findings`` of the audit name are marked ⚠.

    Raises
    ------
    CbanalysisError
        There are no rows.
    """
    names = (*_FIGURE, "printed", "source")
    return _table(_doubted(observations, findings), names, name=name, caption="published")


@words.of_rows
def rates(
    rated: pd.DataFrame, *, lang: Language, name: str = "rates", findings: pd.DataFrame | None = None
) -> Table:
    """List rates with what is known about their precision: Wilson interval, rounding range, floor or range.

    Ranked rows stand by rank.
    Those that ``findings`` of the audit name are marked ⚠.

    Raises
    ------
    CbanalysisError
        There are no rows.
    """
    rated = _doubted(rated, findings)
    names: tuple[str, ...] = (*_FIGURE, "printed", "rate", "bounds", "interval", "source")
    if "rank" in rated and rated["rank"].notna().sum() < 2:
        rated = rated.drop(columns="rank")  # one alone has no rank
    if "rank" in rated:
        names = ("rank", *names)
        rated = rated.sort_values(["rank", "observation_id"], kind="stable")
    table = _table(rated, names, name=name, caption="values" if _valued(rated).any() else "rates")
    kinds = () if _valued(rated).any() else {*rated["interval"]}
    told = [one for one in ("wilson", "rounding") if one in kinds]
    told += ["as told"] if {"floor", "range", "about"}.intersection(kinds) else []
    return replace(table, footnotes=(*table.footnotes, *(spoken(_WORDS[one]) for one in told)))


@words.of_rows
def arithmetic(rated: pd.DataFrame, *, lang: Language, name: str = "arithmetic") -> Table:
    """Show the published arithmetic: count over base against the percentage printed beside it.

    Raises
    ------
    CbanalysisError
        No row has all three.
    """
    rows = rated[rated["count"].notna() & rated["base"].notna() & rated["percent"].notna()]
    _need_rows(rows)
    worded = words.with_words(rows)
    agrees = {"vi": {True: "khớp", False: "không khớp"}, "en": {True: "yes", False: "no"}}[lang]
    sums = []
    for count, base, lender in zip(rows["count"], rows["base"], rows["base_from"], strict=True):
        parts = f"{words.number(count)}/{words.number(base)}{' ‡' if lender else ''}"
        sums.append(f"{parts} = {words.percent(100 * count / base, decimals=2)}")
    lenders = [one for one in rows["base_from"].unique() if one]
    lent = (spoken(_WORDS["borrowed"]).format(", ".join(lenders)),) if lenders else ()
    catalogue = Catalogue.read()
    shown = [_shown(worded, one, catalogue) for one in _FIGURE]
    shares, ids = tuple(words.percent(one) for one in rows["percent"]), tuple(rows["observation_id"])
    columns = (
        *shown,
        _texts("sum", sums, ids, numeric=True),
        _texts("share", shares, ids, numeric=True),
        _texts("verdict", [agrees[not conflict] for conflict in rows["conflict"]]),
    )
    caption = spoken(_WORDS["arithmetic"])
    return Table(name, caption, columns, rows.reset_index(drop=True), (*_footnotes(rows), *lent))


@words.of_rows
def findings(found: pd.DataFrame, *, lang: Language, name: str = "findings") -> Table:
    """List the published sums that don't hold, with their rows and their gaps: shares first, then counts.

    Raises
    ------
    CbanalysisError
        There are no findings.
    """
    _need_rows(found)
    found = words.by_gap(found)
    ids = tuple(found["observation_ids"].str.replace(";", " "))
    when = [words.dated(row) for row in words.records(found)]
    gaps = [words.gap_text(row) for row in words.records(found)]
    columns = (
        _texts("what", [words.failing(row) for row in words.records(found)]),
        _texts("where", found[f"place_{lang}"]),
        _texts("when", when),
        _texts("message", found[f"message_{lang}"], ids),
        _texts("rows", ids, ids),
        _texts("gap", gaps, numeric=True),
        _texts("reason", found[f"reason_{lang}"]),
    )
    notes = [_WORDS["by gap"]] if len(found) > 1 else []
    notes += [words.INFERRED] if found[f"place_{lang}"].str.contains("*", regex=False).any() else []
    notes += [words.PUBLICATION] if any(one.endswith("†") for one in when) else []
    return Table(name, spoken(_WORDS["findings"]), columns, found, tuple(spoken(one) for one in notes))


@words.of_rows
def sources(observations: pd.DataFrame, *, lang: Language, name: str = "sources") -> Table:
    """List the documents that the rows come from, most used first.

    Raises
    ------
    CbanalysisError
        There are no rows.
    """
    _need_rows(observations)
    catalogue = Catalogue.read()
    used = observations.groupby("source_id").size().rename("figures").reset_index()
    used = used.sort_values(["figures", "source_id"], ascending=[False, True], ignore_index=True)
    known = [_source(catalogue, str(one)) for one in used["source_id"]]
    shown = ("publisher", "title", "published", "address")
    rows = used.assign(**{name: [getattr(one, name) for one in known] for name in shown})
    rows = rows[["source_id", *shown, "figures"]]
    unknown = spoken(_WORDS["not known"])
    days = [words.period(one, one) if one else "" for one in rows["published"]]
    columns = (
        Column(HEADINGS["publisher"][lang], tuple(_source_cell(one, unknown) for one in known)),
        _texts("title", rows["title"]),
        _texts("published", days),
        _numbers("figures", rows["figures"], _ids_by(observations, "source_id", rows["source_id"])),
    )
    return Table(name, spoken(_WORDS["sources"]), columns, rows)


@words.of_rows
def tally(observations: pd.DataFrame, *, lang: Language, name: str = "tally") -> Table:
    """Count what is known by indicator: figures, provinces, years and sources.

    Raises
    ------
    CbanalysisError
        There are no rows.
    """
    _need_rows(observations)
    catalogue = Catalogue.read()
    named = observations.assign(province=observations["province"].where(observations["province"] != ""))
    rows = named.groupby("indicator", as_index=False).agg(
        figures=("observation_id", "size"),
        provinces=("province", "nunique"),
        sources=("source_id", "nunique"),
    )
    ends = [years_of(named[named["indicator"] == one]) or (None, None) for one in rows["indicator"]]
    rows.insert(3, "first_year", pd.Series([first for first, _ in ends], dtype="Int64"))
    rows.insert(4, "last_year", pd.Series([last for _, last in ends], dtype="Int64"))
    rows = rows.sort_values(["figures", "indicator"], ascending=[False, True], ignore_index=True)
    names = [catalogue.indicator(one).name[lang] for one in rows["indicator"]]
    years = [
        "" if pd.isna(first) else str(first) if first == last else f"{first}–{last}"
        for first, last in zip(rows["first_year"], rows["last_year"], strict=True)
    ]
    columns = (
        _texts("what", names),
        _numbers("figures", rows["figures"], _ids_by(observations, "indicator", rows["indicator"])),
        _numbers("provinces", rows["provinces"]),
        _texts("years", years),
        _numbers("sources", rows["sources"]),
    )
    return Table(name, spoken(_WORDS["tally"]), columns, rows)
