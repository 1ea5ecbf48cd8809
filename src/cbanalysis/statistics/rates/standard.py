"""The rows that follow an indicator's own definition: what a comparison starts from."""

from __future__ import annotations

import pandas as pd

from cbanalysis.statistics.rates.rows import need


def standard(rated: pd.DataFrame) -> pd.DataFrame:
    """Take the rates on the indicator's own definition and base; leave variants, complements and counts out.

    Parameters
    ----------
    rated : DataFrame
        Rows of `add_rates`.

    Returns
    -------
    DataFrame
        The rows with empty ``definition`` and ``base_of``, no complement, ``aggregation`` point, and a rate,
        a floor or a range; in the given order.

    Raises
    ------
    DataError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"definition": ["", "with_committee"], "base_of": "", "complement": False,
    ...     "aggregation": "point", "interval": "wilson", "rate": [50.0, 60.0]})
    >>> standard(rows)["rate"].tolist()
    [50.0]
    """
    need(rated, ("definition", "base_of", "complement", "aggregation", "interval"), "standard")
    own = (rated["definition"] == "") & (rated["base_of"] == "") & ~rated["complement"].astype(bool)
    return rated[own & (rated["aggregation"] == "point") & (rated["interval"] != "none")]
