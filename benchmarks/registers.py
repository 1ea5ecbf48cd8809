"""Registers to try, test and time with: made-up records of any number, and known faults put into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cbanalysis.records.contract import NUMBERS
from cbanalysis.records.fault_kinds import KINDS

__all__ = ["PLANTED", "SHIPPED", "made_up", "plant_faults", "shipped", "write_made_up"]

SHIPPED = Path(__file__).parents[1] / "src" / "cbanalysis" / "records" / "made_up.parquet"
"""What `cbanalysis.records.made_up_register` opens; `python benchmarks/registers.py` writes it anew."""

_CELLS_A_COMMUNE, _COMMUNES_A_DISTRICT = 10, 12
# Tết, the harvest months, the end of the year: how attendance moves over the months of a year (logits).
_SEASON = np.array([0.0, -0.35, -0.05, 0.05, 0.1, -0.15, -0.1, 0.0, 0.1, 0.1, 0.15, 0.2])
UNREAL = {"commune": "Xã Giả Định", "district": "Huyện Giả Định", "cell": "Chi bộ"}
BLOCK = 3_000  # cells made at once, so that 50 million rows need little memory


PLANTED = tuple(kind.id for kind in KINDS if kind.fault and kind.id != "sum_row_wrong")
"""The kinds of fault that can be planted: all but those of sum rows, which the records have none of."""


@dataclass(frozen=True)
class Plan:
    """How many cells, over how many months from which one on, in which provinces."""

    cells: int
    months: int
    first: int
    provinces: tuple[str, ...]
    seed: int


def made_up(
    *,
    cells: int = 240,
    months: int = 24,
    first: str = "2023-01",
    provinces: Sequence[str] = (),
    seed: int = 8,
) -> pd.DataFrame:
    """Make up the monthly records of invented cells in invented communes.

    Ten cells a commune, twelve communes a district. Members due drift slowly around 5 to 60; one in sixteen
    is excused; attendance differs between communes and cells, dips at Tết, and 3 % of the meetings have no
    record. From the last third of the months on attendance is a little better, one commune stays behind, and
    one month is bad everywhere: things for a chart to find. Numbers, names and patterns are invented.

    Parameters
    ----------
    cells, months : int
        How many cells, over how many months.
    first : str
        The first month, ``YYYY-MM``.
    provinces : sequence of str
        Names of provinces to spread the cells over; without any the records name no province.
    seed : int
        The same seed gives the same records.

    Returns
    -------
    DataFrame
        ``cell``, ``commune``, ``district``, ``province`` (only with `provinces`), ``month`` (first day),
        ``due``, ``excused``, ``present``, ``thematic``; by cell and month.

    Examples
    --------
    >>> made_up(cells=2, months=2)[["cell", "month", "due", "present"]].shape
    (4, 4)
    """
    year, month = (int(one) for one in first.split("-"))
    plan = Plan(cells, months, year * 12 + month - 1, tuple(provinces), seed)
    return pd.concat([block(plan, start) for start in range(0, cells, BLOCK)], ignore_index=True)


def block(plan: Plan, start: int) -> pd.DataFrame:
    """Return the records of up to `BLOCK` cells from a number on."""
    number = np.arange(start, min(start + BLOCK, plan.cells))
    commune = number // _CELLS_A_COMMUNE
    district = commune // _COMMUNES_A_DISTRICT
    chance = np.random.default_rng([plan.seed, start])
    shape = (len(number), plan.months)
    size = 5 + chance.gamma(2.0, 6.0, len(number)).clip(0, 55)
    drift = chance.normal(0, 0.04, shape).cumsum(axis=1).clip(-0.35, 0.35)
    due = np.maximum(3, np.rint(size[:, None] * (1 + drift))).astype("int64")
    excused = chance.binomial(due, 0.06)
    months = plan.first + np.arange(plan.months)
    # the communes' own level must not depend on which block a commune falls into
    level = np.random.default_rng([plan.seed, 7]).normal(0, 0.25, plan.cells // _CELLS_A_COMMUNE + 1)[commune]
    logit = 2.4 + level[:, None] + chance.normal(0, 0.2, (len(number), 1)) + _SEASON[months % 12]
    logit = logit + 0.45 * (np.arange(plan.months) >= plan.months - plan.months // 3)
    logit = logit - 0.9 * (commune == 3)[:, None] - 0.7 * (np.arange(plan.months) == plan.months // 2 + 1)
    present = chance.binomial(due - excused, 1 / (1 + np.exp(-logit)))
    kept = chance.random(shape) >= 0.03 if plan.months > 2 else np.ones(shape, dtype=bool)
    rows, columns = np.nonzero(kept)
    names: dict[str, Any] = {
        "cell": _names(UNREAL["cell"], number, 6),
        "commune": _names(UNREAL["commune"], commune, 4),
        "district": _names(UNREAL["district"], district, 3),
    }
    if plan.provinces:
        # whole districts, each province as many as the others
        districts = -(-plan.cells // (_CELLS_A_COMMUNE * _COMMUNES_A_DISTRICT))
        of = np.minimum(district * len(plan.provinces) // districts, len(plan.provinces) - 1)
        names["province"] = np.array(plan.provinces, dtype=object)[of]
    days = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    figures = {"due": due, "excused": excused, "present": present}
    frame = pd.DataFrame({one: values[rows] for one, values in names.items()})
    frame["month"] = days[columns].astype("datetime64[s]")
    for name, values in figures.items():
        frame[name] = values[rows, columns].astype("int32")
    return frame.assign(thematic=(months[columns] % 3 == 2).astype("int32"))


def _names(word: str, numbers: np.ndarray, digits: int) -> np.ndarray:
    return np.array([f"{word} {one + 1:0{digits}d}" for one in numbers], dtype=object)


def _with_faults(records: pd.DataFrame) -> pd.DataFrame:
    """Return made-up records with a few faults, each in a cell of its own."""
    faulty = records.astype(dict.fromkeys(NUMBERS, "Int64"))
    due = faulty["due"]
    for at, column, value in (
        (264, "present", pd.NA),
        (1239, "present", -1),
        (3466, "present", due[3466] + 1),
        (4231, "excused", due[4231] - faulty.loc[4231, "present"] + 1),
        (2074, "commune", f"{UNREAL['commune']} khác"),
        (940, "due", due[940] * 4 + 20),
    ):
        faulty.loc[at, column] = value
    # two months again: with the same figures, and with others
    again = faulty.loc[[3145, 1704]]
    again["due"] += pd.array([0, 1], dtype="Int64")
    return pd.concat([faulty, again]).sort_index(kind="stable", ignore_index=True)


def shipped() -> pd.DataFrame:
    """Return the records of `made_up_register`: two years of 240 cells, with a few planted faults."""
    whole = made_up()
    chance = np.random.default_rng(8)
    absent = (whole["due"] - whole["present"] - whole["excused"]).to_numpy()
    whole["exempt"] = chance.binomial(whole["due"], 0.05)
    whole["absent_without_reason"] = chance.binomial(absent, 0.1)
    records = _with_faults(whole).astype({"thematic": "Int64"})
    dated = records.assign(month=records["month"].dt.date)
    # numbered as if it were the file that its name says
    return dated.assign(file="made_up.csv", row=range(2, len(dated) + 2))


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


if __name__ == "__main__":
    shipped().to_parquet(SHIPPED, index=False, compression="zstd")
