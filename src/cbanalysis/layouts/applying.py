"""A confirmed layout and a file's tables to observations; what can't be read is said cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from cbanalysis.errors import DataError, Fault, UnknownName, nearest
from cbanalysis.files import Grid, address
from cbanalysis.layouts.heads import Body, find_body, labels_of, shown, shown_all
from cbanalysis.layouts.numbers import Reader, Reading, Readings
from cbanalysis.layouts.places import Places, label
from cbanalysis.layouts.proposing import found_period, turned_body
from cbanalysis.layouts.records import Figure, Layout, Place, Table
from cbanalysis.layouts.vocabulary import Vocabulary, plain
from cbanalysis.observations import COLUMNS
from cbanalysis.text import fold

__all__ = ["Applied", "apply_layout", "fits", "source_id_of"]

_ORIGINS = ("file", "sha256", "sheet", "cell", "start", "end", "sentence")
_NO_PROVINCE = Fault("no province", allowed="its name in the table, or tables.rows.province in the layout")
_BARE = re.compile(r"[0-9][0-9.,]*")


@dataclass(frozen=True)
class Applied:
    """What a file says under a layout.

    Attributes
    ----------
    observations : DataFrame
        The columns of ``observations.COLUMNS`` as text, without ids.
    origins : DataFrame
        Row by row: ``file``, ``sha256``, ``sheet``, ``cell`` (and ``start``, ``end``, ``sentence``, empty).
    source : dict of str to str
        The row of sources.csv.
    left_out : tuple of str
        Rows that were no observations, in words: totals, sub-headings, notes.
    """

    observations: pd.DataFrame
    origins: pd.DataFrame
    source: dict[str, str]
    left_out: tuple[str, ...]


def source_id_of(file: str) -> str:
    """Return a source id for a file.

    Examples
    --------
    >>> source_id_of("Kết quả xếp loại 2023.xls")
    'ket-qua-xep-loai-2023'
    """
    return fold(PurePath(file).stem).replace(" ", "-")[:60].strip("-") or "table"


def fits(layout: Layout, grids: Sequence[Grid]) -> bool:
    """Return whether a layout was made for such tables: all of its tables are there, headers and all."""
    headers = [set(body.headers) - {""} for grid in grids for body in _readings(grid)]
    return bool(layout.tables) and all(set(table.headers) in headers for table in layout.tables)


def _readings(grid: Grid) -> list[Body]:
    body = find_body(grid)
    if body is None:
        return []
    turned = turned_body(body)
    return [body] if turned is None else [body, turned]


def apply_layout(layout: Layout, grids: Sequence[Grid], vocabulary: Vocabulary, places: Places) -> Applied:
    """Read a file's tables as a layout says.

    Parameters
    ----------
    layout : Layout
        What headers, rows and cells mean.
    grids : sequence of Grid
        The tables of one file.
    vocabulary, places
        What words, provinces and periods are known by.

    Returns
    -------
    Applied
        The rows in the order of the file, not yet checked against the contract.

    Raises
    ------
    DataError
        Listing every table that the layout doesn't know, every header that is missing or new, every cell that
        can't be read; each with file, sheet and cell.
    """
    faults: list[Fault] = []
    tables: list[_Reading] = []
    for grid in grids:
        bodies = _readings(grid)
        found = [
            (table, body)
            for table in layout.tables
            for body in bodies
            if set(table.headers) == set(body.headers) - {""}
        ]
        found = [(table, body) for table, body in found if table.turned == body.grid.transposed] or found
        if found:
            tables.append(_Reading(*found[0], vocabulary, places))
        elif bodies and grid.sheet not in layout.other_sheets:
            faults += _unknown_table(layout, bodies[0])
    if not tables and not faults:
        faults.append(Fault("none of the layout's tables is there", file=grids[0].file))
    styles = {one.table.number_style for one in tables}
    if len(styles) > 1:
        faults.append(
            Fault(
                "tables of two number styles",
                file=grids[0].file,
                allowed="one style a document; split the file",
            )
        )
    frames = [one.read(faults) for one in tables]
    if faults:
        raise DataError(list(dict.fromkeys(faults)))
    source = layout.source.model_dump()
    source["source_id"] = source["source_id"] or source_id_of(grids[0].file)
    source["title"] = source["title"] or next((line for one in tables for line in one.body.title[:1]), "")
    source |= {"file": grids[0].file, "number_style": next(iter(styles))}
    observations = pd.concat([frame for frame, _ in frames], ignore_index=True)
    observations["source_id"] = source["source_id"]
    origins = pd.concat([frame for _, frame in frames], ignore_index=True)
    if observations.empty:
        raise DataError([Fault("no figures in the tables", file=grids[0].file)])
    return Applied(
        observations[list(COLUMNS)], origins, source, tuple(line for one in tables for line in one.left_out)
    )


def _unknown_table(layout: Layout, body: Body) -> list[Fault]:
    at = Fault("", file=body.grid.file, sheet=body.grid.sheet or None)
    there = [header for header in body.headers if header]
    # the table of the layout that shares most headers tells what changed
    alike = max(layout.tables, key=lambda table: len(set(table.headers) & set(there)), default=None)
    if alike is None or not set(alike.headers) & set(there):
        return [replace(at, what="a table that the layout doesn't know", value="; ".join(there)[:200])]
    missing = [header for header in alike.headers if header not in there]
    new = [header for header in there if header not in alike.headers]
    faults = [
        replace(at, what="the layout's header isn't there", value=header, nearest=nearest(header, new))
        for header in missing
    ]
    for header in new:
        cell = body.grid.address(body.first - 1, body.headers.index(header))
        allowed = "a header of the layout; name it under figures or left_out"
        faults.append(
            replace(
                at, what="a header that the layout doesn't have", cell=cell, value=header, allowed=allowed
            )
        )
    return faults


class _Reading:
    """One table read by its part of a layout."""

    def __init__(self, table: Table, body: Body, vocabulary: Vocabulary, places: Places) -> None:
        self.table = table
        self.body = body
        self.vocabulary = vocabulary
        self.places = places
        self.left_out: list[str] = []
        self.faults: list[Fault] = []
        self.at: dict[str, list[int]] = {}
        for column, header in enumerate(body.headers):
            if header:
                self.at.setdefault(header, []).append(column)

    def fault(self, fault: Fault, row: int | None = None, column: int | None = None) -> None:
        grid = self.body.grid
        cell = grid.address(row, column) if row is not None and column is not None else None
        self.faults.append(replace(fault, file=grid.file, sheet=grid.sheet or None, cell=cell))

    def read(self, faults: list[Fault]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return observations and origins; add what can't be read to the faults."""
        rows = self._rows()
        about = self._about(rows)
        frames = [
            frame
            for figure in self.table.figures
            for columns, years in self._columns(figure)
            if (frame := self._figure(figure, columns, years, rows, about)) is not None
        ]
        faults += self.faults
        names = ("at", *COLUMNS, *_ORIGINS)
        if not frames:
            empty = pd.DataFrame({name: [] for name in names}, dtype="str")
            return empty[list(COLUMNS)], empty[list(_ORIGINS)]
        together = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        if len(frames) > 1:
            together = together.sort_values("at", kind="stable", ignore_index=True)
        return together[list(COLUMNS)], together[list(_ORIGINS)]

    # -- rows ------------------------------------------------------------------------------------

    def _labels(self) -> list[tuple[str, int]]:
        """Return the roles of the columns that say what a row is about, from left to right."""
        found = []
        for role, place in self.table.rows:
            if isinstance(place, Place) and place.column:
                if place.column in self.at:
                    found.append((role, self.at[place.column][0]))
                else:
                    near = nearest(place.column, self.at)
                    self.fault(Fault(f"{role}: no such header", value=place.column, nearest=near))
        return sorted(found, key=lambda one: one[1])

    def _rows(self) -> list[int]:
        """Return the positions of the rows that hold figures of their own; say what the others are."""
        body = self.body
        self.labels = self._labels()
        # labels are compared as text, figures are read as cells
        self.texts = {column: shown_all(body.grid.column(column, spread=True)) for _, column in self.labels}
        headed = {header for one in self.table.figures for header in (one.count, one.percent)} - {""}
        figures = [column for header in headed for column in self.at.get(header, ())]
        filled = np.zeros(len(body.grid.rows), dtype=bool)
        for column in figures:
            filled |= np.array([cell not in {"", None} for cell in body.grid.column(column)], dtype=bool)
        filled[: body.first] = filled[body.last :] = False
        self.sections = self._sections(filled)
        if self.labels:
            self._leave_out(filled)
        self.notes = _notes(body)
        return np.flatnonzero(filled).tolist()

    def _sections(self, filled: np.ndarray) -> list[tuple[int, int, str]]:
        sections = []
        for row in range(self.body.first, self.body.last):
            if not filled[row]:
                cells = self.body.grid.rows[row]
                labels = labels_of(cells)
                if len(labels) == 1:
                    text = labels[0]
                    column = [shown(cell) for cell in cells].index(text)
                    sections.append((row, column, text))
                    self.left_out.append(f"{self._place(row, column)}: {text!r}, a sub-heading")
        return sections

    def _place(self, row: int, column: int) -> str:
        sheet = f"{self.body.grid.sheet} " if self.body.grid.sheet else ""
        return f"{sheet}{self.body.grid.address(row, column)}"

    def _leave_out(self, filled: np.ndarray) -> None:
        """Leave out totals, sums of regions, and headers that a page break repeats."""
        roles = dict(self.labels)
        column = roles.get("province", roles.get("area", self.labels[0][1]))
        others = [
            self.at[header][0]
            for header in self.table.left_out
            if header in self.at and self.at[header][0] < column
        ]
        main = self.texts[column]
        header = plain(self.body.headers[column].rpartition(" | ")[2])
        verdicts: dict[str, str] = {}
        for row in np.flatnonzero(filled).tolist():
            text = main[row]
            if not text and others:
                text = next((one for at in others if (one := shown(self.body.grid.rows[row][at]))), "")
            verdict = verdicts.get(text)
            if verdict is None:
                verdict = verdicts[text] = self._verdict(text, header, column == roles.get("province"))
            if verdict:
                filled[row] = False
                self.left_out.append(f"{self._place(row, column)}: {text!r}, {verdict}")

    def _verdict(self, text: str, header: str, provinces: bool) -> str:  # noqa: FBT001 -- one caller
        if self.vocabulary.is_total(label(text)) or self.vocabulary.is_total(text):
            return "a total"
        if header and plain(text) == header:
            return "the header again"
        if provinces and self.places.is_region(text) and not self.places.is_province(text):
            return "the sum of a region"
        return ""

    # -- what rows are about ---------------------------------------------------------------------

    def _about(self, rows: list[int]) -> dict[str, list[str]]:
        """Return, for each row, what its labels say: text for places, ids for words."""
        roles = dict(self.labels)
        if len(self.labels) > 1:
            self._fill_down(rows)
        about: dict[str, list[str]] = {}
        for role, place in self.table.rows:
            if not isinstance(place, Place):
                continue
            if place.column:
                column = roles.get(role)
                about[role] = [] if column is None else [self.texts[column][row] for row in rows]
            elif place.value:
                about[role] = [place.value] * len(rows)
            elif place.found_in in {"title", "sheet", "file"}:
                about[role] = [self._text(place.found_in, role)] * len(rows)
            elif place.found_in == "section":
                about[role] = self._of_sections(role, rows)
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

    def _text(self, found_in: str, role: str) -> str:
        grid = self.body.grid
        text = {"title": "\n".join(self.body.title), "sheet": grid.sheet, "file": grid.file}[found_in]
        found = self._in_text(role, text)
        if not found:
            self.fault(Fault(f"no {role} in the {found_in}", value=text[:120]))
        return found

    def _in_text(self, role: str, text: str) -> str:
        if role == "period":
            period = found_period(text)
            return " to ".join(dict.fromkeys(period)) if period else ""
        if role == "province":
            return self.places.province_in(text) or (label(text) if self.places.is_province(text) else "")
        return text

    def _of_sections(self, role: str, rows: list[int]) -> list[str]:
        found = [(row, said) for row, _, text in self.sections if (said := self._in_text(role, text))]
        starts = np.array([row for row, _ in found], dtype=int)
        texts = []
        for at, row in zip(np.searchsorted(starts, rows) - 1, rows, strict=True):
            if at < 0:
                self.fault(Fault(f"no sub-heading above that tells the {role}"), row, 0)
            texts.append(found[at][1] if at >= 0 else "")
        return texts

    # -- figures ---------------------------------------------------------------------------------

    def _columns(self, figure: Figure) -> list[tuple[dict[str, int], tuple[str, ...]]]:
        """Return the columns of a figure, once for each year that stands in its headers."""
        named = {part: header for part in ("count", "base", "percent") if (header := getattr(figure, part))}
        missing = [header for header in named.values() if header not in self.at]
        for header in missing:
            self.fault(Fault("no such header", value=header, nearest=nearest(header, self.at)))
        if missing or not named:
            return []
        leading = named.get("count") or named["percent"]
        found = []
        for column in self.at[leading]:
            years = self.body.years[column]
            parts = {}
            for part, header in named.items():
                columns = self.at[header]
                # a base without a year of its own serves all years
                same = [one for one in columns if self.body.years[one] == years] or columns[:1]
                parts[part] = same[0]
            found.append((parts, years))
        return found

    def _figure(
        self,
        figure: Figure,
        columns: dict[str, int],
        years: tuple[str, ...],
        rows: list[int],
        about: dict[str, list[str]],
    ) -> pd.DataFrame | None:
        readings = {part: self._readings(figure, part, column, rows) for part, column in columns.items()}
        absent = Readings.nothing(len(rows))
        count, base, percent = (readings.get(part, absent) for part in ("count", "base", "percent"))
        merged = _merged(figure, count, base, percent)
        kept = np.flatnonzero((merged["number"] != "") | (merged["percent"] != ""))
        if not len(kept):
            return None
        places = kept.tolist()
        numbers = [rows[at] for at in places]
        texts: dict[str, Any] = {
            name: [values[at] for at in places] for name, values in about.items() if values
        }
        if self.table.rows.period.found_in == "header":
            texts["period"] = [" to ".join(dict.fromkeys(years))] * len(places)
        frame = self._named(figure, texts, numbers)
        for name, values in merged.items():
            frame["count" if name == "number" else name] = values[kept]
        frame["note"] = [self._note(mark) for mark in frame.pop("mark").tolist()]
        grid = self.body.grid
        frame |= {
            "file": grid.file,
            "sha256": grid.sha256,
            "sheet": grid.sheet,
            "start": "",
            "end": "",
            "sentence": "",
        }
        frame["cell"] = self._cells(columns, numbers)
        frame["at"] = numbers
        for name in (*COLUMNS, *_ORIGINS):
            frame.setdefault(name, "")
        return pd.DataFrame(
            {name: _strings(frame[name], len(numbers)) for name in (*COLUMNS, *_ORIGINS)} | {"at": numbers}
        )

    def _readings(self, figure: Figure, part: str, column: int, rows: list[int]) -> Readings:
        percent = part == "percent"
        reader = Reader(
            self.table.number_style,
            percent,
            fraction=percent and figure.percent_as == "fraction",
            decimals=figure.decimals if percent else None,
        )
        cells = self.body.grid.column(column)
        readings, wrong = reader.read([cells[row] for row in rows])
        if wrong:
            for row in rows:
                if cells[row] in wrong:
                    self.fault(wrong[cells[row]], row, column)
        return readings

    def _cells(self, columns: dict[str, int], rows: list[int]) -> list[str]:
        grid = self.body.grid
        if grid.transposed or len(columns) > 1:
            prefix = {part: f"{part}:" if len(columns) > 1 else "" for part in columns}
        else:
            prefix = dict.fromkeys(columns, "")
        if grid.transposed:
            return [
                " ".join(f"{prefix[part]}{grid.address(row, at)}" for part, at in columns.items())
                for row in rows
            ]
        down, across = grid.offset
        pieces = [prefix[part] + re.sub("[0-9]", "", address(0, across + at)) for part, at in columns.items()]
        # the number of the row stands behind each piece: count:H7 base:G7
        between = [pieces[0], *(f" {piece}" for piece in pieces[1:]), ""]
        return [str(row + down + 1).join(between) for row in rows]

    def _note(self, mark: str) -> str:
        if not mark:
            return ""
        text = self.notes.get(mark, "")
        return f"footnote {mark} in the table" + (f": {text}" if text else "")

    def _named(self, figure: Figure, texts: dict[str, list[str]], rows: list[int]) -> dict[str, Any]:
        """Return the columns that say what figures are of; what isn't known is a fault at its cell."""
        roles = dict(self.labels)
        count = len(rows)
        periods = self._known("period", texts, rows, roles, self._period)
        provinces = texts.get("province", [""] * count)
        keys = list(zip(provinces, (end for _, end in periods), strict=True))
        places = self._known("province", {"province": keys}, rows, roles, self._province)
        areas = [label(text) for text in texts.get("area", [""] * count)]
        self._look_for_provinces(areas, places, rows, roles)
        frame: dict[str, Any] = {
            "geo_level": self.table.rows.geo_level,
            "province": places,
            "province_basis": ["stated" if place else "" for place in places],
            "area": areas,
            "period_start": [start for start, _ in periods],
            "period_end": [end for _, end in periods],
            "period_basis": ["stated" if end else "" for _, end in periods],
            "aggregation": figure.aggregation,
            "complement": "yes" if figure.complement else "",
        }
        for name in (
            "indicator",
            "subject",
            "definition",
            "base_of",
            "scheme",
            "category",
            "category_id",
            "category_kind",
        ):
            frame[name] = getattr(figure, name)
        for role in ("indicator", "subject"):
            if role in texts:
                frame[role] = self._known(role, texts, rows, roles, getattr(self, f"_{role}"))
        if "category" in texts:
            subjects = frame["subject"] if isinstance(frame["subject"], list) else [frame["subject"]] * count
            keys3 = list(zip(texts["category"], subjects, (end for _, end in periods), strict=True))
            found = self._known("category", {"category": keys3}, rows, roles, self._category)
            for at, name in enumerate(("scheme", "category_id", "category_kind")):
                frame[name] = [one[at] if one else "" for one in found]
            spelled = {text: plain_category(text) for text in dict.fromkeys(texts["category"])}
            frame["category"] = [spelled[text] for text in texts["category"]]
        return frame

    def _look_for_provinces(
        self, areas: list[str], provinces: list[str], rows: list[int], roles: dict[str, int]
    ) -> None:
        """Refuse an area that is its own province: one of the two is wrong in the layout or in the table."""
        for area, province, row in zip(areas, provinces, rows, strict=True):
            if province and fold(area) == fold(province):
                allowed = f'"TP {area}" for the town; for the province geo_level = "province" without area'
                fault = Fault("the area is the province itself", value=area, allowed=allowed)
                self.fault(fault, row, roles.get("area"))

    def _known(
        self,
        role: str,
        texts: dict[str, list[Any]],
        rows: list[int],
        roles: dict[str, int],
        look_up: Callable[[Any], Any],
    ) -> list[Any]:
        """Look up each distinct text once; a text that isn't known is a fault at every cell that has it."""
        found: dict[Any, Any] = {}
        wrong: dict[Any, Fault] = {}
        given = texts.get(role, [""] * len(rows))
        for text in dict.fromkeys(given):
            found[text] = look_up(text)
            if isinstance(found[text], Fault):
                wrong[text] = found[text]
                found[text] = ("", "") if role == "period" else None if role == "category" else ""
        if wrong:
            column = roles.get(role)
            for text, row in zip(given, rows, strict=True):
                if text in wrong:
                    self.fault(wrong[text], row if column is not None else None, column)
        return [found[text] for text in given]

    @staticmethod
    def _period(text: str) -> tuple[str, str] | Fault:
        if " to " in text:
            first, _, last = text.partition(" to ")
            return first, last
        return found_period(text) or Fault(
            "no period", value=text or None, allowed="a year, a month or a date"
        )

    def _province(self, key: tuple[str, str]) -> str | Fault:
        name, period = key
        if not name:
            return "" if self.table.rows.geo_level in {"country", "region"} else _NO_PROVINCE
        try:
            return self.places.on(name, period)
        except UnknownName as unknown:
            return Fault(
                "unknown province", value=name, allowed=unknown.hint or None, nearest=unknown.nearest
            )

    def _subject(self, text: str) -> str | Fault:
        known = self.vocabulary.catalogue.subjects
        found = self.vocabulary.subject(text)
        return found or Fault(
            "unknown subject", value=text or None, allowed=", ".join(known), nearest=nearest(text, known)
        )

    def _indicator(self, text: str) -> str | Fault:
        known = self.vocabulary.catalogue.indicators
        found = self.vocabulary.indicator(text)
        return found or Fault("unknown indicator", value=text or None, nearest=nearest(text, known))

    def _category(self, key: tuple[str, str, str]) -> tuple[str, str, str] | Fault:
        text, subject, period = key
        years = [int(period[:4])] if period else []
        schemes = self.vocabulary.schemes(subject, years)
        scheme, category = self.vocabulary.category(text, schemes, whole=True)
        if not category:
            spelled = [one.name.vi for scheme in schemes for one in scheme.categories]
            return Fault(
                "unknown rating",
                value=text or None,
                allowed=", ".join(dict.fromkeys(spelled)),
                nearest=nearest(text, spelled),
            )
        kind = self.vocabulary.catalogue.schemes[scheme].category(category).kind
        return scheme, category, kind


