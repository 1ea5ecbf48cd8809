"""The cells of a table to observations: figures read, names looked up, each with its cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pandas as pd

from cbanalysis.common.errors import Fault, UnknownName, nearest
from cbanalysis.common.messages import message
from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.observations.schema import COLUMNS
from cbanalysis.importing.files.grids import Cell, address
from cbanalysis.importing.layouts.heads import shown
from cbanalysis.importing.layouts.numbers import Reader, Readings, ValueReader, merged
from cbanalysis.importing.layouts.periods import found_period, is_up_to, without_periods
from cbanalysis.importing.layouts.places import label
from cbanalysis.importing.layouts.records import YEAR, Figure
from cbanalysis.importing.layouts.rows import TableRows

_ORIGINS = ("file", "sha256", "sheet", "cell", "start", "end", "sentence")
_PARTS = ("count", "base", "percent", "value")
_SAID = ("definition", "base_of", "scheme", "category", "category_id", "category_kind")
_NO_PROVINCE = Fault("no province", allowed="its name in the table, or tables.rows.province in the layout")
_WITHOUT_DISTRICTS = "2025-07"
_MOST_FOREIGN = 3
_MANY_GONE = 5
_CLOSE = 0.8
# who is no part of the others: chi bộ may be grassroots organisations
_COUNTED = {"member", "cell", "village", "commune"}


class TableFigures:
    """The figures of one table."""

    def __init__(self, rows: TableRows) -> None:
        self.rows = rows
        self.table, self.body = rows.table, rows.body
        self.vocabulary, self.places = rows.vocabulary, rows.places
        self.notes = rows.notes

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return observations and origins; what can't be read is added to the faults of the rows."""
        frames = [
            frame
            for figure in self.table.figures
            for columns, years in self._columns(figure)
            if (frame := self._figure(figure, columns, years)) is not None
        ]
        names = ("at", *COLUMNS, *_ORIGINS)
        if not frames:
            empty = pd.DataFrame({name: [] for name in names}, dtype="str")
            return empty[list(COLUMNS)], empty[list(_ORIGINS)]
        together = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        if len(frames) > 1:
            together = together.sort_values("at", kind="stable", ignore_index=True)
        return together[list(COLUMNS)], together[list(_ORIGINS)]

    def _columns(self, figure: Figure) -> list[tuple[dict[str, int], tuple[str, ...]]]:
        """Return the columns of a figure, once for each year that stands in its headers."""
        at = self.rows.at
        named = {part: header for part in _PARTS if (header := getattr(figure, part))}
        missing = [header for header in named.values() if header not in at]
        for header in missing:
            self.rows.fault(Fault("no such header", value=header, nearest=nearest(header, at)))
        if missing or not named:
            return []
        leading = next(named[part] for part in ("count", "percent", "value", "base") if part in named)
        found = []
        for column in at[leading]:
            years = self.body.years[column]
            parts = {}
            for part, header in named.items():
                columns = at[header]
                # a base without a year of its own serves all years
                same = [one for one in columns if self.body.years[one] == years] or columns[:1]
                parts[part] = same[0]
            found.append((parts, years))
        return found

    def _figure(self, figure: Figure, columns: dict[str, int], years: tuple[str, ...]) -> pd.DataFrame | None:
        rows = self.rows.rows
        readings = {part: self._readings(figure, part, column) for part, column in columns.items()}
        absent = Readings.nothing(len(rows))
        joined = merged(figure, *(readings.get(part, absent) for part in _PARTS))
        kept = np.flatnonzero((joined["number"] != "") | (joined["percent"] != "") | (joined["value"] != ""))
        if not len(kept):
            return None
        places = kept.tolist()
        numbers = list(map(rows.__getitem__, places))
        texts: dict[str, Any] = {
            name: list(map(values.__getitem__, places)) for name, values in self.rows.about.items() if values
        }
        provisional = list(map(self.rows.provisional.__getitem__, places))
        if self.table.rows.period.found_in == "header":
            texts["period"] = [" to ".join(dict.fromkeys(years))] * len(places)
            provisional = [self.body.provisional[next(iter(columns.values()))]] * len(places)
        frame = self._named(figure, numbers, texts, list(map(self.rows.levels.__getitem__, places)))
        for name, values in joined.items():
            frame["count" if name == "number" else name] = values[kept]
        self._refuse_bare_shares(figure, frame, numbers, next(iter(columns.values())))
        marks = [
            mark or self.rows.marks.get(row, "") for mark, row in zip(frame.pop("mark"), numbers, strict=True)
        ]
        frame["note"] = self._notes(marks, figure, provisional)
        grid = self.body.grid
        frame |= {"file": grid.file, "sha256": grid.sha256, "sheet": grid.sheet}
        frame["cell"] = self._cells(columns, numbers)
        filled = {name: _column(frame.get(name, "")) for name in (*COLUMNS, *_ORIGINS)}
        return pd.DataFrame(filled | {"at": numbers})

    def _refuse_bare_shares(self, figure: Figure, frame: dict[str, Any], rows: list[int], at: int) -> None:
        """Refuse shares of which nothing says what they are a share of: 90 (12%) in all."""
        shared = (frame["percent"] != "") | (frame["base"] != "")
        shares = zip(frame["indicator"], rows, shared, strict=True)
        known = self.vocabulary.catalogue.indicators
        for name, row, is_share in shares if not figure.base_of else ():
            if is_share and name in known and not known[name].has_base(category=figure.category):
                self._refuse_share(row, at)

    def _refuse_share(self, row: int, at: int) -> None:
        told, allowed = message("share_of_nothing"), message("share_of_nothing_allowed")
        self.rows.fault(Fault(told, value=shown(self.body.grid.rows[row][at]), allowed=allowed), row, at)

    def _readings(self, figure: Figure, part: str, column: int) -> Readings:
        rows = self.rows.rows
        percent = part == "percent"
        if part == "value":
            reader: Reader = self._value_reader(figure)
        else:
            reader = Reader(
                self.table.number_style,
                percent,
                scale=figure.percent_as if percent else "percent",
                decimals=figure.decimals if percent else None,
                factor=self._factor(figure, part),
            )
        cells = self.body.grid.column(column)
        readings, wrong = reader.read(list(map(cells.__getitem__, rows)))
        if part == "count":
            wrong |= self._of_others(figure, {*map(cells.__getitem__, rows)} - {*wrong})
        if part == "base":
            for at in np.flatnonzero(readings.field("percent") != "").tolist():
                self._refuse_share(rows[at], column)
        if wrong:
            for row in rows:
                if cells[row] in wrong:
                    self.rows.fault(wrong[cells[row]], row, column)
        return readings

    def _of_others(self, figure: Figure, cells: set[Cell]) -> dict[Cell, Fault]:
        """Return a fault for each cell whose words count somebody else: 12 chi bộ under members."""
        wrong = {}
        for cell in cells if figure.subject else ():
            words = re.sub(r"[0-9.,]+", " ", cell) if isinstance(cell, str) else ""
            spoken = self.vocabulary.heading(words).all("subject") if any(map(str.isalpha, words)) else []
            if spoken and figure.subject not in spoken and len({*spoken, figure.subject} & _COUNTED) > 1:
                fault = Fault(message("of_others", what=", ".join(spoken)), value=cell)
                wrong[cell] = replace(fault, allowed=message("of_others_allowed"))
        return wrong

    def _value_reader(self, figure: Figure) -> ValueReader:
        catalogue, style = self.vocabulary.catalogue, self.table.number_style
        known = catalogue.indicators.get(figure.indicator)
        units = (
            [catalogue.units[known.unit]] if known else [one for one in catalogue.units.values() if one.own]
        )
        words = [word for one in units for word in (*one.names(), *one.headings)]
        sign = catalogue.sign_of(figure.indicator, style)
        return ValueReader(
            style, is_percent=False, decimals=figure.decimals, sign=sign, words=tuple(dict.fromkeys(words))
        )

    def _factor(self, figure: Figure, part: str) -> int:
        """Return what a column of counts is given in; a base may be given in another unit than its parts."""
        if part != "base":
            return figure.factor if part == "count" else 1
        own = [one.factor for one in self.table.figures if one.count == figure.base]
        return own[0] if own else figure.factor

    def _cells(self, columns: dict[str, int], rows: list[int]) -> list[str]:
        grid = self.body.grid
        prefix = {part: f"{part}:" if len(columns) > 1 else "" for part in columns}
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

    def _notes(self, marks: list[str], figure: Figure, provisional: list[str]) -> list[str]:
        given = f"given in {figure.factor:,} in the table" if figure.factor > 1 and figure.count else ""
        known = {pair: self._note(*pair, given) for pair in {*zip(marks, provisional, strict=True)}}
        return [known[pair] for pair in zip(marks, provisional, strict=True)]

    def _note(self, mark: str, provisional: str, given: str) -> str:
        text = self.notes.get(mark, "")
        footnote = f"footnote {mark} in the table" + (f": {text}" if text else "") if mark else ""
        early = f"provisional in the source ({provisional})" if provisional else ""
        return "; ".join(filter(None, (early, given, footnote)))

    # -- what figures are of ---------------------------------------------------------------------

    def _named(
        self, figure: Figure, rows: list[int], texts: dict[str, list[str]], levels: list[str]
    ) -> dict[str, Any]:
        """Return the columns that say what figures are of; what isn't known is a fault at its cell."""
        nothing = [""] * len(rows)
        told, labels = texts.get("period", nothing), texts.get("province", nothing)
        periods = self._known("period", told, rows, self._period)
        known = self.vocabulary.catalogue.indicators.get(figure.indicator)
        if known is not None and known.flow:
            until = {text: self._is_up_to(figure, text) for text in dict.fromkeys(told)}
            periods = [
                (f"{end[:4]}-01" if start == end and until[text] else start, end)
                for (start, end), text in zip(periods, told, strict=True)
            ]
        ends = [end for _, end in periods]
        keys = list(zip(labels, ends, levels, strict=True))
        places = self._provinces(keys, rows)
        areas = [label(text) for text in texts.get("area", nothing)]
        if any(level in {"region", "country"} for level in levels):
            regions = zip(areas, labels, levels, strict=True)
            areas = [label(text) if level == "region" and not area else area for area, text, level in regions]
        self._look_at_areas([*zip(areas, levels, places, ends, strict=True)], rows)
        frame: dict[str, Any] = {
            "geo_level": levels,
            "province": places,
            "province_basis": ["stated" if place else "" for place in places],
            "area": areas,
            "period_start": [start for start, _ in periods],
            "period_end": ends,
            "period_basis": ["stated" if end else "" for end in ends],
            "aggregation": figure.aggregation,
            "complement": "yes" if figure.complement else "",
        }
        for name in _SAID:
            frame[name] = getattr(figure, name)
        for role, look_up in (("indicator", self._indicator), ("subject", self._subject)):
            said = [getattr(figure, role)] * len(rows)
            frame[role] = self._known(role, texts[role], rows, look_up) if role in texts else said
        if "category" in texts:
            self._rated(frame, texts["category"], ends, rows)
        self._check_scheme(figure, ends, rows)
        return frame

    def _rated(self, frame: dict[str, Any], texts: list[str], ends: list[str], rows: list[int]) -> None:
        """Fill in the rating that stands in each row's own cell."""
        keys = list(zip(texts, frame["indicator"], frame["subject"], ends, strict=True))
        found = self._known("category", keys, rows, self._category)
        for at, name in enumerate(("scheme", "category_id", "category_kind")):
            frame[name] = [one[at] if one else "" for one in found]
        spelled = {text: label(text).casefold() for text in dict.fromkeys(texts)}
        frame["category"] = [spelled[text] for text in texts]

    def _check_scheme(self, figure: Figure, ends: list[str], rows: list[int]) -> None:
        """Refuse a rating under a scheme that wasn't in force."""
        scheme = self.vocabulary.catalogue.schemes.get(figure.scheme)
        wrong = {end for end in set(ends) if end and scheme is not None and not scheme.covers(int(end[:4]))}
        for end, row in zip(ends, rows, strict=True):
            if end in wrong:
                self.rows.fault(Fault(message("scheme_of_year", scheme=figure.scheme, year=end[:4])), row, 0)

    def _provinces(self, keys: list[tuple[str, str, str]], rows: list[int]) -> list[str]:
        before = len(self.rows.faults)
        places = self._known("province", keys, rows, self._province)
        names = list(dict.fromkeys(name for name, _, _ in keys if name))
        # a table of other places is one fault, not one for each of its rows
        if len(names) >= _MOST_FOREIGN and not any(map(self.places.is_province, names)):
            at = Fault(message("foreign"), value=", ".join(names[:_MOST_FOREIGN]))
            del self.rows.faults[before:]
            self.rows.fault(at)
        for end in {end for _, end, _ in keys if end}:
            old, moved = self.places.of_two_maps((name for name, when, _ in keys if when == end), end)
            if old and moved:
                told = message("two_maps", when=end, gone=label(old[0]), moved=label(moved[0]))
                self.rows.fault(Fault(told, allowed=message("two_maps_allowed")))
        # and one of another time's provinces is one too
        faults = self.rows.faults[before:]
        gone = dict.fromkeys(str(one.value) for one in faults if self.places.is_province(str(one.value)))
        if len(gone) >= _MANY_GONE:
            when = ", ".join(sorted({end for name, end, _ in keys if name in gone}))
            named = ", ".join([*map(label, [*gone][:_MOST_FOREIGN]), "…"])
            self.rows.faults[before:] = [one for one in faults if one.value not in gone]
            told = message("old_provinces", count=len(gone), when=when, names=named)
            self.rows.fault(Fault(told, allowed=message("old_provinces_allowed")))
        return places

    def _look_at_areas(self, keys: list[tuple[str, str, str, str]], rows: list[int]) -> None:
        """Refuse areas that can't be what the layout says: area, level, province and end of each period."""
        named = dict.fromkeys(key[0] for key in keys if key[0])
        usual = Counter(_spelled(self.places.without_kind(area)) for area in named)
        spelled = usual.most_common(1)[0][0] if usual else ""
        self.among_communes = any(self.places.is_of_other_level(area, "district") for area in named)
        names = {
            one: self._wrong_name(*one, spelled) for one in dict.fromkeys(key[:3] for key in keys if key[0])
        }
        looked_at = {key: names[key[:3]] or self._wrong_then(*key) for key in dict.fromkeys(keys) if key[0]}
        wrong = {key: fault for key, fault in looked_at.items() if fault}
        for key, row in zip(keys, rows, strict=True) if wrong else ():
            if key in wrong:
                self.rows.fault(wrong[key], row, self.rows.roles.get("area"))

    def _wrong_name(self, area: str, level: str, province: str, spelled: str) -> Fault | None:
        if fold(area) == fold(province):
            # one of the two is wrong in the layout or in the table
            allowed = f'"TP {area}" for the town; for the province geo_level = "province" without area'
            return Fault("the area is the province itself", value=area, allowed=allowed)
        if level in {"district", "commune"} and self._is_unknown(area, level, spelled):
            close = nearest(area, self.places.districts_of(province)) if level == "district" else ()
            near = tuple(one for one in close if _is_slip(area, one))
            return Fault(message("no_place"), value=area, allowed=message("no_place_allowed"), nearest=near)
        if self.places.is_of_other_level(area, level):
            return Fault(message(f"not_a_{level}"), value=area, allowed=message("other_level_allowed"))
        return None

    def _wrong_then(self, area: str, level: str, province: str, end: str) -> Fault | None:
        among = level == "commune" and self.among_communes and end < _WITHOUT_DISTRICTS
        if among and area in self.places.districts_of(province):
            return Fault(message("not_a_commune"), value=area, allowed=message("other_level_allowed"))
        if level == "district" and (other := self.places.elsewhere(area, province, end)):
            told = message("district_elsewhere", other=other)
            allowed = message("district_elsewhere_allowed", province=province)
            return Fault(told, value=area, allowed=allowed)
        return None

    def _is_no_name(self, area: str) -> bool:
        """Return whether each word of a label is one of tables and none a place's: Kế hoạch, Tỷ lệ %."""
        words = re.sub(r"[\W\d_]+", " ", without_periods(area))
        heading = self.vocabulary.heading(words, title=True)
        return len(words.replace(" ", "")) < 2 or not (heading.rest or self.places.is_district(area))

    def _is_unknown(self, area: str, level: str, spelled: str) -> bool:
        """Return whether a label is no known district's name, or not spelled as the other places are."""
        if self.places.is_place(area):
            return spelled == "name" and self.places.without_kind(area)[:1].islower()
        if level == "district" and self.places.is_district(area):
            return not re.search(r"[^\W\d_]", area)
        if self._is_no_name(area) or self.places.bears_kind(area):
            return self._is_no_name(area)
        return level == "district" or len(area.split()) < 2 or _spelled(area) != spelled

    def _known(
        self, role: str, given: list[Any], rows: list[int], look_up: Callable[[Any], Any]
    ) -> list[Any]:
        """Look up each distinct text once; a text that isn't known is a fault at every cell that has it."""
        found: dict[Any, Any] = {}
        wrong: dict[Any, Fault] = {}
        for text in dict.fromkeys(given):
            found[text] = look_up(text)
            if isinstance(found[text], Fault):
                wrong[text] = found[text]
                found[text] = ("", "") if role == "period" else None if role == "category" else ""
        if wrong:
            column = self.rows.roles.get(role)
            for text, row in zip(given, rows, strict=True):
                if text in wrong:
                    self.rows.fault(wrong[text], row if column is not None else None, column)
        return list(map(found.__getitem__, given))

    def _period(self, text: str) -> tuple[str, str] | Fault:
        if " to " in text:
            first, _, last = text.partition(" to ")
            return first, last
        # a plan for a year is no figure of it
        heading = self.vocabulary.heading(re.sub(r"[0-9]+", " ", text), title=True)
        more = heading.all("asked") or heading.all("negation")
        return (None if more else found_period(text)) or Fault(
            "no period", value=text or None, allowed="a year, a month or a date"
        )

    def _is_up_to(self, figure: Figure, text: str) -> bool:
        """Return whether a table tells only until when it counts what happened: since January, then."""
        first, _, last = text.rpartition(" to ")
        if len(last) <= len("2024") or first:
            return False
        found_in = self.table.rows.period.found_in
        headers = (figure.count, figure.percent, figure.value)
        lines = self.body.title if found_in == "title" else headers if found_in == "header" else [text]
        return any(is_up_to(line.replace(YEAR, last)) for line in lines)

    def _province(self, key: tuple[str, str, str]) -> str | Fault:
        name, period, level = key
        if level in {"country", "region"}:
            return ""
        if not name:
            return _NO_PROVINCE
        try:
            return self.places.on(name, period)
        except UnknownName as unknown:
            near = tuple(one for one in unknown.nearest if _is_slip(name, one))
            allowed = unknown.hint or (None if near else message("or_left_out"))
            return Fault(message("unknown_province"), value=name, allowed=allowed, nearest=near)

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

    def _category(self, key: tuple[str, str, str, str]) -> tuple[str, str, str] | Fault:
        text, indicator, subject, period = key
        years = [int(period[:4])] if period else []
        schemes = self.vocabulary.catalogue.schemes_of(indicator, subject, years)
        scheme, category = self.vocabulary.category(text, schemes)
        if not category:
            spelled = [one.name.vi for scheme in schemes for one in scheme.categories]
            allowed, near = ", ".join(dict.fromkeys(spelled)), nearest(text, spelled)
            return Fault("unknown rating", value=text or None, allowed=allowed, nearest=near)
        kind = self.vocabulary.catalogue.schemes[scheme].category(category).kind
        return scheme, category, kind


def _spelled(name: str) -> str:
    """Return how a name is written: with capitals, all in them, or as a sentence: Minh Tân, Cộng dồn."""
    words = re.findall(r"[^\W\d_]+", name)
    if len("".join(words)) > 1 and name.isupper():
        return "capitals"
    return "name" if all(word[0].isupper() for word in words) else "words"


def _is_slip(name: str, province: str) -> bool:
    """Return whether a name differs from a province's by a letter or two; Nha Trang is no Hà Giang."""
    return SequenceMatcher(None, fold(label(name)), fold(province)).ratio() >= _CLOSE


def _column(values: str | list[str] | np.ndarray) -> Any:  # noqa: ANN401 -- an array of pandas
    """Return a column of text; of one text for all rows, that text."""
    # pandas takes an array at a third of the time of a list
    return values if isinstance(values, str) else pd.array(np.asarray(values, dtype=object), dtype="str")
