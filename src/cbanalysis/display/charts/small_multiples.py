"""Small multiples: one panel a region, all on the same scales, the other regions in grey behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from cbanalysis.common.language import language, spoken, words_of
from cbanalysis.dataset.provinces import Gazetteer
from cbanalysis.display.charts import trend_lines
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn, untold
from cbanalysis.display.charts.labels_and_values import extremes, highlighted, values, years_text
from cbanalysis.display.charts.look import BLUE, HIGHLIGHT, PALE, SIZES
from cbanalysis.display.charts.marks import interval_keys, line_key
from cbanalysis.display.charts.page import Box, Caption, Chart, Key, compose, require_rows
from cbanalysis.display.charts.ranked_dots import draw_dots, ranked
from cbanalysis.display.charts.rows_page import rows_axes, write_labels
from cbanalysis.display.charts.text_width import line_height, text_width, widest, wrap
from cbanalysis.display.charts.value_axis import rate_limits, upright_axis
from cbanalysis.display.words import unit_of

_WORDS = words_of("charts.multiples")
_COLUMNS = 2
_GUTTER = 0.3


def _regions(frame: pd.DataFrame, gazetteer: Gazetteer) -> list[str]:
    if "unit_id" not in frame:
        return [""] * len(frame)
    return [gazetteer.by_id(str(unit)).region(language()) if unit else "" for unit in frame["unit_id"]]


def _order(rows: pd.DataFrame, gazetteer: Gazetteer) -> list[str]:
    """Return the regions that occur, from north to south."""
    units = {str(unit): gazetteer.by_id(str(unit)) for unit in rows["unit_id"].unique()}
    north: dict[str, list[float]] = {}
    for unit in units.values():
        north.setdefault(unit.region(language()), []).append(unit.lat or 0.0)
    return sorted(north, key=lambda region: -sum(north[region]) / len(north[region]))


@charted("year", "unit_id", rates=True)
def small_multiples(frame: pd.DataFrame, *, highlight: Collection[str] = (), **words: Unpack[Words]) -> Chart:
    """Draw one panel a region on shared scales: ranked dots for a single year, lines for several.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.add_rates`` with ``year`` and ``unit_id``, which tells the region.
    highlight : collection of str
        Labels (without ``*``) to set apart.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, with ``label`` and ``region``.

    Raises
    ------
    CbanalysisError
        If no row has a rate, a year and a region.
    """
    known = Gazetteer.read()
    placed = frame.assign(region=pd.Series(_regions(frame, known), index=frame.index, dtype="str"))
    rows = trend_lines.over_years(placed[placed["region"] != ""])
    require_rows(rows, "set of small multiples")
    over_time = len(rows["year"].unique()) > 1
    if not over_time:
        rows = ranked(rows)
    regions = _order(rows, known)
    counted = spoken(_WORDS["region" if len(regions) == 1 else "regions"]).format(len(regions))
    names = list(rows["label"])
    if over_time:
        names = [f"{label}, {when}" for label, when in zip(names, trend_lines.whens(rows), strict=True)]
    around = caption(
        rows,
        words,
        kind="small_multiples",
        says=f"{counted}, {years_text(rows)}. {extremes(rows, names)}",
        hidden=untold(words, not_drawn(len(frame) - len(rows), _WORDS["no region"])),
        across=("province", "period"),
    )
    keys = interval_keys(rows)
    if over_time:
        keys.append(line_key(spoken(_WORDS["others"]), PALE))
        return _lines(rows, around, keys, regions, highlight)
    return _dots(rows, around, keys, regions, highlight)


def _split(heights: Sequence[float]) -> int:
    """Return how many panels stand in the left column so that the taller column is as short as can be."""
    return min(range(1, len(heights) + 1), key=lambda count: max(sum(heights[:count]), sum(heights[count:])))


def _dots(
    rows: pd.DataFrame,
    words: Caption,
    keys: Sequence[Key],
    regions: Sequence[str],
    highlight: Collection[str],
) -> Chart:
    lines = [wrap(label, 1.35) for label in rows["label"]]
    steps = np.array([max(0.185, len(one) * line_height() + 0.02) for one in lines])
    told = values(rows)
    header, footer = 0.24, 0.36
    bodies = {region: float(steps[(rows["region"] == region).to_numpy()].sum()) for region in regions}
    heights = [header + bodies[region] + footer for region in regions]
    count = _split(heights)
    chart, box = compose(rows, words, height=max(sum(heights[:count]), sum(heights[count:])), keys=keys)
    left = widest([line for one in lines for line in one], weight="bold" if highlight else "normal") + 0.12
    right = widest(told) + 0.14
    panel = (box.width - _GUTTER) / _COLUMNS
    unit, limits = unit_of(rows), rate_limits(rows)
    top = box.top
    for number, region in enumerate(regions):
        edge = box.left + (panel + _GUTTER if number >= count else 0)
        top = box.top if number == count else top
        inside = (rows["region"] == region).to_numpy()
        own = rows[inside]
        centres = np.cumsum(steps[inside]) - steps[inside] / 2
        axes = chart.place(edge + left, top + header, panel - left - right, bodies[region], label=region)
        rows_axes(axes, bodies[region], limits, unit)
        _thin_ticks(axes, panel - left - right)
        own_lines = [one for one, chosen in zip(lines, inside, strict=True) if chosen]
        write_labels(axes, list(own["label"]), own_lines, centres.tolist(), highlight)
        draw_dots(axes, own, centres.tolist(), highlight)
        chart.write(edge, top, f"{region} ({len(own)})", weight="bold")
        own_values = [one for one, chosen in zip(told, inside, strict=True) if chosen]
        for value, centre in zip(own_values, centres, strict=True):
            chart.write(edge + panel, top + header + centre - line_height() / 2, value, align="right")
        top += header + bodies[region] + footer
    return chart


def _thin_ticks(axes: Axes, width: float) -> None:
    """Leave out every other tick label where the panel is too narrow for all of them."""
    names = [label.get_text() for label in axes.get_xticklabels()]
    if sum(text_width(one) + 0.12 for one in names) > width:
        axes.set_xticks(axes.get_xticks(), [one if at % 2 == 0 else "" for at, one in enumerate(names)])


def _lines(
    rows: pd.DataFrame,
    words: Caption,
    keys: Sequence[Key],
    regions: Sequence[str],
    highlight: Collection[str],
) -> Chart:
    names_of = list(rows["label"].unique())
    shades = {name: HIGHLIGHT if highlighted(name, highlight) else BLUE for name in names_of}
    panels = {region: rows[rows["region"] == region] for region in regions}
    ends = {region: trend_lines.end_labels(own, shades, highlight, 1.3) for region, own in panels.items()}
    texts = [line for one in ends.values() for label in one for line in label.lines]
    right = 0.24 + widest(texts, SIZES["small"], "bold" if highlight else "normal")
    left, header, footer = 0.45, 0.26, 0.36
    body = max(1.6, *(_labels_height(one) for one in ends.values()))
    layers = -(-len(regions) // _COLUMNS)
    chart, box = compose(rows, words, height=layers * (header + body + footer), keys=keys)
    panel = (box.width - _GUTTER / 2) / _COLUMNS
    unit, limits = unit_of(rows), rate_limits(rows)
    first, last = int(rows["year"].min()), int(rows["year"].max())
    stretches = {region: trend_lines.runs(own) for region, own in panels.items()}
    for number, region in enumerate(regions):
        edge = box.left + (number % _COLUMNS) * (panel + _GUTTER / 2)
        top = box.top + (number // _COLUMNS) * (header + body + footer)
        plot = Box(edge + left, top + header, panel - left - right, body)
        axes = chart.place(plot.left, plot.top, plot.width, plot.height, label=region)
        upright_axis(axes, limits, unit)
        trend_lines.year_axis(axes, rows, first, last, plot.width)
        others = [
            stretch[["at", "rate"]].to_numpy(dtype="float64")
            for where, behind in stretches.items()
            if where != region
            for stretch, _ in behind
        ]
        pale = LineCollection(others, colors=PALE, linewidth=0.6, zorder=1.1, label="other region")
        axes.add_collection(pale, autolim=False)
        trend_lines.draw_series(axes, panels[region], shades, stretches[region], intervals=False, size=18)
        trend_lines.draw_end_labels(chart, axes, ends[region], plot)
        chart.write(edge, top, f"{region} ({panels[region]['label'].nunique()})", weight="bold")
    return chart


def _labels_height(ends: Sequence[trend_lines.EndLabel]) -> float:
    return len(ends) * max(len(one.lines) for one in ends) * line_height(SIZES["small"])
