"""Funnel plots: rates over their base within control limits; places without a base are listed beside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from cbanalysis.common.language import Language, spoken, words_of
from cbanalysis.display.charts import look, marks
from cbanalysis.display.charts.caption import Words, caption, charted, hidden_lines, untold
from cbanalysis.display.charts.label_places import free_places, spread
from cbanalysis.display.charts.labels_and_values import (
    column_of,
    extremes,
    highlighted,
    labels,
    some,
    values,
    weight_of,
)
from cbanalysis.display.charts.page import Box, Chart, compose, require_rows, trace_points
from cbanalysis.display.charts.text_width import line_height, text_width, widest, wrap
from cbanalysis.display.charts.value_axis import percent_limits, upright_axis
from cbanalysis.display.words import alphabetical, joined, number, percent

_WORDS = words_of("charts.funnel")
_STATES: dict[str, tuple[str, str, float, dict[Language, str]]] = {
    "within": (look.GREY, "o", 24, _WORDS["within"]),
    "above_95": (look.BLUE, "^", 34, _WORDS["above_95"]),
    "below_95": (look.BLUE, "v", 34, _WORDS["below_95"]),
    "above_998": (look.VERMILLION, "^", 46, _WORDS["above_998"]),
    "below_998": (look.VERMILLION, "v", 46, _WORDS["below_998"]),
}
_RARE = 0.1  # a probability in percent below which it is only said to be smaller
_FEW = 12  # up to so many points are all named
_BESIDE = 26  # more rows than this don't fit beside the plot and are listed below it


@dataclass(frozen=True)
class _Scale:
    """Where a base and a rate stand in the plot, in inches from its upper left corner."""

    width: float
    height: float
    bases: tuple[float, float]
    rates: tuple[float, float, float]
    log: bool

    def across(self, base: float) -> float:
        low, high = self.bases
        if self.log:
            return float(self.width * np.log(base / low) / np.log(high / low))
        return self.width * (base - low) / (high - low)

    def down(self, rate: float) -> float:
        low, high, _ = self.rates
        return self.height * (high - rate) / (high - low)

    def ticks(self) -> list[float]:
        low, high = self.bases
        steps = [one * 10.0**power for power in range(7) for one in (1, 2, 5)]
        if not self.log:
            step = next(one for one in steps if high / one <= 6)
            steps = [step * index for index in range(7)]
        found: list[float] = []
        for tick in steps:
            if low <= tick <= high and (not found or self.across(tick) - self.across(found[-1]) > 0.5):
                found.append(tick)
        return found


def _scale(drawn: pd.DataFrame, curve: pd.DataFrame, width: float, height: float) -> _Scale:
    log = bool(drawn["base"].max() / drawn["base"].min() > 30)
    bases = (float(curve["base"].min()) if log else 0.0, float(curve["base"].max()))
    rates = percent_limits(drawn["rate"], curve["lower_998"], curve["upper_998"])
    return _Scale(width, height, bases, rates, log)


def _draw_curves(axes: Axes, curve: pd.DataFrame, ends: Sequence[_End]) -> None:
    for end in ends:
        (line,) = axes.plot(curve["base"], end.values(curve), color=end.colour, linestyle=end.style)
        line.set(linewidth=1.0, zorder=1.5, label=end.column)


@dataclass(frozen=True)
class _End:
    """One curve of the funnel: its column, its value at the right end, the words there and its line."""

    column: str
    value: float
    words: str
    colour: str
    style: str | tuple[int, tuple[float, float]]

    def values(self, curve: pd.DataFrame) -> list[float]:
        return [self.value] * len(curve) if self.column == "overall" else curve[self.column].tolist()


def _ends(curve: pd.DataFrame, overall: float) -> list[_End]:
    last = curve.iloc[-1]
    ends = [
        _End("overall", overall, f"{spoken(_WORDS['overall'])} {percent(overall, decimals=1)}", look.INK, "-")
    ]
    ends += [
        _End(column, float(last[column]), percent(95), look.GREY, (0, (4, 2)))
        for column in ("lower_95", "upper_95")
    ]
    ends += [
        _End(column, float(last[column]), percent(99.8), look.MUTED, "-")
        for column in ("lower_998", "upper_998")
    ]
    return ends


def _listed(rows: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Return places without a base, or with one that denies the rate, each kind under its heading."""
    told = [f"{label} {value}" for label, value in zip(rows["label"], values(rows), strict=True)]
    denied = marks.kinds_of(rows) == "conflict"
    groups = [
        (spoken(_WORDS[heading]), [one for one, chosen in zip(told, where, strict=True) if chosen])
        for heading, where in (("listed", ~denied), ("denied", denied))
    ]
    return [(heading, some) for heading, some in groups if some]


