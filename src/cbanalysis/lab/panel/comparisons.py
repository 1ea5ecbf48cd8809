"""The comparisons that can be chosen: what each does to the rows, and what it draws, as lines of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

import cbanalysis
from cbanalysis.common.errors import CbanalysisError, NotComparable
from cbanalysis.common.language import Language
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

    def lines(self, lang: Language) -> tuple[str, str]:
        """Return the code in a language: prepare, draw."""
        return self.prepare.replace("{lang}", lang), self.draw.replace("{lang}", lang)

    def rows(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that this comparison draws; none where it can't be made of these observations."""
        names: dict[str, Any] = {"cb": cbanalysis, "observations": observations}
        try:
            exec(self.lines("vi")[0], names)  # noqa: S102 -- the very line that the reader is given
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


def _any(rows: pd.DataFrame) -> bool:
    return bool(len(rows))


def _rated(rows: pd.DataFrame) -> bool:
    return bool((rows["scheme"] != "").any())


def _unrated(rows: pd.DataFrame) -> bool:
    return not _rated(rows)


def _over_years(rows: pd.DataFrame) -> bool:
    known = rows[rows["year"].notna() & rows["rate_low"].notna()]
    return len(set(known["year"])) > 1


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

COMPARISONS: dict[str, Comparison] = {
    "attendance": Comparison(
        Words(vi="Từng tỷ lệ, theo cấp và theo loại", en="Each rate, by level and by kind"),
        _PLAIN,
        'cb.charts.attendance_ladder(rows, lang="{lang}")',
        lambda rows: set(rows["indicator"]) == {"meeting_attendance"} and _beside(rows),
    ),
    "ratings": Comparison(
        Words(vi="Phân bố các mức xếp loại", en="Distribution over the rating categories"),
        "rows = cb.rates.distribution(observations.query(\"aggregation == 'point' and definition == ''\"))"
        '.query("complete")',
        'cb.charts.rating_bars(rows, lang="{lang}")',
        _rated,
    ),
    "beside": Comparison(
        Words(vi="So sánh các địa phương", en="Places side by side"),
        _STANDARD,
        'cb.charts.ranked_dots(rows, published=cb.load_observations("{indicator}"), lang="{lang}")',
        lambda rows: _unrated(rows) and _beside(rows),
        ("province",),
    ),
    "years": Comparison(
        Words(vi="Qua các năm", en="Over the years"),
        _PLAIN,
        'cb.charts.trend(rows, lang="{lang}")',
        lambda rows: _unrated(rows) and _over_years(rows),
        ("province", "period"),
    ),
    "each": Comparison(
        Words(vi="Từng tỷ lệ, nêu rõ nội dung", en="Each rate, saying what it is"),
        'rows = cb.words.labelled(cb.add_rates(observations), lang="{lang}")',
        'cb.charts.ranked_dots(rows, lang="{lang}")',
        lambda rows: _beside(rows) and len(rows) <= _MOST_EACH,
    ),
    "good_beside": Comparison(
        Words(vi="Tốt trở lên: so sánh các địa phương", en="Good or better: places side by side"),
        _HARMONISED,
        'cb.charts.ranked_dots(rows, published=cb.load_observations("{indicator}"), lang="{lang}")',
        _beside,
        ("province",),
    ),
    "good_years": Comparison(
        Words(vi="Tốt trở lên: qua các năm", en="Good or better: over the years"),
        _HARMONISED,
        'cb.charts.heatmap(rows.query("rate.notna()"), published=cb.load_observations("{indicator}"),'
        ' lang="{lang}")',
        _by_year,
        ("province", "period"),
    ),
    "map": Comparison(
        Words(vi="Bản đồ năm gần nhất", en="Map of the newest year"),
        _NEWEST,
        'cb.charts.tile_map(rows, published=cb.load_observations("{indicator}"), lang="{lang}")',
        _mapped,
        ("province",),
    ),
    "counts": Comparison(
        Words(vi="Số lượng", en="Counts"),
        'rows = cb.add_rates(observations).query("count.notna()")',
        'cb.charts.count_bars(rows, lang="{lang}")',
        _any,
    ),
    "coverage": Comparison(
        Words(vi="Số liệu hiện có theo năm", en="What there is, and for which years"),
        _PLAIN,
        'cb.charts.coverage_matrix(rows, lang="{lang}")',
        _any,
    ),
}
"""By id, in the order in which they are offered: the first that has data is the one that opens."""
