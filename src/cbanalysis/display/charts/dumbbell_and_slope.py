"""Two years beside each other: dumbbells (how far each place moved) and slopes (who passed whom)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import Language, spoken, words_of
from cbanalysis.dataset.catalogue import Unit
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn
from cbanalysis.display.charts.label_places import spread
from cbanalysis.display.charts.labels_and_values import highlighted, labels, points, some, weight_of
from cbanalysis.display.charts.look import BLUE, GREY, MUTED, PALE, SIZES, VERMILLION
from cbanalysis.display.charts.marks import line_key, point_key
from cbanalysis.display.charts.page import Box, Caption, Chart, Key, compose, require_rows, trace
from cbanalysis.display.charts.rows_page import Column, Lines, rows_page
from cbanalysis.display.charts.text_width import line_height, widest
from cbanalysis.display.charts.value_axis import percent_limits
from cbanalysis.display.words import alphabetical, amount, unit_of

_WORDS = words_of("charts.change")
_WAYS: dict[str, tuple[str, str, dict[Language, str]]] = {
    "up": (BLUE, ">", _WORDS["up"]),
    "down": (VERMILLION, "<", _WORDS["down"]),
    "open": (GREY, "D", _WORDS["open"]),
}
_BRACKETS = words_of("charts.change-brackets")
_CHANGED = ("rate_first", "rate_last", "difference", "difference_low", "difference_high", "interval")


def _way(low: float, high: float, difference: float) -> str:
    if low <= 0 <= high or difference == 0:
        return "open"
    return "up" if difference > 0 else "down"


def _moved(changed: pd.DataFrame) -> pd.DataFrame:
    rows = changed[changed["difference"].notna()]
    names = pd.Series(labels(rows), index=rows.index, dtype="str")
    limits = zip(rows["difference_low"], rows["difference_high"], rows["difference"], strict=True)
    ways = pd.Series([_way(*three) for three in limits], index=rows.index, dtype="str")
    moves = rows["difference"].to_numpy()
    order = sorted(range(len(rows)), key=lambda at: (-moves[at], alphabetical(names.iloc[at])))
    return rows.assign(label=names, way=ways).iloc[order].reset_index(drop=True)


def _points_in(unit: Unit) -> str:
    return spoken(unit.name) if unit.own else spoken(_WORDS["points"])


def _change_text(row: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    """Return the change and its limits, in the brackets of their kind."""
    change = points(row["difference"], unit.decimals)
    if pd.isna(row["difference_low"]) or pd.isna(row["difference_high"]):
        return change, ""
    opening, closing = {"newcombe": ("(", ")"), "one_base": ("{", "}")}.get(row["interval"], ("[", "]"))
    joined = spoken({"vi": "; ", "en": " to "})
    # as many decimals as tell the limits apart
    for decimals in range(unit.decimals, unit.decimals + 3):
        low, high = (points(row[f"difference_{side}"], decimals) for side in ("low", "high"))
        if low != high:
            break
    return change, f"{opening}{low}{joined}{high}{closing}"


def _bracket_notes(rows: pd.DataFrame, unit: Unit) -> list[str]:
    kinds = set(rows.loc[rows["difference_low"].notna(), "interval"])
    kinds = {f"{kind} own" if unit.own else kind for kind in kinds}
    there = [spoken(_BRACKETS[kind]) for kind in _BRACKETS if kind in kinds]
    return ["; ".join(there) + "."] if there else []


def _says(rows: pd.DataFrame, unit: Unit) -> str:
    most, least = (
        f"{row['label']} ({points(row['difference'], unit.decimals)} {_points_in(unit)})"
        for row in some(rows.iloc[[0, -1]], "label", "difference")
    )
    sentence = _WORDS["only" if most == least else "ends"]
    return spoken(sentence).format(count=len(rows), most=most, least=least)


def _used(rows: pd.DataFrame, rated: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Return the rows that changes were made of, if they are of the years that the picture names."""
    sides = [rated["observation_id"].isin(rows[f"observation_id_{side}"]) for side in ("first", "last")]
    for own, year in zip(sides, years, strict=True):
        if found := sorted({*rated.loc[own, "year"].dropna()} - {year}):
            raise CbanalysisError(f"these changes hold figures of {found[0]}, not of {year}")
    return rated[sides[0] | sides[1]]


