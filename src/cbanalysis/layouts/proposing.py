"""From the words of a file's headers to a layout that a person can confirm or correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cbanalysis.files import Cell, Formatted, Grid
from cbanalysis.layouts.columns import Column, columns_of
from cbanalysis.layouts.heads import Body, find_body, is_number, labels_of, shown
from cbanalysis.layouts.numbers import decide_style
from cbanalysis.layouts.places import Places, period_in
from cbanalysis.layouts.records import YEAR, Document, Figure, Layout, Place, Rows, Table
from cbanalysis.layouts.vocabulary import Meaning, Vocabulary

__all__ = ["Proposal", "propose"]

_Level = Literal["province", "district", "commune"]
_LABELS = ("province", "area", "period", "subject", "indicator", "category")


@dataclass(frozen=True)
class Proposal:
    """A layout with what was decided on the way, and what only a person can answer.

    Attributes
    ----------
    layout : Layout
        Not confirmed.
    remarks : tuple of str
        What was decided, and from what: number style, scale of percentages.
    questions : tuple of str
        What isn't known; with any of these the layout must be edited first.
    """

    layout: Layout
    remarks: tuple[str, ...]
    questions: tuple[str, ...]


def propose(
    grids: Sequence[Grid], vocabulary: Vocabulary, places: Places, *, province: str = "", period: str = ""
) -> Proposal:
    """Propose what the tables of a file mean.

    Parameters
    ----------
    grids : sequence of Grid
        The tables of one file.
    vocabulary, places
        What words, provinces and periods are known by.
    province, period : str
        What a person said of all tables that don't say it themselves.

    Returns
    -------
    Proposal
    """
    tables: list[Table] = []
    remarks: list[str] = []
    questions: list[str] = []
    others = []
    for grid in grids:
        drafts = [_Draft(body, vocabulary, places, province, period) for body in _bodies(grid)]
        if not drafts:
            others.append(grid.sheet)
            continue
        # rows and columns may have changed places; the reading that understands more is taken
        draft = max(drafts, key=lambda one: one.understood)
        table = draft.table()
        where = f"{grid.sheet}: " if grid.sheet else ""
        remarks += [f"{where}{remark}" for remark in (*grid.remarks, *draft.remarks)]
        same = [one for one in tables if one.headers == table.headers and one.rows == table.rows]
        if not same:
            tables.append(table)
        questions += [f"{where}{question}" for question in draft.questions]
    letters = next((grid.letters for grid in grids if grid.letters), "")
    if not tables:
        questions.append("no table of figures was found")
    layout = Layout(
        letters=letters,  # type: ignore[arg-type]
        other_sheets=tuple(others),
        source=Document(),
        tables=tuple(tables),
    )
    return Proposal(layout, tuple(dict.fromkeys(remarks)), tuple(dict.fromkeys(questions)))


def _bodies(grid: Grid) -> Iterator[Body]:
    body = find_body(grid)
    if body is None:
        return
    yield body
    turned = turned_body(body)
    if turned is not None:
        yield turned


def turned_body(body: Body) -> Body | None:
    """Return a table with rows for columns, None where it makes no table then."""
    if body.last - body.top > 200:
        return None
    turned = find_body(body.grid.part(body.top, body.last).turned())
    return turned and replace(turned, title=body.title)


class _Draft:
    """One table on its way to a layout."""

    def __init__(
        self, body: Body, vocabulary: Vocabulary, places: Places, province: str, period: str
    ) -> None:
        self.body = body
        self.vocabulary = vocabulary
        self.places = places
        self.said = {"province": province, "period": period}
        self.columns = columns_of(body, vocabulary, places)
        self.remarks: list[str] = []
        self.questions: list[str] = []
        self.sections = list(_sections(body))
        self.meanings = self._meanings()

    @property
    def understood(self) -> tuple[int, int, int]:
        """How much of the table is understood: figures, labels, and rather as it lies in the file."""
        labels = {column.role for column in self.columns} & set(_LABELS)
        figures = sum(bool(meaning.indicator) for meaning in self.meanings.values())
        if {"category", "indicator"} & labels:
            figures = max(figures, 1)
        # a column of numbers without labels beside it is no row of a table
        return (figures if labels else 0, len(labels), not self.body.grid.transposed)

    def table(self) -> Table:
        rows = self._rows()
        figures = list(self._figures(rows))
        used = {header for one in figures for header in (one.count, one.base, one.percent)}
        used |= {place.column for _, place in rows if isinstance(place, Place)}
        headers = list(dict.fromkeys(filter(None, self.body.headers)))
        left = tuple(
            column.header for column in self.columns if column.header and column.role in {"order", "note"}
        )
        unread = [header for header in headers if header not in used and header not in left]
        self.questions += [f"what is the column {header!r}?" for header in unread]
        if not figures:
            self.questions.append("which columns hold figures, and of what?")
        return Table(
            sheet=self.body.grid.sheet,
            turned=self.body.grid.transposed,
            number_style=self._style(),
            headers=tuple(headers),
            left_out=left,
            rows=rows,
            figures=tuple(figures),
        )

    # -- rows ------------------------------------------------------------------------------------

    def _column(self, role: str) -> Column | None:
        return next((column for column in self.columns if column.role == role), None)

    def _rows(self) -> Rows:
        area, level = self._column("area"), self._column("area")
        place = {"province": self._place("province"), "period": self._place("period")}
        if not place["period"].known:
            self.questions.append("which year or date are the figures of? (tables.rows.period)")
        if not place["province"].known:
            self.questions.append("which province are the figures of? (tables.rows.province)")
        words = {}
        for role in ("subject", "indicator", "category"):
            column = self._column(role)
            if column is not None:
                words[role] = Place(column=column.header)
            elif role == "subject" and self._by_section("subject"):
                words[role] = Place(found_in="section")
        geo_level: _Level = level.level if level is not None else "province"  # type: ignore[assignment]
        return Rows(
            geo_level=geo_level,
            area=Place(column=area.header) if area is not None else Place(),
            **place,
            **words,
        )

    def _place(self, role: str) -> Place:
        column = self._column(role)
        if column is not None:
            return Place(column=column.header)
        if self.said[role]:
            return Place(value=self.said[role])
        if role == "period" and any(
            YEAR in self.body.headers[one.at] for one in self.columns if not one.role
        ):
            return Place(found_in="header")
        if self._by_section(role):
            return Place(found_in="section")
        grid = self.body.grid
        texts = (("title", "\n".join(self.body.title)), ("sheet", grid.sheet), ("file", grid.file))
        for name, text in texts:
            if self._in_text(role, text):
                return Place(found_in=name)  # type: ignore[arg-type]
        return Place()

    def _in_text(self, role: str, text: str) -> bool:
        if role == "period":
            return found_period(text) is not None
        if role == "subject":
            return bool(self.vocabulary.subject(text))
        return bool(self.places.province_in(text))

    def _by_section(self, role: str) -> bool:
        if role == "province":
            return any(self.places.is_province(text) for text in self.sections)
        return bool(self.sections) and all(
            self._in_text(role, text) for text in self.sections if not self.vocabulary.is_total(text)
        )

    # -- figures ---------------------------------------------------------------------------------

    def _meanings(self) -> dict[int, Meaning]:
        """Return what each column of figures means, from its header, the title, and the column before it."""
        title = " ".join(self.body.title) or self.body.grid.sheet
        found: dict[int, Meaning] = {}
        before: Meaning | None = None
        for column in self.columns:
            if column.role:
                before = None
                continue
            text = column.header.replace(YEAR, " ").replace("|", " ")
            measure = self.vocabulary.measure(text)
            if self.vocabulary.only_measure(text):
                if measure == "percent" and before is not None:
                    meaning = replace(before, measure="percent")
                else:
                    meaning = self._meaning(title, measure if measure != "total" else "total", whole=title)
            else:
                meaning = self._meaning(text, measure, whole=title)
            found[column.at] = before = meaning
        return found

    def _meaning(self, text: str, measure: str, *, whole: str) -> Meaning:
        vocabulary = self.vocabulary
        subject = vocabulary.subject(text) or ("" if self._has("subject") else vocabulary.subject(whole))
        years = self._years()
        schemes = vocabulary.schemes(subject, years)
        # the last level says what is counted; the levels above it may name other classes
        scheme_id, category = vocabulary.category(text, schemes)
        indicator = vocabulary.indicator(text)
        if measure in {"total", "rated"} and category in {"", "fulfilled"} and measure == "rated":
            category = ""
        if category and not self._has("category"):
            kind = next(
                one.kind
                for one in self.vocabulary.catalogue.schemes[scheme_id].categories
                if one.id == category
            )
            return Meaning(measure, "org_quality_rating", subject, scheme_id, category, kind, "")
        if self._has("indicator"):
            return Meaning(measure, "", subject)
        if self._has("category"):
            return Meaning(measure, "org_quality_rating", subject)
        if measure in {"total", "rated"}:
            return Meaning(measure, "org_count", subject)
        titled = vocabulary.indicator(whole)
        indicator = indicator if indicator not in {"", "org_count"} else ""
        if not indicator and measure == "percent":
            indicator = titled
        if not indicator and titled and titled != "org_quality_rating" and vocabulary.only_measure(text):
            indicator = titled
        if not indicator and measure == "count" and subject and vocabulary.subject(text):
            return Meaning("total", "org_count", subject)
        if indicator:
            usual = vocabulary.catalogue.indicators[indicator].subjects[0]
            subject = (
                vocabulary.subject_for(indicator, text) or vocabulary.subject_for(indicator, whole) or usual
            )
        return Meaning(measure, indicator, subject)

    def _has(self, role: str) -> bool:
        return self._column(role) is not None or (role == "subject" and self._by_section("subject"))

    def _years(self) -> list[int]:
        texts = [*self.body.title, self.body.grid.sheet, self.body.grid.file, *self.sections]
        found = [period for text in texts if (period := found_period(text))]
        years = {int(one) for listed in self.body.years for one in listed}
        column = self._column("period")
        if column is not None:
            found = [period for cell in column.values if (period := found_period(shown(cell)))]
            return sorted({int(end[:4]) for _, end in found})
        return sorted(years) or [int(end[:4]) for _, end in found[:1]]

    def _figures(self, rows: Rows) -> Iterator[Figure]:
        at_header = {column.at: column for column in self.columns}
        keys: dict[tuple[Meaning, bool], dict[str, Column]] = {}
        for at, meaning in self.meanings.items():
            # a header that stands for several years is one figure
            total = meaning.measure in {"total", "rated"}
            key = (replace(meaning, measure="rated" if meaning.measure == "rated" else ""), total)
            part = "percent" if meaning.measure == "percent" else "count"
            keys.setdefault(key, {}).setdefault(part, at_header[at])
        bases = {
            (meaning.subject, meaning.measure): at_header[at].header
            for at, meaning in reversed(self.meanings.items())
            if meaning.measure in {"total", "rated"}
        }
        for (meaning, total), parts in keys.items():
            yield from self._figure(meaning, parts, bases, rows, total=total)

    def _figure(
        self,
        meaning: Meaning,
        parts: dict[str, Column],
        bases: dict[tuple[str, str], str],
        rows: Rows,
        *,
        total: bool,
    ) -> Iterator[Figure]:
        catalogue = self.vocabulary.catalogue
        known = catalogue.indicators.get(meaning.indicator)
        if known is None and not rows.indicator.known:
            return
        subject = "" if rows.subject.known else meaning.subject
        base = ""
        if not total:
            base = bases.get((meaning.subject, "rated")) or bases.get((meaning.subject, "total"), "")
            if known is not None and known.unit == "count":
                base = ""
        elif rows.category.known or (
            known is not None and meaning.subject and meaning.subject not in known.subjects
        ):
            return  # only a base: of the row's own category, or of villages, which no indicator counts
        category = self._printed_category(parts, meaning)
        percent = parts.get("percent")
        fraction, decimals = self._scale(percent)
        yield Figure(
            indicator="" if rows.indicator.known else meaning.indicator,
            subject=subject,
            category=category,
            scheme=meaning.scheme,
            category_id=meaning.category_id,
            category_kind=meaning.category_kind,
            definition="rated" if meaning.measure == "rated" else "",
            count=parts["count"].header if "count" in parts else "",
            base=base,
            percent=percent.header if percent is not None else "",
            percent_as="fraction" if fraction else "percent",
            decimals=decimals,
        )
        if not subject and not rows.subject.known:
            self.questions.append(f"of whom or what is {(percent or parts['count']).header!r}? (subject)")

    def _printed_category(self, parts: dict[str, Column], meaning: Meaning) -> str:
        if not meaning.category_id:
            return ""
        levels = next(iter(parts.values())).header.split(" | ")
        schemes = [self.vocabulary.catalogue.schemes[meaning.scheme]]
        named = [
            level for level in levels if self.vocabulary.category(level, schemes)[1] == meaning.category_id
        ]
        return (named or levels)[-1].casefold()

    def _scale(self, column: Column | None) -> tuple[bool, int | None]:
        """Return whether a column of shares holds fractions of 1, and to how many decimals to round it."""
        if column is None:
            return False, None
        # a percent sign in the format says the scale of its own cell
        numbers = [
            cell
            for cell in column.values
            if isinstance(cell, int | float) and not (isinstance(cell, Formatted) and cell.percent)
        ]
        fraction = bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)
        if fraction:
            self.remarks.append(f"{column.header!r} holds fractions of 1, read as percentages (0.5 is 50 %)")
        shares = [number * 100 if fraction else number for number in numbers]
        long = [share for share in shares if len(f"{share:.10f}".rstrip("0").partition(".")[2]) > 4]
        if 2 * len(long) > len(shares) > 0:
            self.remarks.append(f"{column.header!r} has more decimals than anybody prints; rounded to 2")
            return fraction, 2
        return fraction, None

    def _style(self) -> Literal["vi", "en"]:
        cells: dict[bool, list[Cell]] = {True: [], False: []}
        for at, meaning in self.meanings.items():
            cells[meaning.measure == "percent"] += self.body.grid.column(at)[self.body.first : self.body.last]
        style, found, told = decide_style(cells[False], cells[True])
        if style is None:
            self.questions.append(f"two number styles in one table: {found[0]!r} and {found[1]!r}")
            return "vi"
        marks = {"vi": "9.768 and 63,71", "en": "9,768 and 63.71"}[style]
        why = (
            f"as {', '.join(map(repr, found))} show" if told else "which no cell shows: all are plain numbers"
        )
        self.remarks.append(f"numbers are written as {marks}, {why}")
        return style


def found_period(text: str) -> tuple[str, str] | None:
    """Return the one period of a text, or of the one of its lines that speaks of one."""
    found = {period for line in text.split("\n") if (period := period_in(line.replace("_", " ")))}
    return found.pop() if len(found) == 1 else None


def _sections(body: Body) -> Iterator[str]:
    rows = body.grid.rows
    for row in rows[body.first : min(body.last, body.first + 2000)]:
        labels = labels_of(row)
        if len(labels) == 1 and not any(map(is_number, row[1:])):
            yield labels[0]
