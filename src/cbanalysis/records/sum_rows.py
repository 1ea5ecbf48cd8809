"""Sum rows of a register, and party organisations above cells: held against what they may add up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from cbanalysis.records import fault_criteria
from cbanalysis.records.contract import NUMBERS, PLACES
from cbanalysis.records.fault_kinds import HINTS

_QUARTER = re.compile(r"quý (i{1,3}|iv|[1-4])\b(?:\D*(\d{4}))?")
_QUARTERS = {"i": 0, "ii": 1, "iii": 2, "iv": 3, **{str(one + 1): one for one in range(4)}}
_NEAR, _FAR = 3, 50
"""Candidates whose members due say something; blocks between sum rows that are added up."""
_SAID = [NUMBERS.index("due"), NUMBERS.index("present")]
"""What every register gives."""
_PARTS = ["records", *NUMBERS]


def cells_of(cells: pd.DataFrame, identity: Sequence[str]) -> ir.Table:
    """Return suspected cells as a table to join records with."""
    texts = dict.fromkeys(identity, "string")
    schema = dict.fromkeys(cells.columns, "boolean") | texts
    return ibis.memtable(cells.astype(dict.fromkeys(texts, "object")), schema=schema)


def above_cells(names: pd.Series) -> pd.Series:
    """Return whether cells are named as what stands above cells is: Đảng bộ xã Đồng Mơ, I. Xã Đồng Mơ."""
    return _matches(names, fault_criteria.ABOVE)


def _matches(names: pd.Series, pattern: str) -> pd.Series:
    found = re.compile(pattern.replace(fault_criteria.BLANK, r"\s*"))
    return names.map(lambda one: isinstance(one, str) and bool(found.search(one.lower()))).astype(bool)


def units(rows: pd.DataFrame, located: ir.Table, cells: pd.DataFrame, identity: Sequence[str]) -> pd.Series:
    """Return which cells named as what stands above cells are units of their own: their rows add nothing up.

    A row adds up where it equals at least two records, or their members due; one of a place (Đảng bộ xã) also
    where the register has cells of it, one that names none (Đảng ủy) if it has half of their members or more.

    Parameters
    ----------
    rows : DataFrame
        The records of all cells that are named as sums are.
    located : ibis table
        All records.
    cells : DataFrame
        All cells that are named as sums are.
    identity : sequence of str
        The columns that tell one cell from another.
    """
    named = rows[above_cells(rows["cell"])]
    found = compared(named, located, cells, identity)
    place = _matches(named["cell"], fault_criteria.OF_A_PLACE)
    place &= ~(_matches(named["cell"], fault_criteria.OF_ITSELF) & found["small"])
    adds = found["several"] | found["close"]
    keys = named[[*identity]].astype("object").fillna("").apply(tuple, axis="columns")
    sums = (adds.groupby(keys).mean() >= 0.5) | (place & found["parts"]).groupby(keys).any()
    own = cells[[*identity]].astype("object").fillna("").apply(tuple, axis="columns")
    return above_cells(cells["cell"]) & ~own.map(sums).fillna(value=False).astype(bool)


def compared(
    rows: pd.DataFrame,
    located: ir.Table,
    cells: pd.DataFrame,
    identity: Sequence[str],
    repeated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare sum rows with the records that they may add up.

    These are the records of the file, month (or quarter) and places that a row names, or those of its file
    between it and another sum row, above it or below.

    Parameters
    ----------
    rows : DataFrame
        The sum rows.
    located : ibis table
        All records.
    cells : DataFrame
        The cells of sum rows, whose records are no parts.
    identity : sequence of str
        The columns that tell one cell from another.
    repeated : DataFrame, optional
        Records that stand again: they count once.

    Returns
    -------
    DataFrame
        ``holds``: whether the parts add up to the row; ``several``: whether two or more do; ``close``:
        whether two or more have its members due; ``parts``: whether the place that it names has any;
        ``small``: whether these have more than twice its members due; ``hint``: what they add up to.
    """
    sums = cells_of(cells[[*identity]], identity).mutate(sums=ibis.literal(value=True))
    marked = located.left_join(sums, [*identity]).select(*located.columns, "sums")
    marked = marked.mutate(
        sums=ibis.coalesce(marked["sums"], ibis.literal(value=False)),
        number=fault_criteria.month_number(marked["month"]),
    )
    keys = ["file", "number", *PLACES]
    plain = marked.filter(~marked["sums"])
    parts: pd.DataFrame = plain.group_by(keys).agg(records=plain.count(), **_wide(plain)).execute()
    if repeated is not None and len(repeated):
        less = repeated.assign(records=0, **{name: -repeated[name] for name in NUMBERS})
        parts = pd.concat([parts, less[[*keys, *_PARTS]]])
    texts = ["file", *PLACES]
    rows, parts = (one.assign(**one[texts].astype("object").fillna("")) for one in (rows, parts))
    parts["quarter"] = parts["number"] // 3
    rows["quarter"] = _quarters(rows, parts)
    rows["number"] = rows["number"].where(rows["quarter"].isna())
    keys = [*keys, "quarter"]
    told = (rows[keys].notna() & (rows[keys] != "")).apply(tuple, axis="columns")
    added = pd.concat(
        _added(alike, parts, [key for key, there in zip(keys, named, strict=True) if there])
        for named, alike in rows.groupby(told)
    ).reindex(rows.index)
    written = rows[list(NUMBERS)].astype("float64").to_numpy()
    first = added[_PARTS].fillna(0).to_numpy(dtype="float64")
    found = [_judged(*one) for one in zip(written, first[:, None], strict=True)]
    missed = ~np.array([holds for holds, *_ in found]) & rows["row"].notna() & (rows["file"] != "")
    blocks = _blocks(marked, rows.loc[missed, "file"].unique()) if missed.any() else {}
    for at in np.flatnonzero(missed):
        row = rows.iloc[at]
        found[at] = _judged(written[at], np.vstack([first[at], _runs(blocks[str(row["file"])], row)]))
    judged = pd.DataFrame(found, columns=["holds", "several", "close", "hint"], index=rows.index)
    return judged.assign(parts=first[:, 0] > 0, small=2 * written[:, 0] < first[:, 1])


