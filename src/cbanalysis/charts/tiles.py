"""The tile-grid map: one tile a province, value as text and as colour, hatching where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.catalogue import Catalogue, Language
from cbanalysis.charts.caption import (
    caption,
    extremes,
    not_drawn,
    records,
    years_text,
)
from cbanalysis.charts.grid import (
    GRIDS,
    Grid,
    Tile,
    coded,
    counted_tiles,
    elsewhere,
    free,
    rated_tiles,
    tiles_of,
)
from cbanalysis.charts.marks import line_key, swatch_key
from cbanalysis.charts.shades import (
    BLANK,
    HATCH,
    OPEN,
    Classes,
    count_classes,
    draw_keys,
    field,
    fitting,
    ink_on,
    keys_height,
    unit_classes,
)
from cbanalysis.charts.style import (
    INK,
    MUTED,
    Box,
    Caption,
    Chart,
    Key,
    compose,
    nfc,
    require_rows,
    styled,
    text_width,
    trace,
    widest,
    wrap,
)
from cbanalysis.errors import CbanalysisError
from cbanalysis.provinces import Gazetteer
from cbanalysis.words import unit_of

__all__ = ["tile_map"]

Kind = Literal["rate", "count"]

_TALL: dict[Grid, float] = {63: 0.47, 34: 0.56}
_NAME_SIZE: dict[Grid, float] = {63: 6.6, 34: 7.6}
_VALUE_SIZE: dict[Grid, float] = {63: 7.4, 34: 8.6}
_LEAST = 5.4
_WIDEST_TILE = 1.02
_SEAM = 0.03
_PICTURE = {"vi": "Bản đồ ô lưới {} tỉnh, thành phố", "en": "Tile-grid map of {} provinces"}
_WORDS: dict[str, dict[Language, str]] = {
    "covered": {"vi": "{}/{} tỉnh có số liệu", "en": "{} of {} provinces have data"},
    "nothing": {"vi": "không có số liệu", "en": "no data"},
    "open": {
        "vi": "không có một giá trị duy nhất (mức sàn, khoảng, nhiều số liệu)",
        "en": "no single value (floor, range, several figures)",
    },
    "region": {"vi": "ranh giới vùng", "en": "border of a region"},
    "other": {"vi": "không phải số liệu cấp tỉnh", "en": "not of province level"},
    "counts": {
        "vi": "Số lượng số liệu đã công bố, theo tỉnh",
        "en": "Number of published figures, by province",
    },
    "unit": {
        "vi": "số liệu (mỗi số liệu là một con số được in)",
        "en": "figures (each one a printed number)",
    },
    "most": {"vi": "Nhiều nhất: {}.", "en": "Most: {}."},
}


def _lines(name: str, width: float, size: float) -> list[str]:
    """Return a name on one line, or broken behind its dash (Bà Rịa - / Vũng Tàu) or where a line is full."""
    first, dash, second = name.partition(" - ")
    if dash and text_width(name, size) > width:
        return [f"{first} -", second]
    return wrap(name, width, size)


def _draw_tile(
    axes: Axes, tile: Tile, shape: tuple[float, float], grid: Grid, shown: tuple[str, str, str, str]
) -> None:
    """Draw one tile: its field, its name on one or two lines, its value."""
    name, text, colour, hatch = shown
    wide, tall = shape
    left, top = tile.column * wide, tile.row * tall
    inner = wide - _SEAM
    patch = field(axes, Box(left, top, inner, tall - _SEAM), colour, hatch)
    patch.set_gid(f"tile-{tile.code}")
    ink = MUTED if hatch else ink_on(colour)
    lines = _lines(name, inner - 0.05, _NAME_SIZE[grid])
    size = min(fitting(line, inner - 0.05, _NAME_SIZE[grid], _LEAST) for line in lines)
    pitch = size * 1.27 / 72
    value_size = fitting(text, inner - 0.05, _VALUE_SIZE[grid], _LEAST, "bold")
    height = len(lines) * pitch + (value_size * 1.3 / 72 if text else 0)
    baseline = top + (tall - _SEAM - height) / 2 + size * 0.98 / 72
    for step, line in enumerate(lines):
        axes.text(
            left + inner / 2,
            baseline + step * pitch,
            line,
            size=size,
            color=ink,
            ha="center",
            va="baseline",
            zorder=4,
            bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.2} if hatch else None,
        )
    if text:
        under = baseline + (len(lines) - 1) * pitch + value_size * 1.3 / 72
        axes.text(
            left + inner / 2,
            under,
            text,
            size=value_size,
            color=ink,
            ha="center",
            va="baseline",
            weight="bold",
            zorder=4,
        )


def _draw_borders(axes: Axes, tiles: Sequence[Tile], wide: float, tall: float) -> None:
    """Draw a line between neighbouring tiles of different regions."""
    regions = {(tile.row, tile.column): tile.region for tile in tiles}
    for (row, column), region in regions.items():
        right, below = regions.get((row, column + 1), region), regions.get((row + 1, column), region)
        x, y, seam = (column + 1) * wide - _SEAM / 2, (row + 1) * tall - _SEAM / 2, _SEAM / 2
        if right != region:
            axes.plot(
                [x, x], [y - tall + seam, y - seam], color=INK, linewidth=1.6, solid_capstyle="butt", zorder=3
            )
        if below != region:
            axes.plot(
                [x - wide + seam, x - seam], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt", zorder=3
            )


def _caption(  # noqa: PLR0913
    rows: pd.DataFrame,
    drawn: pd.DataFrame,
    *,
    grid: Grid,
    kind: Kind,
    lang: Language,
    title: str | None,
    name: str | None,
    notes: Sequence[str],
    catalogue: Catalogue | None,
) -> Caption:
    picture = _PICTURE[lang].format(grid)
    covered = _WORDS["covered"][lang].format(len(drawn), grid)
    if kind == "count":
        most = drawn.sort_values("value", ascending=False, kind="stable").head(3)
        told = ", ".join(f"{label} {text}" for label, text in zip(most["label"], most["text"], strict=True))
        says, unit = _WORDS["most"][lang].format(told), ""
        title = title or _WORDS["counts"][lang]
    else:
        points = drawn.assign(rate=drawn["value"])
        says, unit = (
            extremes(points.drop(columns="value"), list(points["label"]), lang),
            unit_of(rows).name[lang],
        )
    # Coverage is counted in tiles here, so the words made from rows must not count it again.
    words = caption(
        rows.drop(columns=["geo_level", *(["indicator"] if kind == "count" else [])], errors="ignore"),
        kind=f"tile_map_{grid}" + ("_count" if kind == "count" else ""),
        picture=picture,
        says=f"{covered}. {says}",
        lang=lang,
        title=title,
        name=name,
        unit=unit,
        notes=(covered, *notes),
        catalogue=catalogue,
    )
    if kind == "count":
        about = " · ".join(part for part in (_WORDS["unit"][lang], years_text(rows, lang)) if part)
        words = replace(words, subtitle=nfc(about))
    return words


@styled
def tile_map(  # noqa: PLR0913
    values: pd.DataFrame,
    *,
    grid: Grid = 63,
    kind: Kind = "rate",
    lang: Language = "vi",
    title: str | None = None,
    name: str | None = None,
    regions: bool = False,
    notes: Sequence[str] = (),
    catalogue: Catalogue | None = None,
    gazetteer: Gazetteer | None = None,
) -> Chart:
    """Draw provinces as equal tiles near where they lie: value as text and as colour, hatching without data.

    Parameters
    ----------
    values : DataFrame
        With ``unit_id``. For ``kind="rate"`` rows of ``rates.add_rates`` at province level (``rate`` in
        percent; ``interval`` tells floors and ranges); for ``kind="count"`` one row a published figure of any
        level, or ``figures`` as a number of them.
    grid : {63, 34}
        Provinces until 2025-06-30, or since 2025-07-01.
    kind : {"rate", "count"}
        What a tile shows: a rate, or how many figures were published.
    lang : {"vi", "en"}
        Language of all words.
    title : str, optional
        The finding; the subject when not given.
    name : str, optional
        File stem.
    regions : bool
        Whether to draw the borders of the regions.
    notes : sequence of str
        Further lines below the map.
    catalogue, gazetteer : optional
        Those that ship with the package when not given.

    Returns
    -------
    Chart
        ``frame`` has one row a tile with data, in the grid's order: ``code``, ``label``, ``value`` (NaN where
        several figures, a floor or a range leave no single one), ``text``, ``colour``.

    Raises
    ------
    CbanalysisError
        If no row belongs to a tile of the grid, or ``grid`` or ``kind`` is another one.
    """
    if grid not in GRIDS or kind not in ("rate", "count"):
        raise CbanalysisError(
            f"no tile map of {grid!r} provinces and kind {kind!r}; allowed: 63 or 34, rate or count"
        )
    known = gazetteer or Gazetteer.read()
    said: list[str] = []
    rows = coded(values, grid, known)
    if kind == "rate":
        level = (
            rows["geo_level"] == "province" if "geo_level" in rows else pd.Series(data=True, index=rows.index)
        )
        known_value = rows[[one for one in ("rate", "rate_low") if one in rows]].notna().any(axis=1)
        if other := int((~level & known_value).sum()):
            said.append(not_drawn(other, lang, _WORDS["other"]))
        rows = rows[level & known_value]
    said = [*elsewhere(rows, grid, known, lang), *said]
    rows = rows[rows["code"] != ""]
    tiles = tiles_of(grid, known, lang)
    found = rated_tiles(rows, lang) if kind == "rate" else counted_tiles(rows, lang)
    require_rows(found, "tile map")
    order = {tile.code: step for step, tile in enumerate(tiles)}
    labels = {tile.code: tile.name for tile in tiles}
    drawn = found.sort_values("code", key=lambda codes: codes.map(order)).reset_index(drop=True)
    starred = [
        labels[one] + "*" * (basis == "inferred")
        for one, basis in zip(drawn["code"], drawn["province_basis"], strict=True)
    ]
    points = drawn["value"].dropna()
    classes: Classes | None = None
    if len(points):
        classes = unit_classes(points, unit_of(rows)) if kind == "rate" else count_classes(points)
    shades = [
        OPEN if classes is None or pd.isna(value) else classes.colour(value) for value in drawn["value"]
    ]
    drawn = drawn.assign(label=starred, colour=shades)[
        ["code", "label", "value", "text", "province_basis", "colour"]
    ]
    words = _caption(
        rows,
        drawn,
        grid=grid,
        kind=kind,
        lang=lang,
        title=title,
        name=name,
        notes=(*notes, *said),
        catalogue=catalogue,
    )
    figures = (
        {str(code): " ".join(ids) for code, ids in rows.groupby("code")["observation_id"]}
        if "observation_id" in rows
        else {}
    )
    return _draw(
        drawn,
        tiles,
        words,
        figures,
        grid=grid,
        keys=_keys(drawn, classes, grid, lang, regions=regions),
        regions=regions,
    )


def _keys(
    drawn: pd.DataFrame, classes: Classes | None, grid: Grid, lang: Language, *, regions: bool
) -> list[Key]:
    keys = classes.keys(lang) if classes else []
    if drawn["value"].isna().any():
        keys.append(swatch_key(_WORDS["open"][lang], OPEN))
    if len(drawn) < grid:
        keys.append(swatch_key(_WORDS["nothing"][lang], BLANK, HATCH))
    if regions:
        keys.append(line_key(_WORDS["region"][lang], INK, linewidth=1.6))
    return keys


def _draw(  # noqa: PLR0913
    drawn: pd.DataFrame,
    tiles: Sequence[Tile],
    words: Caption,
    figures: Mapping[str, str],
    *,
    grid: Grid,
    keys: Sequence[Key],
    regions: bool,
) -> Chart:
    columns, lines = max(tile.column for tile in tiles) + 1, max(tile.row for tile in tiles) + 1
    tall = _TALL[grid]
    row, column, free_rows, free_columns = free(tiles)
    chart, box = compose(drawn, words, height=lines * tall)
    wide = min(box.width / columns, _WIDEST_TILE)
    left = box.left + (box.width - columns * wide) / 2
    # The key stands in the largest empty part of the map, one entry a line as far as the words allow.
    room = free_columns * wide - 0.3
    width = min(room, max(key.width + 0.1 + widest([key.words], 7.8) for key in keys) + 0.05)
    above = box.top + row * tall + (free_rows * tall - keys_height(keys, width, stacked=True)) / 2
    draw_keys(chart, keys, left + column * wide + (0.05 if column == 0 else 0.25), above, width, stacked=True)
    axes = chart.place(left, box.top, columns * wide, lines * tall, label="map")
    axes.set(xlim=(0, columns * wide), ylim=(lines * tall, 0))
    axes.set_axis_off()
    rows = {record["code"]: record for record in records(drawn)}
    for tile in tiles:
        record = rows.get(tile.code)
        shown = (
            (record["label"], record["text"], record["colour"], "")
            if record
            else (tile.name, "", BLANK, HATCH)
        )
        _draw_tile(axes, tile, (wide, tall), grid, shown)
        across, along = tile.column * wide, tile.row * tall
        ends = (across, across + wide - _SEAM), (along, along + tall - _SEAM)
        trace(axes, ends[0], ends[1], figures.get(tile.code))
    if regions:
        _draw_borders(axes, tiles, wide, tall)
    return chart
