"""When: the periods that a sentence names."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from cbanalysis.extract.grammar import Grammar, TimeUse
from cbanalysis.extract.tokens import Sentence

__all__ = ["Period", "TimeMention", "time_mentions"]

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FIRST_YEAR, _LAST_YEAR = 1930, 2099


@dataclass(frozen=True)
class Period:
    """From when to when, as observations.csv writes it: YYYY, YYYY-MM or YYYY-MM-DD."""

    start: str
    end: str

    @property
    def last_year(self) -> int:
        """The year that it ends in."""
        return int(self.end[:4])


@dataclass(frozen=True)
class TimeMention:
    """One expression of time: the tokens it covers, its period (None for "now" and for asides), its use."""

    begin: int
    end: int
    use: TimeUse
    period: Period | None


def _period(match: re.Match[str]) -> Period | None:  # noqa: PLR0911 -- one for each way to say when
    found = {name: value for name, value in match.groupdict().items() if value}
    year = int(found.get("year", 0))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if "last_year" in found:
        last = int(found["last_year"])
        return Period(str(year), str(last)) if year <= last <= _LAST_YEAR else None
    if "quarter" in found:
        quarter = _QUARTERS.get(found["quarter"]) or int(found["quarter"])
        return Period(f"{year}-{quarter * 3 - 2:02d}", f"{year}-{quarter * 3:02d}")
    if "months" in found:
        months = int(found["months"])
        return Period(f"{year}-01", f"{year}-{months:02d}") if 1 <= months <= 12 else None
    month = int(found.get("month") or found.get("month2") or 0)
    if not month:
        return Period(str(year), str(year))
    if not 1 <= month <= 12:
        return None
    if "day" not in found:
        return Period(f"{year}-{month:02d}", f"{year}-{month:02d}")
    day = int(found["day"])
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return Period(f"{year}-{month:02d}-{day:02d}", f"{year}-{month:02d}-{day:02d}")


def time_mentions(sentence: Sentence, grammar: Grammar, taken: set[int]) -> list[TimeMention]:
    """Return the expressions of time in a sentence.

    Parameters
    ----------
    sentence : Sentence
        The sentence.
    grammar : Grammar
        Its rules are tried in order; a token belongs to one expression.
    taken : set of int
        Tokens that belong to something else, such as a document's number; those found are added.

    Returns
    -------
    list of TimeMention
        In the order of the sentence.
    """
    found = []
    for rule in grammar.times:
        for pattern in rule.patterns:
            for match in pattern.finditer(sentence.flat):
                begin, end = sentence.indices(match)
                covered = set(range(begin, end))
                if covered & taken:
                    continue
                period = _period(match) if rule.use in {"point", "since"} else None
                if rule.use in {"point", "since"} and period is None:
                    continue
                if rule.use != "now":
                    taken |= covered
                found.append(TimeMention(begin, end, rule.use, period))
    return sorted(found, key=lambda one: one.begin)