def _captioned(
    changed: pd.DataFrame, rated: pd.DataFrame, words: Words, kind: str, years: tuple[int, int]
) -> tuple[pd.DataFrame, Caption]:
    """Return the rows that can be drawn, and the words around them."""
    rows = _moved(changed)
    require_rows(rows, f"{kind} chart")
    return rows, caption(
        _used(rows, rated, years),
        words,
        kind=kind,
        picture=spoken(_WORDS[kind]).format(*years),
        says=_says(rows, unit_of(rated)),
        notes=_bracket_notes(rows, unit_of(rated)) if kind == "dumbbell" else [],
        hidden=not_drawn(len(changed) - len(rows), _WORDS["hidden"]),
        across=("province", "period"),
    )


def _way_keys(rows: pd.DataFrame, marker: Literal["arrow", "line"]) -> list[Key]:
    keys = []
    for way, (colour, shape, words) in _WAYS.items():
        if (rows["way"] == way).any():
            key = (
                point_key(spoken(words), colour, shape)
                if marker == "arrow"
                else line_key(spoken(words), colour)
            )
            keys.append(key)
    return keys


@charted(*_CHANGED, maker="cb.rates.change", narrow=True)
def dumbbell(
    changed: pd.DataFrame,
    rated: pd.DataFrame,
    *,
    first: int,
    last: int,
    highlight: Collection[str] = (),
    **words: Unpack[Words],
) -> Chart:
    """Draw each place's rate in two years, joined, the largest rise first, with the change in words beside.

    Parameters
    ----------
    changed : DataFrame
        What ``rates.change`` returned: ``rate_first``, ``rate_last`` (percent), ``difference`` and its limits
        (percentage points).
    rated : DataFrame
        The rows given to ``rates.change``; subject, base and sources are read from those it used.
    first, last : int
        The two years.
    highlight : collection of str
        Labels (without ``*``) set in bold.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in their order, with ``label`` and ``way`` (up, down, open).

    Raises
    ------
    CbanalysisError
        If no place has a value in both years.
    """
    rows, around = _captioned(changed, rated, words, "dumbbell", (first, last))
    stacked = Lines.of(list(rows["label"]), row=0.25 if len(rows) <= 25 else 0.2)
    keys = [point_key(str(first), GREY), *_way_keys(rows, "arrow")]
    keys[1:] = [Key(f"{last}: {key.words}", key.symbol, key.width) for key in keys[1:]]
    unit = unit_of(rated)
    heading = spoken(_WORDS["heading"]).format(_points_in(unit))
    texts = [_change_text(row, unit) for row in some(rows, *_CHANGED)]
    changes, limits = (tuple(cells) for cells in zip(*texts, strict=True))
    columns = [Column("", changes), Column(heading, limits, MUTED, SIZES["small"])]
    chart, axes, _ = rows_page(
        rows,
        around,
        stacked,
        limits=percent_limits(rows["rate_first"], rows["rate_last"], unit=unit),
        unit=unit,
        columns=columns if any(limits) else [Column(heading, changes)],
        keys=keys,
        highlight=highlight,
        name="dumbbell",
    )
    _draw_dumbbells(axes, rows, stacked.centres)
    return chart


def _draw_dumbbells(axes: Axes, rows: pd.DataFrame, centres: np.ndarray) -> None:
    shades = [_WAYS[way][0] for way in rows["way"]]
    first, last = rows["rate_first"], rows["rate_last"]
    axes.hlines(centres, first, last, colors=shades, linewidth=1.8, zorder=2, label="change")
    axes.scatter(first, centres, c=GREY, s=26, linewidth=0, zorder=3, clip_on=False, label="first")
    for way, (colour, marker, _) in _WAYS.items():
        chosen = (rows["way"] == way).to_numpy()
        if chosen.any():
            size = 44 if way != "open" else 24
            points = axes.scatter(last[chosen], centres[chosen], c=colour, marker=marker, s=size, linewidth=0)
            points.set(zorder=4, clip_on=False, label=f"last {way}")
    _trace(axes, rows, zip(centres, centres, strict=True), upright=False)


def _trace(axes: Axes, rows: pd.DataFrame, places: Iterable[tuple[float, float]], *, upright: bool) -> None:
    """Lead from both ends of each change to their figures; ``places`` lie on the other axis."""
    ids = ("observation_id_first", "observation_id_last")
    for row, ends in zip(some(rows, "rate_first", "rate_last", *ids), places, strict=True):
        for side, place in zip(("first", "last"), ends, strict=True):
            rate = (row[f"rate_{side}"],)
            across, along = ((place,), rate) if upright else (rate, (place,))
            trace(axes, across, along, row.get(f"observation_id_{side}"))