def _beside(listed: pd.DataFrame, room: float) -> list[tuple[str, str]]:
    """Return lines with their colours, to stand right of the plot."""
    return [
        (line, colour)
        for heading, told in _listed(listed)
        for words, colour in ((heading, look.MUTED), *((one, look.INK) for one in told))
        for line in wrap(words, room, look.SIZES["small"])
    ]


def _widened(drawn: pd.DataFrame) -> list[str]:
    """Return the line that says that limits allow for over-dispersion, and how; none where they don't."""
    between, inflation = (float(drawn[one].iloc[0]) for one in ("between", "inflation"))
    said = [spoken(_WORDS["additive"]).format(number(between, decimals=1))] if between > 0 else []
    return said + (
        [spoken(_WORDS["multiplicative"]).format(number(inflation, decimals=1))] if inflation > 1 else []
    )


def _chance(drawn: pd.DataFrame) -> list[str]:
    """Return the line that says how often chance alone puts so many places outside, if there are any."""
    outside = int((drawn["funnel"] != "within").sum())
    if not outside or "chance" not in drawn:
        return []
    chance = float(drawn["chance"].iloc[0])
    told = percent(chance, decimals=1) if chance >= _RARE else f"< {percent(_RARE)}"
    return [spoken(_WORDS["chance"]).format(outside, len(drawn), told)]


def _says(drawn: pd.DataFrame, listed: pd.DataFrame) -> str:
    outside, between = (
        joined(list(drawn.loc[drawn["funnel"].isin([f"above_{at}", f"below_{at}"]), "label"]))
        for at in (998, 95)
    )
    overall = percent(float(drawn["overall"].iloc[0]), decimals=1)
    bare = spoken(_WORDS["bare"]).format(len(listed)) if len(listed) else ""
    counted = spoken(_WORDS["counted"]).format(count=len(drawn), overall=overall, bare=bare)
    beyond = f"{spoken(_WORDS['outside'])}{outside or spoken(_WORDS['none'])}."
    beyond += f" {spoken(_WORDS['between'])}{between}." if between else ""
    return f"{counted} {extremes(drawn, drawn['label'])} {beyond}"


@charted(
    "funnel",
    "base",
    "overall",
    "between",
    "inflation",
    rates=True,
    maker="cb.rates.funnel_limits",
    narrow=True,
)
def funnel(
    limits: pd.DataFrame, curve: pd.DataFrame, *, highlight: Collection[str] = (), **words: Unpack[Words]
) -> Chart:
    """Draw rates over their base inside control limits; name those outside, list those without a base.

    Up to twelve places are all named where there is room.

    Parameters
    ----------
    limits : DataFrame
        What ``rates.funnel_limits`` returned: ``rate`` (percent), ``base``, ``overall``, ``funnel``,
        ``between`` and ``inflation``; ``withheld`` tells small groups from rows without a rate.
    curve : DataFrame
        What ``rates.funnel_curve`` returned: ``base``, ``lower_95``, ``upper_95``, ``lower_998``,
        ``upper_998``.
    highlight : collection of str
        Labels (without ``*``) that are named in any case, in another colour.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the rows drawn or listed, with ``label``.

    Raises
    ------
    CbanalysisError
        If no row has a base.
    """
    rows = marks.drawable(limits)
    rows = rows.assign(label=pd.Series(labels(rows), index=rows.index, dtype="str"))
    rows = rows.iloc[sorted(range(len(rows)), key=lambda at: alphabetical(rows["label"].iloc[at]))]
    rows = rows.reset_index(drop=True)
    drawn, listed = rows[rows["funnel"] != "no_base"], rows[rows["funnel"] == "no_base"]
    require_rows(drawn, "funnel plot")
    panel = _beside(listed, 1.5) if 0 < len(listed) <= _BESIDE else []
    ends = _ends(curve, float(drawn["overall"].iloc[0]))
    left, panel_width = 0.5, widest([line for line, _ in panel], look.SIZES["small"])
    right = (
        widest([end.words for end in ends], look.SIZES["small"]) + 0.1 + (panel_width + 0.2 if panel else 0)
    )
    height = max(3.9, len(panel) * line_height(look.SIZES["small"]))
    scale = _scale(drawn, curve, look.page_width() - 2 * look.MARGIN - left - right, height)
    within = {label.partition(" (")[2] for label in drawn["label"]}
    shared = within.pop() if len(within) == 1 < len(drawn) else ""
    called = drawn.assign(label=drawn["label"].str.removesuffix(f" ({shared}"))
    names, unplaced = _names(called, curve, ends, scale, highlight)
    if unplaced and look.is_narrow():
        raise look.TooNarrow
    says = [f"{spoken(_WORDS['unplaced'])}{joined(unplaced)}."] if unplaced else []
    if len(listed) and not panel:
        says += [f"{heading} {joined(told)}." for heading, told in _listed(listed)]
    around = caption(
        rows,
        words,
        kind="funnel",
        says=_says(drawn, listed),
        notes=[*says, *_widened(drawn)],
        hidden=[*_chance(drawn), *untold(words, hidden_lines(marks.undrawable(limits)))],
    )
    # of what all of them are parts is said once, above
    above = filter(None, [around.subtitle, shared.removesuffix(")")])
    around = replace(around, subtitle=" · ".join(above))
    keys = [
        marks.point_key(spoken(meaning), colour, marker)
        for state, (colour, marker, _, meaning) in _STATES.items()
        if (drawn["funnel"] == state).any()
    ]
    chart, box = compose(rows, around, height=0.12 + height + 0.55, keys=keys)
    plot = Box(box.left + left, box.top + 0.12, scale.width, scale.height)
    axes = _axes(chart, plot, scale)
    _draw_curves(axes, curve, ends)
    _draw_points(axes, drawn)
    pitch = line_height(look.SIZES["small"])
    low, high, _ = scale.rates
    edge = plot.left + plot.width + 0.06
    wanted = [scale.down(min(max(end.value, low), high)) - pitch / 2 for end in ends]
    for end, top in zip(ends, spread(wanted, pitch, -pitch / 2, height), strict=True):
        chart.write(edge, plot.top + top, end.words, size=look.SIZES["small"], colour=look.MUTED)
    _write_names(chart, plot, names, highlight)
    for step, (line, colour) in enumerate(panel):
        edge = box.left + box.width - panel_width
        chart.write(edge, plot.top + step * pitch, line, size=look.SIZES["small"], colour=colour)
    return chart


