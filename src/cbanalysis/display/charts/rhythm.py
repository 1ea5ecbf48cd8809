"""A year's rhythm: rates of the twelve months, one line a reading."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.display.charts.caption import caption
from cbanalysis.display.charts.drawn import not_drawn
from cbanalysis.display.charts.given import Said, Words, charted
from cbanalysis.display.charts.look import BLUE, MARGIN, VERMILLION, WIDTH
from cbanalysis.display.charts.marks import draw_marks, line_key, percent_axis, percent_limits
from cbanalysis.display.charts.page import Box, Chart, compose, require_rows
from cbanalysis.display.charts.texts import extremes

_WORDS = words_of("charts.rhythm")
_LOOKS: tuple[tuple[str, str | tuple[int, tuple[float, float]]], ...] = (
    (BLUE, "-"),
    (VERMILLION, (0, (4.0, 2.0))),
)
_MONTHS = {
    "vi": tuple(f"Th{month}" for month in range(1, 13)),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


@charted("base_of", "month", "indicator", rates=True, maker="cb.records.over_the_year")
def rhythm(
    rated: pd.DataFrame,
    **words: Unpack[Words],
) -> Chart:
    """Draw the rates of the months of a year, one line for each base that the rates are shares of.

    Parameters
    ----------
    rated : DataFrame
        Rows of ``rates.add_rates`` with ``month`` (1 to 12), one a month and ``base_of``.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn.

    Raises
    ------
    CbanalysisError
        If there is no row with a rate, or more than two bases.
    """
    said = Said(**words)
    rows = rated[rated["rate"].notna()].sort_values(["base_of", "month"], ignore_index=True)
    require_rows(rows, "chart of the months")
    readings = list(dict.fromkeys(rows["base_of"]))
    if len(readings) > len(_LOOKS):
        raise CbanalysisError(f"a chart of the months takes two bases, these are {len(readings)}")
    bases = Catalogue.read().indicator(str(rows["indicator"].iloc[0])).bases
    months = [spoken(_MONTHS)[int(month) - 1] for month in rows["month"]]
    around = caption(
        # the twelve months may stand for those of several years
        rows.drop(columns="year", errors="ignore"),
        said,
        kind="rhythm",
        picture=spoken(_WORDS["picture"]),
        says=extremes(rows, months),
        notes=[not_drawn(hidden)] if (hidden := len(rated) - len(rows)) else [],
        across=None,
    )
    keys = [
        line_key(spoken(bases[reading]) if reading in bases else reading, *look)
        for reading, look in zip(readings, _LOOKS, strict=False)
    ]
    left, height = 0.5, 2.8
    width = WIDTH - 2 * MARGIN - left - 0.15
    chart, box = compose(rows, around, height=height + 0.48, keys=keys)
    plot = Box(box.left + left, box.top + 0.12, width, height)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="rhythm")
    percent_axis(axes, percent_limits(rows["rate_low"], rows["rate_high"]), along="y")
    axes.set_xlim(0.5, 12.5)
    axes.xaxis.set_ticks(list(range(1, 13)), list(spoken(_MONTHS)))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    for reading, (colour, style) in zip(readings, _LOOKS, strict=False):
        mine = rows[rows["base_of"] == reading]
        axes.plot(mine["month"], mine["rate"], color=colour, linestyle=style, label=f"line {reading}")
        draw_marks(axes, mine, mine["month"].astype("float64"), along="y", colours=colour, size=24, half=0.07)
    return chart