def _strings(values: str | list[str] | np.ndarray, count: int) -> Any:  # noqa: ANN401 -- an array of pandas
    """Return a column of text; one text for all rows is stored once and taken many times."""
    if isinstance(values, str):
        return pd.array([values], dtype="str").take(np.zeros(count, dtype=int))
    return pd.array(values, dtype="str")


def plain_category(text: str) -> str:
    """Return a category's words as observations.csv has them."""
    return label(text).casefold()


def _notes(body: Body) -> dict[str, str]:
    """Return what the notes under a table say of each footnote mark."""
    notes = {}
    for line in body.notes():
        found = re.match(r"\s*[(\[]?([1-9]|\*+|[†‡¹²³⁴⁵⁶⁷⁸⁹])[)\]]?\s*[:.]?\s+(.+)", line)
        if found:
            notes[found[1]] = found[2]
    return notes


def _merged(figure: Figure, count: Readings, base: Readings, percent: Readings) -> dict[str, np.ndarray]:
    """Return what the cells of each figure say together, field by field."""
    if not figure.base and not figure.percent:
        return {name: count.field(name) for name in Reading._fields}
    if not figure.count and not figure.base:
        return {name: percent.field(name) for name in Reading._fields}
    counted, shared = count.field("printed"), percent.field("printed")
    bare_count, bare_base = (
        one.each(lambda reading: bool(_BARE.fullmatch(reading.printed))).astype(bool) for one in (count, base)
    )
    joined = bare_count & bare_base & (count.field("base") == "")
    counted = counted + np.where(joined, base.each(lambda reading: f"/{reading.printed}"), "")
    between = np.where((counted != "") & (shared != ""), "; ", "")
    order = ("exact", "about", "at_least", "range")
    ranks = (one.each(lambda reading: order.index(reading.qualifier)).astype(int) for one in (count, percent))
    return {
        "number": _first(count.field("number"), percent.field("number")),
        "base": _first(count.field("base"), percent.field("base"), base.field("number")),
        "percent": _first(percent.field("percent"), count.field("percent")),
        "percent_max": _first(percent.field("percent_max"), count.field("percent_max")),
        "count_max": _first(count.field("count_max"), percent.field("count_max")),
        "qualifier": np.array(order, dtype=object)[np.maximum(*ranks)],
        "printed": counted + between + shared,
        "mark": _first(count.field("mark"), percent.field("mark")),
    }


def _first(*columns: np.ndarray) -> np.ndarray:
    """Return, for each row, the first of the columns' texts that isn't empty."""
    found = columns[0]
    for column in columns[1:]:
        found = np.where(found != "", found, column)
    return found
