"""The rows of a table under a layout: which are observations, what they are about, and what is left out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cached_property
from itertools import repeat

import numpy as np

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.common.messages import message
from cbanalysis.common.text.letters import fold
from cbanalysis.importing.layouts.heads import (
    Body,
    is_letterhead,
    is_number,
    labels_of,
    province_of,
    said_by,
    shown,
    shown_all,
)
from cbanalysis.importing.layouts.numbers import mark_of
from cbanalysis.importing.layouts.periods import found_period, is_of_paper, provisional_in
from cbanalysis.importing.layouts.places import Places, label
from cbanalysis.importing.layouts.records import Table
from cbanalysis.importing.layouts.sums import check_sums, tell_sums_of_others
from cbanalysis.importing.layouts.vocabulary import Vocabulary, pattern, plain

_LOOKED_AT = 100
_LONGEST_PAGES = 2000
_NOTES_TOLD = 10
_PART = re.compile(r"(?:[IVX]{1,5}|[A-EĐ])(?:[.)/ -]|$)")
_FIRST = re.compile(r"1(?:[.)/ -]|$)")


class TableRows:
    """One table's rows as its part of a layout reads them.

    Attributes
    ----------
    rows : list of int
        Positions of the rows that are observations.
    at : dict of str to list of int
        The columns of each header.
    labels : list of tuple of str and int
        The roles of columns that say what a row is about, and where they stand.
    texts : dict of int to list of str
        The labels in each of these columns.
    verdicts, sums : dict of int to str
        Why rows are left out, and what those that sum up others are called.
    heads : set of int
        Rows that sum up those numbered beneath them.
    sections : list of tuple of int, int and str
        Row, column and text of the sub-headings.
    levels : list of str
        The level of each of them: that of the table, or country or region where such rows are kept.
    about : dict of str to list of str
        For each role, what the labels of each row say of it.
    provisional : list of str
        For each row, the words that call its period provisional.
    remarks : list of str
        Sums that don't hold, in words.
    faults : list of Fault
    """

    def __init__(self, table: Table, body: Body, vocabulary: Vocabulary, places: Places) -> None:
        self.table, self.body, self.places = table, body, places
        self.vocabulary = vocabulary.of([*body.headers, *body.title, *body.grid.above])
        self.faults: list[Fault] = []
        self._outside: dict[tuple[str, str], list[str]] = {}
        self.remarks: list[str] = []
        self.at: dict[str, list[int]] = {}
        for column, header in enumerate(body.headers):
            if header:
                self.at.setdefault(header, []).append(column)
        self._account_for_columns()
        self.labels = self._labels()
        # labels are compared as text, figures are read as cells
        self.texts = {column: shown_all(body.grid.column(column, spread=True)) for _, column in self.labels}
        self.verdicts: dict[int, str] = {}
        self.sums: dict[int, str] = {}  # what rows that are left out are called
        self.heads: set[int] = set()
        filled = self._filled()
        without = np.flatnonzero(~filled[body.first : body.last]) + body.first
        self.sections = body.sections(without.tolist())
        for row, column, text in self.sections:
            self._out(row, column, text, "no_figures" if self._is_place_at(column, text) else "sub_heading")
            if self._changes(text):
                told, allowed = message("sub_heading_changes"), message("sub_heading_changes_allowed")
                self.fault(Fault(told, value=text, allowed=allowed), row, column)
        if table.rows.province.found_in == "section":
            self._provinces_above(filled)
        if self.labels:
            self._judge(filled)
        self.rows = np.flatnonzero(filled).tolist()
        if len(self.labels) > 1:
            self._fill_down(self.rows)
        self._tell_unlabelled()
        self._without_repeats()
        self._refuse_second_provinces()
        self._refuse_shared_figures()
        check_sums(self)
        tell_sums_of_others(self)
        self._tell_notes()
        self.levels = [self.verdicts.get(row, table.rows.geo_level) for row in self.rows]
        self.about = self._about(self.rows)
        self.provisional = self._provisional()

    @property
    def roles(self) -> dict[str, int]:
        """The column of each label."""
        return dict(self.labels)

    def fault(self, fault: Fault, row: int | None = None, column: int | None = None) -> None:
        """Add a fault at a cell of the table."""
        grid = self.body.grid
        cell = grid.address(row, column) if row is not None and column is not None else None
        self.faults.append(replace(fault, file=grid.file, sheet=grid.sheet or None, cell=cell))

    @property
    def left_out(self) -> list[str]:
        """Rows that are no observations, in words: those of one label and reason together."""
        lines: list[str] = []
        for (text, why), places in self._outside.items():
            key = "left_out_rows" if len(places) > 1 else "left_out_row"
            told = {"where": places[0], "more": len(places) - 1}
            lines.append(message(key, text=text, why=message(why), **told))
        return lines

    # -- columns ---------------------------------------------------------------------------------

    def _account_for_columns(self) -> None:
        """Refuse columns that the layout neither reads nor leaves out."""
        table = self.table
        used = {*table.left_out, *(place.column for place in table.rows.places.values())}
        for figure in table.figures:
            used |= {figure.count, figure.base, figure.percent, figure.value}
        for header in table.headers:
            if header not in used and header in self.at:
                fault = Fault(message("column_open"), value=header, allowed=message("column_open_allowed"))
                self.fault(fault, self.body.first - 1, self.at[header][0])

    def _labels(self) -> list[tuple[str, int]]:
        """Return the roles of the columns that say what a row is about, from left to right."""
        found = []
        for role, place in self.table.rows.places.items():
            if place.column:
                if place.column in self.at:
                    found.append((role, self.at[place.column][0]))
                else:
                    near = nearest(place.column, self.at)
                    self.fault(Fault(f"{role}: no such header", value=place.column, nearest=near))
        return sorted(found, key=lambda one: one[1])

    def _filled(self) -> np.ndarray:
        headed = {header for one in self.table.figures for header in (one.count, one.percent, one.value)} - {
            ""
        }
        self.figures = [column for header in headed for column in self.at.get(header, ())]
        filled = np.zeros(len(self.body.grid.rows), dtype=bool)
        for column in self.figures:
            filled |= np.array([cell != "" for cell in self.body.grid.column(column)], dtype=bool)
        filled[: self.body.first] = filled[self.body.last :] = False
        # a page that goes on has the lines above it again, cell by cell
        rows = self.body.grid.rows[:_LONGEST_PAGES]
        above = {tuple(map(shown, row)) for row in rows[: self.body.first]}
        for row in np.flatnonzero(filled[: len(rows)]).tolist():
            texts = tuple(map(shown, rows[row]))
            if texts in above:
                filled[row] = False
                self._out(row, 0, " ".join(filter(None, texts)), "header_again")
        return filled

    def _refuse_second_provinces(self) -> None:
        """Refuse figures beside a second column of provinces, which may be those that they are of."""
        first = self.roles.get("province")
        if first is None:
            return
        gazetteer = self.places.gazetteer
        labels = {column for _, column in self.labels}
        for at, header in enumerate(self.body.headers):
            behind = any(column > at for column in self.figures)
            # a person may leave out one of two columns of labels, not one between figures
            chosen = header in self.table.left_out and not any(column < at for column in self.figures)
            if at in labels or at in self.figures or chosen or not behind:
                continue
            cells = self.body.grid.column(at)
            names = [
                (label(shown(cells[row])), label(self.texts[first][row])) for row in self.rows[:_LOOKED_AT]
            ]
            units = [(gazetteer.named(other), gazetteer.named(name)) for other, name in names]
            if 2 * sum(bool(other) for other, _ in units) > len(units) and any(
                other and name and other != name for other, name in units
            ):
                allowed = message("second_province_allowed")
                fault = Fault(message("second_province", header=header), allowed=allowed)
                self.fault(fault, self.body.first - 1, at)

    def _refuse_shared_figures(self) -> None:
        """Refuse a figure in a cell that is merged over several rows or columns: it is of all of them."""
        rows, columns = self.body.grid.rows, set(self.figures)
        for top, left, bottom, right in self.body.grid.merged:
            across = columns & set(range(left, right + 1))
            if not across or not self.body.first <= top < self.body.last or not is_number(rows[top][left]):
                continue
            # a row may take two lines of the sheet, all of whose cells are merged
            own = any(cell != "" for row in rows[top + 1 : bottom + 1] for cell in row)
            if own or len(across) > 1:
                told, allowed = message("shared_figure"), message("shared_figure_allowed")
                self.fault(Fault(told, value=shown(rows[top][left]), allowed=allowed), top, left)

    def _changes(self, text: str) -> bool:
        """Return whether a sub-heading says of the rows beneath it what no column says."""
        roles = [name for name, place in self.table.rows.places.items() if place.found_in == "section"]
        if self.places.is_place(text) or any(self._says(role, text) for role in roles):
            return False
        heading = self.vocabulary.heading(re.sub(r"[0-9]+", " ", text), title=True)
        kinds = {*heading.all("kinds")} - ({"nam"} if heading.rest else set())  # miền Nam
        subjects = {*heading.all("subject")} - {one.subject for one in self.table.figures}
        # đồng bằng is a plain and no money
        others = ("asked", "negation", "category", *(() if heading.rest else ("units", "own_units")))
        more = any({*heading.all(kind)} - {"each"} for kind in others)
        return bool(kinds or subjects or more or found_period(text))

    # -- which rows are observations -------------------------------------------------------------

    def _out(self, row: int, column: int, text: str, why: str) -> None:
        sheet = f"{self.body.grid.sheet} " if self.body.grid.sheet else ""
        where = f"{sheet}{self.body.grid.address(row, column)}"
        self._outside.setdefault((text, why), []).append(where)

    def _tell_unlabelled(self) -> None:
        """Tell of numbers right beneath the table that no label names."""
        rows = self.body.grid.rows
        for row in range(self.body.last, min(self.body.last + _LOOKED_AT, len(rows))):
            found = [column for column in self.figures if is_number(rows[row][column])]
            if not found or labels_of([cell for at, cell in enumerate(rows[row]) if at not in found]):
                return
            self._out(row, found[0], shown(rows[row][found[0]]), "unlabelled")

    def _tell_notes(self) -> None:
        """Tell what stands under the table, but for its unit and who signed it where."""
        for line in self.body.notes()[:_NOTES_TOLD]:
            named = any(map(str.isalpha, line)) and not line.isupper()
            if named and not (pattern("unit_line").search(line) or is_of_paper(line) or is_letterhead(line)):
                self.remarks.append(message("under_the_table", text=line))

    def _is_place_at(self, column: int, text: str) -> bool:
        return column in {self.roles.get("province"), self.roles.get("area")} and (
            self.places.is_place(text) and not self.places.is_region(text)
        )

    def _judge(self, filled: np.ndarray) -> None:
        """Leave out totals, sums of regions, statistics, and headers that a page break repeats."""
        column = self.roles.get("province", self.roles.get("area", self.labels[0][1]))
        others = [
            self.at[header][0]
            for header in self.table.left_out
            if header in self.at and self.at[header][0] < column
        ]
        areas = self.texts.get(self.roles.get("area", -1), [""] * len(filled))
        summed = {text for text in {*areas} if self._sums_up(text)}
        known: dict[str, str] = {}
        self.heads |= self._heads_of_parts(np.flatnonzero(filled).tolist(), [*others, column])
        for row in np.flatnonzero(filled).tolist():
            text = self.texts[column][row]
            if not text and others:
                text = next((one for at in others if (one := shown(self.body.grid.rows[row][at]))), "")
            if text not in known:
                known[text] = self._verdict(text, column)
            verdict = known[text]
            if not verdict and areas[row] in summed:
                verdict, text = "a_total", areas[row]
            elif not verdict and row in self.heads and not self._is_place_at(column, text):
                verdict = "a_total"
            if verdict in {"country", "region"}:
                self.verdicts[row] = verdict
                # a sum that stands there as a figure of its own has its place in its label
                self.texts[column][row] = text
            elif verdict:
                filled[row] = False
                self.verdicts[row], self.sums[row] = verdict, text
                if verdict == "header_again" and not self._is_header(row):
                    allowed = message("second_header_allowed")
                    self.fault(Fault(message("second_header"), value=text, allowed=allowed), row, column)
                self._out(row, column, text, verdict)

    def _provinces_above(self, filled: np.ndarray) -> None:
        """Take rows of provinces above their districts for sub-headings that have sums, if no others do."""
        at = self.roles.get("area")
        if at is None or any(self._says("province", text) for _, _, text in self.sections):
            return
        for row in np.flatnonzero(filled).tolist():
            text = self.texts[at][row]
            if self.places.is_whole_province(text):
                filled[row], self.verdicts[row], self.sums[row] = False, "a_total", text
                self.heads.add(row)
                self.sections.append((row, at, text))
                self._out(row, at, text, "a_total")
        self.sections.sort()

    def _heads_of_parts(self, rows: list[int], columns: list[int]) -> set[int]:
        """Return the rows numbered I, II or A, B right above rows numbered 1, 2: what sums these up."""
        cells = self.body.grid.rows
        orders = [next((one for at in columns if (one := shown(cells[row][at]))), "") for row in rows]
        return {
            row
            for row, above, below in zip(rows, orders, orders[1:], strict=False)
            if _PART.match(above) and _FIRST.match(below)
        }

    def _verdict(self, text: str, column: int) -> str:
        rows = self.table.rows
        if fold(label(text)) in {fold(label(one)) for one in rows.left_out}:
            return "named_left_out"
        header = plain(self.body.headers[column].rpartition(" | ")[2])
        if header and plain(text) == header:
            return "header_again"
        kind = self.vocabulary.row_kind(label(text)) or self.vocabulary.row_kind(text)
        provinces = column == self.roles.get("province")
        region = provinces and self.places.is_region(text) and not self.places.is_province(text)
        if rows.regions == "kept" and provinces and (kind == "country" or region):
            return "country" if kind == "country" else "region"
        if kind:
            return "statistic" if kind == "statistic" else "a_total"
        return "sum_of_region" if region else ""

    def _sums_up(self, text: str) -> bool:
        """Return whether a label says that it sums others up, maybe with the name of their province."""
        names, rest = self.places.cut(label(text))
        return self.vocabulary.is_total(label(text)) or (bool(names) and self.vocabulary.is_total(rest))

    def _is_header(self, row: int) -> bool:
        """Return whether a row repeats the headers above it, cell by cell."""
        cells = [(shown(cell), self.body.headers[at]) for at, cell in enumerate(self.body.grid.rows[row])]
        # years stand as {year} in headers
        return all(
            not text or plain(re.sub(r"\b(?:19|20)[0-9]{2}\b", "{year}", text)) in plain(header)
            for text, header in cells
        )

    def _without_repeats(self) -> None:
        """Leave out places that come again beneath the table; refuse those that come twice within it."""
        if not self.labels:
            return
        columns = [column for _, column in self.labels]
        starts = np.array([row for row, _, _ in self.sections], dtype=int)
        blocks = np.searchsorted(starts, self.rows)
        told = any(place.found_in == "section" for place in self.table.rows.places.values())
        labels = [map(self.texts[column].__getitem__, self.rows) for column in columns]
        keys = list(zip(*labels, blocks.tolist() if told else repeat("", len(blocks)), strict=True))
        if len(set(keys)) == len(keys):
            return
        seen: dict[tuple[str | int, ...], int] = {}
        kept = []
        gaps = self._gaps()
        block_of = dict(zip(self.rows, blocks.tolist(), strict=True))
        for row, block, key in zip(self.rows, blocks.tolist(), keys, strict=True):
            first = seen.setdefault(key, row)
            if first == row or not any(key[:-1]):
                kept.append(row)
            elif any(first < gap < row for gap in gaps) and block == block_of[first]:
                self._out(row, columns[0], self.texts[columns[0]][row], "place_again")
            else:
                text, allowed = self.texts[columns[0]][row], message("same_place_allowed")
                self.fault(Fault(message("same_place_twice"), value=text, allowed=allowed), row, columns[0])
        self.rows = kept

    def _gaps(self) -> list[int]:
        """Return the empty rows within the table."""
        rows = self.body.grid.rows
        return [row for row in range(self.body.first, self.body.last) if not any(map(shown, rows[row]))]

    # -- what rows are about ---------------------------------------------------------------------

    def _about(self, rows: list[int]) -> dict[str, list[str]]:
        """Return, for each row, what its labels say: text for places, ids for words."""
        about: dict[str, list[str]] = {}
        for role, place in self.table.rows.places.items():
            if place.column:
                texts = self.texts.get(self.roles.get(role, -1), [])
                about[role] = list(map(texts.__getitem__, rows)) if texts else []
            elif place.value:
                about[role] = [place.value] * len(rows)
            elif place.found_in in {"title", "sheet", "file"}:
                about[role] = [said_by(self.body, place.found_in, role, self.places)] * len(rows)
            elif place.found_in == "section":
                about[role] = self._of_sections(role, rows)
        kinds = about.pop("kind", None)
        if kinds and about.get("area"):
            pairs = zip(kinds, about["area"], strict=True)
            about["area"] = [
                area
                if fold(area).startswith(fold(kind)) or self.places.without_kind(area) != label(area)
                else f"{kind} {area}"
                for kind, area in pairs
            ]
        return about

    def _fill_down(self, rows: list[int]) -> None:
        """Repeat the first label where only the first row of a group has it, as after merged cells in CSV."""
        first, others = self.labels[0][1], [column for _, column in self.labels[1:]]
        last = ""
        texts = self.texts[first]
        for row in rows:
            if texts[row]:
                last = texts[row]
            elif any(self.texts[column][row] for column in others):
                texts[row] = last

    def _says(self, role: str, text: str) -> bool:
        if role == "province":
            return bool(province_of(text, self.places))
        if role == "period":
            return found_period(text) is not None
        return bool(self.vocabulary.subject(text)) if role == "subject" else bool(text)

    def _of_sections(self, role: str, rows: list[int]) -> list[str]:
        found = [(row, text) for row, _, text in self.sections if self._says(role, text)]
        starts = np.array([row for row, _ in found], dtype=int)
        texts = []
        for at, row in zip(np.searchsorted(starts, rows) - 1, rows, strict=True):
            if at < 0:
                self.fault(Fault(f"no sub-heading above that tells the {role}"), row, 0)
            texts.append(found[at][1] if at >= 0 else "")
        return [province_of(text, self.places) for text in texts] if role == "province" else texts

    def _provisional(self) -> list[str]:
        place = self.table.rows.period
        if place.found_in in {"column", "section"} or place.column:
            known = {text: provisional_in(text)[0] for text in dict.fromkeys(self.about.get("period", ()))}
            return [known[text] for text in self.about.get("period", ())]
        mark = ""
        if place.found_in == "title":
            mark = next(filter(None, (provisional_in(line)[0] for line in self.body.title)), "")
        return [mark] * len(self.rows)

    @cached_property
    def notes(self) -> dict[str, str]:
        """Return what the notes under the table say of each footnote mark."""
        notes = {}
        for line in self.body.notes():
            found = re.match(r"\s*[(\[]?([1-9]|\*+|[†‡¹²³⁴⁵⁶⁷⁸⁹])[)\]]?\s*[:.]?\s+(.+)", line)
            if found:
                notes[unicodedata.normalize("NFKC", found[1])] = found[2]
        return notes

    @cached_property
    def marks(self) -> dict[int, str]:
        """For rows whose labels have the mark of a note under the table: that mark."""
        rows = self.rows if self.notes else ()
        marked = ((row, mark_of(self.texts[at][row])) for row in rows for _, at in self.labels)
        return {row: mark for row, mark in marked if mark in self.notes}
