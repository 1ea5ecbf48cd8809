"""What charts say of their rows: labels, values, subject, base, years, sources, extremes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from cbanalysis.common.language import spoken
from cbanalysis.dataset.catalogue import Unit
from cbanalysis.dataset.observations.comparable import areas
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts.look import nfc
from cbanalysis.display.words import amount, number, place, records, unit_of

_ALPHABET = " -0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def some(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of some columns, those that there are."""
    return records(frame[[one for one in columns if one in frame]])


_VALUE = (
    *("indicator", "interval", "rate", "rate_low", "rate_high", "percent", "value", "decimals"),
    "qualifier",
)
MEASURE = ("indicator", "subject", "definition", "scheme", "category", "category_id", "complement", "base_of")


def values(frame: pd.DataFrame, computed: int | None = 1) -> list[str]:
    """Return each row's value in words: see :func:`value_text`."""
    return [value_text(row, computed) for row in some(frame, *_VALUE)]


def distinct(values: Iterable[str]) -> list[str]:
    """Return values that aren't empty, each once."""
    return list(dict.fromkeys(value for value in values if value))


def column_of(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column as text, empty where there is none."""
    return [str(value) for value in frame[name]] if name in frame else [""] * len(frame)


def alphabetical(name: str) -> tuple[list[int], str]:
    """Return a sort key in the order of the Vietnamese alphabet (a ă â b c d đ …), tones last.

    Examples
    --------
    >>> sorted(["Đà Nẵng", "Vĩnh Long", "Bình Định", "Bắc Kạn", "Bạc Liêu"], key=alphabetical)
    ['Bạc Liêu', 'Bắc Kạn', 'Bình Định', 'Đà Nẵng', 'Vĩnh Long']
    """
    apart = "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if one not in _TONES)
    return [_ALPHABET.find(one) for one in nfc(apart)], nfc(name)


def inferred(frame: pd.DataFrame) -> list[bool]:
    """Return of which rows the province was inferred."""
    return [basis == "inferred" for basis in column_of(frame, "province_basis")]


def labels(frame: pd.DataFrame) -> list[str]:
    """Return what each row is called: its ``label`` where given, else its place; ``*`` marks an inferred one.

    A place has one name in a frame, with or without its title: the shortest of those printed.
    """
    if "label" not in frame:
        known = Gazetteer.read()
        blank = {"geo_level": "province", "province": "", "province_basis": "", "area": "", "unit_id": ""}
        alike = some(frame.assign(area=areas(frame)), *blank)
        return [nfc(place({**blank, **row}, gazetteer=known)) for row in alike]
    named = zip(column_of(frame, "label"), inferred(frame), strict=True)
    return [nfc(name if "*" in name or not inferred else f"{name}*") for name, inferred in named]


def highlighted(label: str, highlight: Collection[str]) -> bool:
    """Return whether a label is among those to set apart: its marks and its period don't count.

    Examples
    --------
    >>> highlighted("Bắc Giang*, 2012", ["Bắc Giang"])
    True
    """
    plain = re.sub(r"\*| †", "", label)
    return plain in highlight or re.sub(r", [^,]*\d{4}$", "", plain) in highlight


def date_marks(frame: pd.DataFrame) -> list[str]:
    """Return the mark behind each row's period: `` †`` where it was taken from the date of publication."""
    known = zip(column_of(frame, "period_basis"), column_of(frame, "period_end"), strict=True)
    return [" †" if basis == "publication" and end else "" for basis, end in known]


def value_text(row: Mapping[str, Any], computed: int | None = 1) -> str:
    """Return a row's value as a reader is told it: 63,71%, ≥ 90%, > 95%, 80–95%, ~ 97%.

    A percentage, or a value in another unit, stands as it was printed; one computed from count and base shows
    one decimal, or so many as ``computed`` says (None: as many as it has, two at the most, as tables say it).
    """
    kind, unit = row["interval"], unit_of(row)
    if kind == "floor":
        # "trên 95%", a lower bound that isn't reached, is stored as "about"
        sign = ">" if row.get("qualifier") == "about" else "≥"
        return f"{sign}\N{NO-BREAK SPACE}{amount(row['rate_low'], unit)}"
    if kind == "range":
        return f"{number(row['rate_low'])}–{amount(row['rate_high'], unit)}"
    printed, digits = row.get("percent"), row.get("decimals")
    value = row["rate"] if printed is None or pd.isna(printed) else printed
    decimals = computed if digits is None or pd.isna(digits) else int(digits)
    if kind == "about":
        return f"~\N{NO-BREAK SPACE}{amount(value, unit)}"
    return amount(value, unit, decimals=decimals)


def points(value: float, decimals: int = 1) -> str:
    """Return a difference, in points of its unit, with its sign, e.g. ``+3,2`` or ``−0,4``."""
    text = number(abs(value), decimals=decimals)
    return f"{'−' if value < 0 and text.strip('0,.') else '+'}{text}"


def years_text(frame: pd.DataFrame) -> str:
    """Return the years that rows cover, e.g. ``2012`` or ``2008–2012``; empty where there is no ``year``."""
    if "year" not in frame:
        return ""
    years = frame["year"].dropna()
    if years.empty:
        return spoken({"vi": "không rõ năm", "en": "year not known"})
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first}–{last}"


def schemes(frame: pd.DataFrame) -> list[str]:
    """Return the rating schemes the rows were printed on; those behind the harmonised measure, too."""
    return distinct(column_of(frame, "printed_scheme" if "printed_scheme" in frame else "scheme"))


def extremes(frame: pd.DataFrame, names: Iterable[str], unit: Unit | None = None) -> str:
    """Return the highest and the lowest value with their names, for the alternative text."""
    named = frame.assign(_name=list(names)).dropna(subset=["rate"])
    if named.empty:
        return spoken({"vi": "Không có giá trị cụ thể nào.", "en": "No point values."})
    low, high = records(named.sort_values("rate", kind="stable").iloc[[0, -1]])
    top, bottom = (
        f"{row['_name']} "
        + (value_text(row) if "interval" in row else amount(row["rate"], unit or unit_of(row), decimals=1))
        for row in (high, low)
    )
    if top == bottom:
        return spoken({"vi": f"Giá trị duy nhất: {top}.", "en": f"Only value: {top}."})
    return spoken(
        {"vi": f"Cao nhất: {top}; thấp nhất: {bottom}.", "en": f"Highest: {top}; lowest: {bottom}."}
    )
