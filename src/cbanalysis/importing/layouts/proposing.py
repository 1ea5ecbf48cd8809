"""From the words of a file's headers to a layout that a person can confirm or correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from cbanalysis.common.messages import Message, message
from cbanalysis.importing.files.grids import Cell, Grid
from cbanalysis.importing.layouts import heads, numbers
from cbanalysis.importing.layouts.columns import LABELS, Column, Meaning, columns_of, numbering
from cbanalysis.importing.layouts.meanings import Meanings
from cbanalysis.importing.layouts.new_indicators import nameable, names_quotient
from cbanalysis.importing.layouts.periods import found_period
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.records import NOTHING_TOLD, YEAR, Figure, Layout, Place, Rows, Table, Told
from cbanalysis.importing.layouts.sums import base_of
from cbanalysis.importing.layouts.vocabulary import Vocabulary

_SAME = 0.01
_TOTALS = {"total", "rated"}
_NO_FIGURES = {"order", "note", "unit", "words"}
_Level = Literal["province", "district", "commune"]


@dataclass(frozen=True)
class Proposal:
    """A layout with what was decided on the way, and what only a person can answer.

    Attributes
    ----------
    layout : Layout
        Not confirmed.
    remarks : tuple of str
        What was decided, and from what: number style, units, scale of percentages.
    questions : tuple of Message
        What isn't known; with any of these the layout must be edited first.
    unknown : tuple of Column
        The columns of numbers that no known indicator stands for.
    """

    layout: Layout
    remarks: tuple[str, ...]
    questions: tuple[Message, ...]
    unknown: tuple[Column, ...] = ()


def propose(
    grids: Sequence[Grid], vocabulary: Vocabulary, places: Places, told: Told = NOTHING_TOLD
) -> Proposal:
    """Propose what the tables of a file mean.

    Parameters
    ----------
    grids : sequence of Grid
        The tables of one file.
    vocabulary, places
        What words, provinces and periods are known by.
    told : Told
        What a person said.

    Returns
    -------
    Proposal
    """
    remarks: list[str] = []
    questions: list[Message] = []
    unknown: list[Column] = []
    drafts = []
    others = []
    for grid in heads.apart(grids):
        bodies = () if grid.sheet in told.left_out else heads.find_bodies(grid, places.is_place)
        if bodies:
            # rows and columns may have changed places; the reading that understands more is taken
            both = (_Draft(body, vocabulary, places, told) for body in bodies)
            drafts.append(max(both, key=lambda one: one.understood))
        else:
            others.append(grid.sheet)
    # sheets of other things stand beside those of provinces
    foreign = [draft.sheet for draft in drafts if draft.is_foreign]
    if 0 < len(foreign) < len(drafts):
        others += foreign
        drafts = [draft for draft in drafts if not draft.is_foreign]
    if unsaid := [sheet for sheet in others if drafts and sheet and sheet not in told.left_out]:
        remarks.append(message("sheets_out", sheets=", ".join(unsaid)))
    tables: list[Table] = []
    for draft in drafts:
        table = draft.table()
        where = f"{draft.sheet}: " if draft.sheet and len(grids) > 1 else ""
        remarks += [_at(where, remark) for remark in (*draft.body.grid.remarks, *draft.remarks)]
        if not any(one.headers == table.headers and one.rows == table.rows for one in tables):
            tables.append(table)
        questions += [_at(where, question) for question in draft.questions]
        unknown += draft.unknown
    letters = next((grid.letters for grid in grids if grid.letters), "")
    if not tables:
        questions.append(message("no_table"))
    if len(foreign) == len(drafts):
        texts = (cell for grid in grids for row in grid.top(200) for cell in row if isinstance(cell, str))
        questions += filter(None, [places.written_otherwise(texts)])
    layout = Layout(letters=letters, other_sheets=tuple(others), tables=tuple(tables))  # type: ignore[arg-type]
    return Proposal(layout, tuple(dict.fromkeys(remarks)), tuple(dict.fromkeys(questions)), tuple(unknown))


def _at(where: str, text: str) -> Message:
    return message("in_sheet", where=where, text=text)


class _Draft:
    """One table on its way to a layout."""

    def __init__(self, body: heads.Body, vocabulary: Vocabulary, places: Places, told: Told) -> None:
        self.body = body
        self.sheet = body.grid.sheet
        self.places = places
        self.told = told
        self.vocabulary = vocabulary.of([*body.headers, *body.title, *body.grid.above])
        # a column may be named as the table has it, with its year
        self.wanted_out = {
            head if (head := heads.as_header(one)) in body.headers else one for one in told.left_out
        }
        self.columns = [
            replace(column, role="note") if column.header in self.wanted_out else column
            for column in columns_of(body, self.vocabulary, places)
        ]
        self.sections = [text for _, _, text in body.sections()[:2000]]
        self.remarks: list[str] = []
        self.questions: list[Message] = []
        told_by_rows = {column.role for column in self.columns} | ({"subject"} & {self._by_section()})
        self.meanings = Meanings(
            body,
            self.columns,
            self.vocabulary,
            places,
            told=told_by_rows,
            years=self._years(),
            all_of=told.all_of,
        )
        self.unknown = [
            nameable(one, self.vocabulary, self.meanings)
            for one in self.columns
            if not one.role and one.at not in self.meanings.of
        ]

    @property
    def understood(self) -> tuple[int, ...]:
        """How much of the table is understood; of equals rather the one that lies so in the file."""
        labels = {column.role for column in self.columns} & set(LABELS)
        figures = sum(bool(meaning.indicator) for meaning in self.meanings.of.values())
        if {"category", "indicator"} & labels:
            figures = max(figures, 1)
        # a column of numbers without labels beside it is no row of a table
        alone = len(self.body.cells(0)) == 1 and all(one.role != "unread" for one in self.columns)
        known = figures if labels or alone else 0
        column = self._column("province") or self._column("area")
        names = [heads.shown(cell) for cell in column.values] if column is not None else []
        placed = 2 * sum(self.places.is_place(name) for name in names) > len(names)
        straight = not self.body.grid.transposed
        return (placed, bool(known), known - len(self.unknown), len(labels), straight)

    def _is_quotient(self, meaning: Meaning) -> bool:
        known = self.vocabulary.catalogue.indicators.get(meaning.indicator)
        quotient = known is not None and names_quotient(known.name.vi, self.vocabulary)
        return meaning.measure == "percent" or (meaning.measure == "value" and quotient)

    def table(self) -> Table:
        if self.is_foreign:
            self.questions = [message("foreign")]
            return Table(sheet=self.sheet, headers=tuple(filter(None, self.body.headers)))
        rows = self._rows()
        figures = list(self._figures(rows))
        used = {header for one in figures for header in (one.count, one.base, one.percent, one.value)}
        used |= {place.column for place in rows.places.values()}
        headers = list(dict.fromkeys(filter(None, self.body.headers)))
        left = tuple(column.header for column in self.columns if column.role in _NO_FIGURES)
        asked = {self.body.headers[column.at] for column in self.unknown}
        unread = [
            header for header in headers if header not in used and header not in left and header not in asked
        ]
        self.questions += self.meanings.questions
        columns = {column.header: column for column in self.columns}
        self.questions += [self._unread(header, columns.get(header)) for header in unread]
        of_others = [one.percent for one in figures if self._is_of_other(one, figures)]
        self.questions += [message("share_of_what", header=header) for header in of_others]
        if not figures and not self.questions:
            self.questions.append(message("no_figures_named"))
        self.remarks += self.meanings.remarks
        columns_used = (one for one in self.columns if one.header in used and not one.role)
        if rounded := numbers.shown_rounded(cell for column in columns_used for cell in column.values):
            self.remarks.append(message("as_shown", shown=rounded.shown, stored=f"{float(rounded):.10g}"))
        by_file = self.meanings.named_by_file
        title = heads.name_of_file(self.body) if by_file else heads.title_of(self.body, self.places)
        return Table(
            sheet=self.sheet,
            title=title,
            turned=self.body.grid.transposed,
            number_style=self._style(),
            headers=tuple(headers),
            left_out=tuple(header for header in left if header),
            rows=rows,
            figures=tuple(figures),
        )

    def _is_of_other(self, figure: Figure, figures: Sequence[Figure]) -> bool:
        """Return whether shares behind one count are exactly those that another column has of its base."""
        if not (figure.count and figure.percent) or figure.base:
            return False
        shares = self._shares(self.body.headers.index(figure.percent))
        columns = {column.header: column for column in self.columns}
        times = [
            self._times(shares, columns[one.count], one.base) for one in figures if one.count and one.base
        ]
        return any(one.size > 1 and (abs(one / 100 - 1) < _SAME).all() for one in times)

    def _unread(self, header: str, column: Column | None) -> Message:
        """Return the question that a column is that nothing reads."""
        cells = column.values if column is not None else ()
        if 2 * sum(self.places.is_province(heads.shown(cell)) for cell in cells) > len(cells):
            return message("second_province", header=header)
        if "indicator" in self.vocabulary.column_kinds(header) and cells:
            return message("indicators_in_rows", header=header, first=heads.shown(cells[0]))
        if numbered := numbering(cells):
            return message("numbering", header=header, first=numbered[0], last=numbered[1])
        return message("unknown_column", header=header)

    @property
    def is_foreign(self) -> bool:
        """Whether nothing in the table speaks of Vietnam: no province, no district."""
        labels = {column.role for column in self.columns} & {"province", "area"}
        texts = [column for column in self.columns if column.role in {"unread", "words"}]
        return not labels and bool(texts) and not self._place("province").known

    # -- rows ------------------------------------------------------------------------------------

    def _column(self, role: str) -> Column | None:
        return next((column for column in self.columns if column.role == role), None)

    def _rows(self) -> Rows:
        area, kind = self._column("area"), self._column("kind")
        place = {"province": self._place("province"), "period": self._place("period")}
        if not place["period"].known:
            self.questions.append(message("which_period"))
        if not place["province"].known:
            self.questions.append(message("which_province"))
        words = {}
        for role in ("subject", "indicator", "category"):
            column = self._column(role)
            if column is not None:
                words[role] = Place(column=column.header)
            elif role == "subject" and self._by_section() == "subject":
                words[role] = Place(found_in="section")
        geo_level: _Level = area.level if area is not None else "province"  # type: ignore[assignment]
        kept = self._regions_are_figures()
        if kept:
            self.remarks.append(message("regions_kept"))
        return Rows(
            geo_level=geo_level,
            regions="kept" if kept else "left_out",
            left_out=tuple(sorted(self.wanted_out - set(self.body.headers))),
            area=Place(column=area.header) if area is not None else Place(),
            kind=Place(column=kind.header) if kind is not None else Place(),
            **place,
            **words,
        )

    def _regions_are_figures(self) -> bool:
        """Return whether rows of regions say what their provinces don't: shares, which no sum gives."""
        column = self._column("province")
        texts = [label(heads.shown(cell)) for cell in column.values] if column is not None else []
        country = "country" in map(self.vocabulary.row_kind, texts)
        sums = country or any(map(self.places.is_region, texts))
        measures = [*self.meanings.of.values()]
        return bool(measures) and all(map(self._is_quotient, measures)) and sums

    def _place(self, role: str) -> Place:
        column = self._column(role)
        if column is not None:
            return Place(column=column.header)
        told = getattr(self.told, role)
        years = {years for one, years in zip(self.body.headers, self.body.years, strict=True) if YEAR in one}
        # a person may say another year than the one of all headings, not one for several
        if role == "period" and years and not (told and len(years) == 1):
            return Place(found_in="header")
        if told:
            return Place(value=told)
        if self._by_section(role) == role:
            return Place(found_in="section")
        found = self._said(role)
        area = self._column("area") if role == "province" else None
        names = [label(heads.shown(cell)) for cell in area.values] if area is not None else []
        named = [name for name in names if not self.vocabulary.row_kind(name)]
        if self.places.above_districts(named) > any(found.values()):
            return Place(found_in="section")
        if role == "period" and found["title"] and found["sheet"] and found["sheet"] not in found["title"]:
            self.questions.append(message("two_periods", title=found["title"], sheet=found["sheet"]))
        return next((Place(found_in=name) for name, text in found.items() if text), Place())  # type: ignore[arg-type]

    def _said(self, role: str) -> dict[str, str]:
        """Return the period or province that each of the texts around the table says."""
        return {one: heads.said_by(self.body, one, role, self.places) for one in ("title", "sheet", "file")}

    def _by_section(self, role: str = "subject") -> str:
        """Return the role if sub-headings tell it, else ``""``."""
        if role == "province":
            told = (
                any(self.places.is_province(text) for text in self.sections)
                and self._column("province") is None
            )
        else:
            says = found_period if role == "period" else self.vocabulary.subject
            told = bool(self.sections) and all(
                says(text) for text in self.sections if not self.vocabulary.is_total(text)
            )
        return role if told else ""

    def _years(self) -> list[int]:
        column = self._column("period")
        if column is not None:
            found = [period for cell in column.values if (period := found_period(heads.shown(cell)))]
            return sorted({int(end[:4]) for _, end in found})
        years = {int(one[:4]) for listed in self.body.years for one in listed}
        if not years and self._by_section("period"):
            years = {int(period[1][:4]) for text in self.sections if (period := found_period(text))}
        if not years:
            told = found_period(self.told.period) if self.told.period else None
            around = next(filter(None, self._said("period").values()), "")
            last = told[1] if told else around.rpartition(" to ")[2]
            years = {int(last[:4])} if last else set()
        return sorted(years)

    # -- figures ---------------------------------------------------------------------------------

    def _figures(self, rows: Rows) -> Iterator[Figure]:
        at_header = {column.at: column for column in self.columns}
        keys: dict[tuple[Meaning, str], dict[str, Column]] = {}
        for at, meaning in self.meanings.of.items():
            # a header that stands for several years is one figure
            kept = meaning.measure if meaning.measure in _TOTALS else ""
            key = replace(meaning, measure=kept, factor=1, permille=False)
            part = meaning.measure if meaning.measure in {"percent", "value"} else "count"
            parts = keys.setdefault((key, ""), {})
            other = parts.setdefault(part, at_header[at])
            if other.header != at_header[at].header and self.body.years[other.at] != self.body.years[at]:
                keys.setdefault((key, at_header[at].header), {})[part] = at_header[at]
            elif other.header != at_header[at].header:
                what = " ".join(filter(None, (meaning.indicator, meaning.subject, meaning.category_id)))
                self.questions.append(
                    message("same_meaning", first=other.header, second=at_header[at].header, what=what)
                )
        for (meaning, _), parts in keys.items():
            yield from self._figure(meaning, parts, rows)

    def _figure(self, meaning: Meaning, parts: dict[str, Column], rows: Rows) -> Iterator[Figure]:
        total = meaning.measure in _TOTALS
        known = self.vocabulary.catalogue.indicators.get(meaning.indicator)
        if known is None and not rows.indicator.known:
            return
        foreign = known is not None and meaning.subject and meaning.subject not in known.subjects
        if total and (rows.category.known or foreign):
            return  # only a base: of the row's own category, or of villages, which no indicator counts
        subject = "" if rows.subject.known else meaning.subject
        header = next(iter(parts.values())).header
        counts = self.meanings.of[parts["count"].at] if "count" in parts else meaning
        percent = parts.get("percent")
        base = "" if total or (known is not None and known.unit != "percent") else self._base(meaning)
        scale, decimals = self._scale(percent, parts.get("count"), base)
        if value := parts.get("value"):
            decimals = numbers.decimals_of(numbers.bare_shares(value.values, "vi"))
        if base and percent is not None and "count" not in parts:
            self.remarks.append(message("base_is", header=header, base=base))
        yield Figure(
            indicator="" if rows.indicator.known else meaning.indicator,
            subject=subject,
            category=meaning.category or self._printed_category(parts, meaning),
            scheme=meaning.scheme,
            category_id=meaning.category_id,
            category_kind=meaning.category_kind,
            definition="rated" if meaning.measure == "rated" else "",
            complement=meaning.complement,
            count=parts["count"].header if "count" in parts else "",
            base=base,
            percent=percent.header if percent is not None else "",
            value=value.header if value is not None else "",
            percent_as=scale,
            decimals=decimals,
            factor=counts.factor,  # type: ignore[arg-type]
        )
        if not subject and not rows.subject.known:
            self.questions.append(message("of_whom", header=header))

    def _base(self, meaning: Meaning) -> str:
        """Return the header of the column that a figure's share is a share of."""
        rating = meaning.indicator in self.vocabulary.catalogue.rated
        header, remark = base_of(meaning, self.meanings.of, self.body, self._usual_style, rating=rating)
        self.remarks += [remark] if remark and remark not in self.remarks else []
        return header

    def _printed_category(self, parts: dict[str, Column], meaning: Meaning) -> str:
        if not meaning.category_id:
            return ""
        levels = next(iter(parts.values())).header.split(" | ")
        named = [level for level in levels if self.vocabulary.heading(level).all("category")]
        return (named or [" ".join(self.body.title)])[-1].casefold()

    def _scale(
        self, column: Column | None, count: Column | None, base: str
    ) -> tuple[numbers.Scale, int | None]:
        """Return how a column writes shares, and to how many decimals to round it."""
        if column is None or self.meanings.of[column.at].permille:
            return "percent" if column is None else "permille", None
        shares = self._shares(column.at)
        scale: numbers.Scale = self.told.percent_as or "percent"  # type: ignore[assignment]
        if not self.told.percent_as and numbers.may_be_fractions(shares):
            found = numbers.scale_of(self._times(shares, count, base)) or self._beside(column)
            scale = found or "percent"
            if not found:
                example = f"{next(share for share in shares if 0 < share < 1):g}"
                self.questions.append(message("which_scale", header=column.header, example=example))
        times = self._times(shares, count, base)
        if times.size and (abs(times / (1 if scale == "fraction" else 100) - 1) > numbers.FAR).all():
            first = count.header if count is not None else ""
            self.questions.append(message("share_of_other", header=column.header, count=first, base=base))
        decimals = numbers.decimals_of(shares * 100 if scale == "fraction" else shares)
        for key in ["fractions"] * (scale == "fraction") + ["rounded"] * (decimals is not None):
            self.remarks.append(message(key, header=column.header))
        return scale, decimals

    def _beside(self, column: Column) -> numbers.Scale | None:
        """Return percent where a column of other classes of the same has shares above 1."""
        same = self.meanings.of[column.at].indicator
        beside = [
            at for at, one in self.meanings.of.items() if (one.measure, one.indicator) == ("percent", same)
        ]
        return "percent" if any((self._shares(at) > 1).any() for at in beside) else None

    def _times(self, shares: np.ndarray, count: Column | None, base: str) -> np.ndarray:
        """Return what shares are times that of their counts and bases: 100 where they are percent of them."""
        if count is None or not base:
            return np.array([])
        parts, wholes = (
            numbers.plain_numbers(self.body.cells(at), self._usual_style)
            for at in (count.at, self.body.headers.index(base))
        )
        known = (shares > 0) & (parts > 0) & (wholes > 0)
        return np.asarray(shares[known] * wholes[known] / parts[known])

    @property
    def _usual_style(self) -> Literal["vi", "en"]:
        return self._styles[0] or "vi"

    def _shares(self, at: int) -> np.ndarray:
        return numbers.bare_shares(self.body.cells(at), self._usual_style)

    @cached_property
    def _styles(self) -> tuple[Literal["vi", "en"] | None, list[str], bool]:
        # what nothing is known of may be shares beside counts, whatever unit the table names
        cells: dict[str, list[Cell]] = {"percent": [], "count": [], "other": []}
        for column in self.unknown:
            cells["other"] += self.body.cells(column.at)
        for at, meaning in self.meanings.of.items():
            open_one = meaning.measure == "value" or meaning.factor > 1
            kind = "percent" if meaning.measure == "percent" else "other" if open_one else "count"
            cells[kind] += self.body.cells(at)
        found = numbers.decide_style(cells["count"], cells["percent"], cells["other"])
        return (self.told.number_style, *found[1:]) if self.told.number_style else found  # type: ignore[return-value]

    def _style(self) -> Literal["vi", "en"]:
        style, found, told = self._styles
        if style is None:
            two = message("two_styles", vi=found[0], en=found[1]) if told else None
            self.questions.append(two or message("which_style", shown=found[0]))
            return "vi"
        marks, key = message(f"style_{style}"), "style_told" if told else "style_untold"
        self.remarks.append(message(key, marks=marks, shown=", ".join(map(repr, found))))
        return style