def _write_names(
    chart: Chart, plot: Box, names: Sequence[tuple[str, float, float]], highlight: Collection[str]
) -> None:
    for name_of, across, down in names:
        place = plot.left + across, plot.top + down
        weight = weight_of(name_of, highlight)
        written = chart.write(*place, name_of, size=look.SIZES["small"], weight=weight)
        # Where no place is clear of the curves, the curve gives way to the name.
        written.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.4})


def _names(
    drawn: pd.DataFrame, curve: pd.DataFrame, ends: Sequence[_End], scale: _Scale, highlight: Collection[str]
) -> tuple[list[tuple[str, float, float]], list[str]]:
    """Return the names that find room (with left and upper edge in the plot) and those that don't."""
    asked = np.array([highlighted(one, highlight) for one in drawn["label"]])
    needed = (drawn["funnel"] != "within") | asked
    rows = drawn.assign(needed=needed).sort_values("needed", ascending=False, kind="stable")
    spots = [(scale.across(row["base"]), scale.down(row["rate"])) for row in some(rows, "base", "rate")]
    small = look.SIZES["small"]
    sizes = [
        (text_width(label, small, weight_of(label, highlight)), line_height(small))
        if named or len(rows) <= _FEW
        else None
        for label, named in zip(rows["label"], rows["needed"], strict=True)
    ]
    steps = np.linspace(0, scale.width, int(scale.width / 0.06))
    across = [scale.across(base) for base in curve["base"]]
    lines = [
        (float(x), scale.down(float(rate)))
        for end in ends
        for x, rate in zip(steps, np.interp(steps, across, end.values(curve)), strict=True)
    ]
    places = free_places(spots, sizes, scale.width, scale.height, lines)
    named = [(label, *place) for label, place in zip(rows["label"], places, strict=True) if place]
    lost = [one and place is None for one, place in zip(rows["needed"], places, strict=True)]
    return named, rows.loc[lost, "label"].tolist()


def _axes(chart: Chart, plot: Box, scale: _Scale) -> Axes:
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="funnel")
    upright_axis(axes, scale.rates)
    if scale.log:
        axes.set_xscale("log")
    axes.set_xlim(scale.bases)
    axes.xaxis.set_major_locator(FixedLocator(scale.ticks()))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FixedFormatter([number(tick) for tick in scale.ticks()]))
    base = f"{spoken(_WORDS['base'])} ({spoken(_WORDS['log'])})" if scale.log else spoken(_WORDS["base"])
    chart.write(
        plot.left + plot.width / 2, plot.top + plot.height + 0.28, base, colour=look.MUTED, align="center"
    )
    return axes


def _draw_points(axes: Axes, drawn: pd.DataFrame) -> None:
    for state, (colour, marker, size, _) in _STATES.items():
        chosen = drawn[drawn["funnel"] == state]
        if len(chosen):
            bases = chosen["base"].astype("float64")
            points = axes.scatter(
                bases, chosen["rate"], c=colour, marker=marker, s=size, linewidth=0, zorder=4
            )
            points.set(clip_on=False, label=f"value {state}")
    trace_points(axes, drawn["base"], drawn["rate"], column_of(drawn, "observation_id"))
