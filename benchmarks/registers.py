"""Registers to try, test and time with: made-up records of any number, and known faults put into them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cbanalysis.records.contract import KINDS
from cbanalysis.records.invented import BLOCK, UNREAL, Plan, block, made_up

__all__ = ["PLANTED", "made_up", "plant_faults", "write_made_up"]

PLANTED = tuple(kind.id for kind in KINDS if kind.fault and kind.id != "sum_row_wrong")
"""The kinds of fault that can be planted: all but those of sum rows, which the records have none of."""


def plant_faults(records: pd.DataFrame, *, each: int = 3, seed: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put known faults into made-up records, each into a cell of its own.

    Parameters
    ----------
    records : DataFrame
        From `made_up`, with whole months by cell and at least four records a cell.
    each : int
        How many faults of each kind.
    seed : int
        Which cells.

    Returns
    -------
    tuple of DataFrame
        The records with faults (a few more rows than before), and the faults planted: ``kind`` and
        ``position`` (the row's place in the records, from 0).
    """
    kinds = [one for one in PLANTED if one != "unknown_province" or "province" in records]
    chance = np.random.default_rng(seed)
    starts = records.groupby("cell", sort=False)["due"].agg(["size", "min", "max"])
    first = np.r_[0, starts["size"].to_numpy().cumsum()[:-1]]
    fit = np.flatnonzero((starts["size"] >= 4).to_numpy())
    chosen = np.sort(chance.choice(fit, size=each * len(kinds), replace=False))
    order = chance.permutation(np.repeat(kinds, each))
    changed = records.astype({"month": "object", **dict.fromkeys(("due", "excused", "present"), "Int64")})
    columns = {name: changed[name].to_numpy(dtype=object) for name in changed}
    planted: list[tuple[int, str]] = []
    copies: list[tuple[int, int]] = []
    for cell, kind in zip(chosen, order, strict=True):
        at = int(first[cell]) + 2  # not the first record: a jump needs one before
        for column, value in _planted(str(kind), int(columns["due"][at])).items():
            columns[column][at] = value
        if kind in ("month_repeated", "month_contradicted"):
            copies.append((at, int(kind == "month_contradicted")))
        planted.append((at, str(kind)))
    faulty = pd.DataFrame(columns, index=records.index)
    again = [at for at, _ in copies]
    extra = faulty.iloc[again].copy()
    extra["due"] = [int(one) + differs for one, (_, differs) in zip(extra["due"], copies, strict=True)]
    # a copy stands right behind the record that it repeats
    together = pd.concat([faulty.assign(_at=range(len(faulty))), extra.assign(_at=np.array(again) + 0.5)])
    together = together.sort_values("_at", kind="stable")
    place = {one: position for position, one in enumerate(together["_at"])}
    rows: list[tuple[str, int]] = []
    for at, kind in planted:
        if kind == "month_repeated":
            rows.append((kind, place[at + 0.5]))
        elif kind == "month_contradicted":
            rows += [(kind, place[at]), (kind, place[at + 0.5])]
        else:
            rows.append((kind, place[at]))
    found = together.drop(columns="_at").reset_index(drop=True)
    whole = dict.fromkeys(("due", "excused", "present"), "Int64")
    found = found.assign(month=pd.to_datetime(found["month"])).astype(whole)
    listed = pd.DataFrame(rows, columns=["kind", "position"]).sort_values(
        ["position", "kind"], ignore_index=True
    )
    return found, listed


def _planted(kind: str, due: int) -> dict[str, Any]:
    """Return the cells of a record that a fault changes; a month that stands twice changes none."""
    changes: dict[str, dict[str, Any]] = {
        "unreadable": {"present": None},
        "negative": {"present": -1},
        "present_above_due": {"present": due + 1},
        "parts_above_due": {"present": due, "excused": 1},
        "unknown_province": {"province": "Tỉnh Không Có"},
        "cell_moved": {"commune": f"{UNREAL['commune']} khác"},
        "due_jumped": {"due": due * 4 + 20},
    }
    return changes.get(kind, {})


def write_made_up(  # noqa: PLR0913 - as made_up, and where to
    folder: Path | str,
    *,
    cells: int,
    months: int,
    first: str = "2010-01",
    provinces: Sequence[str] = (),
    seed: int = 8,
    each: int = 0,
) -> pd.DataFrame:
    """Write made-up records as Parquet, one file for each block of cells, and say which faults were planted.

    Parameters
    ----------
    folder : path
        Where to; made if it isn't there.
    cells, months, first, provinces, seed
        As in `made_up`: the same records, however many.
    each : int
        Faults of each kind planted in each file.

    Returns
    -------
    DataFrame
        The faults planted: ``file`` (its name), ``row`` (the first record is 1) and ``kind``.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    year, month = (int(one) for one in first.split("-"))
    plan = Plan(cells, months, year * 12 + month - 1, tuple(provinces), seed)
    planted: list[pd.DataFrame] = []
    for start in range(0, cells, BLOCK):
        made = block(plan, start)
        name = f"made_up_{start // BLOCK:04d}.parquet"
        if each:
            made, faults = plant_faults(made, each=each, seed=seed + start)
            planted.append(faults.assign(file=name, row=faults["position"] + 1))
        _write(made, target / name)
    found = (
        pd.concat(planted, ignore_index=True) if planted else pd.DataFrame(columns=["file", "row", "kind"])
    )
    return found[["file", "row", "kind"]]


def _write(made: pd.DataFrame, file: Path) -> None:
    kinds = {"month": pa.date32(), **dict.fromkeys(("due", "excused", "present", "thematic"), pa.int32())}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in made])
    dated = made.assign(month=made["month"].dt.date)
    pq.write_table(pa.Table.from_pandas(dated, schema=schema, preserve_index=False), file, compression="zstd")
