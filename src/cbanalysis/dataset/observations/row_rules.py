"""Rules for the cells of a row: what contradicts one another, and what catalogue or gazetteer don't know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from cbanalysis.common.errors import UnknownName
from cbanalysis.common.language import words_in
from cbanalysis.common.text.letters import clean
from cbanalysis.common.text.numbers import NumberStyle
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.dataset.observations.periods import dated_unit, lifetimes, period_days
from cbanalysis.dataset.observations.printed_against_stored import (
    FIGURE_COLUMNS,
    differing,
    grouped,
    read_printed,
    read_value,
    share_written,
)
from cbanalysis.dataset.observations.schema import COUNTS, Distinct, Verdict
from cbanalysis.dataset.provinces import Gazetteer

_RULES = words_in("dataset/observations/row_rules.toml")
_RATING = ("scheme", "category_id", "category_kind")
Contradiction = tuple[str, str, str, tuple[str, ...], pd.Series]
"""What is wrong, its column, what would be right, the columns it is read from, and the rows that it marks."""


def contradictions(given: Mapping[str, pd.Series], typed: pd.DataFrame) -> Iterator[Contradiction]:
    """Yield what can't both be right in a row, by which cells are filled and by the typed cells."""
    level, ranged = typed["geo_level"], typed["qualifier"].eq("range")
    for rule in _RULES["at_levels"]:
        column, broken = (
            rule["column"],
            level.isin(rule["levels"]) & (given[rule["column"]] == rule["filled"]),
        )
        yield rule["what"], column, rule["allowed"], (column, "geo_level"), broken
    for rule in _RULES["alone"]:
        alone, empty = rule["filled"], rule["empty"]
        yield rule["what"], rule["column"], rule["allowed"], (alone, empty), given[alone] & ~given[empty]
    for rule in _RULES["larger"]:
        larger, smaller = rule["larger"], rule["smaller"]
        broken = typed[larger].gt(typed[smaller])
        yield rule["what"], rule["column"], rule["allowed"], (larger, smaller), broken
    nothing = ~given["count"] & ~given["percent"] & ~given["value"]
    allowed = "a row gives at least one of them, or a value in the unit of its indicator"
    yield "neither count nor percent", "count", allowed, ("count", "percent"), nothing
    allowed = "one of them: shares stand in percent, numbers in count, any other unit in value"
    for other in ("count", "base", "percent", "percent_max", "count_max"):
        yield f"a value beside {other}", "value", allowed, ("value", other), given["value"] & given[other]
    what, broken = "a value whose complement nobody knows", given["value"] & given["complement"]
    yield what, "complement", "empty where value is filled", ("value", "complement"), broken
    allowed = "0 to 100; more only where base_of says that the share is of another base"
    broken = typed["percent"].gt(100) & ~given["base_of"]
    yield "percent above 100", "percent", allowed, ("percent", "base_of"), broken
    yield "percent_max above 100", "percent_max", "0 to 100", ("percent_max",), typed["percent_max"].gt(100)
    allowed, broken = "percent_max or count_max filled", ranged & ~given["percent_max"] & ~given["count_max"]
    needs = ("qualifier", "percent_max", "count_max")
    yield "range without its upper end", "qualifier", allowed, needs, broken
    for upper in ("percent_max", "count_max"):
        what, allowed = f"{upper} on a figure that is no range", "only with qualifier range"
        yield what, upper, allowed, ("qualifier", upper), given[upper] & ~ranged
    what, broken = "percent_max is not above percent", typed["percent_max"].le(typed["percent"])
    yield what, "percent_max", "more than percent", ("percent", "percent_max"), broken
    allowed = "scheme, category_id and category_kind: all filled or all empty"
    is_rating = given["scheme"] | given["category_id"] | given["category_kind"]
    for column in _RATING:
        what = f"{column} is empty though the row is a rating"
        yield what, column, allowed, _RATING, ~given[column] & is_rating


_TIDY = ("observation_id", "province", "area", "category", "note")  # `printed` stays as it was printed
_PERIOD = "YYYY, YYYY-MM or YYYY-MM-DD, 1930 to 2099"


