"""Control charts, a rate period after period between its limits, and the rhythm of a year's months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.errors import CbanalysisError
from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Catalogue
from cbanalysis.display.charts.caption import Words, caption, charted, not_drawn
from cbanalysis.display.charts.event_lines import Flag, banners, draw_banners
from cbanalysis.display.charts.labels_and_values import extremes
from cbanalysis.display.charts.look import (
    BLUE,
    GREY,
    INK,
    MARGIN,
    MUTED,
    SIZES,
    VERMILLION,
    page_width,
)
from cbanalysis.display.charts.marks import draw_marks, line_key, point_key
from cbanalysis.display.charts.page import Box, Chart, compose, require_rows
from cbanalysis.display.charts.text_width import line_height, text_width
from cbanalysis.display.charts.trend_lines import year_at
from cbanalysis.display.charts.value_axis import percent_limits, upright_axis
from cbanalysis.display.words import percent, period, records

_RULES = words_of("charts.control-rules")
_WORDS = words_of("charts.control")
_NUMBER = 0.1  # room for the number beside a signal, as a share of what the axis has to show


@charted("slot", "spread", "baseline", "rules", "centre", rates=True, maker="cb.rates.control_limits")
def control_chart(
    limits: pd.DataFrame, *, event: str = "", event_words: str = "", **words: Unpack[Words]
) -> Chart:
    """Draw a rate period after period between its control limits; missing periods leave their place empty.

    Parameters
    ----------
    limits : DataFrame
        What ``rates.control_limits`` returned: ``rate``, ``centre``, ``lower``, ``upper`` (percent),
        ``rules``, ``baseline``, ``spread``, ``slot`` and the period.
    event : str
        The first period after an event, as ``period_start`` has it; a line stands before it.
    event_words : str
        What happened.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn, in time.

    Raises
    ------
    CbanalysisError
        If there is no row with a rate.
    """
    rows = limits[limits["rate"].notna()].reset_index(drop=True)
    require_rows(rows, "control chart")
    lines = [spoken(_WORDS["rules"]).format("; ".join(spoken(words) for words in _RULES.values()))]
    if (spread := float(rows["spread"].iloc[0])) > 1:
        lines.append(spoken(_WORDS["spread"]).format(percent(spread, decimals=1).removesuffix("%")))
    if not rows["baseline"].all():
        last = rows.loc[rows["baseline"], "period_end"].iloc[-1]
        lines.append(spoken(_WORDS["baseline"]).format(period(last, last)))
    if (missing := int(limits["slot"].max() - limits["slot"].min()) + 1 - len(limits)) > 0:
        sentence = _WORDS["missing one" if missing == 1 else "missing"]
        lines.append(spoken(sentence).format(missing))
    whens = [period(*ends) for ends in zip(rows["period_start"], rows["period_end"], strict=True)]
    around = caption(
        rows,
        words,
        kind="control_chart",
        says=_says(rows, whens),
        notes=lines,
        hidden=not_drawn(len(limits) - len(rows)),
        across=None,
    )
    flags = []
    if event and (rows["period_start"] >= event).any():
        flags = [Flag(_event_slot(rows, event), event_words or period(event, event))]
    signals = rows["rules"] != ""
    keys = [
        *([point_key(spoken(_WORDS["noise"]), GREY)] if not signals.all() else []),
        *([point_key(spoken(_WORDS["signal"]), VERMILLION, "D")] if signals.any() else []),
        line_key(spoken(_WORDS["centre"]), INK),
        line_key(spoken(_WORDS["limits"]), BLUE, (0, (4, 2))),
    ]
    left, right, height = 0.5, 0.15, 3.0
    width = page_width() - 2 * MARGIN - left - right
    edges = (float(rows["slot"].iloc[0]) - 0.6, float(rows["slot"].iloc[-1]) + 0.6)
    raised = banners(flags, MARGIN + left, width, edges)
    above = sum(len(one.lines) for one in raised) * line_height(SIZES["small"]) + 0.14
    chart, box = compose(rows, around, height=above + height + 0.36, keys=keys)
    plot = Box(box.left + left, box.top + above, width, height)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="control")
    upright_axis(axes, percent_limits(*_room(rows)))
    axes.set_xlim(*edges)
    period_axis(axes, [one.removeprefix("tháng ") for one in whens], rows["slot"].tolist(), width)
    _draw(axes, rows, signals.to_numpy())
    draw_banners(chart, axes, raised, box.top, plot)
    return chart


def _event_slot(rows: pd.DataFrame, event: str) -> float:
    """Return where an event's line stands: before its period, or at its time in a gap."""
    after = int((rows["period_start"] >= event).to_numpy().argmax())
    slots = rows["slot"].astype(float).tolist()
    at = float(np.interp(year_at(event), [year_at(one) for one in rows["period_start"]], slots)) - 0.5
    return min(max(at, slots[max(after - 1, 0)] + 0.5), slots[after] - 0.5)


def _room(rows: pd.DataFrame) -> list[pd.Series]:
    """Return the values that the axis has to show, with room for the numbers above and below signals."""
    shown = rows[["rate", "lower", "upper"]]
    pad = _NUMBER * float(shown.to_numpy().max() - shown.to_numpy().min())
    signals = rows[rows["rules"] != ""]
    high = signals["rate"] >= signals["centre"]
    return [
        *(shown[one] for one in shown),
        (signals["rate"][high] + pad).clip(upper=100),
        (signals["rate"][~high] - pad).clip(lower=0),
    ]


