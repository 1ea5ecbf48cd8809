"""Where and when: provinces and periods in titles, sub-headings, sheet names and cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from cbanalysis.errors import UnknownName
from cbanalysis.layouts.vocabulary import without_marks
from cbanalysis.observations import period_days
from cbanalysis.provinces import Gazetteer
from cbanalysis.text import clean, fold

__all__ = ["Places", "label", "period_in"]

_YEARS = "(19[3-9][0-9]|20[0-9]{2})"
_DATE = re.compile(rf"(?<![0-9])([0-3]?[0-9])\s*[/.-]\s*([01]?[0-9])\s*[/.-]\s*{_YEARS}(?![0-9])")
_WORDED = re.compile(rf"ngày\s+([0-3]?[0-9])\s+tháng\s+([01]?[0-9])\s+năm\s+{_YEARS}(?![0-9])")
_ISO = re.compile(rf"(?<![0-9]){_YEARS}-([01][0-9])(?:-([0-3][0-9]))?(?![0-9])")
_MONTH = re.compile(
    rf"(?:tháng\s+([01]?[0-9])\s*(?:/|-|năm)\s*{_YEARS})|(?<![0-9/])([01]?[0-9])/{_YEARS}(?![0-9])"
)
_RANGE = re.compile(rf"(?<![0-9]){_YEARS}\s*(?:-|–|—|đến|to)\s*(?:năm\s+)?{_YEARS}(?![0-9])")
_YEAR = re.compile(rf"(?<![0-9]){_YEARS}(?![0-9])")


@cache
def label(text: str) -> str:
    """Return a row's label without numbering, bullets and footnote marks.

    Examples
    --------
    >>> label("3. Bắc Giang (1)"), label("II- Tây Nguyên")
    ('Bắc Giang', 'Tây Nguyên')
    """
    words = without_marks(text)
    cut = re.sub(r"^\s*(?:(?:[IVX]{1,5}|[0-9]{1,3}|[A-Za-zĐđ])\s*[.)/\-]+\s*|[-–—+*•·.]+\s*)+", "", words)
    return cut or words


def period_in(text: str) -> tuple[str, str] | None:
    """Return the one period of a text, as first and last year, month or day; None if none or several.

    Examples
    --------
    >>> period_in("Kết quả năm 2023"), period_in("tính đến ngày 30/6/2024"), period_in("giai đoạn 2018-2020")
    (('2023', '2023'), ('2024-06-30', '2024-06-30'), ('2018', '2020'))
    """
    words = clean(text).casefold()
    for pattern in (_DATE, _WORDED):
        if days := {f"{year}-{int(month):02d}-{int(day):02d}" for day, month, year in pattern.findall(words)}:
            return _one(days)
    if found := {"-".join(filter(None, parts)) for parts in _ISO.findall(words)}:
        return _one(found)
    if months := {
        f"{found[2] or found[4]}-{int(found[1] or found[3]):02d}" for found in _MONTH.finditer(words)
    }:
        return _one(months)
    ranges = set(_RANGE.findall(words))
    if len(ranges) == 1:
        first, last = ranges.pop()
        return (first, last) if first <= last else None
    return _one(set(_YEAR.findall(words)))


def _one(periods: set[str]) -> tuple[str, str] | None:
    if len(periods) != 1:
        return None
    period = periods.pop()
    return (period, period) if period_days(period) else None


@dataclass(frozen=True)
class Places:
    """Provinces by any spelling, with what was found once."""

    gazetteer: Gazetteer

    @cached_property
    def _longest(self) -> int:
        names = (name for unit in self.gazetteer.units for name in (unit.name_vi, *unit.aliases))
        return max(len(fold(name).split()) for name in names)

    @cached_property
    def regions(self) -> frozenset[str]:
        """Folded names of regions."""
        return frozenset(
            fold(name) for unit in self.gazetteer.units for name in (unit.region_vi, unit.region_en)
        )

    def is_province(self, text: str) -> bool:
        """Return whether a label is the name of a province of any time."""
        return bool(self.gazetteer.named(label(text)))

    def is_region(self, text: str) -> bool:
        """Return whether a label is the name of a region."""
        words = fold(label(text))
        return words in self.regions or words.removeprefix("vung ").removeprefix("khu vuc ") in self.regions

    def province_in(self, text: str) -> str:
        """Return the one province that a text names, ``""`` if it names none or several."""
        words = re.findall(r"[^\W_]+", clean(text))
        found: dict[str, None] = {}
        at = 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                phrase = " ".join(words[at : at + size])
                # one word without a capital is no name; "an giang" in small letters is two
                units = (
                    self.gazetteer.named(phrase)
                    if phrase[:1].isupper() and (size > 1 or len(phrase) > 3)
                    else ()
                )
                if units:
                    found[units[-1].name_vi] = None
                    at += size - 1
                    break
            at += 1
        return next(iter(found)) if len(found) == 1 else ""

    def on(self, name: str, period: str) -> str:
        """Return a province as provinces.csv wrote it at the end of a period.

        Raises
        ------
        UnknownName
            If there was none of that name then, with the nearest or its story.
        """
        written = label(name)
        try:
            return self.gazetteer.find(written, period or "2024").name_vi
        except UnknownName:
            units = self.gazetteer.named(written)
            # the contract has the last word about names that had gone by the end of the period
            if units and period[:4] and any(unit.valid(period[:4] + "-01-01") for unit in units):
                return units[-1].name_vi
            raise