@charted(*_CHANGED, maker="cb.rates.change")
def slope(
    changed: pd.DataFrame,
    rated: pd.DataFrame,
    *,
    first: int,
    last: int,
    highlight: Collection[str] = (),
    **words: Unpack[Words],
) -> Chart:
    """Draw each place's rate in two years as a line between two scales, named at both ends.

    Parameters
    ----------
    changed : DataFrame
        What ``rates.change`` returned: ``rate_first``, ``rate_last`` (percent), ``difference`` and its limits
        (percentage points).
    rated : DataFrame
        The rows given to ``rates.change``; subject, base and sources are read from those it used.
    first, last : int
        The two years.
    highlight : collection of str
        Labels (without ``*``) set in bold.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, with ``label`` and ``way`` (up, down, open).

    Raises
    ------
    CbanalysisError
        If no place has a value in both years.
    """
    rows, around = _captioned(changed, rated, words, "slope", (first, last))
    pitch = line_height()
    sides = {side: _side(rows, side, unit_of(rated)) for side in ("first", "last")}
    body, header = max(3.2, len(rows) * pitch * 1.02), 0.28
    chart, box = compose(rows, around, height=header + body + 0.12, keys=_way_keys(rows, "line"))
    bold = "bold" if highlight else "normal"
    room = {side: widest(texts, weight=bold) + 0.32 for side, texts in sides.items()}
    plot = Box(box.left + room["first"], box.top + header, box.width - sum(room.values()), body)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="slope")
    both = pd.concat([rows["rate_first"], rows["rate_last"]])
    ease = max((both.max() - both.min()) * 0.04, 0.5)
    limits = float(both.min() - ease), float(both.max() + ease)
    axes.set(xlim=(0, 1), ylim=limits, xticks=[], yticks=[])
    axes.spines[["left", "right"]].set_visible(True)
    axes.spines["bottom"].set_visible(False)
    _draw_slopes(axes, rows, highlight)
    for side, year in (("first", first), ("last", last)):
        at = plot.left + (plot.width if side == "last" else 0.0)
        chart.write(at, box.top, str(year), weight="bold", align="center")
        named = list(zip(rows["label"], sides[side], rows[f"rate_{side}"], strict=True))
        _name_ends(axes, plot, limits, named, highlight, sign=-1 if side == "first" else 1)
    return chart


def _side(rows: pd.DataFrame, side: str, unit: Unit) -> list[str]:
    """Return the words at one end of each slope: name and value, the value next to the line."""
    told = [amount(value, unit, decimals=unit.decimals) for value in rows[f"rate_{side}"]]
    pairs = zip(rows["label"], told, strict=True)
    return ["  ".join(pair if side == "first" else pair[::-1]) for pair in pairs]


def _draw_slopes(axes: Axes, rows: pd.DataFrame, highlight: Collection[str]) -> None:
    for row in some(rows, "label", "way", "rate_first", "rate_last"):
        strong = highlighted(row["label"], highlight)
        width, size, order = (2.6, 5.5, 3) if strong else (0.9 if highlight else 1.3, 4.0, 2)
        look: dict[str, Any] = {"linewidth": width, "marker": "o", "markersize": size, "zorder": order}
        look["color"] = _WAYS[row["way"]][0]
        rates = [row["rate_first"], row["rate_last"]]
        axes.plot([0, 1], rates, **look, clip_on=False, label=f"slope {row['label']}")
    _trace(axes, rows, [(0.0, 1.0)] * len(rows), upright=True)


def _name_ends(  # noqa: PLR0913
    axes: Axes,
    plot: Box,
    limits: tuple[float, float],
    named: Sequence[tuple[str, str, float]],
    highlight: Collection[str],
    *,
    sign: int,
) -> None:
    """Write the words at one end of all slopes, apart from each other, each tied to its end."""
    low, high = limits
    pitch, edge = line_height(), float(sign > 0)
    chart = axes.get_figure(root=True)
    wanted = [(high - value) / (high - low) * plot.height - pitch / 2 for _, _, value in named]
    tops = spread(wanted, pitch, -pitch / 2, plot.height)
    beside, align = plot.left + plot.width * edge + sign * 0.28, "right" if sign < 0 else "left"
    for (label, text, _), wish, top in zip(named, wanted, tops, strict=True):
        weight = weight_of(label, highlight)
        chart.write(beside, plot.top + top, text, weight=weight, align=align)  # type: ignore[union-attr]
        ends = [high - (high - low) * (value + pitch / 2) / plot.height for value in (wish, top)]
        across = [edge + sign * 0.07 / plot.width, edge + sign * 0.25 / plot.width]
        axes.plot(across, ends, color=PALE, linewidth=0.7, clip_on=False, zorder=1, label="leader")
