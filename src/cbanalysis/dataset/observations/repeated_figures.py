"""Rows that tell the same figure of the same document once more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbanalysis.common.text.letters import clean, normalise_tones
from cbanalysis.dataset.provinces.district_names import one_name_each

QUANTITY = ("indicator", "subject", "geo_level", "province", "definition", "base_of", "scheme", "complement")
"""Columns that are the same for two rows of one quantity, with place, category and period."""

_VALUES = ("count", "count_max", "percent", "percent_max", "value")
_NUMBERS = (*_VALUES, "base", "qualifier", "category_kind")
_MONTH = 7  # letters of 2019-11, which says of 2019-11-05 all that it can


def quantities(rows: pd.DataFrame, alike: Callable[[str], str]) -> pd.Series:
    """Return what each row measures, and where: one text a quantity, without its period.

    Parameters
    ----------
    rows : DataFrame
        Rows of observations.csv as text.
    alike : callable
        Takes the name of a place or of a category, gives the same text for spellings that count as one.

    Returns
    -------
    Series of object
        Of the rows' index. A place is one with and without its title.
    """
    names = one_name_each(zip(rows["geo_level"], rows["province"], rows["area"], strict=True))
    area = [names[place] for place in zip(rows["geo_level"], rows["province"], rows["area"], strict=True)]
    told = {text: alike(text) for text in {*area, *rows["category"]}}
    category = rows["category_id"].where(rows["category_id"].ne(""), rows["category"].map(told))
    parts = [*(rows[name] for name in QUANTITY), map(told.get, area), category]
    return pd.Series(["\t".join(values) for values in zip(*parts, strict=True)], rows.index, dtype="object")


def repeats(rows: pd.DataFrame) -> NDArray[np.intp]:
    """Return for each row the position of the first one that tells the same figure of the same document.

    Parameters
    ----------
    rows : DataFrame
        Rows of observations.csv as text, columns that needn't be there included.

    Returns
    -------
    ndarray of int, one for each row
        The row's own position where none before it tells the same: document, quantity, numbers and period,
        of which one may give only the month where the other gives the day.
    """
    months = (rows[name].str[:_MONTH] for name in ("period_start", "period_end"))
    # what happened in a period is its total, whether a reader called it one or not
    total = rows["aggregation"].replace("cumulative", "point")
    same = quantities(rows, _spelt)
    parts = [same, rows["source_id"], *months, total, *(rows[name] for name in _NUMBERS)]
    keys = pd.Series(["\t".join(values) for values in zip(*parts, strict=True)], dtype="object")
    keys[(rows[list(_VALUES)] == "").all(axis=1).to_numpy()] = None
    first = np.arange(len(rows))
    spans = list(zip(rows["period_start"], rows["period_end"], strict=True))
    several = keys[keys.duplicated(keep=False)].dropna()
    for members in several.groupby(several, sort=False).groups.values():
        for at, position in enumerate(members):
            told = [
                one for one in members[:at] if first[one] == one and _one_period(spans[one], spans[position])
            ]
            first[position] = told[0] if told else position
    return first


def _spelt(text: str) -> str:
    return normalise_tones(clean(text)).casefold()


def _one_period(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=True))
