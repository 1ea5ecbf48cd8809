"""The tile-grid map: one tile a province, value as text and as colour, hatching where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, Unpack

import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.dataset.observations.comparability import PLACES
from cbanalysis.dataset.observations.places_and_years import strings
from cbanalysis.dataset.provinces import Gazetteer, Unit, named_aloud
from cbanalysis.dataset.provinces.province_files import Tile
from cbanalysis.dataset.provinces.unit import DAYS
from cbanalysis.display.charts import colour_classes, page
from cbanalysis.display.charts.caption import (
    APART,
    Words,
    apart,
    caption,
    charted,
    in_what,
    nearest_first,
    not_comparable,
    not_drawn,
    nothing_found,
    nothing_words,
    untold,
)
from cbanalysis.display.charts.labels_and_values import count_texts, extremes, some, values, years_text
from cbanalysis.display.charts.look import MUTED, nfc
from cbanalysis.display.charts.marks import swatch_key
from cbanalysis.display.charts.text_width import text_width, widest, wrap
from cbanalysis.display.words import listed, number, records, unit_of
from cbanalysis.statistics.rates.intervals import with_rates

_WORDS = words_of("charts.tiles")


Grid = Literal[63, 34]


def tiles_of(grid: Grid, gazetteer: Gazetteer) -> list[Tile]:
    """Return the tiles of a grid, in the order of its file: rows and columns from 0, names as spoken."""
    vietnamese = language() == "vi"
    return [
        replace(
            tile,
            name=nfc(named_aloud(tile.name) if vietnamese else tile.name_en),
            row=tile.row - 1,
            col=tile.col - 1,
        )
        for tile in gazetteer.grids[grid]
    ]


def coded(values: pd.DataFrame, grid: Grid, gazetteer: Gazetteer, *, undated: bool = False) -> pd.DataFrame:
    """Add the tile each row belongs to: empty where its unit isn't one of the grid's, or it has no date."""
    names = strings(values, "province") if undated else [""] * len(values)
    keys = [*zip(values["unit_id"].astype(str), names, strict=True)]
    found = {key: gazetteer.unit_on(DAYS[grid], *key) for key in set(keys)}
    return values.assign(code=[unit.gso_code if (unit := found[key]) else "" for key in keys])


def elsewhere(rows: pd.DataFrame, grid: Grid, gazetteer: Gazetteer) -> list[str]:
    """Say how many rows have no tile: those of units of another time by name, and those of no province."""
    lost = rows[rows["code"] == ""]
    weights = _weights(lost)
    found = weights[lost["unit_id"] != ""].groupby(lost["unit_id"]).sum()
    units: list[tuple[Unit, int]] = [(gazetteer.by_id(str(unit)), int(n)) for unit, n in found.items()]
    notes = []
    if units:
        how_many = [spoken(_WORDS["figure" if n == 1 else "figures"]).format(n) for _, n in units]
        named = ", ".join(
            f"{unit.name(language())} ({_time(unit)}; {many})"
            for (unit, _), many in zip(units, how_many, strict=True)
        )
        notes.append(spoken(_WORDS["elsewhere"]).format(grid, named))
    nameless = int(weights[lost["unit_id"] == ""].sum())
    return notes + not_drawn(nameless, _WORDS["unplaced"])


def _weights(rows: pd.DataFrame) -> pd.Series:
    """Return how many figures each row stands for."""
    return rows["figures"] if "figures" in rows else pd.Series(1, index=rows.index)


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
    """Return one row a tile: the count that was published, as tiles of rates are; of bounds the lower."""
    return rated_tiles(rows.assign(rate=rows["count"].astype("float64")), count_texts(rows))


def apart_tiles(out: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tile of figures that aren't drawn: on what the nearest of them differs."""
    first = nearest_first(out[out["code"] != ""]).drop_duplicates("code")
    return pd.DataFrame({"code": first["code"], "text": [in_what(one) for one in first["reason"]]})