@dataclass(frozen=True)
class Lookups:
    """The rules, with what they look things up in."""

    catalogue: Catalogue
    gazetteer: Gazetteer

    @property
    def rules(self) -> tuple[tuple[tuple[str, ...], Callable[..., Verdict | None]], ...]:
        """Columns and the rule that takes one value of each."""
        known = self.catalogue
        return (
            (("indicator",), partial(_listed, "indicator", tuple(known.indicators))),
            (("subject",), partial(_listed, "subject", tuple(known.subjects))),
            (("source_id",), partial(_listed, "source_id", tuple(known.sources))),
            (("scheme",), partial(_listed, "scheme", tuple(known.schemes))),
            (("indicator", "subject"), self.subject),
            (("indicator", "definition"), partial(self.variant, "definition", "definitions")),
            (("indicator", "base_of"), partial(self.variant, "base_of", "bases")),
            (("scheme", "category_id"), self.category),
            (("indicator", "scheme", "subject"), self.rated),
            (("period_start",), partial(_real, "period_start")),
            (("period_end",), partial(_real, "period_end")),
            (("period_start", "period_end"), _in_order),
            (("province", "period_start", "period_end"), self.province),
            (("source_id", "printed", *FIGURE_COLUMNS, "value", "indicator"), self.printed),
            (("indicator", "count", "base", "percent"), self.other_unit),
            (("indicator", "value"), self.value),
            *(((column,), partial(_tidy, column)) for column in _TIDY),
        )

    def verdicts(self, cells: Mapping[str, Distinct], there: set[str]) -> Iterator[tuple[Verdict, int]]:
        """Yield what the rules say of columns of text cells, with the position of each row it is true of.

        ``there`` are the columns that the caller gave; rules that need others are left out.
        """
        for columns, rule in self.rules:
            if not there.issuperset(columns):
                continue
            rows = self._looked_at(rule, cells)
            together = cells[columns[0]].codes[rows]
            for column in columns[1:]:
                others = cells[column]
                together = pd.factorize(together * max(len(others.texts), 1) + others.codes[rows])[0]
            # numbered from 0 on in the order of the rows: where each number stands first
            firsts = np.zeros(together.max(initial=-1) + 1, dtype=int)
            firsts[together[::-1]] = np.arange(len(together) - 1, -1, -1)
            combinations = zip(
                *(cells[column].texts[cells[column].codes[rows[firsts]]].tolist() for column in columns),
                strict=True,
            )
            for number, values in enumerate(combinations):
                verdict = rule(*values)
                if verdict is not None:
                    yield from ((verdict, int(position)) for position in rows[together == number])

    def _looked_at(self, rule: Callable[..., Verdict | None], cells: Mapping[str, Distinct]) -> np.ndarray:
        """Return the rows that a rule may say anything of, as far as that is quick to see."""
        # tables print most figures plainly; writing them is far quicker than reading them
        if rule == self.printed:
            return np.flatnonzero(~self.plain(cells))
        if rule == self.other_unit:
            return np.flatnonzero(cells["indicator"].each(self._has_own_unit))
        return np.arange(len(cells["indicator"].codes))

    def _has_own_unit(self, indicator: str) -> bool:
        entry = self.catalogue.indicators.get(indicator)
        return entry is not None and self.catalogue.units[entry.unit].own

    def subject(self, indicator: str, subject: str) -> Verdict | None:
        """Refuse a known subject that the indicator isn't said of."""
        entry = self.catalogue.indicators.get(indicator)
        if entry is None or subject not in self.catalogue.subjects or subject in entry.subjects:
            return None
        what = f"subject that {indicator} doesn't have"
        return Verdict(what, "subject", subject, _shown(entry.subjects), entry.subjects)

    def variant(self, column: str, field: str, indicator: str, code: str) -> Verdict | None:
        """Refuse a definition or base that the indicator doesn't declare."""
        entry = self.catalogue.indicators.get(indicator)
        if entry is None or not code:
            return None
        codes = tuple(getattr(entry, field))
        if code in codes:
            return None
        return Verdict(
            f"{column} that {indicator} doesn't have", column, code, _shown(codes) or "empty", codes
        )

    def other_unit(self, indicator: str, count: str, base: str, percent: str) -> Verdict | None:
        """Refuse a share, a count and a base where the indicator has a unit of its own."""
        if not (count or base or percent) or not self._has_own_unit(indicator):
            return None
        column, cell = next(
            (name, cell) for name, cell in (("percent", percent), ("base", base), ("count", count)) if cell
        )
        unit = self.catalogue.units[self.catalogue.indicators[indicator].unit].name.en
        what, allowed = f"{indicator} is given in {unit}", "empty: its figures stand in value"
        return Verdict(what, column, cell, allowed)

    def value(self, indicator: str, value: str) -> Verdict | None:
        """Refuse a value where the indicator has no unit of its own, and one outside the unit's bounds."""
        entry, number = self.catalogue.indicators.get(indicator), _number("value", value)
        if entry is None or number is None:
            return None
        unit = self.catalogue.units[entry.unit]
        if not unit.own:
            allowed = f"empty: the unit of {indicator} is {unit.id}, and has a column of its own"
            return Verdict("a value of no unit", "value", value, allowed)
        low, high = unit.bounds
        if low <= number <= high:
            return None
        bounds = [f"{low:g} or more"] * (low > -np.inf) + [f"{high:g} at most"] * (high < np.inf)
        return Verdict(f"no possible value in {unit.name.en}", "value", value, ", ".join(bounds))

    def category(self, scheme: str, category_id: str) -> Verdict | None:
        """Refuse a rating category that the scheme doesn't have."""
        entry = self.catalogue.schemes.get(scheme)
        codes = tuple(category.id for category in entry.categories) if entry else ()
        if entry is None or not category_id or category_id in codes:
            return None
        return Verdict(
            f"category_id that {scheme} doesn't have", "category_id", category_id, _shown(codes), codes
        )

    def rated(self, indicator: str, scheme: str, subject: str) -> Verdict | None:
        """Refuse a scheme of other indicators, and one for organisations where members are rated."""
        entry, known = self.catalogue.schemes.get(scheme), self.catalogue.indicators.get(indicator)
        if entry is None or known is None:
            return None
        usable = self.catalogue.schemes_of(indicator, subject, ())
        if entry in usable:
            return None
        rated = subject if indicator in entry.indicators else indicator
        codes = tuple(one.id for one in usable)
        return Verdict(f"a scheme that rates no {rated}", "scheme", scheme, _shown(codes) or "empty", codes)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that a province ever had, as provinces.csv writes it."""
        return tuple(dict.fromkeys(unit.name_vi for unit in self.gazetteer.units))

    def province(self, name: str, start: str, end: str) -> Verdict | None:
        """Refuse a province that never was, wasn't in the period, or isn't spelled as in provinces.csv."""
        if not name:
            return None
        if name not in self.names:
            written = tuple(dict.fromkeys(unit.name_vi for unit in self.gazetteer.named(name)))
            if written:
                what = "province spelled otherwise than in provinces.csv"
                return Verdict(what, "province", name, near=written)
            return Verdict("unknown province", "province", name, known=self.names)
        first, last = period_days(start), period_days(end)
        beginning = min(unit.valid_from for unit in self.gazetteer.units)
        if not first or not last or first[0] > last[1] or last[1] < beginning:
            return None
        if dated_unit(name, (first[0], last[1]), self.gazetteer) is not None:
            return None
        period = start if start == end else f"{start} to {end}"
        allowed = f"{name} existed {lifetimes(name, self.gazetteer)}{self._then(name, last[1].isoformat())}"
        return Verdict(f"no such province in {period}", "province", name, allowed)

    def _then(self, name: str, day: str) -> str:
        try:
            return f"; write {self.gazetteer.find(name, day).name_vi}"
        except UnknownName as unknown:
            return f" ({unknown.hint})" if unknown.hint else ""

    def plain(self, cells: Mapping[str, Distinct]) -> np.ndarray:
        """Return which rows are printed as their count, base and share are written, without any words."""
        counts, bases = cells["count"], cells["base"]
        whole = counts.each(str.isdecimal) | bases.each(str.isdecimal)
        for column in ("count", "base"):
            whole &= cells[column].each(lambda text: not text or text.isdecimal())
        for column in ("count_max", "percent_max", "value"):
            whole &= ~cells[column].filled
        found = np.zeros(len(whole), dtype=bool)
        known, printed = self.catalogue.sources, cells["printed"].texts.take(cells["printed"].codes)
        for style in dict.fromkeys(source.number_style for source in known.values()):
            shares = cells["percent"].written(partial(share_written, style))
            count, base = (column.written(partial(grouped, style)) for column in (counts, bases))
            between = np.where(counts.filled & bases.filled, "/", "").astype(object)
            before = np.where(cells["percent"].filled, "; ", "").astype(object)
            of_style = {name for name, source in known.items() if source.number_style == style}
            written = count + between + base + before + shares
            found |= cells["source_id"].each(of_style.__contains__) & (written == printed)
        return np.asarray(found & whole)

    def printed(self, source_id: str, printed: str, *all_cells: str) -> Verdict | None:
        """Refuse a value that isn't the one printed, where the print can be read."""
        source = self.catalogue.sources.get(source_id)
        *cells, value, indicator = all_cells
        if value:
            style = source.number_style if source else "vi"
            sign = self.catalogue.sign_of(indicator, style)
            return _value_printed(style, printed, value, sign) if source else None
        stored = {column: _number(column, cell) for column, cell in zip(FIGURE_COLUMNS, cells, strict=True)}
        unreadable = any(
            cell and stored[column] is None for column, cell in zip(FIGURE_COLUMNS, cells, strict=True)
        )
        if source is None or unreadable:
            return None
        share_only = stored["count"] is None and stored["percent"] is not None
        figure = read_printed(printed, source.number_style, share_only=share_only)
        differ = differing(figure, stored) if figure else ()
        if not differ:
            return None
        read = (
            f"{getattr(figure, differ[0])}, for {printed!r} is printed (number style {source.number_style})"
        )
        return Verdict("not what is printed", differ[0], cells[FIGURE_COLUMNS.index(differ[0])], read)


