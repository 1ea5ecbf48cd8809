"""What is chosen in the panel, what else can be, and the lines of code that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

import cbanalysis
from cbanalysis.common.errors import require_known
from cbanalysis.common.language import LANGUAGES, Language
from cbanalysis.dataset.load import load_observations
from cbanalysis.display.charts import Chart
from cbanalysis.lab.panel.comparisons import COMPARISONS, Comparison


@dataclass(frozen=True)
class Choice:
    """What is chosen; everything but the indicator, the comparison and the language may be left open.

    Attributes
    ----------
    indicator : str
    subject, geo_level : str
        Empty for all.
    provinces : tuple of str
        Names; empty for all.
    years : tuple of int
        First and last; empty for all, the undated too.
    comparison : str
        A key of ``COMPARISONS``.
    lang : {"vi", "en"}
    """

    indicator: str
    subject: str = ""
    geo_level: str = ""
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    comparison: str = ""
    lang: Language = "vi"

    @property
    def filters(self) -> dict[str, Any]:
        """The arguments of ``load_observations``."""
        given: dict[str, Any] = {"indicator": self.indicator}
        given |= {"provinces": list(self.provinces)} if self.provinces else {}
        given |= {"years": range(self.years[0], self.years[1] + 1)} if self.years else {}
        given |= {"subject": self.subject} if self.subject else {}
        return given | ({"geo_level": self.geo_level} if self.geo_level else {})

    @property
    def way(self) -> Comparison:
        """How the rows are compared."""
        return COMPARISONS[self.comparison]

    def observations(self) -> pd.DataFrame:
        """Return the figures that are chosen."""
        return load_observations(**self.filters)

    def lines(self) -> tuple[str, str, str]:
        """Return the code: load, prepare, draw; ``cb`` is the package."""
        shown = ", ".join(f"{name}={_written(value)}" for name, value in self.filters.items())
        load = f"observations = cb.load_observations({shown})"
        return load, *self.way.lines(self.lang, self.indicator)

    def code(self) -> str:
        """Return a cell that gives the same picture."""
        return "\n".join(["import cbanalysis as cb", "", *self.lines()])

    def draw(self) -> tuple[pd.DataFrame, Chart]:
        """Return the rows and the picture, made by running the very lines that the reader is given.

        Raises
        ------
        CbanalysisError
            If nothing can be drawn.
        """
        names: dict[str, Any] = {"cb": cbanalysis}
        *steps, last = self.lines()
        exec("\n".join(steps), names)  # noqa: S102 -- our own lines, filled with names from closed lists
        return names["rows"], eval(last, names)  # noqa: S307 -- as above


def _written(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"[{', '.join(map(_written, value))}]" if isinstance(value, list) else repr(value)


@dataclass(frozen=True)
class Offer:
    """What can be chosen, beside what is: each has data, and how many figures.

    Attributes
    ----------
    indicators, subjects, levels, provinces : dict of str to int
        Figures by id or name.
    years : tuple of int
        The years with figures, oldest first.
    comparisons : tuple of str
        Those that have something to draw.
    """

    indicators: dict[str, int]
    subjects: dict[str, int]
    levels: dict[str, int]
    provinces: dict[str, int]
    years: tuple[int, ...]
    comparisons: tuple[str, ...]


_LEVELS = ("country", "region", "province", "district", "commune")


def _counted(values: pd.Series[Any]) -> dict[str, int]:
    counts = values[values != ""].value_counts(sort=False)
    return {str(name): int(number) for name, number in sorted(counts.items())}


def settled(choice: Choice) -> tuple[Choice, Offer]:
    """Return a choice that has data, nearest to the one given, with what can be chosen beside it.

    What stands first in the panel is kept; what doesn't go with it any more is opened again.

    Parameters
    ----------
    choice : Choice
        Of any indicator of the catalogue.

    Returns
    -------
    choice : Choice
    offer : Offer

    Raises
    ------
    UnknownName
        If the indicator doesn't exist or has no figures, or the language is another one.
    """
    require_known("language", choice.lang, LANGUAGES)
    whole = load_observations()
    indicators = _counted(whole["indicator"])
    require_known("indicator", choice.indicator, indicators, "(or no figure of it is known)")
    rows = whole[whole["indicator"] == choice.indicator]
    subjects = _counted(rows["subject"])
    subject = choice.subject if choice.subject in subjects else ""
    rows = rows[rows["subject"] == subject] if subject else rows
    counted = _counted(rows["geo_level"])
    levels = {level: counted[level] for level in _LEVELS if level in counted}
    level = choice.geo_level if choice.geo_level in levels else ""
    rows = rows[rows["geo_level"] == level] if level else rows
    provinces = _counted(rows["province"])
    chosen = tuple(one for one in choice.provinces if one in provinces)
    rows = rows[rows["province"].isin(chosen)] if chosen else rows
    years = tuple(sorted({int(year) for year in rows["year"].dropna()}))
    span = _span(choice.years, years)
    rows = rows[rows["year"].between(span[0], span[1])] if span else rows
    rows = rows.reset_index(drop=True)
    comparisons = tuple(name for name, one in COMPARISONS.items() if len(one.rows(rows)))
    way = choice.comparison if choice.comparison in comparisons else comparisons[0]
    kept = Choice(choice.indicator, subject, level, chosen, span, way, choice.lang)
    return kept, Offer(indicators, subjects, levels, provinces, years, comparisons)


def _span(asked: tuple[int, ...], years: tuple[int, ...]) -> tuple[int, ...]:
    """Return the first and the last year with figures among those asked for, nothing where that is all."""
    within = [year for year in years if asked and asked[0] <= year <= asked[1]]
    return (within[0], within[-1]) if within and (within[0], within[-1]) != (years[0], years[-1]) else ()
