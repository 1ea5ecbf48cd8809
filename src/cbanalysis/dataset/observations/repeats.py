"""Rows that tell the same figure of the same document once more."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cbanalysis.common.text.letters import fold
from cbanalysis.dataset.provinces.districts import one_name_each

QUANTITY = ("indicator", "subject", "geo_level", "province", "definition", "base_of", "scheme", "complement")
"""Columns that are the same for two rows of one quantity, with place, category and period."""

_VALUES = ("count", "count_max", "percent", "percent_max", "value")
_TO_THE_MONTH = 7  # letters of 2019-11, of which 2019-11-05 is one day


def quantities(rows: pd.DataFrame) -> pd.Series:
    """Return what each row measures, and where: one text a quantity, without its period.

    Parameters
    ----------
    rows : DataFrame
        Rows of observations.csv as text.

    Returns
    -------
    Series of object
        Of the rows' index. A place is one with and without its title.
    """
    names = one_name_each(zip(rows["geo_level"], rows["province"], rows["area"], strict=True))
    area = [names[place] for place in zip(rows["geo_level"], rows["province"], rows["area"], strict=True)]
    folded = {text: fold(text) for text in {*area, *rows["category"]}}
    category = rows["category_id"].where(rows["category_id"].ne(""), rows["category"].map(folded))
    parts = [*(rows[name] for name in QUANTITY), map(folded.get, area), category]
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
        The row's own position where none before it tells the same: document, quantity, numbers, and months
        in which the period begins and ends.
    """
    months = (rows[name].str[:_TO_THE_MONTH] for name in ("period_start", "period_end"))
    parts = [quantities(rows), rows["source_id"], *months, *(rows[name] for name in _VALUES)]
    keys = pd.Series(["\t".join(values) for values in zip(*parts, strict=True)], dtype="object")
    first = keys.reset_index().groupby(0, sort=False)["index"].transform("min").to_numpy()
    numberless = (rows[list(_VALUES)] == "").all(axis=1).to_numpy()
    return np.where(numberless, np.arange(len(rows)), first)
