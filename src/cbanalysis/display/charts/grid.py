"""Rows on a tile grid: which tile a unit belongs to, what is written on it, where the grid is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.dataset.provinces import Gazetteer, Unit, named_aloud
from cbanalysis.display.charts.drawn import in_what, not_drawn
from cbanalysis.display.charts.look import nfc
from cbanalysis.display.charts.texts import some, values
from cbanalysis.display.words import number, records

Grid = Literal[63, 34]

# A day on which the provinces were those of the grid.
GRIDS: dict[Grid, str] = {63: "2025-06-30", 34: "2025-07-01"}
_WORDS = words_of("charts.grid")


@dataclass(frozen=True)
class Tile:
    """One tile of a grid: a province, its place (counted from 0), its region."""

    code: str
    name: str
    row: int
    column: int
    region: str


def tiles_of(grid: Grid, gazetteer: Gazetteer) -> list[Tile]:
    """Return the tiles of a grid, in the order of its file."""
    units = {unit.gso_code: unit for unit in gazetteer.on(GRIDS[grid])}
    return [
        Tile(
            row["code"],
            nfc(named_aloud(row["name"]) if language() == "vi" else row["name_en"]),
            int(row["row"]) - 1,
            int(row["col"]) - 1,
            units[row["code"]].region("vi"),
        )
        for row in records(gazetteer.tile_grid(grid))
    ]


def coded(values: pd.DataFrame, grid: Grid, gazetteer: Gazetteer, *, undated: bool = False) -> pd.DataFrame:
    """Add the tile each row belongs to: empty where its unit isn't one of the grid's, or it has no date."""
    names = values["province"] if undated and "province" in values else pd.Series("", index=values.index)
    keys = [*zip(values["unit_id"].astype(str), names.astype(str), strict=True)]
    found = {key: gazetteer.unit_on(GRIDS[grid], *key) for key in set(keys)}
    return values.assign(code=[unit.gso_code if (unit := found[key]) else "" for key in keys])


def elsewhere(rows: pd.DataFrame, grid: Grid, gazetteer: Gazetteer) -> list[str]:
    """Say which rows have no tile: units of another time by name, rows without a province by number."""
    lost = rows[rows["code"] == ""]
    units: list[Unit] = [gazetteer.by_id(unit) for unit in sorted(set(lost["unit_id"]) - {""})]
    notes = []
    if units:
        named = ", ".join(f"{unit.name(language())} ({_time(unit)})" for unit in units)
        notes.append(spoken(_WORDS["elsewhere"]).format(grid, named))
    if nameless := int((lost["unit_id"] == "").sum()):
        notes.append(not_drawn(nameless, _WORDS["unplaced"]))
    return notes


def _time(unit: Unit) -> str:
    if unit.valid_to is None:
        return spoken(_WORDS["from"]).format(unit.valid_from.year)
    return spoken(_WORDS["until"]).format(unit.valid_to.year)


def rated_tiles(rows: pd.DataFrame, texts_of: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one row a tile: what is written on it, and the value that decides its colour (NaN for none)."""
    tiles: dict[str, list[dict[str, Any]]] = {}
    several = len(rows["year"].dropna().unique()) > 1 if "year" in rows else False
    told = texts_of if texts_of is not None else values(rows.assign(interval=rows.get("interval", "")))
    worded = rows.assign(text=told)
    for row in some(worded, "code", "text", "rate", "province_basis", "year"):
        when = str(int(row["year"])) if several and pd.notna(row["year"]) else ""
        tiles.setdefault(row["code"], []).append({"province_basis": "", **row, "year": when})
    found = []
    for code, figures in tiles.items():
        texts = list(dict.fromkeys(one["text"] for one in figures))
        single = float(figures[0]["rate"]) if len(texts) == 1 else float("nan")
        if len(texts) > 2:
            texts = [spoken(_WORDS["several"]).format(len(texts))]
        text = texts[0] if len(texts) == 1 else " | ".join(one.rstrip("%") for one in texts)
        inferred = any(one["province_basis"] == "inferred" for one in figures)
        basis = "inferred" if inferred else ""
        year = ", ".join(sorted({one["year"] for one in figures} - {""}))
        found.append({"code": code, "value": single, "text": text, "province_basis": basis, "year": year})
    return pd.DataFrame(found)


def amount_tiles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tile: the count that was published, as tiles of rates are."""
    sign = rows["qualifier"].map({"about": "~ ", "at_least": "≥ "}).fillna("") if "qualifier" in rows else ""
    whole = rows["count"].astype("float64")
    text = [
        f"{one}{number(count)}" for one, count in zip(pd.Series(sign, index=rows.index), whole, strict=True)
    ]
    return rated_tiles(rows.assign(rate=whole), text)


def apart_tiles(out: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tile of figures that aren't drawn: on what the nearest of them differs."""
    order = out.assign(_parts=out["reason"].str.count(r"\+")).sort_values("_parts", kind="stable")
    first = order[order["code"] != ""].drop_duplicates("code")
    return pd.DataFrame({"code": first["code"], "text": [in_what(one) for one in first["reason"]]})


def counted_tiles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tile: how many figures were published, tiles without any left out."""
    weights = rows["figures"] if "figures" in rows else pd.Series(1, index=rows.index)
    sums = weights.groupby(rows["code"], sort=False).sum()
    sums = sums[sums > 0]
    basis = rows["province_basis"] if "province_basis" in rows else pd.Series("", index=rows.index)
    inferred = set(rows.loc[basis == "inferred", "code"])
    return pd.DataFrame(
        {
            "code": sums.index,
            "value": sums.to_numpy(),
            "text": [number(one) for one in sums],
            "province_basis": ["inferred" if code in inferred else "" for code in sums.index],
            "year": "",
        }
    )


def free(tiles: Sequence[Tile]) -> tuple[int, int, int, int]:
    """Return the largest rectangle of the grid without tiles: row, column, rows, columns."""
    taken = {(tile.row, tile.column) for tile in tiles}
    rows, columns = max(tile.row for tile in tiles) + 1, max(tile.column for tile in tiles) + 1
    best = (0, 0, 0, 0)
    for top in range(rows):
        for left in range(columns):
            right = columns
            for bottom in range(top, rows):
                blocked = [column for column in range(left, right) if (bottom, column) in taken]
                right = min(blocked, default=right)
                if (bottom - top + 1) * (right - left) > best[2] * best[3]:
                    best = (top, left, bottom - top + 1, right - left)
    return best