def _value_printed(style: NumberStyle, printed: str, value: str, sign: str) -> Verdict | None:
    """Refuse a value that isn't the one printed, where the print can be read."""
    found, stored = read_value(printed, style, sign), _number("value", value)
    if found is None or stored is None or abs(found.value - stored) <= 1e-9 * max(1.0, abs(stored)):
        return None
    read = f"{found.value:.10g}, for {printed!r} is printed (number style {style})"
    return Verdict("not what is printed", "value", value, read)


def _listed(column: str, known: tuple[str, ...], value: str) -> Verdict | None:
    # that a cell may not be empty is said elsewhere
    return (
        None if value in {"", *known} else Verdict(f"unknown {column}", column, value, _shown(known), known)
    )


def _real(column: str, period: str) -> Verdict | None:
    if not period or period_days(period):
        return None
    return Verdict("not a real year, month or date", column, period, _PERIOD)


def _in_order(start: str, end: str) -> Verdict | None:
    first, last = period_days(start), period_days(end)
    if first is None or last is None or first[0] <= last[1]:
        return None
    return Verdict("period ends before it starts", "period_end", end, f"{start} or later")


def _tidy(column: str, value: str) -> Verdict | None:
    tidied = clean(value)
    if value == tidied:
        return None
    first = next(
        (at for at, pair in enumerate(zip(value, tidied, strict=False)) if len(set(pair)) > 1), len(tidied)
    )
    here = slice(max(0, first - 5), first + 15)
    # written in ASCII, for what is wrong may not show on a screen
    return Verdict("text isn't clean", column, value, f"{tidied[here]!a} instead of {value[here]!a}")


def _shown(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) if len(listed) <= 12 else f"one of the {len(listed)} declared"


def _number(column: str, cell: str) -> float | None:
    try:
        return int(cell) if column in COUNTS else float(cell)
    except ValueError:
        return None
