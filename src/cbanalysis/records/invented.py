"""Made-up meeting records to try, test and time with: seeded, plausible in spread, about no real place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd

from cbanalysis.records.contract import NUMBERS
from cbanalysis.records.register import Register, open_register

_CELLS_A_COMMUNE, _COMMUNES_A_DISTRICT = 10, 12
# Tết, the harvest months, the end of the year: how attendance moves over the months of a year (logits).
_SEASON = np.array([0.0, -0.35, -0.05, 0.05, 0.1, -0.15, -0.1, 0.0, 0.1, 0.1, 0.15, 0.2])
UNREAL = {"commune": "Xã Giả Định", "district": "Huyện Giả Định", "cell": "Chi bộ"}
BLOCK = 3_000  # cells made at once, so that 50 million rows need little memory


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


def made_up_register() -> Register:
    """Return a small made-up register with a few planted faults, to show what can be asked of one.

    Returns
    -------
    Register
        Two years of 240 cells in 24 invented communes; ``made_up`` is True, and every chart says so.
    """
    whole = made_up()
    chance = np.random.default_rng(8)
    absent = (whole["due"] - whole["present"] - whole["excused"]).to_numpy()
    whole["exempt"] = chance.binomial(whole["due"], 0.05)
    whole["absent_without_reason"] = chance.binomial(absent, 0.1)
    records = _with_faults(whole)
    kinds = {"month": "date", **dict.fromkeys((*NUMBERS, "thematic"), "int64")}
    dated = records.assign(month=records["month"].dt.date)
    # numbered as if it were the file that its name says
    placed = dated.assign(file="made_up.csv", row=range(2, len(dated) + 2))
    schema = {one: kinds.get(one, "int64" if one == "row" else "string") for one in map(str, placed)}
    table = ibis.duckdb.connect().create_table("made_up", ibis.memtable(placed, schema=schema))
    return open_register(table, name="made_up.csv", made_up=True)


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
