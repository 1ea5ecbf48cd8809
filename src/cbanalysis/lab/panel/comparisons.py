"""The comparisons that can be chosen: what each does to the rows, and what it draws, as lines of code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

import cbanalysis
from cbanalysis.common.errors import CbanalysisError, NotComparable
from cbanalysis.common.language import Language, words_in, words_of
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
        Code that draws ``rows``; ``{lang}`` as above, ``{indicator}`` stands for the indicator chosen.
    shows : callable
        Whether prepared rows make a picture of this kind.
    across : sequence of str
        On what rows may differ here; on anything else they shouldn't. Empty where nothing is compared.
    narrows : bool
        Whether it takes only rows that can stand beside each other.
    """

    name: Words
    prepare: str
    draw: str
    shows: Callable[[pd.DataFrame], bool | int]
    across: Sequence[Dimension] = ()
    narrows: bool = False

    def lines(self, language: Language, indicator: str) -> tuple[str, str]:
        """Return the code that prepares the rows, and that which draws them."""
        prepare, draw = (
            part.replace("{lang}", language).replace("{indicator}", indicator)
            for part in (self.prepare, self.draw)
        )
        return prepare, draw

    def rows(self, observations: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that this comparison draws; none where it can't be made of these observations."""
        names: dict[str, Any] = {"cb": cbanalysis, "observations": observations}
        try:
            prepare, _ = self.lines("vi", indicator="")
            exec(prepare, names)  # noqa: S102 -- the very line that the reader is given
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


def _on_meetings(rows: pd.DataFrame) -> bool:
    return set(rows["indicator"]) == {"meeting_attendance"} and _beside(rows)


def _rated(rows: pd.DataFrame) -> bool:
    return bool((rows["scheme"] != "").any())


def _over_years(rows: pd.DataFrame) -> bool:
    known = rows[rows["year"].notna() & rows["rate_low"].notna()]
    return not _rated(rows) and len(set(known["year"])) > 1


def _beside(rows: pd.DataFrame) -> bool:
    return bool((rows["interval"] != "none").any())


def _places_beside(rows: pd.DataFrame) -> bool:
    return not _rated(rows) and _beside(rows)


def _few_beside(rows: pd.DataFrame) -> bool:
    return _beside(rows) and len(rows) <= _MOST_EACH


def _by_year(rows: pd.DataFrame) -> bool:
    known = rows[rows["year"].notna() & rows["rate"].notna()]
    return len(set(known["year"])) > 1 and len(known) > 2


def _mapped(rows: pd.DataFrame) -> bool:
    known = rows[(rows["geo_level"] == "province") & rows["rate"].notna()]
    return len(known) > 1 and not known["unit_id"].duplicated().any()


# More lines than these are no picture to read.
_MOST_EACH = 40

_SHOWS = {
    "attendance": _on_meetings,
    "ratings": _rated,
    "beside": _places_beside,
    "years": _over_years,
    "each": _few_beside,
    "good_beside": _beside,
    "good_years": _by_year,
    "map": _mapped,
    "counts": len,
    "coverage": len,
}
_NAMES = words_of("panel-comparisons")
COMPARISONS = {
    name: Comparison(Words(**_NAMES[name]), shows=_SHOWS[name], **told)
    for name, told in words_in("lab/panel/comparisons.toml").items()
}
"""By id, in the order in which they are offered: the first that has data is the one that opens."""
