"""Two figures of each place: a point, the interval of each in its own direction, names where they matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.common.language import spoken, words_of
from cbanalysis.dataset.catalogue import Unit
from cbanalysis.display.charts import marks
from cbanalysis.display.charts.caption import (
    Words,
    apart,
    base_words,
    caption,
    charted,
    not_comparable,
    subject,
)
from cbanalysis.display.charts.label_places import free_places
from cbanalysis.display.charts.labels_and_values import highlighted, labels, value_text, weight_of
from cbanalysis.display.charts.look import (
    BLUE,
    GREY,
    HIGHLIGHT,
    MARGIN,
    MUTED,
    PALE,
    SIZES,
    nfc,
    page_width,
)
from cbanalysis.display.charts.page import Box, Caption, Chart, compose, require_rows, trace_points
from cbanalysis.display.charts.text_width import line_height, text_width, wrap
from cbanalysis.display.charts.value_axis import percent_axis, percent_limits
from cbanalysis.display.words import joined, records, unit_of

_WORDS = words_of("charts.scatter")
_ALL_NAMED = 14  # places: of more only those at the ends and off the rest are named
_ENDS = 3
_HEIGHT = 4.4


@charted("missing", "rate_x", "rate_y", "interval_x", "interval_y", maker="cb.rates.together", narrow=True)
def scatter(
    pairs: pd.DataFrame, rated: pd.DataFrame, *, highlight: Collection[str] = (), **words: Unpack[Words]
) -> Chart:
    """Draw each place by two indicators, each figure with its interval in its own direction.

    A line is a 95 % interval, a thick pale one what rounding leaves open, a hollow point an approximate
    figure. Up to fourteen places are all named where there is room; of more those at the ends of either axis,
    those whose ranks differ most, and those asked for.

    Parameters
    ----------
    pairs : DataFrame
        What ``rates.together`` returned.
    rated : DataFrame
        The rows given to it; subjects, units, bases and sources are read from those it used.
    highlight : collection of str
        Labels (without ``*``) that are named in any case, in another colour.
    **words
        What every chart takes: ``lang`` ("vi" or "en"), ``title``, ``name``, ``notes``, ``published``; see
        :class:`~cbanalysis.display.charts.Words`.

    Returns
    -------
    Chart
        ``frame`` holds the places drawn, with ``label``.

    Raises
    ------
    CbanalysisError
        If no place has both figures.
    """
    named = pairs.assign(label=labels(pairs))
    rows = named[named["missing"] == ""].reset_index(drop=True)
    require_rows(rows, "scatter plot")
    used = {side: rated[rated["observation_id"].isin(rows[f"observation_id_{side}"])] for side in "xy"}
    units = {side: unit_of(used[side]) for side in "xy"}
    limits = {
        side: percent_limits(*(rows[f"{one}_{side}"] for one in ("rate", "rate_low", "rate_high")), unit=unit)
        for side, unit in units.items()
    }
    left = 0.62
    width = page_width() - 2 * MARGIN - left - 0.2
    written, unnamed = _names(rows, limits, width, highlight)
    around = _caption(named, rated, used, words, unnamed)
    axis_words = {side: _axis_words(used[side], units[side]) for side in "xy"}
    below = wrap(axis_words["x"], width, SIZES["small"])
    above = wrap(axis_words["y"], page_width() - 2 * MARGIN, SIZES["small"])
    pitch = line_height(SIZES["small"])
    head, foot = len(above) * pitch + 0.08, 0.34 + len(below) * pitch
    chart, box = compose(rows, around, height=head + _HEIGHT + foot, keys=_keys(rows, units))
    plot = Box(box.left + left, box.top + head, width, _HEIGHT)
    axes = chart.place(plot.left, plot.top, plot.width, plot.height, label="scatter")
    for side, along in (("x", "x"), ("y", "y")):
        percent_axis(axes, limits[side], along=along, unit=units[side])  # type: ignore[arg-type]
    axes.tick_params(length=0)
    axes.tick_params(axis="x", pad=7)  # the two axes begin in one corner
    small: dict[str, Any] = {"size": SIZES["small"], "colour": MUTED}
    chart.write_lines(box.left, box.top, above, **small)
    foot = plot.top + plot.height + 0.3
    chart.write_lines(plot.left + plot.width, foot, below, **small, align="right")
    _draw(axes, rows, highlight)
    for label, across, down in written:
        weight = weight_of(label, highlight)
        text = chart.write(plot.left + across, plot.top + down, label, size=SIZES["small"], weight=weight)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.8})
    return chart


def _spots(
    rows: pd.DataFrame, limits: Mapping[str, tuple[float, float, float]], width: float
) -> list[tuple[float, float]]:
    """Return where each place stands in the plot, in inches from its left and upper edge."""
    across, along = (
        (rows[f"rate_{side}"] - low) / (high - low) for side, (low, high, _) in sorted(limits.items())
    )
    return list(zip(across * width, (1 - along) * _HEIGHT, strict=True))


def _intervals(
    rows: pd.DataFrame, limits: Mapping[str, tuple[float, float, float]], width: float
) -> list[tuple[float, float]]:
    """Return points along the intervals, in inches, which names leave alone where they can."""
    found = []
    for side, share in product("xy", np.linspace(0, 1, 25)):
        low, high = rows[f"rate_low_{side}"], rows[f"rate_high_{side}"]
        found += _spots(rows.assign(**{f"rate_{side}": low + share * (high - low)}), limits, width)
    return found


def _caption(
    named: pd.DataFrame,
    rated: pd.DataFrame,
    used: Mapping[str, pd.DataFrame],
    words: Words,
    unnamed: list[str],
) -> Caption:
    """Return the words around the plot: who is drawn, who lacks which figure, what else was published."""
    rows = named[named["missing"] == ""]
    both = spoken(_WORDS["one" if len(rows) == 1 else "both"]).format(len(rows))
    subjects = [subject(used[side]) for side in "xy"]
    heading = spoken(_WORDS["and"]).format(subjects[0], subjects[1][:1].lower() + subjects[1][1:])
    lost = [
        spoken(_WORDS[side]).format(joined([_lost(row) for row in records(named[named["missing"] == side])]))
        for side in "xy"
        if (named["missing"] == side).any()
    ]
    covered = [both]
    if (published := words.get("published")) is not None:
        sides = [rated[rated["indicator"].isin(one["indicator"])] for one in used.values()]
        out = pd.concat([not_comparable(one, published) for one in sides])
        covered += apart(pd.concat(sides), out)
    about = caption(
        pd.concat([*used.values()]).drop(columns="geo_level", errors="ignore"),
        {**words, "published": None},
        title=heading,
        kind="scatter",
        says=_told(rows, used),
        unit="",
        across=None,
        covered=covered,
        notes=(
            *lost,
            *([spoken(_WORDS["unnamed"]).format(joined(unnamed))] if unnamed else []),
            spoken(_WORDS["limit"]),
        ),
    )
    return replace(about, subtitle=both, notes=about.notes[1:], alt=f"{about.alt} {' '.join(lost)}".strip())


def _axis_words(used: pd.DataFrame, unit: Unit) -> str:
    """Return what an axis shows: subject, unit, base, year."""
    years = ", ".join(str(year) for year in sorted(used["year"].dropna().unique()))
    parts = [subject(used), spoken(unit.name), base_words(used), years]
    return nfc(" · ".join(part for part in parts if part))


def _lost(row: dict[str, Any]) -> str:
    return f"{row['label']} ({row['other_years']})" if row["other_years"] else str(row["label"])


def _told(rows: pd.DataFrame, used: Mapping[str, pd.DataFrame]) -> str:
    """Say the places with the highest and the lowest first figure, each with both figures."""
    by_id = {row["observation_id"]: row for side in used.values() for row in records(side)}
    ordered = records(rows.sort_values("rate_x", kind="stable"))
    ends = [ordered[-1], ordered[0]] if len(ordered) > 1 else ordered
    said = []
    for row in ends:
        values = [value_text(by_id[row[f"observation_id_{side}"]]) for side in "xy"]
        said.append(f"{row['label']}: {', '.join(values)}")
    return "; ".join(said) + "."


def _names(
    rows: pd.DataFrame,
    limits: Mapping[str, tuple[float, float, float]],
    width: float,
    highlight: Collection[str],
) -> tuple[list[tuple[str, float, float]], list[str]]:
    """Return the names that find room, with left and upper edge, and those that should and don't."""
    asked = np.array([highlighted(label, highlight) for label in rows["label"]])
    ranks = rows[["rate_x", "rate_y"]].rank()
    among = len(rows)
    ends = ((ranks <= _ENDS) | (ranks > among - _ENDS)).any(axis=1)
    off = (ranks["rate_x"] - ranks["rate_y"]).abs().rank(ascending=False, method="first") <= _ENDS
    needed = asked | ends.to_numpy() | off.to_numpy() | (among <= _ALL_NAMED)
    order = np.argsort(~asked, kind="stable")
    tall = line_height(SIZES["small"])
    wide = [
        text_width(label, SIZES["small"], "bold" if bold else "normal")
        for label, bold in zip(rows["label"], asked, strict=True)
    ]
    sizes = [(wide[at], tall) if needed[at] else None for at in order]
    spots = _spots(rows.iloc[order], limits, width)
    found = free_places(spots, sizes, width, _HEIGHT, _intervals(rows, limits, width))
    written = [(rows["label"].iloc[at], *place) for at, place in zip(order, found, strict=True) if place]
    lost = [
        rows["label"].iloc[at] for at, place in zip(order, found, strict=True) if needed[at] and not place
    ]
    return written, lost


