"""The vocabulary of marks: its shape, never its colour alone, tells what kind of figure a mark stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from cbanalysis.common.language import spoken, words_of
from cbanalysis.display.charts.look import BLUE, GREY
from cbanalysis.display.charts.page import Key, trace
from cbanalysis.display.words import unit_of

Along = Literal["x", "y"]
Floats = npt.NDArray[np.float64]

KINDS = ("wilson", "rounding", "conflict", "range", "floor", "about")

INTERVAL_WORDS = words_of("charts.marks")


def drawable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have something to draw: a rate, a floor or a range."""
    return frame[_has_value(frame)]


def undrawable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the other rows: those without a rate, a floor or a range."""
    return frame[~_has_value(frame)]


def kinds_of(rows: pd.DataFrame) -> pd.Series[str]:
    """Return the kind of mark of each row: its interval, or a conflict where count and base deny the rate."""
    if "conflict" not in rows:
        return rows["interval"]
    denied = rows["conflict"].fillna(value=False).astype(bool) & (rows["interval"] == "rounding")
    return rows["interval"].mask(denied, "conflict")


def _has_value(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["interval"].isin(KINDS) & (frame["rate"].notna() | frame["rate_low"].notna())


class _Marker:
    """Draws the marks of one kind: rows, their places on the other axis, and their colours."""

    def __init__(
        self, axes: Axes, along: Along, rows: pd.DataFrame, places: Floats, colours: list[str]
    ) -> None:
        self.axes = axes
        self.along = along
        self.rows = rows
        self.places = places
        self.colours = colours

    def points(self, column: str, label: str, **options: Any) -> None:  # noqa: ANN401
        values = self.rows[column]
        x, y = (values, self.places) if self.along == "x" else (self.places, values)
        self.axes.scatter(x, y, clip_on=False, zorder=4, label=label, **options)

    def squares(self, label: str, size: float, *, hollow: bool) -> None:
        look = {"facecolor": "white", "edgecolor": self.colours} if hollow else {"c": self.colours}
        self.points("rate", label, s=size, marker="s", linewidth=1.2 if hollow else 0, **look)

    def spans(self, label: str, **options: Any) -> None:  # noqa: ANN401
        lines = self.axes.hlines if self.along == "x" else self.axes.vlines
        low, high = self.rows["rate_low"], self.rows["rate_high"]
        lines(self.places, low, high, colors=self.colours, zorder=3, clip_on=False, label=label, **options)

    def boxes(self, label: str, half: float) -> None:
        limits = zip(self.rows["rate_low"], self.rows["rate_high"], self.places, strict=True)
        corners = [
            [(low, place - half), (high, place - half), (high, place + half), (low, place + half)]
            for low, high, place in limits
        ]
        boxes = np.array(corners)[..., :: 1 if self.along == "x" else -1]
        drawn = PolyCollection([*boxes], facecolor="none", edgecolor=self.colours, linewidth=0.9, zorder=3)
        drawn.set(clip_on=False, label=label)
        self.axes.add_collection(drawn, autolim=False)


def draw_marks(  # noqa: PLR0913
    axes: Axes,
    rows: pd.DataFrame,
    at: npt.ArrayLike,
    *,
    along: Along = "x",
    colours: str | Sequence[str] = BLUE,
    size: float = 30.0,
    half: float = 0.3,
    intervals: bool = True,
) -> None:
    """Draw each row's value and interval with the mark of its kind.

    ``wilson`` is a filled circle on a line, ``rounding`` a square in a thin box (hollow where ``conflict``
    says that count and base give another rate), ``range`` a thick bar without a point, ``floor`` a tick with
    an arrow to its open end, ``about`` a hollow circle.

    Parameters
    ----------
    axes : Axes
        Where to draw; the values run along one axis in percent.
    rows : DataFrame
        With ``rate``, ``rate_low``, ``rate_high`` (percent) and ``interval``.
    at : sequence of float
        Position of each row on the other axis.
    along : {"x", "y"}
        The axis on which values run.
    colours : str or sequence of str
        One colour, or one a row.
    size : float
        Area of a circle in square points.
    half : float
        Half the width of a rounding box, in units of the other axis.
    intervals : bool
        False leaves out lines, boxes and arrows, where many marks would hide each other; ranges stay.
    """
    places = np.asarray(at, dtype="float64")
    shades = np.array([colours] * len(rows) if isinstance(colours, str) else list(colours), dtype=object)
    kinds = kinds_of(rows).to_numpy()
    for kind in KINDS:
        chosen = kinds == kind
        if not chosen.any():
            continue
        shade = shades[chosen].tolist()
        marker = _Marker(axes, along, rows[chosen], places[chosen], shade)
        value, interval = f"value {kind}", f"interval {kind}"
        if kind == "wilson":
            if intervals:
                marker.spans(interval, linewidth=1.4)
            marker.points("rate", value, c=shade, s=size, marker="o", linewidth=0)
        elif kind in ("rounding", "conflict"):
            if intervals:
                marker.boxes(interval, half)
            marker.squares(value, size * 0.62, hollow=kind == "conflict")
        elif kind == "range":
            marker.spans(interval, linewidth=size**0.5 * 0.9, alpha=0.75)
        elif kind == "floor":
            tick, head = ("|", ">") if along == "x" else ("_", "^")
            marker.points("rate_low", value, c=shade, s=size * 1.9, marker=tick, linewidth=2.0)
            if intervals:
                marker.spans(interval, linewidth=1.0, linestyle=(0, (2, 1.4)))
                marker.points("rate_high", "open end", c=shade, s=size * 0.7, marker=head, linewidth=0)
        else:
            marker.points("rate", value, facecolor="white", edgecolor=shade, s=size, linewidth=1.4)
    _trace(axes, rows, places, along)


def _trace(axes: Axes, rows: pd.DataFrame, places: Floats, along: Along) -> None:
    """Lead from each row's value, or from the whole of its range, to its figure."""
    if "observation_id" not in rows:
        return
    values = zip(rows["rate"], rows["rate_low"], rows["rate_high"], rows["interval"], strict=True)
    for (rate, low, high, kind), place, figure in zip(values, places, rows["observation_id"], strict=True):
        ends = (low, high) if kind == "range" else (low,) if kind == "floor" else (rate,)
        across, upwards = (ends, (place,)) if along == "x" else ((place,), ends)
        trace(axes, across, upwards, figure)


