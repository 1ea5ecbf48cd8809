"""Sum rows among the records, checked against their parts."""

from __future__ import annotations

import ibis.expr.types as ir
import pandas as pd

from cbanalysis.records.contract import NUMBERS, PLACES
from cbanalysis.records.suspects import month_number, sum_row


def check_sums(rows: pd.DataFrame, located: ir.Table, repeated: pd.DataFrame) -> pd.DataFrame:
    """Compare sum rows with the records that they add up.

    Parameters
    ----------
    rows : DataFrame
        The sum rows: ``file``, places, ``number`` of the month, the numbers.
    located : ibis table
        All records.
    repeated : DataFrame
        Those that stand again, with the same columns: their sum row counts them once.

    Returns
    -------
    DataFrame
        By row: ``holds`` (false too where there is nothing that it could add up) and ``hint``, what the parts
        add up to.

    Notes
    -----
    The parts of a sum row are the records of its file, its month and the places that it names; without a
    month those of all months.
    """
    plain = located.filter(~sum_row(located)).mutate(number=month_number(located["month"]))
    keys = ["file", "number", *PLACES]
    wide = {name: plain[name].cast("int64").sum() for name in NUMBERS}
    parts: pd.DataFrame = plain.group_by(keys).agg(records=plain.count(), **wide).execute()
    less = repeated.assign(records=1, **{name: -repeated[name] for name in NUMBERS})
    parts = pd.concat([parts, less.assign(records=0)[[*keys, "records", *NUMBERS]]])
    texts = ["file", *PLACES]
    parts[texts], rows = parts[texts].astype("object").fillna(""), rows.copy()
    rows[texts] = rows[texts].astype("object").fillna("")
    told = (rows[keys].notna() & (rows[keys] != "")).apply(tuple, axis="columns")
    results = []
    for named, alike in rows.groupby(told):
        by = [key for key, there in zip(keys, named, strict=True) if there]
        results.append(_compared(alike, parts, by))
    return pd.concat(results).reindex(rows.index)


def _compared(rows: pd.DataFrame, parts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return `check_sums` of rows that name the same of file, month and places."""
    sums = ["records", *NUMBERS]
    if by:
        added = parts.dropna(subset=by).groupby(by, as_index=False)[sums].sum()
        types = {key: "float64" if key == "number" else "object" for key in by}
        added = rows[by].astype(types).merge(added.astype(types), on=by, how="left")
    else:
        added = pd.DataFrame([parts[sums].sum()] * len(rows))
    added.index = rows.index
    added = added[sums].astype("float64")
    written = rows[list(NUMBERS)].astype("float64")
    # a number that the sum row doesn't give says nothing
    wrong = written.notna() & (written != added[list(NUMBERS)])
    parts_there = added["records"].fillna(0) > 0
    hints = [
        _hint(added.loc[at], wrong.loc[at]) if parts_there[at] else "no records that it adds up"
        for at in rows.index
    ]
    return pd.DataFrame({"holds": parts_there & ~wrong.any(axis="columns"), "hint": hints}, index=rows.index)


def _hint(added: pd.Series, wrong: pd.Series) -> str:
    """Return what the parts of a sum row add up to, where it says otherwise."""
    sums = [f"{name} {int(added[name])}" for name in NUMBERS if wrong[name]]
    return f"parts add up to {', '.join(sums)}" if sums else ""