def counted_tiles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a tile: how many figures were published, and of how many its province was inferred."""
    weights = _weights(rows)
    sums = weights.groupby(rows["code"], sort=False).sum()
    sums = sums[sums > 0]
    inferred = weights.where(strings(rows, "province_basis") == "inferred", 0)
    guessed = inferred.groupby(rows["code"], sort=False).sum()[sums.index]
    texts = [
        f"{number(every)} ({number(some)}*)" if 0 < some < every else number(every)
        for every, some in zip(sums, guessed, strict=True)
    ]
    bases = ["inferred" if every else "" for every in guessed == sums]
    values = {"code": sums.index, "value": sums.to_numpy(), "text": texts}
    return pd.DataFrame({**values, "province_basis": bases, "year": ""})


def free(tiles: Sequence[Tile]) -> tuple[int, int, int, int]:
    """Return the largest rectangle of the grid without tiles: row, column, rows, columns."""
    taken = {(tile.row, tile.col) for tile in tiles}
    rows, columns = max(tile.row for tile in tiles) + 1, max(tile.col for tile in tiles) + 1
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


Kind = Literal["rate", "count", "figures"]

_TALL: dict[Grid, float] = {63: 0.47, 34: 0.56}
_NAME_SIZE: dict[Grid, float] = {63: 6.6, 34: 7.6}
_VALUE_SIZE: dict[Grid, float] = {63: 7.4, 34: 8.6}
_LEAST = 5.4
_VALUED: dict[Kind, tuple[str, ...]] = {"rate": ("rate", "rate_low"), "count": ("count",)}
_HINT = ' (kind="count" maps counts)'
_WIDEST_TILE = 1.02
_SEAM = 0.03


def _lines(name: str, width: float, size: float) -> list[str]:
    """Return a name on one line, or broken behind its dash (Bà Rịa - / Vũng Tàu) or where a line is full."""
    first, dash, second = name.partition(" - ")
    if dash and text_width(name, size) > width:
        return [f"{first} -", second]
    return wrap(name, width, size)


def _write_tile(axes: Axes, box: page.Box, grid: Grid, shown: tuple[str, str, str, str, str]) -> None:
    """Write on one tile: its name on one or two lines, its value."""
    name, text, colour, hatch, year = shown
    inner = box.width
    ink = MUTED if hatch else colour_classes.ink_on(colour)
    lines = [*_lines(name, inner - 0.05, _NAME_SIZE[grid]), *([f"({year})"] if year else [])]
    size = min(colour_classes.fitting(line, inner - 0.05, _NAME_SIZE[grid], _LEAST) for line in lines)
    pitch = size * 1.27 / 72
    weight: Literal["normal", "bold"] = "normal" if hatch else "bold"
    value_size = colour_classes.fitting(text, inner - 0.05, _VALUE_SIZE[grid] - bool(hatch), _LEAST, weight)
    height = len(lines) * pitch + (value_size * 1.3 / 72 if text else 0)
    baseline = box.top + (box.height - height) / 2 + size * 0.98 / 72
    ground = {"facecolor": colour, "edgecolor": "none", "pad": 1.2} if hatch else None
    write = partial(
        axes.text, box.left + inner / 2, color=ink, ha="center", va="baseline", zorder=4, bbox=ground
    )
    for step, line in enumerate(lines):
        write(baseline + step * pitch, line, size=size)
    if text:
        under = baseline + (len(lines) - 1) * pitch + value_size * 1.3 / 72
        write(under, text, size=value_size, weight=weight)


def _of_figures(text: str) -> str:
    """Return a number of figures with its unit: ``3 figures (1*)`` where some are of an inferred province."""
    count, blank, rest = text.partition(" ")
    return spoken(_WORDS["figure" if count == "1" else "figures"]).format(count) + blank + rest


def _caption(  # noqa: PLR0913
    rows: pd.DataFrame,
    drawn: pd.DataFrame,
    words: Words,
    *,
    grid: Grid,
    kind: Kind,
    lines: Sequence[str],
    covered: Sequence[str],
) -> page.Caption:
    figures = kind == "figures"
    if kind == "rate":
        points = drawn.assign(rate=drawn["value"])
        told = extremes(points.drop(columns="value"), list(points["label"]), unit=unit_of(rows))
        unit = spoken(unit_of(rows).name)
    else:
        most = drawn.sort_values("value", ascending=False, kind="stable").head(3)
        texts = [_of_figures(one) if figures else one for one in most["text"]]
        named = [f"{label} ({text})" for label, text in zip(most["label"], texts, strict=True)]
        told, unit = spoken(_WORDS["most" if figures else "largest"]).format(listed(named)), ""
    # how many figures there are isn't a value that must compare
    return caption(
        rows.drop(columns=["indicator"] if figures else [], errors="ignore"),
        words,
        title=spoken(_WORDS["counts"]) if figures else "",
        kind=f"tile_map_{grid}" if kind == "rate" else f"tile_map_{grid}_{kind}",
        picture=spoken(_WORDS["picture"]).format(grid),
        says=told,
        unit=unit,
        subtitle=[spoken(_WORDS["unit"]), years_text(rows)] if figures else None,
        notes=lines,
        across=None if figures else PLACES,
        covered=covered,
    )


@charted("unit_id")
def tile_map(
    values: pd.DataFrame,
    *,
    grid: Grid = 63,
    kind: Kind = "rate",
    **words: Unpack[Words],
) -> page.Chart:
    """Draw provinces as equal tiles near where they lie: value as text and as colour.

    A tile whose province published only what isn't comparable here (another base, level, year …) is dotted
    and says on what it differs; only a tile of which nothing was published is hatched. Where years differ,
    tiles say theirs.

    Parameters
    ----------
    values : DataFrame
        With ``unit_id``. Rows of ``rates.add_rates`` (``rate`` in percent; ``interval`` tells floors and
        ranges), of which those at province level are drawn; for ``kind="figures"`` one row a published
        figure of any level, or ``figures`` as a number of them.
    grid : {63, 34}
        Provinces until 2025-06-30, or since 2025-07-01.
    kind : {"rate", "count", "figures"}
        What a tile shows: a rate, a count as published, or how many figures were published.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` has one row a tile with data, in the grid's order: ``code``, ``label``, ``value`` (NaN where
        several figures, a floor or a range of rates leave no single one), ``text``, ``colour``.

    Raises
    ------
    CbanalysisError
        If no row belongs to a tile of the grid.
    UnknownName
        If ``grid`` or ``kind`` is another one.
    """
    known = Gazetteer.read()
    # how many figures there are is asked of those without a date, too; what they say has no year to stand in
    counted = kind == "figures"
    given = coded(with_rates(values) if kind == "rate" else values, grid, known, undated=counted)
    rows, lines = _drawable(given, kind)
    lines = [*elsewhere(rows, grid, known), *untold(words, lines)]
    rows = rows[rows["code"] != ""]
    tiles = tiles_of(grid, known)
    found = {"rate": rated_tiles, "count": amount_tiles, "figures": counted_tiles}[kind](rows)
    page.require_rows(found, f"tile map{_HINT if kind == 'rate' and 'count' in values else ''}")
    order = {tile.code: step for step, tile in enumerate(tiles)}
    labels = {tile.code: tile.name for tile in tiles}
    drawn = found.sort_values("code", key=lambda codes: codes.map(order)).reset_index(drop=True)
    starred = [
        f"{labels[one]}*" if basis == "inferred" else labels[one]
        for one, basis in zip(drawn["code"], drawn["province_basis"], strict=True)
    ]
    points = drawn["value"].dropna()
    classes: colour_classes.Classes | None = None
    if len(points):
        classes = (
            colour_classes.unit_classes(points, unit_of(rows))
            if kind == "rate"
            else colour_classes.count_classes(points)
        )
    colours = [
        colour_classes.OPEN if classes is None or pd.isna(value) else classes.colour(value)
        for value in drawn["value"]
    ]
    drawn = drawn.assign(label=starred, colour=colours)
    drawn = drawn[["code", "label", "value", "text", "province_basis", "colour", "year"]]
    others, covered = _others(given, rows, drawn, words, grid=grid, kind=kind)
    around = _caption(rows, drawn, words, grid=grid, kind=kind, lines=lines, covered=covered)
    keys = _keys(drawn, others, classes, words, grid)
    return _draw(drawn, others, tiles, around, _figures(rows, others), grid=grid, keys=keys)


def _drawable(given: pd.DataFrame, kind: Kind) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that a map shows, and the lines on the others."""
    if kind == "figures":
        return given, []
    valued = given[[one for one in _VALUED[kind] if one in given]].notna().any(axis=1)
    level = given["geo_level"] == "province" if "geo_level" in given else valued | True
    other = int((~level & valued).sum())
    return given[level & valued], not_drawn(other, _WORDS["other"])


def _others(  # noqa: PLR0913
    given: pd.DataFrame, rows: pd.DataFrame, drawn: pd.DataFrame, words: Words, *, grid: Grid, kind: Kind
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the tiles of figures that aren't comparable, and the lines on how much is drawn."""
    known = Gazetteer.read()
    covered = (spoken(_WORDS["covered"]).format(len(drawn), grid),)
    all_rows = words.get("published")
    published = given if all_rows is None else all_rows
    if kind == "figures" or "unit_id" not in published:
        return drawn.iloc[:0], covered
    out = coded(not_comparable(rows.assign(geo_level="province"), published), grid, known, undated=True)
    out = out[~out["code"].isin([*drawn["code"]])]
    others = apart_tiles(out)
    lines = apart(rows.drop(columns="geo_level", errors="ignore"), out.assign(geo_level="province", area=""))
    missing = grid - len(drawn) - len(others)
    if all_rows is not None and missing:
        lines.append(nothing_found(missing, grid))
    figures = strings(out, "observation_id").groupby(out["code"]).agg(" ".join).reindex(others["code"])
    return others.assign(figures=list(figures)), (*covered, *lines)


def _figures(rows: pd.DataFrame, others: pd.DataFrame) -> dict[str, str]:
    """Return the figures behind each tile, drawn or not."""
    found = dict(zip(others["code"], others["figures"], strict=True)) if "figures" in others else {}
    if "observation_id" in rows:
        found |= {str(code): " ".join(ids) for code, ids in rows.groupby("code")["observation_id"]}
    return found


def _keys(
    drawn: pd.DataFrame,
    others: pd.DataFrame,
    classes: colour_classes.Classes | None,
    words: Words,
    grid: Grid,
) -> list[page.Key]:
    """Return the keys of classes, of several figures, of what isn't comparable, and of nothing known."""
    keys = classes.keys() if classes else []
    if drawn["value"].isna().any():
        keys.append(swatch_key(spoken(_WORDS["open"]), colour_classes.OPEN))
    if len(others):
        keys.append(swatch_key(spoken(APART), colour_classes.APART, colour_classes.APART_HATCH))
    if len(drawn) + len(others) < grid:
        keys.append(swatch_key(nothing_words(words), colour_classes.BLANK, colour_classes.HATCH))
    return keys


def _draw(  # noqa: PLR0913
    drawn: pd.DataFrame,
    others: pd.DataFrame,
    tiles: Sequence[Tile],
    around: page.Caption,
    figures: Mapping[str, str],
    *,
    grid: Grid,
    keys: Sequence[page.Key],
) -> page.Chart:
    columns, lines = max(tile.col for tile in tiles) + 1, max(tile.row for tile in tiles) + 1
    tall = _TALL[grid]
    row, column, free_rows, free_columns = free(tiles)
    chart, box = page.compose(drawn, around, height=lines * tall)
    wide = min(box.width / columns, _WIDEST_TILE)
    left = box.left + (box.width - columns * wide) / 2
    # The key stands in the largest empty part of the map, one entry a line as far as the words allow.
    room = free_columns * wide - 0.3
    width = min(room, max(key.width + 0.1 + widest([key.words], 7.8) for key in keys) + 0.05)
    above = box.top + row * tall + (free_rows * tall - page.keys_height(keys, width, stacked=True)) / 2
    page.draw_keys(
        chart, keys, left + column * wide + (0.05 if column == 0 else 0.25), above, width, stacked=True
    )
    axes = chart.place(left, box.top, columns * wide, lines * tall, label="map")
    axes.set(xlim=(0, columns * wide), ylim=(lines * tall, 0))
    axes.set_axis_off()
    shown = {
        row["code"]: (row["label"], row["text"], row["colour"], "", row["year"]) for row in records(drawn)
    }
    apart_texts = dict(zip(others["code"], others["text"], strict=True))
    fields = []
    for tile in tiles:
        text = apart_texts.get(tile.code, "")
        colour, hatch = (
            (colour_classes.APART, colour_classes.APART_HATCH)
            if text
            else (colour_classes.BLANK, colour_classes.HATCH)
        )
        place = page.Box(tile.col * wide, tile.row * tall, wide - _SEAM, tall - _SEAM)
        told = shown.get(tile.code, (tile.name, text, colour, hatch, ""))
        fields.append((place, told[2], told[3]))
        _write_tile(axes, place, grid, told)
        page.trace(axes, *place.ends, figures.get(tile.code))
    colour_classes.draw_fields(axes, fields)
    return chart
