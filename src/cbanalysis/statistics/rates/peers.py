"""One province beside the others: which published rates can stand on one line."""

from __future__ import annotations

import pandas as pd

from cbanalysis.statistics.rates.rows import need

# What must agree before two provinces' rates are put on one line.
MEASURE = (
    "indicator",
    "subject",
    "definition",
    "base_of",
    "complement",
    "scheme",
    "category_id",
    "category_kind",
    "aggregation",
    "year",
)


def peers(rated: pd.DataFrame, province: str) -> pd.DataFrame:
    """Find the provinces' rates that can stand beside one province's own.

    Two rates are of one measure where indicator, subject, definition, base, complement, rating category, kind
    of category, aggregation and year are the same. Only rates at province level count, and only measures for
    which the province and at least one other have a value. Values in another unit than percent stay away: one
    line is one scale.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates`, of all provinces.
    province : str
        The province as named in the rows.

    Returns
    -------
    DataFrame
        The rows of the shared measures, in the given order, with ``measure`` (number from 1, most recent year
        first) and ``own`` (True for the province's rows). Empty where nothing can be compared.

    Raises
    ------
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"province": ["A", "B", "A"], "geo_level": "province", "rate": [97.0, 85.0, 60.0],
    ...     "year": [2010, 2010, 2012]} | {name: "" for name in MEASURE if name != "year"})
    >>> peers(rows, "A")[["province", "rate", "measure", "own"]]
      province  rate  measure    own
    0        A  97.0        1   True
    1        B  85.0        1  False
    """
    need(rated, (*MEASURE, "geo_level", "province", "rate"), "peers")
    rows = rated[(rated["geo_level"] == "province") & rated["rate"].notna() & rated["year"].notna()]
    if "value" in rows:
        rows = rows[rows["value"].isna()]
    own = rows["province"] == province
    keys = [*MEASURE]
    grouped = own.groupby([rows[key] for key in keys])
    shared = grouped.transform("any") & ~grouped.transform("all")
    rows = rows.assign(own=own)[shared]
    order = rows[keys].drop_duplicates().sort_values(keys).sort_values("year", ascending=False, kind="stable")
    numbers = order.assign(measure=range(1, len(order) + 1))
    return rows.merge(numbers, on=keys, how="left", validate="many_to_one")
