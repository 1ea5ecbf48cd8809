"""One series over the years: what a line may join, its marks, its label at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from cbanalysis.dataset.observations.comparability import one_series
from cbanalysis.display.charts.label_places import spread
from cbanalysis.display.charts.labels_and_values import labels, value_text, weight_of
from cbanalysis.display.charts.look import GREY, MUTED, PALE, SIZES, page_width
from cbanalysis.display.charts.marks import draw_marks, drawable
from cbanalysis.display.charts.page import Box, Chart
from cbanalysis.display.charts.text_width import line_height, wrap
from cbanalysis.display.words import period, records

_SEGMENT = ("indicator", "subject", "definition", "base_of", "scheme", "category_id", "complement")
_DAY = 1 / 366
LABEL_ROOM, _MOST = 2.0, 0.3  # inches; of the page


def year_at(moment: str, *, end: bool = False) -> float:
    """Return the beginning (or the end) of a year, a month or a date on an axis of years.

    Examples
    --------
    >>> year_at("2012"), year_at("2012-07"), year_at("2012-06", end=True)
    (2012.0, 2012.5, 2012.5)
    """
    parts = [int(one) for one in moment.split("-")]
    lengths = (1, 1 / 12, 1 / 366)[: len(parts)]
    start = float(parts[0]) + sum(
        (part - 1) * length for part, length in zip(parts[1:], lengths[1:], strict=True)
    )
    return start + lengths[-1] * end


def over_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a year and something to draw, with ``label``, by label and time.

    ``at``, ``begins`` and ``ends`` say where each stands on an axis of years: see :func:`in_time`.
    """
    rows = drawable(frame)
    rows = rows[rows["year"].notna()]
    names = pd.Series(labels(rows), index=rows.index, dtype="str")
    # A place inferred in one of its years is the same place: the whole series carries the mark.
    marked = {name.replace("*", ""): name for name in names if "*" in name}
    rows = in_time(rows.assign(label=[marked.get(name, name) for name in names]))
    return rows.sort_values(["label", "at"], kind="stable").reset_index(drop=True)


