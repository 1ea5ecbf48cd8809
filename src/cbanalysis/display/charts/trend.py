"""Trends: one line a place over the years, never across a change of definition; policy events as flags."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Unpack

import pandas as pd

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Event
from cbanalysis.dataset.observations.places_and_years import places
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn, untold
from cbanalysis.display.charts.event_lines import banners, draw_banners, flags_of
from cbanalysis.display.charts.labels_and_values import MEASURE, extremes, highlighted, years_text
from cbanalysis.display.charts.look import (
    GREY,
    HIGHLIGHT,
    INK,
    MARGIN,
    SERIES,
    SIZES,
    page_width,
)
from cbanalysis.display.charts.marks import interval_keys, line_key
from cbanalysis.display.charts.page import Box, Chart, compose, require_rows
from cbanalysis.display.charts.text_width import line_height, widest
from cbanalysis.display.charts.trend_lines import (
    draw_end_labels,
    draw_series,
    end_labels,
    over_years,
    runs,
    whens,
    year_axis,
)
from cbanalysis.display.charts.value_axis import rate_limits, upright_axis
from cbanalysis.display.words import unit_of

_WORDS = words_of("charts.trend")
_MOST_INTERVALS = 40  # more points than this hide each other's intervals


def _shades(rows: pd.DataFrame, highlight: Collection[str]) -> dict[str, str]:
    # by the places themselves, lest a place have another colour in the other language
    key = [one for one in (*MEASURE, "observation_id") if one in rows]
    named = rows.assign(_place=places(rows)).sort_values(["_place", *key], kind="stable")
    names = [str(name) for name in named["label"].unique()]
    few = len(names) <= len(SERIES) and not highlight
    shades = {name: SERIES[index] if few else GREY for index, name in enumerate(names)}
    shades |= {name: HIGHLIGHT for name in names if highlighted(name, highlight)}
    if "geo_level" in rows:
        shades |= {str(name): INK for name in rows.loc[rows["geo_level"] == "country", "label"].unique()}
    return shades


def _says(rows: pd.DataFrame, series: int) -> str:
    counted = spoken({"vi": f"Có {series} chuỗi số liệu", "en": f"{series} series"})
    dated = [f"{label}, {when}" for label, when in zip(rows["label"], whens(rows), strict=True)]
    return f"{counted}, {years_text(rows)}. {extremes(rows, dated)}"


@charted("year", rates=True, narrow=True)
def trend(
    frame: pd.DataFrame,
    *,
    events: Sequence[str | Event] = (),
    span: tuple[int, int] | None = None,
    highlight: Collection[str] = (),
    **words: Unpack[Words],
) -> Chart:
    """Draw places over the years: a point only where a figure was published, each line named at its end.

    A line never crosses a change of rating scheme, definition or base; it is dotted where years without a
    figure lie between. Several figures for one place and year stay as points that no line joins; quarters and
    months stand in the middle of their periods.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``rates.add_rates`` with ``year``, and ``period_start``, ``period_end`` for quarters, months.
    events : str or sequence of str or Event
        Policy events to flag: those with this ``effect_on`` (e.g. ``"office_cell"``), or the ones given.
        Those outside the years drawn stay away.
    span : tuple of int, optional
        The axis shows at least these years (first, last), e.g. to show what came before and after.
    highlight : collection of str
        Labels (without ``*``) to set apart; the other lines turn grey.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, by label and time.

    Raises
    ------
    CbanalysisError
        If no row has both a year and a rate, a floor or a range.
    """
    rows = over_years(frame)
    require_rows(rows, "line chart")
    shades = _shades(rows, highlight)
    first, last = (int(edge) for edge in rows["year"].agg(["min", "max"]))
    if span is not None:
        first, last = min(first, *span), max(last, *span)
    flags = flags_of(rows, events, (first, last))
    names = end_labels(rows, shades, highlight)
    few = len(rows) <= _MOST_INTERVALS
    lines = [] if few else [spoken(_WORDS["no intervals"])]
    told = (f"{flag.words[:1].upper()}{flag.words[1:]}." for flag in flags)
    around = caption(
        rows,
        words,
        kind="trend",
        says=" ".join([_says(rows, len(names)), *told]),
        notes=lines,
        hidden=untold(words, not_drawn(len(frame) - len(rows), _WORDS["no year"])),
        across=("province", "period"),
    )
    keys = interval_keys(rows)
    stretches = runs(rows)
    if not all(close for _, close in stretches):
        gap = _WORDS["gap of years" if (rows["at"] == rows["year"]).all() else "gap of periods"]
        keys.append(line_key(spoken(gap), GREY, (0, (1, 1.6))))
    pitch = max(len(one.lines) for one in names) * line_height(SIZES["small"])
    plot_height = max(3.0, len(names) * pitch)
    left = 0.5
    right = 0.24 + widest([line for one in names for line in one.lines], SIZES["small"], "bold")
    plot_width = page_width() - 2 * MARGIN - left - right
    raised = banners(flags, MARGIN + left, plot_width, (first - 0.5, last + 0.5))
    above = sum(len(banner.lines) for banner in raised) * line_height(SIZES["small"]) + 0.14
    chart, box = compose(rows, around, height=above + plot_height + 0.36, keys=keys)
    plot = Box(box.left + left, box.top + above, plot_width, plot_height)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="trend")
    upright_axis(axes, rate_limits(rows), unit_of(rows))
    year_axis(axes, rows, first, last, plot.width)
    draw_series(axes, rows, shades, stretches, intervals=few)
    draw_end_labels(chart, axes, names, plot)
    draw_banners(chart, axes, raised, box.top, plot)
    return chart
