"""What a printed percentage allows, and how numbers are written in a message."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal

from cbanalysis.common.language import language, speaking, spoken
from cbanalysis.common.text.numbers import format_number
from cbanalysis.dataset.catalogue import Words
from cbanalysis.statistics.audit.rows import Row

Convention = Literal["rounded", "cut"]
CONVENTIONS: tuple[Convention, ...] = ("rounded", "cut")

_TINY = 1e-9  # binary fractions must not decide a tie
_ABOUT = 5  # units of the last printed place that "about 80 %" may be off


def unit(row: Row) -> float:
    """Return one unit in the last printed place of a row's percentage, in percentage points."""
    return float(10.0**-row.decimals)


def allows(printed: float, step: float, value: float, convention: Convention) -> bool:
    """Return whether a value would be printed like this.

    Parameters
    ----------
    printed, step : float
        The printed percentage and one unit in its last place.
    value : float
        The unrounded percentage.
    convention : {"rounded", "cut"}
        Rounded to the nearest (a tie either way), or cut after the last printed place.

    Examples
    --------
    >>> allows(84.7, 0.1, 100 * 78 / 92, "rounded"), allows(84.7, 0.1, 100 * 78 / 92, "cut")
    (False, True)
    """
    if convention == "rounded":
        return abs(value - printed) <= step / 2 + _TINY
    return printed - _TINY <= value < printed + step - _TINY


def printed_span(row: Row) -> tuple[float, float]:
    """Return the lowest and the highest value that the printed percentage of a row allows.

    It may be rounded or cut; "about" is off by five units in the last printed place at the most; "at least"
    has no upper end.
    """
    if row.percent is None:
        return -math.inf, math.inf
    step = unit(row)
    if row.qualifier == "about":
        return row.percent - _ABOUT * step, row.percent + _ABOUT * step
    highest = row.percent if row.percent_max is None else row.percent_max
    return row.percent - step / 2, math.inf if row.qualifier == "at_least" else highest + step


def span(row: Row) -> tuple[float, float]:
    """Return the lowest and the highest percentage a row can stand for; an exact count goes before print."""
    exact = row.share is not None and row.qualifier == "exact" and row.count_max is None
    return (row.share, row.share) if exact and row.share is not None else printed_span(row)


def fits(row: Row, value: float) -> bool:
    """Return whether a value can stand behind the percentage of a row, as its qualifier has it."""
    if row.percent is None:
        return True
    if row.qualifier == "exact":
        return any(allows(row.percent, unit(row), value, convention) for convention in CONVENTIONS)
    step = unit(row)
    if row.qualifier == "about":
        return abs(value - row.percent) <= _ABOUT * step + _TINY
    highest = row.percent if row.percent_max is None else row.percent_max
    above = row.qualifier == "at_least" or value < highest + step - _TINY
    return value >= row.percent - step / 2 - _TINY and above


def whole_counts(row: Row, base: int, convention: Convention) -> tuple[int, int] | None:
    """Return the least and the most that a row can count of a base, as its percentage is printed.

    Every whole number between them would be printed so too. None where no whole number would be (the GRIM
    test: Brown and Heathers, 2017).

    Parameters
    ----------
    row : Row
        With a percentage.
    base : int
        What it is a share of.
    convention : {"rounded", "cut"}
        How the source prints exact percentages.

    Examples
    --------
    >>> from cbanalysis.statistics.audit.rows import rows_of
    >>> import pandas as pd
    >>> (row,) = rows_of(pd.DataFrame({"percent": [25.0]}))
    >>> whole_counts(row, 100, "rounded"), whole_counts(row, 1000, "rounded"), whole_counts(row, 3, "rounded")
    ((25, 25), (245, 255), None)
    """
    if row.percent is None:
        return 0, base
    if row.exact_percent is None:
        low, high = printed_span(row)
        least, most = math.ceil(low * base / 100 - _TINY), math.floor(min(high, 100) * base / 100 + _TINY)
    else:
        step = unit(row)
        below, above = (step / 2, step / 2) if convention == "rounded" else (0.0, step)
        # one further on either side, for binary fractions; then asked one by one
        least = math.floor((row.exact_percent - below) * base / 100)
        most = math.ceil((row.exact_percent + above) * base / 100)
        while least <= most and not allows(row.exact_percent, step, 100 * least / base, convention):
            least += 1
        while least <= most and not allows(row.exact_percent, step, 100 * most / base, convention):
            most -= 1
    least, most = max(least, 0), min(most, base)
    return (least, most) if least <= most else None


def count_slack(row: Row) -> float:
    """Return how far off a count may be: one unit of its last digit that isn't 0 if "about", else nothing."""
    if row.qualifier != "about" or not row.count:
        return 0.0
    digits = str(row.count)
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


def slack_of(rows: Iterable[Row]) -> float:
    """Return how far off the sum of the counts of some rows may be."""
    # beside a percentage the word "about" speaks of the percentage
    return sum(count_slack(row) for row in rows if row.percent is None)


def say(value: float, decimals: int = 0) -> str:
    """Return a number as it is written in the language that is spoken.

    Examples
    --------
    >>> in_both(lambda: say(6240)), in_both(lambda: say(61.917, 2))
    (Words(vi='6.240', en='6,240'), Words(vi='61,92', en='61.92'))
    >>> in_both(lambda: say(100 / 32, 2))
    Words(vi='3,13', en='3.13')
    """
    return format_number(value, language(), decimals)


def say_percent(row: Row) -> str:
    """Return the percentage of a row at its printed precision, without the sign; empty if there is none."""
    if row.percent is None:
        return ""
    low = say(row.percent, row.decimals)
    return low if row.percent_max is None else f"{low}–{say(row.percent_max, row.decimals)}"


def in_both(said: Callable[[], str]) -> Words:
    """Return what is said in both languages."""
    with speaking("vi"):
        vietnamese = said()
    with speaking("en"):
        return Words(vi=vietnamese, en=said())


def in_words(vi: str, en: str, *values: float | Row) -> Words:
    """Return a sentence in both languages, its gaps filled with numbers and with the percentages of rows."""

    def said() -> str:
        written = (say_percent(one) if isinstance(one, Row) else say(one) for one in values)
        return spoken({"vi": vi, "en": en}).format(*written)

    return in_both(said)