def interval_keys(rows: pd.DataFrame) -> list[Key]:
    """Return the key entries of the kinds of interval that occur in rows, in the vocabulary's order."""
    kinds, unit = {*kinds_of(rows)}, unit_of(rows)

    def key(kind: str) -> Key:
        def symbol(axes: Axes, left: float, middle: float) -> None:
            row = {"rate": left + 0.17, "rate_low": left + 0.02, "rate_high": left + 0.32, "interval": kind}
            draw_marks(axes, pd.DataFrame([row]), [middle], colours=GREY, half=0.055)

        own = unit.own and kind == "rounding"  # what has no base isn't said to lack one
        return Key(spoken(INTERVAL_WORDS["rounding own" if own else kind]), symbol, 0.34)

    return [key(kind) for kind in KINDS if kind in kinds]


def line_key(
    words: str, colour: str, linestyle: str | tuple[int, tuple[float, float]] = "-", linewidth: float = 1.4
) -> Key:
    """Return a key entry whose symbol is a short line."""

    def symbol(axes: Axes, left: float, middle: float) -> None:
        axes.plot(
            [left, left + 0.3], [middle, middle], color=colour, linestyle=linestyle, linewidth=linewidth
        )

    return Key(words, symbol, 0.3)


def point_key(words: str, colour: str, marker: str = "o", *, hollow: bool = False) -> Key:
    """Return a key entry whose symbol is a point."""

    def symbol(axes: Axes, left: float, middle: float) -> None:
        face = "white" if hollow else colour
        axes.scatter(
            [left + 0.07], [middle], facecolor=face, edgecolor=colour, marker=marker, s=30, linewidth=1.4
        )

    return Key(words, symbol, 0.14)


def swatch_key(words: str, colour: str, hatch: str = "") -> Key:
    """Return a key entry whose symbol is a filled field, hatched where asked for."""

    def symbol(axes: Axes, left: float, middle: float) -> None:
        field = Rectangle((left, middle - 0.055), 0.2, 0.11, facecolor=colour, hatch=hatch, linewidth=0.5)
        field.set_edgecolor("#666666")
        axes.add_patch(field)

    return Key(words, symbol, 0.2)