def _wide(table: ir.Table) -> dict[str, ir.Value]:
    return {name: table[name].cast("int64").sum() for name in NUMBERS}


def _quarters(rows: pd.DataFrame, parts: pd.DataFrame) -> pd.Series:
    """Return the quarters that rows name, as months are counted; without a year that of all records."""
    years = (parts["number"].dropna() // 12).unique()
    found: list[float] = []
    for cell, written in zip(rows["cell"].astype(str), rows["as_written"].astype(str), strict=True):
        match = _QUARTER.search(f"{cell} {written.partition('|')[0]}".lower())
        year = match[2] if match and match[2] else years[0] if len(years) == 1 else None
        found.append(int(year) * 4 + _QUARTERS[match[1]] if match and year is not None else np.nan)
    return pd.Series(found, index=rows.index, dtype="float64")


def _added(rows: pd.DataFrame, parts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the sums of the records that have in common with each row what it names."""
    if not by:
        return pd.DataFrame([parts[_PARTS].sum()] * len(rows), index=rows.index)
    sums = parts.dropna(subset=by).groupby(by, as_index=False)[_PARTS].sum()
    types = {key: "float64" if key in ("number", "quarter") else "object" for key in by}
    joined = rows[by].astype(types).merge(sums.astype(types), on=by, how="left")
    return joined[_PARTS].set_axis(rows.index)


def _blocks(marked: ir.Table, files: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return for each file the sums of records by month and ``block``: how many sum rows stand above."""
    own = marked.filter(marked["file"].isin([str(one) for one in files]))
    above = ibis.window(group_by="file", order_by="before", preceding=None, following=0)
    own = own.mutate(block=own["sums"].cast("int64").sum().over(above), row=own["before"] + 1)
    rows = own.filter(own["sums"]).select("file", "block", "row").execute()
    plain = own.filter(~own["sums"])
    sums = plain.group_by("file", "block", "number").agg(records=plain.count(), **_wide(plain)).execute()
    together = pd.concat([rows, sums.astype(dict.fromkeys(_PARTS, "float64"))])
    return {str(file): frame for file, frame in together.groupby("file")}


def _runs(blocks: pd.DataFrame, row: pd.Series) -> np.ndarray:
    """Return the sums of the records above a row and below, up to each other sum row, the nearest first."""
    (at,) = blocks.loc[blocks["row"] == row["row"], "block"].head(1)
    plain = blocks[blocks["row"].isna()]
    found: list[np.ndarray] = []
    for one in [plain[plain["number"] == row["number"]], plain]:
        sums = one.groupby("block")[_PARTS].sum()
        above, below = sums[sums.index < at][::-1], sums[sums.index >= at]
        found += [above.cumsum().to_numpy(), below.cumsum().to_numpy()]
    return np.vstack(
        [*(one[:1] for one in found), *(one[:_FAR] for one in found), *(one[-1:] for one in found)]
    )


def _judged(written: np.ndarray, candidates: np.ndarray) -> tuple[bool, bool, bool, str]:
    """Return `compared` of the numbers of a row and what its parts may be, the nearest first."""
    parts, sums = candidates[:, 0], candidates[:, 1:]
    # a number that the row doesn't give says nothing
    equal = written == sums
    holds = (equal | np.isnan(written)).all(axis=1) & equal[:, _SAID].any(axis=1) & (parts > 0)
    close = equal[:, 0] & (written[0] > 0) & (parts > 1)
    # most numbers alike, then nearest in members due
    far = np.nan_to_num(np.abs(written[0] - sums[:, 0]))
    best = (equal.sum(axis=1) - far / (far.max() + 1) - 100 * (parts <= 0)).argmax()
    wrong = ~equal[best] & ~np.isnan(written)
    said = [f"{name} {int(sums[best, at])}" for at, name in enumerate(NUMBERS) if wrong[at]]
    hint = HINTS["parts"]["en"].format(", ".join(said)) if said else ""
    hint = hint if parts[best] > 0 else HINTS["none"]["en"]
    return bool(holds.any()), bool((holds & (parts > 1)).any()), bool(close[:_NEAR].any()), hint