def in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Add where each row stands on an axis of years (``at``), and when its period ``begins`` and ``ends``.

    A figure stands in the middle of its year. Where a series has several quarters or months of one year, all
    rows stand in the middle of their periods instead, which are then shorter than a year somewhere.
    """
    year = rows["year"].astype("float64")
    whole = rows.assign(at=year, begins=year, ends=year + 1)
    if not {"label", "period_start", "period_end"} <= set(rows):
        return whole
    dated = (rows["period_start"].fillna("") != "") & (rows["period_end"].fillna("") != "")
    begins, ends = whole["begins"].copy(), whole["ends"].copy()
    begins[dated] = [year_at(one) for one in rows.loc[dated, "period_start"]]
    ends[dated] = [year_at(one, end=True) for one in rows.loc[dated, "period_end"]]
    short = rows[ends - begins < 1 - _DAY]
    known = [column for column in ("label", "year", *_SEGMENT) if column in rows]
    periods = short.drop_duplicates([*known, "period_start", "period_end"])
    if not periods.duplicated(known).any():
        return whole
    return rows.assign(at=(begins + ends) / 2 - 0.5, begins=begins, ends=ends)


def whens(rows: pd.DataFrame) -> list[str]:
    """Return when each row is: its year, or its period where rows stand in the middle of their periods."""
    if (rows["at"] == rows["year"]).all():
        return [str(year) for year in rows["year"]]
    return [period(*ends) for ends in zip(rows["period_start"], rows["period_end"], strict=True)]


def runs(rows: pd.DataFrame) -> list[tuple[pd.DataFrame, bool]]:
    """Return the stretches that a line may join, and whether their rows follow one another.

    A line joins two values only where both are of one measure (`rates.require_comparable`, and the scheme
    that a rating was printed on) and of one place on the same land, and never runs through a year (or a
    quarter, a month) for which several values were published.
    """
    valued = rows[rows["rate"].notna()]
    alike: dict[tuple[str, str], list[int]] = {}
    for place, same in enumerate(zip(valued["label"], one_series(valued), strict=True)):
        alike.setdefault(same, []).append(place)
    at, begins, ends = (valued[one].tolist() for one in ("at", "begins", "ends"))
    stretches: list[tuple[list[int], bool]] = []
    for places in alike.values():
        counted = Counter(at[place] for place in places)
        for one, other in pairwise(places):
            if counted[at[one]] > 1 or counted[at[other]] > 1:
                continue
            close = begins[other] - ends[one] < (ends[one] - begins[one]) / 2
            if stretches and stretches[-1][1] == close and stretches[-1][0][-1] == one:
                stretches[-1][0].append(other)
            else:
                stretches.append(([one, other], close))
    drawn = valued[["label", "year", "at", "rate"]]
    return [(drawn.iloc[places], close) for places, close in stretches]


def draw_series(  # noqa: PLR0913
    axes: Axes,
    rows: pd.DataFrame,
    shades: Mapping[str, str],
    stretches: Sequence[tuple[pd.DataFrame, bool]],
    *,
    intervals: bool = True,
    size: float = 26.0,
) -> None:
    """Draw all series: points with the mark of each figure, and lines along the stretches of :func:`runs`."""
    for stretch, close in stretches:
        name = stretch["label"].iloc[0]
        style = "-" if close else (0, (1, 1.6))
        width = (1.5 if close else 1.1) if intervals else 0.8
        at, rates = stretch["at"].to_numpy(), stretch["rate"].to_numpy()
        (line,) = axes.plot(at, rates, color=shades[name], linestyle=style, linewidth=width)
        line.set(zorder=2.5, label=f"line {name}")
    colours = [shades[name] for name in rows["label"]]
    draw_marks(axes, rows, rows["at"], along="y", colours=colours, size=size, half=0.07, intervals=intervals)


@dataclass(frozen=True)
class EndLabel:
    """A label that stands right of the plot: its lines, where its series ends, and its colour."""

    lines: tuple[str, ...]
    at: float
    value: float
    colour: str
    weight: str = "normal"
    early: bool = False


def end_labels(
    rows: pd.DataFrame, shades: dict[str, str], bold: Collection[str] = (), room: float = LABEL_ROOM
) -> list[EndLabel]:
    """Return a label for each series: its name and its last value."""
    found = []
    room = min(room, _MOST * page_width())
    end = rows["at"].max()
    for last in records(rows.assign(_when=whens(rows)).drop_duplicates("label", keep="last")):
        name = last["label"]
        value = last["rate"] if pd.notna(last["rate"]) else last["rate_low"]
        early = bool(last["at"] < end)
        text = f"{name} {value_text(last)}" + (f" ({last['_when']})" if early else "")
        weight = weight_of(name, bold)
        colour = MUTED if shades[name] == GREY else shades[name]
        words = tuple(wrap(text, room, SIZES["small"], weight))
        found.append(EndLabel(words, float(last["at"]), float(value), colour, weight, early=early))
    return found


def draw_end_labels(chart: Chart, axes: Axes, names: Sequence[EndLabel], box: Box) -> None:
    """Write the labels right of the axes, as near to their points as room allows, each tied to its point."""
    pitch = max(len(one.lines) for one in names) * line_height(SIZES["small"])
    low, high = axes.get_ylim()
    wanted = [(high - one.value) / (high - low) * box.height - pitch / 2 for one in names]
    edge = box.left + box.width + 0.2
    slack = 0.1
    for one, top in zip(names, spread(wanted, pitch, -slack, box.height + slack), strict=True):
        middle = top + pitch / 2
        fraction = 1 - middle / box.height
        begin, end = axes.get_xlim()
        right = begin + (end - begin) * (1 + 0.16 / box.width)
        heights = [one.value, one.value, low + fraction * (high - low)]
        style = (0, (1, 2)) if one.early else "-"
        (leader,) = axes.plot([one.at, end, right], heights, color=PALE, linewidth=0.7, linestyle=style)
        leader.set(zorder=1.2, clip_on=False, label="leader")
        first = box.top + middle - len(one.lines) * line_height(SIZES["small"]) / 2
        chart.write_lines(edge, first, one.lines, size=SIZES["small"], colour=one.colour, weight=one.weight)


def year_axis(axes: Axes, rows: pd.DataFrame, first: int, last: int, width: float) -> None:
    """Set limits and ticks of the axis of years so that the numbers have room.

    Where rows stand in the middle of quarters or months, ticks are where quarters begin, or years.
    """
    axes.set_xlim(first - 0.5, last + 0.5)
    if (rows["at"] != rows["year"]).any():
        starts = [f"{year}-{month:02}" for year in range(first, last + 1) for month in (1, 4, 7, 10)]
        places = [year_at(one) - 0.5 for one in starts]
        if len(starts) <= width / 0.7:
            axes.set_xticks(places, [period(one, one).removeprefix("tháng ") for one in starts])
            return
        axes.set_xticks(places[::4], minor=True)
        axes.tick_params(axis="x", which="major", length=0)
    fitting = max(1, int(width / 0.45))
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100) if (last - first) / one + 1 <= fitting)
    start = first if step == 1 else -(-first // step) * step
    years = list(range(start, last + 1, step))
    if len(years) == 1 and fitting > 1:  # of one number nobody reads a distance
        years = sorted({first, last})
    axes.set_xticks(years, [str(year) for year in years])
