"""The comparisons that can be chosen: what each does to the rows, and what it draws, as lines of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

import cbanalysis
from cbanalysis.common.errors import CbanalysisError, NotComparable
from cbanalysis.common.language import words_of
from cbanalysis.dataset.catalogue import Words
from cbanalysis.statistics.rates import Dimension, require_comparable


@dataclass(frozen=True)
class Comparison:
    """One way to look at rows.

    Attributes
    ----------
    name : Words
        What the reader chooses.
    prepare : str
        Code that makes ``rows`` of ``observations``; ``{lang}`` stands for the language.
    draw : str
        Code that draws ``rows``; ``{indicator}`` stands for the indicator chosen.
    shows : callable
        Whether prepared rows make a picture of this kind.
    across : tuple of str
        On what rows may differ here; on anything else they shouldn't. Empty where nothing is compared.
    """

    name: Words
    prepare: str
    draw: str
    shows: Callable[[pd.DataFrame], bool]
    across: tuple[Dimension, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it takes only rows that can stand beside each other."""
        return self.prepare in {_STANDARD, _NEWEST}

    def rows(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that this comparison draws; none where it can't be made of these observations."""
        names: dict[str, Any] = {"cb": cbanalysis, "observations": observations}
        try:
            exec(self.prepare.replace("{lang}", "vi"), names)  # noqa: S102 -- the very line that the reader is given
        except CbanalysisError:
            return observations.iloc[:0]
        rows: pd.DataFrame = names["rows"]
        return rows if len(rows) and self.shows(rows) else rows.iloc[:0]


def differences(rows: pd.DataFrame, comparison: Comparison) -> tuple[Dimension, ...]:
    """Return on what rows differ that shouldn't differ in a comparison."""
    if not comparison.across or len(rows) < 2:
        return ()
    try:
        require_comparable(rows, across=comparison.across)
    except NotComparable as reason:
        return reason.dimensions
    return ()


def _rated(rows: pd.DataFrame) -> bool:
    return bool((rows["scheme"] != "").any())


def _over_years(rows: pd.DataFrame) -> bool:
    known = rows[rows["year"].notna() & rows["rate_low"].notna()]
    return not _rated(rows) and len(set(known["year"])) > 1


def _beside(rows: pd.DataFrame) -> bool:
    return bool((rows["interval"] != "none").any())


def _by_year(rows: pd.DataFrame) -> bool:
    known = rows[rows["year"].notna() & rows["rate"].notna()]
    return len(set(known["year"])) > 1 and len(known) > 2


def _mapped(rows: pd.DataFrame) -> bool:
    known = rows[(rows["geo_level"] == "province") & rows["rate"].notna()]
    return len(known) > 1 and not known["unit_id"].duplicated().any()


# More lines than these are no picture to read.
_MOST_EACH = 40

_PLAIN = "rows = cb.add_rates(observations)"
_STANDARD = "rows = cb.rates.standard(cb.add_rates(observations))"
_NEWEST = "rows = cb.rates.overview(cb.add_rates(observations)).newest"
_HARMONISED = "rows = cb.rates.standard(cb.add_rates(cb.rates.good_or_better(observations)))"

_COUNTED = 'rows = cb.add_rates(observations).query("count.notna()")'
_DISTRIBUTED = (
    "rows = cb.rates.distribution(observations.query(\"aggregation == 'point' and definition == ''\"))"
    '.query("complete")'
)
_LABELLED = 'rows = cb.words.labelled(cb.add_rates(observations), lang="{lang}")'
_PUBLISHED = 'published=cb.load_observations("{indicator}")'
_PLACES: tuple[Dimension, ...] = ("province",)
_TIMES: tuple[Dimension, ...] = ("province", "period")
_WAYS: dict[str, tuple[str, str, Callable[[pd.DataFrame], bool], tuple[Dimension, ...]]] = {
    "attendance": (
        _PLAIN, "attendance_ladder(rows",
        lambda rows: set(rows["indicator"]) == {"meeting_attendance"} and _beside(rows), (),
    ),
    "ratings": (_DISTRIBUTED, "rating_bars(rows", _rated, ()),
    "beside": (
        _STANDARD, f"ranked_dots(rows, {_PUBLISHED}",
        lambda rows: not _rated(rows) and _beside(rows), _PLACES,
    ),
    "years": (_PLAIN, "trend(rows", _over_years, _TIMES),
    "each": (_LABELLED, "ranked_dots(rows", lambda rows: _beside(rows) and len(rows) <= _MOST_EACH, ()),
    "good_beside": (_HARMONISED, f"ranked_dots(rows, {_PUBLISHED}", _beside, _PLACES),
    "good_years": (_HARMONISED, f'heatmap(rows.query("rate.notna()"), {_PUBLISHED}', _by_year, _TIMES),
    "map": (_NEWEST, f"tile_map(rows, {_PUBLISHED}", _mapped, _PLACES),
    "counts": (_COUNTED, "count_bars(rows", lambda rows: bool(len(rows)), ()),
    "coverage": (_PLAIN, "coverage_matrix(rows", lambda rows: bool(len(rows)), ()),
}  # fmt: skip
_NAMES = words_of("panel-comparisons")
COMPARISONS = {
    name: Comparison(Words(**_NAMES[name]), prepare, f'cb.charts.{draw}, lang="{{lang}}")', shows, across)
    for name, (prepare, draw, shows, across) in _WAYS.items()
}
"""By id, in the order in which they are offered: the first that has data is the one that opens."""