def _keys(rows: pd.DataFrame, units: Mapping[str, Unit]) -> list[Any]:
    kinds = {*rows["interval_x"], *rows["interval_y"]}
    lacking = any("rounding" in set(rows[f"interval_{side}"]) for side in "xy" if not units[side].own)
    keys = []
    if "wilson" in kinds:
        keys.append(marks.line_key(spoken(marks.INTERVAL_WORDS["wilson"]), GREY))
    if "rounding" in kinds:
        keys.append(
            marks.swatch_key(spoken(marks.INTERVAL_WORDS["rounding" if lacking else "rounding own"]), PALE)
        )
    if "about" in kinds:
        keys.append(marks.point_key(spoken(marks.INTERVAL_WORDS["about"]), BLUE, hollow=True))
    return keys


def _draw(axes: Axes, rows: pd.DataFrame, highlight: Collection[str]) -> None:
    for side, lines, other in (("x", axes.hlines, "y"), ("y", axes.vlines, "x")):
        for kind, colour, width in (("rounding", PALE, 5.0), ("wilson", GREY, 1.0)):
            chosen = rows[rows[f"interval_{side}"] == kind]
            if len(chosen):
                ends = chosen[f"rate_low_{side}"], chosen[f"rate_high_{side}"]
                drawn = lines(chosen[f"rate_{other}"], *ends, colors=colour, linewidth=width, zorder=2)
                drawn.set(clip_on=False, label=f"interval {kind} {side}")
    shades = [HIGHLIGHT if highlighted(label, highlight) else BLUE for label in rows["label"]]
    hollow = (rows[["interval_x", "interval_y"]] == "about").any(axis=1)
    faces = ["white" if one else shade for one, shade in zip(hollow, shades, strict=True)]
    points = axes.scatter(rows["rate_x"], rows["rate_y"], facecolor=faces, edgecolor=shades, s=28)
    points.set(linewidth=1.2, zorder=4, clip_on=False, label="places")
    both = rows["observation_id_x"] + " " + rows["observation_id_y"]
    trace_points(axes, rows["rate_x"], rows["rate_y"], both)
