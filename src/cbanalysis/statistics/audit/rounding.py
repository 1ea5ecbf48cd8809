"""What a printed percentage allows, and how numbers are written in a message."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from cbanalysis.common.language import in_each, language, spoken, words_of
from cbanalysis.common.text.numbers import format_number
from cbanalysis.dataset.catalogue import Words
from cbanalysis.statistics.audit.grouped_rows import Row

Told: TypeAlias = "str | float | tuple[float, int] | Row | Words | Sequence[float] | Sequence[Row]"
_WORDS = words_of("audit")
_TINY = 1e-9  # binary fractions must not decide a tie
_ABOUT = 5  # units of the last printed place that "about 80 %" may be off


def unit(row: Row) -> float:
    """Return one unit in the last printed place of a row's percentage, in percentage points."""
    return float(10.0**-row.decimals)


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
    """Return whether a value can stand behind the percentage of a row, as its qualifier has it.

    Examples
    --------
    >>> from cbanalysis.statistics.audit.grouped_rows import rows_of
    >>> import pandas as pd
    >>> (row,) = rows_of(pd.DataFrame({"percent": [84.7]}))
    >>> fits(row, 100 * 78 / 92), fits(row, 84.8)  # 84.78, cut
    (True, False)
    """
    low, high = printed_span(row)
    return low - _TINY <= value < high + (_TINY if row.qualifier == "about" else -_TINY)


def is_cut(row: Row, value: float) -> bool:
    """Return whether a value stands behind an exact percentage of a row only if that one was cut."""
    percent = row.exact_percent
    return percent is not None and fits(row, value) and value > percent + unit(row) / 2 + _TINY


def whole_counts(row: Row, base: int) -> tuple[int, int] | None:
    """Return the least and the most that a row can count of a base, as its percentage is printed.

    Every whole number between them would be printed so too, rounded or cut. None where no whole number would
    be (the GRIM test: Brown and Heathers, 2017).

    Parameters
    ----------
    row : Row
        With a percentage.
    base : int
        What it is a share of.

    Examples
    --------
    >>> from cbanalysis.statistics.audit.grouped_rows import rows_of
    >>> import pandas as pd
    >>> (row,) = rows_of(pd.DataFrame({"percent": [25.0]}))
    >>> whole_counts(row, 100), whole_counts(row, 1000), whole_counts(row, 3)
    ((25, 25), (245, 259), None)
    """
    if row.percent is None:
        return 0, base
    low, high = printed_span(row)
    # one further on either side, for binary fractions; then asked one by one
    least, most = math.floor(low * base / 100), math.ceil(min(high, 100) * base / 100)
    while least <= most and not fits(row, 100 * least / base):
        least += 1
    while least <= most and not fits(row, 100 * most / base):
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
    return Words(**in_each(said))


def in_words(key: str, **values: Told) -> Words:
    """Return a sentence of the words file in both languages, its gaps filled in the language of each.

    A row stands for its percentage, a pair for a number and its decimals, a list for a sum.
    """
    return in_both(lambda: spoken(_WORDS[key]).format(**{name: _told(one) for name, one in values.items()}))


def _told(value: Told) -> str:
    match value:
        case str():
            return value
        case Row():
            return say_percent(value)
        case Words():
            return spoken(value)
        case tuple():
            return say(*value)
        case Sequence():
            return " + ".join(map(_told, value))
    return say(value)