def period_axis(axes: Axes, whens: Sequence[str], slots: Sequence[int], width: float) -> None:
    """Write as many periods under the axis as there is room for, the first one always."""
    room = max(text_width(one, SIZES["text"]) for one in whens) + 0.15
    every = max(1, int(np.ceil(room * (slots[-1] - slots[0] + 1) / width)))
    every = next((one for one in (1, 2, 3, 4, 6, 12, 24) if one >= every), every)
    named = {slot: when for slot, when in zip(slots, whens, strict=True) if (slot - slots[0]) % every == 0}
    axes.xaxis.set_ticks(list(named), list(named.values()))


def _draw(axes: Axes, rows: pd.DataFrame, signals: np.ndarray) -> None:
    at = rows["slot"].to_numpy()
    stretches = [some for _, some in rows.groupby((rows["slot"].diff() > 1).cumsum())]
    for some in stretches:
        steps = np.append(some["slot"] - 0.5, some["slot"].iloc[-1] + 0.5)
        for column in ("lower", "upper"):
            drawn = axes.stairs(some[column], steps, baseline=None, color=BLUE, linewidth=1.0, label=column)
            drawn.set_linestyle((0, (4, 2)))
    ends = [at[0] - 0.5, at[-1] + 0.5]
    axes.plot(ends, [rows["centre"].iloc[0]] * 2, color=INK, linewidth=1.0, label="centre")
    for some in stretches:
        axes.plot(some["slot"], some["rate"], color=GREY, linewidth=0.9, zorder=2.5, label="series")
    for label, chosen, colour, marker, size in (
        ("noise", ~signals, GREY, "o", 22),
        ("signal", signals, VERMILLION, "D", 30),
    ):
        if chosen.any():
            axes.scatter(
                at[chosen], rows["rate"][chosen], c=colour, marker=marker, s=size, linewidth=0, zorder=4
            ).set(clip_on=False, label=f"value {label}")
    for place, row in zip(at, records(rows), strict=True):
        if row["rules"]:
            high = row["rate"] >= row["centre"]
            numbers, up = row["rules"].replace("we", "").replace("+", ","), (0, 5 if high else -5)
            note = axes.annotate(numbers, (place, row["rate"]), up, textcoords="offset points", color=MUTED)
            note.set(ha="center", va="bottom" if high else "top", fontsize=SIZES["small"])


def _says(rows: pd.DataFrame, whens: Sequence[str]) -> str:
    broken = [
        f"{when} ({row['rules'].replace('we', '').replace('+', ', ')})"
        for when, row in zip(whens, records(rows), strict=True)
        if row["rules"]
    ]
    centre = percent(float(rows["centre"].iloc[0]), decimals=1)
    signals = ", ".join(broken) or spoken(_WORDS["none"])
    said = spoken(_WORDS["says"]).format(count=len(rows), centre=centre, signals=signals)
    return f"{said} {extremes(rows, whens)}"


_LOOKS: tuple[tuple[str, str | tuple[int, tuple[float, float]]], ...] = (
    (BLUE, "-"),
    (VERMILLION, (0, (4.0, 2.0))),
)
_MONTHS = {
    "vi": tuple(f"T{month}" for month in range(1, 13)),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


@charted("base_of", "month", "indicator", rates=True, maker="cb.records.over_the_year", narrow=True)
def rhythm(rated: pd.DataFrame, **words: Unpack[Words]) -> Chart:
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
    rows = rated[rated["rate"].notna()].sort_values(["base_of", "month"], ignore_index=True)
    require_rows(rows, "chart of the months")
    readings = list(dict.fromkeys(rows["base_of"]))
    if len(readings) > len(_LOOKS):
        raise CbanalysisError(f"a chart of the months takes two bases, these are {len(readings)}")
    bases = Catalogue.read().indicator(str(rows["indicator"].iloc[0])).bases
    months = [spoken({"vi": f"tháng {int(one)}", "en": _MONTHS["en"][int(one) - 1]}) for one in rows["month"]]
    around = caption(
        # the twelve months may stand for those of several years
        rows.drop(columns="year", errors="ignore"),
        words,
        kind="rhythm",
        says=extremes(rows, months),
        hidden=not_drawn(len(rated) - len(rows)),
        across=None,
    )
    keys = [
        line_key(spoken(bases[reading]) if reading in bases else reading, *look)
        for reading, look in zip(readings, _LOOKS, strict=False)
    ]
    left, height = 0.5, 2.8
    width = page_width() - 2 * MARGIN - left - 0.15
    chart, box = compose(rows, around, height=height + 0.48, keys=keys)
    plot = Box(box.left + left, box.top + 0.12, width, height)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="rhythm")
    upright_axis(axes, percent_limits(rows["rate_low"], rows["rate_high"]))
    axes.set_xlim(0.5, 12.5)
    axes.xaxis.set_ticks(list(range(1, 13)), list(spoken(_MONTHS)))
    for reading, (colour, style) in zip(readings, _LOOKS, strict=False):
        mine = rows[rows["base_of"] == reading]
        axes.plot(mine["month"], mine["rate"], color=colour, linestyle=style, label=f"line {reading}")
        draw_marks(axes, mine, mine["month"].astype("float64"), along="y", colours=colour, size=24, half=0.07)
    return chart
