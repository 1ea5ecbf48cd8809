"""What charts say of their rows: labels, values, subject, base, years, sources, extremes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Unit
from cbanalysis.dataset.observations.places_and_years import areas, years_of
from cbanalysis.dataset.observations.printed_against_stored import share_above
from cbanalysis.dataset.provinces import Gazetteer, place
from cbanalysis.display.charts.look import nfc
from cbanalysis.display.words import (
    PLACE,
    amount,
    at_time,
    in_sentence,
    level_with,
    number,
    records,
    unbracketed,
    unit_of,
)

_ENDS = words_of("charts.ends")


def some(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of some columns, those that there are."""
    return records(frame[[one for one in columns if one in frame]])


_VALUE = (
    "indicator", "interval", "rate", "rate_low", "rate_high", "percent", "value", "decimals", "qualifier",
)  # fmt: skip
MEASURE = ("indicator", "subject", "definition", "scheme", "category", "category_id", "complement", "base_of")


def values(frame: pd.DataFrame, *, whole: bool = False) -> list[str]:
    """Return each row's value in words: see :func:`value_text`.

    Computed ones are as fine as the finest that is printed, lest 98.85 be written 98.9 below 98.89; with
    ``whole`` as fine as they are, two decimals at the most, as tables say them.
    """
    finest = pd.Series(frame["decimals"], dtype="Float64").max() if "decimals" in frame else pd.NA
    computed = None if whole else 1 if pd.isna(finest) else max(1, int(finest))
    return [value_text(row, computed) for row in some(frame, *_VALUE)]


def distinct(values: Iterable[str]) -> list[str]:
    """Return values that aren't empty, each once."""
    return list(dict.fromkeys(value for value in values if value))


def column_of(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column as text, empty where there is none."""
    return [str(value) for value in frame[name]] if name in frame else [""] * len(frame)


def inferred(frame: pd.DataFrame) -> list[bool]:
    """Return of which rows the province was inferred."""
    return [basis == "inferred" for basis in column_of(frame, "province_basis")]


def labels(frame: pd.DataFrame) -> list[str]:
    """Return what each row is called: its ``label`` where given, else its place; ``*`` marks an inferred one.

    A place has one name in a frame, with or without its title: the shortest of those printed.
    """
    if "label" not in frame:
        known = Gazetteer.read()
        return [nfc(place(row, known)) for row in some(frame.assign(area=areas(frame)), *PLACE)]
    named = zip(column_of(frame, "label"), inferred(frame), strict=True)
    return [nfc(name if "*" in name or not inferred else f"{name}*") for name, inferred in named]


def highlighted(label: str, highlight: Collection[str]) -> bool:
    """Return whether a label is among those to set apart: its marks, period and province don't count.

    Examples
    --------
    >>> highlighted("Bắc Giang*, 2012", ["Bắc Giang"]), highlighted("Lục Nam (Bắc Giang)", ["Lục Nam"])
    (True, True)
    """
    plain = re.sub(r"\*| †", "", label)
    undated = re.sub(r", [^,]*\d{4}$", "", plain)
    return not {plain, undated, re.sub(r" \([^()]*\)$", "", undated)}.isdisjoint(highlight)


def weight_of(label: str, highlight: Collection[str]) -> str:
    """Return how a label is set: bold where it is highlighted."""
    return "bold" if highlighted(label, highlight) else "normal"


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


def count_texts(frame: pd.DataFrame) -> list[str]:
    """Return each row's count as a reader is told it: 9.768, ~ 120, > 104.000, ≥ 40, 20–30."""
    signs, told = {"about": "~ ", "above": "> ", "at_least": "≥ "}, []
    for row in some(frame, "count", "count_max", "qualifier", "printed", "note", "percent"):
        upper, how = row.get("count_max"), str(row.get("qualifier"))
        upto = "" if upper is None or pd.isna(upper) else f"–{number(upper)}"
        # beside a share the word may be the share's: "22; trên 4,8%"
        if how == "about" and pd.isna(row.get("percent", pd.NA)):
            words = (str(row.get(one, "")) for one in ("printed", "note"))
            how = "above" if share_above(*words, value=True) else how
        told.append(f"{signs.get(how, '')}{number(row['count'])}{upto}")
    return told


def points(value: float, decimals: int = 1) -> str:
    """Return a difference, in points of its unit, with its sign, e.g. ``+3,2`` or ``−0,4``."""
    text = number(abs(value), decimals=decimals)
    return f"{'−' if value < 0 and text.strip('0,.') else '+'}{text}"


def years_text(frame: pd.DataFrame) -> str:
    """Return the years that rows cover, e.g. ``2012`` or ``2008–2012``; empty where there is no ``year``."""
    if "year" not in frame:
        return ""
    if (span := years_of(frame)) is None:
        return spoken({"vi": "không rõ năm", "en": "year not known"})
    return "–".join(dict.fromkeys(map(str, span)))


def schemes(frame: pd.DataFrame) -> list[str]:
    """Return the rating schemes the rows were printed on; those behind the harmonised measure, too."""
    return distinct(column_of(frame, "printed_scheme" if "printed_scheme" in frame else "scheme"))


def extremes(frame: pd.DataFrame, names: Iterable[str], unit: Unit | None = None) -> str:
    """Return the highest and the lowest value with their names, for the alternative text.

    Rows of several indicators have no highest: each indicator has its own.
    """
    told = (
        values(frame)
        if "interval" in frame
        else [amount(row["rate"], unit or unit_of(row), decimals=1) for row in records(frame)]
    )
    rows = pd.DataFrame({"indicator": column_of(frame, "indicator"), "rate": frame["rate"].to_numpy()})
    rows = rows.assign(told=told, name=[*names]).dropna(subset=["rate"])
    if rows.empty:
        return spoken({"vi": "Không có giá trị cụ thể nào.", "en": "No point values."})
    return " ".join(_ends(some) for _, some in rows.groupby("indicator", sort=False))


def _ends(rows: pd.DataFrame) -> str:
    rates = rows["rate"].to_numpy(dtype="float64").round(9)
    at = [rates.argmax(), rates.argmin()]
    top, bottom = ((rows["told"].iloc[one], int((rates == rates[one]).sum())) for one in at)
    first, last = (_inside(str(rows["name"].iloc[one])) for one in at)
    if len(rows.drop_duplicates(["told", "name"])) == 1:
        return spoken(_ENDS["only"]).format(top[0], first)
    if len({*rates}) == 1 and len({*rows["told"]}) == 1:
        return spoken(_ENDS["alike"]).format(top[0])
    more = [level_with(count - 1) for _, count in (top, bottom)]
    return spoken(_ENDS["ends"]).format(top[0], f"{first}{more[0]}", bottom[0], f"{last}{more[1]}")


def _inside(name: str) -> str:
    """Return a label as it stands in brackets: ``Huế (Huế), 2012 †`` as ``Huế, Huế, năm 2012 †``."""
    where, comma, when = unbracketed(name).rpartition(", ")
    timed = comma and re.fullmatch(r"(?=\d|tháng|quý|từ đầu|cả năm).*\d{4}(?: †)?", when)
    return at_time(where, when) if timed else in_sentence(unbracketed(name))
